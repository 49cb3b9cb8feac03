//! A request that a shell makes for the module, and what came back.

use super::headers::write_headers;
use super::member::{has_only, text};
use crate::json::{Json, JsonText, Object};
use std::fmt;

/// An HTTP request to an address that the operator has named.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Probe {
    /// In capitals.
    pub method: String,
    /// `http://` or `https://` and so on.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// What to send.
    pub body: String,
}

/// Shows no credentials: they stand in headers, and may stand in the address and the body.
impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe").field("method", &self.method).finish_non_exhaustive()
    }
}

impl Probe {
    pub(super) fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        object.text("method", &self.method);
        object.text("url", &self.url);
        write_headers(object.member("headers"), &self.headers);
        object.text("body", &self.body);
        object.end();
    }

    pub(super) fn of(value: &Json) -> Option<Self> {
        let pair = |item: &Json| match item.as_list()? {
            [Json::Str(name), Json::Str(value)] => Some((name.clone(), value.clone())),
            _ => None,
        };
        let headers = value.get("headers")?.as_list()?.iter().map(pair).collect::<Option<_>>()?;
        let (method, url, body) = (text(value, "method")?, text(value, "url")?, text(value, "body")?);
        has_only(value, 4).then_some(Self { method, url, headers, body })
    }
}

/// What became of a [`Probe`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probed {
    /// It was answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The beginning of the body, as text.
        body: String,
    },
    /// It was not.
    Failed {
        /// Why.
        failed: ProbeFailure,
    },
}

/// Why a probe was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeFailure {
    /// Address or headers cannot be sent.
    Malformed,
    /// Nobody answers there, or not in HTTP.
    Unreachable,
    /// The answer took too long.
    Timeout,
    /// The shell has too many probes under way.
    Busy,
}

impl ProbeFailure {
    const ALL: [Self; 4] = [Self::Malformed, Self::Unreachable, Self::Timeout, Self::Busy];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Busy => "busy",
        }
    }
}

impl Probed {
    /// The row that tells it.
    pub fn to_json(&self) -> JsonText {
        JsonText::of(&match self {
            Self::Answered { status, body } => {
                crate::dict! { "status" => i64::from(*status), "body" => body.as_str() }
            }
            Self::Failed { failed } => crate::dict! { "failed" => failed.as_str() },
        })
    }

    /// Reads the row; `None` if it is another one.
    pub fn read(row: &JsonText) -> Option<Self> {
        let row = row.value();
        if let Some(Json::Int(status)) = row.get("status") {
            let body = text(&row, "body").unwrap_or_default();
            return Some(Self::Answered { status: u16::try_from(*status).ok()?, body });
        }
        let word = row.get("failed")?.as_str()?;
        let failed = ProbeFailure::ALL.into_iter().find(|failure| failure.as_str() == word)?;
        Some(Self::Failed { failed })
    }
}
