//! The rules on changing a key that exists.

mod access;
mod bounds;
mod changes;
mod key_change;
mod litellm;
mod owner;
mod owner_limits;
mod ownership;
mod required;
mod strict;
mod team_move;
#[cfg(test)]
mod tests;

pub(crate) use access::access;
pub(crate) use changes::changes;
pub(crate) use key_change::ChangeRule;
pub use key_change::KeyChange;
pub(crate) use litellm::{REGENERATE_LITELLM, UPDATE_LITELLM};
pub use strict::UPDATE_STRICT;
