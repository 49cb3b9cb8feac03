//! Operations on virtual keys, one file each, and what they share.

mod alias;
pub(crate) mod aliases;
pub(crate) mod block;
pub(crate) mod bulk;
pub(crate) mod bulk_update;
pub(crate) mod change;
mod chosen;
pub(crate) mod count;
pub(crate) mod delete;
pub(crate) mod generate;
pub(crate) mod health;
pub(crate) mod held;
pub(crate) mod info;
pub(crate) mod issue;
pub(crate) mod list;
pub(crate) mod listing;
pub(crate) mod regenerate;
pub(crate) mod related;
pub(crate) mod reset_spend;
pub(crate) mod rotate;
pub(crate) mod rotation;
pub(crate) mod service_account_generate;
mod stamp;
pub(crate) mod unblock;
pub(crate) mod update;
pub(crate) mod v2_info;
pub(crate) mod view;
