//! What operations that change a key have in common: the facts, the draft of the change, the conditions.

use super::count::counts;
use super::{issue, related};
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::Refusal;
use crate::rules::{Counts, KeyDraft, KeyRoute, Known, Related, as_seen_by, may_manage};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Table, Team, User, VirtualKey, fit};
use latchkey_contract::wire::{CallerRows, Guard, Query, Write, changed, insert, unchanged};

/// The key and what the store knows about the objects a request names.
#[derive(Debug)]
pub(crate) struct Stored {
    /// The key as it is.
    pub(crate) key: VirtualKey,
    team: Option<Team>,
    new_team: Known<Team>,
    alias_taken: bool,
    counts: Counts,
    budget: Option<Budget>,
    related: Related,
    new_budget_id: String,
    new_permission_id: String,
}

impl Stored {
    /// Reads the key with this token, in strict also a former one that still works, and what `fields` name; `None` if
    /// there is no such key.
    pub(crate) fn read(
        cx: &Context<'_>,
        caller: &Caller,
        token: &str,
        fields: &Json,
    ) -> Result<Option<Self>, Halt> {
        let named = |name: &str| fields.get(name).and_then(Json::as_str);
        let team_id = named("team_id").filter(|_| cx.closes(Hole::changed_keys_have_known_teams));
        cx.foresee([Query::Caller { token: token.to_owned() }]);
        cx.foresee(named("key_alias").map(|alias| Query::one::<VirtualKey>("key_alias", alias)));
        cx.foresee(named("budget_id").map(|id| Query::one::<Budget>("budget_id", id)));
        cx.foresee(team_id.map(|id| Query::one::<Team>("team_id", id)));
        let owner = named("user_id").filter(|_| cx.closes(Hole::no_key_outlives_what_it_belongs_to));
        cx.foresee(owner.map(|id| Query::brief::<User>("user_id", vec![id.to_owned()])));
        let Some(CallerRows { key, team, budget, .. }) = cx.holder(token)? else { return Ok(None) };
        Self::of(cx, caller, (key, team, budget), fields).map(Some)
    }

    /// The same of a key that was read with its team and its budget.
    pub(crate) fn of(
        cx: &Context<'_>,
        caller: &Caller,
        (key, team, budget): (VirtualKey, Option<Team>, Option<Budget>),
        fields: &Json,
    ) -> Result<Self, Halt> {
        let named = |name: &str| fields.get(name).and_then(Json::as_str);
        let team_id = named("team_id").filter(|_| cx.closes(Hole::changed_keys_have_known_teams));
        // to others only a proxy admin gives keys, which nobody counts
        let is_taken = named("user_id").is_some_and(|id| key.user_id.as_deref() != Some(id));
        let new_owner = caller.user_id.as_deref().filter(|_| is_taken);
        let related = related::read(cx, caller, fields, Some(&key));
        let counts = counts(cx, caller, new_owner, team_id.filter(|id| key.team_id.as_deref() != Some(*id)));
        let holders: Vec<VirtualKey> = match named("key_alias") {
            Some(alias) => cx.rows("key_alias", vec![alias.to_owned()])?,
            None => Vec::new(),
        };
        let alias_taken = holders.iter().any(|holder| holder.token != key.token);
        let budget = match named("budget_id") {
            Some(id) => cx.row("budget_id", id)?,
            None => budget.filter(|_| cx.closes(Hole::bounds_hold_for_changes)),
        };
        let new_team = match team_id {
            Some(id) => cx.row::<Team>("team_id", id)?.into(),
            // `null` stands for no team
            None if fields.get("team_id").is_some() => Known::Absent,
            None => Known::Unknown,
        };
        let is_of_today = cx.closes(Hole::fields_of_today_are_kept);
        let id_for = |name: &str| match fields.get(name).is_some() && is_of_today {
            true => cx.uuid(),
            false => String::new(),
        };
        let (new_budget_id, new_permission_id) = (id_for("soft_budget"), id_for("object_permission"));
        Ok(Self {
            new_budget_id,
            new_permission_id,
            counts: counts?,
            related: related?,
            key,
            team,
            new_team,
            alias_taken,
            budget,
        })
    }

    /// Whether the caller may change the key at all. A caller who may not learns nothing more from a dry run, not even
    /// whether there is such a key.
    pub(crate) fn manageable(&self, cx: &Context<'_>, caller: &Caller) -> Result<(), Refusal> {
        match cx.closes(Hole::keys_are_changed_by_their_own) {
            true => may_manage(caller, &self.key, self.team.as_ref()).map(drop),
            false => Ok(()),
        }
    }

    /// The change that `fields` ask for.
    pub(crate) fn change<'a>(
        &'a self,
        cx: &Context<'a>,
        caller: &'a Caller,
        fields: &'a Json,
        route: KeyRoute,
    ) -> KeyDraft<'a> {
        KeyDraft {
            old_team: self.team.as_ref().into(),
            team: match self.new_team.as_ref() {
                Known::Present(team) if Some(&team.team_id) != self.key.team_id.as_ref() => {
                    as_seen_by(caller, Some(team))
                }
                known => known,
            },
            alias_holder: self.alias_taken.then_some(()).into(),
            counts: self.counts,
            budget: self.budget.as_ref().into(),
            related: Known::Present(&self.related),
            new_budget_id: &self.new_budget_id,
            new_permission_id: &self.new_permission_id,
            route,
            ..KeyDraft::change(cx.settings, caller, cx.now(), &self.key, fields)
        }
    }

    /// What must still hold when the change is stored: the key is as it was read and, in strict, so is all that was
    /// decided by.
    pub(crate) fn guards(&self, cx: &Context<'_>) -> Vec<Guard> {
        let mut guards = vec![unchanged(&self.key)];
        guards.extend(self.related.guards());
        if cx.closes(Hole::decisions_hold_until_they_are_stored) {
            guards.extend(self.team.as_ref().map(|row| unchanged(row)));
            guards.extend(self.budget.as_ref().map(|row| unchanged(row)));
            match &self.new_team {
                Known::Present(team) if Some(&team.team_id) != self.key.team_id.as_ref() => {
                    guards.push(unchanged(team));
                }
                Known::Present(_) | Known::Absent | Known::Unknown => {}
            }
        }
        guards
    }

    /// What is written and what must hold so that no other key is guaranteed the same throughput.
    pub(crate) fn promise(change: &KeyDraft<'_>, writes: &mut Vec<Write>, guards: &mut Vec<Guard>) {
        if let Some((write, guard)) = &change.promise {
            writes.push(write.clone());
            guards.push(guard.clone());
        }
    }

    /// What else is stored with the change. Of budgets one is made for a soft budget, or the one the key belongs to gets another.
    pub(crate) fn further_writes(
        &self,
        cx: &Context<'_>,
        change: &KeyDraft<'_>,
    ) -> Result<Vec<Write>, Refusal> {
        let mut writes: Vec<Write> = issue::new_permission(change)?.into_iter().collect();
        if let Some(made) = issue::new_budget(cx, change)? {
            writes.push(insert(&made));
            return Ok(writes);
        }
        let asked = change.fields.get("soft_budget").filter(|_| cx.closes(Hole::fields_of_today_are_kept));
        let (Some(asked), Some(budget)) = (asked, &self.budget) else { return Ok(writes) };
        let mut values = dict! { "soft_budget" => asked.clone(), "updated_by" => change.caller.actor() };
        values.set("updated_at", cx.now().0.into());
        let row = fit::amended(budget, &values)?;
        writes.extend(changed(budget, &row));
        Ok(writes)
    }

    /// The condition that the user to whom the key goes as `changed` is still there.
    pub(crate) fn new_owner(
        &self,
        cx: &Context<'_>,
        caller: &Caller,
        changed: &VirtualKey,
    ) -> Result<Option<Guard>, Halt> {
        let new = changed.user_id.as_deref().filter(|_| changed.user_id != self.key.user_id);
        issue::owner(cx, caller, new)
    }

    /// The condition that nobody else has the alias that `fields` give the key.
    pub(crate) fn alias_free(&self, fields: &Json) -> Option<Guard> {
        fields.get("key_alias").and_then(Json::as_str).map(|alias| Guard::Absent {
            table: VirtualKey::NAME.into(),
            column: "key_alias".into(),
            value: alias.to_owned(),
            except: Some(self.key.token.clone()),
        })
    }
}

/// The fields a request sets, as an object.
pub(crate) fn fields(set: Vec<(&'static str, Json)>) -> Json {
    Json::from(set)
}
