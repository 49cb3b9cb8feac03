//! Groups of models open models to a key: others than proxy admins give them to keys of a team, as far as the team permits.

use super::{KeyDraft, Known};
use crate::error::{Code, Kind, Refusal, messages};
use crate::verdict::{Passed, Said};
use latchkey_contract::json::{Json, repr};

/// What the team's list names where its members may.
const PERMISSION: &str = "/key/access_group_assignment";

/// Judges the groups that the request adds.
pub(super) fn apply(draft: &mut KeyDraft<'_>) -> Said {
    let asked = draft.get("access_group_ids").and_then(Json::as_list).unwrap_or_default();
    let present = draft.before.map(|key| key.access_group_ids.as_slice()).unwrap_or_default();
    let is_new = |group: &&Json| group.as_str().is_none_or(|id| !present.iter().any(|known| known == id));
    let added: Vec<Json> = asked.iter().filter(is_new).cloned().collect();
    if added.is_empty() {
        return Ok(Passed::NotApplicable);
    }
    if draft.caller.is_proxy_admin() {
        return Ok(Passed::Allowed);
    }
    let team = match draft.before {
        None if draft.text("team_id").is_none() => Known::Absent,
        None => draft.team,
        Some(_) => draft.next_team(),
    };
    let team = match team {
        Known::Present(team) => team,
        Known::Unknown => return Ok(Passed::Unknown),
        Known::Absent => return Err(refusal(messages::access_groups_without_team(&repr(&added.into())))),
    };
    let role = draft.caller.user_id.as_deref().and_then(|user_id| team.member_role(user_id));
    let permissions = team.team_member_permissions.as_deref().unwrap_or_default();
    let is_permitted = permissions.iter().any(|permission| permission == PERMISSION);
    match role.as_deref() {
        Some("admin") => Ok(Passed::Allowed),
        Some(_) if is_permitted => Ok(Passed::Allowed),
        _ => Err(refusal(messages::access_groups_not_permitted(&team.team_id))),
    }
}

fn refusal(message: String) -> Refusal {
    Refusal::error(Code::AdminField, 403, Kind::AuthError, Json::Null, message).on("access_group_ids")
}
