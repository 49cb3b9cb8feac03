//! Looking up rows by what a request names. No stored text holds NUL, and not every store takes a question that does.

use crate::context::{Context, Halt};
use latchkey_contract::order::{Index, Names, distinct};
use latchkey_contract::tables::{Table, Team, VirtualKey};
use latchkey_contract::wire::{Items, KeyOrder, Query};

/// The row of table `T` in which `column` is `value`.
pub(super) fn row<T: Table>(cx: &Context<'_>, column: &'static str, value: &str) -> Result<Option<T>, Halt> {
    Ok(rows(cx, column, vec![value.to_owned()])?.into_iter().next())
}

/// The rows of table `T` in which `column` is one of `values`; asks nothing where there are none.
pub(super) fn rows<T: Table>(
    cx: &Context<'_>,
    column: &'static str,
    values: Vec<String>,
) -> Result<Vec<T>, Halt> {
    let wanted = askable(values);
    if wanted.is_empty() { Ok(Vec::new()) } else { cx.rows(column, wanted) }
}

/// The same rows without their lists and documents.
pub(super) fn brief<T: Table>(
    cx: &Context<'_>,
    column: &'static str,
    values: Vec<String>,
) -> Result<Vec<T>, Halt> {
    let wanted = askable(values);
    if wanted.is_empty() { Ok(Vec::new()) } else { cx.brief(column, wanted) }
}

/// The oldest rows of table `T`, those alone whose list has one of the items, so many at the most.
pub(super) fn oldest<T: Table>(having: Option<Items>, limit: u64, bytes: u64) -> Query {
    let order = KeyOrder { column: "created_at".into(), descending: false };
    Query::Page { table: T::NAME.into(), rows: Vec::new(), having, order, offset: 0, limit, bytes }
}

/// The values that may be asked for, each once.
fn askable(values: Vec<String>) -> Vec<String> {
    distinct(values.into_iter().filter(|value| !value.contains('\0')).collect())
}

/// Teams by their ids.
pub(super) type Teams<'a> = Index<'a, Team>;

/// The teams by their ids.
pub(super) fn by_id(teams: &[Team]) -> Teams<'_> {
    Index::of(teams.iter().map(|team| (team.team_id.as_str(), team)))
}

/// The key's team, if it is one of these.
pub(super) fn team_of<'a>(key: &VirtualKey, teams: &Teams<'a>) -> Option<&'a Team> {
    teams.get(key.team_id.as_deref()?)
}

/// The ids of the teams, each once.
pub(super) fn distinct_ids<'t>(teams: impl Iterator<Item = &'t Team>) -> Vec<String> {
    Names::of(teams.map(|team| &team.team_id)).to_vec()
}
