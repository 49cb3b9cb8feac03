//! `latchkey migrate-store`: all rows of one store into another one.
//!
//! The source is read in one state and not changed. The target must be empty, or hold what an earlier run, which did not
//! finish, brought there from the same source: such a run leaves a mark in the target, and no host starts on it.

mod copy;
mod losses;
mod tally;

use crate::cli::Migrate;
use crate::output::say;
use crate::settings::database::by_word;
use crate::settings::environment::of_process;
use crate::store::MASTER_KEY;
use crate::store::engines::snapshot;
use crate::store::snapshot::Snapshot;
use crate::store::{self, Database, Store};
use indicatif::{ProgressBar, ProgressStyle};
use latchkey_contract::tables::{SCHEMAS, Schema};
use tally::Tally;

/// The name under which an unfinished target keeps where its rows come from.
pub(crate) const SOURCE: &str = "migration_from";

/// The tables, those first that others refer to.
fn tables() -> impl Iterator<Item = &'static Schema> {
    SCHEMAS.iter().rev()
}

/// Runs the migration.
pub fn run(arguments: &Migrate) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the migration cannot start: {error}"))?;
    runtime.block_on(migrate(arguments))
}

/// Where the rows of an unfinished migration into `store` come from.
pub async fn unfinished(store: &dyn Store) -> Result<Option<String>, store::StoreError> {
    store.meta(SOURCE).await
}

async fn migrate(arguments: &Migrate) -> Result<(), String> {
    let (from, to) = (by_word(&arguments.from, &of_process)?, by_word(&arguments.to, &of_process)?);
    if from.place() == to.place() {
        return Err("both databases are the same one".to_owned());
    }
    let of_source = |error| format!("the database `{from}` cannot be read: {error}");
    let of_target = |error| format!("the database `{to}` cannot be used: {error}");
    let mut source = snapshot(&from).await.map_err(of_source)?;
    if let Some(other) = source.meta(SOURCE).await.map_err(of_source)? {
        return Err(format!(
            "the database `{from}` is itself unfinished: end the migration from `{other}` into it first"
        ));
    }
    let mut total = 0;
    for table in tables() {
        total += source.count(table).await.map_err(of_source)?;
    }
    if total == 0 {
        return Err(format!("the database `{from}` holds no keys and nothing else: is it the right one?"));
    }
    let left = losses::none(&from, &to, &arguments.without).await?;
    // before anything is made in it
    let resumes = match holdings(&to, &from, source.as_mut(), &left).await? {
        Holdings::All => {
            say(&format!("`{to}` holds the rows of `{from}` already\n")).ok();
            return Ok(());
        }
        Holdings::Part => true,
        Holdings::Nothing => false,
    };
    let target = store::open(&to).await.map_err(of_target)?;
    // before the mark: a target that is refused stays one that hosts start on
    take_master_key(source.as_mut(), target.as_ref(), &to).await?;
    let marked = target.keep_meta(SOURCE, &from.place(), Box::new(|| Ok(()))).await.map_err(of_target)?;
    if marked != from.place() {
        return Err(other_source(&marked, &to));
    }
    let bar = progress(total);
    let mut tallies = Vec::new();
    for table in tables() {
        bar.set_message(table.name);
        tallies.push(copy::table(source.as_mut(), target.as_ref(), table, resumes, (&left, &bar)).await?);
    }
    bar.finish_and_clear();
    verify(&to, &tallies, &left, &arguments.without).await?;
    target.forget_meta(SOURCE).await.map_err(of_target)?;
    // everything that was to move has moved
    for table in losses::left_behind(&from).await.unwrap_or_default() {
        say(&format!("left behind: the rows in `{table}`, which no rule reads\n")).ok();
    }
    say(&format!("all rows of `{from}` are in `{to}`\n")).ok();
    Ok(())
}

fn other_source(other: &str, to: &Database) -> String {
    format!("a migration from `{other}` into `{to}` has not finished: run that one again")
}

/// What a target holds of a source.
enum Holdings {
    Nothing,
    /// What a migration that did not finish has brought.
    Part,
    All,
}

/// What `to` holds of `from`; an error if it holds anything else. Changes nothing.
async fn holdings(
    to: &Database,
    from: &Database,
    source: &mut dyn Snapshot,
    left: &[String],
) -> Result<Holdings, String> {
    let text = |error: store::StoreError| format!("the database `{to}` cannot be used: {error}");
    if let Database::File(path) = to
        && !path.exists()
    {
        return Ok(Holdings::Nothing);
    }
    let mut target = snapshot(to).await.map_err(text)?;
    match target.meta(SOURCE).await.map_err(text)? {
        Some(other) if other == from.place() => return Ok(Holdings::Part),
        Some(other) => return Err(other_source(&other, to)),
        None => {}
    }
    let (mut is_empty, mut is_equal) = (true, true);
    for table in tables().filter(|table| !left.iter().any(|place| place == table.name)) {
        let (here, there) =
            (source.count(table).await.map_err(text)?, target.count(table).await.map_err(text)?);
        is_empty &= there == 0;
        is_equal &= here == there;
    }
    if is_empty {
        return Ok(Holdings::Nothing);
    }
    for table in tables().filter(|_| is_equal) {
        if count(source, table, left).await? != count(target.as_mut(), table, left).await? {
            is_equal = false;
            break;
        }
    }
    if is_equal {
        return Ok(Holdings::All);
    }
    Err(format!(
        "the database `{to}` holds other rows: a migration needs an empty one, and has changed nothing"
    ))
}

async fn count(store: &mut dyn Snapshot, table: &'static Schema, left: &[String]) -> Result<Tally, String> {
    let mut tally = Tally::default();
    loop {
        let rows = copy::next(store, table, left).await?;
        if rows.is_empty() {
            return Ok(tally);
        }
        rows.iter().for_each(|row| tally.add(table, row));
    }
}

/// Takes the digest of the master key along that the first start made.
async fn take_master_key(source: &mut dyn Snapshot, target: &dyn Store, to: &Database) -> Result<(), String> {
    let text = |error: store::StoreError| error.to_string();
    let Some(digest) = source.meta(MASTER_KEY).await.map_err(text)? else { return Ok(()) };
    let kept = target.keep_meta(MASTER_KEY, &digest, Box::new(|| Ok(()))).await.map_err(text)?;
    if kept == digest {
        return Ok(());
    }
    Err(format!("a host has started on `{to}` and made a master key of its own: take an empty database"))
}

/// Reads the target again and compares each table with what was read from the source.
async fn verify(to: &Database, tallies: &[Tally], left: &[String], without: &[String]) -> Result<(), String> {
    let mut target = snapshot(to).await.map_err(|error| error.to_string())?;
    for (table, wanted) in tables().zip(tallies) {
        let found = count(target.as_mut(), table, left).await?;
        if found != *wanted {
            return Err(format!(
                "`{}` holds {} rows with digest {} instead of {} with {}: the source has changed since the migration began; \
                 take an empty database and migrate again",
                table.name,
                found.rows,
                found.digest(),
                wanted.rows,
                wanted.digest()
            ));
        }
        let is_named = |places: &[String]| places.iter().any(|place| place == table.name);
        let said = match is_named(left) && is_named(without) {
            true => format!("{:<28} left behind\n", table.name),
            false => {
                format!("{:<28} {:>9} rows, digest {} in both\n", table.name, found.rows, found.digest())
            }
        };
        say(&said).ok();
    }
    Ok(())
}

fn progress(total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} rows, {eta} left, {msg}");
    ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
