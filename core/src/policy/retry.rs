//! What follows on a commit that the store refused: a further attempt with other facts, or the reply that says why.

use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Kind, Refusal};
use latchkey_contract::json::Json;
use latchkey_contract::wire::{Conflict, Guard, RowName, Write};

/// Commits of one request.
pub(crate) const ATTEMPTS: u32 = 3;

/// The refusal of a request of which the store has refused all commits.
pub(super) fn exhausted(cx: &Context<'_>) -> Option<Refusal> {
    cx.refused().filter(|refused| refused.times >= ATTEMPTS).map(|refused| refused_by_store(refused.why))
}

/// The refusal of what the store would not commit.
fn refused_by_store(conflict: Conflict) -> Refusal {
    let (code, status, message) = match conflict {
        Conflict::Lost => {
            (Code::Conflict, 409, "others changed the same rows at the same time, please try again")
        }
        Conflict::Referred => {
            (Code::RowReferred, 409, "other rows of the database refer to what is to be deleted")
        }
        Conflict::Unstorable => (
            Code::ValueUnstorable,
            400,
            "the database has no room for one of the values: is a text too long?",
        ),
    };
    Refusal::error(code, status, Kind::BadRequestError, Json::Null, message)
}

/// Lets a further attempt change something only while each row that the refused one relied on is there: no key is made for
/// a user who was removed meanwhile.
pub(super) fn reliable(cx: &Context<'_>, decided: Result<Outcome, Halt>) -> Result<Outcome, Halt> {
    let Some(refused) = cx.refused() else { return decided };
    let (writes, guards) = match &decided {
        Ok(outcome) => (&outcome.writes, outcome.guards.as_slice()),
        Err(Halt::Refused(refusal)) => (&refusal.left_behind, [].as_slice()),
        Err(Halt::Missing | Halt::BodyComing(_) | Halt::Judged) => return decided,
    };
    let is_there = |row: &RowName| guards.iter().any(|guard| wants(guard).as_ref() == Some(row));
    if writes.is_empty() || refused.relied_on.iter().all(is_there) {
        return decided;
    }
    Err(refused_by_store(Conflict::Lost).into())
}

/// The rows that must be there and that the writes leave there: one that is to go may be gone.
pub(super) fn relied_on(writes: &[Write], guards: &[Guard]) -> Vec<RowName> {
    let goes = |row: &RowName| {
        writes.iter().any(|write| matches!(write, Write::Delete { table, .. } if *table == row.table))
    };
    guards.iter().filter_map(wants).filter(|row| !goes(row)).collect()
}

/// The row that must be there, whatever it holds.
fn wants(guard: &Guard) -> Option<RowName> {
    match guard {
        Guard::Present { table, key } => Some(RowName { table: table.clone(), key: key.clone() }),
        Guard::Absent { .. } | Guard::Same { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use latchkey_contract::tables::{User, VirtualKey};
    use latchkey_contract::wire::{Call, Refused, insert, present};

    #[test]
    fn a_row_that_is_to_go_may_be_gone() {
        let guards = [present::<User>("u"), present::<VirtualKey>("k")];
        let named = |writes: &[Write]| -> Vec<String> {
            relied_on(writes, &guards).into_iter().flat_map(|row| row.key).collect()
        };
        assert_eq!(named(&[]), ["u", "k"]);
        assert_eq!(named(&[Write::delete::<VirtualKey>("token", "k")]), ["u"]);
    }

    /// The code of the refusal of a second attempt that is decided with these guards.
    fn refused(writes: Vec<Write>, guards: Vec<Guard>) -> Option<Code> {
        let relied_on = relied_on(&[], &[present::<User>("u")]);
        let refused = Some(Refused { why: Conflict::Lost, times: 1, relied_on });
        let (call, settings) = (Call { refused, ..Call::default() }, Settings::default());
        let cx = Context::new(&call, b"", &settings);
        match reliable(&cx, Ok(Outcome { writes, guards, ..Outcome::default() })) {
            Err(Halt::Refused(refusal)) => Some(refusal.code),
            _ => None,
        }
    }

    #[test]
    fn nothing_is_written_once_a_row_that_was_relied_on_is_gone() {
        let write = || vec![insert(&VirtualKey::default())];
        assert_eq!(refused(write(), vec![present::<User>("u")]), None);
        assert_eq!(refused(write(), vec![present::<User>("v")]), Some(Code::Conflict));
        assert_eq!(refused(Vec::new(), Vec::new()), None, "a reply that changes nothing is given");
    }
}
