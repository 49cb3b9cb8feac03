//! One commit as a list of statements: locks and guards, then writes.
//!
//! The statements are sent in one go. A guard that does not hold divides by zero, which ends the transaction; so does an
//! update that finds no row. Locks come first and in one order for all commits, so that two of them never wait for each
//! other: the values that must stay absent, then rows by table and primary key.

use super::cells::Value;
use super::sql::{Sql, column, table};
use crate::store::StoreError;
use latchkey_core::contract::{Cells, Guard, Write};
use latchkey_core::tables::{ColumnType, SCHEMAS, Schema};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What is done to a row, from the weakest to the strongest lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    /// It must stay as it is.
    Share,
    /// Columns outside of its key change.
    Change,
    /// It goes, or its key changes.
    End,
}

impl Hold {
    const fn sql(self) -> &'static str {
        match self {
            Self::Share => "FOR SHARE",
            Self::Change => "FOR NO KEY UPDATE",
            Self::End => "FOR UPDATE",
        }
    }
}

/// A row by the place of its table among core's and the values of its key, or the rows with a value in a column.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Row(usize, Vec<String>),
    Rows(usize, String, String),
}

/// What must be known of a row before anything is written.
#[derive(Debug)]
struct Lock {
    hold: Hold,
    version: Option<String>,
}

/// The statements of a commit in their order; none if a guard cannot hold.
pub(super) fn statements(writes: &[Write], guards: &[Guard]) -> Result<Option<Vec<Sql>>, StoreError> {
    let mut locks: BTreeMap<Place, Lock> = BTreeMap::new();
    let mut absent = Vec::new();
    let mut claims = Vec::new();
    for guard in guards {
        match guard {
            Guard::Absent { table, column, value, except } => {
                claims.push(claim(table, column, value));
                absent.push(absence(table, column, value, except.as_deref())?);
            }
            Guard::Unchanged { table, key, version } => {
                let lock = hold(&mut locks, Place::Row(place(table)?, key.clone()), Hold::Share);
                if lock.version.as_ref().is_some_and(|known| known != version) {
                    return Ok(None);
                }
                lock.version = Some(version.clone());
            }
        }
    }
    for write in writes {
        match write {
            Write::Insert { .. } => {}
            Write::Update { table: name, key, set } => {
                let ends = table(name)?.key.iter().any(|column| set.get(column).is_some());
                let wanted = if ends { Hold::End } else { Hold::Change };
                hold(&mut locks, Place::Row(place(name)?, key.clone()), wanted);
            }
            Write::Delete { table: name, column, value } => {
                let is_key = matches!(table(name)?.key, [key] if key == column);
                let place = if is_key {
                    Place::Row(place(name)?, vec![value.clone()])
                } else {
                    Place::Rows(place(name)?, column.to_string(), value.clone())
                };
                hold(&mut locks, place, Hold::End);
            }
        }
    }
    let mut out = Vec::new();
    if !claims.is_empty() {
        claims.sort_unstable();
        let mut sql = Sql::new("SELECT pg_advisory_xact_lock(claim) FROM unnest(");
        sql.bind(Value::Texts(claims.iter().map(i64::to_string).collect()));
        sql.push("::bigint[]) AS claim");
        out.push(sql);
    }
    // a single row is locked by the statement that changes it
    let is_single = locks.len() == 1;
    for (place, lock) in &locks {
        if lock.version.is_some() || !is_single {
            out.push(locking(place, lock)?);
        }
    }
    out.extend(absent);
    for write in in_order(writes) {
        changing(&mut out, write)?;
    }
    Ok(Some(out))
}

fn hold(locks: &mut BTreeMap<Place, Lock>, place: Place, wanted: Hold) -> &mut Lock {
    let lock = locks.entry(place).or_insert(Lock { hold: wanted, version: None });
    lock.hold = lock.hold.max(wanted);
    lock
}

/// The place of a table among core's.
fn place(name: &str) -> Result<usize, StoreError> {
    let found = SCHEMAS.iter().position(|schema| schema.name == name);
    found.ok_or_else(|| StoreError::Unknown(format!("table `{name}`")))
}

fn at(place: usize) -> Result<&'static Schema, StoreError> {
    SCHEMAS.get(place).ok_or_else(|| StoreError::Unknown("such a table".to_owned()))
}

/// The number under which all commits that depend on the absence of this value wait for each other.
fn claim(table: &str, column: &str, value: &str) -> i64 {
    let digest = Sha256::new()
        .chain_update(table)
        .chain_update("\0")
        .chain_update(column)
        .chain_update("\0")
        .chain_update(value)
        .finalize();
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
}

fn absence(name: &str, by: &str, value: &str, except: Option<&str>) -> Result<Sql, StoreError> {
    let table = table(name)?;
    let by = column(table, by)?;
    let mut sql = Sql::new(format!(
        "SELECT 1 / (1 - count(*)) FROM (SELECT 1 FROM \"{}\" AS r WHERE r.\"{}\" = ",
        table.name, by.name
    ));
    sql.bind(Value::of_column(value, by));
    if let Some(except) = except {
        let [key] = table.key else {
            return Err(StoreError::Unknown(format!("single primary key in `{}`", table.name)));
        };
        sql.push(&format!(" AND r.\"{key}\" <> "));
        sql.bind(Value::of_column(except, column(table, key)?));
    }
    sql.push(" LIMIT 1) AS found");
    Ok(sql)
}

fn locking(place: &Place, lock: &Lock) -> Result<Sql, StoreError> {
    match place {
        Place::Row(number, key) => {
            let table = at(*number)?;
            let is_guard = lock.version.is_some();
            let mut sql = Sql::new(if is_guard { "SELECT 1 / count(*) FROM (" } else { "" });
            sql.push(&format!("SELECT 1 FROM \"{}\" AS r WHERE ", table.name));
            by_key(&mut sql, table, key)?;
            if let Some(version) = &lock.version {
                sql.push(" AND r.xmin = ");
                sql.bind(version.parse::<u32>().map_or(Value::Null, |version| Value::Int(version.into())));
            }
            sql.push(&format!(" {}", lock.hold.sql()));
            if is_guard {
                sql.push(") AS found");
            }
            Ok(sql)
        }
        Place::Rows(number, by, value) => {
            let table = at(*number)?;
            let by = column(table, by)?;
            let mut sql =
                Sql::new(format!("SELECT 1 FROM \"{}\" AS r WHERE r.\"{}\" = ", table.name, by.name));
            sql.bind(Value::of_column(value, by));
            let key: Vec<String> = table.key.iter().map(|name| format!("r.\"{name}\"")).collect();
            sql.push(&format!(" ORDER BY {} {}", key.join(", "), lock.hold.sql()));
            Ok(sql)
        }
    }
}

/// The writes in their order, but inserts that follow each other by table, those first that others refer to, and key.
fn in_order(writes: &[Write]) -> Vec<&Write> {
    let mut out: Vec<&Write> = writes.iter().collect();
    let is_insert = |write: &&Write| matches!(write, Write::Insert { .. });
    for run in out.chunk_by_mut(|one, other| is_insert(one) && is_insert(other)) {
        run.sort_by_cached_key(|write| match write {
            Write::Insert { table, row } => {
                let place = place(table).unwrap_or_default();
                let key = SCHEMAS.get(place).and_then(|schema| row.get(schema.key.first()?));
                (std::cmp::Reverse(place), key.map(|key| key.as_str().to_owned()))
            }
            _ => (std::cmp::Reverse(0), None),
        });
    }
    out
}

fn changing(out: &mut Vec<Sql>, write: &Write) -> Result<(), StoreError> {
    match write {
        Write::Insert { table: name, row } => {
            let table = table(name)?;
            let names: Vec<String> = row.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            let mut sql = Sql::new(format!("INSERT INTO \"{}\" ({}) VALUES (", table.name, names.join(", ")));
            for (index, (name, cell)) in row.iter().enumerate() {
                if index > 0 {
                    sql.push(", ");
                }
                sql.bind(Value::stored(cell, column(table, name)?)?);
            }
            sql.push(")");
            out.push(sql);
            out.extend(numbering(table, row)?);
        }
        Write::Update { table: name, key, set } => {
            let table = table(name)?;
            let mut sql = Sql::new(format!("WITH changed AS (UPDATE \"{}\" AS r SET ", table.name));
            for (index, (name, cell)) in set.iter().enumerate() {
                let column = column(table, name)?;
                sql.push(&format!("{}\"{}\" = ", if index > 0 { ", " } else { "" }, column.name));
                sql.bind(Value::stored(cell, column)?);
            }
            sql.push(" WHERE ");
            by_key(&mut sql, table, key)?;
            sql.push(" RETURNING 1) SELECT 1 / count(*) FROM changed");
            out.push(sql);
        }
        Write::Delete { table: name, column: by, value } => {
            let table = table(name)?;
            let by = column(table, by)?;
            let mut sql = Sql::new(format!("DELETE FROM \"{}\" AS r WHERE r.\"{}\" = ", table.name, by.name));
            sql.bind(Value::of_column(value, by));
            out.push(sql);
        }
    }
    Ok(())
}

/// Where the database numbers rows itself: the next number it gives is beyond that of this row.
fn numbering(table: &'static Schema, row: &Cells) -> Result<Option<Sql>, StoreError> {
    let [key] = table.key else { return Ok(None) };
    let (column, Some(cell)) = (column(table, key)?, row.get(key)) else { return Ok(None) };
    if column.kind != ColumnType::Int4 {
        return Ok(None);
    }
    let mut sql = Sql::new("SELECT setval(numbers, greatest(");
    sql.bind(Value::stored(cell, column)?);
    sql.push(&format!(
        "::bigint, coalesce(pg_sequence_last_value(numbers), 0))) FROM \
         (SELECT pg_get_serial_sequence('\"{}\"', '{key}')::regclass AS numbers) AS found WHERE numbers IS NOT NULL",
        table.name
    ));
    Ok(Some(sql))
}

fn by_key(sql: &mut Sql, table: &'static Schema, key: &[String]) -> Result<(), StoreError> {
    if key.len() != table.key.len() {
        return Err(StoreError::Unknown(format!("primary key of {} values in `{}`", key.len(), table.name)));
    }
    for (index, (name, value)) in table.key.iter().zip(key).enumerate() {
        sql.push(&format!("{}r.\"{name}\" = ", if index > 0 { " AND " } else { "" }));
        sql.bind(Value::of_column(value, column(table, name)?));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_core::tables::{Budget, Table, Team, VirtualKey, changed, insert};

    fn texts(writes: &[Write], guards: &[Guard]) -> Vec<String> {
        let statements = statements(writes, guards).unwrap().unwrap();
        statements.into_iter().map(|sql| sql.text).collect()
    }

    fn unchanged<T: Table>(key: &str) -> Guard {
        Guard::Unchanged { table: T::NAME.into(), key: vec![key.to_owned()], version: "7".to_owned() }
    }

    #[test]
    fn locks_come_in_one_order_whatever_the_order_of_guards_and_writes() {
        let key = |token: &str, spend| VirtualKey { token: token.to_owned(), spend, ..VirtualKey::default() };
        let change = |token: &str| changed(&key(token, 0.0), &key(token, 1.0)).unwrap();
        let locks = |writes: &[Write], guards: &[Guard]| -> Vec<String> {
            let all = texts(writes, guards);
            all.into_iter().filter(|text| text.contains(" FOR ")).collect()
        };
        let guards = [unchanged::<Budget>("b"), unchanged::<Team>("t"), unchanged::<VirtualKey>("x")];
        let one = locks(&[change("y"), change("x")], &guards);
        let guards = [unchanged::<VirtualKey>("x"), unchanged::<Team>("t"), unchanged::<Budget>("b")];
        assert_eq!(one, locks(&[change("x"), change("y")], &guards));
        let holds: Vec<&str> = one.iter().map(|text| &text[text.find(" FOR ").unwrap()..]).collect();
        let holds = holds.iter().map(|hold| hold.trim_end_matches(") AS found")).collect::<Vec<_>>();
        assert_eq!(holds, [" FOR NO KEY UPDATE", " FOR NO KEY UPDATE", " FOR SHARE", " FOR SHARE"]);
    }

    #[test]
    fn one_row_without_a_guard_is_one_statement() {
        let key = VirtualKey { token: "t".to_owned(), ..VirtualKey::default() };
        assert_eq!(texts(&[insert(&key)], &[]).len(), 1);
        let update = changed(&key, &VirtualKey { spend: 1.0, ..key.clone() }).unwrap();
        assert_eq!(texts(&[update], &[]).len(), 1);
    }

    #[test]
    fn rows_come_after_those_they_refer_to() {
        let key = VirtualKey { budget_id: Some("b".to_owned()), ..VirtualKey::default() };
        let all = texts(&[insert(&key), insert(&Budget::default())], &[]);
        assert!(all[0].contains(Budget::NAME) && all[1].contains(VirtualKey::NAME), "{all:?}");
    }

    #[test]
    fn two_guards_on_two_versions_of_one_row_cannot_hold() {
        let other =
            Guard::Unchanged { table: Team::NAME.into(), key: vec!["t".to_owned()], version: "8".to_owned() };
        assert!(statements(&[], &[unchanged::<Team>("t"), other]).unwrap().is_none());
    }
}
