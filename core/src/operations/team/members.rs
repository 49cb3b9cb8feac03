//! The members of a team, as its row holds them, and who may change them.

use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::operations::key::listing::managed_teams;
use crate::rules::administers;
use crate::types::Member;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText, repr};
use latchkey_contract::order::distinct;
use latchkey_contract::tables::Team;

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TeamMember {
    /// The user's id; a member may be known by e-mail address only.
    pub(crate) user_id: Option<String>,
    /// The user's e-mail address.
    pub(crate) user_email: Option<String>,
    /// `admin` or `user`.
    pub(crate) role: String,
}

impl TeamMember {
    /// The member that a value shows.
    pub(crate) fn read(value: &Json) -> Option<Self> {
        value.as_dict()?;
        let text = |name| value.get(name).and_then(Json::as_str).map(str::to_owned);
        let role = text("role").unwrap_or_else(|| "user".to_owned());
        Some(Self { user_id: text("user_id"), user_email: text("user_email"), role })
    }

    /// The member with all three fields.
    pub(crate) fn to_json(&self) -> Json {
        dict! {
            "user_id" => self.user_id.clone(),
            "user_email" => self.user_email.clone(),
            "role" => self.role.clone(),
        }
    }

    /// Python's `str()` of the reference's member.
    pub(crate) fn text(&self) -> String {
        self.fields(" ")
    }

    /// Python's `repr()` of the reference's member.
    pub(crate) fn repr(&self) -> String {
        format!("Member({})", self.fields(", "))
    }

    fn fields(&self, between: &str) -> String {
        let shown = |text: &Option<String>| repr(&text.clone().into());
        let role = repr(&self.role.clone().into());
        [
            format!("user_id={}", shown(&self.user_id)),
            format!("user_email={}", shown(&self.user_email)),
            format!("role={role}"),
        ]
        .join(between)
    }
}

impl From<&Member> for TeamMember {
    fn from(member: &Member) -> Self {
        Self {
            user_id: member.user_id.text().map(str::to_owned),
            user_email: member.user_email.text().map(str::to_owned),
            role: member.role.as_str().to_owned(),
        }
    }
}

/// The members of a team.
pub(crate) fn members(team: &Team) -> Vec<TeamMember> {
    let stored = team.members_with_roles.value();
    stored.as_list().unwrap_or_default().iter().filter_map(TeamMember::read).collect()
}

/// The column for these members.
pub(crate) fn column(members: &[TeamMember]) -> JsonText {
    JsonText::of(&Json::List(members.iter().map(TeamMember::to_json).collect()))
}

/// Python's list of members.
pub(crate) fn listed(members: &[TeamMember]) -> String {
    let members: Vec<String> = members.iter().map(TeamMember::repr).collect();
    format!("[{}]", members.join(", "))
}

/// Whom the caller may find by a part of their name: themselves, and the members of the teams they administer.
pub(crate) fn known_to(cx: &Context<'_>, caller: &Caller) -> Result<Vec<String>, Halt> {
    let of_teams = managed_teams(cx, caller)?;
    let members = of_teams.iter().flat_map(members).filter_map(|member| member.user_id);
    Ok(distinct(caller.user_id.iter().cloned().chain(members).collect()))
}

/// In strict one request brings so many members at the most.
const MOST: usize = 500;

/// Refuses more members than one decision can look at.
pub(crate) fn not_too_many(cx: &Context<'_>, field: &str, count: usize) -> Result<(), Refusal> {
    if !cx.closes(Hole::columns_are_bounded) || count <= MOST {
        return Ok(());
    }
    let message =
        format!("`{field}` must not hold more than {MOST} members, add the others with further requests");
    // what guards the cost of an operation ends its dry runs, too
    Err(Refusal::error(Code::RequestInvalid, 400, Kind::BadRequestError, field, message).on(field))
}

/// Whether the caller manages the team: proxy admins do, and the team's admins. The reference takes every member for
/// an admin.
pub(crate) fn manages(cx: &Context<'_>, caller: &Caller, team: &Team) -> bool {
    if caller.is_proxy_admin() {
        return true;
    }
    if cx.closes(Hole::members_do_not_manage_teams) {
        return administers(caller, Some(team));
    }
    let own = caller.user_id.as_deref();
    own.is_some() && members(team).iter().any(|member| member.user_id.as_deref() == own)
}

/// The team that was found. In strict, to whom it would not be theirs, one that does not exist answers like one that does.
pub(crate) fn seen_by_managers(
    cx: &Context<'_>,
    caller: &Caller,
    found: Result<Team, Halt>,
    route: &str,
    team_id: &str,
) -> Result<Team, Halt> {
    let is_hidden = !caller.sees_all() && cx.closes(Hole::foreign_teams_show_no_members);
    found.map_err(|halt| match halt {
        Halt::Refused(refusal) if refusal.code == Code::TeamUnknown && is_hidden => {
            not_manager(route, team_id).into()
        }
        other => other,
    })
}

/// The refusal of a caller who does not manage the team; `route` is the one the reference names.
pub(crate) fn not_manager(route: &str, team_id: &str) -> Refusal {
    let message = messages::not_team_admin(route, team_id);
    Refusal::http(Code::OtherTeam, 403, dict! { "error" => message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_prints_as_python_prints_it() {
        let member =
            TeamMember { user_id: Some("it's".to_owned()), user_email: None, role: "user".to_owned() };
        assert_eq!(member.text(), "user_id=\"it's\" user_email=None role='user'");
        assert_eq!(listed(&[member]), "[Member(user_id=\"it's\", user_email=None, role='user')]");
    }

    #[test]
    fn a_team_without_members_holds_an_empty_object() {
        assert_eq!(members(&Team::default()), Vec::new());
    }
}
