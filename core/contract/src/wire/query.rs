//! What the module asks of a store.

use super::message::message;
use super::{Condition, Items, Probe};
use crate::tables::Table;
use std::borrow::Cow;

message! {
    /// A question to the shell. The set is closed: a store can answer all of them and hide no rule.
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub enum Query {
        /// The key with this token (SHA-256 hex) and the rows it names; one row of [`super::CallerRows`], or none.
        "caller" => Caller {
            /// SHA-256 of the key, lower-case hex.
            token: String,
        },
        /// All rows of `table` in which `column` is one of `values`, oldest first.
        "rows" => Rows {
            /// The table's name.
            table: Cow<'static, str>,
            /// The primary key, of text or one number as its digits, or an indexed text column.
            column: Cow<'static, str>,
            /// Wanted values.
            values: Vec<String>,
        },
        /// The same rows without their lists and documents, each with `"cut": true`.
        "brief" => Brief {
            /// The table's name.
            table: Cow<'static, str>,
            /// As of [`Query::Rows`].
            column: Cow<'static, str>,
            /// Wanted values.
            values: Vec<String>,
            /// Rows at the most, oldest first; none where all are wanted.
            limit: Option<u64>,
        },
        /// All rows of `table`, oldest first.
        "all" => All {
            /// The table's name.
            table: Cow<'static, str>,
        },
        /// One page of a table, and how many rows match in all (`total` of the answer).
        "page" => Page {
            /// The table's name.
            table: Cow<'static, str>,
            /// Which rows: all conditions hold.
            rows: Vec<Condition>,
            /// Items of which the list of each row has one.
            having: Option<Items>,
            /// In which order.
            order: KeyOrder,
            /// Rows to pass over.
            offset: u64,
            /// Rows to return at the most.
            limit: u64,
            /// As of [`Query::Keys`].
            bytes: u64,
        },
        /// One page of keys, and how many match in all (`total` of the answer).
        "keys" => Keys {
            /// Which keys.
            filter: KeyFilter,
            /// In which order.
            order: KeyOrder,
            /// Rows to pass over.
            offset: u64,
            /// Rows to return at the most.
            limit: u64,
            /// Bytes of the lists and documents of all rows together. A row whose own take more than a quarter of them, or do
            /// not fit any more beside those of the rows before it, comes without lists and documents, and with `"cut": true`.
            /// None means that a row is its token alone.
            bytes: Option<u64>,
        },
        /// One page of the audit log, newest first (`updated_at`, then `id`), and how many rows match in all.
        "audit" => Audit {
            /// Which rows.
            filter: AuditFilter,
            /// Rows to pass over.
            offset: u64,
            /// Rows to return at the most.
            limit: u64,
        },
        /// What the operator's own rule says to `input`: one row of [`super::RuleAnswer`], or none where there is no rule. It is
        /// no question to the store.
        "custom_rule" => CustomRule {
            /// JSON text, without secrets.
            input: String,
        },
        /// What a request to elsewhere is answered with: one row of [`super::Probed`], or none from a shell that makes no
        /// such requests. It is no question to the store.
        "probe" => Probe(Probe),
    }
}

impl Query {
    /// Whether the store answers it.
    pub const fn is_for_store(&self) -> bool {
        !matches!(self, Self::CustomRule { .. } | Self::Probe { .. })
    }

    /// The rows of table `T` in which `column` is `value`.
    pub fn one<T: Table>(column: &'static str, value: &str) -> Self {
        Self::many::<T>(column, vec![value.to_owned()])
    }

    /// The rows of table `T` in which `column` is one of `values`.
    pub fn many<T: Table>(column: &'static str, values: Vec<String>) -> Self {
        Self::Rows { table: T::NAME.into(), column: column.into(), values }
    }

    /// The same without lists and documents.
    pub fn brief<T: Table>(column: &'static str, values: Vec<String>) -> Self {
        Self::Brief { table: T::NAME.into(), column: column.into(), values, limit: None }
    }

    /// So many of them at the most.
    #[must_use]
    pub fn up_to(mut self, most: u64) -> Self {
        if let Self::Brief { limit, .. } = &mut self {
            *limit = Some(most);
        }
        self
    }
}

message! {
    /// Which keys a listing wants: every member that is set must hold.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
    pub struct KeyFilter {
        /// Whether the keys are wanted that were deleted, as their archive has them, and not those that are there.
        pub archived: bool,
        /// Of deleted keys, those that were deleted at this moment (milliseconds) or after it.
        pub deleted_since: Option<i64>,
        /// Keys that rotate by themselves and were to do so at this moment (milliseconds) or before it.
        pub rotation_due: Option<i64>,
        /// The key's owner.
        pub user_id: Option<String>,
        /// The key's team.
        pub team_id: Option<String>,
        /// The key's alias.
        pub key_alias: Option<String>,
        /// The key's budget.
        pub budget_id: Option<String>,
        /// The key's token.
        pub token: Option<String>,
        /// The key's project.
        pub project_id: Option<String>,
        /// The key's agent.
        pub agent_id: Option<String>,
        /// The team of which no key is wanted.
        pub without_team: Option<String>,
        /// Token equal to this, or alias containing it in any case.
        pub search: Option<String>,
        /// A text that the alias contains in any case; an empty one is part of every alias that is not empty.
        pub alias_part: Option<String>,
        /// A text that the owner's id contains in any case.
        pub owner_part: Option<String>,
        /// Only keys the caller may see.
        pub visible_to: Option<Visibility>,
        /// Whether the key is blocked.
        pub blocked: Option<bool>,
        /// Whether the key has expired at this moment (milliseconds).
        pub expired: Option<(bool, i64)>,
    }
}

impl KeyFilter {
    /// The columns that must equal a text, and those texts.
    pub fn equal(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let columns = [
            ("user_id", &self.user_id),
            ("team_id", &self.team_id),
            ("key_alias", &self.key_alias),
            ("budget_id", &self.budget_id),
            ("token", &self.token),
            ("project_id", &self.project_id),
            ("agent_id", &self.agent_id),
        ];
        columns.into_iter().filter_map(|(column, value)| Some((column, value.as_deref()?)))
    }
}

message! {
    /// The keys a caller may see: their own, and those of some teams.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
    pub struct Visibility {
        /// Keys of this user.
        pub user_id: Option<String>,
        /// All keys of these teams.
        pub team_ids: Vec<String>,
        /// The keys with these tokens.
        pub tokens: Vec<String>,
    }
}

message! {
    /// An order of rows: a column, ties by the first column of the primary key.
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct KeyOrder {
        /// A column of the table.
        pub column: Cow<'static, str>,
        /// Largest first; absent values last either way.
        pub descending: bool,
    }
}

message! {
    /// Which rows of the audit log a listing wants: every member that is set must hold.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
    pub struct AuditFilter {
        /// The changed objects; none means all.
        pub object_ids: Vec<String>,
        /// Who changed it.
        pub changed_by: Option<String>,
        /// What was done.
        pub action: Option<String>,
        /// The table of the object.
        pub table_name: Option<String>,
        /// Changes at or after this moment (milliseconds).
        pub since: Option<i64>,
        /// Changes before this moment (milliseconds).
        pub until: Option<i64>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{of_text, to_text};

    fn read(text: &str) -> Result<Query, crate::json::ReadError> {
        of_text(text.as_bytes())
    }

    #[test]
    fn a_query_is_read_as_it_was_written() {
        let some = || Some("x\"".to_owned());
        let visible_to = Visibility { user_id: some(), team_ids: vec!["t".to_owned()], tokens: vec![] };
        let filter = KeyFilter {
            search: some(),
            visible_to: Some(visible_to),
            blocked: Some(false),
            expired: Some((true, -1)),
            ..KeyFilter::default()
        };
        let keys = |bytes| Query::Keys {
            filter: filter.clone(),
            order: KeyOrder { column: "spend".into(), descending: true },
            offset: 3,
            limit: u64::MAX,
            bytes,
        };
        let probe = Probe {
            method: "POST".to_owned(),
            url: "https://a".to_owned(),
            headers: vec![("b".to_owned(), "c".to_owned())],
            body: String::new(),
        };
        let audit = AuditFilter { action: some(), until: Some(5), ..AuditFilter::default() };
        for query in [
            Query::Caller { token: "é".to_owned() },
            Query::Rows { table: "a".into(), column: "b".into(), values: vec![String::new()] },
            Query::Brief { table: "a".into(), column: "b".into(), values: vec![], limit: Some(6) },
            Query::All { table: "a".into() },
            Query::Page {
                table: "a".into(),
                rows: vec![Condition::Contains { columns: vec!["b".into()], text: "c".to_owned() }],
                having: None,
                order: KeyOrder { column: "d".into(), descending: false },
                offset: 1,
                limit: 2,
                bytes: 7,
            },
            keys(Some(5)),
            keys(None),
            Query::Audit { filter: audit, offset: 0, limit: 1 },
            Query::CustomRule { input: "{}".to_owned() },
            Query::Probe(probe),
        ] {
            let text = to_text(&query);
            assert_eq!(read(&text).unwrap(), query, "{text}");
        }
    }

    #[test]
    fn a_query_with_a_member_of_another_is_refused() {
        assert!(read(r#"{"all":{"table":"a"}}"#).is_ok());
        assert!(read(r#"{"all":{"table":"a","values":[]}}"#).is_err());
        assert!(read(r#"{"all":{"table":"a"},"none":{}}"#).is_err());
        assert!(read(r#"{"none":{}}"#).is_err());
        assert!(read(r#"{"rows":{"table":"a","column":"b","values":[1]}}"#).is_err());
    }
}
