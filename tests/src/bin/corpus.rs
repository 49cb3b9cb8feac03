//! Plays the corpora on every implementation: `tests/run corpus`. Built without the feature `server` it leaves out wasmtime,
//! and the JavaScript runtimes where they are not installed.
//!
//! Prints equal / total for each file and implementation with the first differences, and fails unless all are equal.
//! Arguments `--on NAME` (repeatable), `--file PART`, `--only PART` and `--show N` narrow a run down.
//! The variable `LATCHKEY_CORPUS` names a folder to play instead of the corpora of this project, and `LATCHKEY_REPORT` a file
//! to which the result of each file on each implementation is appended as a line of JSON.

use latchkey_tests::corpus::{File, load, own_folder};
use latchkey_tests::implementation::{
    Http, Implementation, JavaScript, Native, Postgres, RUNTIMES, Reference,
};
use latchkey_tests::report::{LeftOut, Score, play};
use latchkey_tests::scope::Scope;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// How many differences of a file are shown; who asks for more gets the counts by reason as well.
const USUALLY_SHOWN: usize = 5;

/// What the command line asks for.
#[derive(Default)]
struct Wanted {
    on: Vec<String>,
    file: String,
    only: String,
    show: usize,
}

fn main() -> ExitCode {
    match arguments().and_then(|wanted| run(&wanted)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Wanted, String> {
    let mut wanted = Wanted { show: USUALLY_SHOWN, ..Wanted::default() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("`{word}` needs a value"))?;
        match word.as_str() {
            "--on" => wanted.on.push(value),
            "--file" => wanted.file = value,
            "--only" => wanted.only = value,
            "--show" => wanted.show = value.parse().map_err(|_| format!("`{value}` is no number"))?,
            _ => return Err(format!("unknown argument `{word}`")),
        }
    }
    Ok(wanted)
}

fn run(wanted: &Wanted) -> Result<bool, String> {
    let folder = std::env::var_os("LATCHKEY_CORPUS").filter(|path| !path.is_empty());
    let mut files = load(&folder.map_or_else(own_folder, PathBuf::from))?;
    files.retain(|file| file.name.contains(&wanted.file));
    let scope = Scope::new()?;
    let mut equal = true;
    for implementation in implementations(&wanted.on)? {
        equal &= play_all(&files, implementation.as_ref(), &scope, wanted)?;
    }
    Ok(equal)
}

fn implementations(names: &[String]) -> Result<Vec<Box<dyn Implementation>>, String> {
    let mut all: Vec<Box<dyn Implementation>> = vec![Box::new(Native)];
    #[cfg(feature = "server")]
    all.push(Box::new(latchkey_tests::implementation::Wasm));
    all.push(Box::new(Http));
    let is_wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    if is_wanted("postgres")
        && let Some(postgres) = Postgres::start()?
    {
        all.push(Box::new(postgres));
    }
    let is_named = |name: &&str| names.iter().any(|wanted| wanted == name);
    for name in RUNTIMES.iter().filter(|name| is_named(name) || JavaScript::is_at_hand()) {
        all.push(Box::new(JavaScript::new(name)));
    }
    #[cfg(feature = "server")]
    if is_named(&"bytes") || JavaScript::is_at_hand() {
        all.push(Box::new(latchkey_tests::implementation::Both::default()));
    }
    if let Some(reference) = Reference::from_environment() {
        all.push(Box::new(reference));
    }
    for name in names {
        if !all.iter().any(|implementation| implementation.name() == name) {
            return Err(format!("no implementation `{name}`"));
        }
    }
    all.retain(|implementation| is_wanted(implementation.name()));
    Ok(all)
}

fn play_all(
    files: &[File],
    implementation: &dyn Implementation,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<bool, String> {
    let name = implementation.name();
    // the reference knows all routes
    let scope = (name != "reference").then_some(scope);
    let started = Instant::now();
    let (mut sum, mut left_out) = (Score::default(), LeftOut::new());
    for file in files {
        let Some((score, reasons)) = play(file, implementation, scope, &wanted.only) else { continue };
        let skipped: usize = reasons.values().sum();
        let note = if skipped > 0 { format!(", {skipped} scenarios left out") } else { String::new() };
        let verdict = match (score.total, score.equal == score.total) {
            (0, _) => "nothing to play",
            (_, true) => "equal",
            (_, false) => "DIFFERENT",
        };
        println!("{name:<9} {:<32} {:>6} / {:<6}{note} {verdict}", file.name, score.equal, score.total);
        if score.total > 0 {
            report(&format!("{name} {}", file.name), score.equal == score.total)?;
        }
        for difference in score.differences.iter().take(wanted.show) {
            println!("  {difference}");
        }
        let details = score.details.iter().filter(|_| wanted.show > USUALLY_SHOWN);
        for note in score.notes.iter().chain(details) {
            println!("  {note}");
        }
        sum.equal += score.equal;
        sum.total += score.total;
        for (reason, count) in reasons {
            *left_out.entry(reason).or_default() += count;
        }
    }
    let seconds = started.elapsed().as_secs();
    println!("{name:<9} {:<32} {:>6} / {:<6}  {seconds} s", "all files", sum.equal, sum.total);
    if !left_out.is_empty() {
        let reasons: Vec<String> =
            left_out.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        println!("{name:<9} scenarios left out: {}", reasons.join(", "));
    }
    if sum.total == 0 {
        return Err(format!("{name}: nothing to play"));
    }
    Ok(sum.equal == sum.total)
}

/// Appends a result where `tests/run` counts it.
fn report(name: &str, is_equal: bool) -> Result<(), String> {
    let Some(path) = std::env::var_os("LATCHKEY_REPORT") else { return Ok(()) };
    let line = serde_json::json!({"name": name, "passed": is_equal});
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| writeln!(file, "{line}"))
        .map_err(|error| format!("{}: {error}", PathBuf::from(&path).display()))
}
