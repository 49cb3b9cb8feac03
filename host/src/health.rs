//! `latchkey health`: asks a running server whether it works, as a container's health check does.

use crate::cli::Health;
use crate::listen::Listen;
use crate::probe::Prober;
use crate::settings::environment::of_process;
use latchkey_contract::wire::{Probe, ProbeBounds, Probed};
use std::process::ExitCode;

/// What is asked for where the URL names nothing else.
const READINESS: &str = "/health/readiness";

/// 0 if the server answers that it works within the time, 1 if not.
pub fn run(arguments: &Health) -> ExitCode {
    match ask(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("latchkey: {why}");
            ExitCode::FAILURE
        }
    }
}

fn ask(arguments: &Health) -> Result<(), String> {
    let url = match &arguments.url {
        Some(url) => url.clone(),
        None => Listen::of(None, None, &of_process)?.url(),
    };
    let url = with_path(&url);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the server cannot be asked: {error}"))?;
    let probe =
        Probe { method: "GET".to_owned(), url: url.clone(), headers: Vec::new(), body: String::new() };
    let bounds = ProbeBounds { ms: 1000 * u64::from(arguments.timeout), answer_bytes: 0, at_once: 1 };
    let url = without_password(&url);
    match runtime.block_on(Prober::new(&bounds).send(&probe)) {
        Probed::Answered { status: 200, .. } => Ok(()),
        Probed::Answered { status, .. } => Err(format!("`{url}` answers {status}")),
        Probed::Failed(why) => Err(format!("`{url}` does not answer: {}", why.as_str())),
    }
}

/// A URL as it is printed.
fn without_password(url: &str) -> String {
    match url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?.1))) {
        Some((scheme, place)) => format!("{scheme}://{place}"),
        None => url.to_owned(),
    }
}

/// The address of a server, or of a place on it that begins with its root path, as that of its readiness.
fn with_path(url: &str) -> String {
    let url = url.trim_end_matches('/');
    let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    if url.contains("/health") { url } else { format!("{url}{READINESS}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_place_is_asked_whether_it_is_ready() {
        assert_eq!(with_path("http://h:1/"), "http://h:1/health/readiness");
        assert_eq!(with_path("h:1"), "http://h:1/health/readiness");
        assert_eq!(with_path("http://h:1/keys"), "http://h:1/keys/health/readiness");
        assert_eq!(with_path("http://h:1/health/liveliness"), "http://h:1/health/liveliness");
    }
}
