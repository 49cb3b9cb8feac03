//! E-mail addresses. In strict one address is one user's, whatever the case of its letters; users whom LiteLLM gave the same
//! one go on working, and no further user gets it.

use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use latchkey_contract::dict;
use latchkey_contract::tables::{Table, User};
use latchkey_contract::wire::Guard;

/// Whether two addresses are the same. The reference compares letter by letter.
pub(super) fn same(cx: &Context<'_>, a: &str, b: &str) -> bool {
    if cx.closes(Hole::addresses_are_one_users) { a.eq_ignore_ascii_case(b) } else { a == b }
}

/// An address as it is compared.
pub(super) fn key(cx: &Context<'_>, address: &str) -> String {
    if cx.closes(Hole::addresses_are_one_users) { address.to_ascii_lowercase() } else { address.to_owned() }
}

/// The users with this address.
pub(super) fn holders(cx: &Context<'_>, address: &str) -> Result<Vec<User>, Halt> {
    if address.is_empty() || address.contains('\0') {
        return Ok(Vec::new());
    }
    let mut users: Vec<User> = cx.rows("user_email", vec![address.to_owned()])?;
    users.retain(|user| has(cx, user, address));
    Ok(users)
}

/// Whether the user has this address.
pub(super) fn has(cx: &Context<'_>, user: &User, address: &str) -> bool {
    user.user_email.as_deref().is_some_and(|own| same(cx, own, address))
}

/// Refuses an address that another user than `owner` has.
pub(super) fn free(cx: &Context<'_>, address: &str, owner: &str) -> Result<(), Halt> {
    if holders(cx, address)?.iter().all(|user| user.user_id == owner) {
        return Ok(());
    }
    let message = dict! { "error" => messages::email_exists(address) };
    Err(Refusal::http(Code::IdTaken, 409, message).on("user_email").into())
}

/// The condition that nobody but `owner`, where one is named, has the address when the change is stored.
pub(super) fn still_free(address: &str, owner: Option<&str>) -> Guard {
    Guard::Absent {
        table: User::NAME.into(),
        column: "user_email".into(),
        value: address.to_owned(),
        except: owner.map(str::to_owned),
    }
}
