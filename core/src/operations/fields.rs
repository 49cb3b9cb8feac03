//! The fields of a request, as values by name.

use crate::context::Context;
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal};
use crate::rules;
use crate::types::Model;
use crate::verdict::Passed;
use latchkey_contract::json::Json;
use latchkey_contract::tables::Millis;

/// All fields with what holds where they are absent.
pub(super) fn effective(asked: &impl Model) -> Json {
    object(asked.dump())
}

/// The fields the request mentions.
pub(super) fn mentioned(asked: &impl Model) -> Json {
    object(asked.dump_set())
}

fn object(dump: Vec<(&'static str, Json)>) -> Json {
    Json::from(dump)
}

/// The field called `name`; `null` where there is none.
pub(super) fn at<'f>(fields: &'f Json, name: &str) -> &'f Json {
    fields.get(name).unwrap_or(&Json::Null)
}

/// Takes the field called `name` out; `null` where there is none.
pub(super) fn take(fields: &mut Json, name: &str) -> Json {
    match fields {
        Json::Dict(members) => members
            .iter()
            .position(|(key, _)| key == name)
            .map_or(Json::Null, |index| members.remove(index).1),
        _ => Json::Null,
    }
}

/// The fields without those that are `null`, also within objects that came from models.
pub(super) fn without_null(fields: Json) -> Json {
    match fields {
        Json::Dict(members) => Json::Dict(
            members
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name, without_null(value)))
                .collect(),
        ),
        other => other,
    }
}

/// The moment a window of this length ends, `null` for none.
pub(super) fn window_end(cx: &Context<'_>, duration: &Json) -> Result<Json, Refusal> {
    let text = match duration {
        Json::Null => return Ok(Json::Null),
        Json::Str(text) => text,
        _ => {
            return Err(
                Refusal::raised(Code::DurationInvalid, "a duration must be text").on("budget_duration")
            );
        }
    };
    moment(cx, text).map(|moment| Json::Int(moment.0))
}

fn moment(cx: &Context<'_>, text: &str) -> Result<Millis, Refusal> {
    crate::duration::end(cx.settings.profile, text, cx.now())
        .map_err(|error| Refusal::raised(error.code(), error.to_string()).on("budget_duration"))
}

/// In strict: amounts and limits are finite and not negative, durations are durations. The reference takes any.
pub(super) fn judge_amounts(cx: &Context<'_>, fields: &Json) -> Result<(), Refusal> {
    if !cx.closes(Hole::team_and_user_amounts_are_judged) {
        return Ok(());
    }
    let amounts = [
        "max_budget",
        "soft_budget",
        "spend",
        "max_parallel_requests",
        "tpm_limit",
        "rpm_limit",
        "tpd_limit",
        "team_member_budget",
        "team_member_rpm_limit",
        "team_member_tpm_limit",
        "temp_budget_increase",
        "max_budget_in_organization",
    ];
    let by_model = [
        "model_rpm_limit",
        "model_tpm_limit",
        "mcp_rpm_limit",
        "tag_rpm_limit",
        "default_estimated_output_tokens_per_model",
    ];
    let by_model = by_model.into_iter().filter(|_| cx.closes(Hole::fields_of_today_are_kept));
    let by_model = by_model.flat_map(|name| rules::judge_amounts_by_model(name, fields.get(name)));
    let plain = amounts.into_iter().map(|name| (name, rules::judge_amount as fn(&str, &Json) -> _));
    let of_member: fn(&str, &Json) -> _ = match cx.closes(Hole::member_budgets_are_not_zero) {
        true => rules::judge_positive,
        false => rules::judge_amount,
    };
    let tokens: fn(&str, &Json) -> _ = rules::judge_positive;
    let others = [("max_budget_in_team", of_member), ("default_estimated_output_tokens", tokens)];
    let objections = plain.chain(others).filter_map(|(name, judge)| {
        let value = at(fields, name);
        if value.is_null() { None } else { judge(name, value).err() }
    });
    let windows = ["budget_duration", "team_member_budget_duration", "team_member_key_duration"];
    let windows = windows.into_iter().filter_map(|name| {
        let refusal = window_end(cx, at(fields, name)).err()?;
        Some(Refusal::error(refusal.code, 400, Kind::BadRequestError, name, refusal.message).on(name))
    });
    let all = objections.chain(by_model).chain(windows);
    cx.judge("amounts", Refusal::all(all).map(|()| Passed::Allowed))
}
