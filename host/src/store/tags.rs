//! Names for rows, short enough to be told to other hosts: which rows a commit changes, and which ones an answer depends on.

use super::Fact;
use latchkey_contract::tables::{
    Budget, Project, Schema, Table, Team, TeamMembership, TeamModels, User, VirtualKey,
};
use latchkey_contract::wire::{CallerRows, Condition, Guard, Query, Write};
use sha2::{Digest, Sha256};

/// Tags of one message at the most: PostgreSQL takes 8,000 bytes.
const TOLD: usize = 400;

/// How a message begins that names no rows.
const ALL: &str = "all";

/// The tables whose rows answers hold that are remembered.
const TABLES: [&Schema; 7] = [
    &VirtualKey::SCHEMA,
    &User::SCHEMA,
    &Team::SCHEMA,
    &TeamModels::SCHEMA,
    &TeamMembership::SCHEMA,
    &Budget::SCHEMA,
    &Project::SCHEMA,
];

/// A row by its table and its primary key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Tag(u64);

impl Tag {
    /// The row of `table` whose primary key has these values.
    pub(super) fn row<'a>(table: &str, key: impl IntoIterator<Item = &'a str>) -> Self {
        let mut digest = Sha256::new().chain_update(table);
        for value in key {
            digest.update("\0");
            digest.update(value);
        }
        Self(digest.finalize().iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }

    /// One of `count` places for it.
    pub(super) const fn place(self, count: usize) -> usize {
        (self.0 % count as u64) as usize
    }
}

/// Rows that have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Changed {
    /// These; perhaps none.
    Rows(Vec<Tag>),
    /// More than can be named.
    All,
}

impl Changed {
    /// The rows that `writes` change, among those that answers are remembered for. New keys are none of them: an answer is
    /// remembered only where there is a key.
    pub(super) fn by(writes: &[Write]) -> Self {
        let mut tags = Vec::new();
        for write in writes {
            match write {
                Write::Insert { table: name, row, .. } => {
                    let Some(table) = remembered(name).filter(|table| table.name != VirtualKey::NAME) else {
                        continue;
                    };
                    let values =
                        table.key.iter().map(|column| row.get(column).map(|cell| plain(cell.as_str())));
                    match values.collect::<Option<Vec<_>>>() {
                        Some(key) => tags.push(Tag::row(table.name, key.iter().map(String::as_str))),
                        None => return Self::All,
                    }
                }
                Write::Update { table, key, .. } => {
                    if remembered(table).is_some() {
                        tags.push(Tag::row(table, key.iter().map(String::as_str)));
                    }
                }
                Write::Delete { table, rows, .. } => match (remembered(table), rows.as_slice()) {
                    (Some(schema), [Condition::In { column, values }])
                        if *schema.key == [column.as_ref()] =>
                    {
                        tags.extend(values.iter().map(|value| Tag::row(table, [value.as_str()])));
                    }
                    (Some(_), _) => return Self::All,
                    (None, _) => {}
                },
                // copies go where nothing is remembered
                Write::Copy { .. } => {}
                Write::Change { table, .. } => {
                    if remembered(table).is_some() {
                        return Self::All;
                    }
                }
            }
        }
        Self::of(tags)
    }

    /// The rows that a refused commit was about: they are not as they were believed to be.
    pub(super) fn around(writes: &[Write], guards: &[Guard]) -> Self {
        let Self::Rows(mut tags) = Self::by(writes) else { return Self::All };
        for guard in guards {
            if let Guard::Same { table, key, .. } | Guard::Present { table, key } = guard {
                tags.push(Tag::row(table, key.iter().map(String::as_str)));
            }
        }
        Self::of(tags)
    }

    fn of(mut tags: Vec<Tag>) -> Self {
        tags.sort_unstable();
        tags.dedup();
        if tags.len() > TOLD { Self::All } else { Self::Rows(tags) }
    }

    /// What other hosts are told; nothing if nothing has changed.
    pub(super) fn message(&self) -> Option<String> {
        match self {
            Self::All => Some(ALL.to_owned()),
            Self::Rows(tags) if tags.is_empty() => None,
            Self::Rows(tags) => {
                Some(tags.iter().map(|tag| format!("{:016x}", tag.0)).collect::<Vec<_>>().join(","))
            }
        }
    }

    /// Reads what another host has told. What it says in other words may mean any row.
    pub(super) fn told(message: &str) -> Self {
        let tags = message.split(',').map(|text| u64::from_str_radix(text, 16).map(Tag));
        tags.collect::<Result<Vec<_>, _>>().map_or(Self::All, Self::Rows)
    }
}

/// The table, if answers that hold its rows are remembered.
fn remembered(name: &str) -> Option<&'static Schema> {
    TABLES.into_iter().find(|schema| schema.name == name)
}

/// The rows that an answer depends on, if it is one to remember: one that holds a row, since a row that is not there yet has
/// no name by which to tell that it came.
pub(super) fn tags_of(fact: &Fact) -> Option<Vec<Tag>> {
    match &fact.query {
        Query::Caller { .. } => {
            let rows = fact.rows.all(CallerRows::read)?;
            rows.first().map(of_caller)
        }
        Query::Rows { table, values, .. } if !fact.rows.is_empty() => {
            Some(vec![Tag::row(table, values.iter().map(String::as_str))])
        }
        _ => None,
    }
}

/// The rows of a caller by what names them, also those that are not there yet.
fn of_caller(rows: &CallerRows) -> Vec<Tag> {
    let CallerRows { key, team, .. } = rows;
    let mut tags = vec![Tag::row(VirtualKey::NAME, [key.token.as_str()])];
    let mut add = |table, key: &[Option<&str>]| {
        if let Some(key) = key.iter().copied().collect::<Option<Vec<&str>>>() {
            tags.push(Tag::row(table, key));
        }
    };
    let (user_id, team_id) = (key.user_id.as_deref(), key.team_id.as_deref());
    let model_id = team.as_ref().and_then(|team| team.model_id).map(|id| id.to_string());
    add(User::NAME, &[user_id]);
    add(Team::NAME, &[team_id]);
    add(TeamModels::NAME, &[model_id.as_deref()]);
    add(TeamMembership::NAME, &[user_id, team_id]);
    add(Budget::NAME, &[key.budget_id.as_deref()]);
    add(Project::NAME, &[key.project_id.as_deref()]);
    tags
}

/// The text of a cell of a primary key: text, or a number as its digits.
fn plain(cell: &str) -> String {
    serde_json::from_str(cell).unwrap_or_else(|_| cell.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::AuditLog;
    use latchkey_contract::wire::{changed, insert, present};

    fn key(token: &str) -> VirtualKey {
        VirtualKey { token: token.to_owned(), ..VirtualKey::default() }
    }

    fn user(user_id: &str) -> User {
        User { user_id: user_id.to_owned(), ..User::default() }
    }

    #[test]
    fn a_change_names_the_rows_that_answers_depend_on() {
        let block = changed(&key("t"), &VirtualKey { blocked: Some(true), ..key("t") }).unwrap();
        let member =
            TeamMembership { user_id: "u".to_owned(), team_id: "x".to_owned(), ..TeamMembership::default() };
        let models = TeamModels { id: 7, ..TeamModels::default() };
        let writes = [block, insert(&user("u\"")), insert(&member), insert(&models), insert(&key("new"))];
        let mut wanted = vec![
            Tag::row(VirtualKey::NAME, ["t"]),
            Tag::row(User::NAME, ["u\""]),
            Tag::row(TeamMembership::NAME, ["u", "x"]),
            Tag::row(TeamModels::NAME, ["7"]),
        ];
        wanted.sort_unstable();
        assert_eq!(Changed::by(&writes), Changed::Rows(wanted));
    }

    #[test]
    fn an_answer_depends_on_rows_that_may_come_too() {
        let fact = |query, rows: String| Fact { query, rows: rows.into(), total: None };
        let key = VirtualKey { user_id: Some("u".to_owned()), team_id: Some("x".to_owned()), ..key("t") };
        let Write::Insert { row, .. } = insert(&key) else { panic!("no insert") };
        let mut text = String::new();
        row.write(&mut text);
        let rows = format!("[{{\"key\":{text},\"user\":null,\"team\":null}}]");
        let caller = || Query::Caller { token: "t".to_owned() };
        let mut found = tags_of(&fact(caller(), rows)).unwrap();
        let mut wanted = vec![
            Tag::row(VirtualKey::NAME, ["t"]),
            Tag::row(User::NAME, ["u"]),
            Tag::row(Team::NAME, ["x"]),
            Tag::row(TeamMembership::NAME, ["u", "x"]),
        ];
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted);
        let team = || Query::one::<Team>("team_id", "x");
        assert_eq!(tags_of(&fact(team(), "[{}]".to_owned())), Some(vec![Tag::row(Team::NAME, ["x"])]));
        for query in [caller(), team()] {
            assert_eq!(tags_of(&fact(query, "[]".to_owned())), None);
        }
    }

    #[test]
    fn new_keys_and_audit_rows_are_told_to_nobody() {
        let writes = [insert(&key("new")), insert(&AuditLog::default())];
        assert_eq!(Changed::by(&writes).message(), None);
    }

    #[test]
    fn rows_that_go_by_another_column_than_their_key_may_be_any() {
        let delete = |column: &'static str| Write::delete::<VirtualKey>(column, "x");
        assert_eq!(Changed::by(&[delete("token")]), Changed::Rows(vec![Tag::row(VirtualKey::NAME, ["x"])]));
        assert_eq!(Changed::by(&[delete("team_id")]), Changed::All);
    }

    #[test]
    fn a_refusal_concerns_the_rows_of_the_guards_too() {
        let guard = present::<Team>("x");
        assert_eq!(Changed::around(&[], &[guard]), Changed::Rows(vec![Tag::row(Team::NAME, ["x"])]));
    }

    #[test]
    fn a_message_is_understood_and_one_in_other_words_means_all() {
        let one = Changed::Rows(vec![Tag::row(Budget::NAME, ["b"]), Tag(7)]);
        assert_eq!(Changed::told(&one.message().unwrap()), one);
        assert_eq!(Changed::told(&Changed::All.message().unwrap()), Changed::All);
        assert_eq!(Changed::told("of a later release"), Changed::All);
        let many: Vec<Write> = (0..500).map(|number| insert(&user(&number.to_string()))).collect();
        assert_eq!(Changed::by(&many), Changed::All);
        let most: Vec<Write> = (0..TOLD).map(|number| insert(&user(&number.to_string()))).collect();
        assert!(Changed::by(&most).message().unwrap().len() < 8000);
    }
}
