//! `GET /docs`: shows the description of the interface to people.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome, Reply};
use crate::deviations::Hole;
use crate::http::headers::Headers;
use crate::http::request::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The media type of the page.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// One page that reads `openapi.json` beside it and nothing from elsewhere.
const PAGE: &str = include_str!("docs.html");

/// Answers with the page.
pub(crate) fn run(cx: &Context<'_>, _caller: &Caller, _request: &Request) -> Result<Outcome, Halt> {
    let headers = if cx.closes(Hole::replies_stay_where_they_are_sent) { protection() } else { Vec::new() };
    Ok(Outcome { reply: Reply::Text(HTML, PAGE.to_owned()), headers, ..Outcome::default() })
}

/// Headers by which a browser runs what the page itself brings and nothing else, and shows it in no other page.
fn protection() -> Headers {
    let (script, style) = (hash("<script>", "</script>"), hash("<style>", "</style>"));
    let policy = format!(
        "default-src 'none'; script-src '{script}'; style-src '{style}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    vec![
        ("content-security-policy".into(), policy.into()),
        ("x-frame-options".into(), "DENY".into()),
        ("referrer-policy".into(), "no-referrer".into()),
    ]
}

/// The hash of what stands between two tags of the page, as a policy names it.
fn hash(open: &str, close: &str) -> String {
    let within = PAGE.split_once(open).and_then(|(_, rest)| rest.split_once(close));
    let digest = Sha256::digest(within.map_or("", |(within, _)| within));
    format!("sha256-{}", STANDARD.encode(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_one_script_and_one_style_and_nothing_that_the_policy_keeps_from_running() {
        assert_eq!((PAGE.matches("<script").count(), PAGE.matches("<style").count()), (1, 1));
        assert!(PAGE.contains("<script>") && PAGE.contains("<style>"));
        for inline in [" style=", " onclick=", "javascript:", "eval(", "innerHTML"] {
            assert!(!PAGE.contains(inline), "{inline}");
        }
    }
}
