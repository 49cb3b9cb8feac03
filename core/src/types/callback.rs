//! A logging callback in a key's metadata.

use super::Dict;
use super::coerce::choice;
use super::model::request_model;
use latchkey_contract::json::Json;

choice! {
    /// Which calls are logged.
    CallbackType, listed as "'success', 'failure' or 'success_and_failure'" {
        /// Those that succeed.
        Success = "success",
        /// Those that fail.
        Failure = "failure",
        /// All.
        SuccessAndFailure = "success_and_failure",
    }
}

/// The variables a callback may have.
const VARIABLES: &[&str] = &[
    "langfuse_public_key",
    "langfuse_secret",
    "langfuse_secret_key",
    "langfuse_host",
    "gcs_bucket_name",
    "gcs_path_service_account",
    "langsmith_api_key",
    "langsmith_project",
    "langsmith_base_url",
    "humanloop_api_key",
    "turn_off_message_logging",
];

request_model! {
    /// One item of `metadata.logging` (`AddTeamCallback` of the reference).
    pub(crate) KeyCallback {
        before has_known_variables;
        /// Where the calls are logged.
        callback_name: required String,
        /// Which calls are logged.
        callback_type: optional CallbackType,
        /// The settings of the callback.
        callback_vars: required Dict,
    }
}

fn has_known_variables(input: &Json) -> Result<(), &'static str> {
    let variables = input.get("callback_vars").and_then(Json::as_dict).unwrap_or_default();
    if variables.iter().all(|(name, _)| VARIABLES.contains(&&**name)) {
        Ok(())
    } else {
        Err("Invalid callback variable")
    }
}
