//! Amounts and limits are finite and not negative (the reference takes `NaN`, which no spending ever exceeds).

use super::compare::compare;
use super::{KeyDraft, Passed, Verdict};
use crate::error::{Code, Kind, Refusal};
use crate::json::{Json, str_of};

/// The fields that hold an amount or a limit.
const FIELDS: &[&str] =
    &["max_budget", "soft_budget", "spend", "max_parallel_requests", "tpm_limit", "rpm_limit"];

/// Judges every amount of the draft.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let plain = FIELDS.iter().filter_map(|name| judge(name, draft.get(name)?).err());
    let by_model = ["model_rpm_limit", "model_tpm_limit"].into_iter().flat_map(|name| {
        let members = draft.get(name).and_then(Json::as_dict).unwrap_or_default();
        members.iter().filter_map(move |(model, value)| judge(&format!("{name}.{model}"), value).err())
    });
    Refusal::all(plain.chain(by_model)).map(|()| Passed::Allowed)
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
