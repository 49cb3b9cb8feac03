//! Which routes a key may call: those of its list `allowed_routes`, which only ever narrows what its owner may.
//!
//! An entry is a route, a prefix of routes, the beginning of routes with a `*` at its end, or the name of a group of routes.

use super::KeyDraft;
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;
use latchkey_contract::tables::VirtualKey;

/// The groups that hold routes of this API, with patterns for them; `{}` stands for one segment. LiteLLM's other groups hold
/// none of them: calls of models, spending reports.
const GROUPS: &[(&str, &[&[&str]])] = &[
    ("info_routes", &[INFO]),
    ("key_management_routes", &[KEY_MANAGEMENT]),
    ("management_routes", &[KEY_MANAGEMENT, MANAGEMENT]),
    ("team_service_account_key_routes", &[&["/key/generate", "/key/update"]]),
    ("ui_routes", &[INFO]),
    ("internal_user_routes", &[KEY_MANAGEMENT]),
    ("org_admin_only_routes", &[ORGANIZATION_ADMIN]),
    ("self_managed_routes", &[SELF_MANAGED]),
    ("admin_viewer_routes", &[INFO, ADMIN_VIEWER]),
    (
        "org_admin_allowed_routes",
        &[KEY_MANAGEMENT, MANAGEMENT, INFO, SELF_MANAGED, ADMIN_VIEWER, ORGANIZATION_ADMIN],
    ),
];

const INFO: &[&str] = &[
    "/key/info",
    "/v2/key/info",
    "/key/health",
    "/key/list",
    "/user/info",
    "/v2/user/info",
    "/management/v1/users/me",
    "/user/filter/ui",
    "/team/info",
    "/team/list",
    "/v2/team/list",
    "/organization/list",
    "/team/available",
];

const KEY_MANAGEMENT: &[&str] = &[
    "/key/generate",
    "/key/service-account/generate",
    "/key/update",
    "/key/bulk_update",
    "/team/key/bulk_update",
    "/key/delete",
    "/key/info",
    "/key/list",
    "/key/aliases",
    "/key/block",
    "/key/unblock",
    "/key/regenerate",
    "/key/{}/regenerate",
    "/key/{}/reset_spend",
];

const MANAGEMENT: &[&str] = &[
    "/user/new",
    "/user/update",
    "/user/bulk_update",
    "/user/delete",
    "/user/info",
    "/user/list",
    "/team/{}",
    "/v2/team/list",
];

const ORGANIZATION_ADMIN: &[&str] = &[
    "/organization/info",
    "/organization/delete",
    "/organization/member_add",
    "/organization/member_update",
    "/organization/member_delete",
];

const SELF_MANAGED: &[&str] = &[
    "/team/update",
    "/team/member_add",
    "/team/member_delete",
    "/team/member_update",
    "/team/permissions_list",
    "/team/permissions_update",
    "/user/list",
    "/user/available_roles",
    "/user/password/change",
];

const ADMIN_VIEWER: &[&str] =
    &["/budget/list", "/budget/settings", "/audit", "/user/list", "/user/available_roles"];

/// Whether the key may call `route`, the path that was routed.
pub(crate) fn may_call(key: &VirtualKey, route: &str) -> Result<(), Refusal> {
    if key.allowed_routes.is_empty() || key.allowed_routes.iter().any(|entry| opens(entry, route)) {
        return Ok(());
    }
    let must_change_password = key.metadata.as_str().contains("password_reset_required")
        && key.metadata.value().get("password_reset_required") == Some(&Json::Bool(true));
    let message = if must_change_password {
        messages::PASSWORD_RESET_REQUIRED.to_owned()
    } else {
        messages::key_route_not_allowed(&key.allowed_routes, route)
    };
    Err(Refusal::http(Code::RouteForbidden, 403, message))
}

/// Whether an entry opens the route. An empty one opens nothing: LiteLLM takes it for the beginning of every route.
fn opens(entry: &str, route: &str) -> bool {
    if let Some(prefix) = entry.strip_suffix('*') {
        return route.starts_with(prefix);
    }
    let lies_below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    let group = || GROUPS.iter().find(|(name, _)| *name == entry);
    !entry.is_empty() && route.strip_prefix(entry).is_some_and(lies_below)
        || group().is_some_and(|(_, lists)| {
            lists.iter().flat_map(|patterns| patterns.iter()).any(|pattern| matches(pattern, route))
        })
}

fn matches(pattern: &str, route: &str) -> bool {
    let mut parts = route.split('/');
    let is_equal = pattern.split('/').all(|wanted| {
        parts.next().is_some_and(|part| if wanted == "{}" { !part.is_empty() } else { wanted == part })
    });
    is_equal && parts.next().is_none()
}

/// A part of a path that no route has.
const ANY: char = '\u{0}';

/// Whether all that `inner` opens is opened by `outer`, as far as the entries themselves say.
pub(super) fn is_within(inner: &[String], outer: &[String]) -> bool {
    let covers = |entry: &str, by: &str| match by.strip_suffix('*') {
        Some(prefix) => entry.starts_with('/') && entry.starts_with(prefix),
        None => {
            let opens_all = match entry.strip_suffix("/*") {
                // no group has routes of any depth
                Some(beginning) => opens(by, &format!("{beginning}/{ANY}/{ANY}/{ANY}")),
                None => opens(by, entry),
            };
            entry == by || (!by.is_empty() && entry.starts_with('/') && opens_all)
        }
    };
    outer.is_empty()
        || (!inner.is_empty() && inner.iter().all(|entry| outer.iter().any(|by| covers(entry, by))))
}

/// A key made with a key gets the list of that one, unless it asks for less: it opens nothing that the key in use does not.
pub(super) fn handed_on(draft: &mut KeyDraft<'_>) -> Said {
    let own = draft.caller.key.as_ref().map(|key| &key.allowed_routes);
    let Some(own) = own.filter(|own| !own.is_empty()) else { return Ok(Passed::NotApplicable) };
    let asked = draft.columns.get("allowed_routes").or_else(|| draft.get("allowed_routes"));
    let asked = asked.and_then(Json::as_list).unwrap_or_default();
    let asked: Vec<String> = asked.iter().filter_map(Json::as_str).map(str::to_owned).collect();
    if is_within(&asked, own) {
        return Ok(Passed::Allowed);
    }
    draft.columns.set("allowed_routes", own.clone().into());
    Ok(Passed::Changed)
}

/// Whether the holder of `own` may learn a new secret of `key`, with which one calls what that key may call.
pub(crate) fn may_renew(own: Option<&VirtualKey>, key: &VirtualKey) -> Result<(), Refusal> {
    if own.is_none_or(|own| is_within(&key.allowed_routes, &own.allowed_routes)) {
        return Ok(());
    }
    let message = "the key may call routes that the key in use may not, use one that may call them";
    Err(Refusal::error(Code::RouteForbidden, 403, Kind::AuthError, "key", message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::json::JsonText;

    fn key(allowed_routes: &[&str]) -> VirtualKey {
        let allowed_routes = allowed_routes.iter().map(|entry| (*entry).to_owned()).collect();
        VirtualKey { allowed_routes, ..VirtualKey::default() }
    }

    #[test]
    fn an_entry_is_a_route_a_prefix_a_beginning_or_a_group() {
        for (entry, route, opens) in [
            ("/key/info", "/key/info", true),
            ("/key", "/key/info", true),
            ("/ke", "/key/info", false),
            ("/key/", "/key/info", false),
            ("/key/in*", "/key/info", true),
            ("*", "/key/info", true),
            ("", "/key/info", false),
            ("/", "/key/info", false),
            ("info_routes", "/key/list", true),
            ("info_routes", "/key/delete", false),
            ("llm_api_routes", "/key/list", false),
            ("openai_routes", "/key/info", false),
            ("spend_tracking_routes", "/key/list", false),
            ("key_management_routes", "/key/abc/regenerate", true),
            ("key_management_routes", "/key/a/b/regenerate", false),
            ("key_management_routes", "/key//regenerate", false),
            ("key_management_routes", "/user/new", false),
            ("management_routes", "/team/member_add", true),
            ("management_routes", "/budget/new", false),
            ("management_routes", "/team/new/", false),
            ("info_routes*", "/key/list", false),
            ("Info_Routes", "/key/list", false),
        ] {
            assert_eq!(may_call(&key(&[entry]), route).is_ok(), opens, "{entry} {route}");
        }
        assert_eq!(may_call(&key(&[]), "/key/info"), Ok(()));
        assert_eq!(may_call(&key(&["x", "/key/info"]), "/key/info"), Ok(()));
    }

    #[test]
    fn a_refusal_names_the_list_and_the_route_or_asks_for_a_new_password() {
        let refusal = may_call(&key(&["llm_api_routes"]), "/key/list").expect_err("not in the list");
        let body = latchkey_contract::json::write(&refusal.body());
        assert_eq!(
            body,
            "{\"detail\":\"Virtual key is not allowed to call this route. Only allowed to call routes: \
             ['llm_api_routes']. Tried to call route: /key/list\"}"
        );
        let metadata = JsonText::parse("{\"password_reset_required\":true}".to_owned()).expect("JSON");
        let session = VirtualKey { metadata, ..key(&["/user/password/change"]) };
        let refusal = may_call(&session, "/key/list").expect_err("not in the list");
        assert!(
            latchkey_contract::json::str_of(&refusal.message)
                .starts_with("This account's password must be changed")
        );
    }

    #[test]
    fn a_list_is_within_another_if_each_entry_is() {
        let within = |inner: &[&str], outer: &[&str]| {
            is_within(&key(inner).allowed_routes, &key(outer).allowed_routes)
        };
        assert!(within(&["/key/info"], &[]) && within(&[], &[]));
        assert!(!within(&[], &["/key/info"]));
        assert!(within(&["info_routes"], &["info_routes", "/key"]));
        assert!(within(&["/key/info", "/key/list"], &["/key"]));
        assert!(within(&["/key/*"], &["/key"]) && within(&["/key/in*"], &["/key/*"]));
        assert!(within(&["/key/info"], &["info_routes"]));
        assert!(!within(&["/key/info/*"], &["info_routes"]));
        assert!(!within(&["/key*"], &["/key"]) && !within(&["management_routes"], &["*"]));
        assert!(!within(&["*"], &["/key"]) && !within(&["/key/info", "/user"], &["/key"]));
    }
}
