//! E-mail addresses. In strict one address is one user's, whatever the case of its letters; users whom LiteLLM gave the same
//! one go on working, and no further user gets it.

use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use latchkey_contract::dict;
use latchkey_contract::order::sorted;
use latchkey_contract::tables::{Table, User, storable};
use latchkey_contract::wire::Guard;

/// Letters beyond ASCII that are looked for in either case; with more of them an address is looked for in three spellings.
const LETTERS: usize = 4;

/// Whether two addresses are the same. The reference compares letter by letter.
pub(crate) fn same(cx: &Context<'_>, a: &str, b: &str) -> bool {
    match cx.closes(Hole::addresses_are_one_users) {
        true => a.eq_ignore_ascii_case(b) || a.to_lowercase() == b.to_lowercase(),
        false => a == b,
    }
}

/// The spellings under which stores find an address: they ignore the case of ASCII letters alone.
pub(crate) fn spellings(cx: &Context<'_>, address: &str) -> Vec<String> {
    if address.is_ascii() || !cx.closes(Hole::addresses_are_one_users) {
        return vec![address.to_owned()];
    }
    let (lower, upper) = (address.to_lowercase(), address.to_uppercase());
    let has_cases = |letter: &char| !letter.is_ascii() && (letter.is_lowercase() || letter.is_uppercase());
    let mut found = vec![String::new()];
    if address.chars().filter(has_cases).count() > LETTERS {
        found = vec![lower, upper, address.to_owned()];
    } else {
        for letter in address.chars() {
            let forms: Vec<String> = match letter {
                _ if !has_cases(&letter) => Vec::new(),
                // at the end of a word it has a form of its own
                'σ' | 'ς' | 'Σ' => ["σ", "ς", "Σ"].map(str::to_owned).into(),
                _ => vec![letter.to_uppercase().collect(), letter.to_lowercase().collect()],
            };
            let others: Vec<String> = forms
                .iter()
                .flat_map(|form| found.iter().map(move |begin| format!("{begin}{form}")))
                .collect();
            found.iter_mut().for_each(|begin| begin.push(letter));
            found.extend(others);
        }
    }
    let mut found = sorted(found, String::cmp);
    found.dedup();
    found
}

/// An address as it is compared.
pub(crate) fn key(cx: &Context<'_>, address: &str) -> String {
    if cx.closes(Hole::addresses_are_one_users) { address.to_lowercase() } else { address.to_owned() }
}

/// The users with this address.
pub(crate) fn holders(cx: &Context<'_>, address: &str) -> Result<Vec<User>, Halt> {
    if address.is_empty() || address.contains('\0') {
        return Ok(Vec::new());
    }
    let mut users: Vec<User> = cx.rows("user_email", spellings(cx, address))?;
    users.retain(|user| has(cx, user, address));
    Ok(users)
}

/// Whether the user has this address.
pub(crate) fn has(cx: &Context<'_>, user: &User, address: &str) -> bool {
    user.user_email.as_deref().is_some_and(|own| same(cx, own, address))
}

/// Refuses an address that another user than `owner` has.
pub(crate) fn free(cx: &Context<'_>, address: &str, owner: &str) -> Result<(), Halt> {
    if holders(cx, address)?.iter().all(|user| user.user_id == owner) {
        return Ok(());
    }
    let message = dict! { "error" => messages::email_exists(address) };
    Ok(cx.judge("address_free", Err(Refusal::http(Code::IdTaken, 409, message).on("user_email")))?)
}

/// The conditions that nobody but `owner`, where one is named, has the address when the change is stored.
pub(crate) fn still_free(cx: &Context<'_>, address: &str, owner: Option<&str>) -> Vec<Guard> {
    let absent = |value: String| Guard::Absent {
        table: User::NAME.into(),
        column: "user_email".into(),
        value,
        except: owner.map(str::to_owned),
    };
    spellings(cx, address).into_iter().map(absent).collect()
}

/// Refuses an id at the identity provider that another user has.
pub(crate) fn sso_free(cx: &Context<'_>, id: &str) -> Result<(), Halt> {
    storable::plain("sso_user_id", id)?;
    let holders: Vec<User> = cx.rows("sso_user_id", vec![id.to_owned()])?;
    if holders.is_empty() {
        return Ok(());
    }
    let message = format!("`sso_user_id` `{id}` is another user's");
    let refusal = Refusal::error(Code::IdTaken, 409, Kind::BadRequestError, "sso_user_id", message);
    Ok(cx.judge("sso_user_id_free", Err(refusal.on("sso_user_id")))?)
}

/// The condition that nobody has it when the change is stored.
pub(crate) fn sso_still_free(id: &str) -> Guard {
    Guard::Absent {
        table: User::NAME.into(),
        column: "sso_user_id".into(),
        value: id.to_owned(),
        except: None,
    }
}
