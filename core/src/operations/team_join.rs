//! Users joining a team: who is not a user yet becomes one, and with a budget of their own comes a membership.

use super::changes::Changes;
use super::fields;
use super::team_members::TeamMember;
use super::team_people::People;
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::contract::{Guard, Query};
use crate::dict;
use crate::error::{Code, Refusal, messages};
use crate::json::Json;
use crate::tables::{Budget, Table, TeamMembership, User, fit, storable};

/// What the store knows about those who join, and what becomes of it.
#[derive(Debug, Default)]
pub(super) struct Joining {
    /// The users.
    pub(super) people: People,
    /// The users as they were after each of them joined.
    pub(super) joined: Vec<User>,
    /// The new memberships with their budgets.
    pub(super) memberships: Vec<(TeamMembership, Budget)>,
    stored: Vec<TeamMembership>,
    new_emails: Vec<String>,
}

impl Joining {
    /// Reads the users `members` name, and with a budget the team's memberships.
    pub(super) fn read(
        cx: &Context<'_>,
        team_id: &str,
        members: &[TeamMember],
        with_budget: bool,
    ) -> Result<Self, Halt> {
        let (mut ids, mut emails) = (Vec::new(), Vec::new());
        for member in members {
            let (list, name) = match (&member.user_id, &member.user_email) {
                (Some(id), _) => (&mut ids, id),
                (None, Some(email)) => (&mut emails, email),
                (None, None) => continue,
            };
            // no row has such a name, and not every store takes the question
            if !name.contains('\0') && !list.contains(name) {
                list.push(name.clone());
            }
        }
        let by_email = Query::many::<User>("user_email", emails.clone());
        let memberships = Query::one::<TeamMembership>("team_id", team_id);
        cx.foresee((!emails.is_empty()).then(|| by_email.clone()));
        cx.foresee(with_budget.then(|| memberships.clone()));
        let mut joining = Self { people: People::read(cx, ids)?, ..Self::default() };
        if !emails.is_empty() {
            joining.people.add(cx.ask(&by_email, User::read)?.0);
        }
        if with_budget {
            joining.stored = cx.ask(&memberships, TeamMembership::read)?.0;
        }
        Ok(joining)
    }

    /// Lets one member join.
    pub(super) fn add(
        &mut self,
        cx: &Context<'_>,
        caller: &Caller,
        team_id: &str,
        member: &TeamMember,
        max_budget: &Json,
    ) -> Result<(), Refusal> {
        let user_id = self.user(cx, team_id, member)?;
        let Some(user) = self.people.by_id(&user_id).cloned() else { return Ok(()) };
        if !max_budget.is_null() {
            self.budget(cx, caller, team_id, &user_id, max_budget)?;
        }
        self.joined.push(user);
        Ok(())
    }

    fn user(&mut self, cx: &Context<'_>, team_id: &str, member: &TeamMember) -> Result<String, Refusal> {
        let (known, email) = match (&member.user_id, &member.user_email) {
            (Some(id), _) => {
                storable::plain("user_id", id)?;
                (self.people.by_id(id).map(|user| user.user_id.clone()), None)
            }
            (None, email) => {
                let email = email.as_deref().unwrap_or_default();
                storable::plain("user_email", email)?;
                let found = self.people.by_email(email);
                if found.len() > 1 {
                    let message = messages::ambiguous_email();
                    return Err(Refusal::raised(Code::UserUnknown, message));
                }
                (found.first().map(|user| user.user_id.clone()), Some(email))
            }
        };
        if let Some(id) = known {
            self.people.change(&id, cx.now(), |user| user.teams.push(team_id.to_owned()));
            return Ok(id);
        }
        let id = member.user_id.clone().unwrap_or_else(|| cx.uuid());
        self.people.create(newcomer(cx, team_id, &id, email)?);
        self.new_emails.extend(email.map(str::to_owned));
        Ok(id)
    }

    fn budget(
        &mut self,
        cx: &Context<'_>,
        caller: &Caller,
        team_id: &str,
        user_id: &str,
        max_budget: &Json,
    ) -> Result<(), Refusal> {
        let budget = member_budget(cx, max_budget, caller.actor())?;
        let membership = TeamMembership {
            user_id: user_id.to_owned(),
            team_id: team_id.to_owned(),
            budget_id: Some(budget.budget_id.clone()),
            ..TeamMembership::default()
        };
        let twice = self.memberships.iter().any(|(known, _)| known.user_id == user_id);
        let stored = self.stored.iter().any(|known| known.user_id == user_id);
        self.memberships.push((membership, budget));
        if twice || (stored && !cx.strict()) {
            let message = format!("user `{user_id}` has a budget in team `{team_id}` already");
            return Err(Refusal::raised(Code::IdTaken, message));
        }
        Ok(())
    }

    /// Writes the users, their budgets and their memberships. A membership that exists already gets the new budget; of
    /// two for the same user the reference keeps the first and leaves the budget of the second.
    pub(super) fn write(&self, cx: &Context<'_>, changes: &mut Changes) {
        self.people.write(changes);
        let mut written: Vec<&str> = Vec::new();
        for (membership, budget) in &self.memberships {
            changes.insert(budget);
            let stored = self.stored.iter().find(|known| known.user_id == membership.user_id);
            match stored {
                Some(stored) if cx.strict() => {
                    changes.update(stored, &TeamMembership { spend: stored.spend, ..membership.clone() });
                }
                Some(_) => {}
                None if written.contains(&membership.user_id.as_str()) => {}
                None => changes.insert(membership),
            }
            written.push(&membership.user_id);
        }
        for email in &self.new_emails {
            changes.extend(
                Vec::new(),
                vec![Guard::Absent {
                    table: User::NAME.into(),
                    column: "user_email".into(),
                    value: email.clone(),
                    except: None,
                }],
            );
        }
    }
}

/// A budget for a member.
pub(super) fn member_budget(cx: &Context<'_>, max_budget: &Json, actor: &str) -> Result<Budget, Refusal> {
    fit::row(&dict! {
        "budget_id" => cx.uuid(),
        "max_budget" => max_budget.clone(),
        "created_at" => cx.now().0,
        "created_by" => actor,
        "updated_at" => cx.now().0,
        "updated_by" => actor,
    })
}

/// A user who is made because they join a team, with the operator's defaults.
fn newcomer(cx: &Context<'_>, team_id: &str, user_id: &str, email: Option<&str>) -> Result<User, Refusal> {
    let settings = cx.settings;
    let preset = |name: &str, otherwise: Json| {
        let found = settings.default_user_params.iter().find(|(known, _)| known == name);
        found.map_or(otherwise, |(_, value)| value.clone())
    };
    let email = email.filter(|email| !email.is_empty());
    let columns = dict! {
        "user_id" => user_id,
        "user_role" => "internal_user",
        "teams" => vec![team_id.to_owned()],
        "models" => preset("models", Json::Null),
        "max_budget" => preset("max_budget", settings.max_user_budget.into()),
        "budget_duration" => preset("budget_duration", settings.user_budget_duration.clone().into()),
        "user_email" => email.map_or_else(|| preset("user_email", Json::Null), Json::from),
        "created_at" => cx.now().0,
        "updated_at" => cx.now().0,
    };
    fit::row(&fields::without_null(columns))
}
