//! Scenarios: what is sent, step by step, to a server with an empty database, and what the reference answered.
//!
//! The format and the normal form of answers are those of the recorder of the corpora, so that any set it records can be
//! played here. An expected status of 500 and above does not bind: there any answer below 500 counts as equal.

mod calendar;
mod compare;
mod dumps;
mod normal;
mod run;
mod substitute;

pub use compare::{first_difference, same, shown};
pub use dumps::{canonical, dumps};
pub use normal::Normaliser;
pub use run::{StepResult, exchange, run};
pub use substitute::{Variables, pointer, sha256, substitute, substitute_text};

use latchkey_contract::json::{Json, Name};

/// The key that scenarios call `master`.
pub const MASTER_KEY: &str = "sk-1234";

/// One scenario.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it shows.
    pub name: String,
    /// `cache` marks an outcome that depends on the reference's caches being stale.
    pub tags: Vec<String>,
    /// The settings the server runs under, completed.
    pub settings: Json,
    /// The scenario's own settings.
    pub config: Json,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone)]
pub enum Step {
    /// Nothing for so many seconds.
    Sleep(f64),
    /// A request and the expected answer.
    Send(Box<Exchange>),
}

/// A request as it is written in a scenario, with the expected answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Who calls: `master`, `none`, `raw:…` or `$name`.
    pub caller: String,
    /// The method.
    pub method: String,
    /// The path, perhaps with a query of its own.
    pub path: String,
    /// Further parameters of the query.
    pub query: Vec<(Name, Json)>,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Body,
    /// Variables and the places of the answer they are taken from.
    pub capture: Vec<(String, String)>,
    /// The status the reference answered.
    pub status: i64,
    /// The normal form of the body the reference answered.
    pub expected: Json,
}

/// What a step sends.
#[derive(Debug, Clone)]
pub enum Body {
    /// No body.
    None,
    /// A JSON document.
    Json(Json),
    /// This text as it is.
    Raw(String),
}

/// Reads all scenarios of one file.
pub fn parse(document: &Json) -> Result<Vec<Scenario>, String> {
    let items = document.as_list().ok_or("a file of scenarios is an array")?;
    items.iter().map(scenario).collect()
}

fn scenario(item: &Json) -> Result<Scenario, String> {
    let name = text(item, "name").unwrap_or_default();
    let tags = item.get("tags").and_then(Json::as_list).unwrap_or_default();
    let config = item.get("config").cloned().unwrap_or(Json::Null);
    let premium = item.get("premium").is_some_and(Json::is_truthy);
    let steps = item.get("steps").and_then(Json::as_list).ok_or_else(|| format!("{name}: no steps"))?;
    Ok(Scenario {
        tags: tags.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        settings: full_settings(&config, premium),
        config,
        steps: steps
            .iter()
            .map(step)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("{name}: {error}"))?,
        name,
    })
}

fn step(item: &Json) -> Result<Step, String> {
    match item.get("sleep") {
        Some(Json::Int(seconds)) => return Ok(Step::Sleep(*seconds as f64)),
        Some(Json::Float(seconds)) => return Ok(Step::Sleep(*seconds)),
        _ => {}
    }
    let members = |name: &str| item.get(name).and_then(Json::as_dict).unwrap_or_default().to_vec();
    let texts = |name: &str| -> Vec<(String, String)> {
        members(name)
            .into_iter()
            .filter_map(|(key, value)| Some((key.into_owned(), value.as_str()?.to_owned())))
            .collect()
    };
    let expect = item.get("expect").ok_or("a step without `expect`")?;
    Ok(Step::Send(Box::new(Exchange {
        caller: text(item, "as").unwrap_or_else(|| "master".to_owned()),
        method: text(item, "method").unwrap_or_else(|| "POST".to_owned()),
        path: text(item, "path").ok_or("a step without `path`")?,
        query: members("query"),
        headers: texts("headers"),
        body: match (item.get("body_raw"), item.get("body")) {
            (Some(Json::Str(raw)), _) => Body::Raw(raw.clone()),
            (_, Some(body)) => Body::Json(body.clone()),
            _ => Body::None,
        },
        capture: texts("capture"),
        status: match expect.get("status") {
            Some(Json::Int(status)) => *status,
            _ => 0,
        },
        expected: expect.get("body").cloned().unwrap_or(Json::Null),
    })))
}

fn text(item: &Json, name: &str) -> Option<String> {
    item.get(name).and_then(Json::as_str).map(str::to_owned)
}

/// A scenario's settings with the master key, the default models and the profile of the reference filled in.
pub fn full_settings(config: &Json, premium: bool) -> Json {
    let mut out = if config.as_dict().is_some() { config.clone() } else { Json::empty_dict() };
    let section = |name: &str, defaults: &[(&'static str, Json)]| {
        let mut section = Json::empty_dict();
        for (key, value) in defaults {
            section.set(*key, value.clone());
        }
        for (key, value) in config.get(name).and_then(Json::as_dict).unwrap_or_default() {
            section.set(key.clone(), value.clone());
        }
        section
    };
    let latchkey = section(
        "latchkey",
        &[("profile", Json::from("litellm-1.60")), ("premium_user", Json::Bool(premium))],
    );
    let general = section("general_settings", &[("master_key", Json::from(MASTER_KEY))]);
    out.set("latchkey", latchkey);
    out.set("general_settings", general);
    if out.get("model_list").is_none() {
        out.set("model_list", default_models());
    }
    out
}

fn default_models() -> Json {
    let models = [
        ("gpt-4", "openai/gpt-4"),
        ("gpt-3.5-turbo", "openai/gpt-3.5-turbo"),
        ("claude-mock", "anthropic/claude-3"),
    ];
    let entry = |(name, model): (&str, &str)| {
        let params =
            latchkey_contract::dict! {"model" => model, "api_key" => "fake", "mock_response" => "hi"};
        latchkey_contract::dict! {"model_name" => name, "litellm_params" => params}
    };
    Json::List(models.into_iter().map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    #[test]
    fn settings_are_completed_and_what_the_scenario_says_stays() {
        let settings = full_settings(
            &dict! {"general_settings" => dict! {"master_key" => "sk-x"}, "model_list" => Vec::<Json>::new()},
            true,
        );
        assert_eq!(pointer(&settings, "/general_settings/master_key"), Some(&Json::from("sk-x")));
        assert_eq!(pointer(&settings, "/latchkey/premium_user"), Some(&Json::Bool(true)));
        assert_eq!(settings.get("model_list"), Some(&Json::List(Vec::new())));
        let models = full_settings(&Json::Null, false);
        assert_eq!(pointer(&models, "/model_list/2/model_name"), Some(&Json::from("claude-mock")));
    }

    #[test]
    fn a_step_defaults_to_a_post_by_the_master_key() {
        let file = Json::List(vec![dict! {
            "name" => "n",
            "steps" => vec![dict! {"path" => "/x", "body" => Json::Null, "expect" => dict! {"status" => 200}}],
        }]);
        let scenarios = parse(&file).expect("a scenario");
        let Step::Send(step) = &scenarios[0].steps[0] else { panic!("a request") };
        assert_eq!((step.caller.as_str(), step.method.as_str(), step.status), ("master", "POST", 200));
        assert!(matches!(step.body, Body::Json(Json::Null)));
    }
}
