//! The model aliases of teams.

use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::error::row_misfit;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Table, Team, TeamModels, fit};
use latchkey_contract::wire::Query;

/// The row for a new team's aliases; none without aliases.
pub(crate) fn for_new_team(
    cx: &Context<'_>,
    caller: &Caller,
    aliases: &Json,
) -> Result<Option<TeamModels>, Halt> {
    if aliases.is_null() {
        return Ok(None);
    }
    let (rows, _) = cx.ask(&Query::All { table: TeamModels::NAME.into() }, TeamModels::read)?;
    let highest = rows.iter().map(|row| row.id).max().unwrap_or_default();
    let row = fit::row(&dict! {
        "id" => highest.saturating_add(1),
        "aliases" => aliases.clone(),
        "created_at" => cx.now().0,
        "created_by" => caller.actor(),
        "updated_at" => cx.now().0,
        "updated_by" => caller.actor(),
    })?;
    Ok(Some(row))
}

/// The row of a team's aliases.
pub(crate) fn of(cx: &Context<'_>, team: &Team) -> Result<Option<TeamModels>, Halt> {
    team.model_id.map_or(Ok(None), |id| cx.row("id", &id.to_string()))
}

/// The row of a team's aliases with other aliases, or a new one.
pub(crate) fn changed(
    cx: &Context<'_>,
    caller: &Caller,
    stored: Option<&TeamModels>,
    aliases: &Json,
) -> Result<TeamModels, Halt> {
    let Some(stored) = stored else {
        return for_new_team(cx, caller, aliases)?.ok_or_else(|| row_misfit(TeamModels::NAME).into());
    };
    Ok(fit::amended(
        stored,
        &dict! {
            "aliases" => aliases.clone(),
            "created_by" => caller.actor(),
            "updated_at" => cx.now().0,
            "updated_by" => caller.actor(),
        },
    )?)
}
