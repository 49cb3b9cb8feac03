//! The settings of LiteLLM's config.yaml that decide something about keys, users, teams and who gets in: where each counts,
//! and what becomes of it here. Settings that are not in the table mean nothing to the management of keys.

use super::section::Section;
use latchkey_contract::json::Json;

/// A section that has settings of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Outside of every section.
    Top,
    /// `general_settings`
    General,
    /// `litellm_settings`
    Litellm,
    /// `litellm_settings.key_generation_settings`
    KeyGeneration,
    /// `litellm_settings.key_generation_settings.team_key_generation`
    TeamKeys,
    /// `litellm_settings.key_generation_settings.personal_key_generation`
    PersonalKeys,
    /// `latchkey`
    Own,
    /// `latchkey.limits`
    Limits,
}

impl Place {
    /// For people.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Top => "at the top of the file",
            Self::General => "under `general_settings`",
            Self::Litellm => "under `litellm_settings`",
            Self::KeyGeneration => "under `litellm_settings.key_generation_settings`",
            Self::TeamKeys => "under `litellm_settings.key_generation_settings.team_key_generation`",
            Self::PersonalKeys => "under `litellm_settings.key_generation_settings.personal_key_generation`",
            Self::Own => "under `latchkey`",
            Self::Limits => "under `latchkey.limits`",
        }
    }
}

/// What becomes of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is read.
    Counts,
    /// It decides who gets in, or where the rows are, and is not supported: the settings cannot be used.
    Refused(&'static str),
    /// It decides something else and is not supported: the start names it.
    Named(&'static str),
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub(super) place: Place,
    pub(super) name: &'static str,
    pub(super) standing: Standing,
}

macro_rules! settings {
    ($($place:ident { $($name:literal: $standing:expr,)+ })+) => {
        /// All of them.
        pub(super) const SETTINGS: &[Setting] = &[$($(
            Setting { place: Place::$place, name: $name, standing: $standing },
        )+)+];
    };
}

use Standing::{Counts, Named, Refused};

settings! {
    Top {
        "general_settings": Counts,
        "litellm_settings": Counts,
        "latchkey": Counts,
        "model_list": Counts,
        "router_settings": Counts,
        "environment_variables": Counts,
        "include": Counts,
    }
    General {
        "master_key": Counts,
        "database_url": Counts,
        "litellm_key_header_name": Counts,
        "custom_key_generate": Counts,
        "admin_only_routes": Counts,
        "allowed_routes": Counts,
        "public_routes": Counts,
        "allow_client_side_credentials": Counts,
        "service_account_settings": Counts,
        "alerting": Counts,
        "disable_custom_api_keys": Counts,
        "custom_auth": Refused("a function of yours would decide who may call"),
        "enable_jwt_auth": Refused("callers would come in with tokens of your identity provider"),
        "enable_oauth2_auth": Refused("callers would come in with tokens of your identity provider"),
        "enable_oauth2_proxy_auth": Refused("headers of a proxy in front would say who calls"),
        "oauth2_config_mappings": Refused("headers of a proxy in front would say who calls"),
        "custom_sso": Refused("a function of yours would decide who may log in"),
        "enforce_rbac": Refused("callers without a role would be kept out"),
        "role_permissions": Refused("it says which routes a role may call"),
        "allow_user_auth": Refused("callers would come in with tokens of their own"),
        "allowed_ips": Refused("it says from which addresses calls may come"),
        "database_type": Refused("the rows would be in another kind of database"),
        "database_extra_connection_params": Refused("put such options into the database's URL"),
        "litellm_jwtauth": Named("how tokens of an identity provider are read"),
        "custom_auth_run_common_checks": Named("what is checked after a function of yours has let a caller in"),
        "custom_ui_sso_sign_in_handler": Named("who may log in to LiteLLM's dashboard"),
        "ui_access_mode": Named("who may log in to LiteLLM's dashboard"),
        "disable_password_login_when_sso_enabled": Named("how one may log in to LiteLLM's dashboard"),
        "disable_env_credential_login": Named("how one may log in to LiteLLM's dashboard"),
        "custom_key_update": Named("a function of yours that judges changes of keys"),
        "custom_key_policy": Named("a function of yours that judges new and changed keys"),
        "self_serve_budget_policy": Named("whether owners may change the budgets of their keys"),
        "disable_key_generate_for_org_admin": Named("whether admins of organizations may make keys"),
        "scope_user_search_to_org": Named("which users admins of organizations find"),
        "team_admin_editable_team_fields": Named("what admins of a team may change of it"),
        "disable_auto_add_proxy_admin_to_teams": Named("whether who makes a team becomes a member of it"),
        "custom_team_metadata_validate": Named("a function of yours that judges the metadata of teams"),
        "team_metadata_schema": Named("what the metadata of teams must look like"),
        "default_team_disabled": Named("whether the dashboard offers keys without a team"),
        "password_policy_min_length": Named("which passwords users may have"),
        "password_policy_require_uppercase": Named("which passwords users may have"),
        "password_policy_require_lowercase": Named("which passwords users may have"),
        "password_policy_require_numbers": Named("which passwords users may have"),
        "password_policy_require_special_characters": Named("which passwords users may have"),
        "password_policy_check_breached_passwords": Named("which passwords users may have"),
        "scim_upsert_user": Named("what SCIM may make and change"),
        "scim_admin_group": Named("whom SCIM makes a proxy admin"),
        "apply_user_budget_to_team_keys": Named("whether a user's budget binds keys of teams"),
        "disable_reset_budget": Named("whether budgets are reset"),
        "store_model_in_db": Named("settings and models kept in the database"),
        "supported_db_objects": Named("which settings kept in the database count"),
        "key_management_system": Named("secrets kept in a vault; only variables of the environment are read"),
        "key_management_settings": Named("secrets kept in a vault; only variables of the environment are read"),
        "use_google_kms": Named("secrets kept in a vault; only variables of the environment are read"),
        "use_azure_key_vault": Named("secrets kept in a vault; only variables of the environment are read"),
        "database_disable_prepared_statements": Named("a pool of connections in transaction mode, which cannot be used"),
    }
    Litellm {
        "key_generation_settings": Counts,
        "default_key_generate_params": Counts,
        "upperbound_key_generate_params": Counts,
        "default_internal_user_params": Counts,
        "max_internal_user_budget": Counts,
        "default_max_internal_user_budget": Counts,
        "internal_user_budget_duration": Counts,
        "store_audit_logs": Counts,
        "key_alias_pattern": Named("which aliases keys may have"),
        "enable_key_alias_format_validation": Named("which aliases keys may have"),
        "default_team_params": Named("what teams get that a request leaves out"),
        "default_team_settings": Named("what teams get that a request leaves out"),
        "max_budget": Named("how much all keys together may spend"),
        "budget_duration": Named("how long the budget of all keys together lasts"),
        "budget_reset_time": Named("at which time of the day budgets are reset"),
        "timezone": Named("by which calendar budgets are reset"),
        "audit_log_callbacks": Named("where audit rows are sent besides the database"),
        "personal_key_model_access_from_teams": Named("which models keys without a team may call"),
        "default_key_max_budget_alert_emails": Named("who is told when a key's budget runs out"),
        "blocked_user_list": Named("which end users may not call"),
    }
    KeyGeneration {
        "team_key_generation": Counts,
        "personal_key_generation": Counts,
    }
    TeamKeys {
        "allowed_team_member_roles": Counts,
    }
    PersonalKeys {
        "allowed_user_roles": Counts,
    }
    Own {
        "master_key_sha256": Counts,
        "max_keys_per_user": Counts,
        "max_keys_per_team": Counts,
    }
    Limits {
        "bodies_in_flight_bytes": Counts,
        "replies_in_flight_bytes": Counts,
        "connections_per_address": Counts,
    }
}

/// What settings are called that decide something, by those who do not remember their names.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("allow_ips", "allowed_ips"),
    ("allowed_ip_addresses", "allowed_ips"),
    ("ip_allow_list", "allowed_ips"),
    ("ip_whitelist", "allowed_ips"),
    ("whitelisted_ips", "allowed_ips"),
    ("default_key_params", "default_key_generate_params"),
    ("enable_jwt", "enable_jwt_auth"),
    ("jwt_auth", "enable_jwt_auth"),
    ("jwt_auth_enabled", "enable_jwt_auth"),
    ("enable_oauth2", "enable_oauth2_auth"),
    ("oauth2_auth", "enable_oauth2_auth"),
    ("max_key_generate_params", "upperbound_key_generate_params"),
];

/// The setting that is meant by another name for it.
pub(super) fn by_other_name(name: &str) -> Option<&'static Setting> {
    let wanted = if begins_like(name, "upperbound") {
        // whatever the rest is: there is but one
        "upperbound_key_generate_params"
    } else {
        OTHER_NAMES.iter().find(|(other, _)| has_letters_of(name, other))?.1
    };
    SETTINGS.iter().find(|setting| setting.name == wanted)
}

/// Whether two names are one but for case and separators.
pub(super) fn has_letters_of(name: &str, known: &str) -> bool {
    letters(name).eq(letters(known))
}

fn begins_like(name: &str, beginning: &str) -> bool {
    letters(name).take(beginning.len()).eq(beginning.chars())
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The names that have a place, with it.
pub(super) fn of(place: Place) -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().filter(move |setting| setting.place == place)
}

/// Refuses settings that decide who gets in and are not supported, and names the others that are not.
pub(super) fn judge(section: &Section<'_>, place: Place, strict: bool) {
    for setting in of(place) {
        if !section.written(setting.name).is_some_and(Json::is_truthy) {
            continue;
        }
        match setting.standing {
            Counts => section.must_be_set(setting.name),
            Refused(what) if strict => {
                section.complain(setting.name, format!("is not supported: {what}; leave it out here"));
            }
            Refused(what) | Named(what) => {
                section.warn(setting.name, format!("is not supported and has no effect: {what}"));
            }
        }
    }
}

/// Settings that count or are refused; names of the others are words that other sections may use.
pub(super) fn decisive() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().filter(|setting| !matches!(setting.standing, Named(_)))
}

/// Names at which nobody gets in and nothing is bounded, and which everybody has.
pub(super) const EVERYBODYS: &[&str] = &["alerting", "include"];

/// The setting that a name leads to which is a path (`general_settings.custom_auth`): the last that it names.
pub(super) fn in_path(name: &str) -> Option<&'static Setting> {
    let parts = || name.split(['.', '/', ':']).flat_map(|part| part.split("__"));
    let is_named = |setting: &&Setting| parts().any(|part| part == setting.name);
    let is_path = parts().nth(1).is_some();
    decisive().filter(|setting| is_path && !EVERYBODYS.contains(&setting.name)).filter(is_named).last()
}
