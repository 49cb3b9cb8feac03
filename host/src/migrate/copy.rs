//! The rows of one table from one store into another.

use super::tally::{Tally, canonical};
use crate::store::snapshot::{Snapshot, rows};
use crate::store::{Commit, Store, StoreError};
use indicatif::ProgressBar;
use latchkey_contract::tables::{Cells, Column, Schema};
use latchkey_contract::wire::{Query, Write};
use std::collections::{BTreeSet, HashMap};

/// Rows that are read, and stored in one transaction.
pub(super) const BATCH: usize = 500;

/// The values of a row's primary key.
type Key = Vec<String>;

/// Copies what `target` lacks, or has otherwise, and counts the rows of `source`. Only a target that may hold rows already
/// (`resumes`) is asked for them. What is `left` behind is nothing that the target has a place for.
pub(super) async fn table(
    source: &mut dyn Snapshot,
    target: &dyn Store,
    table: &'static Schema,
    resumes: bool,
    (left, bar): (&[String], &ProgressBar),
) -> Result<Tally, String> {
    let mut tally = Tally::default();
    loop {
        let read = next(source, table, left).await?;
        if read.is_empty() {
            return Ok(tally);
        }
        let there = if resumes { known(target, table, &read).await? } else { HashMap::new() };
        let mut writes = Vec::new();
        for row in &read {
            tally.add(table, row);
            writes.extend(change(table, row, there.get(&key(table, row))));
        }
        store(target, table, &read, writes).await?;
        bar.inc(read.len() as u64);
    }
}

/// The next rows of a table, without the columns that are left behind; none of a table that is left behind as a whole.
pub(super) async fn next(
    store: &mut dyn Snapshot,
    table: &'static Schema,
    left: &[String],
) -> Result<Vec<Cells>, String> {
    if left.iter().any(|place| place == table.name) {
        return Ok(Vec::new());
    }
    let read = store.next(table, BATCH).await.map_err(|error| error.to_string())?;
    let is_left = |name: &str| {
        left.iter()
            .any(|place| place.strip_prefix(table.name).and_then(|rest| rest.strip_prefix('.')) == Some(name))
    };
    let without = |row: Cells| -> Cells {
        let kept = row.iter().filter(|(name, _)| !is_left(name));
        kept.map(|(name, cell)| (name.clone(), cell.clone())).collect()
    };
    Ok(if left.is_empty() { read } else { read.into_iter().map(without).collect() })
}

/// The rows of the target with the keys of `read`.
async fn known(
    target: &dyn Store,
    table: &'static Schema,
    read: &[Cells],
) -> Result<HashMap<Key, Cells>, String> {
    let Some(column) = table.key.first() else { return Ok(HashMap::new()) };
    let values: BTreeSet<String> = read.iter().filter_map(|row| key(table, row).into_iter().next()).collect();
    let query = Query::Rows {
        table: table.name.into(),
        column: (*column).into(),
        values: values.into_iter().collect(),
    };
    let facts = target.read(vec![query]).await.map_err(|error| error.to_string())?;
    let mut found = HashMap::new();
    for fact in facts {
        for row in rows(fact.rows.as_str()).map_err(|error| error.to_string())? {
            found.insert(key(table, &row), row);
        }
    }
    Ok(found)
}

/// What makes the target's row equal to `row`.
fn change(table: &'static Schema, row: &Cells, there: Option<&Cells>) -> Option<Write> {
    let differs =
        |column: &Column| there.is_none_or(|there| canonical(row, column) != canonical(there, column));
    let columns = table.columns.iter().filter(|column| differs(column));
    let cells: Cells =
        columns.filter_map(|column| Some((column.name.into(), row.get(column.name)?.clone()))).collect();
    match there {
        None => Some(Write::Insert { table: table.name.into(), row: cells, like: None }),
        Some(_) if cells.is_empty() => None,
        Some(_) => Some(Write::Update { table: table.name.into(), key: key(table, row), set: cells }),
    }
}

/// Stores a batch; if that fails, stores what is missing of it row by row and finds out which one it is.
async fn store(
    target: &dyn Store,
    table: &'static Schema,
    read: &[Cells],
    writes: Vec<Write>,
) -> Result<(), String> {
    if writes.is_empty() || matches!(target.commit(writes, vec![]).await, Ok(Commit::Committed)) {
        return Ok(());
    }
    // the batch may be stored, and only the answer be lost
    let there = known(target, table, read).await?;
    for row in read {
        let key = key(table, row);
        let Some(write) = change(table, row, there.get(&key)) else { continue };
        let named = key.join(", ");
        let why = match target.commit(vec![write], vec![]).await {
            Ok(Commit::Committed) => continue,
            Ok(Commit::Refused) => "a row with this key is there already".to_owned(),
            Ok(Commit::Referred) => "a row that it refers to is missing".to_owned(),
            Ok(Commit::Unstorable) => "the database has no room for one of its values".to_owned(),
            Err(error @ StoreError::Busy) => return Err(error.to_string()),
            Err(error) => error.to_string(),
        };
        return Err(format!("the row `{named}` of `{}` cannot be stored: {why}", table.name));
    }
    Ok(())
}

/// The values of the row's primary key, as text.
fn key(table: &Schema, row: &Cells) -> Key {
    let plain = |name: &&str| match row.get(name) {
        Some(cell) => serde_json::from_str(cell.as_str()).unwrap_or_else(|_| cell.as_str().to_owned()),
        None => String::new(),
    };
    table.key.iter().map(plain).collect()
}
