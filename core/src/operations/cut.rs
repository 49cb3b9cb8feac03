//! How rows print whose lists and documents a store has left out, because those of all rows together were too large for one
//! answer.

use latchkey_contract::json::Json;
use latchkey_contract::tables::{Row, Schema};

/// Says in an answer that not all of it is there.
const COMPLETE: &str = "complete";

/// Makes of the lists and documents in `shown`, which are unknown, `null`, and says so.
pub(super) fn mark(shown: &mut Json, row: &dyn Row) {
    if row.told().is_cut {
        without_documents(shown, row.schema());
    }
}

fn without_documents(shown: &mut Json, schema: &Schema) {
    for column in schema.columns.iter().filter(|column| column.is_document()) {
        if shown.get(column.name).is_some() {
            shown.set(column.name, Json::Null);
        }
    }
    shown.set(COMPLETE, false.into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;
    use latchkey_contract::tables::{Told, VirtualKey};

    #[test]
    fn what_was_left_out_is_null_and_told() {
        let mut told = Told::default();
        told.is_cut = true;
        let key = VirtualKey { told, ..VirtualKey::default() };
        let mut shown = dict! { "token" => "t", "models" => Vec::<Json>::new() };
        mark(&mut shown, &VirtualKey::default());
        assert_eq!(shown.get("complete"), None);
        mark(&mut shown, &key);
        assert_eq!(shown, dict! { "token" => "t", "models" => Json::Null, "complete" => false });
    }
}
