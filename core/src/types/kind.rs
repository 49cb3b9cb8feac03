//! What fields are, for descriptions of the interface.

use latchkey_contract::json::Json;

/// What a field holds, for descriptions of the interface.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Anything.
    Any,
    /// Text.
    Text,
    /// An integer of any size.
    Integer,
    /// A float.
    Number,
    /// true or false
    Boolean,
    /// A moment.
    Time,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An array.
    List(&'static Self),
    /// An object with any names.
    Dict(&'static Self),
    /// An object with these members.
    Model(&'static str, fn() -> Vec<FieldInfo>),
    /// One of these.
    AnyOf(&'static [Self]),
}

/// One field of a model, for descriptions of the interface.
#[derive(Debug, Clone, Copy)]
pub struct FieldInfo {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether `null` is allowed.
    pub nullable: bool,
    /// Whether it must be there.
    pub required: bool,
    /// Whether only profile strict knows it: it came to LiteLLM after release 1.60.8.
    pub recent: bool,
    /// What holds where it is absent.
    pub default: fn() -> Json,
    /// What it means.
    pub about: &'static str,
}
