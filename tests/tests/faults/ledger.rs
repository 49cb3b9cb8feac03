//! What clients believe is stored, and what is.

use latchkey_tests::postgres::Cluster;
use latchkey_tests::scenario::sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// What a key holds. An update writes `limit` twice, as the limit and into the metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) limit: usize,
    pub(crate) blocked: bool,
}

/// A key by its alias, with every state it may be in: one, unless the answer to a change never came.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) key: String,
    pub(crate) alias: String,
    /// `None` is a key that does not exist.
    pub(crate) may_be: Vec<Option<Values>>,
    /// Whether it may have another secret than `key`.
    pub(crate) has_other_secret: bool,
    /// When it was blocked or unblocked last: other hosts may not know for a second.
    pub(crate) turned: Option<Instant>,
}

impl Known {
    /// Its state, if there is no doubt that it exists.
    pub(crate) fn values(&self) -> Option<&Values> {
        match self.may_be.as_slice() {
            [Some(values)] => Some(values),
            _ => None,
        }
    }
}

/// The keys of one client, which no other client changes.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) keys: Vec<Known>,
    /// Users whom it has added to the shared team, with whether they may be in it.
    pub(crate) members: Vec<(String, Vec<bool>)>,
}

impl Ledger {
    /// What is stored otherwise than it may be.
    pub(crate) fn differences(&self, stored: &Stored) -> Vec<String> {
        let mut out = Vec::new();
        for known in &self.keys {
            let found: Vec<_> = stored.keys.iter().filter(|key| key.alias == known.alias).collect();
            let state = match found.as_slice() {
                [] => None,
                [one] => Some(one.values.clone()),
                several => {
                    out.push(format!("{} keys have the alias `{}`", several.len(), known.alias));
                    continue;
                }
            };
            if !known.may_be.contains(&state) {
                out.push(format!("{known:?} is {state:?}"));
            }
            if !known.has_other_secret && found.iter().any(|key| key.token != sha256(&known.key)) {
                out.push(format!("{known:?} has another secret"));
            }
        }
        for (user_id, may_be) in &self.members {
            if !may_be.contains(&stored.members.contains(user_id)) {
                out.push(format!("`{user_id}` of the shared team may be {may_be:?} and is not"));
            }
        }
        out
    }
}

/// A key as it is stored.
#[derive(Debug)]
pub(crate) struct Key {
    token: String,
    alias: String,
    values: Values,
    /// The limit as the metadata have it.
    noted: usize,
}

/// What is stored.
#[derive(Debug)]
pub(crate) struct Stored {
    keys: Vec<Key>,
    /// The users in the list of the shared team.
    members: BTreeSet<String>,
    /// The users who have the shared team in theirs.
    joined: BTreeSet<String>,
    /// Actions of the audit log by the token they were about.
    actions: BTreeMap<String, BTreeSet<String>>,
}

impl Stored {
    /// Reads the database once the last transaction of a killed host has ended.
    pub(crate) fn read(cluster: &Cluster, database: &str) -> Self {
        let sql = |text: &str| cluster.sql(database, text).expect("rows");
        let busy = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'latchkey'";
        let deadline = Instant::now() + Duration::from_secs(30);
        while sql(busy) != "0" {
            assert!(Instant::now() < deadline, "sessions of killed hosts stay");
            std::thread::sleep(Duration::from_millis(20));
        }
        let keys = sql("SELECT token, key_alias, tpm_limit, metadata->>'limit', coalesce(blocked, false) \
                        FROM \"LiteLLM_VerificationToken\" WHERE key_alias IS NOT NULL");
        let number = |text: &str| text.parse().unwrap_or(usize::MAX);
        let keys = keys.lines().map(|line| match line.split('|').collect::<Vec<_>>().as_slice() {
            [token, alias, limit, noted, blocked] => Key {
                token: (*token).to_owned(),
                alias: (*alias).to_owned(),
                values: Values { limit: number(limit), blocked: *blocked == "t" },
                noted: number(noted),
            },
            _ => panic!("{line}"),
        });
        let keys = keys.collect();
        let names = |text: &str| sql(text).lines().map(str::to_owned).collect();
        let members = names(
            "SELECT m->>'user_id' FROM \"LiteLLM_TeamTable\", jsonb_array_elements(members_with_roles) AS m \
             WHERE team_id = 'shared' AND m->>'user_id' LIKE 'user %'",
        );
        let joined = names(
            "SELECT user_id FROM \"LiteLLM_UserTable\" WHERE 'shared' = ANY(teams) AND user_id LIKE 'user %'",
        );
        let mut actions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let log = "SELECT object_id, action, updated_values->>'token' FROM \"LiteLLM_AuditLog\"";
        for line in sql(log).lines() {
            let [object, action, token] = line.splitn(3, '|').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            actions.entry(object.to_owned()).or_default().insert(action.to_owned());
            if action == "regenerated" {
                actions.entry(token.to_owned()).or_default().insert("made of another".to_owned());
            }
        }
        Self { keys, members, joined, actions }
    }

    /// Changes of which a part is there: half of an update, a key without its row in the log, or a row without its key.
    pub(crate) fn halves(&self) -> Vec<String> {
        let mut out = Vec::new();
        for key in &self.keys {
            if key.noted != key.values.limit {
                out.push(format!("half of an update: {key:?}"));
            }
            let has = |action: &str| self.actions.get(&key.token).is_some_and(|all| all.contains(action));
            if !has("created") && !has("made of another") {
                out.push(format!("no row of the log is about {key:?}"));
            }
        }
        for user_id in self.members.symmetric_difference(&self.joined) {
            out.push(format!("half of a membership: `{user_id}`"));
        }
        let tokens: BTreeSet<&str> = self.keys.iter().map(|key| key.token.as_str()).collect();
        for (object, actions) in &self.actions {
            let is_gone = actions.contains("deleted") || actions.contains("regenerated");
            let came = actions.contains("created") || actions.contains("made of another");
            let is_key = object.len() == 64;
            if is_key && came && !is_gone && !tokens.contains(object.as_str()) {
                out.push(format!("the log has `{object}`, the store has not"));
            }
        }
        out
    }
}
