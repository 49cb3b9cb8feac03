//! What of a config.yaml can be used, and what the operator is told.

use super::read::read;
use super::{Problem, Settings};
use latchkey_contract::json::{Json, Limits, read as read_json};

/// A master key that gives no reason for a warning.
const KEY: &str = "sk-0123456789abcdef";

fn settings(text: &str) -> Result<Settings, Vec<Problem>> {
    read(&read_json(text.as_bytes(), &Limits::STORED).expect("the test's settings are JSON"))
}

/// The settings with a master key and these members of the sections.
fn with(general: &str, litellm: &str) -> Result<Settings, Vec<Problem>> {
    let comma = if general.is_empty() { "" } else { "," };
    settings(&format!(
        r#"{{"general_settings":{{"master_key":"{KEY}"{comma}{general}}},"litellm_settings":{{{litellm}}}}}"#
    ))
}

/// Everything that is wrong, a line each.
fn wrong(found: Result<Settings, Vec<Problem>>) -> Vec<String> {
    let problems = found.err().unwrap_or_default();
    problems.into_iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
}

fn warned(found: Result<Settings, Vec<Problem>>) -> Vec<String> {
    let warnings = found.expect("the settings can be used").warnings;
    warnings.into_iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
}

#[test]
fn a_misspelt_setting_is_an_error_with_the_nearest_name() {
    let problems = wrong(settings(
        r#"{"general_settings":{"master_key":"sk-0123456789abcdef"},"latchkey":{"profle":"strict"}}"#,
    ));
    assert_eq!(problems, ["latchkey.profle: unknown setting `profle`, did you mean `profile`"]);
}

#[test]
fn an_unset_environment_variable_is_named_where_its_value_would_count() {
    let problems = wrong(settings(r#"{"general_settings":{"master_key":"os.environ/SECRET"}}"#));
    assert_eq!(problems, ["general_settings.master_key: environment variable `SECRET` is not set"]);
    let problems = wrong(with(
        r#""public_routes":["/a","os.environ/B"]"#,
        r#""upperbound_key_generate_params":{"max_budget":"os.environ/C"}"#,
    ));
    assert_eq!(
        problems,
        [
            "general_settings.public_routes.1: environment variable `B` is not set",
            "litellm_settings.upperbound_key_generate_params.max_budget: environment variable `C` is not set"
        ]
    );
    assert_eq!(warned(with(r#""database_url":"x","alert_to_webhook_url":"os.environ/D""#, "")), [""; 0]);
    let elsewhere = r#"{"general_settings":{"master_key":"sk-0123456789abcdef"},
        "model_list":[{"model_name":"a","litellm_params":{"api_key":"os.environ/OPENAI_API_KEY"}}]}"#;
    assert_eq!(warned(settings(elsewhere)), [""; 0]);
}

#[test]
fn settings_of_litellm_that_mean_nothing_here_are_passed_over() {
    let found = warned(settings(
        r#"{"general_settings":{"master_key":"sk-0123456789abcdef","proxy_batch_write_at":60,"alerting_threshold":300,
            "database_connection_pool_limit":10,"background_health_checks":true,"custom_auth":null,"enable_jwt_auth":false},
           "router_settings":{"routing_strategy":"simple-shuffle","redis_url":"x"},"callback_settings":{},"guardrails":[],
           "litellm_settings":{"drop_params":true,"callbacks":["prometheus"],"cache":true,"cache_params":{"type":"redis"},
            "max_end_user_budget":1,"request_timeout":600,"set_verbose":false}}"#,
    ));
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_custom_rule_is_a_module_and_no_python_function() {
    let rule = |rule: &str| with(&format!(r#""custom_key_generate":"{rule}""#), "");
    assert_eq!(rule("rules/a.wasm").expect("a path").custom_rule.as_deref(), Some("rules/a.wasm"));
    let problems = wrong(rule("custom_auth.my_function"));
    assert!(problems[0].starts_with("general_settings.custom_key_generate: "), "{problems:?}");
    assert!(problems[0].contains("Python"), "{problems:?}");
}

#[test]
fn a_list_of_who_may_create_keys_is_never_null() {
    let keys = |keys: &str| with("", &format!(r#""key_generation_settings":{keys}"#));
    let problems = wrong(keys(r#"{"personal_key_generation":{"allowed_user_roles":null}}"#));
    assert!(problems[0].contains(".allowed_user_roles: "), "{problems:?}");
    assert!(keys(r#"{"team_key_generation":{"allowed_team_member_roles":null}}"#).is_err());
    assert!(
        keys(r#"{"team_key_generation":{"required_params":null},"personal_key_generation":null}"#).is_ok()
    );
}

#[test]
fn a_list_of_who_may_create_keys_names_roles_that_there_are() {
    let keys = |keys: &str| with("", &format!(r#""key_generation_settings":{keys}"#));
    for (list, name, meant) in [
        ("allowed_user_roles", "proxy_admn", "proxy_admin"),
        ("allowed_user_roles", "Proxy_Admin", "proxy_admin"),
        ("allowed_user_roles", "internal_users", "internal_user"),
        ("allowed_team_member_roles", "Admin", "admin"),
        ("allowed_team_member_roles", "usr", "user"),
    ] {
        let section = if list.contains("team") { "team_key_generation" } else { "personal_key_generation" };
        let text = format!(r#"{{"{section}":{{"{list}":["{name}"]}}}}"#);
        let path = format!("litellm_settings.key_generation_settings.{section}.{list}.0");
        assert_eq!(
            wrong(keys(&text)),
            [format!("{path}: there is no role `{name}`, did you mean `{meant}`")]
        );
        let other = format!(
            r#"{{"general_settings":{{"master_key":"{KEY}"}},"latchkey":{{"profile":"litellm-1.60"}},
                "litellm_settings":{{"key_generation_settings":{text}}}}}"#
        );
        assert!(settings(&other).is_ok(), "{other}");
    }
    assert!(
        keys(
            r#"{"team_key_generation":{"allowed_team_member_roles":["admin","user"]},
            "personal_key_generation":{"allowed_user_roles":["proxy_admin","org_admin","customer"]}}"#
        )
        .is_ok()
    );
    let unset = keys(r#"{"personal_key_generation":{"allowed_user_roles":["os.environ/ROLE"]}}"#);
    assert_eq!(wrong(unset).len(), 1);
}

#[test]
fn strict_refuses_a_bound_that_would_bound_nothing() {
    for bounds in [
        r#"{"duration":"1 month"}"#,
        r#"{"max_budgt":100}"#,
        r#"{"max_budget":-1}"#,
        r#"{"tpm_limit":-1}"#,
        r#"{"max_budget":"a lot"}"#,
        r#"{"max_budget":[1]}"#,
        "null",
        "[]",
        "5",
    ] {
        let problems = wrong(with("", &format!(r#""upperbound_key_generate_params":{bounds}"#)));
        assert_eq!(problems.len(), 1, "{bounds}: {problems:?}");
        assert!(problems[0].starts_with("litellm_settings.upperbound_key_generate_params"), "{problems:?}");
    }
    let problems = wrong(with("", r#""upperbound_key_generate_params":{"max_budgt":100}"#));
    assert!(problems[0].ends_with("unknown setting `max_budgt`, did you mean `max_budget`"), "{problems:?}");
}

#[test]
fn members_of_the_sections_on_keys_are_known_ones() {
    for (litellm, nearest) in [
        (r#""default_key_generate_params":{"max_budgt":1}"#, "`max_budget`"),
        (r#""default_key_generate_params":{"durations":"1d"}"#, "`duration`"),
        (r#""key_generation_settings":{"team_key_generaton":{}}"#, "`team_key_generation`"),
        (
            r#""key_generation_settings":{"team_key_generation":{"allowed_team_member_role":[]}}"#,
            "`allowed_team_member_roles`",
        ),
        (
            r#""key_generation_settings":{"personal_key_generation":{"required_param":["a"]}}"#,
            "`required_params`",
        ),
        (r#""default_internal_user_params":{"max_budgets":1}"#, "`max_budget`"),
    ] {
        let problems = wrong(with("", litellm));
        assert!(problems.len() == 1 && problems[0].contains(nearest), "{litellm}: {problems:?}");
    }
    let problems = wrong(with(r#""service_account_settings":{"enforced_param":["a"]}"#, ""));
    assert!(problems[0].contains("did you mean `enforced_params`"), "{problems:?}");
}

#[test]
fn a_name_close_to_one_that_counts_is_told() {
    for (text, nearest) in [
        (r#"{"genral_settings":{}}"#, "`general_settings`"),
        (r#"{"litelm_settings":{}}"#, "`litellm_settings`"),
        (r#"{"litellm_setting":{}}"#, "`litellm_settings`"),
        (r#"{"latchkeys":{}}"#, "`latchkey`"),
        (r#"{"General_Settings":{}}"#, "`general_settings`"),
        (r#"{"general_settings":{"databse_url":"x"}}"#, "`database_url`"),
        (r#"{"general_settings":{"masterkey":"x"}}"#, "`master_key`"),
        (r#"{"general_settings":{"custom_auht":"x"}}"#, "`custom_auth`"),
        (r#"{"general_settings":{"allowed_ip":[]}}"#, "`allowed_ips`"),
        (r#"{"litellm_settings":{"upperbound_key_generate_param":{}}}"#, "`upperbound_key_generate_params`"),
        (
            r#"{"litellm_settings":{"upper_bound_key_generate_params":{}}}"#,
            "`upperbound_key_generate_params`",
        ),
        (r#"{"litellm_settings":{"default_key_generation_params":{}}}"#, "`default_key_generate_params`"),
        (r#"{"litellm_settings":{"store_audit_log":true}}"#, "`store_audit_logs`"),
        (r#"{"databse_url":"x"}"#, "`database_url`, which counts under `general_settings`"),
    ] {
        let problems = wrong(settings(text));
        assert!(problems.iter().any(|problem| problem.contains(nearest)), "{text}: {problems:?}");
    }
}

#[test]
fn a_setting_that_counts_elsewhere_is_told_with_its_place() {
    for (text, path, place) in [
        (r#"{"master_key":"x"}"#, "master_key", "under `general_settings`"),
        (
            r#"{"litellm_settings":{"master_key":"x"}}"#,
            "litellm_settings.master_key",
            "under `general_settings`",
        ),
        (
            r#"{"general_settings":{"default_key_generate_params":{}}}"#,
            "general_settings.default_key_generate_params",
            "under `litellm_settings`",
        ),
        (
            r#"{"litellm_settings":{"team_key_generation":{}}}"#,
            "litellm_settings.team_key_generation",
            "under `litellm_settings.key_generation_settings`",
        ),
        (r#"{"latchkey":{"general_settings":{}}}"#, "latchkey.general_settings", "at the top of the file"),
        (
            r#"{"latchkey":{"upperbound_key_generate_params":{}}}"#,
            "latchkey.upperbound_key_generate_params",
            "under `litellm_settings`",
        ),
        (
            r#"{"general_settings":{"litellm_settings":{}}}"#,
            "general_settings.litellm_settings",
            "at the top of the file",
        ),
        (r#"{"enable_jwt_auth":true}"#, "enable_jwt_auth", "under `general_settings`"),
        (
            r#"{"router_settings":{"allowed_routes":[]}}"#,
            "router_settings.allowed_routes",
            "under `general_settings`",
        ),
        (
            r#"{"litellm_settings":{"model_list":[]}}"#,
            "litellm_settings.model_list",
            "at the top of the file",
        ),
    ] {
        let problems = wrong(settings(text));
        let told = |problem: &String| problem.starts_with(&format!("{path}: ")) && problem.contains(place);
        assert!(problems.iter().any(told), "{text}: {problems:?}");
    }
}

#[test]
fn what_decides_who_gets_in_and_is_not_supported_is_refused_by_strict_and_named_by_the_other_profile() {
    for setting in [
        r#""custom_auth":"auth.my_auth""#,
        r#""enable_jwt_auth":true"#,
        r#""enable_oauth2_auth":true"#,
        r#""enable_oauth2_proxy_auth":true"#,
        r#""custom_sso":"sso.handler""#,
        r#""allowed_ips":["10.0.0.1"]"#,
        r#""enforce_rbac":true"#,
        r#""role_permissions":[{"role":"internal_user"}]"#,
        r#""database_type":"dynamo_db""#,
    ] {
        let problems = wrong(with(setting, ""));
        assert!(problems.len() == 1 && problems[0].contains("is not supported"), "{setting}: {problems:?}");
        let text = format!(
            r#"{{"general_settings":{{"master_key":"{KEY}",{setting}}},"latchkey":{{"profile":"litellm-1.60"}}}}"#
        );
        assert_eq!(warned(settings(&text)).len(), 1, "{setting}");
    }
}

#[test]
fn what_decides_something_else_and_is_not_supported_is_named() {
    let found = warned(with(
        r#""custom_key_update":"a.b","custom_key_policy":"a.b","self_serve_budget_policy":"ceiling",
           "team_admin_editable_team_fields":["max_budget"],"store_model_in_db":true"#,
        r#""key_alias_pattern":"^a","budget_reset_time":"06:00","timezone":"UTC","max_budget":100"#,
    ));
    assert_eq!(found.len(), 9, "{found:?}");
    assert!(found.iter().all(|line| line.contains("is not supported and has no effect")), "{found:?}");
}

#[test]
fn a_default_is_of_a_field_that_gets_one_fits_it_and_is_within_its_bound() {
    let defaults = |defaults: &str| with("", &format!(r#""default_key_generate_params":{defaults}"#));
    let read = defaults(r#"{"duration":"7d","max_budget":"10","models":["a"],"team_id":null}"#);
    let read = read.expect("defaults").default_key_params.expect("some");
    let read: Vec<(&str, Json)> = read.iter().map(|(name, value)| (&**name, value.clone())).collect();
    let models = Json::List(vec!["a".into()]);
    assert_eq!(read, [("duration", "7d".into()), ("max_budget", Json::Float(10.0)), ("models", models)]);
    for wrong_default in [
        r#"{"duration":"1 week"}"#,
        r#"{"duration":7}"#,
        r#"{"budget_duration":"monthly"}"#,
        r#"{"max_budget":-1}"#,
        r#"{"tpm_limit":"many"}"#,
        r#"{"models":"gpt-4"}"#,
        r#"{"metadata":[]}"#,
        r#"{"tags":["a"]}"#,
        r#"{"allowed_routes":["llm_api_routes"]}"#,
    ] {
        let problems = wrong(defaults(wrong_default));
        assert_eq!(problems.len(), 1, "{wrong_default}: {problems:?}");
    }
    for (default, bound) in
        [(r#"{"duration":"60d"}"#, r#"{"duration":"1mo"}"#), (r#"{"max_budget":11}"#, r#"{"max_budget":10}"#)]
    {
        let both =
            format!(r#""default_key_generate_params":{default},"upperbound_key_generate_params":{bound}"#);
        assert!(wrong(with("", &both))[0].contains("above the bound"), "{both}");
        let other = format!(
            r#"{{"general_settings":{{"master_key":"{KEY}"}},"latchkey":{{"profile":"litellm-1.60"}},"litellm_settings":{{{both}}}}}"#
        );
        assert!(settings(&other).is_ok(), "{other}");
    }
}

#[test]
fn a_file_that_the_shell_did_not_include_is_told() {
    let problems = wrong(settings(&format!(
        r#"{{"general_settings":{{"master_key":"{KEY}"}},"include":["limits.yaml"]}}"#
    )));
    assert!(problems.len() == 1 && problems[0].starts_with("include: "), "{problems:?}");
}

#[test]
fn white_space_behind_a_master_key_is_no_part_of_it() {
    let digest = |key: &str| {
        settings(&format!(r#"{{"general_settings":{{"master_key":"{key}"}}}}"#))
            .expect("usable")
            .master_key_sha256
    };
    assert_eq!(digest("sk-0123456789abcdef\\n"), digest(KEY));
    assert_eq!(digest("sk-0123456789abcdef \\r\\n"), digest(KEY));
    for key in ["\"\"", "\" \"", "\"${LITELLM_MASTER_KEY}\"", "1234", "[\"sk-1\"]"] {
        let problems = wrong(settings(&format!(r#"{{"general_settings":{{"master_key":{key}}}}}"#)));
        assert!(
            problems.len() == 1 && problems[0].starts_with("general_settings.master_key"),
            "{problems:?}"
        );
    }
    let found = warned(settings(r#"{"general_settings":{"master_key":"sk-1234"}}"#));
    assert!(found.len() == 1 && found[0].starts_with("general_settings.master_key: "), "{found:?}");
}

#[test]
fn a_database_under_another_name_is_no_reason_for_a_file() {
    let named = |name: &str| {
        wrong(with(&format!(r#""{name}":"postgresql://u:SECRET@h/d""#), ""))
            .into_iter()
            .filter(|line| line.contains(&format!("unknown setting `{name}`")))
            .collect::<Vec<_>>()
    };
    for name in ["db_url", "database", "postgres"] {
        let said = named(name);
        assert!(said.len() == 1 && said[0].contains("`general_settings.database_url`"), "{said:?}");
        assert!(!said[0].contains("SECRET"));
    }
    let variables = r#"{"general_settings":{"master_key":"sk-0123456789abcdef"},"environment_variables":{"DATABSE_URL":"x","OTHER_URL":"y"}}"#;
    assert_eq!(
        wrong(settings(variables)),
        ["environment_variables.DATABSE_URL: unknown variable `DATABSE_URL`, did you mean `DATABASE_URL`"]
    );
}

#[test]
fn a_setting_that_nothing_reads_in_either_place_is_told() {
    let said = warned(with(r#""max_budget":1"#, ""));
    assert!(
        said.len() == 1 && said[0].contains("under `litellm_settings`, and is not supported"),
        "{said:?}"
    );
    assert_eq!(
        warned(with(r#""proxy_batch_write_at":60,"alerting_threshold":300"#, r#""drop_params":true"#)),
        [""; 0]
    );
}

#[test]
fn another_name_for_a_setting_that_decides_is_refused_with_its_own() {
    for (general, litellm, meant) in [
        (r#""jwt_auth":true"#, "", "enable_jwt_auth"),
        (r#""enable_jwt":true"#, "", "enable_jwt_auth"),
        (r#""ip_whitelist":["10.0.0.1"]"#, "", "allowed_ips"),
        ("", r#""upperbound_key_params":{"max_budget":1}"#, "upperbound_key_generate_params"),
        ("", r#""upperbound_params":{"max_budget":1}"#, "upperbound_key_generate_params"),
        ("", r#""upper_bounds":{"max_budget":1}"#, "upperbound_key_generate_params"),
        ("", r#""default_key_params":{"max_budget":1}"#, "default_key_generate_params"),
        (r#""upperbound_params":{}"#, "", "upperbound_key_generate_params"),
        ("", r#""jwt_auth":true"#, "enable_jwt_auth"),
        (r#""max_keys_per_user":5"#, "", "max_keys_per_user"),
        ("", r#""allowed_user_roles":["proxy_admin"]"#, "allowed_user_roles"),
    ] {
        let said = wrong(with(general, litellm));
        assert!(said.len() == 1 && said[0].contains(&format!("`{meant}`")), "{general}{litellm}: {said:?}");
        let section = format!(
            r#"{{"general_settings":{{"master_key":"{KEY}"}},"latchkey":{{"profile":"litellm-1.60"}},"settings":{{{general}{litellm}}}}}"#
        );
        assert!(settings(&section).is_ok(), "{section}");
    }
}

#[test]
fn a_default_or_a_header_that_cannot_be_used_is_an_error() {
    for (general, litellm) in [
        ("", r#""max_internal_user_budget":-1"#),
        ("", r#""internal_user_budget_duration":"foo""#),
        (r#""litellm_key_header_name":"""#, ""),
        (r#""litellm_key_header_name":"X Y""#, ""),
    ] {
        assert_eq!(wrong(with(general, litellm)).len(), 1, "{general}{litellm}");
    }
}

#[test]
fn names_of_the_writers_own_and_settings_of_litellms_are_taken_for_no_other() {
    for (general, litellm) in [
        (r#""disable_adding_master_key_hash_to_db":true,"custom_auth_settings":{"a":1}"#, ""),
        ("", r#""enable_post_custom_auth_checks":true"#),
        ("", r#""fallbacks":[{"latchkey":["b"]}],"mcp_aliases":{"master_key":"y"}"#),
        ("", r#""langfuse_callback_params":{"database_url":"postgresql://a/b"}"#),
    ] {
        assert_eq!(wrong(with(general, litellm)), [""; 0], "{general}{litellm}");
    }
    for section in [
        r#""x-env":{"DATABASE_URL":"a"}"#,
        r#""router_settings":{"model_group_alias":{"custom_auth":"gpt"}}"#,
    ] {
        let text = format!(r#"{{"general_settings":{{"master_key":"{KEY}"}},{section}}}"#);
        assert!(settings(&text).is_ok(), "{section}");
    }
}
