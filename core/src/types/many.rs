//! Requests about many keys, and about what a key has spent.

use super::coerce::{Dict, Dump, Value};
use super::model::request_model;
use super::{FieldInfo, Kind, Model as _, Problem, UpdateKeyRequest};
use latchkey_contract::json::Json;

/// What may be changed of many keys at once: neither whose they are, nor what they may call.
const UPDATABLE: &[&str] = &[
    "max_budget",
    "budget_id",
    "budget_duration",
    "budget_limits",
    "model_max_budget",
    "tpm_limit",
    "rpm_limit",
    "model_tpm_limit",
    "model_rpm_limit",
    "max_parallel_requests",
    "rpm_limit_type",
    "tpm_limit_type",
    "temp_budget_increase",
    "temp_budget_expiry",
    "duration",
    "tags",
    "metadata",
];

/// A number that no truth value stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlainNumber(pub(crate) f64);

impl Value for PlainNumber {
    const KIND: Kind = Kind::Number;

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        match input {
            Json::Bool(_) => Err(vec![Problem::rule("reset_to must be a number, not a boolean", input)]),
            _ => f64::read(input).map(Self),
        }
    }

    fn dump_as(&self, _how: Dump) -> Json {
        Json::Float(self.0)
    }
}

request_model! {
    /// `POST /key/{key}/reset_spend`
    pub(crate) ResetSpendRequest {
        /// What counts as spent from now on, no more than was spent.
        reset_to: required PlainNumber,
    }
}

request_model! {
    /// One key of `POST /key/bulk_update`, and what changes of it.
    pub(crate) BulkUpdateKeyRequestItem {
        /// The key, or its SHA-256 in hex.
        key: required String,
        /// The budget the key belongs to.
        budget_id: optional String,
        /// Dollars that may be spent.
        max_budget: optional f64,
        /// The team.
        team_id: optional String,
        /// Tags for tracking spend and routing.
        tags: optional Vec<String>,
    }
}

request_model! {
    /// `POST /key/bulk_update`
    pub(crate) BulkUpdateKeyRequest {
        /// The keys, each with what changes of it.
        keys: required Vec<BulkUpdateKeyRequestItem>,
    }
}

request_model! {
    /// `POST /team/key/bulk_update`
    pub(crate) BulkUpdateTeamKeysRequest {
        after names_keys;
        /// The team.
        team_id: required String,
        /// Keys of the team, or their SHA-256 in hex.
        key_ids: optional Vec<String>,
        /// Whether all keys of the team are meant.
        all_keys_in_team: plain bool = false,
        /// What changes of each key: budgets, limits, duration, tags, metadata.
        update_fields: required TeamKeysChange,
    }
}

/// What changes of each key: the fields that the request mentions, as `/key/update` reads them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TeamKeysChange(pub(crate) Json);

impl TeamKeysChange {
    fn fields() -> Vec<FieldInfo> {
        UpdateKeyRequest::fields().into_iter().filter(|field| UPDATABLE.contains(&field.name)).collect()
    }
}

impl Value for TeamKeysChange {
    const KIND: Kind = Kind::Model("BulkUpdateTeamKeysFields", Self::fields);

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        let asked = Dict::<Json>::read(input)?;
        let others = asked.0.iter().filter(|(name, _)| !UPDATABLE.contains(&name.as_str()));
        let problems: Vec<Problem> = others
            .map(|(name, value)| {
                Problem::new("extra_forbidden", "Extra inputs are not permitted", value).under(name.clone())
            })
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        if asked.0.is_empty() {
            let message = "update_fields must specify at least one field to update.";
            return Err(vec![Problem::rule(message, input)]);
        }
        let mut body = asked.into_json();
        // the model asks for the name of a key
        body.set("key", "".into());
        let set = UpdateKeyRequest::read_model(&body)?.into_set();
        Ok(Self(set.into_iter().filter(|(name, _)| *name != "key").collect::<Vec<_>>().into()))
    }

    fn dump_as(&self, _how: Dump) -> Json {
        self.0.clone()
    }
}

fn names_keys(request: &BulkUpdateTeamKeysRequest) -> Result<(), &'static str> {
    let some = request.key_ids.value().is_some_and(|ids| !ids.is_empty());
    match (some, request.all_keys_in_team.value() == Some(&true)) {
        (true, true) => Err("Provide either `key_ids` or `all_keys_in_team=True`, not both."),
        (false, false) => Err("Must provide either `key_ids` (non-empty) or `all_keys_in_team=True`."),
        _ => Ok(()),
    }
}
