//! Decisions that are made once: the module is a pure function, so that the same request with the same facts gets the same
//! reply, if the module says that it depends neither on the moment nor on random bytes.
//!
//! The facts are read again each time; what is saved is the crossings. Requests are known by their hash alone, so that no
//! credential of theirs is kept; a reply stays here for a while as it was sent.

use crate::exchange::{Incoming, Outgoing};
use crate::store::Fact;
use latchkey_contract::wire::Query;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Bytes of all decisions together.
const BYTES: u64 = 16 << 20;

/// Decisions at the most, if they are short.
const COUNT: usize = 8192;

/// What a decision takes beside its texts.
const OVERHEAD: usize = 1024;

/// The hash of a request.
pub(crate) type Name = [u8; 32];

/// Decisions by the request that they were made for.
#[derive(Debug)]
pub(crate) struct Memo {
    decisions: Cache<Name, Arc<Decision>, Size>,
}

/// What was decided for a request.
#[derive(Debug)]
pub(crate) struct Decision {
    /// What the module asks before it knows anything.
    pub(crate) queries: Vec<Query>,
    /// The reply to the facts that it was made by, unless it holds for one moment only.
    pub(crate) reply: Option<(Vec<Fact>, Outgoing)>,
}

impl Decision {
    /// The reply, if these are the facts that it was made by.
    pub(crate) fn reply_to(&self, facts: &[Fact]) -> Option<Outgoing> {
        let (known, reply) = self.reply.as_ref()?;
        (known == facts).then(|| reply.clone())
    }
}

#[derive(Debug, Clone)]
struct Size;

impl Weighter<Name, Arc<Decision>> for Size {
    fn weight(&self, _: &Name, decision: &Arc<Decision>) -> u64 {
        let texts = decision.reply.as_ref().map_or(0, |(facts, reply)| {
            facts.iter().map(|fact| fact.rows.as_str().len()).sum::<usize>() + reply.body.len()
        });
        (OVERHEAD + texts) as u64
    }
}

impl Default for Memo {
    fn default() -> Self {
        Self { decisions: Cache::with_weighter(COUNT, BYTES, Size) }
    }
}

impl Memo {
    /// The name of a request that may be made again; one with a body hardly is.
    pub(crate) fn name(incoming: &Incoming) -> Option<Name> {
        if !incoming.body.is_empty() || incoming.task.is_some() {
            return None;
        }
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        [&incoming.method, &incoming.path, &incoming.query].into_iter().for_each(|text| add(text));
        for (name, value) in &incoming.headers {
            add(name);
            add(value);
        }
        Some(hash.finalize().into())
    }

    /// What was decided for the request called `name`.
    pub(crate) fn get(&self, name: &Name) -> Option<Arc<Decision>> {
        self.decisions.get(name)
    }

    /// Keeps what was decided.
    pub(crate) fn put(&self, name: Name, decision: Decision) {
        self.decisions.insert(name, Arc::new(decision));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn request(path: &str, query: &str, headers: &[(&str, &str)]) -> Incoming {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Incoming {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: Bytes::new(),
            task: None,
        }
    }

    #[test]
    fn requests_that_differ_anywhere_have_different_names() {
        let names = [
            request("/a", "bc", &[]),
            request("/ab", "c", &[]),
            request("/a", "", &[("b", "c")]),
            request("/a", "", &[("bc", "")]),
            request("/a", "", &[("b", ""), ("c", "")]),
        ];
        let mut names: Vec<_> = names.iter().map(Memo::name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 5);
        let with_body = Incoming { body: Bytes::from_static(b"x"), ..request("/a", "", &[]) };
        assert_eq!(Memo::name(&with_body), None);
    }

    #[test]
    fn a_reply_counts_for_the_facts_that_it_was_made_by() {
        let fact = |rows: &str| Fact {
            query: Query::All { table: "t".into() },
            rows: rows.to_owned().into(),
            total: None,
        };
        let reply = Outgoing { status: 200, ..Outgoing::default() };
        let decision = Decision { queries: vec![], reply: Some((vec![fact("[1]")], reply)) };
        assert_eq!(decision.reply_to(&[fact("[1]")]).map(|reply| reply.status), Some(200));
        assert!(decision.reply_to(&[fact("[2]")]).is_none() && decision.reply_to(&[]).is_none());
    }
}
