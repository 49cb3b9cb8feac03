//! `GET /audit`: lists who changed what, newest first.

use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::error::{Code, Kind, Refusal};
use crate::http::request::{self, Request};
use crate::operations::key::list::{Page, only_known};
use crate::operations::lookup;
use crate::time::iso_z;
use crate::types::AuditQuery;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{AuditLog, FormerToken, Table as _};
use latchkey_contract::wire::{AuditFilter, Query};
use latchkey_contract::{dict, mint};

/// Lists the changes that the request's filters leave; only those who may see everything may ask.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked = AuditQuery::read(&request.query).map_err(|problems| request::invalid(&problems))?;
    only_known(&request.query, &AuditQuery::NAMES)?;
    if !caller.sees_all() {
        let message = "only a proxy admin can see the audit log";
        return Err(Refusal::error(Code::RouteForbidden, 403, Kind::AuthError, Json::Null, message).into());
    }
    let page = Page::of(&asked.page, &asked.size)?;
    let filter = AuditFilter {
        object_ids: asked
            .object_id
            .map_or_else(|| Ok(Vec::new()), |id| tokens(cx, mint::token_if_key(&id)))?,
        changed_by: asked.changed_by,
        action: asked.action.map(|action| action.as_str().to_owned()),
        table_name: asked.table_name,
        since: asked.since.map(|moment| moment.0),
        until: asked.until.map(|moment| moment.0),
    };
    let (rows, total) =
        cx.ask(&Query::Audit { filter, offset: page.offset, limit: page.size }, AuditLog::read)?;
    Ok(Outcome::reply(page.reply("audit_logs", rows.iter().map(shown).collect(), total)))
}

/// The object's id, and if it is a token of a key, all that the key has and had: each change is noted under the token of
/// its time.
fn tokens(cx: &Context<'_>, id: String) -> Result<Vec<String>, Halt> {
    let current = lookup::row::<FormerToken>(cx, "token", &id)?.map_or(id, |former| former.current);
    let former: Vec<FormerToken> = lookup::rows(cx, "current", vec![current.clone()])?;
    Ok(former.into_iter().map(|former| former.token).chain([current]).collect())
}

fn shown(row: &AuditLog) -> Json {
    dict! {
        "id" => row.id.clone(),
        "updated_at" => iso_z(row.updated_at),
        "changed_by" => row.changed_by.clone(),
        "changed_by_api_key" => row.changed_by_api_key.clone(),
        "action" => row.action.clone(),
        "table_name" => row.table_name.clone(),
        "object_id" => row.object_id.clone(),
        "before_value" => row.before_value.as_ref().map(Json::from),
        "updated_values" => row.updated_values.as_ref().map(Json::from),
    }
}
