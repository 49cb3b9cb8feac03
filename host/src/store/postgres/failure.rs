//! What an error of PostgreSQL means.

use crate::store::{Commit, StoreError};
use deadpool_postgres::{PoolError, TimeoutType};
use std::error::Error as _;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// How a commit ended that the database refused; nothing if it failed otherwise.
pub(super) fn refusal(error: &Error) -> Option<Commit> {
    // the transaction lost against another one, found a guard broken, or breaks a constraint: the rows are not as the
    // module believes, and it should look again
    const LOST: [&SqlState; 6] = [
        // how a guard says that it does not hold
        &SqlState::DIVISION_BY_ZERO,
        &SqlState::UNIQUE_VIOLATION,
        &SqlState::T_R_SERIALIZATION_FAILURE,
        &SqlState::T_R_DEADLOCK_DETECTED,
        // a statement that was prepared before the tables changed
        &SqlState::FEATURE_NOT_SUPPORTED,
        &SqlState::INVALID_SQL_STATEMENT_NAME,
    ];
    let code = error.code()?;
    if LOST.contains(&code) {
        return Some(Commit::Refused);
    }
    // if a row were missing that is referred to, the module would find that out when it looks again
    if *code == SqlState::FOREIGN_KEY_VIOLATION {
        return Some(Commit::Referred);
    }
    // of class 22 a value is of no use, of class 54 too long or too large
    ["22", "54"].iter().any(|class| code.code().starts_with(class)).then_some(Commit::Unstorable)
}

/// Whether the connection is of no more use.
pub(super) fn spoils_connection(error: &Error) -> bool {
    match error.code() {
        None => true,
        Some(code) => [
            SqlState::FEATURE_NOT_SUPPORTED,
            SqlState::INVALID_SQL_STATEMENT_NAME,
            SqlState::READ_ONLY_SQL_TRANSACTION,
        ]
        .contains(code),
    }
}

/// Whether the server may be there soon: it starts, it stops, it has no room, or nothing listens.
pub(super) fn is_passing(error: &Error) -> bool {
    const PASSING: [&SqlState; 4] = [
        &SqlState::CANNOT_CONNECT_NOW,
        &SqlState::TOO_MANY_CONNECTIONS,
        &SqlState::ADMIN_SHUTDOWN,
        &SqlState::CRASH_SHUTDOWN,
    ];
    match error.code() {
        Some(code) => PASSING.contains(&code),
        // no refusal of the server's own: the network, or an answer that broke off
        None => {
            let cause = error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
            cause.is_some_and(|cause| !is_distrust(cause)) || error.is_closed()
        }
    }
}

/// Whether the other side could not prove its identity, which waiting does not change.
fn is_distrust(error: &std::io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
}

/// The error with what the server says about it; never a value that was sent.
pub(super) fn words(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} ({})", said.message(), said.code().code()),
        None => match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        const WAITED: [&SqlState; 2] = [&SqlState::LOCK_NOT_AVAILABLE, &SqlState::QUERY_CANCELED];
        match error.code() {
            Some(code) if WAITED.contains(&code) => Self::Busy,
            _ => Self::Away(words(&error)),
        }
    }
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            PoolError::Timeout(TimeoutType::Wait) => Self::Busy,
            PoolError::Timeout(_) => Self::Away("connecting took too long".to_owned()),
            other => Self::Away(other.to_string()),
        }
    }
}
