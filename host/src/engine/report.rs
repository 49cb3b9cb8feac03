//! What the module says about its settings.

use serde::Deserialize;

/// The report of `configure`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Whether the settings can be used.
    pub ok: bool,
    /// What is wrong with them.
    pub errors: Vec<SettingsError>,
    /// The profile in force.
    pub profile: String,
    /// The hash over the sources of the rules.
    pub rules_digest: String,
    /// The headers that decisions look at, in lower case.
    pub headers: Vec<String>,
    /// What the shell keeps to.
    pub limits: Bounds,
    /// Headers of every reply that does not have them itself.
    pub reply_headers: Vec<(String, String)>,
    /// Headers of replies to pages of other origins.
    pub origins: Vec<OriginHeaders>,
    /// Answers for when the module cannot be asked.
    pub replies: ReadyReplies,
    /// Known holes of the profile.
    pub open_holes: Vec<String>,
    /// What the operator should know of the settings.
    pub warnings: Vec<SettingsError>,
    /// The operator's own rule, if there is one.
    pub custom_rule: Option<CustomRuleReport>,
}

/// Where the operator's own rule is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CustomRuleReport {
    /// The module's file, relative to the configuration's folder.
    pub path: String,
    /// A question to try it with.
    pub trial: String,
}

/// What is wrong with a setting, or worth knowing of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SettingsError {
    /// Where it stands.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for SettingsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

/// Bounds on requests, and on what is in flight.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Bounds {
    /// Bytes of a body.
    pub body_bytes: usize,
    /// Bytes of all bodies that are being read.
    pub bodies_in_flight_bytes: usize,
    /// Bytes of all replies that are being sent.
    pub replies_in_flight_bytes: usize,
    /// Connections of one address: 0 without a bound, `None` a share of those there is room for.
    pub connections_per_address: Option<usize>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            bodies_in_flight_bytes: 64 << 20,
            replies_in_flight_bytes: 64 << 20,
            connections_per_address: None,
        }
    }
}

/// What replies to the pages of one origin have.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OriginHeaders {
    /// As browsers send it; `*` stands for every origin.
    pub origin: String,
    /// Headers, unless a reply has them itself.
    pub headers: Vec<(String, String)>,
}

/// Answers for when the module cannot be asked, worded by it beforehand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReadyReplies {
    /// The module failed.
    pub trap: ReadyReply,
    /// The module took too long.
    pub overrun: ReadyReply,
    /// The store cannot be reached.
    pub store_away: ReadyReply,
    /// The body is larger than the limit.
    pub body_too_large: ReadyReply,
    /// The body broke off or did not arrive in time.
    pub body_unread: ReadyReply,
    /// Too much is under way.
    pub busy: ReadyReply,
}

/// One such answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct ReadyReply {
    /// HTTP status.
    pub status: u16,
    /// Response headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Default for ReadyReply {
    fn default() -> Self {
        Self { status: 500, headers: Vec::new(), body: String::new() }
    }
}
