//! Changes of many keys in one request: each is judged as `/key/update` would judge it alone, and those that may be are made
//! together.

use super::change::Stored;
use super::delete::teams_of;
use super::update::{Changed, full_row};
use crate::caller::Caller;
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::error::{Code, Refusal};
use crate::operations::lookup::{self, by_id, team_of};
use crate::rules::guaranteed_limits;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, str_of};
use latchkey_contract::order::Index;
use latchkey_contract::tables::{Budget, Table as _, VirtualKey};
use latchkey_contract::wire::{Event, Guard, KeyFilter, KeyOrder, Query, Visibility, Write};

/// Keys in one request.
pub(crate) const MOST: usize = 500;

/// Bytes of their lists and documents, all of which a change needs.
const BYTES: u64 = 8 << 20;

/// A key that is to change.
#[derive(Debug)]
pub(crate) struct Wanted<'f> {
    /// How the request names it.
    pub(crate) shown: String,
    /// Its token.
    pub(crate) token: String,
    /// The fields that change.
    pub(crate) fields: &'f Json,
}

/// The keys that a filter leaves, as many as one request may change, and how many there are.
pub(crate) fn keys(cx: &Context<'_>, filter: KeyFilter) -> Result<(Vec<VirtualKey>, u64), Halt> {
    let order = KeyOrder { column: "token".into(), descending: false };
    let query = Query::Keys { filter, order, offset: 0, limit: MOST as u64, bytes: Some(BYTES) };
    cx.ask(&query, VirtualKey::read)
}

/// The keys with these tokens.
pub(crate) fn named(cx: &Context<'_>, tokens: Vec<String>) -> Result<Vec<VirtualKey>, Halt> {
    let visible_to = Some(Visibility { tokens, ..Visibility::default() });
    Ok(keys(cx, KeyFilter { visible_to, ..KeyFilter::default() })?.0)
}

/// What becomes of the keys.
#[derive(Debug, Default)]
struct Done {
    writes: Vec<Write>,
    guards: Vec<Guard>,
    events: Vec<Event>,
    changed: Vec<Json>,
    failed: Vec<Json>,
}

/// Changes those of `found` that are wanted and may be changed; `unknown` is the reason of those that are not found.
pub(crate) fn change(
    cx: &Context<'_>,
    caller: &Caller,
    wanted: &[Wanted<'_>],
    found: &[VirtualKey],
    unknown: &str,
) -> Result<Outcome, Halt> {
    let keys = Index::of(found.iter().map(|key| (key.token.as_str(), key)));
    let teams = teams_of(cx, found);
    let asked = wanted.iter().filter_map(|one| one.fields.get("budget_id").and_then(Json::as_str));
    let asked = asked.map(str::to_owned).collect::<Vec<_>>();
    let own = found.iter().filter_map(|key| key.budget_id.clone());
    let budgets: Vec<Budget> = lookup::rows(cx, "budget_id", own.chain(asked).collect())?;
    let budgets = Index::of(budgets.iter().map(|budget| (budget.budget_id.as_str(), budget)));
    let teams = teams?;
    let teams = by_id(&teams);
    let mut done = Done::default();
    let mut halted = None;
    let mut seen: Vec<&str> = Vec::with_capacity(wanted.len());
    for one in wanted {
        let key = keys.get(&one.token);
        let reason = match key {
            None => Some(unknown),
            Some(_) if seen.contains(&one.token.as_str()) => Some("the key is named twice"),
            Some(key) if key.told.is_cut => {
                Some("the keys of this request are too large together, change this one alone")
            }
            // which are added up with the limits of keys as they are stored
            Some(key) if guaranteed_limits::is_about(one.fields, Some(key)) => {
                Some("a limit that is guaranteed is changed of one key alone")
            }
            Some(_) => None,
        };
        let (Some(key), None) = (key, reason) else {
            done.fail(cx, one, None, &Refusal::http(Code::KeyUnknown, 404, reason.unwrap_or_default()));
            continue;
        };
        seen.push(&one.token);
        let budget = key.budget_id.as_deref().and_then(|id| budgets.get(id)).cloned();
        let changed =
            Stored::of(cx, caller, (key.clone(), team_of(key, &teams).cloned(), budget), one.fields)
                .and_then(|stored| {
                    if cx.closes(Hole::many_keys_are_judged_one_by_one) {
                        let hidden = |_| Refusal::http(Code::KeyUnknown, 404, unknown);
                        stored.manageable(cx, caller).map_err(hidden)?;
                    }
                    Changed::of(cx, caller, &stored, one.fields, Refusal::fitting)
                });
        match changed {
            Ok(changed) => done.add(cx, one, changed),
            Err(Halt::Refused(refusal)) => done.fail(cx, one, Some(key), &refusal),
            // what else is missing is noted, too, before it is asked for
            Err(halt) => halted = Some(halt),
        }
    }
    match halted {
        Some(halt) => Err(halt),
        None => Ok(done.outcome(wanted.len())),
    }
}

impl Done {
    fn add(&mut self, cx: &Context<'_>, one: &Wanted<'_>, changed: Changed) {
        let Changed { row, writes, guards, .. } = changed;
        for guard in guards {
            if !self.guards.contains(&guard) {
                self.guards.push(guard);
            }
        }
        self.writes.extend(writes);
        self.changed.push(dict! { "key" => one.shown.clone(), "key_info" => info(cx, &row) });
        self.events.push(Event { event: "key_updated".into(), object: row.token });
    }

    fn fail(&mut self, cx: &Context<'_>, one: &Wanted<'_>, key: Option<&VirtualKey>, refusal: &Refusal) {
        cx.conclude(|verdict| verdict.heard("key", Err(refusal.clone())));
        // a key that is not the caller's to see is not shown
        let key = key.filter(|_| refusal.code != Code::KeyUnknown);
        self.failed.push(dict! {
            "key" => one.shown.clone(),
            "key_info" => key.map(|key| info(cx, key)),
            "failed_reason" => str_of(refusal.message.get("error").unwrap_or(&refusal.message)),
        });
    }

    fn outcome(self, total: usize) -> Outcome {
        let mut outcome = Outcome::reply(dict! {
            "total_requested" => i64::try_from(total).unwrap_or(i64::MAX),
            "successful_updates" => self.changed,
            "failed_updates" => self.failed,
        });
        outcome.writes = self.writes;
        outcome.guards = self.guards;
        outcome.events = self.events;
        outcome
    }
}

fn info(cx: &Context<'_>, key: &VirtualKey) -> Json {
    let mut info = full_row(cx.settings, key, crate::time::iso_z);
    if let Json::Dict(members) = &mut info {
        members.retain(|(name, _)| name != "token");
    }
    info
}
