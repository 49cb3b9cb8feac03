//! From a config.yaml, as JSON, to [`Settings`].

use super::section::{Problem, Section};
use super::{FROM_ENVIRONMENT, KeyGeneration, KeyLimit, Model, Probes, Profile, Settings, UpperBounds};
use crate::json::Json;
use crate::mint;
use crate::tables::Lacking;
use std::cell::RefCell;

/// Reads the settings, or says everything that is wrong with them.
pub fn read(config: &Json) -> Result<Settings, Vec<Problem>> {
    let problems = RefCell::new(Vec::new());
    let root = Section::root(config, &problems);
    let settings = assemble(&root);
    let problems = problems.take();
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

fn assemble(root: &Section<'_>) -> Settings {
    let general = root.section("general_settings");
    let litellm = root.section("litellm_settings");
    let own = root.section("latchkey");
    own.only(&[
        "profile",
        "premium_user",
        "master_key_sha256",
        "probes",
        "max_keys_per_user",
        "max_keys_per_team",
        "store_lacks",
    ]);
    let profile = profile(&own);
    let upper_bounds = UpperBounds::read(&litellm.section("upperbound_key_generate_params"));
    let defaults = litellm.section("default_key_generate_params");
    if profile.is_strict() {
        judge_bounds(&litellm, upper_bounds.as_ref());
        judge_defaults(&defaults);
        if general.texts("allowed_ips").is_some_and(|addresses| !addresses.is_empty()) {
            let why =
                "is not supported: restrict who may connect in front of the server, and leave it out here";
            general.complain("allowed_ips", why);
        }
    }
    Settings {
        profile,
        premium_user: own.flag("premium_user").unwrap_or(profile.is_strict()),
        master_key_sha256: master_key(&general, &own),
        key_header_name: general.text("litellm_key_header_name").map(|name| name.to_ascii_lowercase()),
        admin_only_routes: general.texts("admin_only_routes"),
        allowed_routes: general.texts("allowed_routes"),
        public_routes: general.texts("public_routes").unwrap_or_default(),
        allow_client_side_credentials: general.flag("allow_client_side_credentials").unwrap_or(false),
        service_account_params: general
            .section("service_account_settings")
            .texts("enforced_params")
            .unwrap_or_default(),
        email_alerting: general
            .texts("alerting")
            .is_some_and(|names| names.iter().any(|name| name == "email")),
        store_audit_logs: litellm.flag("store_audit_logs").unwrap_or(false),
        custom_rule: custom_rule(&general),
        key_generation: KeyGeneration::read(&litellm.section("key_generation_settings")),
        default_key_params: defaults.present().then(|| defaults.members().to_vec()),
        upper_bounds,
        default_user_params: litellm.section("default_internal_user_params").members().to_vec(),
        max_user_budget: litellm.float("max_internal_user_budget"),
        user_budget_duration: litellm.text("internal_user_budget_duration"),
        max_keys_per_user: key_limit(&own, "max_keys_per_user"),
        max_keys_per_team: key_limit(&own, "max_keys_per_team"),
        probes: Probes::read(&own.section("probes")),
        models: models(root),
        lacking: lacking(&own),
    }
}

/// How many keys somebody may have.
fn key_limit(own: &Section<'_>, name: &str) -> KeyLimit {
    let Some(number) = own.integer(name) else { return KeyLimit::default() };
    number.to_i64().and_then(|number| u64::try_from(number).ok()).map_or_else(
        || {
            own.complain(name, "must be zero or more");
            KeyLimit::default()
        },
        KeyLimit,
    )
}

/// What the shell says of its store.
fn lacking(own: &Section<'_>) -> Lacking {
    Lacking::named(own.texts("store_lacks").unwrap_or_default()).unwrap_or_else(|unknown| {
        own.complain("store_lacks", format!("`{unknown}` is no table or column that a store may lack"));
        Lacking::default()
    })
}

fn profile(own: &Section<'_>) -> Profile {
    match own.text("profile").as_deref() {
        None | Some("strict") => Profile::Strict,
        Some("litellm-1.60") => Profile::Litellm160,
        Some(other) => {
            own.complain("profile", format!("unknown profile `{other}`, it is `strict` or `litellm-1.60`"));
            Profile::Strict
        }
    }
}

fn master_key(general: &Section<'_>, own: &Section<'_>) -> [u8; 32] {
    let token = match (general.text("master_key"), own.text("master_key_sha256")) {
        (Some(key), _) if key.starts_with(FROM_ENVIRONMENT) => {
            let name = key.strip_prefix(FROM_ENVIRONMENT).unwrap_or_default();
            general.complain("master_key", format!("environment variable `{name}` is not set"));
            return [0; 32];
        }
        (Some(key), _) if key.is_empty() => {
            general.complain("master_key", "must not be empty");
            return [0; 32];
        }
        (Some(key), _) => mint::token(&key),
        (None, Some(token)) => token,
        (None, None) => {
            general.complain("master_key", "is missing");
            return [0; 32];
        }
    };
    mint::unhex(&token).unwrap_or_else(|| {
        own.complain("master_key_sha256", "must be 64 lower-case hex digits");
        [0; 32]
    })
}

/// The reference takes the name of a Python function here, which cannot run in a sandbox.
fn custom_rule(general: &Section<'_>) -> Option<String> {
    let path = general.text("custom_key_generate")?;
    if path.ends_with(".wasm") {
        return Some(path);
    }
    let message = format!(
        "`{path}` is no path of a WebAssembly module (`rule.wasm`), and Python functions cannot be run here, see `wasm/CUSTOM_RULE.md`"
    );
    general.complain("custom_key_generate", message);
    None
}

/// A bound that cannot be read must not silently bound nothing.
fn judge_bounds(litellm: &Section<'_>, bounds: Option<&UpperBounds>) {
    let section = litellm.section("upperbound_key_generate_params");
    let Some(bounds) = bounds else { return };
    for (name, text) in [("duration", &bounds.duration), ("budget_duration", &bounds.budget_duration)] {
        if text.as_deref().is_some_and(|text| !crate::duration::is_well_formed(text)) {
            section.complain(name, "must be a duration such as `30s`, `15m`, `12h`, `7d`, `2w` or `3mo`");
        }
    }
    if bounds.max_budget.is_some_and(|amount| !amount.is_finite() || amount < 0.0) {
        section.complain("max_budget", "must be a finite amount, zero or more");
    }
}

/// Strict takes defaults only for the fields that the reference merges, and of the right type.
fn judge_defaults(defaults: &Section<'_>) {
    for (name, value) in defaults.members() {
        let fits = value.is_null()
            || match &**name {
                "max_budget" => matches!(value, Json::Int(_) | Json::Float(_)),
                "max_parallel_requests" | "tpm_limit" | "rpm_limit" => matches!(value, Json::Int(_)),
                "budget_duration" => value.as_str().is_some_and(crate::duration::is_well_formed),
                "user_id" | "team_id" => value.as_str().is_some(),
                "models" => {
                    value.as_list().is_some_and(|items| items.iter().all(|item| item.as_str().is_some()))
                }
                "metadata" => value.as_dict().is_some(),
                _ => true,
            };
        if !fits {
            defaults.complain(name, "does not fit the field it is a default for");
        }
    }
}

fn models(root: &Section<'_>) -> Vec<Model> {
    let Some(Json::List(entries)) = root.get("model_list") else { return Vec::new() };
    entries
        .iter()
        .filter_map(|entry| {
            let name = entry.get("model_name")?.as_str()?.to_owned();
            let groups = entry.get("model_info").and_then(|info| info.get("access_groups"));
            let access_groups = groups
                .and_then(Json::as_list)
                .unwrap_or_default()
                .iter()
                .filter_map(|group| group.as_str().map(str::to_owned))
                .collect();
            Some(Model { name, access_groups })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, read as read_json};

    fn settings(text: &str) -> Result<Settings, Vec<Problem>> {
        read(&read_json(text.as_bytes(), &Limits::STORED).expect("the test's settings are JSON"))
    }

    #[test]
    fn a_misspelt_setting_is_an_error_with_the_nearest_name() {
        let problems =
            settings(r#"{"general_settings":{"master_key":"sk-1"},"latchkey":{"profle":"strict"}}"#);
        let problem = &problems.expect_err("the name is wrong")[0];
        assert_eq!(problem.path, "latchkey.profle");
        assert_eq!(problem.message, "unknown setting `profle`, did you mean `profile`");
    }

    #[test]
    fn an_unset_environment_variable_is_named() {
        let problems =
            settings(r#"{"general_settings":{"master_key":"os.environ/SECRET"}}"#).expect_err("unset");
        assert_eq!(problems[0].message, "environment variable `SECRET` is not set");
    }

    #[test]
    fn settings_of_litellm_that_mean_nothing_here_are_passed_over() {
        let text =
            r#"{"general_settings":{"master_key":"sk-1","proxy_batch_write_at":60},"router_settings":{}}"#;
        assert!(settings(text).is_ok());
    }

    #[test]
    fn a_custom_rule_is_a_module_and_no_python_function() {
        let with = |rule: &str| {
            settings(&format!(
                r#"{{"general_settings":{{"master_key":"sk-1","custom_key_generate":"{rule}"}}}}"#
            ))
        };
        assert_eq!(with("rules/a.wasm").expect("a path").custom_rule.as_deref(), Some("rules/a.wasm"));
        let problems = with("custom_auth.my_function").expect_err("a function");
        assert_eq!(problems[0].path, "general_settings.custom_key_generate");
        assert!(problems[0].message.contains("Python"), "{}", problems[0].message);
    }

    #[test]
    fn a_list_of_who_may_create_keys_is_never_null() {
        let with = |keys: &str| {
            settings(&format!(
                r#"{{"general_settings":{{"master_key":"sk-1"}},"litellm_settings":{{"key_generation_settings":{keys}}}}}"#
            ))
        };
        let problems = with(r#"{"personal_key_generation":{"allowed_user_roles":null}}"#).expect_err("null");
        assert!(problems[0].path.ends_with(".allowed_user_roles"), "{}", problems[0].path);
        assert!(with(r#"{"team_key_generation":{"allowed_team_member_roles":null}}"#).is_err());
        assert!(
            with(r#"{"team_key_generation":{"required_params":null},"personal_key_generation":null}"#)
                .is_ok()
        );
    }

    #[test]
    fn strict_refuses_a_bound_that_would_bound_nothing() {
        let text = r#"{"general_settings":{"master_key":"sk-1"},
            "litellm_settings":{"upperbound_key_generate_params":{"duration":"1 month"}}}"#;
        let problems = settings(text).expect_err("the bound cannot be read");
        assert_eq!(problems[0].path, "litellm_settings.upperbound_key_generate_params.duration");
    }
}
