//! `POST /key/generate`: issues a virtual key.

use super::count::counts;
use super::{chosen, issue, related};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Kind, Refusal};
use crate::http::request::{Body, Request};
use crate::operations::custom_rule::{self, Change};
use crate::rules::{Counts, KeyDraft, KeyRoute, Known, Related, as_seen_by};
use crate::types::{GenerateKeyRequest, Model as _};
use latchkey_contract::json::Json;
use latchkey_contract::mint;
use latchkey_contract::tables::{Budget, Team, User, VirtualKey};
use latchkey_contract::wire::{CallerRows, Query};

/// Judges the request by the rules on new keys and issues the key.
pub(crate) fn run(cx: &Context<'_>, caller: &Caller, request: &Request) -> Result<Outcome, Halt> {
    let asked: GenerateKeyRequest = request.model()?;
    issue_as(cx, caller, Json::from(asked.into_set()), KeyRoute::Generate)
}

/// Judges what is asked for by this route, and issues the key.
pub(crate) fn issue_as(
    cx: &Context<'_>,
    caller: &Caller,
    asked: Json,
    route: KeyRoute,
) -> Result<Outcome, Halt> {
    if !cx.closes(Hole::custom_rule_judges_changes) {
        // the reference asks before it knows what the key will be
        let new = || KeyDraft::new(cx.settings, caller, cx.now(), &asked).new_columns();
        Change { operation: "key_generate", old: None, new, request: &asked }.ask(cx, caller, wrapped)?;
    }
    let wrap = cx.wrapping(wrapped);
    let stored = Stored::read(cx, caller, asked)?;
    let mut draft = KeyDraft { route, ..stored.draft(cx, caller) };
    if let Err(refusal) = draft.judge_in(cx, draft.rules(), wrap) {
        return Err(issue::left_behind(cx, &draft, refusal));
    }
    draft.settle(cx)?;
    let issued = issue::issue(cx, &mut draft).map_err(wrap)?;
    let owner = issue::owner(cx, caller, issued.row.user_id.as_deref())?;
    if cx.closes(Hole::custom_rule_judges_changes) {
        let new = || custom_rule::shown(cx.settings, &issued.row);
        Change { operation: "key_generate", old: None, new, request: &stored.asked }.ask(cx, caller, wrap)?;
    }
    let is_there = draft.existing_key == Known::Present(());
    let budget = issued.budget.as_ref().filter(|_| !is_there).or(stored.key_budget(&draft));
    let budget_table =
        budget.map_or(Json::Null, |budget| issue::budget_table(cx.settings, budget, crate::time::iso_z));
    let mut reply = issue::reply(cx.settings, &issued, budget_table);
    if cx.closes(Hole::tokens_are_hashes) {
        reply.set("token", issued.row.token.clone().into());
    }
    if cx.closes(Hole::replies_show_what_is_stored) {
        reply.set("duration", draft.text("duration").into());
    }
    let mut outcome = Outcome::reply(reply);
    outcome.writes = issued.writes;
    outcome.guards = issued.guards;
    outcome.guards.extend(owner);
    outcome.guards.extend(stored.related.guards());
    outcome.events = issued.events;
    Ok(outcome)
}

/// The reference wraps what goes wrong here as an internal error, whatever the status.
fn wrapped(refusal: Refusal) -> Refusal {
    refusal.wrapped(Kind::InternalServerError, "")
}

/// Asks for the rows that the body names, before it is known who asks and whether the body is right.
pub(crate) fn foresee(cx: &Context<'_>, request: &Request) {
    if let Body::Json(body) = &request.body {
        ask_ahead(cx, body);
    }
}

pub(crate) fn ask_ahead(cx: &Context<'_>, asked: &Json) {
    let named = |name: &str| asked.get(name).and_then(Json::as_str);
    let team_id = named("team_id").or_else(|| cx.settings.default_team());
    let token = named("key").map(mint::token);
    let former = token.as_deref().filter(|_| cx.closes(Hole::custom_key_is_new));
    let owner = named("user_id").filter(|_| cx.closes(Hole::no_key_outlives_what_it_belongs_to));
    let queries = [
        team_id.map(|id| Query::one::<Team>("team_id", id)),
        named("key_alias").map(|alias| Query::one::<VirtualKey>("key_alias", alias)),
        named("budget_id").map(|id| Query::one::<Budget>("budget_id", id)),
        token.clone().map(|token| Query::Caller { token }),
        owner.map(|id| Query::brief::<User>("user_id", vec![id.to_owned()])),
    ];
    cx.foresee(queries.into_iter().flatten().chain(former.into_iter().flat_map(chosen::queries)));
}

/// What the store knows about the objects a request names.
#[derive(Debug)]
struct Stored {
    asked: Json,
    team: Option<Team>,
    alias_taken: bool,
    existing: Option<CallerRows>,
    was_issued: bool,
    counts: Counts,
    budget: Option<Budget>,
    related: Related,
    new_budget_id: String,
    new_permission_id: String,
}

impl Stored {
    fn read(cx: &Context<'_>, caller: &Caller, asked: Json) -> Result<Self, Halt> {
        ask_ahead(cx, &asked);
        let named = |name: &str| asked.get(name).and_then(Json::as_str);
        let team_id = named("team_id").or_else(|| cx.settings.default_team());
        let token = named("key").map(mint::token);
        let former = token.as_deref().filter(|_| cx.closes(Hole::custom_key_is_new));
        // for others only a proxy admin makes keys, which nobody counts
        let counts = counts(cx, caller, caller.user_id.as_deref(), team_id);
        let related = related::read(cx, caller, &asked, None);
        let team = team_id.map_or(Ok(None), |id| cx.row("team_id", id))?;
        let holder: Option<VirtualKey> =
            named("key_alias").map_or(Ok(None), |alias| cx.row("key_alias", alias))?;
        let was_issued = match former {
            Some(token) => chosen::was_issued(cx, token)?,
            None => false,
        };
        let existing = token.map_or(Ok(None), |token| cx.caller_rows(&token))?;
        let budget = named("budget_id").map_or(Ok(None), |id| cx.row("budget_id", id))?;
        let related = related?;
        let (new_budget_id, counts) = (cx.uuid(), counts?);
        let is_permitted = asked.get("object_permission").is_some_and(Json::is_truthy);
        let new_permission_id = if is_permitted { cx.uuid() } else { String::new() };
        Ok(Self {
            counts,
            team,
            alias_taken: holder.is_some(),
            existing,
            was_issued,
            budget,
            related,
            new_budget_id,
            new_permission_id,
            asked,
        })
    }

    fn draft<'a>(&'a self, cx: &Context<'a>, caller: &'a Caller) -> KeyDraft<'a> {
        KeyDraft {
            team: match cx.closes(Hole::unknown_and_foreign_teams_answer_alike) {
                true => as_seen_by(caller, self.team.as_ref()),
                false => self.team.as_ref().into(),
            },
            alias_holder: self.alias_taken.then_some(()).into(),
            // a secret that a key had before is nobody else's, whether it still works or not
            existing_key: (self.existing.is_some() || self.was_issued).then_some(()).into(),
            counts: self.counts,
            budget: self.budget.as_ref().into(),
            related: Known::Present(&self.related),
            new_budget_id: &self.new_budget_id,
            new_permission_id: &self.new_permission_id,
            ..KeyDraft::new(cx.settings, caller, cx.now(), &self.asked)
        }
    }

    /// The stored budget that the reply shows: that of the key, or of the key that exists in its place.
    fn key_budget(&self, draft: &KeyDraft<'_>) -> Option<&Budget> {
        match (&self.existing, draft.existing_key) {
            (Some(rows), Known::Present(())) => rows.budget.as_ref(),
            _ => self.budget.as_ref(),
        }
    }
}
