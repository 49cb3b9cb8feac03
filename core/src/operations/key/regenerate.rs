//! `POST /key/{key}/regenerate`: gives a virtual key a new secret and, if the request says so, other values.

use super::change::{Stored, fields};
use super::chosen;
use super::issue::{self, Issued};
use super::rotation::{History, queries};
use super::stamp;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::{self, Request};
use crate::operations::custom_rule::{self, Change};
use crate::rules::KeyRoute;
use crate::rules::allowed_routes::may_renew;
use crate::rules::{
    KeyDraft, REGENERATE_LITELLM, UPDATE_STRICT, may_hold, may_hold_within_limits, rotated, unknown_key,
};
use crate::rules::{new_key_well_formed, secret_exists};
use crate::settings::Settings;
use crate::types::{Model as _, Problem, RegenerateKeyRequest, RotateKeyRequest};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;
use latchkey_contract::secret::Secret;
use latchkey_contract::tables::VirtualKey;
use latchkey_contract::wire::{Event, Query, changed};
use latchkey_contract::{dict, mint};

/// Replaces the secret. In the reference whoever may use the route may replace every key's.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    match cx.closes(Hole::regenerated_keys_keep_their_id) {
        true => in_strict(cx, caller, request),
        false => as_the_reference(cx, caller, request),
    }
}

fn as_the_reference(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: Option<RegenerateKeyRequest> = request.optional_model()?;
    licensed(cx)?;
    let shown = request.path_param.as_str();
    let is_changed = asked.is_some();
    let fields = asked.map_or_else(Json::empty_dict, |asked| fields(asked.into_set()));
    let Some(stored) = Stored::read(cx, caller, &reference_token(shown), &fields)? else {
        return Err(unknown(shown).into());
    };
    let mut change = stored.change(cx, caller, &fields, KeyRoute::Regenerate);
    if is_changed {
        change.judge_in(cx, REGENERATE_LITELLM, wrapped)?;
    }
    let row = change.row().map_err(wrapped)?;
    let renewed = Renewed::with(cx, Secret::random(cx.random()), row);
    let mut outcome = Outcome::reply(renewed.reply(cx.settings));
    outcome.writes.extend(changed(&stored.key, &renewed.row));
    outcome.guards = stored.guards(cx);
    outcome.events = vec![renewed.event()];
    Ok(outcome)
}

/// Strict keeps one record with one id, and lets the former secret work for a while if it is asked to.
fn in_strict(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: RotateKeyRequest = request.optional_model()?.unwrap_or_default();
    licensed(cx)?;
    let in_body = asked.regenerate.values.text("key").map(mint::token_if_key);
    let in_path = Some(request.path_param.as_str()).filter(|key| !key.is_empty()).map(mint::token_if_key);
    let token = match (in_path, in_body) {
        (Some(path), Some(body)) if path != body && cx.closes(Hole::a_rotation_names_one_key) => {
            return Err(two_keys().into());
        }
        (Some(token), _) | (None, Some(token)) => token,
        (None, None) => return Err(key_missing().into()),
    };
    let mut fields = fields(asked.dump_set());
    if let Json::Dict(members) = &mut fields {
        members.retain(|(name, _)| name != "grace_period" && name != "new_key");
    }
    cx.foresee(queries(&token));
    let Some(stored) = Stored::read(cx, caller, &token, &fields)? else { return Err(unknown_key().into()) };
    let history = History::read(cx, &stored.key.token)?;
    let mut guards = stored.guards(cx);
    guards.extend(stored.alias_free(&fields).filter(|_| cx.closes(Hole::regenerated_aliases_are_unique)));
    stored.manageable(cx, caller).map_err(Refusal::fitting)?;
    let mut change = stored.change(cx, caller, &fields, KeyRoute::Regenerate);
    change.judge_in(cx, UPDATE_STRICT, Refusal::fitting)?;
    let wanted = asked.new_key.text();
    if let Some(secret) = wanted {
        cx.judge_as("new_key_form", new_key_well_formed(cx.settings, secret), Refusal::fitting)?;
        cx.judge_as("new_key", is_new(cx, secret)?, Refusal::fitting)?;
        guards.extend(chosen::still_new(&mint::token(secret)));
    }
    cx.settled()?;
    may_learn(cx, caller, &stored.key, &change)?;
    let row = rotated(cx.settings, change.row().map_err(Refusal::fitting)?, cx.now());
    let secret = wanted.map_or_else(|| Secret::random(cx.random()), |secret| Secret::new(secret.to_owned()));
    let renewed = Renewed::with(cx, secret, stamp::changed(cx, caller, row));
    if cx.closes(Hole::keys_hand_on_their_limits) {
        may_hold_within_limits(&change, &renewed.row).map_err(Refusal::fitting)?;
    }
    guards.extend(stored.new_owner(cx, caller, &renewed.row)?);
    let grace = asked.grace_period.text();
    let (writes, unmoved) =
        history.rotate(cx.now(), &stored.key, &renewed.row, grace).map_err(Refusal::fitting)?;
    let (new, request) = (|| custom_rule::shown(cx.settings, &renewed.row), &change.fields);
    Change { operation: "key_regenerate", old: Some(&stored.key), new, request }.ask(
        cx,
        caller,
        Refusal::fitting,
    )?;

    let mut reply = renewed.reply(cx.settings);
    reply.set("duration", change.text("duration").into());
    reply.set("key_id", history.key_id(&stored.key).into());
    let mut outcome = Outcome::reply(reply);
    outcome.writes.extend(stored.further_writes(cx, &change)?);
    Stored::promise(&change, &mut outcome.writes, &mut guards);
    outcome.writes.extend(changed(&stored.key, &renewed.row));
    outcome.writes.extend(writes);
    outcome.guards = guards;
    outcome.guards.extend(unmoved);
    outcome.events = vec![renewed.event()];
    Ok(outcome)
}

/// Whether no key has or had the secret: the key itself, too, gets another one.
fn is_new(cx: &Context<'_>, secret: &str) -> Result<Said, Halt> {
    let token = mint::token(secret);
    cx.foresee([Query::Caller { token: token.clone() }]);
    cx.foresee(chosen::queries(&token));
    let is_there = cx.caller_rows(&token)?.is_some() || chosen::was_issued(cx, &token)?;
    Ok(if is_there { Err(secret_exists("new_key")) } else { Ok(Passed::Allowed) })
}

/// Whether the caller may learn a secret of the key, with which one calls and has what the key may.
fn may_learn(
    cx: &Context<'_>,
    caller: &Caller,
    key: &VirtualKey,
    change: &KeyDraft<'_>,
) -> Result<(), Refusal> {
    if cx.closes(Hole::keys_hand_on_their_routes) {
        may_renew(caller.key.as_ref(), key)?;
    }
    match cx.closes(Hole::keys_are_changed_by_their_own) {
        true => may_hold(caller, change.standing, key).map_err(Refusal::fitting),
        false => Ok(()),
    }
}

/// A key with its new secret, which is shown once and never stored.
struct Renewed {
    secret: Secret,
    row: VirtualKey,
}

impl Renewed {
    fn with(cx: &Context<'_>, secret: Secret, row: VirtualKey) -> Self {
        let row = VirtualKey {
            token: secret.token(),
            key_name: Some(secret.name()),
            updated_at: Some(cx.now()),
            ..row
        };
        Self { secret, row }
    }

    fn reply(&self, settings: &Settings) -> Json {
        let issued = Issued {
            key: self.secret.clone(),
            row: self.row.clone(),
            budget: None,
            writes: Vec::new(),
            guards: Vec::new(),
            events: Vec::new(),
        };
        let mut reply = issue::reply(settings, &issued, Json::Null);
        reply.set("token", Json::Null);
        reply
    }

    fn event(&self) -> Event {
        Event { event: "key_regenerated".into(), object: self.row.token.clone() }
    }
}

/// The reference takes for a key what has `sk` anywhere in it, and anything else for a hash.
fn reference_token(key_or_token: &str) -> String {
    if key_or_token.contains("sk") { mint::token(key_or_token) } else { key_or_token.to_owned() }
}

fn licensed(cx: &Context<'_>) -> Result<(), Refusal> {
    if cx.settings.premium_user {
        return Ok(());
    }
    let refusal = Refusal::raised(Code::LicenceRequired, messages::regenerate_not_premium());
    Err(cx.wrapping(wrapped)(refusal))
}

fn key_missing() -> Refusal {
    request::invalid(&[Problem::missing(&Json::empty_dict()).under("key").under("body")])
}

fn two_keys() -> Refusal {
    let message = "the path and `key` in the body name different keys";
    Refusal::http(Code::RequestInvalid, 400, dict! { "error" => message }).on("key")
}

fn unknown(key: &str) -> Refusal {
    let message = dict! { "error" => messages::regenerated_key_not_found(key) };
    wrapped(Refusal::http(Code::KeyUnknown, 404, message))
}

fn wrapped(refusal: Refusal) -> Refusal {
    refusal.wrapped(Kind::InternalServerError, "")
}
