//! The audit log.

use super::Millis;
use super::table::table;
use crate::json::JsonText;

table! {
    /// One change of one object.
    AuditLog in "LiteLLM_AuditLog", key [id], indexed ["object_id", "changed_by"] {
        /// Its id; ids of later changes sort after those of earlier ones.
        id: String,
        /// When the object was changed.
        updated_at: Millis,
        /// Who changed it: a user, whom a proxy admin named, or the token of a key without a user.
        changed_by: String,
        /// The token of the key that was used; `master_key` in strict for the master key.
        changed_by_api_key: String,
        /// What was done: `created`, `updated`, `deleted`, `blocked`, `unblocked` or `regenerated`.
        action: String,
        /// The table of the object.
        table_name: String,
        /// The primary key of the object before the change.
        object_id: String,
        /// The row before the change; none for a new one.
        before_value: Option<JsonText>,
        /// The row after the change; none for a deleted one.
        updated_values: Option<JsonText>,
    }
}
