//! What `check` and `describe` are asked.

use super::caller;
use super::object::{only, row};
use crate::caller::Caller;
use crate::deviations::Hole;
use crate::error::Refusal;
use crate::members;
use crate::rules::{Known, allowed_routes};
use crate::settings::Settings;
use crate::types::Kind;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Millis, Team, VirtualKey};
use std::borrow::Cow;

/// A question.
#[derive(Debug)]
pub(crate) struct Input {
    /// The operation's name.
    pub(crate) operation: String,
    /// The body the request would have.
    pub(crate) request: Json,
    /// Who would ask.
    pub(crate) caller: Caller,
    /// The team in question; unknown if the input does not mention it.
    pub(crate) team: Known<Team>,
    /// The key the request is about.
    pub(crate) existing_key: Option<VirtualKey>,
    /// When.
    pub(crate) now: Millis,
}

/// What a question has.
const MEMBERS: &[&str] = &["operation", "request", "caller", "team", "existing_key", "now"];

impl Input {
    /// Reads a question. One with a member that nothing reads is not answered: what it says would not have been judged.
    pub(crate) fn read(input: &Json) -> Result<Self, String> {
        only(input, "", MEMBERS)?;
        let operation = input.get("operation").and_then(Json::as_str).ok_or("`operation` must be text")?;
        let now = match input.get("now") {
            None => 0,
            Some(Json::Int(now)) => *now,
            Some(_) => return Err("`now` must be whole milliseconds".to_owned()),
        };
        let team = match input.get("team") {
            None => Known::Unknown,
            Some(Json::Null) => Known::Absent,
            Some(team) => Known::Present(row(team, "team")?),
        };
        let existing_key = match input.get("existing_key") {
            None | Some(Json::Null) => None,
            Some(key) => Some(row(key, "existing_key")?),
        };
        Ok(Self {
            operation: operation.to_owned(),
            request: input.get("request").cloned().unwrap_or_else(Json::empty_dict),
            caller: caller::read(input.get("caller").unwrap_or(&Json::Null))?,
            team,
            existing_key,
            now: Millis(now),
        })
    }

    /// The team called `team_id`; unknown where the question names another team.
    pub(crate) fn team_if_called(&self, team_id: Option<&str>) -> Known<&Team> {
        match self.team.as_ref() {
            Known::Present(team) if Some(team.team_id.as_str()) != team_id => Known::Unknown,
            team => team,
        }
    }

    /// The body as the operations of the profile read it, whose model is `kind`, if the key in use may call the operation's route.
    pub(crate) fn judged(&self, settings: &Settings, kind: Kind) -> Result<Cow<'_, Json>, Refusal> {
        let bound = self.caller.key.as_ref().filter(|_| settings.closes(Hole::routes_of_a_key_bind_it));
        if let Some(key) = bound {
            allowed_routes::may_call(key, &format!("/{}", self.operation.replace('_', "/")))?;
        }
        members::judged(settings, &self.operation, kind, &self.request)
    }

    /// The team, if it is the one called `team_id`.
    pub(crate) fn team_called(&self, team_id: Option<&str>) -> Known<&Team> {
        match &self.team {
            Known::Unknown => Known::Unknown,
            Known::Present(team) if Some(team.team_id.as_str()) == team_id => Known::Present(team),
            Known::Present(_) | Known::Absent => Known::Absent,
        }
    }
}
