//! The row that answers a query for a caller.

use crate::json::{ReadError, Reader};
use crate::tables::{Budget, Project, Table, Team, TeamMembership, TeamModels, User, VirtualKey};

/// The row that answers [`super::Query::Caller`]: a key and the rows its columns name.
#[derive(Debug, Clone)]
pub struct CallerRows {
    /// The key.
    pub key: VirtualKey,
    /// The row of its `user_id`.
    pub user: Option<User>,
    /// The row of its `team_id`.
    pub team: Option<Team>,
    /// The team's model aliases, the row of its `model_id`.
    pub team_models: Option<TeamModels>,
    /// The membership of its user in its team.
    pub membership: Option<TeamMembership>,
    /// The row of its `budget_id`.
    pub budget: Option<Budget>,
    /// The row of its `project_id`.
    pub project: Option<Project>,
}

impl CallerRows {
    /// Reads the row.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (mut key, mut user, mut team) = (None, None, None);
        let (mut team_models, mut membership, mut budget, mut project) = (None, None, None, None);
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            match &*name {
                "key" => key = read_row(reader)?,
                "user" => user = read_row(reader)?,
                "team" => team = read_row(reader)?,
                "team_models" => team_models = read_row(reader)?,
                "membership" => membership = read_row(reader)?,
                "budget" => budget = read_row(reader)?,
                "project" => project = read_row(reader)?,
                _ => reader.skip()?,
            }
        }
        match key {
            Some(key) => Ok(Self { key, user, team, team_models, membership, budget, project }),
            None => reader.fail(),
        }
    }
}

/// A row, or `null`.
fn read_row<T: Table>(reader: &mut Reader<'_>) -> Result<Option<T>, ReadError> {
    if reader.null()? { Ok(None) } else { T::read(reader).map(Some) }
}
