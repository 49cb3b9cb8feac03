//! The table of numbers in `tests/README.md`: `tests/bench`, or `tests/bench postgres` for its lines on PostgreSQL.
//!
//! What is compared is measured in turns within one run, so that a busy machine slows both sides.

mod bare;
mod decision;
mod load;
mod postgres;

use std::process::ExitCode;

/// One line of the table: what, how much, the bar.
type Line = (String, String, &'static str);

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("bare") {
        return bare::main();
    }
    let is_whole = std::env::args().nth(1).as_deref() != Some("postgres");
    match table(is_whole) {
        Ok(lines) => {
            println!("| what | measured | bar |\n|---|---|---|");
            for (what, measured, bar) in lines {
                println!("| {what} | {measured} | {bar} |");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn table(is_whole: bool) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    if is_whole {
        lines.extend(decision::lines()?);
        lines.extend(load::lines()?);
    }
    lines.extend(postgres::lines()?);
    Ok(lines)
}

/// The value in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
