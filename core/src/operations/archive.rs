//! The archives of deleted keys and teams: what goes there, and who sees it.

use crate::audit;
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::operations::lookup;
use crate::rules::{administers, may_see_key, owns};
use latchkey_contract::json::{Json, JsonText, Name};
use latchkey_contract::tables::{Cells, DeletedKey, DeletedTeam, Millis, Row, Table, Team, VirtualKey};
use latchkey_contract::wire::{Condition, KeyFilter, KeyOrder, Query, Write};

/// How LiteLLM names the master key in its archives.
const MASTER_KEY: &str = "litellm_proxy_master_key";

/// Keeps copies of the keys that meet the conditions, before they go; nothing where the store has no archive.
pub(super) fn keys(cx: &Context<'_>, caller: &Caller, rows: Vec<Condition>) -> Option<Write> {
    let columns = DeletedKey::copied().map(Into::into).collect();
    copy::<DeletedKey>(cx, caller, VirtualKey::NAME, rows, columns)
}

/// The same for teams.
pub(super) fn teams(cx: &Context<'_>, caller: &Caller, rows: Vec<Condition>) -> Option<Write> {
    let columns = DeletedTeam::copied().map(Into::into).collect();
    copy::<DeletedTeam>(cx, caller, Team::NAME, rows, columns)
}

fn copy<T: Table>(
    cx: &Context<'_>,
    caller: &Caller,
    table: &'static str,
    rows: Vec<Condition>,
    columns: Vec<Name>,
) -> Option<Write> {
    if !cx.closes(Hole::deleted_keys_and_teams_are_archived) {
        return None;
    }
    // drawn in any case: what follows is made of the same random bytes on every store
    let id = cx.uuid();
    // the last group of a UUID's digits is the number of the row
    let id = id.get(..24).unwrap_or(&id).to_owned();
    if !cx.settings.lacking.has_table::<T>() {
        return None;
    }
    let text = |text: Option<&str>| text.map_or_else(JsonText::null, |text| JsonText::of(&text.into()));
    let by_key = if caller.is_master { Some(MASTER_KEY) } else { caller.token.as_deref() };
    let set: Cells = [
        ("deleted_at", JsonText::of(&Json::Int(cx.now().0))),
        ("deleted_by", text(Some(caller.actor()))),
        ("deleted_by_api_key", text(by_key)),
        ("litellm_changed_by", text(audit::named_actor(cx, caller).as_deref())),
    ]
    .into_iter()
    .map(|(name, cell)| (name.into(), cell))
    .collect();
    Some(Write::Copy { table: table.into(), rows, into: T::NAME.into(), id, columns, set })
}

/// The newest entry of the archive about the key with this token.
pub(super) fn newest(token: &str) -> Query {
    Query::Keys {
        filter: KeyFilter { archived: true, token: Some(token.to_owned()), ..KeyFilter::default() },
        order: KeyOrder { column: "deleted_at".into(), descending: true },
        offset: 0,
        limit: 1,
        bytes: Some(BYTES),
    }
}

/// Bytes of the lists and documents of an entry; a row has no more.
const BYTES: u64 = 1 << 20;

/// Whether a key with this token was ever deleted.
pub(super) fn has_key(cx: &Context<'_>, token: &str) -> Result<bool, Halt> {
    Ok(!cx.ask(&newest(token), DeletedKey::read)?.0.is_empty())
}

/// The deleted key with this token, if the caller may see it: as a key that is there, but for what was deleted before the
/// user or the team of that name came to be.
pub(super) fn seen(
    cx: &Context<'_>,
    caller: &Caller,
    shown: &str,
    token: &str,
) -> Result<Option<DeletedKey>, Halt> {
    let Some(row) = cx.ask(&newest(token), DeletedKey::read)?.0.into_iter().next() else { return Ok(None) };
    if caller.sees_all() {
        return Ok(Some(row));
    }
    let team: Option<Team> = match row.key.team_id.as_deref() {
        Some(id) => lookup::row(cx, "team_id", id)?,
        None => None,
    };
    let team = team.filter(|team| !is_limited(cx, caller) || team.created_at <= row.deleted_at);
    if may_see_key(cx.settings, caller, shown, &row.key, team.as_ref()).is_err() {
        return Ok(None);
    }
    let is_of_former = is_limited(cx, caller)
        && owns(caller, &row.key)
        && !administers(caller, team.as_ref())
        && since(caller).is_none_or(|since| since > row.deleted_at);
    Ok((!is_of_former).then_some(row))
}

/// Whether the caller sees no more of the archives than what was deleted since their user or team came to be.
pub(super) fn is_limited(cx: &Context<'_>, caller: &Caller) -> bool {
    cx.closes(Hole::namesakes_see_no_archive) && !caller.sees_all()
}

/// Since when the caller's user is who they are: another one may have had the name before.
pub(super) fn since(caller: &Caller) -> Option<Millis> {
    let of_user = caller.user.as_ref().map(|user| user.created_at.unwrap_or_default());
    of_user.or_else(|| caller.key.as_ref().and_then(|key| key.created_at))
}

/// What the archive adds to the row that is gone. By which key it was deleted is for those who see everything.
pub(super) fn about(caller: &Caller, row: &dyn Row, zone: fn(Millis) -> String) -> Vec<(&'static str, Json)> {
    let own = row.schema().columns.iter().zip(row.columns()).take(OWN.len());
    own.map(|(column, cell)| {
        let value = match cell.text().value() {
            _ if FOR_ADMINS.contains(&column.name) && !caller.sees_all() => Json::Null,
            Json::Int(moment) => zone(Millis(moment)).into(),
            value => value,
        };
        (column.name, value)
    })
    .collect()
}

const FOR_ADMINS: [&str; 2] = ["deleted_by_api_key", "litellm_changed_by"];

/// The columns of an archive that the rows which are gone do not have.
const OWN: [&str; 5] = ["id", "deleted_at", "deleted_by", "deleted_by_api_key", "litellm_changed_by"];
