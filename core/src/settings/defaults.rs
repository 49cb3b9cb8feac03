//! What the operator presets for keys and for internal users.

use super::section::{Section, unknown};
use super::{Profile, UpperBounds};
use crate::rules::{is_above, key_fields};
use crate::types::{GenerateKeyRequest, Model, NewUserRequest};
use latchkey_contract::duration::Duration;
use latchkey_contract::json::{Json, Name};

/// The name of the section for keys.
const OF_KEYS: &str = "default_key_generate_params";

const AMOUNT: &str = "must be a finite amount, zero or more";

/// The name of a preset that is for the dashboard.
pub(crate) const PRESET_FOR_DASHBOARD: &str = "available_teams";

/// What may be preset although a request cannot set it.
pub(crate) const PRESET_FOR_USERS: &[&str] =
    &["organization_id", "budget_id", "key_max_budget", "key_budget_duration", PRESET_FOR_DASHBOARD];

const DURATION: &str = "must be a duration such as `30s`, `15m`, `12h`, `7d`, `2w` or `3mo`";

/// `default_key_generate_params`. Strict takes defaults only for the fields that get one, and only such as fit them; a
/// default above its upper bound would refuse every request that leaves the field out.
pub(super) fn of_keys(
    litellm: &Section<'_>,
    profile: Profile,
    bounds: Option<&UpperBounds>,
) -> Option<Vec<(Name, Json)>> {
    let section = litellm.section(OF_KEYS);
    if !section.present() {
        return None;
    }
    if !profile.is_strict() {
        return Some(section.members().to_vec());
    }
    let known: Vec<&str> = key_fields::preset().collect();
    let mut read = Vec::new();
    for (name, value) in section.members() {
        if !known.contains(&&**name) {
            let is_field = GenerateKeyRequest::fields().iter().any(|field| field.name == name);
            section.complain(name, if is_field { no_default(name) } else { unknown(name, &known) });
        } else if !value.is_null() {
            read.extend(
                fitting::<GenerateKeyRequest>(&section, name, value).map(|value| (name.clone(), value)),
            );
        }
    }
    for (name, value) in &read {
        let bound = bounds.and_then(|bounds| bounds.get(name));
        if bound.is_some_and(|bound| is_above(name, value, &bound)) {
            section.complain(name, "is above the bound in `upperbound_key_generate_params`");
        }
    }
    Some(read)
}

/// What `default_key_generate_params` says, whether or not it can be meant.
pub(super) fn written_of_keys(litellm: &Section<'_>, profile: Profile) -> Option<Vec<(Name, Json)>> {
    let section = litellm.section(OF_KEYS);
    if !section.present() {
        return None;
    }
    if !profile.is_strict() {
        return Some(section.members().to_vec());
    }
    let known = |name: &str| key_fields::preset().any(|known| known == name);
    let members = section.members().iter().filter(|(name, value)| known(name) && !value.is_null());
    let fitting = |(name, value): &(Name, Json)| {
        fitting::<GenerateKeyRequest>(&section, name, value).map(|value| (name.clone(), value))
    };
    Some(members.filter_map(fitting).collect())
}

fn no_default(name: &str) -> String {
    format!("no default is given for `{name}`: leave it out here")
}

/// `default_internal_user_params`
pub(super) fn of_users(litellm: &Section<'_>, strict: bool) -> Vec<(Name, Json)> {
    let section = litellm.section("default_internal_user_params");
    if strict {
        let fields = NewUserRequest::fields();
        let known: Vec<&str> =
            fields.iter().map(|field| field.name).chain(PRESET_FOR_USERS.iter().copied()).collect();
        section.only(&known);
        for (name, value) in section.members().iter().filter(|(_, value)| !value.is_null()) {
            if fields.iter().any(|field| field.name == name) {
                fitting::<NewUserRequest>(&section, name, value);
            }
        }
    }
    section.members().to_vec()
}

/// An amount that users get.
pub(super) fn amount(litellm: &Section<'_>, name: &str, strict: bool) -> Option<f64> {
    let amount = litellm.float(name)?;
    if strict {
        litellm.must_be_number(name);
    }
    if strict && (!amount.is_finite() || amount < 0.0) {
        litellm.complain(name, AMOUNT);
    }
    Some(amount)
}

/// A duration that users get.
pub(super) fn duration(litellm: &Section<'_>, name: &str, strict: bool) -> Option<String> {
    let text = litellm.text(name)?;
    if strict && Duration::parse(&text).is_err() {
        litellm.complain(name, DURATION);
    }
    Some(text)
}

/// The value as the field holds it; nothing if it does not fit, which is noted.
fn fitting<M: Model>(section: &Section<'_>, name: &str, value: &Json) -> Option<Json> {
    let Ok(model) = M::read_model(&Json::Dict(vec![(name.to_owned().into(), value.clone())])) else {
        section.complain(name, "does not fit the field it is a default for");
        return None;
    };
    let value = model.get(name).and_then(crate::types::Field::into_value)?;
    match &value {
        Json::Str(text) if name.ends_with("duration") && Duration::parse(text).is_err() => {
            section.complain(name, DURATION);
            None
        }
        Json::Float(amount) if !amount.is_finite() || *amount < 0.0 => {
            section.complain(name, AMOUNT);
            None
        }
        Json::Int(amount) if *amount < 0 => {
            section.complain(name, "must be zero or more");
            None
        }
        _ => Some(value),
    }
}
