//! `latchkey doctor`: what a database holds, what a start would make in it, and what is wrong with its rows.

use crate::cli::Doctor;
use crate::engine::{EngineError, Limits, Module, POLICY_WASM};
use crate::findings::Inspection;
use crate::migrate;
use crate::output::say;
use crate::settings::Settings;
use crate::settings::environment::of_process;
use crate::store::engines::{snapshot, survey, values, with_rows};
use crate::store::survey::Survey;
use crate::store::{Database, StoreError};
use latchkey_contract::tables::{SCHEMAS, UNHONOURED};
use std::fmt::Write;
use std::process::ExitCode;

/// Rows that are read at a time.
const BATCH: usize = 500;

/// Prints what there is; 0 if a host can work with it, 1 if it cannot, 2 if the database cannot be looked at.
pub fn run(arguments: &Doctor) -> ExitCode {
    match look(arguments) {
        Ok(report) => {
            say(&report.text).ok();
            ExitCode::from(u8::from(report.errors > 0))
        }
        Err(sentence) => {
            eprintln!("latchkey: {sentence}");
            ExitCode::from(2)
        }
    }
}

fn look(arguments: &Doctor) -> Result<Report, String> {
    let settings = Settings::load(arguments.config.as_deref(), arguments.db.as_deref(), &of_process)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the database cannot be looked at: {error}"))?;
    let database = &settings.database;
    let mut report = Report::default();
    runtime
        .block_on(examine(&mut report, database))
        .map_err(|error| format!("the database `{database}` cannot be looked at: {error}"))?;
    configuration(&mut report, &settings)?;
    report.verdict();
    Ok(report)
}

/// What the rules say of the configuration, if there is one.
fn configuration(report: &mut Report, settings: &Settings) -> Result<(), String> {
    let Some(file) = &settings.file else { return Ok(()) };
    for warning in &settings.warnings {
        report.say("warning", &format!("`{}`: {warning}", file.display()));
    }
    let judged =
        Module::load(POLICY_WASM, Limits::default(), None).and_then(|module| settings.judge(&module));
    let (kind, told) = match judged {
        Ok(judged) => ("warning", judged.warnings),
        Err(EngineError::Settings(problems)) => ("error", problems),
        Err(error @ EngineError::Module(_)) => return Err(error.to_string()),
    };
    for problem in told {
        report.say(kind, &format!("`{}`: {problem}", file.display()));
    }
    Ok(())
}

/// What is printed.
#[derive(Default)]
struct Report {
    text: String,
    errors: usize,
    warnings: usize,
}

impl Report {
    fn say(&mut self, kind: &str, text: &str) {
        match kind {
            "error" => self.errors += 1,
            "warning" => self.warnings += 1,
            _ => {}
        }
        // a string takes everything
        writeln!(self.text, "{kind:<8} {text}").ok();
    }

    fn verdict(&mut self) {
        let text = match (self.errors, self.warnings) {
            (0, 0) => "a host can work with this database".to_owned(),
            (0, warnings) => format!("a host can work with this database; warnings: {warnings}"),
            (errors, warnings) => {
                format!(
                    "errors to mend before a host works with this database: {errors}; warnings: {warnings}"
                )
            }
        };
        writeln!(self.text, "{text}").ok();
    }
}

async fn examine(report: &mut Report, database: &Database) -> Result<(), StoreError> {
    let survey = survey(database).await?;
    writeln!(report.text, "`{database}`: {}", survey.engine).ok();
    structure(report, &survey);
    if survey.is_closed {
        return Ok(());
    }
    unknown(report, database, &survey).await?;
    rows(report, database, &survey).await
}

fn structure(report: &mut Report, survey: &Survey) {
    for obstacle in &survey.obstacles {
        report.say("error", obstacle);
    }
    for danger in &survey.dangers {
        report.say("warning", danger);
    }
    if !survey.columns.is_empty() {
        let names = survey.columns.join(", ");
        report.say("error", &format!("columns that the rules need are missing, no host starts: {names}"));
    }
    if !survey.unknown.is_empty() {
        report.say("note", &format!("columns that stay as they are: {}", survey.unknown.join(", ")));
    }
    if survey.missing.is_empty() {
        report.say("ok", "all tables and indexes are there, a start would make nothing");
    }
    for missing in &survey.missing {
        let sql = missing.sql.split_whitespace().collect::<Vec<_>>().join(" ");
        report.say("note", &format!("a start would make {} `{}`: {sql}", missing.kind, missing.name));
    }
}

/// What columns hold that the rules do not know: it stays, and would not go along to another database.
async fn unknown(report: &mut Report, database: &Database, survey: &Survey) -> Result<(), StoreError> {
    for (place, rows) in values(database, &survey.unknown).await? {
        match UNHONOURED.iter().find(|(name, _)| *name == place) {
            Some((_, what)) => report.say(
                "warning",
                &format!("`{place}` has a value in {rows} rows ({what}), which counts for LiteLLM alone"),
            ),
            None => report.say("note", &format!("`{place}` has a value in {rows} rows")),
        }
    }
    for table in with_rows(database, &survey.foreign).await? {
        report.say("note", &format!("there are rows in `{table}`, which no rule reads"));
    }
    Ok(())
}

async fn rows(report: &mut Report, database: &Database, survey: &Survey) -> Result<(), StoreError> {
    let mut store = snapshot(database).await?;
    if let Some(source) = store.meta(migrate::SOURCE).await? {
        report.say("error", &format!("a migration from `{source}` has not finished: run it again"));
    }
    let mut inspection = Inspection::default();
    for amount in &survey.not_finite {
        inspection.not_finite(amount.table, &amount.key, amount.column);
    }
    let is_whole =
        |table: &str| !survey.columns.iter().any(|column| column.starts_with(&format!("{table}.")));
    // those first that others name
    for table in SCHEMAS.iter().rev().filter(|table| is_whole(table.name)) {
        let count = store.count(table).await?;
        report.say("note", &format!("{count} rows in `{}`", table.name));
        loop {
            let some = store.next(table, BATCH).await?;
            if some.is_empty() {
                break;
            }
            some.iter().for_each(|row| inspection.take(table, row));
        }
    }
    for (finding, found) in inspection.end() {
        let kind = if finding.is_error() { "error" } else { "warning" };
        report.say(kind, &format!("{}: {}, {} times", finding.as_str(), finding.about(), found.rows));
        for example in &found.examples {
            report.say("", example);
        }
        let more = found.rows - found.examples.len() as u64;
        if more > 0 {
            report.say("", &format!("and {more} more"));
        }
    }
    Ok(())
}
