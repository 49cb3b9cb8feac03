//! A request that a shell makes for the module, and what came back.

use super::message::message;
use std::fmt;

message! {
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
}

/// Shows no credentials: they stand in headers, and may stand in the address and the body.
impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe").field("method", &self.method).finish_non_exhaustive()
    }
}

message! {
    /// What became of a [`Probe`]: the row that answers the query for it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Probed {
        /// It was answered.
        "answered" => Answered {
            /// The HTTP status.
            status: u16,
            /// The beginning of the body, as text.
            body: String,
        },
        /// It was not.
        "failed" => Failed(ProbeFailure),
    }
}

message! {
    /// Why a probe was not answered.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ProbeFailure {
        /// Address or headers cannot be sent.
        Malformed = "malformed",
        /// Nobody answers there, or not in HTTP.
        Unreachable = "unreachable",
        /// The answer took too long.
        Timeout = "timeout",
        /// The shell has too many probes under way.
        Busy = "busy",
    }
}
