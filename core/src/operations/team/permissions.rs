//! What members of a team may be permitted to do with its keys.

use crate::context::Context;
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal};

/// What can be permitted.
pub(crate) const PERMISSIONS: &[&str] = &[
    "/key/generate",
    "/key/update",
    "/key/delete",
    "/key/info",
    "/key/regenerate",
    "/key/service-account/generate",
    "/key/{key_id}/regenerate",
    "/key/list",
    "/key/block",
    "/key/unblock",
    "/key/bulk_update",
    "/team/key/bulk_update",
    "/team/daily/activity",
    "/team/daily/activity/aggregated",
    "/team/daily/activity/aggregated/keys",
    "/team/daily/activity/aggregated/search",
    "/team/daily/activity/aggregated/model_top_keys",
    "/team/daily/activity/export",
    "/spend/logs",
    "/spend/logs/v2",
    "/key/{key_id}/reset_spend",
    "/key/aliases",
    "/key/access_group_assignment",
    "/auto_router/manage",
];

/// Refuses unknown permissions.
pub(crate) fn are_known<'n>(
    cx: &Context<'_>,
    mut names: impl Iterator<Item = &'n str>,
) -> Result<(), Refusal> {
    let strange = names.find(|name| !PERMISSIONS.contains(name));
    match strange.filter(|_| cx.closes(Hole::permissions_of_members_are_known)) {
        Some(name) => {
            refuse(cx, format!("there is no permission `{name}`, `/team/permissions_list` shows all"))
        }
        None => Ok(()),
    }
}

/// Refuses a list of permissions.
pub(crate) fn refuse(cx: &Context<'_>, message: String) -> Result<(), Refusal> {
    const FIELD: &str = "team_member_permissions";
    let refusal = Refusal::error(Code::RequestUnsupported, 400, Kind::BadRequestError, FIELD, message);
    cx.judge("permissions", Err(refusal.on(FIELD)))
}
