//! The memberships that teams are shown with, each with its budget. Strict reads no more than fit into one answer.

use super::view;
use crate::caller::Caller;
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::operations::key;
use crate::operations::lookup;
use crate::rules::administers;
use latchkey_contract::json::Json;
use latchkey_contract::order::Names;
use latchkey_contract::tables::{Budget, Table, Team, TeamMembership};
use latchkey_contract::wire::Query;

/// Memberships in one answer.
const MOST: usize = 1_000;

/// Says in an answer that it does not have all memberships.
const COMPLETE: &str = "memberships_complete";

/// Memberships, and whether there are no others.
#[derive(Debug)]
pub(crate) struct Memberships {
    /// Oldest first.
    pub(crate) rows: Vec<TeamMembership>,
    complete: bool,
}

impl Memberships {
    /// Those of the team that the caller may see: all of them, or the own one. The reference looks for a user called `None`
    /// and finds no other.
    pub(crate) fn of_team(cx: &Context<'_>, caller: &Caller, team: &Team) -> Result<Self, Halt> {
        let team_ids = vec![team.team_id.clone()];
        if !cx.closes(Hole::member_budgets_are_found) {
            return Ok(Self::of_teams(cx, team_ids)?.only(|row| row.user_id == "None"));
        }
        if caller.sees_all() || administers(caller, Some(team)) {
            return Self::of_teams(cx, team_ids);
        }
        Self::of_user(cx, caller.user_id.as_deref().unwrap_or_default(), &team_ids)
    }

    /// Those in these teams.
    pub(crate) fn of_teams(cx: &Context<'_>, team_ids: Vec<String>) -> Result<Self, Halt> {
        if !cx.closes(Hole::memberships_of_teams_are_bounded) {
            return Ok(Self::all(lookup::rows(cx, "team_id", team_ids)?));
        }
        let query = Query::brief::<TeamMembership>("team_id", team_ids).up_to(MOST as u64 + 1);
        let (mut rows, _) = cx.ask(&query, TeamMembership::read)?;
        let complete = rows.len() <= MOST;
        rows.truncate(MOST);
        Ok(Self { rows, complete })
    }

    /// Those of a user in these teams.
    pub(crate) fn of_user(cx: &Context<'_>, user_id: &str, team_ids: &[String]) -> Result<Self, Halt> {
        let rows: Vec<TeamMembership> = lookup::rows(cx, "user_id", vec![user_id.to_owned()])?;
        let team_ids = Names::of(team_ids.iter());
        Ok(Self::all(rows.into_iter().filter(|row| team_ids.contains(&row.team_id))))
    }

    /// Those of them that are meant.
    pub(crate) fn only(mut self, is_meant: impl Fn(&TeamMembership) -> bool) -> Self {
        self.rows.retain(is_meant);
        self
    }

    fn all(rows: impl IntoIterator<Item = TeamMembership>) -> Self {
        Self { rows: rows.into_iter().collect(), complete: true }
    }

    /// Each with its budget.
    pub(crate) fn shown(&self, cx: &Context<'_>) -> Result<Vec<Json>, Halt> {
        let ids: Vec<String> = self.rows.iter().filter_map(|row| row.budget_id.clone()).collect();
        let budgets: Vec<Budget> = lookup::rows(cx, "budget_id", ids)?;
        let budgets = key::view::by_id(&budgets);
        let budget = |row: &TeamMembership| row.budget_id.as_deref().and_then(|id| budgets.get(id));
        Ok(self.rows.iter().map(|row| view::membership(cx.settings, row, budget(row))).collect())
    }

    /// Says in `answer` if there are more.
    pub(crate) fn mark(&self, answer: &mut Json) {
        if !self.complete {
            answer.set(COMPLETE, false.into());
        }
    }
}
