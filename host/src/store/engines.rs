//! What a database is asked by its engine.

use super::snapshot::Snapshot;
use super::survey::Survey;
use super::values::Held;
use super::{Database, StoreError, postgres, sqlite};

/// The state of `database` at this moment. A file that does not exist is an error.
pub async fn snapshot(database: &Database) -> Result<Box<dyn Snapshot>, StoreError> {
    Ok(match database {
        Database::File(path) => Box::new(sqlite::FileSnapshot::open(path)?),
        Database::Server(address) => Box::new(postgres::ServerSnapshot::open(address).await?),
    })
}

/// Looks at `database` and changes nothing.
pub async fn survey(database: &Database) -> Result<Survey, StoreError> {
    match database {
        Database::File(path) => sqlite::survey(path),
        Database::Server(address) => postgres::survey(address).await,
    }
}

/// Those of `places` where there is something, in their order. What does not exist holds nothing.
pub async fn values(database: &Database, places: &[String]) -> Result<Vec<Held>, StoreError> {
    let counted = match database {
        Database::File(path) => sqlite::values(path, places)?,
        Database::Server(address) => postgres::values(address, places).await?,
    };
    Ok(counted.into_iter().filter(|(_, rows)| *rows > 0).collect())
}

/// Those of `tables` that have rows, as far as this user may look.
pub async fn with_rows(database: &Database, tables: &[String]) -> Result<Vec<String>, StoreError> {
    match database {
        Database::File(path) => sqlite::with_rows(path, tables),
        Database::Server(address) => postgres::with_rows(address, tables).await,
    }
}
