//! Questions about a single rule.

use super::Input;
use crate::auth::{KnownUser, Visitor, route_access};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::rules;
use crate::settings::Settings;
use crate::verdict::{Passed, Verdict};
use latchkey_contract::json::Json;
use latchkey_contract::{dict, mint};

/// Answers the question called `name`; `None` if there is none of this name.
pub(super) fn ask(name: &str, settings: &Settings, input: &Input) -> Option<Verdict> {
    Some(match name {
        "key_delete" => key_delete(settings, input),
        "key_info" => key_info(settings, input),
        "route" => route(settings, input),
        "duration" => duration(settings, input),
        "model_max_budget" => model_max_budget(settings, input),
        "hash_token" => Verdict::answer(mint::token_if_key(text(input, "token"))),
        _ => return None,
    })
}

fn text<'a>(input: &'a Input, name: &str) -> &'a str {
    input.request.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// May the caller see `existing_key`, named as `key`?
fn key_info(settings: &Settings, input: &Input) -> Verdict {
    let key = input.existing_key.clone().unwrap_or_default();
    let team = input.team_called(key.team_id.as_deref());
    let said = rules::may_see_key(settings, &input.caller, text(input, "key"), &key, team.present());
    let mut verdict = Verdict::default();
    let may_turn_out = settings.closes(Hole::team_admin_sees_team_keys);
    let is_open = may_turn_out && said.is_err() && rules::may_administer(&input.caller, &key, team);
    let passed = said.map(|()| Passed::Allowed);
    verdict.heard("see_key", if is_open { Ok(Passed::Unknown) } else { passed });
    verdict
}

/// May the caller delete `existing_key`?
fn key_delete(settings: &Settings, input: &Input) -> Verdict {
    let key = input.existing_key.clone().unwrap_or_default();
    let mut verdict = Verdict::default();
    let team = input.team_called(key.team_id.as_deref());
    let said = if settings.closes(Hole::deletions_are_whole) {
        let standing = rules::may_manage_if_known(&input.caller, &key, team);
        standing.map(|standing| standing.map_or(Passed::Unknown, |_| Passed::Allowed))
    } else {
        rules::delete::may_delete(settings, &input.caller, &key, team.present()).and_then(|may| {
            let refusal =
                || Refusal::http(Code::NotOwner, 403, dict! { "error" => messages::MAY_NOT_DELETE });
            may.then_some(Passed::Allowed).ok_or_else(refusal)
        })
    };
    verdict.heard("delete", said);
    verdict
}

/// How many seconds is `duration`?
fn duration(settings: &Settings, input: &Input) -> Verdict {
    let mut verdict = Verdict::default();
    match rules::duration_seconds(settings.profile, text(input, "duration"), input.now) {
        Ok(seconds) => verdict.effective = Some(seconds.into()),
        Err(refusal) => verdict.refused("duration", refusal.on("duration")),
    }
    verdict
}

/// Is `value` a budget by model?
fn model_max_budget(settings: &Settings, input: &Input) -> Verdict {
    let mut verdict = Verdict::default();
    let value = input.request.get("model_max_budget").cloned().unwrap_or(Json::Null);
    match rules::validate_model_max_budget(settings, &value) {
        Ok(value) => verdict.effective = Some(value),
        Err(refusal) => verdict.refused("model_max_budget", refusal),
    }
    verdict
}

/// May a holder of a key, not the master key, call a route?
fn route(settings: &Settings, input: &Input) -> Verdict {
    let member = |name: &str| input.request.get(name).cloned().unwrap_or(Json::Null);
    let query: Vec<(String, String)> = member("query")
        .as_dict()
        .unwrap_or_default()
        .iter()
        .map(|(name, value)| (name.to_string(), latchkey_contract::json::str_of(value)))
        .collect();
    // without a role there is no user behind the key
    let user_id = input.caller.user_role.and(input.caller.user_id.as_deref());
    let user = input
        .caller
        .user_role
        .map(|role| KnownUser { role: Some(role.as_str()), user_id: user_id.unwrap_or_default() });
    let visitor = Visitor { user, key_user_id: user_id, ..Visitor::default() };
    let said = route_access(settings, &visitor, text(input, "route"), &query, &member("body"));
    let mut verdict = Verdict::default();
    verdict.heard("route", said.map(|()| Passed::Allowed));
    verdict
}
