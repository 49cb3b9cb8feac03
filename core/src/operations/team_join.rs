//! Users joining a team: who is not a user yet becomes one, and with a budget of their own comes a membership.

use super::changes::Changes;
use super::fields;
use super::member_budget;
use super::team_members::TeamMember;
use super::team_people::People;
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::contract::{Guard, Query};
use crate::dict;
use crate::error::{Code, Refusal, messages};
use crate::json::Json;
use crate::order::distinct;
use crate::tables::{Budget, Table, Team, TeamMembership, User, fit, storable};
use std::collections::{BTreeMap, BTreeSet};

/// What the store knows about those who join, and what becomes of it.
#[derive(Debug, Default)]
pub(super) struct Joining {
    /// The users.
    pub(super) people: People,
    /// The users as they were after each of them joined.
    pub(super) joined: Vec<User>,
    /// The new memberships with their budgets.
    pub(super) memberships: Vec<(TeamMembership, Budget)>,
    /// The budget that members of the team share by default.
    default: Option<Budget>,
    stored: BTreeMap<String, TeamMembership>,
    has_membership: BTreeSet<String>,
    new_emails: Vec<String>,
}

impl Joining {
    /// Reads the users `members` name, and with a budget the team's memberships.
    pub(super) fn read(
        cx: &Context<'_>,
        team: &Team,
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
            if !name.contains('\0') {
                list.push(name.clone());
            }
        }
        let emails = distinct(emails);
        let by_email = Query::many::<User>("user_email", emails.clone());
        cx.foresee((!emails.is_empty()).then(|| by_email.clone()));
        cx.foresee(with_budget.then(|| Query::one::<TeamMembership>("team_id", &team.team_id)));
        let mut joining = Self { people: People::read(cx, ids)?, ..Self::default() };
        if !emails.is_empty() {
            joining.people.add(cx.ask(&by_email, User::read)?.0);
        }
        joining.of_team(cx, team, with_budget)?;
        Ok(joining)
    }

    /// Reads the budget that members of the team share by default, and the memberships where budgets matter.
    pub(super) fn of_team(&mut self, cx: &Context<'_>, team: &Team, with_budget: bool) -> Result<(), Halt> {
        self.default = member_budget::default_of(cx, team)?;
        if with_budget || self.default.is_some() {
            let rows: Vec<TeamMembership> = cx.rows("team_id", vec![team.team_id.clone()])?;
            self.stored = rows.into_iter().map(|row| (row.user_id.clone(), row)).collect();
        }
        Ok(())
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
            let budget = member_budget::own(cx, self.default.as_ref(), max_budget, caller.actor())?;
            self.budget(cx, team_id, &user_id, budget)?;
        } else if let Some(default) = self.default.clone() {
            // whoever has a budget already keeps it
            if self.stored.get(&user_id).is_none_or(|stored| stored.budget_id.is_none()) {
                self.budget(cx, team_id, &user_id, default)?;
            }
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
        team_id: &str,
        user_id: &str,
        budget: Budget,
    ) -> Result<(), Refusal> {
        let membership = TeamMembership {
            user_id: user_id.to_owned(),
            team_id: team_id.to_owned(),
            budget_id: Some(budget.budget_id.clone()),
            ..TeamMembership::default()
        };
        self.memberships.push((membership, budget));
        let twice = !self.has_membership.insert(user_id.to_owned());
        if twice || (self.stored.contains_key(user_id) && !cx.strict()) {
            let message = format!("user `{user_id}` has a budget in team `{team_id}` already");
            return Err(Refusal::raised(Code::IdTaken, message));
        }
        Ok(())
    }

    /// Writes the users, their budgets and their memberships. A membership that exists already gets the new budget; of
    /// two for the same user the reference keeps the first and leaves the budget of the second.
    pub(super) fn write(&self, cx: &Context<'_>, changes: &mut Changes) {
        self.people.write(changes);
        let mut written: BTreeSet<&str> = BTreeSet::new();
        for (membership, budget) in &self.memberships {
            match self.default.as_ref().filter(|default| default.budget_id == budget.budget_id) {
                Some(default) => changes.rely_on(default),
                None => changes.insert(budget),
            }
            match self.stored.get(&membership.user_id) {
                Some(stored) if cx.strict() => {
                    changes.update(stored, &TeamMembership { spend: stored.spend, ..membership.clone() });
                }
                Some(_) => {}
                None if written.contains(membership.user_id.as_str()) => {}
                None => changes.insert(membership),
            }
            written.insert(&membership.user_id);
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
