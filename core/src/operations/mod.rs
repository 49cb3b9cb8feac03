//! The operations: one file an endpoint, in the folder of what it works on.

mod archive;
mod budget;
mod changes;
pub(crate) mod custom_rule;
mod cut;
pub(crate) mod dry_run;
mod fields;
pub(crate) mod key;
mod listing;
mod lookup;
mod organization;
mod permission;
mod record;
mod routes;
mod server;
mod team;
mod user;

pub(crate) use key::block::former_secret;
pub(crate) use key::rotate;
pub(crate) use routes::ROUTES;
