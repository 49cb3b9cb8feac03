//! Secrets that a request brings along: whether a key has or had one, and what keeps it from being issued twice.

use crate::context::{Context, Halt, former_queries};
use crate::operations::archive;
use latchkey_contract::tables::{DeletedKey, DeprecatedToken, FormerToken, Table};
use latchkey_contract::wire::{Guard, Query};

/// What tells whether a secret with this token was issued before.
pub(super) fn queries(token: &str) -> impl Iterator<Item = Query> {
    let leads_to = [
        Query::one::<FormerToken>("current", token),
        Query::one::<DeprecatedToken>("active_token_id", token),
        archive::newest(token),
    ];
    former_queries(token).into_iter().chain(leads_to)
}

/// Whether a key had the secret once, or was deleted with it. Whether a key has it now is not looked at.
pub(super) fn was_issued(cx: &Context<'_>, token: &str) -> Result<bool, Halt> {
    cx.foresee(queries(token));
    Ok(cx.row::<FormerToken>("token", token)?.is_some()
        || cx.row::<DeprecatedToken>("token", token)?.is_some()
        // a key that is gone, whose former secrets would open the new one
        || cx.row::<FormerToken>("current", token)?.is_some()
        || cx.row::<DeprecatedToken>("active_token_id", token)?.is_some()
        || archive::has_key(cx, token)?)
}

/// The conditions that it still was not when the key is stored.
pub(super) fn still_new(token: &str) -> impl Iterator<Item = Guard> {
    [FormerToken::NAME, DeprecatedToken::NAME, DeletedKey::NAME].into_iter().map(move |table| Guard::Absent {
        table: table.into(),
        column: "token".into(),
        value: token.to_owned(),
        except: None,
    })
}
