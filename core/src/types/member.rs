//! Team members, and the requests that add, change and remove them.

use super::coerce::choice;
use super::model::request_model;
use super::problem::all_under;
use super::{BudgetConfig, Dict, Dump, Kind, Model, Problem, Value};
use crate::time::DateTime;
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;
use std::borrow::Cow;

choice! {
    /// A role within a team.
    MemberRole, listed as "'admin' or 'user'" {
        /// May manage the team's keys and members.
        Admin = "admin",
        /// May use the team's keys.
        User = "user",
    }
}

request_model! {
    /// A member of a team, named by id or e-mail address.
    pub(crate) Member {
        before names_a_user;
        /// The user's id.
        user_id: optional String,
        /// The user's e-mail address.
        user_email: optional String,
        /// The role.
        role: required MemberRole,
    }
}

pub(super) fn names_a_user(input: &Json) -> Result<(), &'static str> {
    if input.as_dict().is_none() {
        return Err("input needs to be a dictionary");
    }
    let names = |name| input.get(name).is_some_and(|value| !value.is_null());
    if names("user_id") || names("user_email") {
        Ok(())
    } else {
        Err("Either user id or user email must be provided")
    }
}

/// [`names_a_user`] for what is an object; anything else is refused later.
pub(super) fn object_names_a_user(input: &Json) -> Result<(), &'static str> {
    if input.as_dict().is_some() { names_a_user(input) } else { Ok(()) }
}

/// One member, or several at once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Members {
    /// One.
    One(Member),
    /// Any number.
    Many(Vec<Member>),
}

impl Members {
    /// The members in order.
    pub(crate) fn as_slice(&self) -> &[Member] {
        match self {
            Self::One(member) => std::slice::from_ref(member),
            Self::Many(members) => members,
        }
    }
}

impl Value for Members {
    const KIND: Kind = Kind::AnyOf(&[<Vec<Member>>::KIND, Member::KIND]);

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        if input.as_list().is_some() {
            return Value::read(input).map(Self::Many);
        }
        Member::read(input).map(Self::One).map_err(|found| {
            let not_a_list = Problem::new("list_type", "Input should be a valid list", input);
            let mut problems = vec![not_a_list.under("list[Member]")];
            problems.extend(all_under(found, "Member"));
            problems
        })
    }

    fn dump_as(&self, how: Dump) -> Json {
        match self {
            Self::One(member) => member.dump_as(how),
            Self::Many(members) => members.dump_as(how),
        }
    }
}

request_model! {
    /// `POST /team/member_add`
    pub(crate) TeamMemberAddRequest {
        prepare members_first;
        /// Who joins.
        member: required Members,
        /// The team.
        team_id: required String,
        /// Dollars each of them may spend within the team.
        max_budget_in_team: optional f64,
        /// After which time the budget of each of them is reset.
        budget_duration: recent String,
        /// Models that each of them may call; empty means all of the team's.
        allowed_models: recent Vec<String>,
    }
}

request_model! {
    /// `POST /team/bulk_member_add`
    pub(crate) BulkTeamMemberAddRequest {
        /// The team.
        team_id: required String,
        /// Who joins.
        members: optional Vec<Member>,
        /// Whether all users join.
        all_users: optional bool,
        /// Dollars each of them may spend within the team.
        max_budget_in_team: optional f64,
        /// After which time the budget of each of them is reset.
        budget_duration: optional String,
        /// Models that each of them may call; empty means all of the team's.
        allowed_models: optional Vec<String>,
    }
}

/// The reference reads the members before it reads the request: the first wrong one is the only problem then, and its
/// place does not say which one it is.
fn members_first(input: &Json) -> Result<Cow<'_, Json>, Vec<Problem>> {
    let members = match input.get("member") {
        Some(Json::List(items)) => {
            let members = items.iter().enumerate().map(|(index, item)| match item {
                Json::Dict(_) => Member::read_model(item),
                _ => {
                    let problem = Problem::rule("input needs to be a dictionary", item);
                    Err(vec![problem.at(index).under("member")])
                }
            });
            Members::Many(members.collect::<Result<_, _>>()?)
        }
        Some(item @ Json::Dict(_)) => Members::One(Member::read_model(item)?),
        _ => return Ok(Cow::Borrowed(input)),
    };
    // shown in full by the one problem that quotes the request: that the team is missing
    let how = if input.get("team_id").is_some() { Dump::SET } else { Dump::ALL };
    let mut prepared = input.clone();
    prepared.set("member", members.dump_as(how));
    Ok(Cow::Owned(prepared))
}

request_model! {
    /// `POST /team/member_delete`
    pub(crate) TeamMemberDeleteRequest {
        before object_names_a_user;
        /// The user's id.
        user_id: optional String,
        /// The user's e-mail address.
        user_email: optional String,
        /// The team.
        team_id: required String,
    }
}

request_model! {
    /// `POST /team/member_update`
    pub(crate) TeamMemberUpdateRequest {
        before object_names_a_user;
        after increases_end;
        /// The user's id.
        user_id: optional String,
        /// The user's e-mail address.
        user_email: optional String,
        /// The team.
        team_id: required String,
        /// Dollars the user may spend within the team.
        max_budget_in_team: optional f64,
        /// The role.
        role: optional MemberRole,
        /// Tokens a minute.
        tpm_limit: recent Integer,
        /// Requests a minute.
        rpm_limit: recent Integer,
        /// After which time the budget is reset.
        budget_duration: recent String,
        /// Models that the user may call; empty means all of the team's.
        allowed_models: recent Vec<String>,
        /// Dollars that are granted on top for a time.
        temp_budget_increase: recent f64,
        /// Until when they are.
        temp_budget_expiry: recent DateTime,
        /// Budgets by model; without any, those of all members hold.
        model_max_budget: recent Dict<BudgetConfig>,
    }
}

/// What is granted for a time has an end, and both are taken away together.
fn increases_end(request: &TeamMemberUpdateRequest) -> Result<(), &'static str> {
    match (request.temp_budget_increase.value(), request.temp_budget_expiry.value()) {
        (Some(_), None) | (None, Some(_)) => {
            Err("temp_budget_increase and temp_budget_expiry must be set together")
        }
        _ => Ok(()),
    }
}
