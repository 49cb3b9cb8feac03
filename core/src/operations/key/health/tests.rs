use super::*;
use crate::settings::Settings;
use crate::settings::routes::read_for_server as read_settings;
use latchkey_contract::wire::{Call, Fact, Facts, Probe};

fn settings(probes: &str) -> Settings {
    let text = format!(r#"{{"general_settings":{{"master_key":"sk-1"}},"latchkey":{{"probes":{probes}}}}}"#);
    let config =
        latchkey_contract::json::read(text.as_bytes(), &latchkey_contract::json::Limits::STORED).unwrap();
    read_settings(&config).unwrap()
}

const PROBES: &str = r#"{"hosts":["https://us.cloud.langfuse.com/"],"variables":{"LANGFUSE_HOST":"http://lf:3000/",
    "LANGFUSE_PUBLIC_KEY":"pk-operator","LANGFUSE_SECRET_KEY":"lf-operator","OTEL_ENDPOINT":"http://otel:4318/v1/traces",
    "OTEL_HEADERS":"X-Team=a, Authorization=Bearer t","GENERIC_LOGGER_ENDPOINT":"http://hook/x"}}"#;

fn langfuse(vars: &[(&str, &str)]) -> Json {
    let vars = vars.iter().map(|(name, value)| ((*name).to_owned().into(), Json::from(*value))).collect();
    dict! { "callback_name" => "langfuse", "callback_vars" => Json::Dict(vars) }
}

fn plain(name: &str) -> Json {
    dict! { "callback_name" => name, "callback_vars" => Json::empty_dict() }
}

/// The probes that are asked for, and the status after each was answered with `row`.
fn play(settings: &Settings, callbacks: &[Json], row: &str) -> (Vec<Probe>, Result<Json, u16>) {
    let mut call = Call { entropy: "ab".repeat(64), ..Call::default() };
    let mut asked = Vec::new();
    let logging = Json::List(callbacks.to_vec());
    for _ in 0..2 {
        let cx = Context::new(&call, b"", settings);
        match logging_status(&cx, &logging) {
            Ok(status) => return (asked, Ok(status)),
            Err(Halt::Refused(refusal)) => return (asked, Err(refusal.status)),
            Err(Halt::Missing) => {}
            Err(Halt::BodyComing(_) | Halt::Judged) => panic!("the route takes no body and judges nothing"),
        }
        let answers = cx.missing().into_iter().map(|query| {
            if let Query::Probe(probe) = &query {
                asked.push(probe.clone());
            }
            let rows = format!("[{row}]").into();
            Fact { query, rows, total: None }
        });
        let answers = answers.collect();
        call.facts = Facts(answers);
    }
    panic!("asked twice")
}

fn details(settings: &Settings, callbacks: &[Json], row: &str) -> String {
    let status = play(settings, callbacks, row).1.unwrap();
    let text = |name: &str| status.get(name).and_then(Json::as_str).unwrap().to_owned();
    format!("{}: {}", text("status"), text("details"))
}

#[test]
fn a_callback_is_healthy_only_if_its_test_event_was_taken() {
    let settings = settings(PROBES);
    let callbacks = [langfuse(&[]), plain("otel"), plain("generic")];
    let said = details(
        &settings,
        &callbacks,
        r#"{"answered":{"status":207,"body":"{\"successes\":[],\"errors\":[]}"}}"#,
    );
    assert!(said.starts_with("healthy: No logger exceptions triggered"), "{said}");
    for (row, why) in [
        (r#"{"answered":{"status":401,"body":""}}"#, "the test event was answered with status 401"),
        (r#"{"failed":"unreachable"}"#, "nobody answers at the address"),
        (r#"{"failed":"timeout"}"#, "the test event was not answered in time"),
        ("", "this server sends no test events"),
    ] {
        let expected = ["langfuse", "otel", "generic"].map(|name| format!("{name}: {why}")).join("\n");
        let expected = format!("unhealthy: Logger exceptions triggered, system is unhealthy: {expected}");
        assert_eq!(details(&settings, &callbacks, row), expected);
    }
    let row = r#"{"answered":{"status":207,"body":"{\"errors\":[{\"id\":\"1\",\"status\":400}]}"}}"#;
    assert!(
        details(&settings, &callbacks, row)
            .ends_with("langfuse: the test event was answered with status 400")
    );
}

#[test]
fn nothing_is_sent_without_the_operator_s_leave() {
    let bare = settings("null");
    let (asked, status) = play(&bare, &[langfuse(&[])], r#"{"answered":{"status":200,"body":""}}"#);
    assert_eq!((asked.len(), status.unwrap().get("status").cloned()), (0, Some("unhealthy".into())));
    let own = [("langfuse_public_key", "pk-own"), ("langfuse_secret_key", "lf-own")];
    for host in [
        "http://169.254.169.254",
        "https://us.cloud.langfuse.com.evil.example",
        "https://us.cloud.langfuse.com@evil.example",
        "https://us.cloud.langfuse.com/..",
        "HTTPS://us.cloud.langfuse.com",
        "http://us.cloud.langfuse.com",
        "os.environ/HOME",
        "https://cloud.langfuse.com",
    ] {
        let (asked, status) =
            play(&settings(PROBES), &[langfuse(&[own[0], own[1], ("langfuse_host", host)])], "");
        assert_eq!(
            (asked.len(), status.unwrap().get("status").cloned()),
            (0, Some("unhealthy".into())),
            "{host}"
        );
    }
    let many = vec![plain("otel"); 9];
    assert_eq!(play(&settings(PROBES), &many, "").0.len(), 0);
}

#[test]
fn the_operator_s_credentials_go_to_the_operator_s_address_only() {
    let settings = settings(PROBES);
    let authorization = |vars: &[(&str, &str)]| {
        let (asked, _) = play(&settings, &[langfuse(vars)], r#"{"answered":{"status":200,"body":""}}"#);
        asked.first().map(|probe| {
            let header = probe.headers.iter().find(|(name, _)| name == "authorization");
            (probe.url.clone(), header.map(|(_, value)| value.clone()).unwrap_or_default())
        })
    };
    let to =
        |host: &str, basic: &str| Some((format!("{host}/api/public/ingestion"), format!("Basic {basic}")));
    let operators = "cGstb3BlcmF0b3I6bGYtb3BlcmF0b3I=";
    assert_eq!(authorization(&[]), to("http://lf:3000", operators));
    let referred = [
        ("langfuse_host", "os.environ/LANGFUSE_HOST"),
        ("langfuse_public_key", "os.environ/LANGFUSE_PUBLIC_KEY"),
        ("langfuse_secret_key", "os.environ/LANGFUSE_SECRET_KEY"),
    ];
    assert_eq!(authorization(&referred), to("http://lf:3000", operators));
    let elsewhere = ("langfuse_host", "https://us.cloud.langfuse.com");
    assert_eq!(authorization(&[elsewhere]), None);
    assert_eq!(authorization(&[elsewhere, referred[1], referred[2]]), None);
    assert_eq!(authorization(&[("langfuse_secret", "os.environ/OTEL_HEADERS")]), None);
    let own = [elsewhere, ("langfuse_public_key", "a"), ("langfuse_secret", "b")];
    assert_eq!(authorization(&own), to("https://us.cloud.langfuse.com", "YTpi"));
}

#[test]
fn the_headers_of_a_variable_are_sent() {
    let (asked, _) = play(&settings(PROBES), &[plain("otel")], "");
    let headers: Vec<_> =
        asked[0].headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        headers,
        [("content-type", "application/json"), ("x-team", "a"), ("authorization", "Bearer t")]
    );
    assert!(!format!("{asked:?}").contains("Bearer"));
}

#[test]
fn settings_that_name_no_callback_are_refused() {
    let settings = settings("null");
    let refused = |logging: Json| {
        let call = Call::default();
        match logging_status(&Context::new(&call, b"", &settings), &logging) {
            Err(Halt::Refused(refusal)) => refusal.status,
            _ => 200,
        }
    };
    assert_eq!(refused(Json::List(Vec::new())), 200);
    assert_eq!(refused(Json::from("langfuse")), 400);
    assert_eq!(refused(Json::List(vec![Json::from("langfuse")])), 400);
    assert_eq!(refused(Json::List(vec![dict! { "callback_name" => Json::Null }])), 400);
}
