//! Users joining a team: who is not a user yet becomes one, and with a budget of their own comes a membership.

use super::member_budget;
use super::members::{TeamMember, listed};
use super::people::People;
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::operations::changes::Changes;
use crate::operations::fields;
use crate::operations::lookup;
use crate::operations::user;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::order::distinct;
use latchkey_contract::tables::{Budget, Table, Team, TeamMembership, User, fit, storable};
use latchkey_contract::wire::Query;
use std::collections::{BTreeMap, BTreeSet};

/// What the store knows about those who join, and what becomes of it.
#[derive(Debug, Default)]
pub(crate) struct Joining {
    /// The users.
    pub(crate) people: People,
    /// The users as they were after each of them joined.
    pub(crate) joined: Vec<User>,
    /// The new memberships with their budgets.
    pub(crate) memberships: Vec<(TeamMembership, Budget)>,
    /// The budget that members of the team share by default.
    default: Option<Budget>,
    /// The models that members of the team may call by default; empty means all of the team's.
    models: Vec<String>,
    stored: BTreeMap<String, TeamMembership>,
    has_membership: BTreeSet<String>,
    new_emails: Vec<String>,
}

impl Joining {
    /// These users join, and nothing else changes.
    pub(crate) fn of(people: People) -> Self {
        Self { people, ..Self::default() }
    }

    /// Reads the users `members` name, and with a budget the team's memberships.
    pub(crate) fn read(
        cx: &Context<'_>,
        team: &Team,
        members: &[TeamMember],
        with_budget: bool,
    ) -> Result<Self, Halt> {
        let (mut ids, mut emails): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for member in members {
            let is_looked_up = member.user_id.is_none() || cx.closes(Hole::nobody_joins_twice);
            let email = member.user_email.as_ref().filter(|_| is_looked_up);
            // no row has a name with NUL, and not every store takes the question
            let named = |name: Option<&String>| name.filter(|name| !name.contains('\0')).cloned();
            ids.extend(named(member.user_id.as_ref()));
            emails.extend(named(email));
        }
        let emails = distinct(emails);
        let spellings = emails.iter().flat_map(|email| user::addresses::spellings(cx, email)).collect();
        let by_email = Query::many::<User>("user_email", spellings);
        cx.foresee((!emails.is_empty()).then(|| by_email.clone()));
        if with_budget && emails.is_empty() {
            cx.foresee([Query::many::<TeamMembership>("user_id", distinct(ids.clone()))]);
        }
        let mut joining = Self { people: People::read(cx, ids.clone())?, ..Self::default() };
        if !emails.is_empty() {
            joining.people.add(cx.ask(&by_email, User::read)?.0);
        }
        for email in &emails {
            let found = joining.people.by_email(cx, email);
            ids.extend(found.into_iter().map(|user| user.user_id.clone()));
        }
        joining.of_team(cx, team, ids, with_budget)?;
        Ok(joining)
    }

    /// Reads the budget that members of the team share by default, and the memberships of these users where budgets matter.
    pub(crate) fn of_team(
        &mut self,
        cx: &Context<'_>,
        team: &Team,
        user_ids: Vec<String>,
        with_budget: bool,
    ) -> Result<(), Halt> {
        self.default = member_budget::default_of(cx, team)?;
        if cx.closes(Hole::limits_of_members_are_kept) {
            self.models.clone_from(&team.default_team_member_models);
        }
        if with_budget || self.default.is_some() || !self.models.is_empty() {
            let rows: Vec<TeamMembership> = lookup::rows(cx, "user_id", user_ids)?;
            let of_team = rows.into_iter().filter(|row| row.team_id == team.team_id);
            self.stored.extend(of_team.map(|row| (row.user_id.clone(), row)));
        }
        Ok(())
    }

    /// Lets one member join, with these columns of a budget of their own.
    pub(crate) fn add(
        &mut self,
        cx: &Context<'_>,
        caller: &Caller,
        team_id: &str,
        member: &TeamMember,
        limits: &Json,
    ) -> Result<(), Refusal> {
        let user_id = self.find_or_make(cx, member, &[team_id.to_owned()])?;
        let Some(user) = self.people.by_id(&user_id).cloned() else { return Ok(()) };
        let has_none = self.stored.get(&user_id).is_none_or(|stored| stored.budget_id.is_none());
        let mut limits = limits.clone();
        // whoever has a budget already keeps it
        if has_none && !self.models.is_empty() && limits.get("allowed_models").is_none() {
            limits.set("allowed_models", self.models.clone().into());
        }
        if limits.as_dict().is_some_and(|limits| !limits.is_empty()) {
            let budget = member_budget::own(cx, self.default.as_ref(), &limits, caller.actor())?;
            self.budget(cx, team_id, &user_id, budget)?;
        } else if let Some(default) = self.default.clone().filter(|_| has_none) {
            self.budget(cx, team_id, &user_id, default)?;
        }
        self.joined.push(user);
        Ok(())
    }

    /// The id of the user that a member is, who becomes one if they are none, and joins these teams.
    pub(crate) fn find_or_make(
        &mut self,
        cx: &Context<'_>,
        member: &TeamMember,
        teams: &[String],
    ) -> Result<String, Refusal> {
        let (known, email) = match (&member.user_id, &member.user_email) {
            (Some(id), email) => {
                storable::plain("user_id", id)?;
                let email = email.as_deref().filter(|_| cx.closes(Hole::members_are_found_by_address));
                storable::plain("user_email", email.unwrap_or_default())?;
                (self.people.by_id(id).map(|user| user.user_id.clone()), email)
            }
            (None, email) => {
                let email = email.as_deref().unwrap_or_default();
                storable::plain("user_email", email)?;
                let found = self.people.by_email(cx, email);
                if found.len() > 1 {
                    let message = messages::ambiguous_email();
                    return Err(Refusal::raised(Code::UserUnknown, message));
                }
                (found.first().map(|user| user.user_id.clone()), Some(email))
            }
        };
        if let Some(id) = known {
            if !teams.is_empty() {
                self.people.change(&id, cx.now(), |user| user.teams.extend_from_slice(teams));
            }
            return Ok(id);
        }
        let id = member.user_id.clone().unwrap_or_else(|| cx.uuid());
        self.people.create(newcomer(cx, teams, &id, email)?);
        self.new_emails.extend(email.map(str::to_owned));
        Ok(id)
    }

    /// Refuses newcomers whose id and address are not one user's.
    pub(crate) fn are_one_user_each(&self, newcomers: &[TeamMember]) -> Result<(), Refusal> {
        let known = Known::of(&self.people);
        newcomers.iter().try_for_each(|newcomer| known.one_user(newcomer))
    }

    /// Of each newcomer, whether nobody like them is a member or among the newcomers before them, by id or by address; or
    /// the refusal of one whose id and address are not one user's.
    pub(crate) fn are_new(
        &self,
        present: &[TeamMember],
        newcomers: &[TeamMember],
    ) -> Vec<Result<bool, Refusal>> {
        let known = Known::of(&self.people);
        let mut seen = Seen::default();
        for member in present {
            seen.add(known.complete(member));
        }
        let is_new = |newcomer| {
            known.one_user(newcomer)?;
            Ok(seen.add(known.complete(newcomer)))
        };
        newcomers.iter().map(is_new).collect()
    }

    /// Refuses newcomers whose id and address are not one user's, who are members already, or who are among the newcomers
    /// twice.
    pub(crate) fn judge(&self, present: &[TeamMember], newcomers: &[TeamMember]) -> Result<(), Refusal> {
        for (newcomer, is_new) in newcomers.iter().zip(self.are_new(present, newcomers)) {
            if !is_new? {
                let (id, address) = Known::of(&self.people).complete(newcomer);
                let message = messages::already_in_team(id.or(address).unwrap_or("None"), &listed(present));
                return Err(Refusal::http(Code::IdTaken, 400, dict! { "error" => message }));
            }
        }
        Ok(())
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
        if twice || (self.stored.contains_key(user_id) && !cx.closes(Hole::member_budgets_are_found)) {
            let message = format!("user `{user_id}` has a budget in team `{team_id}` already");
            return Err(Refusal::raised(Code::IdTaken, message));
        }
        Ok(())
    }

    /// Writes the users, their budgets and their memberships. A membership that exists already gets the new budget; of
    /// two for the same user the reference keeps the first and leaves the budget of the second.
    pub(crate) fn write(&self, cx: &Context<'_>, changes: &mut Changes) {
        self.people.write(changes);
        self.write_memberships(cx, changes);
        let new_emails = self.new_emails.iter().filter(|_| cx.closes(Hole::addresses_are_one_users));
        let free = new_emails.flat_map(|email| user::addresses::still_free(cx, email, None));
        changes.extend(Vec::new(), free.collect());
    }

    /// Writes the budgets and the memberships alone.
    pub(crate) fn write_memberships(&self, cx: &Context<'_>, changes: &mut Changes) {
        let mut written: BTreeSet<&str> = BTreeSet::new();
        for (membership, budget) in &self.memberships {
            match &self.default {
                Some(default) if default.budget_id == budget.budget_id => changes.rely_on(default),
                Some(default) => changes.insert_copy(budget, default),
                None => changes.insert(budget),
            }
            match self.stored.get(&membership.user_id) {
                Some(stored) if cx.closes(Hole::member_budgets_are_found) => {
                    changes.update(stored, &TeamMembership { spend: stored.spend, ..membership.clone() });
                }
                Some(_) => {}
                None if written.contains(membership.user_id.as_str()) => {}
                None => changes.insert(membership),
            }
            written.insert(&membership.user_id);
        }
    }
}

/// Users by what names them.
struct Known<'p> {
    by_id: BTreeMap<&'p str, &'p User>,
    by_address: BTreeMap<String, Vec<&'p str>>,
}

impl<'p> Known<'p> {
    fn of(people: &'p People) -> Self {
        let mut known = Self { by_id: BTreeMap::new(), by_address: BTreeMap::new() };
        for user in people.users() {
            known.by_id.insert(&user.user_id, user);
            if let Some(address) = user.user_email.as_deref().filter(|address| !address.is_empty()) {
                known.by_address.entry(address.to_lowercase()).or_default().push(&user.user_id);
            }
        }
        known
    }

    fn holders(&self, address: &str) -> &[&'p str] {
        self.by_address.get(&address.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// An address that no user has may belong to any user without one.
    fn one_user(&self, member: &TeamMember) -> Result<(), Refusal> {
        let (Some(id), Some(address)) = (member.user_id.as_deref(), member.user_email.as_deref()) else {
            return Ok(());
        };
        let own = self.by_id.get(id).and_then(|user| user.user_email.as_deref());
        let is_one = match self.holders(address) {
            [] => own.is_none_or(str::is_empty),
            holders => holders.contains(&id),
        };
        if is_one {
            return Ok(());
        }
        let message = dict! { "error" => messages::not_one_user(address, id) };
        Err(Refusal::http(Code::UserUnknown, 400, message).on("user_email"))
    }

    /// The id and the address of a member, as far as either tells the other.
    fn complete<'m>(&self, member: &'m TeamMember) -> (Option<&'m str>, Option<&'m str>)
    where
        'p: 'm,
    {
        let (id, address) = (member.user_id.as_deref(), member.user_email.as_deref());
        let found = match address.map(|address| self.holders(address)) {
            Some([user_id]) => Some(*user_id),
            _ => None,
        };
        let own = id.and_then(|id| self.by_id.get(id)).and_then(|user| user.user_email.as_deref());
        (id.or(found), address.or(own).filter(|address| !address.is_empty()))
    }
}

/// Members that were seen.
#[derive(Default)]
struct Seen<'m> {
    ids: BTreeSet<&'m str>,
    addresses: BTreeMap<String, Option<&'m str>>,
}

impl<'m> Seen<'m> {
    /// Notes a member; whether nobody like them was seen before. Two who are known by id are told apart by it alone.
    fn add(&mut self, (id, address): (Option<&'m str>, Option<&'m str>)) -> bool {
        let is_new_id = id.is_none_or(|id| self.ids.insert(id));
        let Some(address) = address.map(str::to_lowercase) else { return is_new_id };
        let is_new_address = match self.addresses.get(&address) {
            None => true,
            Some(other) => other.is_some() && id.is_some(),
        };
        self.addresses.insert(address, id);
        is_new_id && is_new_address
    }
}

/// A user who is made because they join, with the operator's defaults.
pub(crate) fn newcomer(
    cx: &Context<'_>,
    teams: &[String],
    user_id: &str,
    email: Option<&str>,
) -> Result<User, Refusal> {
    let settings = cx.settings;
    let preset = |name: &str, otherwise: Json| {
        let found = settings.default_user_params.iter().find(|(known, _)| known == name);
        found.map_or(otherwise, |(_, value)| value.clone())
    };
    let email = email.filter(|email| !email.is_empty());
    let columns = dict! {
        "user_id" => user_id,
        "user_role" => "internal_user",
        "teams" => teams.to_vec(),
        "models" => preset("models", Json::Null),
        "max_budget" => preset("max_budget", settings.max_user_budget.into()),
        "budget_duration" => preset("budget_duration", settings.user_budget_duration.clone().into()),
        "user_email" => email.map_or_else(|| preset("user_email", Json::Null), Json::from),
        "created_at" => cx.now().0,
        "updated_at" => cx.now().0,
    };
    Ok(fit::row(&fields::without_null(columns))?)
}
