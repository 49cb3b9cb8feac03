//! Operations on teams and their members.

pub(crate) mod available;
pub(crate) mod block;
pub(crate) mod delete;
pub(crate) mod info;
pub(crate) mod join;
pub(crate) mod key_bulk_update;
pub(crate) mod list;
pub(crate) mod member_add;
pub(crate) mod member_budget;
pub(crate) mod member_delete;
pub(crate) mod member_update;
pub(crate) mod members;
pub(crate) mod memberships;
pub(crate) mod model_add;
pub(crate) mod model_delete;
pub(crate) mod models;
pub(crate) mod new;
pub(crate) mod organization;
pub(crate) mod patch;
pub(crate) mod people;
pub(crate) mod permissions_list;
pub(crate) mod permissions_update;
pub(crate) mod unblock;
pub(crate) mod update;
pub(crate) mod v2_list;
pub(crate) mod view;
