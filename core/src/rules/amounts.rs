//! Amounts and limits are finite and not negative (the reference takes `NaN`, which no spending ever exceeds).

use super::compare::compare;
use super::{KeyDraft, key_fields};
use crate::error::{Code, Kind, Refusal};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::{Json, str_of};

/// Judges every amount of the draft.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    judge_all(|name| draft.get(name))
}

/// Judges every amount of a request, whose fields `asked` gives by name.
pub(super) fn judge_all<'v>(asked: impl Fn(&str) -> Option<&'v Json> + Copy) -> Said {
    let plain = key_fields::amounts().filter_map(|name| judge(name, asked(name)?).err());
    let by_model = key_fields::amounts_by_model().flat_map(|name| judge_models(name, asked(name)));
    // LiteLLM keeps limits by model in the metadata
    let metadata = asked("metadata");
    let noted = key_fields::amounts_by_model()
        .flat_map(|name| judge_models(name, metadata.and_then(|all| all.get(name))));
    Refusal::all(plain.chain(by_model).chain(noted)).map(|()| Passed::Allowed)
}

/// What is wrong with the limits in the field `name`, an object by model.
pub(crate) fn judge_models<'v>(
    name: &'v str,
    limits: Option<&'v Json>,
) -> impl Iterator<Item = Refusal> + 'v {
    let members = limits.and_then(Json::as_dict).unwrap_or_default();
    members.iter().filter_map(move |(model, value)| judge_positive(&format!("{name}.{model}"), value).err())
}

/// Whether `value` may limit where zero is no limit.
pub(crate) fn judge_positive(name: &str, value: &Json) -> Result<(), Refusal> {
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
