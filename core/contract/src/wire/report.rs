//! What the module says of the settings when it is configured.

use super::message::message;

message! {
    /// The answer to `configure`.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Configured {
        /// The settings are in force.
        "usable" => Usable(Box<Report>),
        /// They cannot be used, for these reasons.
        "unusable" => Unusable(Vec<SettingsProblem>),
    }
}

message! {
    /// What a shell needs to know of settings that are in force.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct Report {
        /// The profile in force.
        pub profile: String,
        /// The hash over the sources of the rules.
        pub rules_digest: String,
        /// The headers that decisions look at, in lower case.
        pub headers: Vec<String>,
        /// What the shell keeps to.
        pub limits: Bounds,
        /// Which ids a request may bring along.
        pub request_ids: RequestIds,
        /// What probes may take.
        pub probes: ProbeBounds,
        /// Headers of every reply that does not have them itself.
        pub reply_headers: Vec<(String, String)>,
        /// Headers of replies to pages of other origins.
        pub origins: Vec<OriginHeaders>,
        /// Answers for when the module cannot be asked.
        pub replies: ReadyReplies,
        /// Known holes of the profile.
        pub open_holes: Vec<String>,
        /// How requests are sent on to another server, if any are.
        pub forwarding: Option<Forwarding>,
        /// The operator's own rule, if there is one.
        pub custom_rule: Option<CustomRuleReport>,
        /// How keys that are due are looked for, if they are.
        pub rotation: Option<RotationReport>,
        /// What the operator should know of the settings.
        pub warnings: Vec<SettingsProblem>,
    }
}

message! {
    /// What is wrong with a setting, or worth knowing of it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SettingsProblem {
        /// Where it stands, as names joined by dots; empty for the settings as a whole.
        pub path: String,
        /// What is wrong, or worth knowing.
        pub message: String,
    }
}

impl std::fmt::Display for SettingsProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

message! {
    /// Bounds on requests, and on what is in flight.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct Bounds {
        /// Bytes of a body.
        pub body_bytes: u64,
        /// Bytes of a body that is read before it is known who sends it.
        pub prompt_body_bytes: u64,
        /// Bytes of a refused body that are read and dropped, so that the client reads the answer.
        pub drained_body_bytes: u64,
        /// Milliseconds that a client may take to send a body.
        pub body_ms: u64,
        /// Bytes of all bodies that are being read.
        pub bodies_in_flight_bytes: u64,
        /// Bytes of all replies that are being sent.
        pub replies_in_flight_bytes: u64,
        /// Connections of one address: 0 is without a bound, and with `null` the shell chooses.
        pub connections_per_address: Option<u64>,
        /// Milliseconds that a request may take in all, however often it waits.
        pub request_ms: u64,
        /// Crossings of one attempt.
        pub crossings: u32,
        /// Commits of one request. After the last one is refused the module replies.
        pub attempts: u32,
    }
}

message! {
    /// Which `x-request-id` of a client is used as the request's id: letters and digits of ASCII and some other characters.
    /// One that may be a credential is not.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct RequestIds {
        /// Characters at the most; one at the least.
        pub length: usize,
        /// The other characters.
        pub punctuation: String,
        /// How credentials begin, in lower case: an id that has this anywhere, in any case, is not used.
        pub credential: String,
        /// An id of so many characters or more is not used if another header has it in its value.
        pub telling: usize,
    }
}

message! {
    /// What the requests that a shell makes for the module may take.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct ProbeBounds {
        /// Milliseconds that connecting, sending and answering may take together.
        pub ms: u64,
        /// Bytes of an answer that are read.
        pub answer_bytes: usize,
        /// Probes at one time.
        pub at_once: usize,
    }
}

message! {
    /// How requests are sent on to another server.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct Forwarding {
        /// Headers that are of one connection alone, in lower case: neither requests nor replies keep them, nor those that their
        /// `connection` names.
        pub hop_by_hop: Vec<String>,
        /// The name of this server in `via`.
        pub via: String,
        /// Milliseconds in which the other server must take a connection.
        pub connect_ms: u64,
    }
}

message! {
    /// How a shell looks for keys that are to get another secret.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct RotationReport {
        /// Milliseconds between two looks.
        pub check_ms: u64,
        /// Milliseconds for which one shell is the only one, from each key on.
        pub lease_ms: u64,
        /// Deliveries that fail one after the other before a look ends.
        pub most_failures: u64,
    }
}

message! {
    /// The operator's own rule.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct CustomRuleReport {
        /// The module's file, relative to the configuration's folder.
        pub path: String,
        /// A question to try it with.
        pub trial: String,
        /// Bytes of linear memory that it may take.
        pub memory_bytes: usize,
        /// Bytes that its answer may have.
        pub answer_bytes: usize,
    }
}

message! {
    /// What replies to the pages of one origin have.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct OriginHeaders {
        /// As browsers send it; `*` stands for every origin.
        pub origin: String,
        /// Headers, unless a reply has them itself.
        pub headers: Vec<(String, String)>,
    }
}

message! {
    /// Answers for when the module cannot be asked, worded by it beforehand.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
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
}

message! {
    /// One such answer.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct ReadyReply {
        /// HTTP status.
        pub status: u16,
        /// Response headers.
        pub headers: Vec<(String, String)>,
        /// The body.
        pub body: String,
    }
}
