//! A request, taken apart: query parameters, path parameters and the body as FastAPI sees it.

use crate::context::{Context, Halt};
use crate::error::{Code, Refusal, messages};
use crate::types::{Model, Problem};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, ReadError, Reader, read};
use std::borrow::Cow;

/// What some editors write before UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    /// No bytes.
    Absent,
    /// JSON, said to be JSON or not said to be anything.
    Json(Json),
    /// Anything else, as text.
    Other(String),
    /// JSON that Python reads and nothing can store; the byte where it stops to be text. It is refused when the
    /// operation reads it, so that authentication comes first.
    Unstorable(usize),
}

/// What an operation reads.
#[derive(Debug)]
pub(crate) struct Request {
    /// The decoded path.
    pub path: String,
    /// Decoded query parameters, in order.
    pub query: Vec<(String, String)>,
    /// The value of the route's path parameter; empty without one.
    pub path_param: String,
    /// The body.
    pub body: Body,
}

impl Request {
    /// The last query parameter called `name`, as FastAPI takes it.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as a request model, or the 422 answer with everything that is wrong with it.
    pub(crate) fn model<M: Model>(&self) -> Result<M, Refusal> {
        M::read_body(self.json()?.as_deref()).map_err(|problems| invalid(&problems))
    }

    /// The body as a request model; `None` where it is absent or `null`.
    pub(crate) fn optional_model<M: Model>(&self) -> Result<Option<M>, Refusal> {
        M::read_optional(self.json()?.as_deref()).map_err(|problems| invalid(&problems))
    }

    /// The body as the reference's validation gets it: what is not said to be JSON is a text.
    fn json(&self) -> Result<Option<Cow<'_, Json>>, Refusal> {
        match &self.body {
            Body::Absent => Ok(None),
            Body::Json(value) => Ok(Some(Cow::Borrowed(value))),
            Body::Other(text) => Ok(Some(Cow::Owned(Json::Str(text.clone())))),
            Body::Unstorable(at) => Err(json_invalid(*at)),
        }
    }
}

/// The answer to a request that does not fit its model.
pub(crate) fn invalid(problems: &[Problem]) -> Refusal {
    let entries: Vec<Json> = problems.iter().map(Problem::to_json).collect();
    Refusal::http(Code::RequestInvalid, 422, entries)
}

/// Reads the body the way FastAPI does: JSON if the content type says so or says nothing.
pub(crate) fn body(cx: &Context<'_>) -> Result<Body, Halt> {
    if cx.body_coming() {
        return Err(Halt::BodyComing(None));
    }
    if cx.body.is_empty() {
        return Ok(Body::Absent);
    }
    if !cx.header("content-type").is_none_or(is_json_type) {
        return Ok(Body::Other(String::from_utf8_lossy(cx.body).into_owned()));
    }
    let text = cx.body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(cx.body);
    match read(text, &Limits::REQUEST) {
        Ok(value) => Ok(Body::Json(value)),
        Err(ReadError::Surrogate(at)) => Ok(Body::Unstorable(at)),
        Err(error) if error == ReadError::Digits || std::str::from_utf8(text).is_err() => {
            Err(Refusal::http(Code::BodyUnreadable, 400, messages::BODY_UNPARSED).into())
        }
        Err(ReadError::Syntax(at)) => Err(json_invalid(at).into()),
        Err(limit) => {
            Err(Refusal::http(Code::BodyUnreadable, 400, format!("request body is {limit}")).into())
        }
    }
}

/// The texts in the body's object, for questions that are asked ahead: nothing else of it is built, and what is wrong with it
/// is said when the body is read.
pub(crate) fn glimpse(cx: &Context<'_>) -> Body {
    if cx.body_coming() || cx.body.is_empty() || !cx.header("content-type").is_none_or(is_json_type) {
        return Body::Absent;
    }
    let text = cx.body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(cx.body);
    texts(text).map_or(Body::Absent, Body::Json)
}

fn texts(object: &[u8]) -> Result<Json, ReadError> {
    let mut reader = Reader::of(object, &Limits::REQUEST)?;
    let mut texts = Vec::new();
    let mut members = reader.dict()?;
    while let Some(name) = reader.member(&mut members)? {
        match reader.peek() {
            b'"' => texts.push((name.into_owned().into(), Json::from(reader.string()?.into_owned()))),
            _ => reader.skip()?,
        }
    }
    reader.end()?;
    Ok(Json::Dict(texts))
}

fn is_json_type(content_type: &str) -> bool {
    if content_type.is_empty() {
        return true;
    }
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence
        .strip_prefix("application/")
        .is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}

fn json_invalid(at: usize) -> Refusal {
    let at = i64::try_from(at).unwrap_or(i64::MAX);
    let entry = dict! {
        "type" => "json_invalid",
        "loc" => vec![Json::from("body"), Json::from(at)],
        "msg" => "JSON decode error",
        "input" => Json::empty_dict(),
        "ctx" => dict! { "error" => "Expecting value" },
    };
    Refusal::http(Code::BodyUnreadable, 422, vec![entry])
}

/// Decodes `a=b&c=d`: `+` is a space, `%xx` a byte, bytes are UTF-8.
pub(crate) fn query(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(&name.replace('+', " ")), percent_decode(&value.replace('+', " ")))
        })
        .collect()
}

/// Decodes `%xx`; what is no escape stays, bytes that are no UTF-8 become the replacement character.
pub(crate) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let hex = |byte: Option<u8>| {
            byte.and_then(|b| char::from(b).to_digit(16)).and_then(|d| u8::try_from(d).ok())
        };
        match (byte, hex(ahead.next()), hex(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_parameters_are_decoded_and_the_last_one_counts() {
        let pairs = query("key=sk-a%2Bb&x=1+2&key=%C3%A9&flag&bad=%zz");
        let request =
            Request { path: String::new(), query: pairs, path_param: String::new(), body: Body::Absent };
        assert_eq!(request.param("key"), Some("é"));
        assert_eq!(request.param("x"), Some("1 2"));
        assert_eq!(request.param("flag"), Some(""));
        assert_eq!(request.param("bad"), Some("%zz"));
        assert_eq!(request.param("none"), None);
    }

    #[test]
    fn only_json_types_are_read_as_json() {
        assert!(is_json_type("application/json; charset=utf-8"));
        assert!(is_json_type("application/vnd.api+json"));
        assert!(!is_json_type("text/plain"));
    }
}
