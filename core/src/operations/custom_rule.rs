//! Asks the operator's own rule about a key that is about to be made or changed, where the settings name one.

use super::record::record;
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::error::Refusal;
use crate::rules::custom_rule::{Question, judge};
use crate::settings::Settings;
use crate::verdict::Passed;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::VirtualKey;
use latchkey_contract::wire::Query;

/// What is about to happen to a key.
#[derive(Debug)]
pub(super) struct Change<'a, New> {
    /// The operation's name.
    pub(super) operation: &'static str,
    /// The key as it is, if it exists.
    pub(super) old: Option<&'a VirtualKey>,
    /// Gives the key as it will be.
    pub(super) new: New,
    /// The fields the request sets.
    pub(super) request: &'a Json,
}

impl<New: FnOnce() -> Json> Change<'_, New> {
    /// Passes if there is no rule or it allows the change. A refusal is wrapped as the endpoint wraps what the
    /// reference raises there.
    pub(super) fn ask(
        self,
        cx: &Context<'_>,
        caller: &Caller,
        wrap: fn(Refusal) -> Refusal,
    ) -> Result<(), Halt> {
        if cx.settings.custom_rule.is_none() {
            return Ok(());
        }
        let Self { operation, old, new, request } = self;
        let (existing_key, effective_key) = (old.map_or(Json::Null, |old| shown(cx.settings, old)), new());
        let question = Question { operation, caller, existing_key, effective_key, request };
        let said = cx.answer(&Query::CustomRule { input: question.input() })?;
        let said = judge(said.rows.message()).map(|()| Passed::Allowed);
        cx.judge_as("custom_rule", said, wrap)?;
        cx.settled()
    }
}

/// A question to try a module with before it is relied on: the master key asks for a key.
pub(crate) fn trial() -> String {
    let request = dict! { "key_alias" => "trial" };
    let key = VirtualKey { key_alias: Some("trial".to_owned()), ..VirtualKey::default() };
    let question = Question {
        operation: "key_generate",
        caller: &Caller::master(String::new()),
        existing_key: Json::Null,
        effective_key: shown(&Settings::default(), &key),
        request: &request,
    };
    question.input()
}

/// A key in the form of `/key/info`.
pub(super) fn shown(settings: &Settings, key: &VirtualKey) -> Json {
    record(settings, key, crate::time::iso_z)
}
