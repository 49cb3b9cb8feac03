//! The statement that reads a caller: a key and the rows it names.

use super::sql::columns;
use latchkey_contract::tables::{
    Budget, Project, Schema, Table as _, Team, TeamMembership, TeamModels, User, VirtualKey,
};

/// The tables of [`latchkey_contract::wire::CallerRows`] in their order: member, name in the statement, table.
pub(super) const CALLER: [(&str, &str, &Schema); 7] = [
    ("key", "k", &VirtualKey::SCHEMA),
    ("user", "u", &User::SCHEMA),
    ("team", "t", &Team::SCHEMA),
    ("team_models", "m", &TeamModels::SCHEMA),
    ("membership", "s", &TeamMembership::SCHEMA),
    ("budget", "b", &Budget::SCHEMA),
    ("project", "p", &Project::SCHEMA),
];

/// The statement up to the token; `source` says from what the rows of a table come.
pub(super) fn caller_sql(source: &dyn Fn(&Schema) -> String) -> String {
    let all: Vec<String> = CALLER.iter().map(|(_, alias, table)| columns(alias, table)).collect();
    format!(
        "SELECT {} FROM {} AS k \
         LEFT JOIN {} AS u ON u.\"user_id\" = k.\"user_id\" \
         LEFT JOIN {} AS t ON t.\"team_id\" = k.\"team_id\" \
         LEFT JOIN {} AS m ON m.\"id\" = t.\"model_id\" \
         LEFT JOIN {} AS s ON s.\"user_id\" = k.\"user_id\" AND s.\"team_id\" = k.\"team_id\" \
         LEFT JOIN {} AS b ON b.\"budget_id\" = k.\"budget_id\" \
         LEFT JOIN {} AS p ON p.\"project_id\" = k.\"project_id\" \
         WHERE k.\"token\" = ",
        all.join(", "),
        source(&VirtualKey::SCHEMA),
        source(&User::SCHEMA),
        source(&Team::SCHEMA),
        source(&TeamModels::SCHEMA),
        source(&TeamMembership::SCHEMA),
        source(&Budget::SCHEMA),
        source(&Project::SCHEMA),
    )
}
