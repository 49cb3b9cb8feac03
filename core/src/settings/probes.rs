//! What `/key/health` may send where (`latchkey.probes`).

use super::section::Section;

/// The variables of LiteLLM's environment by which callbacks are set up.
const VARIABLES: &[&str] = &[
    "LANGFUSE_HOST",
    "LANGFUSE_PUBLIC_KEY",
    "LANGFUSE_SECRET_KEY",
    "OTEL_ENDPOINT",
    "OTEL_HEADERS",
    "GENERIC_LOGGER_ENDPOINT",
    "GENERIC_LOGGER_HEADERS",
];

/// Where Langfuse is if nobody says.
pub(crate) const LANGFUSE_HOST: &str = "https://cloud.langfuse.com";

/// `latchkey.probes`: no test event is sent without it, and none to an address that does not stand in it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Probes {
    /// Addresses that keys may name, without a slash at the end.
    hosts: Vec<String>,
    /// LiteLLM's variables that are set.
    variables: Vec<(&'static str, String)>,
}

/// Shows no credentials.
impl std::fmt::Debug for Probes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Probes").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

impl Probes {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        if !section.present() {
            return None;
        }
        section.only(&["hosts", "variables"]);
        let hosts = section.texts("hosts").unwrap_or_default();
        if hosts.iter().any(|host| !is_address(host)) {
            section.complain("hosts", "must be addresses such as `https://langfuse.example.com`");
        }
        let values = section.section("variables");
        values.only(VARIABLES);
        let mut variables = Vec::new();
        for name in VARIABLES.iter().copied() {
            let Some(value) = values.text(name) else { continue };
            if (name.ends_with("_HOST") || name.ends_with("_ENDPOINT")) && !is_address(&value) {
                values.complain(name, "must be an address such as `https://langfuse.example.com`");
            } else {
                variables.push((name, value));
            }
        }
        let hosts = hosts.iter().map(|host| host.trim_end_matches('/').to_owned()).collect();
        Some(Self { hosts, variables })
    }

    /// The value of a variable of LiteLLM's environment.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        let found = self.variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether a key may name this address.
    pub(crate) fn allows(&self, host: &str) -> bool {
        self.hosts.iter().any(|allowed| allowed == host)
    }
}

/// Whether `text` is the address of a server or of a place on it, without a name of a user or a query.
fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
            && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"@?#\\".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_server_and_no_user() {
        for good in ["https://langfuse.example.com", "http://10.0.0.7:4318/v1/traces", "http://[::1]:80/"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "langfuse.example.com",
            "ftp://a",
            "https://",
            "http://a@b",
            "http://a\\b",
            "http://a b",
            "http:///a",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
