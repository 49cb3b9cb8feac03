//! Playing a scenario on an implementation.

use super::substitute::{Variables, pointer, substitute, substitute_text};
use super::{Body, Exchange, MASTER_KEY, Normaliser, Scenario, Step, dumps, first_difference, same, shown};
use crate::implementation::{Request, Response, Session};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// How one step went.
#[derive(Debug, Clone)]
pub struct StepResult {
    /// `None` if the answer was the expected one.
    pub difference: Option<String>,
    /// What was sent, for people.
    pub request: String,
}

/// Plays all steps, one after the other; sleeps give no result.
pub fn run(scenario: &Scenario, session: &mut dyn Session) -> Vec<StepResult> {
    let mut normaliser = Normaliser::default();
    normaliser.note_request(&scenario.config);
    let mut results = Vec::new();
    for step in &scenario.steps {
        match step {
            Step::Sleep(seconds) => session.sleep(*seconds),
            Step::Send(exchange) => {
                if let Body::Json(body) = &exchange.body {
                    normaliser.note_request(body);
                }
                let difference = play(exchange, session, &mut normaliser);
                let request = format!("{} {} {}", exchange.caller, exchange.method, exchange.path);
                results.push(StepResult { difference, request });
            }
        }
    }
    results
}

/// Sends a step and captures what it names; gives the response and its body as a document.
pub fn exchange(
    step: &Exchange,
    session: &mut dyn Session,
    variables: &mut Variables,
) -> Result<(Response, Json), String> {
    let response = session.send(&request(step, variables))?;
    let document = read(&response.body, &Limits::STORED).unwrap_or_else(|_| {
        dict! {"<text>" => String::from_utf8_lossy(&response.body).into_owned()}
    });
    for (variable, place) in &step.capture {
        if let Some(value) = pointer(&document, place).and_then(Json::as_str) {
            variables.insert(variable.clone(), value.to_owned());
        }
    }
    Ok((response, document))
}

fn play(step: &Exchange, session: &mut dyn Session, normaliser: &mut Normaliser) -> Option<String> {
    let (response, document) = match exchange(step, session, &mut normaliser.variables) {
        Ok(answer) => answer,
        Err(error) => return Some(error),
    };
    let path = step.path.split('?').next().unwrap_or_default();
    let body = normaliser.body(path, &document, response.at);
    let expected = normaliser.expected(path, &step.expected);
    let status = i64::from(response.status);
    if step.status >= 500 && status < 500 {
        // an internal error of the reference does not bind: any clear answer is better
        None
    } else if step.status != status {
        Some(format!("status: expected {}, got {status} {}", step.status, shown(&body)))
    } else if same(&expected, &body) {
        None
    } else {
        Some(first_difference(&expected, &body).unwrap_or_else(|| "bodies differ".to_owned()))
    }
}

/// The request of a step, variables filled in.
fn request(step: &Exchange, variables: &Variables) -> Request {
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut set = |name: &str, value: String| {
        headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        headers.push((name.to_owned(), value));
    };
    match step.caller.as_str() {
        "master" => set("Authorization", format!("Bearer {MASTER_KEY}")),
        "none" => {}
        caller => {
            let caller = substitute_text(caller.strip_prefix("raw:").unwrap_or(caller), variables);
            set("Authorization", format!("Bearer {caller}"));
        }
    }
    if !matches!(step.body, Body::None) {
        set("Content-Type", "application/json".to_owned());
    }
    for (name, value) in &step.headers {
        set(&substitute_text(name, variables), substitute_text(value, variables));
    }
    let body = match &step.body {
        Body::None => None,
        Body::Json(body) => Some(dumps(&substitute(body, variables)).into_bytes()),
        Body::Raw(text) => Some(substitute_text(text, variables).into_bytes()),
    };
    Request { method: step.method.clone(), target: target(step, variables), headers, body }
}

/// What is escaped in a path or query; escapes that are there already stay as they are.
const UNSAFE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}');
const NOT_IN_A_PARAMETER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn target(step: &Exchange, variables: &Variables) -> String {
    let path = substitute_text(&step.path, variables);
    let mut out = utf8_percent_encode(path.split('#').next().unwrap_or_default(), UNSAFE).to_string();
    for (name, value) in &step.query {
        let value = match substitute(value, variables) {
            Json::Str(text) => text,
            Json::Null => String::new(),
            other => dumps(&other),
        };
        out.push(if out.contains('?') { '&' } else { '?' });
        out.extend(utf8_percent_encode(&substitute_text(name, variables), NOT_IN_A_PARAMETER));
        out.push('=');
        out.extend(utf8_percent_encode(&value, NOT_IN_A_PARAMETER));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step() -> Exchange {
        Exchange {
            caller: "$who".to_owned(),
            method: "POST".to_owned(),
            path: "/key/$who/info?a=b%2F".to_owned(),
            query: vec![("k é".into(), Json::from("$who&")), ("n".into(), Json::Int(3))],
            headers: vec![("authorization".to_owned(), "Basic x".to_owned())],
            body: Body::Json(dict! {"key" => "$who"}),
            capture: Vec::new(),
            status: 200,
            expected: Json::Null,
        }
    }

    #[test]
    fn a_request_is_encoded_with_its_variables() {
        let variables = Variables::from([("who".to_owned(), "sk-1".to_owned())]);
        let sent = request(&Exchange { headers: Vec::new(), ..step() }, &variables);
        assert_eq!(sent.target, "/key/sk-1/info?a=b%2F&k%20%C3%A9=sk-1%26&n=3");
        assert_eq!(sent.body.as_deref(), Some(br#"{"key": "sk-1"}"#.as_slice()));
        let headers = [("Authorization", "Bearer sk-1"), ("Content-Type", "application/json")];
        assert_eq!(sent.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_header_of_the_step_replaces_the_one_of_the_caller() {
        let sent = request(&step(), &Variables::new());
        let given: Vec<_> =
            sent.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization")).collect();
        assert_eq!(given, [&("authorization".to_owned(), "Basic x".to_owned())]);
    }
}
