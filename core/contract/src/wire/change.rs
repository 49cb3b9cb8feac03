//! Writes and guards of single rows.

use super::{Guard, Write};
use crate::json::JsonText;
use crate::tables::{Cells, Row, Table};

/// The write that stores a new row.
pub fn insert(row: &dyn Row) -> Write {
    Write::Insert { table: row.schema().name.into(), row: row.cells(), like: None }
}

/// The write that stores `row` as a copy of `original`: in columns that the rules do not know it has the same.
pub fn insert_copy(row: &dyn Row, original: &dyn Row) -> Write {
    Write::Insert { table: row.schema().name.into(), row: row.cells(), like: Some(original.key()) }
}

/// The write that turns `old` into `new`: the changed columns only, so that what others write beside us stays.
/// `None` if nothing changed. The primary key itself may change.
pub fn changed(old: &dyn Row, new: &dyn Row) -> Option<Write> {
    let set = old.changes(new);
    (!set.is_empty()).then(|| Write::Update { table: new.schema().name.into(), key: old.key(), set })
}

/// The condition that the row is as it was read, but for its counters.
pub fn unchanged(row: &dyn Row) -> Guard {
    Guard::Same { table: row.schema().name.into(), key: row.key(), row: row.as_read(), counters: false }
}

/// The condition that the whole row is as it was read, its counters too.
pub fn untouched(row: &dyn Row) -> Guard {
    Guard::Same { table: row.schema().name.into(), key: row.key(), row: row.as_read(), counters: true }
}

/// The condition that these columns of the row are as they were read: what others change in the rest of it does not matter.
pub fn unchanged_in(row: &dyn Row, columns: &[&str]) -> Guard {
    let cells = row.cells();
    let read = cells.iter().filter(|(name, _)| columns.contains(&&***name));
    let mut text = String::new();
    read.map(|(name, cell)| (name.clone(), cell.clone())).collect::<Cells>().write(&mut text);
    let row_as_read = JsonText::parse(text).unwrap_or_default();
    Guard::Same { table: row.schema().name.into(), key: row.key(), row: row_as_read, counters: false }
}

/// The condition that the row with this primary key is there.
pub fn present<T: Table>(key: &str) -> Guard {
    Guard::Present { table: T::NAME.into(), key: vec![key.to_owned()] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::VirtualKey;

    fn key(metadata: &str) -> VirtualKey {
        VirtualKey { metadata: JsonText::parse(metadata.to_owned()).unwrap(), ..VirtualKey::default() }
    }

    #[test]
    fn a_condition_on_some_columns_names_no_other() {
        let owned = VirtualKey { token: "t".to_owned(), user_id: Some("u".to_owned()), ..key("{}") };
        let Guard::Same { key, row, .. } = unchanged_in(&owned, &["user_id", "team_id"]) else {
            panic!("another condition")
        };
        assert_eq!((key, row.as_str()), (vec!["t".to_owned()], r#"{"user_id":"u","team_id":null}"#));
    }

    #[test]
    fn a_document_that_is_only_written_otherwise_is_no_change() {
        let stored = key(r#"{"a": 1.50, "b": [1]}"#);
        assert_eq!(changed(&stored, &key(r#"{"a":1.5,"b":[1]}"#)), None);
        assert!(changed(&stored, &key(r#"{"a":1.5,"b":[2]}"#)).is_some());
        assert!(changed(&key("1"), &key("1.0")).is_some());
    }
}
