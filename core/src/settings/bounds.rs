//! Upper bounds of a key's fields (`litellm_settings.upperbound_key_generate_params`).

use super::UpperBounds;
use super::section::Section;
use crate::rules::key_fields;
use latchkey_contract::duration::Duration;
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;

/// The name of the section.
const SECTION: &str = "upperbound_key_generate_params";

/// The bounds. A bound that cannot be read must not silently bound nothing.
pub(super) fn read(litellm: &Section<'_>, strict: bool) -> Option<UpperBounds> {
    let section = litellm.section(SECTION);
    if strict && litellm.written(SECTION).is_some_and(Json::is_null) {
        litellm.complain(SECTION, "must be an object: leave it out where there are no bounds");
    }
    let bounds = of(&section)?;
    if strict {
        section.only(&key_fields::bounded().collect::<Vec<_>>());
        judge(&section, &bounds);
    }
    Some(bounds)
}

/// What the section says, whether or not it can be meant.
pub(super) fn written(litellm: &Section<'_>) -> Option<UpperBounds> {
    of(&litellm.section(SECTION))
}

fn of(section: &Section<'_>) -> Option<UpperBounds> {
    section.present().then(|| UpperBounds {
        max_budget: section.float("max_budget"),
        budget_duration: section.text("budget_duration"),
        duration: section.text("duration"),
        max_parallel_requests: section.integer("max_parallel_requests"),
        tpm_limit: section.integer("tpm_limit"),
        rpm_limit: section.integer("rpm_limit"),
    })
}

fn judge(section: &Section<'_>, bounds: &UpperBounds) {
    for (name, text) in [("duration", &bounds.duration), ("budget_duration", &bounds.budget_duration)] {
        if text.as_deref().is_some_and(|text| Duration::parse(text).is_err()) {
            section.complain(name, "must be a duration such as `30s`, `15m`, `12h`, `7d`, `2w` or `3mo`");
        }
    }
    for name in ["max_budget", "max_parallel_requests", "tpm_limit", "rpm_limit"] {
        section.must_be_number(name);
    }
    if bounds.max_budget.is_some_and(|amount| !amount.is_finite() || amount < 0.0) {
        section.complain("max_budget", "must be a finite amount, zero or more");
    }
    let limits = [
        ("max_parallel_requests", &bounds.max_parallel_requests),
        ("tpm_limit", &bounds.tpm_limit),
        ("rpm_limit", &bounds.rpm_limit),
    ];
    for (name, limit) in limits {
        if limit.as_ref().is_some_and(|limit| *limit < Integer::ZERO) {
            section.complain(name, "must be zero or more");
        }
    }
}
