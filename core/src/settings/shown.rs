//! The settings as a caller may see them: what a form must know to judge a request as the server does, and nothing else.

use super::{KeyGeneration, Settings};
use crate::redact;
use crate::rules::effective_defaults;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::order::Names;

/// The hash of no key: whoever is configured with it has no master key.
const NO_MASTER_KEY: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Stands for the path of the operator's own rule, of which a caller learns only that there is one.
const SOME_RULE: &str = "rule.wasm";

impl Settings {
    /// Settings that can be configured with and lead `check` and `describe` to the same verdicts as these do. They hold no
    /// master key, address, path or value of the environment: no section but those that rules on keys read is shown,
    /// secrets within a default `metadata` are hidden, and of the models only the groups that need a licence are named.
    pub(crate) fn shown(&self) -> Json {
        let mut general = Json::empty_dict();
        if let Some(routes) = &self.admin_only_routes {
            general.set("admin_only_routes", routes.clone().into());
        }
        if self.custom_rule.is_some() {
            general.set("custom_key_generate", SOME_RULE.into());
        }
        if self.disable_custom_keys {
            general.set("disable_custom_api_keys", true.into());
        }
        dict! {
            "general_settings" => general,
            "litellm_settings" => self.shown_rules(),
            "model_list" => self.shown_models(),
            "latchkey" => dict! {
                "profile" => self.profile.as_str(),
                "premium_user" => self.premium_user,
                "master_key_sha256" => NO_MASTER_KEY,
            },
        }
    }

    fn shown_rules(&self) -> Json {
        let mut rules = Json::empty_dict();
        if let Some(who) = &self.key_generation {
            rules.set("key_generation_settings", who.shown());
        }
        if self.default_key_params.is_some() {
            let defaults = effective_defaults(self)
                .map(|(name, value)| (name.to_owned().into(), redact::secrets(value, None)))
                .collect();
            rules.set("default_key_generate_params", Json::Dict(defaults));
        }
        if let Some(bounds) = &self.upper_bounds {
            let bounds = bounds.members().map(|(name, bound)| (name.to_owned().into(), bound)).collect();
            rules.set("upperbound_key_generate_params", Json::Dict(bounds));
        }
        rules
    }

    /// One model that stands for all with a wildcard in their name, in the groups that these are in.
    fn shown_models(&self) -> Json {
        let groups = self.models.iter().flat_map(|model| &model.access_groups);
        let groups = Names::of(groups.filter(|group| self.is_wildcard_access_group(group)));
        if groups.is_empty() {
            return Json::List(Vec::new());
        }
        let model =
            dict! { "model_name" => "*", "model_info" => dict! { "access_groups" => groups.to_vec() } };
        Json::List(vec![model])
    }
}

impl KeyGeneration {
    fn shown(&self) -> Json {
        let section = |roles: &'static str, allowed: Option<&Vec<String>>, required: &[String]| {
            let mut section = dict! { "required_params" => required.to_vec() };
            if let Some(allowed) = allowed {
                section.set(roles, allowed.clone().into());
            }
            section
        };
        let mut shown = Json::empty_dict();
        if let Some(team) = &self.team {
            let roles = team.allowed_team_member_roles.as_ref();
            let section = section("allowed_team_member_roles", roles, &team.required_params);
            shown.set("team_key_generation", section);
        }
        if let Some(personal) = &self.personal {
            let roles = personal.allowed_user_roles.as_ref();
            let section = section("allowed_user_roles", roles, &personal.required_params);
            shown.set("personal_key_generation", section);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;
    use latchkey_contract::json::{Limits, read as read_json, write};

    fn settings(text: &str) -> Settings {
        read(&read_json(text.as_bytes(), &Limits::STORED).expect("JSON")).expect("the settings are usable")
    }

    #[test]
    fn no_secret_address_or_path_is_shown() {
        let shown = write(&settings(
            r#"{"general_settings":{"master_key":"sk-the-master-key","database_url":"postgres://me:pass@db/x",
                "custom_key_generate":"/srv/private/rule.wasm","alerting":["slack"]},
               "litellm_settings":{"default_key_generate_params":{"max_budget":5,"duration":"1d","metadata":
                {"logging":[{"callback_name":"langfuse","callback_vars":{"langfuse_secret_key":"lf-private"}}],
                 "upstream":"sk-0123456789abcdef"}},"cache_params":{"password":"redis-private"}},
               "model_list":[{"model_name":"gpt-private","litellm_params":{"api_key":"up-private"}}]}"#,
        ).shown());
        for secret in ["the-master-key", "postgres", "pass", "private", "0123456789ab", "redis", "slack"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
        let master = latchkey_contract::mint::token("sk-the-master-key");
        assert!(!shown.contains(&master), "{shown}");
    }

    #[test]
    fn what_is_shown_reads_back_to_what_is_shown() {
        for text in [
            r#"{"general_settings":{"master_key":"sk-1"}}"#,
            r#"{"general_settings":{"master_key":"sk-1","admin_only_routes":["/key/list"],"custom_key_generate":"a.wasm"},
                "litellm_settings":{"key_generation_settings":{"team_key_generation":{},"personal_key_generation":
                 {"allowed_user_roles":[],"required_params":["a"]}},"default_key_generate_params":{},
                 "upperbound_key_generate_params":{"max_budget":1e3,"tpm_limit":"99999999999999999999","duration":"1d"}},
                "model_list":[{"model_name":"x/*","model_info":{"access_groups":["b","a"]}},
                 {"model_name":"y","model_info":{"access_groups":["a","c"]}}],
                "latchkey":{"profile":"litellm-1.60","premium_user":true}}"#,
            r#"{"general_settings":{"master_key":"sk-1"},"litellm_settings":{"key_generation_settings":{}}}"#,
        ] {
            let first = settings(text);
            let again = settings(&write(&first.shown()));
            assert_eq!(write(&again.shown()), write(&first.shown()));
            assert_eq!(again.key_generation, first.key_generation);
            assert_eq!(again.upper_bounds, first.upper_bounds);
            let of = |settings: &Settings| settings.default_key_params.is_some();
            assert_eq!(of(&again), of(&first));
        }
    }
}
