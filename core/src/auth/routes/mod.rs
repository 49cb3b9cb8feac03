//! Who may call which route. What an operation then shows or changes it judges itself.

mod tables;

use crate::caller::{Role, or_none};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::settings::Settings;
use latchkey_contract::json::Json;
use tables::{
    CHANGES, DASHBOARD, GLOBAL_SPEND, INFO, INTERNAL_USER, INTERNAL_USER_TODAY, LLM, MANAGEMENT, MASTER_ONLY,
    OPEN, OWNERS, PASS_THROUGH, PUBLIC, SELF_MANAGED, SPEND,
};

/// Who asks for a route, as far as the route table cares.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Visitor<'a> {
    /// The user of the key, if there is a row for it.
    pub user: Option<KnownUser<'a>>,
    /// The user id written in the key, whether or not there is such a user.
    pub key_user_id: Option<&'a str>,
    /// Whether the key is a session key of the dashboard.
    pub dashboard: bool,
    /// Whether the key has the permission `get_spend_routes`.
    pub sees_spend: bool,
}

/// The user of a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownUser<'a> {
    /// The role as it is stored, which need not be one that we know.
    pub role: Option<&'a str>,
    /// The id.
    pub user_id: &'a str,
}

#[cfg(test)]
impl<'a> Visitor<'a> {
    /// The holder of a key of user `user_id` with this role; without a role, of a key that names no user.
    pub(crate) fn of(role: Option<&'a str>, user_id: &'a str) -> Self {
        let user = role.map(|role| KnownUser { role: Some(role), user_id });
        Self { user, key_user_id: user.map(|user| user.user_id), ..Self::default() }
    }
}

impl Visitor<'_> {
    /// The role; a user whose stored role is unknown is an internal user, a key without a known user has none.
    pub(crate) fn role(&self) -> Option<Role> {
        self.user.map(|user| user.role.and_then(Role::named).unwrap_or(Role::InternalUser))
    }
}

/// Whether a holder of a key, not the master key, may call `route` with this query and this body. The refusals are
/// not wrapped yet: `Detail` where the reference raises an HTTPException, `Raised` where another exception.
pub(crate) fn route_access(
    settings: &Settings,
    visitor: &Visitor<'_>,
    route: &str,
    query: &[(String, String)],
    body: &Json,
) -> Result<(), Refusal> {
    not_for_master_only(settings, route)?;
    if visitor.dashboard && is_dashboard_route(settings, route) {
        return Ok(());
    }
    if visitor.role() == Some(Role::ProxyAdmin) {
        return Ok(());
    }
    let admin_only = settings.admin_only_routes.as_deref().filter(|_| settings.premium_user);
    if admin_only.is_some_and(|routes| routes.iter().any(|name| is_closed_by(settings, name, route))) {
        return Err(Refusal::http(Code::RouteForbidden, 403, messages::admin_only_route(route)));
    }
    if is_llm_route(settings, route) || is_open_to_owners(settings, visitor, route) {
        return Ok(());
    }
    if INFO.contains(&route) {
        let sees_all = visitor.role() == Some(Role::ProxyAdminViewer);
        if sees_all && settings.closes(Hole::viewers_see_other_users) {
            return Ok(());
        }
        return info_access(visitor, route, query);
    }
    if visitor.sees_spend && GLOBAL_SPEND.contains(&route) {
        return Ok(());
    }
    let allowed = match visitor.role() {
        Some(Role::ProxyAdminViewer) => return viewer_access(settings, route, body),
        Some(Role::InternalUser) => {
            listed(INTERNAL_USER, route)
                || SPEND.contains(&route)
                || (settings.profile.has_own_routes()
                    && (is_regenerate(route) || is_reset(route) || INTERNAL_USER_TODAY.contains(&route)))
        }
        Some(Role::InternalUserViewer) => SPEND.contains(&route) || GLOBAL_SPEND.contains(&route),
        _ => false,
    };
    let is_viewer = visitor.role() == Some(Role::InternalUserViewer);
    let may_manage_itself = !is_viewer || !settings.closes(Hole::viewers_change_nothing);
    if allowed || (SELF_MANAGED.contains(&route) && may_manage_itself) {
        return Ok(());
    }
    let role = visitor.user.and_then(|user| user.role).filter(|role| !role.is_empty()).unwrap_or("unknown");
    let user_id = visitor.user.map(|user| user.user_id).filter(|id| !id.is_empty()).unwrap_or("unknown");
    let user_id = match settings.closes(Hole::words_are_those_of_today) {
        true => messages::masked_user_id(user_id),
        false => user_id.to_owned(),
    };
    Err(unauthorized(Code::RouteForbidden, messages::only_proxy_admin(route, role, &user_id)))
}

/// Refuses what only the master key opens. Profile strict leaves `/key/list` to the operation.
pub(super) fn not_for_master_only(settings: &Settings, route: &str) -> Result<(), Refusal> {
    let is_everybodys = route == "/key/list" && settings.closes(Hole::key_list_is_open_to_every_role);
    if MASTER_ONLY.contains(&route) && !is_everybodys {
        return Err(unauthorized(Code::RouteForbidden, messages::master_key_only(route)));
    }
    Ok(())
}

/// Whether `route` needs no key: the reference's list, and the operator's own if licensed.
pub(super) fn is_public(settings: &Settings, route: &str) -> bool {
    PUBLIC.contains(&route)
        || (settings.premium_user && settings.public_routes.iter().any(|name| opens(settings, name, route)))
}

/// A refusal that the reference raises as a plain exception within authentication, where it answers 401.
pub(super) fn unauthorized(code: Code, message: impl Into<Json>) -> Refusal {
    Refusal { status: 401, ..Refusal::raised(code, message) }
}

fn info_access(visitor: &Visitor<'_>, route: &str, query: &[(String, String)]) -> Result<(), Refusal> {
    let wanted = query.iter().rev().find(|(name, _)| name == "user_id").map(|(_, value)| value.as_str());
    match wanted {
        Some(user_id)
            if route == "/user/info" && !user_id.is_empty() && visitor.key_user_id != Some(user_id) =>
        {
            let message = messages::other_users_info(user_id, or_none(visitor.key_user_id));
            Err(Refusal::http(Code::OtherUser, 403, message))
        }
        _ => Ok(()),
    }
}

/// The viewing admin may see everything and change nothing but the own e-mail address and password.
fn viewer_access(settings: &Settings, route: &str, body: &Json) -> Result<(), Refusal> {
    let forbidden = |message: String| Err(Refusal::http(Code::RouteForbidden, 403, message));
    let role = Role::ProxyAdminViewer.as_str();
    let changes = CHANGES.contains(&route) || is_regenerate(route) || is_reset(route);
    if changes && settings.closes(Hole::viewers_change_nothing) {
        return forbidden(messages::role_forbidden(role, route));
    }
    if !listed(MANAGEMENT, route) {
        return Ok(());
    }
    if route != "/user/update" {
        return forbidden(messages::role_forbidden(role, route));
    }
    let other = body
        .as_dict()
        .unwrap_or_default()
        .iter()
        .find(|(name, _)| !matches!(&**name, "user_email" | "password"));
    match other {
        Some((name, _)) => forbidden(messages::viewer_param(role, route, name)),
        None => Ok(()),
    }
}

/// Profile strict: what holders of keys may ask for whatever their role, because the operation judges whose it is.
fn is_open_to_owners(settings: &Settings, visitor: &Visitor<'_>, route: &str) -> bool {
    let viewer = matches!(visitor.role(), Some(Role::ProxyAdminViewer | Role::InternalUserViewer));
    let is_open = OPEN.contains(&route) && settings.closes(Hole::key_list_is_open_to_every_role);
    let is_owners = OWNERS.contains(&route) && settings.closes(Hole::owners_block_their_keys);
    is_open || (is_owners && !viewer)
}

/// The reference compares prefixes, so that `/user` opens `/user/new`; profile strict compares names.
fn is_dashboard_route(settings: &Settings, route: &str) -> bool {
    let mut names = DASHBOARD.iter().chain(INFO);
    match settings.closes(Hole::dashboard_keys_open_named_routes) {
        true => names.any(|name| route == *name),
        false => names.any(|name| route.starts_with(name)),
    }
}

/// Whether `route` calls a model. The reference looks for a provider's name anywhere in the path, so that
/// `/key/a/openai/regenerate` counts; profile strict only at the beginning.
fn is_llm_route(settings: &Settings, route: &str) -> bool {
    if listed(LLM, route) {
        return true;
    }
    let below = |prefix: &&str| {
        route.strip_prefix(*prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if settings.closes(Hole::provider_names_open_nothing) {
        return PASS_THROUGH.iter().any(below);
    }
    // its pattern for `/realtime?{model}` is a regular expression in which `?` makes the `e` optional
    let realtime = route.strip_prefix("/v1").unwrap_or(route).strip_prefix("/realtim");
    realtime.is_some_and(|rest| !rest.is_empty() && !rest.contains('/'))
        || PASS_THROUGH.iter().any(|name| route.contains(name))
}

/// Profile strict: rotation by path, by a path with slashes in the key, or by body.
pub(super) fn is_regenerate(route: &str) -> bool {
    route == "/key/regenerate" || (route.starts_with("/key/") && route.ends_with("/regenerate"))
}

/// Whether the route sets back what a key has spent.
fn is_reset(route: &str) -> bool {
    route.starts_with("/key/") && route.ends_with("/reset_spend")
}

/// Whether the operator's entry in a list of open routes means this one: in strict a `{name}` in it stands for one part of
/// the path, and a `*` at its end for the rest.
pub(super) fn opens(settings: &Settings, entry: &str, route: &str) -> bool {
    if !settings.closes(Hole::closed_routes_are_patterns) {
        return entry == route;
    }
    match entry.strip_suffix('*') {
        Some(beginning) => route.starts_with(beginning),
        None => matches(entry, route),
    }
}

/// Whether the operator's entry in a list of closed routes means this one: in strict any route that is open by the entry, and
/// each of an operation that has several.
fn is_closed_by(settings: &Settings, entry: &str, route: &str) -> bool {
    if !settings.closes(Hole::closed_routes_are_patterns) {
        return opens(settings, entry, route);
    }
    let entry = entry.trim_end_matches('/');
    opens(settings, entry, route) || (is_regenerate(entry) && is_regenerate(route))
}

fn listed(routes: &[&str], route: &str) -> bool {
    routes.iter().any(|pattern| matches(pattern, route))
}

/// Compares byte by byte up to the first part that may be anything: almost all patterns differ before.
fn matches(pattern: &str, route: &str) -> bool {
    let mut rest = route.bytes();
    for wanted in pattern.bytes() {
        if wanted == b'{' {
            return matches_by_parts(pattern, route);
        }
        if rest.next() != Some(wanted) {
            return false;
        }
    }
    rest.next().is_none()
}

fn matches_by_parts(pattern: &str, route: &str) -> bool {
    let mut parts = route.split('/');
    let equal = pattern.split('/').all(|wanted| {
        parts.next().is_some_and(|part| {
            if wanted.starts_with('{') && wanted.ends_with('}') { !part.is_empty() } else { wanted == part }
        })
    });
    equal && parts.next().is_none()
}

#[cfg(test)]
mod tests;
