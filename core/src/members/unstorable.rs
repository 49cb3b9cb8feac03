//! Fields whose column or table this store does not have.

use crate::rules::key_fields::is_in_metadata;
use latchkey_contract::tables::{
    Budget, Lacking, ObjectPermission, Organization, OrganizationMembership, Schema, Table as _, Team, User,
    VirtualKey,
};

/// The tables that hold what an operation's request sets, by how the operation's name begins.
const TABLES: &[(&str, &[Schema])] = &[
    ("key_", &[VirtualKey::SCHEMA]),
    ("team_member_", &[Budget::SCHEMA]),
    ("team_", &[Team::SCHEMA]),
    ("user_", &[User::SCHEMA, VirtualKey::SCHEMA]),
    ("budget_", &[Budget::SCHEMA]),
    ("organization_", &[Organization::SCHEMA, Budget::SCHEMA]),
];

/// A field that has a row of its own, and the column that names the row.
const OF_ITS_OWN: (&str, &str) = ("object_permission", "object_permission_id");

/// The operations that make and change keys, whose free data has what columns of the same name would.
const OF_KEYS: [&str; 4] = ["key_generate", "key_update", "key_regenerate", "user_new"];

/// Whether the store lacks the column or the table that holds the field `name` of `operation`.
pub(super) fn is_unstorable(lacking: &Lacking, operation: &str, name: &str) -> bool {
    if lacking.names().is_empty() {
        return false;
    }
    if (operation, name) == ("user_new", "organizations") {
        return !lacking.has_table::<OrganizationMembership>();
    }
    if OF_KEYS.contains(&operation) && is_in_metadata(name) {
        return false;
    }
    let tables = TABLES.iter().find(|(beginning, _)| operation.starts_with(beginning));
    let tables = tables.map(|(_, tables)| *tables).unwrap_or_default();
    let (field, reference) = OF_ITS_OWN;
    let is_of_its_own = name == field;
    if is_of_its_own && !lacking.has_table::<ObjectPermission>() {
        return true;
    }
    let name = if is_of_its_own { reference } else { name };
    let holds = |table: &&Schema| table.column(name).is_some();
    tables.iter().find(holds).is_some_and(|table| lacking.lacks_column(table, name))
}
