//! The organization of a key exists, and its members alone give keys to it.

use super::{KeyDraft, Known};
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::Json;

/// Judges the organization that the request names.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let present = draft.before.and_then(|key| key.organization_id.as_deref());
    let Some(id) = draft.text("organization_id").filter(|id| Some(*id) != present) else {
        return Ok(Passed::NotApplicable);
    };
    let Known::Present(related) = draft.related else { return Ok(Passed::Unknown) };
    if !draft.caller.is_proxy_admin() && related.membership.is_none() {
        let message = messages::not_of_organization(id);
        let refusal = Refusal::error(Code::NotOwner, 403, Kind::AuthError, Json::Null, message);
        return Err(refusal.on("organization_id"));
    }
    if related.organization.is_some() {
        return Ok(Passed::Allowed);
    }
    let message = messages::organization_not_in_db(id);
    let kind = Kind::InvalidRequestError;
    Err(Refusal::error(Code::OrganizationUnknown, 400, kind, Json::Null, message).on("organization_id"))
}
