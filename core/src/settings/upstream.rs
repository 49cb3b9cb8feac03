//! The server that answers the routes which are not ours (`latchkey.upstream`).

use super::section::Section;

/// A proper value, for messages.
const SUCH_AS: &str = "must be the address of a LiteLLM such as `http://litellm:4000`";

/// The address as scheme, host and port, in lower case and without a slash at its end. The value may hold a password where it
/// is wrong, so that no message repeats it.
pub(super) fn read(own: &Section<'_>) -> Option<String> {
    const NAME: &str = "upstream";
    let given = own.text(NAME)?;
    let address = given.to_ascii_lowercase();
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let complain = |why: &str| {
        own.complain(NAME, format!("{SUCH_AS}{why}"));
        None
    };
    let Some(rest) = rest else { return complain("") };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if rest.contains('@') {
        return complain(", without a user or a password: every request brings its own key");
    }
    if rest.contains(['?', '#']) {
        return complain(", without a query");
    }
    if authority.contains('/') {
        return complain(", without a path: LiteLLM gets the paths that clients send");
    }
    let Some(port) = port_of(authority) else { return complain("") };
    let host = authority.strip_suffix(port).unwrap_or(authority);
    if address.starts_with("http://") && !is_loopback(host) {
        own.warn(NAME, "is not encrypted: keys cross the network as they are, unless it is one that only these servers share");
    }
    Some(address.trim_end_matches('/').to_owned())
}

/// Whether a host is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host == "[::1]"
        || host.parse().is_ok_and(|ip: std::net::Ipv4Addr| ip.is_loopback())
}

/// What follows the name in a host as browsers write it: a colon and a number, or nothing.
pub(super) fn port_of(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_address = host.starts_with('[');
    let has_name = !name.is_empty()
        && name.bytes().all(|byte| match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'.' => true,
            b'-' | b'_' => !is_address,
            b':' => is_address,
            _ => false,
        });
    let has_port = match port.strip_prefix(':') {
        Some(digits) => !digits.starts_with('0') && digits.parse::<u16>().is_ok_and(|port| port > 0),
        None => port.is_empty(),
    };
    (has_name && has_port).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::super::{Problem, Settings};
    use latchkey_contract::json::{Limits, read as read_json};

    fn settings(upstream: &str) -> Result<Settings, Vec<Problem>> {
        let text = format!(
            r#"{{"general_settings":{{"master_key":"sk-0123456789abcdef"}},"latchkey":{{"upstream":{upstream}}}}}"#
        );
        read(&read_json(text.as_bytes(), &Limits::STORED).expect("JSON"))
    }

    #[test]
    fn an_upstream_is_a_scheme_a_host_and_a_port() {
        for (given, kept, warnings) in [
            ("http://localhost:4000", "http://localhost:4000", 0),
            ("http://127.8.0.1:4000/", "http://127.8.0.1:4000", 0),
            ("http://[::1]:4000", "http://[::1]:4000", 0),
            ("http://litellm:4000", "http://litellm:4000", 1),
            ("http://127.0.0.1.example.com", "http://127.0.0.1.example.com", 1),
            ("HTTPS://LiteLLM.example.com/", "https://litellm.example.com", 0),
            ("https://litellm.example.com:443", "https://litellm.example.com:443", 0),
        ] {
            let settings = settings(&format!(r#""{given}""#)).expect(given);
            assert_eq!(settings.serving.upstream.as_deref(), Some(kept));
            assert_eq!(settings.warnings.len(), warnings, "{given}: {:?}", settings.warnings);
        }
        assert_eq!(settings("null").expect("none").serving.upstream, None);
    }

    #[test]
    fn any_other_address_keeps_the_server_from_starting_and_is_not_repeated() {
        for (bad, why) in [
            ("litellm:4000", "must be the address of a LiteLLM"),
            ("ftp://litellm", "must be the address of a LiteLLM"),
            ("", "must be the address of a LiteLLM"),
            ("http://", "must be the address of a LiteLLM"),
            ("http:///v1", "without a path"),
            ("http://litellm:0", "must be the address of a LiteLLM"),
            ("http://litellm:", "must be the address of a LiteLLM"),
            ("http://litellm:65536", "must be the address of a LiteLLM"),
            ("http://lite llm", "must be the address of a LiteLLM"),
            ("http://[::1", "must be the address of a LiteLLM"),
            ("http://lite\\\\llm", "must be the address of a LiteLLM"),
            ("http://litellm:4000/v1", "without a path"),
            ("http://litellm:4000//", "without a path"),
            ("http://litellm:4000?x=1", "without a query"),
            ("http://litellm:4000#x", "without a query"),
            ("http://me:secret@litellm:4000", "without a user or a password"),
        ] {
            let problem = settings(&format!(r#""{bad}""#)).expect_err(bad).remove(0);
            assert_eq!(problem.path, "latchkey.upstream");
            assert!(problem.message.contains(why), "{bad}: {}", problem.message);
            assert!(!problem.message.contains("secret"));
        }
        for bad in ["4000", "true", r#"["http://litellm:4000"]"#, "{}"] {
            assert_eq!(settings(bad).expect_err(bad).remove(0).message, "must be text");
        }
    }
}
