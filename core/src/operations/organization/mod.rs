//! Operations on organizations and their members.

pub(crate) mod access;
pub(crate) mod delete;
pub(crate) mod info;
pub(crate) mod limits;
pub(crate) mod list;
pub(crate) mod member_add;
pub(crate) mod member_delete;
pub(crate) mod member_update;
pub(crate) mod new;
pub(crate) mod shown;
pub(crate) mod update;
pub(crate) mod view;
