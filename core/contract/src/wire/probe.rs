//! A request that a shell makes for the module, and what came back.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An HTTP request to an address that the operator has named.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
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

/// What became of a [`Probe`]: the row that answers the query for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Probed {
    /// It was answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The beginning of the body, as text.
        body: String,
    },
    /// It was not.
    Failed(ProbeFailure),
}

/// Why a probe was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
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
