//! Fields whose column or table this store does not have.

use latchkey_contract::tables::{Budget, Lacking, Schema, Table as _, Team, User, VirtualKey};

/// The tables that hold what an operation's request sets, by how the operation's name begins.
const TABLES: &[(&str, &[Schema])] = &[
    ("key_", &[VirtualKey::SCHEMA]),
    ("team_member_", &[Budget::SCHEMA]),
    ("team_", &[Team::SCHEMA]),
    ("user_", &[User::SCHEMA, VirtualKey::SCHEMA]),
    ("budget_", &[Budget::SCHEMA]),
];

/// Whether the store lacks the column called `name` that `operation` would set.
pub(super) fn is_unstorable(lacking: &Lacking, operation: &str, name: &str) -> bool {
    let tables = TABLES.iter().find(|(beginning, _)| operation.starts_with(beginning));
    let tables = tables.map(|(_, tables)| *tables).unwrap_or_default();
    let holds = |table: &&Schema| table.column(name).is_some();
    tables.iter().find(holds).is_some_and(|table| lacking.lacks_column(table, name))
}
