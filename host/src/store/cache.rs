//! Answers that were read a moment ago: callers and teams, which every request asks for.
//!
//! An answer counts until one of its rows is said to have changed, by this host or by another one, and no longer than
//! [`CEILING`]. While changes by others are not heard nothing is remembered. How they are heard is each store's own.

use super::Fact;
use super::tags::{Changed, Tag, tags_of};
use latchkey_contract::tables::{Table, Team};
use latchkey_contract::wire::{Query, Rows};
use quick_cache::Weighter;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How old an answer may become: a change that is not announced, as all of LiteLLM's, is seen after this time.
pub(super) const CEILING: Duration = Duration::from_secs(1);

/// Bytes of all answers together: some thousands, of which one may hold documents of many kilobytes.
const BYTES: u64 = 16 << 20;

/// What an answer takes beside its rows.
const OVERHEAD: u64 = 512;

/// Places where changes are noted. Rows that share one are forgotten together.
const PLACES: usize = 4096;

/// The remembered answers of one host.
#[derive(Debug)]
pub(super) struct Cache {
    answers: quick_cache::sync::Cache<Query, Arc<Remembered>, Size>,
    is_heard: AtomicBool,
    /// Counts the changes that this host knows of.
    count: AtomicU64,
    /// For each place the number of the last change there, and last that of a change of all.
    changes: Box<[AtomicU64]>,
}

#[derive(Debug)]
struct Remembered {
    rows: Rows,
    tags: Vec<Tag>,
    since: Since,
}

/// The size of an answer in bytes.
#[derive(Debug, Clone)]
struct Size;

impl Weighter<Query, Arc<Remembered>> for Size {
    fn weight(&self, _: &Query, answer: &Arc<Remembered>) -> u64 {
        OVERHEAD + answer.rows.as_str().len() as u64
    }
}

/// When a read began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Since {
    count: u64,
    at: Instant,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            answers: quick_cache::sync::Cache::with_weighter(4096, BYTES, Size),
            is_heard: AtomicBool::new(false),
            count: AtomicU64::new(0),
            changes: (0..=PLACES).map(|_| AtomicU64::new(0)).collect(),
        }
    }
}

impl Cache {
    /// Whether the answers to `query` are worth remembering.
    fn takes(query: &Query) -> bool {
        match query {
            Query::Caller { .. } => true,
            Query::Rows { table, column, values } => {
                table == Team::NAME && column == "team_id" && values.len() == 1
            }
            _ => false,
        }
    }

    /// To be asked for before rows are read that will be remembered.
    pub(super) fn now(&self) -> Since {
        Since { count: self.count.load(Ordering::SeqCst), at: Instant::now() }
    }

    /// The answers that are known, and the queries to which none is.
    pub(super) fn split(&self, queries: Vec<Query>) -> (Vec<Option<Fact>>, Vec<Query>) {
        let known: Vec<Option<Fact>> = queries.iter().map(|query| self.get(query)).collect();
        let unknown = queries.into_iter().zip(&known).filter(|(_, fact)| fact.is_none());
        let unknown = unknown.map(|(query, _)| query).collect();
        (known, unknown)
    }

    /// All answers in the order of the queries that were split; remembers those which were read `since` then.
    pub(super) fn complete(&self, known: Vec<Option<Fact>>, read: Vec<Fact>, since: Since) -> Vec<Fact> {
        for fact in &read {
            if let Some(tags) = tags_of(fact) {
                self.put(fact, tags, since);
            }
        }
        let mut read = read.into_iter();
        known.into_iter().filter_map(|fact| fact.or_else(|| read.next())).collect()
    }

    /// The answer to `query`, if it is known and none of its rows has changed.
    fn get(&self, query: &Query) -> Option<Fact> {
        if !Self::takes(query) || !self.is_heard() {
            return None;
        }
        let found = self.answers.get(query)?;
        let is_fresh = found.since.at.elapsed() < CEILING
            && self.last(PLACES) <= found.since.count
            && found.tags.iter().all(|tag| self.last(tag.place(PLACES)) <= found.since.count);
        is_fresh.then(|| Fact { query: query.clone(), rows: found.rows.clone(), total: None })
    }

    /// Remembers an answer whose rows have these tags and were read `since` then.
    fn put(&self, fact: &Fact, tags: Vec<Tag>, since: Since) {
        if self.is_heard() {
            let remembered = Remembered { rows: fact.rows.clone(), tags, since };
            self.answers.insert(fact.query.clone(), Arc::new(remembered));
        }
    }

    /// Forgets every answer with rows that have changed, also those that are being read just now.
    pub(super) fn drop_changed(&self, changed: &Changed) {
        let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        let note = |place: usize| {
            if let Some(last) = self.changes.get(place) {
                last.fetch_max(number, Ordering::SeqCst);
            }
        };
        match changed {
            Changed::Rows(tags) => tags.iter().for_each(|tag| note(tag.place(PLACES))),
            Changed::All => note(PLACES),
        }
    }

    /// Whether changes by other hosts are heard.
    pub(super) fn is_heard(&self) -> bool {
        self.is_heard.load(Ordering::SeqCst)
    }

    /// From now on changes by other hosts are heard; what they told before was not.
    pub(super) fn open(&self) {
        self.drop_changed(&Changed::All);
        self.is_heard.store(true, Ordering::SeqCst);
    }

    /// Changes by other hosts are not heard any more; gives whether they were.
    pub(super) fn close(&self) -> bool {
        self.is_heard.swap(false, Ordering::SeqCst)
    }

    fn last(&self, place: usize) -> u64 {
        self.changes.get(place).map_or(u64::MAX, |last| last.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::tables::{User, VirtualKey};

    fn caller(token: &str) -> Query {
        Query::Caller { token: token.to_owned() }
    }

    fn fact(token: &str) -> Fact {
        Fact { query: caller(token), rows: "[{}]".to_owned().into(), total: None }
    }

    fn tag(token: &str) -> Tag {
        Tag::row(VirtualKey::NAME, [token])
    }

    fn with(tokens: &[&str]) -> Cache {
        let cache = Cache::default();
        cache.open();
        for token in tokens {
            cache.put(&fact(token), vec![tag(token)], cache.now());
        }
        cache
    }

    #[test]
    fn an_answer_counts_until_one_of_its_rows_changes() {
        let cache = with(&["a", "b"]);
        cache.drop_changed(&Changed::Rows(vec![tag("a")]));
        assert_eq!(cache.get(&caller("a")), None);
        assert_eq!(cache.get(&caller("b")), Some(fact("b")));
        cache.drop_changed(&Changed::All);
        assert_eq!(cache.get(&caller("b")), None);
    }

    #[test]
    fn an_answer_read_before_a_change_is_not_remembered_after_it() {
        let cache = with(&[]);
        let before = cache.now();
        cache.drop_changed(&Changed::Rows(vec![tag("a")]));
        cache.put(&fact("a"), vec![tag("a")], before);
        assert_eq!(cache.get(&caller("a")), None);
        cache.put(&fact("a"), vec![tag("a")], cache.now());
        assert_eq!(cache.get(&caller("a")), Some(fact("a")));
    }

    #[test]
    fn an_answer_is_forgotten_at_the_ceiling_though_nobody_tells_of_a_change() {
        let cache = with(&[]);
        let since = |age| Since { at: Instant::now().checked_sub(age).unwrap(), ..cache.now() };
        cache.put(&fact("a"), vec![], since(CEILING));
        assert_eq!(cache.get(&caller("a")), None);
        cache.put(&fact("a"), vec![], since(CEILING / 2));
        assert_eq!(cache.get(&caller("a")), Some(fact("a")));
    }

    #[test]
    fn nothing_is_remembered_while_other_hosts_are_not_heard() {
        let cache = with(&["a"]);
        assert!(cache.close());
        assert_eq!(cache.get(&caller("a")), None);
        let between = cache.now();
        cache.put(&fact("b"), vec![], between);
        cache.open();
        cache.put(&fact("c"), vec![], between);
        for token in ["a", "b", "c"] {
            assert_eq!(cache.get(&caller(token)), None, "{token}");
        }
    }

    #[test]
    fn large_answers_make_room_for_each_other() {
        let cache = with(&[]);
        let count = 100;
        for number in 0..count {
            let fact = Fact { rows: "x".repeat(1 << 20).into(), ..fact(&number.to_string()) };
            cache.put(&fact, vec![], cache.now());
        }
        let kept = (0..count).filter(|number| cache.get(&caller(&number.to_string())).is_some()).count();
        assert!((1..=16).contains(&kept), "{kept}");
    }

    #[test]
    fn only_callers_and_single_teams_are_remembered() {
        assert!(Cache::takes(&caller("a")) && Cache::takes(&Query::one::<Team>("team_id", "t")));
        let two = Query::many::<Team>("team_id", vec![String::new(), String::new()]);
        assert!(!Cache::takes(&two) && !Cache::takes(&Query::one::<User>("user_id", "u")));
    }
}
