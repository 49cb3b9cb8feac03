//! `POST /team/key/bulk_update`: makes one change of several keys of a team, or of all.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, messages};
use crate::http::request::Request;
use crate::operations::key::bulk::{self, MOST, Wanted};
use crate::operations::key::bulk_update::refusal;
use crate::operations::lookup;
use crate::rules::KeyRoute;
use crate::rules::administers;
use crate::rules::member_permissions::team_may;
use crate::types::BulkUpdateTeamKeysRequest;
use latchkey_contract::mint;
use latchkey_contract::tables::{Team, VirtualKey};
use latchkey_contract::wire::KeyFilter;

/// Changes the keys that the caller may change one by one, and says which could not be changed.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: BulkUpdateTeamKeysRequest = request.model()?;
    let fields = asked.update_fields.0;
    let team_id = asked.team_id.as_str();
    let ids = asked.key_ids.into_value().unwrap_or_default();
    if ids.len() > MOST {
        let message = messages::too_many_keys(ids.len() as u64, "key_ids");
        return Err(refusal(400, Code::RequestInvalid, message).into());
    }
    let team: Option<Team> = lookup::row(cx, "team_id", team_id)?;
    let is_admin = caller.is_proxy_admin() || administers(caller, team.as_ref());
    if !is_admin {
        team_may(&cx.settings.lacking, caller, team.as_ref(), team_id, KeyRoute::Update)?;
    }
    let unknown = messages::key_not_in_team(team_id);
    let (names, found) = if ids.is_empty() {
        let found = all(cx, caller, team_id, is_admin)?;
        (found.iter().map(|key| key.token.clone()).collect(), found)
    } else {
        let found = bulk::named(cx, ids.iter().map(|id| mint::token_if_key(id)).collect())?;
        (ids, found.into_iter().filter(|key| key.team_id.as_deref() == Some(team_id)).collect())
    };
    let wanted = names.into_iter().map(|shown| {
        let token = mint::token_if_key(&shown);
        Wanted { shown, token, fields: &fields }
    });
    bulk::change(cx, caller, &wanted.collect::<Vec<_>>(), &found, &unknown)
}

/// All keys of the team; to whom administers it not, their own.
fn all(cx: &Context<'_>, caller: &Caller, team_id: &str, is_admin: bool) -> Result<Vec<VirtualKey>, Halt> {
    let own = if is_admin { None } else { Some(caller.user_id.clone().unwrap_or_default()) };
    let filter = KeyFilter { team_id: Some(team_id.to_owned()), user_id: own, ..KeyFilter::default() };
    let (found, total) = bulk::keys(cx, filter)?;
    match total {
        0 => Err(refusal(404, Code::KeyUnknown, messages::no_keys_in_team(team_id)).into()),
        total if total > MOST as u64 => {
            Err(refusal(400, Code::RequestInvalid, messages::too_many_keys(total, "keys")).into())
        }
        _ => Ok(found),
    }
}
