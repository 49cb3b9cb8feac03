//! What profile strict lists: the keys a caller may see, with the parameters of today's LiteLLM clients.

use crate::caller::{Caller, DASHBOARD_TEAM_ID};
use crate::context::{Context, Halt};
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::{params, request};
use crate::operations::archive;
use crate::rules::administers;
use crate::types::{Problem, query};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, str_of};
use latchkey_contract::mint;
use latchkey_contract::number::Integer;
use latchkey_contract::order::Names;
use latchkey_contract::tables::{Millis, Table as _, Team, VirtualKey};
use latchkey_contract::wire::{KeyFilter, KeyOrder, Visibility};

/// The columns by which a listing can be sorted, in the order in which LiteLLM names them.
pub(crate) const SORTABLE: &[&str] = &[
    "spend",
    "max_budget",
    "created_at",
    "updated_at",
    "token",
    "key_alias",
    "expires",
    "last_active",
    "budget_reset_at",
    "total_spend",
    "tpm_limit",
    "rpm_limit",
];

/// The states in which keys can be asked for: `blocked` is what LiteLLM calls `revoked`.
pub(crate) const STATUSES: &[&str] = &["active", "expired", "revoked", "deleted", "blocked"];

/// What a key can be asked for by its expiry.
pub(crate) const EXPIRIES: &[&str] = &["active", "expired"];

/// What is listed, and how.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) page: Integer,
    pub(crate) size: Integer,
    pub(crate) filter: KeyFilter,
    pub(crate) order: KeyOrder,
    /// Whether whole keys are shown, not just their hashes.
    pub(crate) whole: bool,
    /// Whether the owners of the keys are shown with them.
    pub(crate) with_users: bool,
}

impl Listing {
    /// Reads the decoded parameters and limits the listing to what the caller may see.
    pub(crate) fn read(cx: &Context<'_>, caller: &Caller, params: &[(String, String)]) -> Result<Self, Halt> {
        let mut problems = Vec::new();
        let page = noted(query::integer(params, "page", 1, 1, None), &mut problems);
        let size = noted(query::integer(params, "size", 10, 1, Some(100)), &mut problems);
        let mut flag = |name| noted(flag(params, name), &mut problems);
        let (whole, with_teams) = (flag("return_full_object"), flag("include_team_keys"));
        let in_part = flag("substring_matching");
        // whoever made a key for somebody else sees it no more than others do
        flag("include_created_by_keys");
        let (Some(page), Some(size), Some(whole), Some(with_teams), Some(in_part)) =
            (page, size, whole, with_teams, in_part)
        else {
            return Err(request::invalid(&problems).into());
        };
        let named = |name: &str| query::text(params, name).filter(|text| !text.is_empty()).map(str::to_owned);
        let states = States::read(params)?;
        let order = order(cx, params)?;
        let wanted =
            Wanted { team_id: named("team_id"), organization_id: named("organization_id"), with_teams };
        if named("access_group_id").is_some() {
            return Err(
                unsupported("access_group_id", "`access_group_id` is no filter of this server").into()
            );
        }
        let visible_to = match states.contradict {
            true => Some(Visibility::default()),
            false => scope(cx, caller, &wanted)?,
        };
        let deleted_since = match &visible_to {
            Some(visible) if states.deleted && archive::is_limited(cx, caller) => {
                Some(archived_since(cx, caller, &wanted, visible)?)
            }
            _ => None,
        };
        // of other users nobody but an admin finds keys by a part of their id
        let by_part = in_part && caller.sees_all();
        let filter = KeyFilter {
            archived: states.deleted,
            rotation_due: None,
            deleted_since: deleted_since.map(|moment| moment.0),
            visible_to,
            user_id: named("user_id").filter(|_| !by_part),
            owner_part: named("user_id").filter(|_| by_part),
            team_id: wanted.team_id,
            project_id: named("project_id"),
            agent_id: named("agent_id"),
            key_alias: named("key_alias").filter(|_| !in_part),
            alias_part: named("key_alias").filter(|_| in_part),
            budget_id: None,
            token: named("key_hash").map(|key| mint::token_if_key(&key)),
            search: named("search"),
            without_team: Some(DASHBOARD_TEAM_ID.to_owned()),
            blocked: states.blocked,
            expired: states.expired.map(|expired| (expired, cx.now().0)),
        };
        let with_users = params.iter().any(|(name, value)| name == "expand" && value == "user");
        Ok(Self { page, size, filter, order, whole: whole || with_users, with_users })
    }
}

pub(crate) fn noted<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}

fn flag(of: &[(String, String)], name: &'static str) -> Result<bool, Vec<Problem>> {
    query::text(of, name).map_or(Ok(false), |text| params::flag(name, text))
}

/// In which state a key must be to be listed.
#[derive(Debug, Default)]
struct States {
    blocked: Option<bool>,
    expired: Option<bool>,
    /// Whether it must be deleted.
    deleted: bool,
    /// Whether no key can be in it.
    contradict: bool,
}

impl States {
    fn read(params: &[(String, String)]) -> Result<Self, Refusal> {
        let status = one_of(params, "status", STATUSES, messages::INVALID_STATUS)?;
        let expires = one_of(params, "expires", EXPIRIES, messages::INVALID_EXPIRES)?;
        let (blocked, expired) = match status {
            Some("active") => (Some(false), Some(false)),
            Some("expired") => (Some(false), Some(true)),
            Some("revoked" | "blocked") => (Some(true), None),
            _ => (None, None),
        };
        let wanted = expires.map(|word| word == "expired");
        let deleted = status == Some("deleted");
        let contradict = wanted.zip(expired).is_some_and(|(a, b)| a != b);
        Ok(Self { blocked, expired: expired.or(wanted), deleted, contradict })
    }
}

/// The parameter called `name`, which is one of `words` where it is there and not empty.
fn one_of<'w>(
    params: &[(String, String)],
    name: &str,
    words: &[&'w str],
    message: &str,
) -> Result<Option<&'w str>, Refusal> {
    let Some(text) = query::text(params, name).filter(|text| !text.is_empty()) else { return Ok(None) };
    let found = words.iter().find(|word| word.eq_ignore_ascii_case(text)).copied();
    found.map(Some).ok_or_else(|| unsupported(name, message))
}

/// The refusal of a parameter, as LiteLLM prints an object.
pub(crate) fn unsupported(name: &str, message: &str) -> Refusal {
    let message = str_of(&dict! { "error" => message });
    Refusal::error(Code::RequestUnsupported, 400, Kind::InvalidRequestError, Json::Null, message).on(name)
}

/// The newest first unless asked otherwise.
fn order(cx: &Context<'_>, params: &[(String, String)]) -> Result<KeyOrder, Refusal> {
    let invalid = messages::invalid_sort_column(SORTABLE);
    let column = one_of(params, "sort_by", SORTABLE, &invalid)?;
    let direction = match one_of(params, "sort_order", &["asc", "desc"], messages::INVALID_SORT_ORDER) {
        Err(_) if column.is_none() => None,
        direction => direction?,
    };
    let column = column.map_or("created_at", |column| kept(cx, column));
    Ok(KeyOrder { column: column.into(), descending: direction != Some("asc") })
}

/// The column itself, or the nearest to it that the store has.
fn kept(cx: &Context<'_>, column: &'static str) -> &'static str {
    let is_there =
        VirtualKey::SCHEMA.column(column).is_some() && cx.settings.lacking.has_column::<VirtualKey>(column);
    match column {
        "last_active" if !is_there => "updated_at",
        "total_spend" if !is_there => "spend",
        other => other,
    }
}

/// Which teams the request names.
#[derive(Debug)]
struct Wanted {
    team_id: Option<String>,
    organization_id: Option<String>,
    with_teams: bool,
}

/// The keys the caller may see; `None` stands for all.
///
/// Everyone sees the own keys and the key in use. Keys of others are seen by admins of their team, who ask for them with
/// `include_team_keys` or by the team. An organization's keys are those of its teams.
fn scope(cx: &Context<'_>, caller: &Caller, wanted: &Wanted) -> Result<Option<Visibility>, Halt> {
    let organization = match &wanted.organization_id {
        Some(id) => Some(cx.rows::<Team>("organization_id", vec![id.clone()])?),
        None => None,
    };
    if caller.sees_all() {
        return Ok(organization.map(|teams| Visibility { team_ids: ids(&teams), ..Visibility::default() }));
    }
    let managed = ids(&managed_teams(cx, caller)?);
    Ok(Some(match organization {
        Some(teams) => {
            let team_ids = ids(&teams).into_iter().filter(|id| managed.contains(id)).collect();
            Visibility { team_ids, ..Visibility::default() }
        }
        None => {
            let asked = |id: &String| wanted.with_teams || wanted.team_id.as_ref() == Some(id);
            Visibility {
                user_id: caller.user_id.clone(),
                team_ids: managed.into_iter().filter(asked).collect(),
                tokens: caller.token.iter().cloned().collect(),
            }
        }
    }))
}

/// Since when deleted keys are shown: another user or team may have had the same name before.
fn archived_since(
    cx: &Context<'_>,
    caller: &Caller,
    wanted: &Wanted,
    visible: &Visibility,
) -> Result<Millis, Halt> {
    if visible.team_ids.is_empty() {
        return Ok(archive::since(caller).unwrap_or(Millis(i64::MAX)));
    }
    let mut teams = managed_teams(cx, caller)?;
    teams.retain(|team| visible.team_ids.contains(&team.team_id));
    let of_teams = teams.iter().map(|team| team.created_at).max().unwrap_or_default();
    // of one team its admin sees all keys, the own ones among them
    let is_one = visible.user_id.is_none()
        || wanted.team_id.as_ref().is_some_and(|id| visible.team_ids == [id.clone()]);
    let own = if is_one { None } else { Some(archive::since(caller).unwrap_or(Millis(i64::MAX))) };
    Ok(of_teams.max(own.unwrap_or(of_teams)))
}

/// The teams of which the caller is an admin.
pub(crate) fn managed_teams(cx: &Context<'_>, caller: &Caller) -> Result<Vec<Team>, Halt> {
    let mut teams = own_teams(cx, caller)?;
    teams.retain(|team| administers(caller, Some(team)));
    Ok(teams)
}

/// The teams of which the caller is a member.
pub(crate) fn member_teams(cx: &Context<'_>, caller: &Caller) -> Result<Vec<String>, Halt> {
    let mut teams = own_teams(cx, caller)?;
    let user_id = caller.user_id.as_deref().unwrap_or_default();
    teams.retain(|team| team.member_role(user_id).is_some());
    Ok(ids(&teams))
}

/// The teams that the caller's user and key name.
fn own_teams(cx: &Context<'_>, caller: &Caller) -> Result<Vec<Team>, Halt> {
    let of_user = caller.user.iter().flat_map(|user| &user.teams);
    let ids = Names::of(of_user.chain(caller.team_id.as_ref()));
    if ids.is_empty() || caller.user_id.is_none() {
        return Ok(Vec::new());
    }
    cx.rows::<Team>("team_id", ids.to_vec())
}

fn ids(teams: &[Team]) -> Vec<String> {
    teams.iter().map(|team| team.team_id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::Role;
    use crate::settings::Settings;
    use latchkey_contract::json::JsonText;
    use latchkey_contract::tables::{Row, User};
    use latchkey_contract::wire::{Call, Fact, Facts, Query};

    fn team(team_id: &str, admin: &str) -> Team {
        let members = Json::List(vec![dict! { "role" => "admin", "user_id" => admin }]);
        Team { team_id: team_id.to_owned(), members_with_roles: JsonText::of(&members), ..Team::default() }
    }

    fn read(role: Role, params: &str) -> Result<Listing, Halt> {
        let rows = [team("mine", "u"), team("other", "v")];
        let answer = Fact {
            query: Query::many::<Team>("team_id", vec!["mine".to_owned(), "other".to_owned()]),
            rows: rows.iter().map(|row| (row as &dyn Row).as_read()).collect(),
            total: None,
        };
        let call = Call { facts: Facts(vec![answer]), ..Call::default() };
        let user = User { teams: vec!["mine".to_owned(), "other".to_owned()], ..User::default() };
        let caller = Caller {
            user_role: Some(role),
            user_id: Some("u".to_owned()),
            token: Some("t".to_owned()),
            user: Some(user),
            ..Caller::default()
        };
        let settings = Settings::default();
        Listing::read(&Context::new(&call, b"", &settings), &caller, &request::query(params))
    }

    fn visible(role: Role, params: &str) -> Option<Visibility> {
        read(role, params).expect("readable").filter.visible_to
    }

    #[test]
    fn everyone_sees_the_own_keys_and_admins_of_teams_those_of_their_teams() {
        let own =
            Visibility { user_id: Some("u".to_owned()), team_ids: vec![], tokens: vec!["t".to_owned()] };
        assert_eq!(visible(Role::InternalUser, ""), Some(own.clone()));
        assert_eq!(visible(Role::InternalUser, "team_id=other"), Some(own.clone()));
        let with_team = Visibility { team_ids: vec!["mine".to_owned()], ..own };
        assert_eq!(visible(Role::InternalUser, "team_id=mine"), Some(with_team.clone()));
        assert_eq!(visible(Role::InternalUserViewer, "include_team_keys=true"), Some(with_team));
        assert_eq!(visible(Role::ProxyAdminViewer, "user_id=v"), None);
    }

    #[test]
    fn the_newest_key_comes_first_unless_asked_otherwise() {
        let order = |params| read(Role::ProxyAdmin, params).map(|listing| listing.order).ok();
        let by = |column: &'static str, descending| Some(KeyOrder { column: column.into(), descending });
        assert_eq!(order(""), by("created_at", true));
        assert_eq!(order("sort_by=spend&sort_order=ASC"), by("spend", false));
        assert_eq!(order("sort_by=metadata"), None);
    }

    #[test]
    fn a_wrong_value_is_refused_by_the_name_of_its_parameter() {
        for (params, status) in [
            ("page=0", 422),
            ("return_full_object=maybe", 422),
            ("status=sleeping", 400),
            ("expires=never", 400),
            ("sort_by=spend&sort_order=up", 400),
        ] {
            match read(Role::ProxyAdmin, params) {
                Err(Halt::Refused(refusal)) => assert_eq!(refusal.status, status, "{params}"),
                other => panic!("{params}: {other:?}"),
            }
        }
    }
}
