//! What profile strict lists: the keys a caller may see, with the parameters of today's LiteLLM clients.

use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::error::{Code, Kind, Refusal};
use crate::http::{params, request};
use crate::rules::administers;
use crate::types::{Problem, query};
use latchkey_contract::mint;
use latchkey_contract::number::Integer;
use latchkey_contract::order::Names;
use latchkey_contract::tables::Team;
use latchkey_contract::wire::{KeyFilter, KeyOrder, Visibility};

/// The parameters there are.
pub(crate) const NAMES: &[&str] = &[
    "page",
    "size",
    "user_id",
    "team_id",
    "organization_id",
    "key_hash",
    "key_alias",
    "search",
    "status",
    "return_full_object",
    "include_team_keys",
    "sort_by",
    "sort_order",
];

/// The columns by which a listing can be sorted.
pub(crate) const SORTABLE: &[&str] = &[
    "created_at",
    "updated_at",
    "expires",
    "spend",
    "max_budget",
    "key_alias",
    "key_name",
    "user_id",
    "team_id",
    "token",
];

/// What is listed, and how.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) page: Integer,
    pub(crate) size: Integer,
    pub(crate) filter: KeyFilter,
    pub(crate) order: KeyOrder,
    /// Whether whole keys are shown, not just their hashes.
    pub(crate) whole: bool,
}

impl Listing {
    /// Reads the decoded parameters and limits the listing to what the caller may see.
    pub(crate) fn read(cx: &Context<'_>, caller: &Caller, params: &[(String, String)]) -> Result<Self, Halt> {
        let mut problems = Vec::new();
        let page = noted(query::integer(params, "page", 1, 1, None), &mut problems);
        let size = noted(query::integer(params, "size", 10, 1, Some(100)), &mut problems);
        let whole = noted(flag(params, "return_full_object"), &mut problems);
        let with_teams = noted(flag(params, "include_team_keys"), &mut problems);
        let (Some(page), Some(size), Some(whole), Some(with_teams)) = (page, size, whole, with_teams) else {
            return Err(request::invalid(&problems).into());
        };
        let named = |name: &str| query::text(params, name).filter(|text| !text.is_empty()).map(str::to_owned);
        let status = one_of(params, "status", &["active", "expired", "blocked"], "")?;
        let order = order(params)?;
        let wanted =
            Wanted { team_id: named("team_id"), organization_id: named("organization_id"), with_teams };
        let filter = KeyFilter {
            visible_to: scope(cx, caller, &wanted)?,
            user_id: named("user_id"),
            team_id: wanted.team_id,
            key_alias: named("key_alias"),
            budget_id: None,
            token: named("key_hash").map(|key| mint::token_if_key(&key)),
            search: named("search"),
            status: Some((status.to_owned(), cx.now().0)).filter(|_| !status.is_empty()),
        };
        Ok(Self { page, size, filter, order, whole })
    }
}

fn noted<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}

fn flag(of: &[(String, String)], name: &'static str) -> Result<bool, Vec<Problem>> {
    query::text(of, name).map_or(Ok(false), |text| params::flag(name, text))
}

/// The parameter called `name`, which is one of `words` in any case, or `default` where it is absent or empty.
fn one_of<'w>(
    params: &[(String, String)],
    name: &str,
    words: &[&'w str],
    default: &'w str,
) -> Result<&'w str, Refusal> {
    let Some(text) = query::text(params, name).filter(|text| !text.is_empty()) else { return Ok(default) };
    words.iter().find(|word| word.eq_ignore_ascii_case(text)).copied().ok_or_else(|| {
        let message = format!("`{name}` must be one of {}, received `{text}`", words.join(", "));
        Refusal::error(Code::RequestUnsupported, 400, Kind::BadRequestError, name, message)
    })
}

/// The newest first unless asked otherwise.
fn order(params: &[(String, String)]) -> Result<KeyOrder, Refusal> {
    let column = one_of(params, "sort_by", SORTABLE, "created_at")?;
    let direction = one_of(params, "sort_order", &["asc", "desc"], "desc")?;
    Ok(KeyOrder { column: column.to_owned().into(), descending: direction == "desc" })
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

/// The teams of which the caller is an admin.
fn managed_teams(cx: &Context<'_>, caller: &Caller) -> Result<Vec<Team>, Halt> {
    let of_user = caller.user.iter().flat_map(|user| &user.teams);
    let ids = Names::of(of_user.chain(caller.team_id.as_ref()));
    if ids.is_empty() || caller.user_id.is_none() {
        return Ok(Vec::new());
    }
    let mut teams = cx.rows::<Team>("team_id", ids.to_vec())?;
    teams.retain(|team| administers(caller, Some(team)));
    Ok(teams)
}

fn ids(teams: &[Team]) -> Vec<String> {
    teams.iter().map(|team| team.team_id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::Role;
    use crate::settings::Settings;
    use latchkey_contract::dict;
    use latchkey_contract::json::Json;
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
            ("sort_order=up", 400),
        ] {
            match read(Role::ProxyAdmin, params) {
                Err(Halt::Refused(refusal)) => assert_eq!(refusal.status, status, "{params}"),
                other => panic!("{params}: {other:?}"),
            }
        }
    }
}
