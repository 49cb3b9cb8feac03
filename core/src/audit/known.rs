//! The rows that the shell brought with the call, whatever they were asked for.

use crate::context::{Context, Halt};
use latchkey_contract::json::{Json, JsonText, Limits, ReadError, Reader};
use latchkey_contract::order::sorted;
use latchkey_contract::tables::{
    AuditLog, Budget, Cells, DeletedKey, DeletedTeam, DeprecatedToken, SCHEMAS, Schema, Table, Team,
    TeamMembership, TeamModels, User, VirtualKey,
};
use latchkey_contract::wire::{Condition, Fact, Facts, Query, Write};
use std::cmp::Ordering;

/// Rows by table and primary key.
#[derive(Debug, Default)]
pub(super) struct Known(Vec<Row>);

#[derive(Debug)]
struct Row {
    table: &'static str,
    key: Vec<String>,
    cells: Cells,
}

impl Row {
    /// Where the row stands among all.
    fn place(&self, table: &str, key: &[String]) -> Ordering {
        self.table.cmp(table).then_with(|| self.key.as_slice().cmp(key))
    }
}

/// The parts of the row that answers [`Query::Caller`].
const PARTS: [(&str, &Schema); 6] = [
    ("key", &VirtualKey::SCHEMA),
    ("user", &User::SCHEMA),
    ("team", &Team::SCHEMA),
    ("team_models", &TeamModels::SCHEMA),
    ("membership", &TeamMembership::SCHEMA),
    ("budget", &Budget::SCHEMA),
];

impl Known {
    /// The rows among `facts`.
    pub(super) fn of(facts: &Facts) -> Self {
        let mut known = Self::default();
        for answer in &facts.0 {
            let table = match &answer.query {
                Query::Caller { .. } => {
                    each(answer, &mut |row| known.add_parts(&row));
                    continue;
                }
                Query::Rows { table, .. } | Query::All { table } => table,
                // of other answers a row may be a part of itself
                _ => continue,
            };
            if let Some(schema) = audited(table) {
                each(answer, &mut |row| known.add(schema, row));
            }
        }
        known.in_order()
    }

    /// The rows in their order; of several facts on one row the last counts.
    fn in_order(self) -> Self {
        let mut rows: Vec<Row> = Vec::with_capacity(self.0.len());
        for row in sorted(self.0, |a, b| a.place(b.table, &b.key)) {
            match rows.last_mut().filter(|last| last.place(row.table, &row.key).is_eq()) {
                Some(last) => *last = row,
                None => rows.push(row),
            }
        }
        Self(rows)
    }

    fn add_parts(&mut self, parts: &Cells) {
        for (name, schema) in PARTS {
            if let Some(Ok(row)) = parts.get(name).map(cells) {
                self.add(schema, row);
            }
        }
    }

    fn add(&mut self, schema: &'static Schema, cells: Cells) {
        self.0.push(Row { table: schema.name, key: primary_key(schema, &cells), cells });
    }

    /// The row with this primary key.
    pub(super) fn row(&self, schema: &Schema, key: &[String]) -> Option<&Cells> {
        let at = self.0.binary_search_by(|row| row.place(schema.name, key)).ok()?;
        self.0.get(at).map(|row| &row.cells)
    }

    /// Makes sure that all rows which `writes` change or delete are known, or leaves to ask for the others.
    pub(super) fn complete(&self, cx: &Context<'_>, writes: &[Write]) -> Result<(), Halt> {
        let wanted: Vec<Query> = writes.iter().filter_map(|write| self.wanted(write)).collect();
        cx.foresee(wanted.iter().cloned());
        wanted.into_iter().try_for_each(|query| cx.answer(&query).map(drop))
    }

    /// The question for the rows of one write; none where they are known.
    fn wanted(&self, write: &Write) -> Option<Query> {
        let ask = |schema: &Schema, column: &'static str, value: &str| Query::Rows {
            table: schema.name.into(),
            column: column.into(),
            values: vec![value.to_owned()],
        };
        match write {
            Write::Insert { .. } => None,
            Write::Update { table, key, .. } => {
                let schema = audited(table)?;
                let known = self.row(schema, key).is_some();
                (!known).then_some(ask(schema, schema.key.first()?, key.first()?))
            }
            Write::Delete { table, rows, .. } => {
                let schema = audited(table)?;
                let value = single(schema, rows)?;
                let known = self.row(schema, std::slice::from_ref(value)).is_some();
                (!known).then_some(ask(schema, schema.key.first()?, value))
            }
            Write::Change { .. } | Write::Copy { .. } => None,
        }
    }
}

/// Gives each row of a fact to `take`; what is no object is none.
fn each(fact: &Fact, take: &mut dyn FnMut(Cells)) {
    let read = fact.rows.each(&mut |reader| {
        take(Cells::read(reader)?);
        Ok(())
    });
    // of rows that are no array none is known
    read.ok();
}

fn cells(row: &JsonText) -> Result<Cells, ReadError> {
    Cells::read(&mut Reader::of_text(row.as_str(), &Limits::STORED))
}

/// The primary key of the one row that the conditions are about, if they name one by it.
pub(super) fn single<'w>(schema: &Schema, rows: &'w [Condition]) -> Option<&'w String> {
    match rows {
        [Condition::In { column, values }] if *schema.key == [column.as_ref()] => match values.as_slice() {
            [value] => Some(value),
            _ => None,
        },
        _ => None,
    }
}

/// The values of the primary key's columns, as text.
pub(super) fn primary_key(schema: &Schema, row: &Cells) -> Vec<String> {
    let part = |column: &&str| match row.get(column).map(JsonText::value) {
        Some(Json::Str(text)) => text,
        Some(Json::Int(number)) => number.to_string(),
        _ => String::new(),
    };
    schema.key.iter().map(part).collect()
}

/// The audited table called `name`: all but the audit log itself, the archives, what is Latchkey's own, and what goes with
/// a key.
pub(super) fn audited(name: &str) -> Option<&'static Schema> {
    let schema = SCHEMAS.iter().find(|schema| schema.name == name)?;
    let apart = [AuditLog::NAME, DeprecatedToken::NAME, DeletedKey::NAME, DeletedTeam::NAME];
    let is_apart = name.starts_with("latchkey_") || apart.contains(&name);
    (!is_apart).then_some(schema)
}
