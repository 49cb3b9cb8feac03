//! `GET /organization/list`: lists organizations: all of them to who may see everything, to others their own.

use super::access::{available, memberships};
use super::shown;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::http::request::Request;
use crate::operations::listing::{contains, is};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Organization, Table};
use latchkey_contract::wire::{Condition, KeyOrder, Query};

/// Organizations in one answer.
const MOST: u64 = 1_000;

/// Bytes of their lists and documents.
const BYTES: u64 = 1 << 20;

/// Lists the oldest of them that the request's filters leave.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    available(cx)?;
    let named = |name: &str| request.param(name).filter(|text| !text.is_empty());
    let mut rows: Vec<Condition> = Vec::new();
    rows.extend(named("org_id").map(|id| is("organization_id", [id])));
    rows.extend(named("org_alias").map(|part| contains(&["organization_alias"], part)));
    if !caller.sees_all() {
        let own = memberships(cx, caller)?;
        if own.is_empty() {
            return Ok(Outcome::reply(Json::List(Vec::new())));
        }
        rows.push(is("organization_id", own.iter().map(|row| row.organization_id.as_str())));
    }
    let order = KeyOrder { column: "created_at".into(), descending: false };
    let table = Organization::NAME.into();
    let query = Query::Page { table, rows, having: None, order, offset: 0, limit: MOST, bytes: BYTES };
    let (organizations, _) = cx.ask(&query, Organization::read)?;
    Ok(Outcome::reply(shown::all(cx, caller, &organizations)?))
}
