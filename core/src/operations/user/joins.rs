//! The teams and organizations that a new user joins, each of which exists.

use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::{Code, Kind as ErrorKind, Refusal, messages};
use crate::http::request::invalid;
use crate::members;
use crate::operations::changes::Changes;
use crate::operations::fields;
use crate::operations::lookup;
use crate::operations::team::find::not_reserved;
use crate::operations::team::join::Joining;
use crate::operations::team::member_add::{enlarge, may_join};
use crate::operations::team::member_budget;
use crate::operations::team::members::TeamMember;
use crate::types::{NewUserRequestTeam, Problem, Value as _};
use crate::verdict::Passed;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::order::Names;
use latchkey_contract::tables::{Organization, OrganizationMembership, Team, User, storable};
use std::collections::BTreeSet;

/// A team with what the user is to be within it.
#[derive(Debug)]
struct Entry {
    team_id: String,
    role: &'static str,
    /// The columns of a budget of their own.
    limits: Json,
}

/// What a new user joins.
#[derive(Debug, Default)]
pub(crate) struct Joins {
    teams: Vec<(Team, Entry)>,
    organizations: Vec<Organization>,
}

impl Joins {
    /// Reads what `wanted` names, and leaves the ids of the teams there.
    pub(crate) fn read(cx: &Context<'_>, wanted: &mut Json) -> Result<Self, Halt> {
        if !cx.closes(Hole::new_users_join_their_teams) {
            return Ok(Self::default());
        }
        let entries = entries(cx, fields::at(wanted, "teams"))?;
        let ids: Vec<String> = entries.iter().map(|entry| entry.team_id.clone()).collect();
        if !ids.is_empty() {
            wanted.set("teams", ids.clone().into());
        }
        let named = storable::list("organizations", fields::at(wanted, "organizations"));
        let named = if fields::at(wanted, "organizations").is_null() { Vec::new() } else { named? };
        let mut found: Vec<Team> = lookup::rows(cx, "team_id", ids)?;
        let organizations: Vec<Organization> = lookup::rows(cx, "organization_id", named.clone())?;
        let known = Names::of(organizations.iter().map(|found| &found.organization_id));
        let unknown = named.iter().filter(|id| !known.contains(id)).map(|id| {
            let message = messages::organization_not_found(id);
            Refusal::http(Code::OrganizationUnknown, 400, message).on("organizations")
        });
        cx.judge("organization_known", Refusal::all(unknown).map(|()| Passed::Allowed))?;
        let mut teams = Vec::new();
        // a team that is not there is refused by the rule on all that a new user names
        for entry in entries {
            if let Some(at) = found.iter().position(|team| team.team_id == entry.team_id) {
                teams.push((found.swap_remove(at), entry));
            }
        }
        Ok(Self { teams, organizations })
    }

    /// Lets the user join the teams, but for `joined`; `joining` has the user.
    pub(crate) fn of_teams(
        &self,
        cx: &Context<'_>,
        caller: &Caller,
        user: &User,
        joined: Option<&Team>,
        joining: &mut Joining,
        changes: &mut Changes,
    ) -> Result<(), Halt> {
        let others =
            self.teams.iter().filter(|(team, _)| joined.is_none_or(|own| own.team_id != team.team_id));
        for (team, Entry { role, limits, .. }) in others {
            let member = TeamMember {
                user_id: Some(user.user_id.clone()),
                user_email: user.user_email.clone(),
                role: (*role).to_owned(),
            };
            let mut next = Joining::of(std::mem::take(&mut joining.people));
            next.of_team(cx, team, vec![user.user_id.clone()], limits.is_truthy())?;
            next.add(cx, caller, &team.team_id, &member, limits)?;
            let newcomers = vec![member];
            if may_join(team, &newcomers).is_ok() {
                enlarge(cx, team, newcomers, &next, changes);
            }
            next.write_memberships(cx, changes);
            joining.people = next.people;
        }
        Ok(())
    }

    /// Lets the user join the organizations.
    pub(crate) fn of_organizations(&self, cx: &Context<'_>, user_id: &str, changes: &mut Changes) {
        for organization in &self.organizations {
            changes.require::<Organization>(&organization.organization_id);
            changes.insert(&OrganizationMembership {
                user_id: user_id.to_owned(),
                organization_id: organization.organization_id.clone(),
                user_role: Some("internal_user".to_owned()),
                spend: Some(0.0),
                created_at: Some(cx.now()),
                updated_at: Some(cx.now()),
                ..OrganizationMembership::default()
            });
        }
    }

    /// Whether the user joins teams here.
    pub(crate) fn has_teams(&self) -> bool {
        !self.teams.is_empty()
    }
}

/// The teams of a request: all by their ids, or all as objects.
fn entries(cx: &Context<'_>, teams: &Json) -> Result<Vec<Entry>, Refusal> {
    let items = teams.as_list().unwrap_or_default();
    let mut entries = Vec::new();
    if items.iter().all(|item| item.as_str().is_some()) {
        let ids = items.iter().filter_map(Json::as_str);
        entries.extend(ids.map(|id| Entry {
            team_id: id.to_owned(),
            role: "user",
            limits: Json::empty_dict(),
        }));
    } else {
        let items = members::judged(cx.settings, "user_new", <Vec<NewUserRequestTeam>>::KIND, teams)?;
        let place = |found: Vec<Problem>| {
            let found = found.into_iter().map(|found| found.under("list[NewUserRequestTeam]").under("teams"));
            invalid(&found.map(|found| found.under("body")).collect::<Vec<_>>())
        };
        for team in <Vec<NewUserRequestTeam>>::read(&items).map_err(place)? {
            let asked = fields::mentioned(&team);
            fields::judge_amounts(cx, &asked)?;
            let role = team.user_role.value().map_or("user", |role| role.as_str());
            if role == "admin" && !cx.settings.premium_user {
                let message = dict! { "error" => messages::team_admin_not_premium() };
                cx.judge("licence", Err(Refusal::http(Code::LicenceRequired, 400, message)))?;
            }
            let limits = member_budget::given(&member_budget::limits(cx, asked)?);
            entries.push(Entry { team_id: team.team_id, role, limits });
        }
    }
    let mut seen = BTreeSet::new();
    for entry in &entries {
        not_reserved(cx, "teams", &entry.team_id.as_str().into())?;
        storable::plain("teams", &entry.team_id)?;
        if !seen.insert(entry.team_id.as_str()) {
            let message = format!("`teams` has `{}` twice", entry.team_id);
            return Err(
                Refusal::error(Code::IdTaken, 400, ErrorKind::BadRequestError, "teams", message).on("teams")
            );
        }
    }
    Ok(entries)
}
