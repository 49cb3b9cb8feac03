//! One state of a database.

use super::address::Address;
use super::layout::Layout;
use super::read::array;
use super::schema::{quoted, structure};
use super::session;
use super::sql::oldest_first;
use crate::store::snapshot::{self, Snapshot};
use crate::store::{Pending, StoreError};
use latchkey_contract::tables::{Cells, Schema};
use tokio_postgres::Client;

/// One state of a database, on a connection of its own.
pub struct ServerSnapshot {
    client: Client,
    layout: Layout,
    /// The table that is read.
    open: Option<&'static str>,
}

impl std::fmt::Debug for ServerSnapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerSnapshot").field("open", &self.open).finish_non_exhaustive()
    }
}

impl ServerSnapshot {
    /// The state of the database at `address`.
    pub(in crate::store) async fn open(address: &Address) -> Result<Self, StoreError> {
        let client = session::at_once(address).await?;
        client.batch_execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let found = structure(&client, &address.schema, &address.own_schema()).await?;
        Ok(Self { client, layout: Layout::new(found.lacking), open: None })
    }

    async fn has(&self, table: &str) -> Result<bool, StoreError> {
        let found = self.client.query_one("SELECT to_regclass($1) IS NOT NULL", &[&quoted(table)]).await?;
        Ok(found.get(0))
    }

    async fn next_rows(&mut self, table: &'static Schema, limit: usize) -> Result<Vec<Cells>, StoreError> {
        if self.open != Some(table.name) {
            if !self.has(table.name).await? {
                return Ok(Vec::new());
            }
            let all = format!("{}{}", self.layout.select(table).text, oldest_first(table));
            self.client.batch_execute(&format!("DECLARE rows NO SCROLL CURSOR FOR {all}")).await?;
            self.open = Some(table.name);
        }
        let found = self.client.query(&format!("FETCH {limit} FROM rows"), &[]).await?;
        if found.is_empty() {
            self.client.batch_execute("CLOSE rows").await?;
            self.open = None;
        }
        snapshot::rows(&array(&found, table)?)
    }
}

impl Snapshot for ServerSnapshot {
    fn count<'a>(&'a mut self, table: &'static Schema) -> Pending<'a, Result<u64, StoreError>> {
        Box::pin(async move {
            if !self.has(table.name).await? {
                return Ok(0);
            }
            let sql = format!("SELECT count(*) FROM \"{}\"", table.name);
            let count: i64 = self.client.query_one(&sql, &[]).await?.get(0);
            Ok(count.unsigned_abs())
        })
    }

    fn next<'a>(
        &'a mut self,
        table: &'static Schema,
        limit: usize,
    ) -> Pending<'a, Result<Vec<Cells>, StoreError>> {
        Box::pin(self.next_rows(table, limit))
    }

    fn meta<'a>(&'a mut self, name: &'a str) -> Pending<'a, Result<Option<String>, StoreError>> {
        Box::pin(async move {
            if !self.has("latchkey_meta").await? {
                return Ok(None);
            }
            let sql = "SELECT \"value\" FROM \"latchkey_meta\" WHERE \"name\" = $1";
            let rows = self.client.query(sql, &[&name]).await?;
            Ok(rows.first().map(|row| row.get(0)))
        })
    }
}
