//! `latchkey check`: the module's verdict on a request read from a file, without a server or a store.

use crate::cli::Check;
use crate::engine::{Export, Limits, POLICY_WASM, Policy};
use crate::given::now;
use crate::settings::environment::of_process;
use crate::settings::{self, NO_KEY, Settings};
use latchkey_contract::json::{Json, write};
use serde::Deserialize;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

/// Prints the verdict; 0 if the request is allowed, 1 if it is refused, 2 if the input cannot be used.
pub fn run(arguments: &Check) -> ExitCode {
    match verdict(arguments) {
        Ok((verdict, allowed)) => {
            let mut out = std::io::stdout().lock();
            out.write_all(&verdict).and_then(|()| out.write_all(b"\n")).ok();
            ExitCode::from(u8::from(!allowed))
        }
        Err(sentence) => {
            eprintln!("latchkey: {sentence}");
            ExitCode::from(2)
        }
    }
}

fn verdict(arguments: &Check) -> Result<(Vec<u8>, bool), String> {
    /// A verdict, or why there is none.
    #[derive(Deserialize)]
    struct Said {
        allowed: Option<bool>,
        error: Option<String>,
    }
    let text = text(&arguments.file)?;
    let input = settings::parse(&text).map_err(|why| format!("the input is no JSON: {why}"))?;
    let Json::Dict(mut members) = input else { return Err("the input is no object".to_owned()) };
    let own = members.iter().position(|(name, _)| name == "settings").map(|at| members.remove(at).1);
    // no database is opened, so that any name will do
    let mut settings = match own {
        Some(own) => Settings::complete(own, Some("none"), &of_process)?,
        None => Settings::load(arguments.config.as_deref(), Some("none"), &of_process)?,
    };
    if !settings.has_master_key() {
        settings.set_master_key_digest(NO_KEY);
    }
    let policy = Policy::load(POLICY_WASM, settings.to_json(), Limits::default())
        .map_err(|error| error.to_string())?;
    if !members.iter().any(|(name, _)| name == "now") {
        members.push(("now".into(), Json::Int(now())));
    }
    let input = write(&Json::Dict(members));
    let verdict = policy.ask_now(Export::Check, input.as_bytes());
    let verdict = verdict.map_err(|failed| format!("the policy module failed: {failed}"))?;
    match serde_json::from_slice::<Said>(&verdict).map_err(|error| error.to_string())? {
        Said { allowed: Some(allowed), .. } => Ok((verdict, allowed)),
        Said { error, .. } => Err(format!("the input cannot be used: {}", error.unwrap_or_default())),
    }
}

fn text(file: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("`{}` cannot be read: {error}", file.display());
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
        return Ok(text);
    }
    std::fs::read_to_string(file).map_err(unreadable)
}
