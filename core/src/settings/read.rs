//! From a config.yaml, as JSON, to [`Settings`].

use super::key_rotation::KeyRotation;
use super::names::{self, Place};
use super::section::{self, Notes, Problem, Section};
use super::{
    KeyGeneration, KeyLimit, Model, Probes, Profile, Serving, Settings, bounds, defaults, master_key,
    placement,
};
use latchkey_contract::json::Json;
use latchkey_contract::tables::Lacking;

/// Reads the settings, or says everything that is wrong with them.
pub(crate) fn read(config: &Json) -> Result<Settings, Vec<Problem>> {
    let notes = Notes::default();
    let root = Section::root(config, &notes);
    let settings = assemble(&root);
    let Notes { problems, warnings } = notes;
    let (problems, warnings) = (problems.into_inner(), warnings.into_inner());
    if problems.is_empty() { Ok(Settings { warnings, ..settings }) } else { Err(problems) }
}

fn assemble(root: &Section<'_>) -> Settings {
    let general = root.section("general_settings");
    let litellm = root.section("litellm_settings");
    let own = root.section("latchkey");
    only_own(&own);
    let profile = profile(&own);
    let strict = profile.is_strict();
    names::judge(&general, Place::General, strict);
    names::judge(&litellm, Place::Litellm, strict);
    own.members().iter().for_each(|(name, _)| own.must_be_set(name));
    placement::judge(root, strict);
    if root.written("include").is_some_and(Json::is_truthy) {
        root.complain("include", "files are included by the server alone: put what they hold here");
    }
    let upper_bounds = bounds::read(&litellm, strict);
    Settings {
        profile,
        premium_user: own.flag("premium_user").unwrap_or(strict),
        master_key_sha256: master_key::digest(&general, &own, strict),
        key_header_name: key_header_name(&general, strict),
        admin_only_routes: general.texts("admin_only_routes"),
        allowed_routes: general.texts("allowed_routes"),
        public_routes: general.texts("public_routes").unwrap_or_default(),
        allow_client_side_credentials: general.flag("allow_client_side_credentials").unwrap_or(false),
        service_account_params: service_account_params(&general, strict),
        email_alerting: general
            .texts("alerting")
            .is_some_and(|names| names.iter().any(|name| name == "email")),
        store_audit_logs: litellm.flag("store_audit_logs").unwrap_or(false),
        custom_rule: custom_rule(&general),
        disable_custom_keys: general.flag("disable_custom_api_keys").unwrap_or(false),
        key_generation: KeyGeneration::read(&litellm.section("key_generation_settings"), strict),
        default_key_params: defaults::of_keys(&litellm, profile, upper_bounds.as_ref()),
        upper_bounds,
        default_user_params: defaults::of_users(&litellm, strict),
        max_user_budget: ["max_internal_user_budget", "default_max_internal_user_budget"]
            .into_iter()
            .find_map(|name| defaults::amount(&litellm, name, strict)),
        user_budget_duration: defaults::duration(&litellm, "internal_user_budget_duration", strict),
        max_keys_per_user: key_limit(&own, "max_keys_per_user"),
        max_keys_per_team: key_limit(&own, "max_keys_per_team"),
        probes: Probes::read(&own.section("probes")),
        key_rotation: KeyRotation::read(&own.section("key_rotation"), strict),
        models: models(root, strict),
        warnings: Vec::new(),
        serving: Serving::read(&own),
        lacking: lacking(&own),
    }
}

/// The header in which the operator wants keys, in lower case.
fn key_header_name(general: &Section<'_>, strict: bool) -> Option<String> {
    const NAME: &str = "litellm_key_header_name";
    let name = general.text(NAME)?;
    let is_token = |name: &str| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    if strict && (name.is_empty() || !is_token(&name)) {
        general.complain(NAME, "must be the name of a header");
    }
    Some(name.to_ascii_lowercase())
}

/// How many keys somebody may have.
fn key_limit(own: &Section<'_>, name: &str) -> KeyLimit {
    own.must_be_number(name);
    let Some(number) = own.integer(name) else { return KeyLimit::default() };
    number.to_i64().and_then(|number| u64::try_from(number).ok()).map_or_else(
        || {
            own.complain(name, "must be zero or more");
            KeyLimit::default()
        },
        KeyLimit,
    )
}

/// Settings of Latchkey's own.
pub(super) const OWN: &[&str] = &[
    "profile",
    "premium_user",
    "master_key_sha256",
    "probes",
    "key_rotation",
    "max_keys_per_user",
    "max_keys_per_team",
    "cors",
    "root_path",
    "limits",
    "stops_decisions",
    "store_lacks",
    "upstream",
];

fn only_own(own: &Section<'_>) {
    for (name, _) in own.members().iter().filter(|(name, _)| !OWN.contains(&&**name)) {
        own.complain(name, placement::hint(name).unwrap_or_else(|| section::unknown(name, OWN)));
    }
}

fn service_account_params(general: &Section<'_>, strict: bool) -> Vec<String> {
    let section = general.section("service_account_settings");
    if strict {
        section.only(&["enforced_params"]);
    }
    section.texts("enforced_params").unwrap_or_default()
}

/// What the shell says of its store.
fn lacking(own: &Section<'_>) -> Lacking {
    Lacking::named(own.texts("store_lacks").unwrap_or_default()).unwrap_or_else(|unknown| {
        own.complain("store_lacks", format!("`{unknown}` is no table or column that a store may lack"));
        Lacking::default()
    })
}

pub(super) fn profile(own: &Section<'_>) -> Profile {
    match own.text("profile").as_deref() {
        None | Some("strict") => Profile::Strict,
        Some("litellm-1.60") => Profile::Litellm160,
        Some(other) => {
            own.complain("profile", format!("unknown profile `{other}`, it is `strict` or `litellm-1.60`"));
            Profile::Strict
        }
    }
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

pub(super) fn models(root: &Section<'_>, strict: bool) -> Vec<Model> {
    let entries = match root.get("model_list") {
        Some(Json::List(entries)) => entries,
        Some(_) if strict => {
            root.complain("model_list", "must be a list of models");
            return Vec::new();
        }
        _ => return Vec::new(),
    };
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
