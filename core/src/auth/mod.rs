//! Authentication: from the request's key to a [`Caller`], or a refusal.
//!
//! The checks and their order are the reference's, so that a request with several faults is refused for the same one.

mod body;
mod credential;
mod fallbacks;
mod key;
mod models;
mod moment;
mod routes;
mod spent;

pub(crate) use routes::{KnownUser, Visitor, route_access};

use crate::caller::{Caller, DASHBOARD_TEAM_ID, Role};
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::{self, Request};
use crate::http::route::AskOf;
use crate::rules::allowed_routes;
use latchkey_contract::json::Json;
use latchkey_contract::mint;
use latchkey_contract::secret::Secret;
use latchkey_contract::wire::CallerRows;
use routes::unauthorized;
use std::borrow::Cow;

/// Finds out who is asking and whether they may use the route, and reads the body if the route takes one. The reference
/// reads it first; profile strict judges all that it can before, so that strangers cannot make anybody wait for theirs.
/// `changes` says whether the route changes something, and `ask_of` asks what its operation needs to know of the caller.
pub(crate) fn authenticate(
    cx: &Context<'_>,
    request: &mut Request,
    takes_body: bool,
    changes: bool,
    ask_of: AskOf,
) -> Result<Caller, Halt> {
    let reads_later = takes_body && cx.closes(Hole::the_key_is_judged_before_the_body);
    if takes_body && !reads_later {
        request.body = request::body(cx)?;
    }
    let who = wrapped(
        cx,
        identify(cx, request, changes).and_then(|who| {
            judge(cx, &who, request, !reads_later)?;
            Ok(who)
        }),
    )?;
    if let (Visiting::Holder(rows, _), true) = (&who, cx.closes(Hole::routes_of_a_key_bind_it)) {
        allowed_routes::may_call(&rows.key, &route(cx, request))?;
    }
    if reads_later {
        if let (Visiting::Holder(rows, _), false) = (&who, cx.body_coming()) {
            ask_of(cx, request, rows, role(rows))?;
        }
        request.body = request::body(cx).map_err(|halt| match halt {
            Halt::BodyComing(_) => Halt::BodyComing(who.sender()),
            halt => halt,
        })?;
        wrapped(cx, judge(cx, &who, request, true))?;
    }
    Ok(who.into_caller(cx))
}

/// Who is asking.
enum Visiting {
    /// Somebody who needs no key here.
    Anyone,
    /// The holder of the master key, whose hash this is.
    Master(String),
    /// The holder of a stored key by the secret with this hash.
    Holder(Box<CallerRows>, String),
}

/// What even a request to a public route must keep to. Profile strict asks nothing of it.
pub(crate) fn welcome(cx: &Context<'_>, request: &Request) -> Result<Caller, Halt> {
    if cx.closes(Hole::public_routes_ask_nothing) {
        return Ok(Caller::default());
    }
    let body = body::seen(cx, &request.body);
    wrapped(cx, before_the_key(cx, &route(cx, request), &body).map_err(Halt::from))
        .map(|()| Caller::default())
}

fn wrapped<T>(cx: &Context<'_>, result: Result<T, Halt>) -> Result<T, Halt> {
    result.map_err(|halt| match halt {
        Halt::Refused(refusal) => {
            let mut refusal = refusal.wrapped(Kind::AuthError, messages::AUTHENTICATION_ERROR_PREFIX);
            if cx.closes(Hole::words_are_those_of_today) {
                refusal.name_no_parameter();
            }
            refusal.into()
        }
        Halt::Missing | Halt::BodyComing(_) | Halt::Judged => halt,
    })
}

fn identify(cx: &Context<'_>, request: &Request, changes: bool) -> Result<Visiting, Halt> {
    let route = route(cx, request);
    let body = body::seen(cx, &request.body);
    before_the_key(cx, &route, &body)?;
    let is_open = !changes || !cx.closes(Hole::public_routes_change_nothing);
    if is_open && (routes::is_public(cx.settings, &route) || is_let_past(cx, &route)) {
        if !cx.closes(Hole::bodies_are_judged_by_operations) {
            body::end_user_readable(&body)?;
        }
        return Ok(Visiting::Anyone);
    }
    let key = presented_key(cx)?;
    if !cx.closes(Hole::bodies_are_judged_by_operations) {
        body::end_user_readable(&body)?;
    }
    let token = key.token();
    if is_master(cx, &token) {
        return Ok(Visiting::Master(token));
    }
    routes::not_for_master_only(cx.settings, &route)?;
    if !key.expose().starts_with("sk-") {
        let message = messages::not_a_virtual_key(&credential::shown(key.expose(), cx.settings));
        return Err(unauthorized(Code::KeyMalformed, message).into());
    }
    let Some(rows) = cx.holder(&token)? else {
        let is_of_today = cx.closes(Hole::words_are_those_of_today);
        let message = if is_of_today { messages::INVALID_KEY } else { messages::UNKNOWN_KEY };
        return Err(unauthorized(Code::KeyUnknown, message).into());
    };
    Ok(Visiting::Holder(Box::new(rows), token))
}

/// Whether who asks may ask for this. Without the body, what depends on it alone is left for later.
fn judge(cx: &Context<'_>, who: &Visiting, request: &Request, body_is_read: bool) -> Result<(), Halt> {
    let route = route(cx, request);
    let body = body::seen(cx, &request.body);
    if cx.closes(Hole::the_key_is_judged_before_the_body) {
        body::names_no_upstream(cx, &body)?;
    }
    let Visiting::Holder(rows, _) = who else { return Ok(()) };
    let sent = body_is_read.then_some(&*body);
    let is_free = spent::may_call(cx, &rows.key, &route, sent);
    key::usable(cx, rows, sent, is_free)?;
    let permissions = rows.key.permissions.as_str();
    let visitor = Visitor {
        user: known_user(rows),
        key_user_id: rows.key.user_id.as_deref(),
        dashboard: rows.key.team_id.as_deref() == Some(DASHBOARD_TEAM_ID),
        sees_spend: permissions.contains("get_spend_routes")
            && rows.key.permissions.value().get("get_spend_routes").is_some(),
    };
    Ok(route_access(cx.settings, &visitor, &route, &request.query, &body)?)
}

impl Visiting {
    /// One name for all that a user sends with whichever key, or a team with keys that are no user's.
    fn sender(&self) -> Option<String> {
        match self {
            Self::Anyone => None,
            Self::Master(token) => Some(format!("key {token}")),
            Self::Holder(rows, _) => match rows.key.user_id.as_deref() {
                Some(user_id) if !user_id.is_empty() => Some(format!("user {user_id}")),
                _ => Some(match rows.key.team_id.as_deref() {
                    Some(team_id) if !team_id.is_empty() => format!("team {team_id}"),
                    _ => format!("key {}", rows.key.token),
                }),
            },
        }
    }

    fn into_caller(self, cx: &Context<'_>) -> Caller {
        match self {
            Self::Anyone => Caller { user_role: Some(Role::InternalUserViewer), ..Caller::default() },
            Self::Master(token) => Caller::master(token),
            Self::Holder(rows, token) => {
                let (role, is_former) = (role(&rows), rows.key.token != token);
                Caller { is_former, ..caller(cx, *rows, role) }
            }
        }
    }
}

/// The user of a key, if there is a row for it.
fn known_user(rows: &CallerRows) -> Option<KnownUser<'_>> {
    let user = rows.user.as_ref()?;
    Some(KnownUser { role: user.user_role.as_deref(), user_id: &user.user_id })
}

/// The role in which the holder of a key acts.
fn role(rows: &CallerRows) -> Role {
    Visitor { user: known_user(rows), ..Visitor::default() }.role().unwrap_or(Role::InternalUser)
}

/// In strict, an empty id is nobody's.
fn caller(cx: &Context<'_>, rows: CallerRows, role: Role) -> Caller {
    let is_someone = |id: &String| !cx.closes(Hole::no_owner_equals_no_one) || !id.is_empty();
    let CallerRows { key, user, team, team_models, membership, budget, project } = rows;
    Caller {
        user_role: Some(role),
        user_id: key.user_id.clone().filter(is_someone),
        team_id: key.team_id.clone().filter(is_someone),
        token: Some(key.token.clone()),
        is_master: false,
        is_former: false,
        key: Some(key),
        user,
        team,
        team_models,
        membership,
        budget,
        project,
    }
}

/// The route by which access is judged. The reference builds a URL of the decoded path and takes it apart again, so
/// that a decoded `?` or `#` ends its route early; profile strict takes the path that was routed.
fn route<'r>(cx: &Context<'_>, request: &'r Request) -> Cow<'r, str> {
    let path = request.path.as_str();
    if cx.closes(Hole::access_is_judged_by_the_path) {
        return path.into();
    }
    let path = path.find(['?', '#']).and_then(|at| path.get(..at)).unwrap_or(path);
    if path.contains(['\t', '\r', '\n']) {
        return path.replace(['\t', '\r', '\n'], "").into();
    }
    path.into()
}

/// What the reference checks before it looks at the key.
fn before_the_key(cx: &Context<'_>, route: &str, body: &Json) -> Result<(), Refusal> {
    body::must_be_object(body)?;
    body::names_no_upstream(cx, body)?;
    match &cx.settings.allowed_routes {
        Some(routes) if !routes.iter().any(|name| routes::opens(cx.settings, name, route)) => {
            Err(Refusal::http(Code::RouteForbidden, 403, messages::route_not_allowed(route)))
        }
        _ => Ok(()),
    }
}

/// Whether the reference asks for no key because the path holds a provider's name, even `/key/vertex-ai/regenerate`.
fn is_let_past(cx: &Context<'_>, route: &str) -> bool {
    !cx.closes(Hole::provider_names_open_nothing) && !cx.settings.premium_user && route.contains("vertex-ai")
}

fn presented_key(cx: &Context<'_>) -> Result<Secret, Refusal> {
    let presented = credential::presented(cx);
    match &presented.key {
        Some(key) if !key.expose().is_empty() => Ok(key.clone()),
        Some(_) => {
            let message = messages::malformed_key(&presented.passed(cx.settings));
            Err(unauthorized(Code::KeyMalformed, message))
        }
        None if cx.closes(Hole::headers_for_keys_are_named) => {
            let message = messages::no_key_in(&credential::looked_at(cx.settings));
            Err(unauthorized(Code::KeyMissing, message))
        }
        None => Err(unauthorized(Code::KeyMissing, messages::NO_KEY)),
    }
}

/// Whether `token`, a hash in hex, is that of the master key. Compares digests, and all of them, so that the time it
/// takes tells nothing about the master key.
pub(crate) fn is_master(cx: &Context<'_>, token: &str) -> bool {
    let Some(digest) = mint::unhex(token) else { return false };
    let difference =
        digest.iter().zip(&cx.settings.master_key_sha256).fold(0, |difference, (a, b)| difference | (a ^ b));
    std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests;
