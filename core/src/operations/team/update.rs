//! `POST /team/update`: changes a team.

use super::find::not_reserved;
use super::kept;
use super::member_budget;
use super::member_defaults;
use super::models;
use super::organization;
use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Refusal, messages};
use crate::http::request::Request;
use crate::operations::changes::Changes;
use crate::operations::fields::{self, at, take};
use crate::operations::lookup;
use crate::operations::permission;
use crate::rules::{Entity, judge_reserved, judge_reserved_fields};
use crate::types::UpdateTeamRequest;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Team, TeamModels, fit};

/// Changes what the request mentions.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let values = asked(cx, request)?;
    let team_id = at(&values, "team_id").as_str().unwrap_or_default().to_owned();
    let (changed, models, changes) = carry_out(cx, caller, &team_id, values)?;
    Ok(changes.answer(dict! {
        "team_id" => changed.team_id.clone(),
        "data" => view::record(cx.settings, &changed, models.as_ref()),
    }))
}

/// What the request mentions.
pub(crate) fn asked(cx: &Context<'_>, request: &Request) -> Result<Json, Refusal> {
    let values = fields::mentioned(&request.model::<UpdateTeamRequest>()?);
    for name in ["team_id", "team_alias"] {
        not_reserved(cx, name, at(&values, name))?;
    }
    Ok(values)
}

/// Judges and makes the changes of the team with this id: the team as it will be, and its model aliases.
pub(crate) fn carry_out(
    cx: &Context<'_>,
    caller: &Caller,
    team_id: &str,
    mut values: Json,
) -> Result<(Team, Option<TeamModels>, Changes), Halt> {
    let Some(team) = lookup::row::<Team>(cx, "team_id", team_id)? else {
        let message = dict! { "error" => messages::team_id_not_found(team_id) };
        return Err(Refusal::http(Code::TeamUnknown, 400, message).into());
    };
    fields::judge_amounts(cx, &values)?;
    reset_at(cx, &mut values)?;
    let limits = member_defaults::asked(cx, &mut values)?;
    let stored = team.metadata.value();
    if cx.closes(Hole::reserved_metadata_is_for_admins) {
        let fields = judge_reserved_fields(caller, Entity::Team, &stored, &values);
        cx.judge("reserved_metadata", fields)?;
    }
    metadata(cx, &team, &mut values)?;
    let mut changes = Changes::default();
    if let Some(metadata) = values.get("metadata") {
        if cx.closes(Hole::reserved_metadata_is_for_admins) {
            cx.judge("reserved_metadata", judge_reserved(caller, Entity::Team, &stored, metadata))?;
        }
        if member_budget::default_id(metadata) != member_budget::default_id(&stored) {
            let shared = member_budget::default_in(cx, metadata)?;
            shared.iter().for_each(|budget| changes.rely_on(budget));
        }
    }
    if let Some(id) = member_defaults::change(cx, caller, &team, &values, &limits, &mut changes)? {
        let mut metadata = values.get("metadata").cloned().unwrap_or(stored);
        metadata.set(member_budget::DEFAULT, id.into());
        values.set("metadata", metadata);
    }
    let stored = models::of(cx, &team)?;
    let aliases = take(&mut values, "model_aliases");
    let models = if aliases.is_null() {
        stored
    } else {
        let models = models::changed(cx, caller, stored.as_ref(), &aliases)?;
        match &stored {
            Some(stored) => changes.update(stored, &models),
            None => changes.insert(&models),
        }
        values.set("model_id", models.id.into());
        Some(models)
    };
    permission::settle(cx, caller, team.object_permission_id.as_deref(), &mut values, &mut changes)?;
    values.set("updated_at", cx.now().0.into());
    if cx.closes(Hole::teams_stay_within_their_organization) {
        organization::bind_changed(cx, &team, &mut values, &aliases, &mut changes)?;
    }
    let changed = match judged(cx, &team, values) {
        Ok(changed) => changed,
        Err(refusal) => return Err(changes.refuse(cx, refusal)),
    };
    changes.update(&team, &changed);
    changes.event("team_updated", &team.team_id);
    Ok((changed, models, changes))
}

/// A budget window begins again; in strict it ends with its duration, which the reference leaves running.
fn reset_at(cx: &Context<'_>, values: &mut Json) -> Result<(), Refusal> {
    let Some(duration) = values.get("budget_duration") else { return Ok(()) };
    let end = fields::window_end(cx, duration)?;
    if cx.closes(Hole::null_clears_an_expiry) || !end.is_null() {
        values.set("budget_reset_at", end);
    }
    Ok(())
}

/// Tags, guardrails and others go into the free data. The reference forgets what was there unless the request repeats it.
/// Free data that does not mention the budget that members share leaves it to them.
fn metadata(cx: &Context<'_>, team: &Team, values: &mut Json) -> Result<(), Refusal> {
    let noted = kept::noted(cx, values)?;
    let mut data = match at(values, "metadata") {
        Json::Null if noted.is_empty() => return Ok(()),
        Json::Null if cx.closes(Hole::updated_teams_keep_their_metadata) => team.metadata.value(),
        Json::Null => Json::empty_dict(),
        given => given.clone(),
    };
    kept::note(&mut data, noted);
    let id = team.metadata.value().get(member_budget::DEFAULT).cloned();
    let is_kept = cx.closes(Hole::shared_budgets_stay_shared) && data.get(member_budget::DEFAULT).is_none();
    if let Some(id) = id.filter(|_| is_kept) {
        data.set(member_budget::DEFAULT, id);
    }
    values.set("metadata", data);
    Ok(())
}

fn judged(cx: &Context<'_>, team: &Team, mut values: Json) -> Result<Team, Refusal> {
    if !cx.closes(Hole::organizations_that_exist_are_taken) {
        organization::known(cx, at(&values, "organization_id"), None)?;
    }
    for name in ["metadata", "models", "blocked", "guardrails", "tags"] {
        if values.get(name).is_some_and(Json::is_null) {
            if !cx.closes(Hole::nulls_leave_teams_as_they_are) {
                let message = format!("`{name}` cannot be stored: it must not be null");
                return Err(Refusal::raised(Code::ValueUnstorable, message));
            }
            take(&mut values, name);
        }
    }
    kept::settle(cx, Some(team), &mut values)?;
    Ok(fit::amended(team, &values)?)
}
