//! The users that join or leave a team, as they are stored and as they will be.

use crate::context::{Context, Halt};
use crate::operations::changes::Changes;
use crate::operations::lookup;
use crate::operations::user;
use latchkey_contract::tables::{Millis, User};
use std::collections::BTreeMap;

/// Users that an operation changes.
#[derive(Debug, Default)]
pub(crate) struct People {
    rows: Vec<Person>,
    by_id: BTreeMap<String, usize>,
    by_email: BTreeMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Person {
    stored: Option<User>,
    wanted: User,
}

impl People {
    /// The users with these ids.
    pub(crate) fn read(cx: &Context<'_>, ids: Vec<String>) -> Result<Self, Halt> {
        let mut people = Self::default();
        people.add(lookup::rows(cx, "user_id", ids)?);
        Ok(people)
    }

    /// Adds stored rows that are not known yet.
    pub(crate) fn add(&mut self, rows: Vec<User>) {
        for row in rows {
            if !self.by_id.contains_key(&row.user_id) {
                self.push(Person { wanted: row.clone(), stored: Some(row) });
            }
        }
    }

    /// Adds a user who is not stored yet.
    pub(crate) fn create(&mut self, user: User) {
        self.push(Person { stored: None, wanted: user });
    }

    fn push(&mut self, person: Person) {
        let at = self.rows.len();
        self.by_id.entry(person.wanted.user_id.clone()).or_insert(at);
        if let Some(email) = &person.wanted.user_email {
            self.by_email.entry(email.to_lowercase()).or_default().push(at);
        }
        self.rows.push(person);
    }

    /// All of them.
    pub(crate) fn users(&self) -> impl Iterator<Item = &User> {
        self.rows.iter().map(|person| &person.wanted)
    }

    /// The user with this id.
    pub(crate) fn by_id(&self, user_id: &str) -> Option<&User> {
        self.by_id.get(user_id).and_then(|at| self.rows.get(*at)).map(|person| &person.wanted)
    }

    /// The users with this e-mail address.
    pub(crate) fn by_email(&self, cx: &Context<'_>, user_email: &str) -> Vec<&User> {
        let places = self.by_email.get(&user_email.to_lowercase()).into_iter().flatten();
        let users = places.filter_map(|at| self.rows.get(*at)).map(|person| &person.wanted);
        users.filter(|user| user::addresses::has(cx, user, user_email)).collect()
    }

    /// Changes the user with this id.
    pub(crate) fn change(&mut self, user_id: &str, now: Millis, change: impl FnOnce(&mut User)) {
        if let Some(person) = self.by_id.get(user_id).and_then(|at| self.rows.get_mut(*at)) {
            change(&mut person.wanted);
            person.wanted.updated_at = Some(now);
        }
    }

    /// Writes what changed.
    pub(crate) fn write(&self, changes: &mut Changes) {
        for Person { stored, wanted } in &self.rows {
            match stored {
                Some(stored) => changes.update(stored, wanted),
                None => changes.insert(wanted),
            }
        }
    }
}

/// A user without any settings.
pub(crate) fn blank(user_id: &str, now: Millis) -> User {
    User { user_id: user_id.to_owned(), created_at: Some(now), updated_at: Some(now), ..User::default() }
}
