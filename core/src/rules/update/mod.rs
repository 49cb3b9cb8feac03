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

pub use access::access;
pub use changes::changes;
pub use key_change::{ChangeRule, KeyChange};
pub use litellm::{REGENERATE_LITELLM, UPDATE_LITELLM};
pub use strict::UPDATE_STRICT;
