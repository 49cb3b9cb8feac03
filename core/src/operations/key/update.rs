//! `POST /key/update`: changes a virtual key.

use super::alias;
use super::change::{Stored, fields};
use super::stamp;
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::http::request::Request;
use crate::operations::custom_rule::{self, Change};
use crate::rules::{KeyRoute, access, unknown_key};
use crate::settings::Settings;
use crate::types::{Model as _, UpdateKeyRequest};
use latchkey_contract::json::Json;
use latchkey_contract::mint;
use latchkey_contract::tables::{Millis, VirtualKey};
use latchkey_contract::wire::{Event, Guard, Write, changed};

/// Judges the change and carries it out.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let by_alias = alias::resolved(cx, caller, request)?;
    let asked: UpdateKeyRequest = by_alias.as_ref().unwrap_or(request).model()?;
    let fields = fields(asked.dump_set());
    if !cx.closes(Hole::keys_are_changed_by_their_own) {
        access(cx.settings, caller, &fields).map_err(wrapped)?;
    }
    let Some(stored) = Stored::read(cx, caller, &mint::token_if_key(&asked.key), &fields)? else {
        return Err(unknown(cx, &asked.key).into());
    };
    let wrap = cx.wrapping(wrapped);
    stored.manageable(cx, caller).map_err(wrap)?;
    let Changed { row, writes, guards } = Changed::of(cx, caller, &stored, &fields, wrap)?;
    let mut reply = full_row(cx.settings, &row, crate::time::isoformat);
    reply.set("key", asked.key.into());
    let mut outcome = Outcome::reply(reply);
    outcome.guards = guards;
    outcome.writes = writes;
    outcome.events = vec![Event { event: "key_updated".into(), object: row.token }];
    Ok(outcome)
}

/// A change that may be made.
#[derive(Debug)]
pub(crate) struct Changed {
    /// The key as it will be.
    pub(crate) row: VirtualKey,
    /// What to store.
    pub(crate) writes: Vec<Write>,
    /// Under which conditions.
    pub(crate) guards: Vec<Guard>,
}

impl Changed {
    /// Judges the change that `fields` ask for by all rules, the operator's own among them.
    pub(crate) fn of(
        cx: &Context<'_>,
        caller: &Caller,
        stored: &Stored,
        fields: &Json,
        wrap: fn(Refusal) -> Refusal,
    ) -> Result<Self, Halt> {
        let mut guards = stored.guards(cx);
        guards.extend(stored.alias_free(fields));
        let mut change = stored.change(cx, caller, fields, KeyRoute::Update);
        change.judge_in(cx, change.rules(), wrap)?;
        change.settle(cx)?;
        let row = stamp::changed(cx, caller, change.row().map_err(wrap)?);
        guards.extend(stored.new_owner(cx, caller, &row)?);
        if cx.closes(Hole::custom_rule_judges_changes) {
            let (new, request) = (|| custom_rule::shown(cx.settings, &row), &change.fields);
            Change { operation: "key_update", old: Some(&stored.key), new, request }.ask(cx, caller, wrap)?;
        }
        let mut writes = stored.further_writes(cx, &change).map_err(wrap)?;
        Stored::promise(&change, &mut writes, &mut guards);
        writes.extend(changed(&stored.key, &row));
        Ok(Self { row, writes, guards })
    }
}

/// A key as the reference's database client prints it when no relation was asked for.
pub(crate) fn full_row(settings: &Settings, key: &VirtualKey, zone: fn(Millis) -> String) -> Json {
    let mut row = view::columns(settings, key, zone);
    row.set("litellm_budget_table", Json::Null);
    row
}

/// The reference answers 401 and echoes the key.
fn unknown(cx: &Context<'_>, key: &str) -> Refusal {
    if cx.closes(Hole::unknown_and_foreign_keys_answer_alike) {
        return unknown_key();
    }
    wrapped(Refusal::http(Code::KeyUnknown, 401, messages::user_key_not_in_db(key)))
}

/// The reference calls what goes wrong here an authentication error, whatever it is.
fn wrapped(refusal: Refusal) -> Refusal {
    refusal.wrapped(Kind::AuthError, messages::AUTHENTICATION_ERROR_PREFIX)
}
