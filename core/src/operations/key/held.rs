//! The keys that teams and users are shown with. The reference shows all there are, in one answer; strict a number that
//! can be read at one time, and says where there are more, which `/key/list` has page by page.

use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::operations::lookup::{self, distinct_ids};
use crate::rules::{administers, owns};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Table, Team, VirtualKey};
use latchkey_contract::wire::{KeyFilter, KeyOrder, Query, Visibility};

/// Keys in one answer.
const MOST: u64 = 1_000;

/// Bytes of their lists and documents.
const BYTES: u64 = 1 << 20;

/// Says in an answer that it does not have all keys, or not all of each.
pub(crate) const INCOMPLETE: &str = "keys_complete";

/// Keys, and whether there are no others.
#[derive(Debug, Default)]
pub(crate) struct HeldKeys {
    /// The keys, oldest first unless they were asked for in another order.
    pub(crate) keys: Vec<VirtualKey>,
    /// Whether there are no others, and each is whole.
    pub(crate) complete: bool,
}

impl HeldKeys {
    const fn all(keys: Vec<VirtualKey>) -> Self {
        Self { keys, complete: true }
    }

    /// The keys of `teams` that the caller may see: of a team that somebody else administers the own ones only.
    pub(crate) fn of_teams(cx: &Context<'_>, caller: &Caller, teams: &[Team]) -> Result<Self, Halt> {
        let ids = |of: &dyn Fn(&Team) -> bool| distinct_ids(teams.iter().filter(|team| of(team)));
        if !cx.closes(Hole::keys_of_teams_and_users_are_bounded) {
            return Ok(Self::all(lookup::rows(cx, "team_id", ids(&|_| true))?));
        }
        let shows_own_only = cx.closes(Hole::members_see_their_team) && !caller.sees_all();
        let whole = |team: &Team| !shows_own_only || administers(caller, Some(team));
        let (whole, part) = (ids(&whole), ids(&|team| !whole(team)));
        let of = |team_ids: &[String], user_id: Option<String>| KeyFilter {
            user_id,
            visible_to: Some(Visibility { team_ids: team_ids.to_vec(), ..Visibility::default() }),
            ..KeyFilter::default()
        };
        let own = caller.user_id.clone().filter(|_| !part.is_empty());
        let queries = [
            (!whole.is_empty()).then(|| page(of(&whole, None), OLDEST_FIRST)),
            own.map(|own| page(of(&part, Some(own)), OLDEST_FIRST)),
        ];
        cx.foresee(queries.iter().flatten().cloned());
        let mut held = Self::all(Vec::new());
        for query in queries.into_iter().flatten() {
            held.add(cx.ask(&query, VirtualKey::read)?);
        }
        // the key in use is its holder's to see, whoever owns it
        let in_use = caller.key.as_ref().filter(|key| !owns(caller, key));
        held.keys
            .extend(in_use.filter(|key| key.team_id.as_ref().is_some_and(|id| part.contains(id))).cloned());
        Ok(held)
    }

    /// The keys of a user.
    pub(crate) fn of_user(cx: &Context<'_>, user_id: &str) -> Result<Self, Halt> {
        if !cx.closes(Hole::keys_of_teams_and_users_are_bounded) || user_id.contains('\0') {
            return Ok(Self::all(lookup::rows(cx, "user_id", vec![user_id.to_owned()])?));
        }
        let filter = KeyFilter { user_id: Some(user_id.to_owned()), ..KeyFilter::default() };
        Self::read(cx, &page(filter, OLDEST_FIRST))
    }

    /// The keys with these tokens, in strict those that spent most first.
    pub(crate) fn named(cx: &Context<'_>, tokens: &[String]) -> Result<Self, Halt> {
        if tokens.is_empty() {
            return Ok(Self::all(Vec::new()));
        }
        let named = Visibility { tokens: tokens.to_vec(), ..Visibility::default() };
        let filter = KeyFilter { visible_to: Some(named), ..KeyFilter::default() };
        Self::read(cx, &page(filter, MOST_SPENT_FIRST))
    }

    /// The keys that have a budget.
    pub(crate) fn of_budget(cx: &Context<'_>, budget_id: &str) -> Result<Self, Halt> {
        let filter = KeyFilter { budget_id: Some(budget_id.to_owned()), ..KeyFilter::default() };
        Self::read(cx, &page(filter, OLDEST_FIRST))
    }

    /// The keys of everybody: in strict those that spent most, or the oldest.
    pub(crate) fn of_everybody(cx: &Context<'_>, by_spend: bool) -> Result<Self, Halt> {
        if !cx.closes(Hole::keys_of_teams_and_users_are_bounded) {
            return Ok(Self::all(cx.ask(&Query::All { table: table() }, VirtualKey::read)?.0));
        }
        let order = if by_spend { MOST_SPENT_FIRST } else { OLDEST_FIRST };
        Self::read(cx, &page(KeyFilter::default(), order))
    }

    fn read(cx: &Context<'_>, query: &Query) -> Result<Self, Halt> {
        let mut held = Self::all(Vec::new());
        held.add(cx.ask(query, VirtualKey::read)?);
        Ok(held)
    }

    fn add(&mut self, (keys, total): (Vec<VirtualKey>, u64)) {
        self.complete &= total <= MOST && !keys.iter().any(|key| key.told.is_cut);
        self.keys.extend(keys);
    }

    /// Says in `answer` if there are more keys, or more of some.
    pub(crate) fn mark(&self, answer: &mut Json) {
        if !self.complete {
            answer.set(INCOMPLETE, false.into());
        }
    }
}

/// A column and whether the largest come first.
type Order = (&'static str, bool);

const OLDEST_FIRST: Order = ("created_at", false);
const MOST_SPENT_FIRST: Order = ("spend", true);

fn page(filter: KeyFilter, (column, descending): Order) -> Query {
    let order = KeyOrder { column: column.into(), descending };
    Query::Keys { filter, order, offset: 0, limit: MOST, bytes: Some(BYTES) }
}

fn table() -> std::borrow::Cow<'static, str> {
    VirtualKey::NAME.into()
}
