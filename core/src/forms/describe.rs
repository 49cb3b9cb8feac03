//! `describe`: what a caller may enter into a form, as JSON Schema.

use crate::caller::{Caller, DASHBOARD_TEAM_ID};
use crate::deviations::Hole;
use crate::forms::Input;
use crate::rules::key_fields::named;
use crate::rules::{KeyDraft, Known, compare, effective_defaults, shown_limits};
use crate::settings::Settings;
use crate::types::{FieldInfo, GenerateKeyRequest, Kind, Model as _};
use crate::verdict::Verdict;
use latchkey_contract::amounts::is_amount;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::tables::{Millis, Team};
use std::cmp::Ordering;

/// Describes the form for a new key: `{caller, team?, now}` in, a JSON Schema out, with `x-latchkey-…` members for what
/// JSON Schema cannot say.
pub(crate) fn describe(settings: &Settings, input: &[u8]) -> Json {
    let parsed = read(input, &Limits::STORED).map_err(|error| format!("describe input is {error}"));
    let asked = parsed.and_then(|mut value| {
        if value.get("operation").is_none() {
            value.set("operation", "key_generate".into());
        }
        Input::read(&value)
    });
    match asked {
        Ok(input) => form(settings, &input),
        Err(message) => dict! { "error" => message },
    }
}

fn form(settings: &Settings, input: &Input) -> Json {
    let team = input.team.as_ref().present();
    let limits = if settings.closes(Hole::keys_hand_on_their_limits) {
        shown_limits(&input.caller)
    } else {
        Json::Null
    };
    let properties = GenerateKeyRequest::fields()
        .into_iter()
        .filter(|field| settings.knows(field))
        .map(|field| (field.name.into(), property(settings, &input.caller, &limits, team, field)))
        .collect();
    dict! {
        "$schema" => "https://json-schema.org/draft/2020-12/schema",
        "title" => "key_generate",
        "type" => "object",
        "properties" => Json::Dict(properties),
        "required" => required(settings, team),
        "x-latchkey-refused" => refused(settings, input, team),
    }
}

fn property(
    settings: &Settings,
    caller: &Caller,
    limits: &Json,
    team: Option<&Team>,
    field: FieldInfo,
) -> Json {
    let mut schema = schema(field.kind, field.nullable);
    schema.set("description", field.about.into());
    if let Some(default) = default(settings, field.name) {
        schema.set("default", default);
    }
    let bound = settings.upper_bounds.as_ref().and_then(|bounds| bounds.get(field.name));
    let is_amount = is_amount(field.name);
    if is_amount && settings.closes(Hole::amounts_are_finite_and_not_negative) {
        schema.set("minimum", 0.into());
    }
    if let Some(bound) = bound {
        let name = if is_amount { "maximum" } else { "x-latchkey-longest" };
        schema.set(name, bound.clone());
        if schema.get("default").is_none() {
            schema.set("default", bound);
        }
    }
    limit(&mut schema, field.name, limits);
    if !caller.is_proxy_admin() {
        match field.name {
            "user_id" => schema.set("enum", one_of(caller.user_id.as_deref())),
            "team_id" if caller.team_id.as_deref() != Some(DASHBOARD_TEAM_ID) => {
                let own = team.map(|team| team.team_id.as_str()).or(caller.team_id.as_deref());
                schema.set("enum", one_of(own));
            }
            name if named(name).is_some_and(|field| field.is_for_admins(settings)) => {
                schema.set("readOnly", true.into());
            }
            _ => {}
        }
    }
    if matches!(field.name, "tags" | "model_max_budget") && !settings.premium_user {
        schema.set("x-latchkey-licence", true.into());
    }
    schema
}

/// What the calling key hands on of a field at the most, which is also what a new key gets where nothing is entered.
fn limit(schema: &mut Json, name: &str, limits: &Json) {
    let in_metadata = limits.get("metadata").and_then(|metadata| metadata.get(name));
    let own = if name == "duration" { limits.get("expires") } else { limits.get(name).or(in_metadata) };
    let Some(own) = own.cloned() else { return };
    match (name, &own) {
        ("duration", Json::Int(moment)) => {
            schema.set("x-latchkey-latest", crate::time::iso_micros(Millis(*moment)).into());
            return;
        }
        _ if is_amount(name) => {
            let is_lower =
                schema.get("maximum").is_none_or(|bound| compare(&own, bound) == Some(Ordering::Less));
            if !is_lower {
                return;
            }
            schema.set("maximum", own.clone());
        }
        _ => schema.set("x-latchkey-limit", own.clone()),
    }
    let exceeds = |default: &Json| compare(default, &own) == Some(Ordering::Greater);
    if !is_amount(name) || schema.get("default").is_none_or(exceeds) {
        schema.set("default", own);
    }
}

/// The one value a caller may enter, or nothing.
fn one_of(value: Option<&str>) -> Json {
    Json::List(value.into_iter().map(Json::from).chain([Json::Null]).collect())
}

fn default(settings: &Settings, name: &str) -> Option<Json> {
    effective_defaults(settings).find(|(field, _)| *field == name).map(|(_, value)| value.clone())
}

/// The fields the operator requires of this caller.
fn required(settings: &Settings, team: Option<&Team>) -> Vec<String> {
    let Some(rules) = settings.key_generation.as_ref() else { return Vec::new() };
    let required = if team.is_some() {
        rules.team.as_ref().map(|rules| &rules.required_params)
    } else {
        rules.personal.as_ref().map(|rules| &rules.required_params)
    };
    required.cloned().unwrap_or_default()
}

/// Why this caller could create no key at all, whatever is entered: the refusals of an empty form, but for what is
/// merely required.
fn refused(settings: &Settings, input: &Input, team: Option<&Team>) -> Json {
    let request = team.map_or_else(Json::empty_dict, |team| dict! { "team_id" => team.team_id.clone() });
    let mut draft = KeyDraft {
        team: team.map_or(Known::Unknown, Known::Present),
        ..KeyDraft::new(settings, &input.caller, input.now, &request)
    };
    let mut verdict = Verdict::default();
    for rule in draft.rules() {
        let said = rule.judge(&mut draft);
        if said.as_ref().is_err_and(|refusal| refusal.code != crate::error::Code::ParamRequired) {
            verdict.heard(rule.name, said);
        }
    }
    verdict.to_json().get("violations").cloned().unwrap_or(Json::Null)
}

/// The JSON Schema of a kind of value.
pub(crate) fn schema(kind: Kind, nullable: bool) -> Json {
    schema_with(kind, nullable, &mut |name, fields, nullable| {
        let members =
            fields().into_iter().map(|field| (field.name.into(), schema(field.kind, field.nullable)));
        let properties = Json::Dict(members.collect());
        let mut model = typed("object", nullable);
        model.set("title", name.into());
        model.set("properties", properties);
        model
    })
}

/// How a model stands in a schema: by its name, its fields, and whether it may be `null`.
pub(crate) type OfModel<'f> = dyn FnMut(&'static str, fn() -> Vec<FieldInfo>, bool) -> Json + 'f;

/// The JSON Schema of a kind of value; `of_model` gives that of a model.
pub(crate) fn schema_with(kind: Kind, nullable: bool, of_model: &mut OfModel<'_>) -> Json {
    match kind {
        Kind::Any => Json::empty_dict(),
        Kind::Text => typed("string", nullable),
        Kind::Integer => typed("integer", nullable),
        Kind::Number => typed("number", nullable),
        Kind::Boolean => typed("boolean", nullable),
        Kind::Time => {
            let mut schema = typed("string", nullable);
            schema.set("format", "date-time".into());
            schema
        }
        Kind::Choice(words) => {
            let null = nullable.then_some(Json::Null);
            dict! { "enum" => Json::List(words.iter().map(|word| Json::from(*word)).chain(null).collect()) }
        }
        Kind::List(item) => {
            let mut list = typed("array", nullable);
            list.set("items", schema_with(*item, false, of_model));
            list
        }
        Kind::Dict(value) => {
            let mut dict = typed("object", nullable);
            dict.set("additionalProperties", schema_with(*value, false, of_model));
            dict
        }
        Kind::Model(name, fields) => of_model(name, fields, nullable),
        Kind::AnyOf(kinds) => {
            let null = nullable.then(|| dict! { "type" => "null" });
            let kinds = kinds.iter().map(|kind| schema_with(*kind, false, of_model));
            dict! { "anyOf" => Json::List(kinds.chain(null).collect()) }
        }
    }
}

fn typed(name: &str, nullable: bool) -> Json {
    let name = Json::from(name);
    dict! { "type" => if nullable { Json::List(vec![name, "null".into()]) } else { name } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_offers_no_field_that_the_rules_keep_for_proxy_admins() {
        let settings = Settings::default();
        let caller = dict! { "user_role" => "internal_user", "user_id" => "u" };
        let question = dict! { "operation" => "key_generate", "caller" => caller, "now" => 1_000 };
        let form = describe(&settings, latchkey_contract::json::write(&question).as_bytes());
        for field in GenerateKeyRequest::fields() {
            let sample: Json = match field.kind {
                Kind::Text => "x".into(),
                Kind::Dict(_) => dict! { "x" => 1 },
                _ => continue,
            };
            let mut asked = question.clone();
            asked.set("request", dict! { field.name => sample });
            let verdict = crate::forms::check(&settings, latchkey_contract::json::write(&asked).as_bytes());
            let violations = verdict.get("violations").and_then(Json::as_list).unwrap_or_default();
            let is_kept =
                violations.iter().any(|violation| violation.get("code") == Some(&"admin_field".into()));
            let properties = form.get("properties").and_then(|all| all.get(field.name));
            let is_offered = properties.and_then(|field| field.get("readOnly")) != Some(&Json::Bool(true));
            assert_eq!(is_kept, !is_offered, "{}", field.name);
        }
    }

    #[test]
    fn a_form_shows_what_the_calling_key_hands_on() {
        let settings = Settings::default();
        let input = dict! {
            "caller" => dict! {
                "user_role" => "internal_user",
                "user_id" => "u",
                "max_budget" => 5,
                "limits" => dict! {
                    "rpm_limit" => 3,
                    "expires" => 86_400_000,
                    "models" => vec!["gpt-4".to_owned()],
                    "metadata" => dict! { "guardrails" => vec!["pii".to_owned()] },
                },
            },
            "now" => 1_000,
        };
        let form = describe(&settings, latchkey_contract::json::write(&input).as_bytes());
        let of = |field: &str, name: &str| form.get("properties")?.get(field)?.get(name).cloned();
        assert_eq!(of("rpm_limit", "maximum"), Some(Json::Int(3)));
        assert_eq!(of("max_budget", "maximum"), Some(Json::Float(5.0)));
        assert_eq!(of("duration", "x-latchkey-latest"), Some("1970-01-02T00:00:00.000000Z".into()));
        assert_eq!(of("models", "x-latchkey-limit"), Some(vec!["gpt-4".to_owned()].into()));
        assert_eq!(of("guardrails", "default"), Some(vec!["pii".to_owned()].into()));
        assert_eq!(of("tpm_limit", "maximum"), None);
    }
}
