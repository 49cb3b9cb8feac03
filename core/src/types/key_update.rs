//! The request that changes a key.

use super::KeyFields;
use super::model::request_model;
use crate::time::DateTime;

request_model! {
    /// `POST /key/update`
    pub UpdateKeyRequest {
        extends fields: KeyFields, null by default ["spend", "metadata"];
        after temporary_budget_is_whole;
        /// The key, or its SHA-256 in hex.
        key: required String,
        /// The budget the key belongs to.
        budget_id: optional String,
        /// Tags for tracking spend and routing.
        tags: optional Vec<String>,
        /// Parameters that every request must have.
        enforced_params: optional Vec<String>,
        /// Dollars from which on alerts are sent.
        soft_budget: recent f64,
        /// Dollars added to the budget for a time.
        temp_budget_increase: optional f64,
        /// When that time ends.
        temp_budget_expiry: optional DateTime,
    }
}

const fn temporary_budget_is_whole(request: &UpdateKeyRequest) -> Result<(), &'static str> {
    if request.temp_budget_increase.value().is_some() == request.temp_budget_expiry.value().is_some() {
        Ok(())
    } else {
        Err("temp_budget_increase and temp_budget_expiry must be set together")
    }
}
