//! Amounts and limits are finite and not negative (the reference takes `NaN`, which no spending ever exceeds).

use super::compare::compare;
use super::{KeyDraft, Passed, Verdict};
use crate::error::{Code, Kind, Refusal};
use latchkey_contract::json::{Json, str_of};

/// The fields that hold an amount or a limit.
const FIELDS: &[&str] =
    &["max_budget", "soft_budget", "spend", "max_parallel_requests", "tpm_limit", "rpm_limit"];

/// The fields that hold limits by model.
pub(super) const BY_MODEL: [&str; 2] = ["model_rpm_limit", "model_tpm_limit"];

/// Judges every amount of the draft.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let plain = FIELDS.iter().filter_map(|name| judge(name, draft.get(name)?).err());
    let by_model = BY_MODEL.into_iter().flat_map(|name| judge_models(name, draft.get(name)));
    let noted = judge_metadata(draft.get("metadata"));
    Refusal::all(plain.chain(by_model).chain(noted)).map(|()| Passed::Allowed)
}

/// What is wrong with the limits by model in `metadata`, where LiteLLM keeps them.
pub(super) fn judge_metadata(metadata: Option<&Json>) -> impl Iterator<Item = Refusal> {
    BY_MODEL.into_iter().flat_map(move |name| judge_models(name, metadata.and_then(|all| all.get(name))))
}

/// What is wrong with the limits in the field `name`, an object by model.
pub(super) fn judge_models<'v>(
    name: &'v str,
    limits: Option<&'v Json>,
) -> impl Iterator<Item = Refusal> + 'v {
    let members = limits.and_then(Json::as_dict).unwrap_or_default();
    members.iter().filter_map(move |(model, value)| judge_model(&format!("{name}.{model}"), value).err())
}

/// Whether `value` may limit one model.
pub(super) fn judge_model(name: &str, value: &Json) -> Result<(), Refusal> {
    judge(name, value)?;
    if compare(value, &Json::Int(0)) != Some(std::cmp::Ordering::Equal) {
        return Ok(());
    }
    let message = format!("`{name}` must be more than zero: LiteLLM's gateway takes zero for no limit");
    Err(Refusal::error(Code::AmountInvalid, 400, Kind::BadRequestError, name, message).on(name))
}

/// Whether `value` may stand in an amount's field.
pub(crate) fn judge(name: &str, value: &Json) -> Result<(), Refusal> {
    let finite = !matches!(value, Json::Float(number) if !number.is_finite());
    if finite && compare(value, &Json::Int(0)).is_some_and(std::cmp::Ordering::is_ge) {
        return Ok(());
    }
    let message = format!("`{name}` must be a finite number, zero or more, received `{}`", str_of(value));
    Err(Refusal::error(Code::AmountInvalid, 400, Kind::BadRequestError, name, message).on(name))
}
