//! Keys that get another secret by themselves (`latchkey.key_rotation`).

use super::section::Section;
use super::upstream::{is_loopback, port_of};
use crate::duration;
use latchkey_contract::tables::Millis;

/// Seconds between two looks for keys that are due, as LiteLLM has it.
const CHECK_SECONDS: u64 = 86_400;

/// Seconds for which one host is the only one, as LiteLLM has it.
const LOCK_SECONDS: u64 = 600;

/// The shortest such time: a key is rotated within it.
const SHORTEST_LOCK: u64 = 60;

/// Deliveries that fail one after the other before a look ends: an address that takes nothing is not asked for every key.
pub(crate) const MOST_FAILURES: u64 = 5;

/// How keys are rotated.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct KeyRotation {
    /// Seconds between two looks.
    pub(crate) check_seconds: u64,
    /// Seconds for which one host is the only one.
    pub(crate) lock_seconds: u64,
    /// How long the former secret goes on working; it stops at once where nothing is said.
    pub(crate) grace_period: Option<String>,
    /// The address that is told the new secret before it is stored.
    pub(crate) deliver_to: String,
    /// What is sent there as `Bearer`.
    pub(crate) deliver_key: Option<String>,
}

/// Shows no credential.
impl std::fmt::Debug for KeyRotation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRotation").field("check_seconds", &self.check_seconds).finish_non_exhaustive()
    }
}

impl KeyRotation {
    /// Reads the section; none where keys are not rotated. Where nobody would learn a new secret no key gets one.
    pub(super) fn read(section: &Section<'_>, is_strict: bool) -> Option<Self> {
        section.only(&[
            "enabled",
            "check_interval_seconds",
            "lock_ttl_seconds",
            "grace_period",
            "deliver_to",
            "deliver_key",
        ]);
        let is_on = section.flag("enabled").unwrap_or(false);
        let number = |name: &str, least: u64, default: u64| match section.count(name) {
            Some(count) if count < least => {
                section.complain(name, format!("must be {least} or more"));
                default
            }
            Some(count) => count,
            None => default,
        };
        let check_seconds = number("check_interval_seconds", 1, CHECK_SECONDS);
        let lock_seconds = number("lock_ttl_seconds", SHORTEST_LOCK, LOCK_SECONDS);
        let grace_period = section.text("grace_period").filter(|text| !text.is_empty());
        if grace_period
            .as_deref()
            .is_some_and(|text| duration::end(crate::settings::Profile::Strict, text, Millis(0)).is_err())
        {
            section.complain("grace_period", "must be a duration such as `1h`");
        }
        let deliver_to = section.text("deliver_to");
        if deliver_to.as_deref().is_some_and(|address| !is_safe(address)) {
            section.complain(
                "deliver_to",
                "must be an address such as `https://secrets.example.com/latchkey`: secrets go over https, or stay on this machine",
            );
        }
        let deliver_key = section.text("deliver_key").filter(|key| !key.is_empty());
        if deliver_key.as_deref().is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            section.complain("deliver_key", "must be visible ascii characters");
        }
        if !is_on || !is_strict {
            return None;
        }
        let Some(deliver_to) = deliver_to else {
            section.warn(
                "deliver_to",
                "no key is rotated by itself: nobody would learn its new secret, so name an address that is told",
            );
            return None;
        };
        Some(Self { check_seconds, lock_seconds, grace_period, deliver_to, deliver_key })
    }
}

/// Whether what is sent to the address can be read by nobody on the way.
fn is_safe(address: &str) -> bool {
    let is_plain = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
            && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"@#\\".contains(&byte))
    };
    if let Some(rest) = address.strip_prefix("https://") {
        return is_plain(rest);
    }
    let Some(rest) = address.strip_prefix("http://").filter(|rest| is_plain(rest)) else { return false };
    let server = rest.split(['/', '?']).next().unwrap_or_default();
    port_of(server).is_some_and(|port| is_loopback(server.strip_suffix(port).unwrap_or(server)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_over_https_or_stay_on_the_machine() {
        for good in
            ["https://a.example/b?c=d", "http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:1/"]
        {
            assert!(is_safe(good), "{good}");
        }
        for bad in [
            "http://a.example/",
            "https://u@a.example/",
            "ftp://a",
            "https://",
            "http://localhost.a.example/",
        ] {
            assert!(!is_safe(bad), "{bad}");
        }
    }
}
