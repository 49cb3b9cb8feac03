//! A whole store in one state, to copy it or to look it through without changing anything.

use super::{Pending, StoreError};
use latchkey_contract::json::{Limits, Reader};
use latchkey_contract::tables::{Cells, Schema};

/// One state of a store, read table by table.
pub trait Snapshot: Send {
    /// How many rows `table` has; none if the store lacks it.
    fn count<'a>(&'a mut self, table: &'static Schema) -> Pending<'a, Result<u64, StoreError>>;

    /// The next rows of `table`, oldest first, at most `limit` of them; none at its end. One table is read to its end before
    /// another one is begun, and may be begun again then.
    fn next<'a>(
        &'a mut self,
        table: &'static Schema,
        limit: usize,
    ) -> Pending<'a, Result<Vec<Cells>, StoreError>>;

    /// A value that the server keeps for itself.
    fn meta<'a>(&'a mut self, name: &'a str) -> Pending<'a, Result<Option<String>, StoreError>>;
}

/// The rows of a JSON array, as stores tell them.
pub(crate) fn rows(array: &str) -> Result<Vec<Cells>, StoreError> {
    let mut reader = Reader::of_text(array, &Limits::STORED);
    let mut read = || {
        let mut rows = Vec::new();
        let mut within = reader.list()?;
        while reader.item(&mut within)? {
            rows.push(Cells::read(&mut reader)?);
        }
        Ok(rows)
    };
    read().map_err(|error: latchkey_contract::json::ReadError| StoreError::Away(format!("a row is {error}")))
}
