//! Writes carried out on known rows: what they were before and what they are afterwards.

use super::known::{Known, audited, primary_key, single};
use latchkey_contract::tables::{Cells, Schema};
use latchkey_contract::wire::Write;

/// One changed object.
#[derive(Debug)]
pub(super) struct Change {
    /// Its table.
    pub(super) schema: &'static Schema,
    /// The row before; none for a new one.
    pub(super) before: Option<Cells>,
    /// The row afterwards; none for a deleted one.
    pub(super) after: Option<Cells>,
}

impl Change {
    fn is_now(&self, schema: &Schema, key: &[String]) -> bool {
        self.schema.name == schema.name
            && self.after.as_ref().is_some_and(|after| primary_key(schema, after) == key)
    }

    fn was(&self, schema: &Schema, key: &[String]) -> bool {
        self.schema.name == schema.name
            && self.before.as_ref().is_some_and(|before| primary_key(schema, before) == key)
    }

    fn is_one(&self) -> bool {
        self.before != self.after
    }
}

/// What `writes` do, one entry for each object, in the order in which the objects are first touched.
pub(super) fn replay(writes: &[Write], known: &Known) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for write in writes {
        match write {
            Write::Insert { table, row, .. } => {
                let Some(schema) = audited(table) else { continue };
                let key = primary_key(schema, row);
                let gone = |change: &&mut Change| change.after.is_none() && change.was(schema, &key);
                match changes.iter_mut().find(gone) {
                    Some(change) => change.after = Some(row.clone()),
                    None => changes.push(Change { schema, before: None, after: Some(row.clone()) }),
                }
            }
            Write::Update { table, key, set } => {
                let Some(schema) = audited(table) else { continue };
                if !changes.iter().any(|change| change.is_now(schema, key)) {
                    let Some(row) = known.row(schema, key) else { continue };
                    changes.push(Change { schema, before: Some(row.clone()), after: Some(row.clone()) });
                }
                let change = changes.iter_mut().find(|change| change.is_now(schema, key));
                if let Some(after) = change.and_then(|change| change.after.as_mut()) {
                    after.overwrite(set);
                }
            }
            Write::Delete { table, rows, .. } => {
                let Some(schema) = audited(table) else { continue };
                let Some(key) = single(schema, rows).map(std::slice::from_ref) else { continue };
                if let Some(row) = known.row(schema, key)
                    && !changes.iter().any(|change| change.was(schema, key))
                {
                    changes.push(Change { schema, before: Some(row.clone()), after: None });
                }
                let hit = |change: &&mut Change| change.is_now(schema, key);
                changes.iter_mut().filter(hit).for_each(|change| change.after = None);
            }
            // the store finds these rows by itself, and archives are not audited
            Write::Change { .. } | Write::Copy { .. } => {}
        }
    }
    changes.retain(Change::is_one);
    changes
}
