//! Requests that make, replace, block and delete keys.

use super::model::request_model;
use super::{KeyFields, KeyType};
use latchkey_contract::json::Json;

request_model! {
    /// `POST /key/generate`
    #[derive(Default)]
    pub GenerateKeyRequest {
        extends fields: KeyFields;
        /// What the key is for; from this follow the routes it may call.
        key_type: recent KeyType,
    } listed values {
        /// The key itself, made up when absent.
        key: String,
        /// The budget the key belongs to.
        budget_id: String,
        /// Tags for tracking spend and routing.
        tags: Vec<String>,
        /// Parameters that every request must have.
        enforced_params: Vec<String>,
        /// Dollars from which on alerts are sent.
        soft_budget: f64,
        /// Whether the owner is told by e-mail.
        send_invite_email: bool,
    }
}

request_model! {
    /// `POST /key/{key}/regenerate`
    #[derive(Default)]
    pub(crate) RegenerateKeyRequest {
        extends fields: KeyFields, null by default ["spend", "metadata"];
        /// What the key is for; from this follow the routes it may call.
        key_type: recent KeyType,
    } listed values {
        /// The key, if it is not in the path.
        key: String,
        /// The budget the key belongs to.
        budget_id: String,
        /// Tags for tracking spend and routing.
        tags: Vec<String>,
        /// Parameters that every request must have.
        enforced_params: Vec<String>,
        /// Dollars from which on alerts are sent.
        soft_budget: f64,
        /// Whether the owner is told by e-mail.
        send_invite_email: bool,
    }
}

request_model! {
    /// `POST /key/{key}/regenerate` and `POST /key/regenerate` in profile strict
    #[derive(Default)]
    pub(crate) RotateKeyRequest {
        extends regenerate: RegenerateKeyRequest;
        /// How long the former secret goes on working: `30s`, `15m`, `12h`, `7d`.
        grace_period: optional String,
        /// The secret that the key is to have, in place of one that is made.
        new_key: optional String,
    }
}

request_model! {
    /// `POST /key/block` and `POST /key/unblock`
    pub(crate) BlockKeyRequest {
        /// The key, or its SHA-256 in hex.
        key: required String,
    }
}

request_model! {
    /// `POST /key/delete` and `POST /v2/key/info`
    #[derive(Default)]
    pub(crate) KeyRequest {
        before names_a_key;
        /// Keys, or their SHA-256 in hex.
        keys: optional Vec<String>,
        /// Aliases of keys.
        key_aliases: optional Vec<String>,
    }
}

fn names_a_key(input: &Json) -> Result<(), &'static str> {
    let names = |name| input.get(name).is_some_and(Json::is_truthy);
    if input.as_dict().is_none() || names("keys") || names("key_aliases") {
        Ok(())
    } else {
        Err("At least one of 'keys' or 'key_aliases' must be provided.")
    }
}
