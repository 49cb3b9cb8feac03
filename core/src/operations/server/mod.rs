//! What the server says about itself: health, its API, the rules in force, and who changed what.

pub(crate) mod audit;
pub(crate) mod docs;
pub(crate) mod health_liveliness;
pub(crate) mod health_readiness;
pub(crate) mod openapi_json;
pub(crate) mod policy;
