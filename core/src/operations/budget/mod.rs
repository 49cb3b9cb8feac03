//! Operations on budgets.

pub(crate) mod delete;
pub(crate) mod info;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod update;
