//! Where profile strict deviates from release 1.60.8: each deviation is one named rule. The start-up log of profile
//! `litellm-1.60` lists the names as open holes, and `core/DEVIATIONS.md` shows the whole table.
//!
//! A branch of the rules asks for the hole that it closes by its name: `closes(Hole::key_has_an_owner)`. A branch without a
//! name does not compile, since nothing else tells the profiles apart, nor does a row that no branch asks for.

/// One deviation.
#[derive(Debug, Clone, Copy)]
pub struct Deviation {
    /// Its name; a test of this name shows the hole in the one profile and the refusal in the other.
    pub name: &'static str,
    /// What release 1.60.8 does.
    pub litellm: &'static str,
    /// What strict does.
    pub strict: &'static str,
    /// Why.
    pub why: &'static str,
}

macro_rules! deviations {
    ($($name:ident: $litellm:literal, $strict:literal, $why:literal;)+) => {
        /// All deviations.
        pub const DEVIATIONS: &[Deviation] =
            &[$(Deviation { name: stringify!($name), litellm: $litellm, strict: $strict, why: $why }),+];

        /// Their names alone: who needs no more does not carry the texts.
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),+];

        /// A hole of release 1.60.8, by the name of the rule that closes it.
        #[allow(non_camel_case_types, reason = "a search for the name of a rule finds its branches")]
        #[deny(dead_code, reason = "a row that no branch asks for closes nothing")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Hole {
            $(#[doc = $litellm] $name),+
        }
    };
}

mod rows;

pub use rows::DEVIATIONS;
pub(crate) use rows::{Hole, NAMES};
