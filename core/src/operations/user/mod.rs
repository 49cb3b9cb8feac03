//! Operations on users.

pub(crate) mod addresses;
pub(crate) mod defaults;
pub(crate) mod delete;
pub(crate) mod filter_ui;
pub(crate) mod info;
pub(crate) mod joins;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod update;
pub(crate) mod v2_info;
pub(crate) mod view;
