//! What is wrong with the rows of a store, for an operator who looks at a database: damage, values that no request could
//! store any more, and names that lead nowhere. Nothing is decided by it.

use latchkey_contract::amounts::is_amount;
use latchkey_contract::duration::Duration;
use latchkey_contract::json::{Json, JsonText, Limits, Reader};
use latchkey_contract::tables::{
    AuditLog, Budget, Cells, DeletedKey, DeletedTeam, DeprecatedToken, FormerToken, ObjectPermission,
    Organization, OrganizationMembership, Project, Schema, Table, Team, TeamMembership, TeamModels, User,
    VirtualKey,
};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one finding that are named.
const NAMED: usize = 5;

/// A kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Finding {
    /// A row that the rules cannot read: whatever depends on it is refused.
    RowUnreadable,
    /// A token that is not a SHA-256 in lower-case hex: no secret leads to this key.
    TokenMalformed,
    /// An alias that several keys have.
    AliasShared,
    /// An amount or a limit below zero.
    AmountNegative,
    /// An amount that is not a finite number.
    AmountNotFinite,
    /// A duration that cannot be read.
    DurationMalformed,
    /// A key, user or member whose budget does not exist.
    BudgetUnknown,
    /// A key or member whose team does not exist.
    TeamUnknown,
    /// A key whose user does not exist.
    UserUnknown,
    /// A former token of a key that does not exist.
    GraceWithoutKey,
}

impl Finding {
    /// All of them, the worst first.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 10] = [
        Self::RowUnreadable,
        Self::TokenMalformed,
        Self::AliasShared,
        Self::AmountNegative,
        Self::AmountNotFinite,
        Self::DurationMalformed,
        Self::BudgetUnknown,
        Self::TeamUnknown,
        Self::UserUnknown,
        Self::GraceWithoutKey,
    ];

    /// The machine code.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::RowUnreadable => "row_unreadable",
            Self::TokenMalformed => "token_malformed",
            Self::AliasShared => "alias_shared",
            Self::AmountNegative => "amount_negative",
            Self::AmountNotFinite => "amount_not_finite",
            Self::DurationMalformed => "duration_malformed",
            Self::BudgetUnknown => "budget_unknown",
            Self::TeamUnknown => "team_unknown",
            Self::UserUnknown => "user_unknown",
            Self::GraceWithoutKey => "grace_without_key",
        }
    }

    /// What it means, in words.
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::RowUnreadable => "the rules cannot read the row and refuse what depends on it",
            Self::TokenMalformed => {
                "the token is no SHA-256 in lower-case hex, so that no secret leads to the key"
            }
            Self::AliasShared => "several keys have the alias; no further one will get it",
            Self::AmountNegative => "an amount or a limit is below zero",
            Self::AmountNotFinite => "an amount is no finite number, so that no spending ever exceeds it",
            Self::DurationMalformed => "the duration cannot be read",
            Self::BudgetUnknown => "the budget that is named does not exist",
            Self::TeamUnknown => "the team that is named does not exist",
            Self::UserUnknown => "the user that is named does not exist",
            Self::GraceWithoutKey => "a former token stands for a key that does not exist",
        }
    }

    /// Whether requests fail because of it.
    pub(crate) const fn is_error(self) -> bool {
        matches!(self, Self::RowUnreadable)
    }
}

/// How often something was found, and where first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// In how many rows.
    pub(crate) rows: u64,
    /// Some of them, as `table key: value`; tokens are hashes.
    pub(crate) examples: Vec<String>,
}

/// Looks at rows of all tables, in any order; it takes least memory if rows come after those they name.
#[derive(Debug, Default)]
pub(crate) struct Inspection {
    found: BTreeMap<Finding, Found>,
    /// Keys by alias.
    aliases: BTreeMap<String, u64>,
    /// What exists, by table.
    ids: BTreeMap<&'static str, BTreeSet<String>>,
    /// References to other rows: the place that names one, the finding if the row is missing, its table and its id.
    named: Vec<(String, Finding, &'static str, String)>,
}

impl Inspection {
    /// Looks at one row of `table`, as a store tells it.
    pub(crate) fn take(&mut self, table: &Schema, row: &Cells) {
        let text = |column: &str| row.get(column).and_then(|cell| cell.value().as_str().map(str::to_owned));
        let key =
            table.key.iter().map(|name| row.get(name).map(|cell| plain(&cell.value())).unwrap_or_default());
        let place = format!("{} {}", table.name, key.collect::<Vec<_>>().join(", "));
        if !is_readable(table.name, row) {
            self.note(Finding::RowUnreadable, place);
            return;
        }
        for column in table.columns.iter().filter(|column| is_amount(column.name)) {
            let value = row.get(column.name).map(JsonText::value);
            if value.as_ref().is_some_and(is_negative) {
                let shown = value.as_ref().map(plain).unwrap_or_default();
                self.note(Finding::AmountNegative, format!("{place}: `{}` is {shown}", column.name));
            }
        }
        if let Some(duration) = text("budget_duration").filter(|duration| Duration::parse(duration).is_err())
        {
            self.note(Finding::DurationMalformed, format!("{place}: `{duration}`"));
        }
        match table.name {
            VirtualKey::NAME => {
                let token = text("token").unwrap_or_default();
                if !is_token(&token) {
                    self.note(Finding::TokenMalformed, place.clone());
                }
                if let Some(alias) = text("key_alias") {
                    *self.aliases.entry(alias).or_default() += 1;
                }
                self.name(&place, Finding::TeamUnknown, Team::NAME, text("team_id"));
                self.name(&place, Finding::UserUnknown, User::NAME, text("user_id"));
                self.exists(VirtualKey::NAME, token);
            }
            TeamMembership::NAME => self.name(&place, Finding::TeamUnknown, Team::NAME, text("team_id")),
            Team::NAME => self.exists(Team::NAME, text("team_id").unwrap_or_default()),
            User::NAME => self.exists(User::NAME, text("user_id").unwrap_or_default()),
            Budget::NAME => self.exists(Budget::NAME, text("budget_id").unwrap_or_default()),
            FormerToken::NAME => {
                self.name(&place, Finding::GraceWithoutKey, VirtualKey::NAME, text("current"));
            }
            _ => {}
        }
        if table.name != Budget::NAME {
            self.name(&place, Finding::BudgetUnknown, Budget::NAME, text("budget_id"));
        }
    }

    /// Notes an amount that is not a finite number. Stores read such amounts as `null`, which means the same to the rules.
    pub(crate) fn not_finite(&mut self, table: &str, key: &str, column: &str) {
        self.note(Finding::AmountNotFinite, format!("{table} {key}: `{column}`"));
    }

    /// What was found, the worst first.
    pub(crate) fn end(mut self) -> Vec<(Finding, Found)> {
        for (alias, keys) in std::mem::take(&mut self.aliases) {
            if keys > 1 {
                self.note(Finding::AliasShared, format!("{keys} keys have `{alias}`"));
            }
        }
        for (place, finding, table, id) in std::mem::take(&mut self.named) {
            if !self.ids.get(table).is_some_and(|ids| ids.contains(&id)) {
                self.note(finding, format!("{place}: `{id}`"));
            }
        }
        self.found.into_iter().collect()
    }

    fn note(&mut self, finding: Finding, example: String) {
        let found = self.found.entry(finding).or_default();
        found.rows += 1;
        if found.examples.len() < NAMED {
            found.examples.push(example);
        }
    }

    fn exists(&mut self, table: &'static str, id: String) {
        self.ids.entry(table).or_default().insert(id);
    }

    /// An absent or empty id names nothing. What is known to exist need not be kept until the end.
    fn name(&mut self, place: &str, finding: Finding, table: &'static str, id: Option<String>) {
        let is_there = |id: &String| self.ids.get(table).is_some_and(|ids| ids.contains(id));
        if let Some(id) = id.filter(|id| !id.is_empty() && !is_there(id)) {
            self.named.push((place.to_owned(), finding, table, id));
        }
    }
}

/// Whether the rules can read the row.
fn is_readable(table: &str, row: &Cells) -> bool {
    fn can<T: Table>(text: &str) -> bool {
        T::read(&mut Reader::of_text(text, &Limits::STORED)).is_ok()
    }
    let mut text = String::new();
    row.write(&mut text);
    match table {
        VirtualKey::NAME => can::<VirtualKey>(&text),
        User::NAME => can::<User>(&text),
        Team::NAME => can::<Team>(&text),
        TeamMembership::NAME => can::<TeamMembership>(&text),
        TeamModels::NAME => can::<TeamModels>(&text),
        Budget::NAME => can::<Budget>(&text),
        AuditLog::NAME => can::<AuditLog>(&text),
        FormerToken::NAME => can::<FormerToken>(&text),
        DeprecatedToken::NAME => can::<DeprecatedToken>(&text),
        DeletedKey::NAME => can::<DeletedKey>(&text),
        DeletedTeam::NAME => can::<DeletedTeam>(&text),
        Project::NAME => can::<Project>(&text),
        Organization::NAME => can::<Organization>(&text),
        OrganizationMembership::NAME => can::<OrganizationMembership>(&text),
        ObjectPermission::NAME => can::<ObjectPermission>(&text),
        _ => false,
    }
}

fn is_negative(value: &Json) -> bool {
    match value {
        Json::Int(number) => *number < 0,
        Json::Float(number) => *number < 0.0,
        _ => false,
    }
}

fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| latchkey_contract::json::write(value), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Cells {
        Cells::read(&mut Reader::of_text(text, &Limits::STORED)).expect("a row")
    }

    fn found(rows: &[(Schema, &str)]) -> Vec<(Finding, u64)> {
        let mut inspection = Inspection::default();
        rows.iter().for_each(|(table, text)| inspection.take(table, &row(text)));
        inspection.end().into_iter().map(|(finding, found)| (finding, found.rows)).collect()
    }

    const TOKEN: &str = "00000000000000000000000000000000000000000000000000000000000000ff";

    #[test]
    fn rows_that_are_in_order_give_nothing() {
        let key = format!(r#"{{"token":"{TOKEN}","user_id":"u","team_id":"t","budget_id":"b","spend":0.5}}"#);
        let rows = [
            (VirtualKey::SCHEMA, key.as_str()),
            (User::SCHEMA, r#"{"user_id":"u","budget_duration":"30d"}"#),
            (Team::SCHEMA, r#"{"team_id":"t"}"#),
            (Budget::SCHEMA, r#"{"budget_id":"b","max_budget":0}"#),
        ];
        assert_eq!(found(&rows), []);
    }

    #[test]
    fn every_kind_of_finding_is_found() {
        let key = |token: &str, rest: &str| format!(r#"{{"token":"{token}","key_alias":"twin"{rest}}}"#);
        let (one, other) = (
            key(TOKEN, r#","team_id":"gone","user_id":"gone","budget_id":"gone","max_budget":-1.0"#),
            key("short", ""),
        );
        let former = r#"{"token":"a","current":"nobody","key_id":"a"}"#;
        let rows = [
            (VirtualKey::SCHEMA, one.as_str()),
            (VirtualKey::SCHEMA, other.as_str()),
            (Budget::SCHEMA, r#"{"budget_id":"b","budget_duration":"soon"}"#),
            (Team::SCHEMA, r#"{"team_id":7}"#),
            (FormerToken::SCHEMA, former),
        ];
        let mut inspection = Inspection::default();
        rows.iter().for_each(|(table, text)| inspection.take(table, &row(text)));
        inspection.not_finite(Budget::NAME, "b", "max_budget");
        let kinds: Vec<Finding> = inspection.end().into_iter().map(|(finding, _)| finding).collect();
        assert_eq!(kinds, Finding::ALL);
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter() {
        let key = format!(r#"{{"token":"{TOKEN}","user_id":"u"}}"#);
        let rows = [(User::SCHEMA, r#"{"user_id":"u"}"#), (VirtualKey::SCHEMA, key.as_str())];
        assert_eq!(found(&rows), found(&[rows[1], rows[0]]));
    }

    #[test]
    fn what_is_below_zero_is_told_with_its_value() {
        let mut inspection = Inspection::default();
        let mut cells = row(r#"{"budget_id":"b"}"#);
        cells.insert("tpm_limit".into(), JsonText::of(&Json::Int(-5)));
        inspection.take(&Budget::SCHEMA, &cells);
        let all = inspection.end();
        assert_eq!(all[0].1.examples, ["LiteLLM_BudgetTable b: `tpm_limit` is -5"]);
    }
}
