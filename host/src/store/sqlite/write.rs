//! One commit: guards, then writes.

use super::rows;
use crate::store::{Commit, StoreError};
use latchkey_contract::sql::{self, Action, Statement};
use latchkey_contract::wire::{Guard, Write};
use rusqlite::{Connection, ffi};

/// Checks `guards` and makes `writes`, within a transaction of the caller's, who must undo what a refused commit did.
pub(super) fn apply(
    connection: &Connection,
    writes: &[Write],
    guards: &[Guard],
) -> Result<Commit, StoreError> {
    for guard in guards {
        if !run(connection, &sql::guard(guard)?)? {
            return Ok(Commit::Refused);
        }
    }
    for write in writes {
        for action in sql::write(write)? {
            if !run(connection, &action)? {
                return Ok(Commit::Refused);
            }
        }
    }
    Ok(Commit::Committed)
}

/// Whether the commit may go on.
fn run(connection: &Connection, action: &Action) -> Result<bool, StoreError> {
    let finds = |statement: &Statement| -> Result<bool, StoreError> {
        Ok(connection.prepare_cached(&statement.sql)?.exists(rows::parameters(statement))?)
    };
    match action {
        Action::Found(statement) => finds(statement),
        Action::NotFound(statement) => Ok(!finds(statement)?),
        Action::Run(statement) => {
            match connection.prepare_cached(&statement.sql)?.execute(rows::parameters(statement)) {
                Ok(_) => Ok(true),
                Err(error) if is_taken(&error) => Ok(false),
                Err(error) => Err(error.into()),
            }
        }
    }
}

/// Whether a unique value is there already.
fn is_taken(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::SqliteFailure(
            ffi::Error {
                extended_code: ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
                ..
            },
            _,
        )
    )
}
