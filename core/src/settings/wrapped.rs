//! Settings that stand deeper in the file than anything is read: with a section around the whole file, as in the values of
//! a chart, below another section, within an entry of a list, or in a text that is a file itself.

use super::names::{self, EVERYBODYS, Place, Setting, Standing, decisive, has_letters_of, in_path};
use super::objections::{DATABASE_COUNTS, is_server, meant_by, misplaced, object};
use super::section::Section;
use latchkey_contract::json::Json;
use latchkey_contract::nearest::is_near;

/// Whose names the members of a value have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Nobody's that is known: whoever wrote them meant a setting.
    Unknown,
    /// A part of LiteLLM's that has words of its own for keys, databases and routes.
    Free,
}

/// Sections and members of LiteLLM's that have words of their own, wherever they stand.
const FREE: &[&str] = &[
    "agent_list",
    "agents",
    "alert_to_webhook_url",
    "alert_type_config",
    "alerting_args",
    "assistant_settings",
    "cache_params",
    "callback_settings",
    "claude_code_gateway_managed_settings",
    "coordination_redis",
    "credential_list",
    "database_args",
    "default_litellm_params",
    "default_team_settings",
    "default_vertex_config",
    "environment_variables",
    "files_settings",
    "finetune_settings",
    "guardrails",
    "litellm_credentials",
    "litellm_jwtauth",
    "litellm_params",
    "mcp_servers",
    "mcp_tools",
    "model_info",
    "pass_through_endpoints",
    "plugins",
    "policies",
    "policy_attachments",
    "prompts",
    "router_settings",
    "sandbox_tools",
    "search_tools",
    "vector_store_registry",
    "worker_registry",
];

/// Sections whose members have names of the writer's own: of models, of servers, of anchors that are merged elsewhere.
const OWN_NAMES: &[&str] = &[
    "content_policy_fallbacks",
    "context_window_fallbacks",
    "default_fallbacks",
    "default_team_params",
    "fallbacks",
    "mcp_aliases",
    "model_alias_map",
    "model_group_alias",
    "model_group_retry_policy",
];

/// Whether the members of a section have names of the writer's own.
fn has_own_names(section: &str) -> bool {
    OWN_NAMES.contains(&section) || section.starts_with("x-") || section.ends_with("_callback_params")
}

/// Names of settings that are words of others, too: they count where nobody's names are known, and nowhere else.
const ORDINARY: &[&str] =
    &["allowed_routes", "database_type", "database_url", "enforce_rbac", "master_key", "role_permissions"];

/// The sections that nobody else has.
const UNMISTAKABLE: &[&str] = &["general_settings", "litellm_settings"];

/// Looks for settings within a member of a section, whose own name has been judged.
pub(super) fn judge(section: &Section<'_>, place: Place, (name, value): (&str, &Json), strict: bool) {
    let search = Search { section, strict };
    let known = names::of(place).find(|setting| setting.name == name);
    match known.map(|setting| setting.standing) {
        None | Some(Standing::Named(_)) => search.within(name, value, names_in(name, Names::Unknown)),
        Some(Standing::Counts) if matches!(name, "model_list" | "router_settings") => {
            search.within(name, value, Names::Unknown);
        }
        // its reader looks at each member
        Some(_) => {}
    }
}

struct Search<'a> {
    section: &'a Section<'a>,
    strict: bool,
}

impl Search<'_> {
    fn within(&self, path: &str, value: &Json, names: Names) {
        if has_own_names(path.rsplit('.').next().unwrap_or_default()) {
            return;
        }
        match value {
            Json::Dict(members) => {
                for (name, value) in members {
                    self.member(&format!("{path}.{name}"), name, value, names);
                }
            }
            Json::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.within(&format!("{path}.{at}"), item, names);
                }
            }
            Json::Str(text) if names == Names::Unknown => {
                if is_server(value) {
                    self.object(path, DATABASE_COUNTS.to_owned());
                } else if let Some(section) = section_in(text) {
                    let message = format!(
                        "is a text with `{section}` in it, which counts at the top of the file and nowhere else"
                    );
                    self.object(path, message);
                }
            }
            _ => {}
        }
    }

    fn member(&self, path: &str, name: &str, value: &Json, names: Names) {
        // nothing would be guarded or bounded where it counts, either
        let is_off = matches!(value, Json::Null | Json::Bool(false));
        let meant = if is_off { None } else { meant(name, value, names) };
        match meant {
            Some(setting) if setting.name == name => self.object(path, misplaced(setting)),
            Some(setting) => self.object(path, meant_by(name, setting)),
            None => self.within(path, value, names_in(name, names)),
        }
    }

    fn object(&self, path: &str, message: String) {
        object(self.section, path, message, self.strict);
    }
}

/// Whose names the members of `name` have, below what has those of `above`.
fn names_in(name: &str, above: Names) -> Names {
    if FREE.contains(&name) { Names::Free } else { above }
}

/// The setting or the section that a member is meant to be.
fn meant(name: &str, value: &Json, names: Names) -> Option<&'static Setting> {
    let is_section = matches!(value, Json::Dict(_) | Json::List(_));
    let mut candidates = decisive().filter(|setting| is_section || setting.place != Place::Top);
    match names {
        Names::Unknown => candidates
            .find(|setting| !EVERYBODYS.contains(&setting.name) && is_like(name, setting.name))
            .or_else(|| names::by_other_name(name))
            .or_else(|| in_path(name)),
        Names::Free => candidates.find(|setting| {
            let counts = if setting.place == Place::Top {
                UNMISTAKABLE.contains(&setting.name)
            } else {
                is_unmistakable(setting.name)
            };
            counts && has_letters_of(name, setting.name)
        }),
    }
}

fn is_unmistakable(name: &str) -> bool {
    !ORDINARY.contains(&name) && !EVERYBODYS.contains(&name)
}

/// Whether a name differs from a known one by a slip at the most. Few names are compared letter by letter: a file may have
/// thousands of models.
fn is_like(name: &str, known: &str) -> bool {
    let length = |name: &str| name.bytes().filter(u8::is_ascii_alphanumeric).count();
    length(name).abs_diff(length(known)) <= 1 && is_near(name, known)
}

/// The section that a text has in it which is a file of settings, as YAML or as JSON.
fn section_in(text: &str) -> Option<&'static str> {
    UNMISTAKABLE.iter().copied().find(|section| {
        text.match_indices(section).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
            let after = text.get(at + section.len()..).unwrap_or_default();
            line.chars().all(|c| c.is_whitespace() || "{\"'-".contains(c))
                && after.trim_start_matches(['"', '\'', ' ']).starts_with(':')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::Problem;
    use super::super::read::read;
    use latchkey_contract::json::{Limits, read as read_json};

    /// What is wrong with a usable file that has these members, too, in strict; the other profile starts.
    fn wrong(members: &str) -> Vec<String> {
        let judged = |profile: &str| {
            let text = format!(
                r#"{{"latchkey":{{"profile":"{profile}","master_key_sha256":"{}"}},{members}}}"#,
                "0".repeat(64)
            );
            read(&read_json(text.as_bytes(), &Limits::STORED).expect("the test's settings are JSON"))
        };
        assert!(judged("litellm-1.60").is_ok(), "{members}");
        let problems = judged("strict").err().unwrap_or_default();
        problems.iter().map(Problem::to_string).collect()
    }

    const GENERAL: &str = "counts under `general_settings`";
    const LITELLM: &str = "counts under `litellm_settings`";
    const TOP: &str = "counts at the top of the file";

    #[test]
    fn a_guard_or_a_bound_is_told_wherever_it_stands() {
        for (members, path, place) in [
            (r#""settings":{"custom_auth":"a.b"}"#, "settings.custom_auth", GENERAL),
            (
                r#""settings":{"upperbound_key_generate_params":{}}"#,
                "settings.upperbound_key_generate_params",
                LITELLM,
            ),
            (r#""settings":{"upperbound_params":{}}"#, "settings.upperbound_params", LITELLM),
            (r#""settings":{"default_key_params":{}}"#, "settings.default_key_params", LITELLM),
            (r#""security":[{"auth":{"jwt_auth":true}}]"#, "security.0.auth.jwt_auth", GENERAL),
            (r#""security":{"allowedIps":["10.0.0.1"]}"#, "security.allowedIps", GENERAL),
            (r#""security":{"custom_auht":"a.b"}"#, "security.custom_auht", GENERAL),
            (r#""general_settings.custom_auth":"a.b""#, "general_settings.custom_auth", GENERAL),
            (
                r#""litellm_settings.upperbound_key_generate_params.max_budget":1"#,
                "litellm_settings.upperbound_key_generate_params.max_budget",
                LITELLM,
            ),
            (
                r#""general_settings":{"auth__custom_auth":"a.b"}"#,
                "general_settings.auth__custom_auth",
                GENERAL,
            ),
            (r#""settings":{"litellm_settings/x":1}"#, "settings.litellm_settings/x", TOP),
            (r#""security":{"master_key":"x"}"#, "security.master_key", GENERAL),
            (r#""security":{"allowed_routes":[]}"#, "security.allowed_routes", GENERAL),
            (
                r#""model_list":[{"model_name":"a","upperbound_key_generate_params":{"max_budget":1}}]"#,
                "model_list.0.upperbound_key_generate_params",
                LITELLM,
            ),
            (
                r#""model_list":[{"model_name":"a","litellm_params":{"custom_auth":"a.b"}}]"#,
                "model_list.0.litellm_params.custom_auth",
                GENERAL,
            ),
            (
                r#""general_settings":{"auth":{"custom_auth":"a.b"}}"#,
                "general_settings.auth.custom_auth",
                GENERAL,
            ),
            (
                r#""litellm_settings":{"keys":{"max_internal_user_budget":1}}"#,
                "litellm_settings.keys.max_internal_user_budget",
                LITELLM,
            ),
            (
                r#""router_settings":{"keys":{"upperbound_key_generate_params":{}}}"#,
                "router_settings.keys.upperbound_key_generate_params",
                LITELLM,
            ),
            (
                r#""guardrails":[{"litellm_params":{"enable_jwt_auth":true}}]"#,
                "guardrails.0.litellm_params.enable_jwt_auth",
                GENERAL,
            ),
            (r#""limits":{"max_keys_per_user":5}"#, "limits.max_keys_per_user", "counts under `latchkey`"),
            (
                r#""limits":{"connections_per_address":5}"#,
                "limits.connections_per_address",
                "counts under `latchkey.limits`",
            ),
        ] {
            let said = wrong(members);
            assert!(
                said.len() == 1 && said[0].starts_with(&format!("{path}: ")) && said[0].contains(place),
                "{members}: {said:?}"
            );
        }
    }

    #[test]
    fn a_section_below_another_is_told() {
        let values = wrong(
            r#""proxy_config":{"general_settings":{"custom_auth":"a.b","allowed_ips":["10.0.0.1"]},
                "litellm_settings":{"upperbound_key_generate_params":{"max_budget":100}},
                "router_settings":{},"environment_variables":{},"model_list":[],"latchkey":{},"General-Settings":{}}"#,
        );
        assert_eq!(values.len(), 7, "{values:?}");
        assert!(
            values.iter().all(|line| line.starts_with("proxy_config.") && line.contains(TOP)),
            "{values:?}"
        );
        for members in [
            r#""litellm_settings":{"callback_settings":{"general_settings":{}}}"#,
            r#""general_settings":{"x":[[{"litellm_settings":{}}]]}"#,
            r#""litellm_settings":{"router_settings":{}}"#,
            r#""model_list":[{"model_info":{"litellm_settings":{}}}]"#,
        ] {
            let said = wrong(members);
            assert!(said.len() == 1 && said[0].contains(TOP), "{members}: {said:?}");
        }
    }

    #[test]
    fn a_text_that_is_a_file_of_settings_is_told() {
        for text in [
            r"general_settings:\n  custom_auth: a.b",
            r"model_list: []\nlitellm_settings:\n  upperbound_key_generate_params: {max_budget: 1}",
            r"proxy_config:\r\n  general_settings :\r\n    custom_auth: a.b",
            r#"{\"general_settings\": {\"custom_auth\": \"a.b\"}}"#,
        ] {
            let said = wrong(&format!(r#""data":{{"config.yaml":"{text}"}}"#));
            assert!(said.len() == 1 && said[0].starts_with("data.config.yaml: is a text with"), "{said:?}");
        }
        assert_eq!(wrong(r#""data":{"note":"see general_settings: it is described there"}"#), [""; 0]);
        let manifest = wrong(r#""apiVersion":"v1","kind":"Secret","data":{"config.yaml":"bW9kZWw="}"#);
        assert!(manifest.len() == 1 && manifest[0].starts_with("kind: is a manifest"), "{manifest:?}");
    }

    #[test]
    fn a_database_in_a_section_of_its_own_is_told() {
        for members in [
            r#""database":{"url":"postgresql://u:SECRET@h/d"}"#,
            r#""db":{"host":"h","password":"SECRET"}"#,
            r#""general_settings":{"database":{"url":"postgresql://u:SECRET@h/d"}}"#,
            r#""general_settings":{"database_host":"SECRET"}"#,
            r#""storage":{"primary":{"url":"postgresql+asyncpg://u:SECRET@h/d"}}"#,
            r#""storage":["POSTGRES://u:SECRET@h/d"]"#,
            r#""litellm_settings":{"store":{"dsn":"postgres://u:SECRET@h/d"}}"#,
            r#""storage":{"database_url":"os.environ/SECRET"}"#,
        ] {
            let said = wrong(members);
            assert!(said.len() == 1 && said[0].contains("database_url`"), "{members}: {said:?}");
            assert!(!said[0].contains("SECRET"), "{said:?}");
        }
    }

    #[test]
    fn what_is_litellms_own_is_no_setting_of_ours() {
        let members = r#"
            "model_list":[{"model_name":"a","litellm_params":{"model":"openai/a","api_key":"x","rpm":1,"tpm_limit":2,
                "max_budget":3,"budget_duration":"1d","tags":["a"],"master_key":"x","database_url":"postgres://h/d"},
                "model_info":{"id":"1","mode":"chat","access_groups":["a"],"allowed_routes":["/a"]}}],
            "router_settings":{"routing_strategy":"simple-shuffle","provider_budget_config":{"openai":{"budget_limit":1,
                "time_period":"1d"}},"model_group_alias":{"a":"b"},"allowed_fails":3,"allowed_fails_policy":{}},
            "guardrails":[{"guardrail_name":"a","litellm_params":{"guardrail":"presidio","mode":"pre_call","api_key":"x",
                "default_on":true,"prompt":"general_settings: must not be told"}}],
            "callback_settings":{"otel":{"message_logging":false}},
            "default_team_settings":[{"team_id":"a","success_callback":["langfuse"],"router_settings":{"num_retries":1}}],
            "mcp_servers":{"database":{"url":"https://h/mcp","auth_type":"api_key","environment_variables":{"A":"b"},
                "env":{"DATABASE_URL":"postgres://h/d"},"allowed_tools":["a"]}},
            "vector_store_registry":[{"vector_store_name":"a","litellm_params":{"database_url":"postgres://h/d"}}],
            "credential_list":[{"credential_name":"a","credential_values":{"api_key":"x"},"credential_info":{}}],
            "files_settings":[{"custom_llm_provider":"azure","api_key":"x"}],
            "environment_variables":{"PGVECTOR_URL":"postgres://h/d","CUSTOM_AUTH":"x"},
            "search_tools":[{"search_tool_name":"a","litellm_params":{"api_key":"x"}}],
            "custom":{"custom_auth":null,"enable_jwt_auth":false,"app":"latchkey","latchkey":"x","max_budget":1,
                "tpm_limit":1,"duration":"1d","alerting":["slack"]},
            "general_settings":{"alerting":["slack"],"alerting_args":{"daily_report_frequency":1},
                "pass_through_endpoints":[{"path":"/a","target":"https://h","headers":{"Authorization":"x"},"auth":true}],
                "litellm_jwtauth":{"enforce_rbac":true,"admin_allowed_routes":["a"],"team_allowed_routes":["b"]},
                "user_header_mappings":[{"header_name":"a","litellm_user_role":"internal_user"}],
                "disable_master_key_return":true},
            "litellm_settings":{"callbacks":["otel"],"cache":true,"cache_params":{"type":"redis","host":"h","password":"x",
                "database_url":"postgres://h/d"},"fallbacks":[{"a":["b"]}],"max_user_budget":1,
                "default_team_settings":[{"team_id":"a","max_budget":1}],"priority_reservation":{"prod":0.9}}"#;
        assert_eq!(wrong(members), [""; 0]);
    }
}
