//! What a database is made of, and how it is set up.

use super::address::Address;
use super::schema::structure;
use super::{rights, session};
use crate::store::StoreError;
use crate::store::survey::{NotFinite, Survey};
use latchkey_contract::tables::{ColumnType, SCHEMAS, Schema};
use tokio_postgres::Client;

/// Settings of the server without which what was acknowledged can be lost.
const DURABLE: [&str; 3] = ["fsync", "full_page_writes", "synchronous_commit"];

/// Amounts that are no numbers, of one column, at the most.
const NAMED: usize = 1000;

/// Looks at the database; its session could not change anything.
pub(in crate::store) async fn survey(address: &Address) -> Result<Survey, StoreError> {
    let client = session::at_once(address).await?;
    let (schema, own) = (address.schema.as_str(), address.own_schema());
    let mut out = structure(&client, schema, &own).await?;
    rights::look(&client, schema, &own, &mut out).await?;
    client.batch_execute("SET default_transaction_read_only = on").await?;
    out.engine = format!("PostgreSQL {}", setting(&client, "server_version").await?);
    for name in DURABLE {
        if setting(&client, name).await? == "off" {
            out.dangers.push(match name {
                "synchronous_commit" => {
                    "`synchronous_commit` is off; each host turns it on for itself".to_owned()
                }
                _ => format!("`{name}` is off: what was acknowledged is lost when the machine crashes"),
            });
        }
    }
    let connections = setting(&client, "max_connections").await?;
    // one more listens
    if connections.parse().is_ok_and(|most: usize| most < address.connections + 1) {
        out.dangers.push(format!(
            "the server takes {connections} connections, one host alone may want {}: set `connection_limit`",
            address.connections + 1
        ));
    }
    if out.is_closed {
        return Ok(out);
    }
    let absent = |table: &str| out.missing.iter().any(|missing| missing.name == table);
    let whole = |table: &Schema, column: &str| {
        !absent(table.name)
            && !out.columns.contains(&format!("{}.{column}", table.name))
            && !out.lacking.lacks_table(table)
            && !out.lacking.lacks_column(table, column)
    };
    let mut not_finite = Vec::new();
    for table in SCHEMAS {
        for column in table.columns.iter().filter(|column| column.kind == ColumnType::Float) {
            if !whole(table, column.name) {
                continue;
            }
            let key: Vec<String> = table.key.iter().map(|name| format!("r.\"{name}\"::text")).collect();
            let sql = format!(
                "SELECT concat_ws(', ', {}) FROM \"{}\" AS r WHERE r.\"{}\" IN ('NaN', 'Infinity', '-Infinity') \
                 ORDER BY 1 LIMIT {NAMED}",
                key.join(", "),
                table.name,
                column.name
            );
            for row in client.query(&sql, &[]).await? {
                not_finite.push(NotFinite { table: table.name, key: row.get(0), column: column.name });
            }
        }
    }
    out.not_finite = not_finite;
    Ok(out)
}

async fn setting(client: &Client, name: &str) -> Result<String, StoreError> {
    Ok(client.query_one("SELECT current_setting($1)", &[&name]).await?.get(0))
}
