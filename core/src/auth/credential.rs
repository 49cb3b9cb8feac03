//! Which key came with the request.

use crate::context::Context;
use crate::deviations::Hole;
use crate::settings::Settings;
use latchkey_contract::mint;
use latchkey_contract::secret::Secret;

/// The shortest credential whose last four characters may be shown.
const TELLING_LENGTH: usize = 16;

/// The header in which LiteLLM's own clients send a key beside a provider's in `Authorization`.
const LITELLM_HEADER: &str = "x-litellm-api-key";

/// Headers that hold a key and nothing else.
const KEY_HEADERS: [&str; 3] = ["api-key", "x-api-key", "x-goog-api-key"];

/// What a request presents.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Presented {
    /// The key; `None` without any header for it, empty if the header has no form we know.
    pub(super) key: Option<Secret>,
    /// The value of the header, if it is not empty.
    pub(super) header: Option<Secret>,
}

impl Presented {
    /// What messages say was passed: the reference echoes it, profile strict shows four characters at the most.
    pub(super) fn passed(&self, settings: &Settings) -> String {
        match &self.header {
            None => "None".to_owned(),
            Some(value) => shown(value.expose(), settings),
        }
    }
}

/// A credential as messages show it.
pub(super) fn shown(credential: &str, settings: &Settings) -> String {
    if !settings.closes(Hole::credentials_are_not_echoed) {
        return credential.to_owned();
    }
    let is_long = credential.chars().count() >= TELLING_LENGTH;
    match credential.starts_with("sk-") {
        true if is_long => mint::key_name(credential),
        true => "sk-...".to_owned(),
        false if is_long => mint::key_name(credential).replacen("sk-", "", 1),
        false => "...".to_owned(),
    }
}

/// The headers in which strict looks for a key.
pub(super) fn looked_at(settings: &Settings) -> Vec<&str> {
    let own = settings.key_header_name.as_deref();
    own.into_iter().chain(["authorization", LITELLM_HEADER]).chain(KEY_HEADERS).collect()
}

/// Reads the key: from the operator's own header if one is set, or else from the first of the known headers, at which
/// release 1.60.8 does not look then.
pub(super) fn presented(cx: &Context<'_>) -> Presented {
    let header = |name: &str| cx.header(name).filter(|value| !value.is_empty());
    let authorization = header("authorization").map(secret);
    if let Some(name) = &cx.settings.key_header_name {
        let value = cx.headers().iter().rev().find(|(key, _)| key == name).map(|(_, value)| value);
        match value.filter(|value| !cx.closes(Hole::headers_for_keys_are_named) || !value.is_empty()) {
            None if cx.closes(Hole::headers_for_keys_are_named) => {}
            None => return Presented { key: Some(secret("")), header: authorization },
            Some(value) => {
                let own = match cx.closes(Hole::headers_for_keys_are_named) {
                    true => Some(secret(value)),
                    false => authorization,
                };
                return Presented { key: Some(bearer(value, cx.settings)), header: own };
            }
        }
    }
    if let Some(value) = header(LITELLM_HEADER).filter(|_| cx.closes(Hole::headers_for_keys_are_named)) {
        // with or without a scheme
        let key = Some(bearer(value, cx.settings)).filter(|key| !key.expose().is_empty());
        return Presented { key: key.or_else(|| Some(secret(value.trim()))), header: Some(secret(value)) };
    }
    let key = match &authorization {
        Some(value) => Some(bearer(value.expose(), cx.settings)),
        None => KEY_HEADERS.into_iter().find_map(header).map(secret),
    };
    Presented { key, header: authorization }
}

/// The key in the value of an authorization header; empty without a known scheme. The reference knows three spellings
/// and drops the word wherever it stands; profile strict takes the scheme in any case, once, and trims.
fn bearer(value: &str, settings: &Settings) -> Secret {
    const SCHEMES: [&str; 3] = ["Bearer ", "Basic ", "bearer "];
    if !settings.closes(Hole::schemes_are_read_in_any_case) {
        let scheme = SCHEMES.into_iter().find(|scheme| value.starts_with(scheme));
        return Secret::new(scheme.map_or_else(String::new, |scheme| value.replace(scheme, "")));
    }
    match value.split_once(' ') {
        Some((scheme, key))
            if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("basic") =>
        {
            secret(key.trim())
        }
        _ => secret(""),
    }
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Profile;

    fn settings(profile: Profile) -> Settings {
        Settings { profile, ..Settings::default() }
    }

    #[test]
    fn the_reference_knows_three_schemes_and_drops_each_repetition() {
        for (value, key) in [
            ("Bearer sk-1", "sk-1"),
            ("bearer sk-1", "sk-1"),
            ("Basic sk-1", "sk-1"),
            ("BEARER sk-1", ""),
            ("Bearer  sk-1", " sk-1"),
            ("Bearer Bearer sk-1", "sk-1"),
            ("bearer Bearer sk-1", "Bearer sk-1"),
            ("Bearer sk-Bearer 1", "sk-1"),
            ("Bearer", ""),
            ("sk-1", ""),
        ] {
            assert_eq!(bearer(value, &settings(Profile::Litellm160)).expose(), key, "{value}");
        }
    }

    #[test]
    fn profile_strict_takes_the_scheme_in_any_case_and_only_once() {
        for (value, key) in [
            ("BEARER sk-1", "sk-1"),
            ("Bearer   sk-1", "sk-1"),
            ("basic sk-1", "sk-1"),
            ("Bearer Bearer sk-1", "Bearer sk-1"),
            ("Token sk-1", ""),
            ("sk-1", ""),
        ] {
            assert_eq!(bearer(value, &Settings::default()).expose(), key, "{value}");
        }
    }

    #[test]
    fn profile_strict_never_echoes_a_credential() {
        let strict = Settings::default();
        assert_eq!(shown("sk-0123456789abcdef", &strict), "sk-...cdef");
        assert_eq!(shown("sk-short", &strict), "sk-...");
        assert_eq!(shown("hunter2", &strict), "...");
        assert_eq!(shown("a-password-of-words", &strict), "...ords");
        assert_eq!(shown("hunter2", &settings(Profile::Litellm160)), "hunter2");
        assert_eq!(Presented { key: None, header: None }.passed(&strict), "None");
    }
}
