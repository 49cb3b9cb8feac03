//! How large the free data of keys, users and teams may be: each request by a key reads it.

use super::{KeyDraft, Passed, Verdict};
use crate::error::{Code, Kind, Refusal};
use crate::json::{Json, JsonText, write};

/// The longest document, in bytes of its JSON text.
const MAX_BYTES: usize = 64 * 1024;

/// The columns that hold free data.
pub(super) const DOCUMENTS: &[&str] = &["metadata", "config", "permissions", "aliases"];

/// Judges every document of the draft.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Verdict {
    let too_large = DOCUMENTS.iter().filter_map(|name| judge(name, None, draft.get(name)?).err());
    Refusal::all(too_large).map(|()| Passed::Allowed)
}

/// Whether `new` may be stored as document `name` in the place of `old`. One that was larger before may stay as it is.
pub(crate) fn judge(name: &str, old: Option<&JsonText>, new: &Json) -> Result<(), Refusal> {
    let fits = write(new).len() <= MAX_BYTES;
    if fits || old.is_some_and(|old| old.value() == *new) {
        return Ok(());
    }
    let message = format!("`{name}` must not be longer than {MAX_BYTES} bytes of json");
    Err(Refusal::error(Code::ValueUnstorable, 400, Kind::BadRequestError, name, message).on(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_64_kib_and_a_larger_one_stays_as_it_is() {
        let text = |bytes: usize| Json::from("a".repeat(bytes - 2));
        let large = text(MAX_BYTES + 1);
        assert_eq!(judge("metadata", None, &text(MAX_BYTES)), Ok(()));
        let refusal = judge("metadata", None, &large).expect_err("a byte too many");
        assert_eq!((refusal.status, refusal.field.as_deref()), (400, Some("metadata")));
        assert_eq!(judge("metadata", Some(&JsonText::of(&large)), &large), Ok(()));
        assert!(judge("metadata", Some(&JsonText::of(&large)), &text(MAX_BYTES + 2)).is_err());
    }
}
