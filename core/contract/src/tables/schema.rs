//! How a table is described, once for the rules and for every store.

/// What a column holds, in the terms of LiteLLM's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text without NUL.
    Text,
    /// A 32-bit integer.
    Int4,
    /// A 64-bit integer.
    Int8,
    /// A finite double.
    Float,
    /// true or false
    Bool,
    /// A moment, to the millisecond.
    Time,
    /// A JSON document.
    Json,
    /// A list of text.
    TextList,
}

impl ColumnType {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int4 => "int4",
            Self::Int8 => "int8",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Time => "time",
            Self::Json => "json",
            Self::TextList => "text_list",
        }
    }
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the rules and in the store.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether a store may lack it: LiteLLM's tables differ from release to release. A row of such a store has the
    /// default there.
    pub optional: bool,
}

/// Columns that are written beside every decision: what was spent, and when a row was last used and written. A row is still
/// the same when they differ.
pub const COUNTERS: [&str; 6] =
    ["spend", "total_spend", "model_spend", "soft_budget_cooldown", "last_active", "updated_at"];

/// Columns in which a new row has a value that says no more than an empty column: a key does not rotate, and calls are routed
/// as the settings say.
pub const PRESET: [&str; 2] = ["auto_rotate", "router_settings"];

/// Columns of keys that record who did what and when, and names. No rule reads them to limit a key, so a store may lack them
/// without granting anything.
pub const NOTES: [&str; 8] = [
    "key_type",
    "created_by",
    "updated_by",
    "settings_updated_at",
    "last_active",
    "total_spend",
    "last_rotation_at",
    "rotation_count",
];

impl Column {
    /// Whether it is one of [`COUNTERS`].
    pub fn is_counter(&self) -> bool {
        COUNTERS.contains(&self.name)
    }

    /// Whether it may hold text of any length: a document or a list.
    pub const fn is_document(&self) -> bool {
        matches!(self.kind, ColumnType::Json | ColumnType::TextList)
    }
}

/// One table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// Its name in the store.
    pub name: &'static str,
    /// The columns of its primary key, all text or one `Int8`.
    pub key: &'static [&'static str],
    /// Text columns that are looked up and therefore indexed.
    pub indexed: &'static [&'static str],
    /// All columns.
    pub columns: &'static [Column],
    /// Tables of LiteLLM's that no rule reads, and the column by which their rows go with a row of this one, where a
    /// store has them.
    pub dependents: &'static [(&'static str, &'static str)],
    /// Whether a store may lack the whole table.
    pub optional: bool,
}

impl Schema {
    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The columns that every store with this table has; of an optional table that is its key.
    pub fn needed(&self) -> impl Iterator<Item = &'static Column> {
        let (key, is_optional) = (self.key, self.optional);
        self.columns.iter().filter(
            move |column| {
                if is_optional { key.contains(&column.name) } else { !column.optional }
            },
        )
    }
}
