//! One commit as a list of statements: locks and guards, then writes.
//!
//! The statements are sent in one go. A guard that does not hold divides by zero, which ends the transaction; so does an
//! update that finds no row. Locks come first and in one order for all commits, so that two of them never wait for each
//! other: the values that must stay absent, then rows by table and primary key. Only rows that foreign keys reach are locked
//! beside this order, by the writes.

use super::cells::{LAST_MOMENT, Value};
use super::insert::inserting;
use super::session::SET_PATIENCE;
use super::sets;
use super::sql::{Sql, by_key, column, equal, table};
use crate::store::{StoreError, counting};
use latchkey_contract::json::JsonText;
use latchkey_contract::tables::{Cells, Column, ColumnType, SCHEMAS, Schema};
use latchkey_contract::wire::{Condition, Guard, Items, Write};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What is done to a row, from the weakest to the strongest lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    /// It must stay.
    Stay,
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
            Self::Stay => "FOR KEY SHARE",
            Self::Share => "FOR SHARE",
            Self::Change => "FOR NO KEY UPDATE",
            Self::End => "FOR UPDATE",
        }
    }
}

/// What is locked: the place of a table among core's, and rows of it.
type Place = (usize, Which);

/// A row by the values of its key, or all rows that meet conditions.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Which {
    Row(Vec<String>),
    Rows(Vec<Condition>, Option<Items>),
}

/// What must be known of a row before anything is written.
#[derive(Debug)]
struct Lock {
    hold: Hold,
    /// What the row must be like for each guard on it, if there are any.
    guards: Vec<Cells>,
}

/// The statements of a commit in their order. `dependents` are the tables of [`Schema::dependents`] that the database has.
pub(super) fn statements(
    writes: &[Write],
    guards: &[Guard],
    dependents: &[&str],
) -> Result<Vec<Sql>, StoreError> {
    let mut locks: BTreeMap<Place, Lock> = BTreeMap::new();
    let mut absent = Vec::new();
    let mut claims = Vec::new();
    for guard in guards {
        match guard {
            Guard::Absent { table, column, value, except } => {
                claims.push(claim(table, column, value)?);
                absent.push(absence(table, column, value, except.as_deref())?);
            }
            Guard::Same { table: name, key, row, counters } => {
                let lock = hold(&mut locks, (place(name)?, Which::Row(key.clone())), Hold::Share);
                let schema = table(name)?;
                let is_counter = |name: &str| schema.column(name).is_some_and(Column::is_counter);
                let read = counting(row)?;
                let compared = read.iter().filter(|(name, _)| *counters || !is_counter(name));
                lock.guards.push(compared.map(|(name, cell)| (name.clone(), cell.clone())).collect());
            }
            Guard::Present { table, key } => {
                let lock = hold(&mut locks, (place(table)?, Which::Row(key.clone())), Hold::Stay);
                lock.guards.push(Cells::new());
            }
        }
    }
    for write in writes {
        match write {
            Write::Insert { .. } => {}
            Write::Update { table: name, key, set } => {
                let ends = table(name)?.key.iter().any(|column| set.get(column).is_some());
                let wanted = if ends { Hold::End } else { Hold::Change };
                hold(&mut locks, (place(name)?, Which::Row(key.clone())), wanted);
            }
            Write::Change { table: name, rows, take, .. } => {
                hold(&mut locks, (place(name)?, Which::Rows(rows.clone(), take.clone())), Hold::Change);
            }
            Write::Copy { table: name, rows, .. } | Write::Delete { table: name, rows, .. } => {
                let wanted = if matches!(write, Write::Copy { .. }) { Hold::Share } else { Hold::End };
                let which = match single(name, rows) {
                    Some(key) => Which::Row(key.to_vec()),
                    None => Which::Rows(rows.clone(), None),
                };
                hold(&mut locks, (place(name)?, which), wanted);
            }
        }
    }
    let mut out = Vec::new();
    if writes.iter().any(is_set) {
        let milliseconds = SET_PATIENCE.as_millis();
        out.push(Sql::new(format!("SELECT set_config('statement_timeout', '{milliseconds}', true)")));
    }
    if !claims.is_empty() {
        claims.sort_unstable();
        let mut sql = Sql::new("SELECT pg_advisory_xact_lock(claim) FROM unnest(");
        sql.bind(Value::Texts(claims.iter().map(i64::to_string).collect()));
        sql.push("::bigint[]) AS claim");
        out.push(sql);
    }
    // a single row is locked by the statement that changes it
    let is_single = locks.len() == 1 && locks.keys().all(|(_, which)| matches!(which, Which::Row(_)));
    let locks: Vec<(Place, Lock)> = locks.into_iter().collect();
    for of_table in locks.chunk_by(|((one, _), _), ((other, _), _)| one == other) {
        let has_many = of_table.iter().any(|((_, which), _)| matches!(which, Which::Rows(..)));
        if has_many {
            out.push(locking_all(of_table)?);
        }
        for ((number, which), lock) in of_table {
            let Which::Row(key) = which else { continue };
            for guard in &lock.guards {
                out.push(locking(at(*number)?, key, lock.hold, Some(guard))?);
            }
            if lock.guards.is_empty() && !is_single && !has_many {
                out.push(locking(at(*number)?, key, lock.hold, None)?);
            }
        }
    }
    out.extend(absent);
    for write in in_order(writes) {
        changing(&mut out, write, dependents)?;
    }
    Ok(out)
}

/// Whether a write is about any number of rows.
pub(super) fn is_set(write: &Write) -> bool {
    match write {
        Write::Change { .. } => true,
        Write::Copy { table, rows, .. } | Write::Delete { table, rows, .. } => single(table, rows).is_none(),
        Write::Insert { .. } | Write::Update { .. } => false,
    }
}

/// The primary key of the one row that the conditions are about, if they name one by it.
fn single<'w>(name: &str, rows: &'w [Condition]) -> Option<&'w [String]> {
    match rows {
        [Condition::In { column, values }] if values.len() == 1 => {
            table(name).is_ok_and(|table| *table.key == [column.as_ref()]).then_some(values.as_slice())
        }
        _ => None,
    }
}

fn hold(locks: &mut BTreeMap<Place, Lock>, place: Place, wanted: Hold) -> &mut Lock {
    let lock = locks.entry(place).or_insert(Lock { hold: wanted, guards: Vec::new() });
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
fn claim(name: &str, column: &str, value: &str) -> Result<i64, StoreError> {
    let is_caseless = table(name)?.is_caseless(column);
    let value = if is_caseless { value.to_ascii_lowercase() } else { value.to_owned() };
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update("\0")
        .chain_update(column)
        .chain_update("\0")
        .chain_update(value)
        .finalize();
    Ok(digest.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte)))
}

fn absence(name: &str, by: &str, value: &str, except: Option<&str>) -> Result<Sql, StoreError> {
    let table = table(name)?;
    let by = column(table, by)?;
    let mut sql =
        Sql::new(format!("SELECT 1 / (1 - count(*)) FROM (SELECT 1 FROM \"{}\" AS r WHERE ", table.name));
    equal(&mut sql, table, by, value);
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

/// Locks a row; with a guard it must be there and hold these cells.
fn locking(
    table: &'static Schema,
    key: &[String],
    hold: Hold,
    guard: Option<&Cells>,
) -> Result<Sql, StoreError> {
    let mut sql = Sql::new(if guard.is_some() { "SELECT 1 / count(*) FROM (" } else { "" });
    sql.push(&format!("SELECT 1 FROM \"{}\" AS r WHERE ", table.name));
    by_key(&mut sql, table, key)?;
    for (name, cell) in guard.into_iter().flat_map(Cells::iter) {
        if let Some(column) = table.column(name) {
            sql.push(" AND ");
            told(&mut sql, column, cell)?;
        }
    }
    sql.push(&format!(" {}", hold.sql()));
    if guard.is_some() {
        sql.push(") AS found");
    }
    Ok(sql)
}

/// Appends that the column of `r` is told as `cell`. Some values are told as others: see [`super::cells`].
fn told(sql: &mut Sql, column: &'static Column, cell: &JsonText) -> Result<(), StoreError> {
    let name = column.name;
    let value = Value::stored(cell, column)?;
    let shown = match column.kind {
        ColumnType::Float => format!("nullif(nullif(r.\"{name}\", 'NaN'), 'Infinity')"),
        ColumnType::TextList => format!("coalesce(array_replace(r.\"{name}\", NULL, ''), '{{}}')"),
        // what comes later is told as the last moment there is
        ColumnType::Time if value == Value::Time(LAST_MOMENT) => {
            sql.push(&format!("r.\"{name}\" >= "));
            sql.bind(value);
            return Ok(());
        }
        ColumnType::Time => format!("date_trunc('milliseconds', r.\"{name}\")"),
        _ => format!("r.\"{name}\""),
    };
    sql.push(&format!("{shown} IS NOT DISTINCT FROM "));
    sql.bind(value);
    Ok(())
}

/// Locks all these rows of one table in the order of their keys, as if each were named.
fn locking_all(of_table: &[(Place, Lock)]) -> Result<Sql, StoreError> {
    let Some(((number, _), _)) = of_table.first() else { return Ok(Sql::default()) };
    let table = at(*number)?;
    // of many rows only the number comes back
    let mut sql = Sql::new(format!("SELECT count(*) FROM (SELECT 1 FROM \"{}\" AS r WHERE (", table.name));
    for (index, ((_, which), _)) in of_table.iter().enumerate() {
        sql.push(if index > 0 { ") OR (" } else { "" });
        match which {
            Which::Row(key) => by_key(&mut sql, table, key)?,
            Which::Rows(rows, take) => sets::condition(&mut sql, table, rows, take.as_ref())?,
        }
    }
    let key: Vec<String> = table.key.iter().map(|name| format!("r.\"{name}\"::text COLLATE \"C\"")).collect();
    let hold = of_table.iter().map(|(_, lock)| lock.hold).max().unwrap_or(Hold::End);
    sql.push(&format!(") ORDER BY {} {}) AS held", key.join(", "), hold.sql()));
    Ok(sql)
}

/// The writes in their order, but inserts that follow each other by table, those first that others refer to, and key.
fn in_order(writes: &[Write]) -> Vec<&Write> {
    let mut out: Vec<&Write> = writes.iter().collect();
    let is_insert = |write: &&Write| matches!(write, Write::Insert { .. });
    for run in out.chunk_by_mut(|one, other| is_insert(one) && is_insert(other)) {
        run.sort_by_cached_key(|write| match write {
            Write::Insert { table, row, .. } => {
                let place = place(table).unwrap_or_default();
                let key = SCHEMAS.get(place).and_then(|schema| row.get(schema.key.first()?));
                (std::cmp::Reverse(place), key.map(|key| key.as_str().to_owned()))
            }
            _ => (std::cmp::Reverse(0), None),
        });
    }
    out
}

fn changing(out: &mut Vec<Sql>, write: &Write, dependents: &[&str]) -> Result<(), StoreError> {
    match write {
        Write::Insert { table: name, row, like } => {
            inserting(out, table(name)?, row, like.as_deref())?;
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
        Write::Change { table: name, rows, set, take, noted } => {
            let set = Some((set, take.as_ref()));
            sets::write(out, table(name)?, rows, set, noted.as_ref(), dependents)?;
        }
        Write::Copy { table: name, rows, into, id, columns, set } => {
            let copies = sets::Copies { into: table(into)?, id, columns, set };
            out.push(sets::copy(table(name)?, rows, &copies)?);
        }
        Write::Delete { table: name, rows, noted } => {
            sets::write(out, table(name)?, rows, None, noted.as_ref(), dependents)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::{
        Budget, Millis, Organization, OrganizationMembership, Table, Team, User, VirtualKey,
    };
    use latchkey_contract::wire::{changed, insert};

    fn texts(writes: &[Write], guards: &[Guard]) -> Vec<String> {
        let statements = statements(writes, guards, &[]).unwrap();
        statements.into_iter().map(|sql| sql.text).collect()
    }

    fn unchanged<T: Table>(key: &str) -> Guard {
        Guard::Same {
            table: T::NAME.into(),
            key: vec![key.to_owned()],
            row: JsonText::empty_dict(),
            counters: false,
        }
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
    fn rows_by_another_column_are_locked_in_the_turn_of_their_table() {
        let writes = [
            Write::delete::<VirtualKey>("team_id", "t"),
            Write::delete::<VirtualKey>("token", "x"),
            Write::delete::<Team>("team_id", "t"),
        ];
        let all = texts(&writes, &[unchanged::<Team>("t"), unchanged::<VirtualKey>("x")]);
        let locked = |text: &&String| text.contains(" FOR UPDATE");
        let tables: Vec<&str> = all.iter().filter(locked).filter_map(|text| text.split('"').nth(1)).collect();
        assert_eq!(tables, [VirtualKey::NAME, VirtualKey::NAME, Team::NAME]);
        let held = all.iter().find(|text| text.contains(") OR (")).expect("several are locked at once");
        assert!(held.contains("COLLATE \"C\""), "{all:?}");
    }

    #[test]
    fn rows_that_no_rule_speaks_of_go_with_the_row_they_belong_to_where_there_are_such() {
        let write = Write::delete::<User>("user_id", "u");
        let tables = |dependents: &[&str]| -> Vec<String> {
            let all = statements(std::slice::from_ref(&write), &[], dependents).unwrap();
            all.iter().filter_map(|sql| sql.text.split('"').nth(1).map(str::to_owned)).collect()
        };
        assert_eq!(tables(&[]), [User::NAME]);
        assert_eq!(tables(&["LiteLLM_InvitationLink"]), ["LiteLLM_InvitationLink", User::NAME]);
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
        let member = OrganizationMembership::default();
        let all = texts(&[insert(&member), insert(&User::default()), insert(&Organization::default())], &[]);
        assert!(all[2].contains(OrganizationMembership::NAME), "{all:?}");
    }

    #[test]
    fn a_guard_compares_all_columns_but_the_counters_and_what_is_told_as_something_else_so() {
        let key = VirtualKey { expires: Some(Millis(LAST_MOMENT)), ..VirtualKey::default() };
        let all = texts(&[], &[latchkey_contract::wire::unchanged(&key)]);
        let [sql] = all.as_slice() else { panic!("{all:?}") };
        for column in VirtualKey::SCHEMA.columns.iter().filter(|column| column.name != "token") {
            let is_there = sql.contains(&format!("r.\"{}\"", column.name));
            assert_eq!(is_there, !column.is_counter(), "{}: {sql}", column.name);
        }
        assert!(
            sql.contains("nullif(nullif(r.\"max_budget\", 'NaN'), 'Infinity') IS NOT DISTINCT FROM"),
            "{sql}"
        );
        assert!(sql.contains("r.\"expires\" >= $"), "{sql}");
    }

    #[test]
    fn a_row_that_must_only_stay_may_be_changed_by_others() {
        let all = texts(&[], &[latchkey_contract::wire::present::<User>("u")]);
        assert!(all[0].contains(" FOR KEY SHARE"), "{all:?}");
        let both = [latchkey_contract::wire::present::<Team>("t"), unchanged::<Team>("t")];
        assert!(texts(&[], &both).iter().all(|text| text.contains(" FOR SHARE")));
    }
}
