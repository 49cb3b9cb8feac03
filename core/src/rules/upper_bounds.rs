//! The operator's upper bounds (`upperbound_key_generate_params`): what is above one is refused, what is absent from a new key
//! or `null` gets the bound. The reference compares only when a key is made.

use super::compare::compare;
use super::time_span;
use super::{KeyDraft, key_fields};
use crate::error::{Code, Refusal, messages};
use crate::settings::{Profile, UpperBounds};
use crate::verdict::{Passed, Said, Source};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, str_of};
use latchkey_contract::tables::Millis;

/// Fills and compares.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let Some(bounds) = draft.settings.upper_bounds.as_ref() else { return Ok(Passed::NotApplicable) };
    let mut passed = Passed::Allowed;
    let mut objections = Vec::new();
    for name in key_fields::bounded() {
        let Some(bound) = bounds.get(name) else { continue };
        match draft.fields.get(name) {
            // a change leaves what it does not mention
            None if draft.before.is_some() => {}
            None | Some(Json::Null) => {
                draft.set(name, bound, Source::UpperBound);
                passed = Passed::Changed;
            }
            Some(value) => {
                objections.extend(judge(draft.settings.profile, draft.now, name, value, &bound).err());
            }
        }
    }
    Refusal::all(objections)?;
    Ok(passed)
}

/// Compares one value with its bound.
pub(super) fn judge(
    profile: Profile,
    now: Millis,
    name: &str,
    value: &Json,
    bound: &Json,
) -> Result<(), Refusal> {
    let above = match (value.as_str(), bound.as_str()) {
        (Some(value), Some(bound)) => {
            let seconds = |text| time_span::seconds(profile, text, now).map_err(|refusal| refusal.on(name));
            let limit = seconds(bound)?;
            seconds(value)? > limit
        }
        _ => compare(value, bound).is_none_or(std::cmp::Ordering::is_gt) && !is_nan(value),
    };
    if above { Err(over(name, value, bound)) } else { Ok(()) }
}

/// Whether a default of strict is above its bound, at any time.
pub(crate) fn is_above(name: &str, value: &Json, bound: &Json) -> bool {
    judge(Profile::Strict, Millis(0), name, value, bound).is_err()
}

/// NaN is above nothing to Python; strict has refused it before.
fn is_nan(value: &Json) -> bool {
    matches!(value, Json::Float(number) if number.is_nan())
}

/// The refusal of a value above its bound.
pub(crate) fn over(name: &str, value: &Json, bound: &Json) -> Refusal {
    let message = messages::over_max_limit(name, &str_of(value), &str_of(bound));
    Refusal::http(Code::AboveUpperBound, 400, dict! { "error" => message }).on(name)
}

impl UpperBounds {
    /// The bounds there are, by field.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, Json)> {
        key_fields::bounded().filter_map(|name| Some((name, self.get(name)?)))
    }

    /// The bound on a field, as JSON.
    pub fn get(&self, name: &str) -> Option<Json> {
        match name {
            "max_budget" => self.max_budget.map(Json::Float),
            "budget_duration" => self.budget_duration.clone().map(Json::Str),
            "duration" => self.duration.clone().map(Json::Str),
            "max_parallel_requests" => self.max_parallel_requests.as_ref().map(Into::into),
            "tpm_limit" => self.tpm_limit.as_ref().map(Into::into),
            "rpm_limit" => self.rpm_limit.as_ref().map(Into::into),
            _ => None,
        }
    }
}
