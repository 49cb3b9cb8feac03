//! What an operation sees of the world: the call, the settings, and the facts the shell brought.
//!
//! A fact that is not there yet is not an error: the query is noted, and `?` leaves with [`Halt::Missing`]; the shell
//! answers all noted queries and calls again.

use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal};
use crate::http::headers::Headers;
use crate::settings::Settings;
use crate::verdict::{Said, Verdict, decided};
use latchkey_contract::json::{Json, ReadError, Reader};
use latchkey_contract::mint;
use latchkey_contract::tables::{AuditLog, DeprecatedToken, FormerToken, Millis, Misfit, Table, VirtualKey};
use latchkey_contract::wire::{Call, CallerRows, Fact, Facts, Query, Refused, Write};
use sha2::{Digest, Sha256};
use std::cell::{Cell, RefCell};

/// How a row of an answer is read.
pub(crate) type ReadRow<T> = fn(&mut Reader<'_>) -> Result<T, ReadError>;

/// Why an operation stopped before its end.
#[derive(Debug)]
pub(crate) enum Halt {
    /// Facts are missing; the queries are noted in the context.
    Missing,
    /// The body is needed, and has not been read yet; it is that of a sender, where that is known.
    BodyComing(Option<String>),
    /// The request is refused.
    Refused(Box<Refusal>),
    /// All rules of a dry run have spoken, and some refuse: what they said is noted in the context.
    Judged,
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Misfit> for Halt {
    fn from(misfit: Misfit) -> Self {
        Refusal::from(misfit).into()
    }
}

/// The context of one call.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    call: &'a Call,
    /// The body's bytes.
    pub body: &'a [u8],
    /// The settings in force.
    pub settings: &'a Settings,
    missing: RefCell<Vec<Query>>,
    /// Random bytes given out.
    drawn: Cell<usize>,
    /// Whether the moment of the call was asked for.
    is_timed: Cell<bool>,
    /// In a dry run, what the rules have said so far.
    verdict: RefCell<Option<Verdict>>,
}

impl<'a> Context<'a> {
    /// The context of `call`.
    pub(crate) const fn new(call: &'a Call, body: &'a [u8], settings: &'a Settings) -> Self {
        Self {
            call,
            body,
            settings,
            missing: RefCell::new(Vec::new()),
            drawn: Cell::new(0),
            is_timed: Cell::new(false),
            verdict: RefCell::new(None),
        }
    }

    /// From here on the request is a dry run: what rules refuse is noted, and the operation goes on.
    pub(crate) fn begin_dry_run(&self) {
        *self.verdict.borrow_mut() = Some(Verdict::default());
    }

    /// What the rules of a dry run have said.
    pub(crate) fn end_dry_run(&self) -> Verdict {
        self.verdict.take().unwrap_or_default()
    }

    /// Adds to the verdict of a dry run.
    pub(crate) fn conclude(&self, add: impl FnOnce(&mut Verdict)) {
        if let Some(verdict) = self.verdict.borrow_mut().as_mut() {
            add(verdict);
        }
    }

    /// What the rule called `rule` said. A refusal ends the operation; in a dry run it is noted, and the operation goes on.
    pub(crate) fn judge(&self, rule: &str, said: Said) -> Result<(), Refusal> {
        self.judge_as(rule, said, |refusal| refusal)
    }

    /// What a rule said whose refusals the operation wraps, see [`Self::judge`].
    pub(crate) fn judge_as(
        &self,
        rule: &str,
        said: Said,
        wrap: impl Fn(Refusal) -> Refusal,
    ) -> Result<(), Refusal> {
        match self.verdict.borrow_mut().as_mut() {
            Some(verdict) => {
                verdict.heard(rule, said.map_err(wrap));
                Ok(())
            }
            None => decided(rule, said).map_err(wrap),
        }
    }

    /// Ends a dry run of which some rule has refused the request, before anything is made of it.
    pub(crate) fn settled(&self) -> Result<(), Halt> {
        match self.verdict.borrow().as_ref() {
            Some(verdict) if !verdict.is_allowed() => Err(Halt::Judged),
            _ => Ok(()),
        }
    }

    /// The moment of the call.
    pub(crate) fn now(&self) -> Millis {
        self.is_timed.set(true);
        Millis(self.call.now)
    }

    /// Whether all that was decided so far follows from the request and the facts alone: neither the moment of the call nor
    /// random bytes were asked for, and no commit was refused before.
    pub(crate) const fn is_lasting(&self) -> bool {
        self.drawn.get() == 0 && !self.is_timed.get() && self.call.refused.is_none()
    }

    /// The first header called `name` (in lower case), one of [`crate::http::headers::OF_REQUESTS`].
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        self.call.header(name)
    }

    /// All headers, names in lower case.
    pub(crate) fn headers(&self) -> &'a [(String, String)] {
        &self.call.headers
    }

    /// What follows the `?` of the target, still encoded.
    pub(crate) fn query(&self) -> &'a str {
        &self.call.query
    }

    /// All answers that the shell has brought.
    pub(crate) const fn facts(&self) -> &'a Facts {
        &self.call.facts
    }

    /// Whether the body has not been read yet.
    pub(crate) const fn body_coming(&self) -> bool {
        self.call.body_coming
    }

    /// How the store refused what was decided before.
    pub(crate) const fn refused(&self) -> Option<&'a Refused> {
        self.call.refused.as_ref()
    }

    /// Whether this hole of the reference is closed.
    pub(crate) const fn closes(&self, hole: Hole) -> bool {
        self.settings.closes(hole)
    }

    /// How an operation wraps its refusals: in `litellm-1.60` as the reference's endpoint does, in strict so that type and
    /// parameter fit.
    pub(crate) fn wrapping(&self, reference: fn(Refusal) -> Refusal) -> fn(Refusal) -> Refusal {
        if self.closes(Hole::refusals_fit) { Refusal::fitting } else { reference }
    }

    /// Notes queries whose answers will be needed, so that one crossing fetches them all.
    pub(crate) fn foresee(&self, queries: impl IntoIterator<Item = Query>) {
        for query in queries {
            if self.call.facts.answer(&query).is_none() {
                self.note(query);
            }
        }
    }

    fn note(&self, query: Query) {
        let mut missing = self.missing.borrow_mut();
        if !missing.contains(&query) {
            missing.push(query);
        }
    }

    /// The queries noted so far.
    pub(crate) fn missing(&self) -> Vec<Query> {
        self.missing.take()
    }

    /// The answer to `query`, or leaves to ask it.
    pub(crate) fn answer(&self, query: &Query) -> Result<&'a Fact, Halt> {
        self.call.facts.answer(query).ok_or_else(|| {
            self.note(query.clone());
            Halt::Missing
        })
    }

    /// The answer to `query`: its rows and, for a page, the number of all. The reference's profile passes over rows that
    /// cannot be read; in strict nothing is decided without them.
    pub(crate) fn ask<T>(&self, query: &Query, read: ReadRow<T>) -> Result<(Vec<T>, u64), Halt> {
        let answer = self.answer(query)?;
        let mut rows = Vec::new();
        let unread = answer.rows.each(&mut |reader| {
            rows.push(read(reader)?);
            Ok(())
        });
        if unread != Ok(0) && self.closes(Hole::damaged_rows_decide_nothing) {
            return Err(unreadable(query).into());
        }
        Ok((rows, answer.total.unwrap_or_default()))
    }

    /// The rows of table `T` in which `column` is one of `values`, oldest first.
    pub(crate) fn rows<T: Table>(&self, column: &'static str, values: Vec<String>) -> Result<Vec<T>, Halt> {
        Ok(self.ask(&Query::many::<T>(column, values), T::read)?.0)
    }

    /// The same rows without their lists and documents.
    pub(crate) fn brief<T: Table>(&self, column: &'static str, values: Vec<String>) -> Result<Vec<T>, Halt> {
        Ok(self.ask(&Query::brief::<T>(column, values), T::read)?.0)
    }

    /// The oldest row of table `T` in which `column` is `value`.
    pub(crate) fn row<T: Table>(&self, column: &'static str, value: &str) -> Result<Option<T>, Halt> {
        Ok(self.rows(column, vec![value.to_owned()])?.into_iter().next())
    }

    /// The key with this token and the rows it names.
    pub(crate) fn caller_rows(&self, token: &str) -> Result<Option<CallerRows>, Halt> {
        Ok(self.ask(&Query::Caller { token: token.to_owned() }, CallerRows::read)?.0.into_iter().next())
    }

    /// The key with this token and the rows it names; in strict also the key that had the token before it was
    /// regenerated, while that grants grace.
    pub(crate) fn holder(&self, token: &str) -> Result<Option<CallerRows>, Halt> {
        if let Some(rows) = self.caller_rows(token)? {
            return Ok(Some(rows));
        }
        if !self.closes(Hole::regenerated_keys_keep_their_id) {
            return Ok(None);
        }
        match self.successor(token)? {
            Some(current) => self.caller_rows(&current),
            None => Ok(None),
        }
    }

    /// The token of the key that had this one before it was regenerated, here or by LiteLLM, while that grants grace.
    fn successor(&self, token: &str) -> Result<Option<String>, Halt> {
        self.foresee(former_queries(token));
        if let Some(former) = self.row::<FormerToken>("token", token)? {
            return Ok(former.works(self.now()).then_some(former.current));
        }
        if !self.closes(Hole::graces_of_litellm_count) {
            return Ok(None);
        }
        let deprecated: Option<DeprecatedToken> = self.row("token", token)?;
        Ok(deprecated.filter(|row| row.revoke_at > self.now()).map(|row| row.active_token_id))
    }

    /// The next `N` random bytes of this call; the same for every crossing of one request. They are the shell's own as far
    /// as those go, and hashes of them after that.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let from = self.drawn.get();
        self.drawn.set(from.saturating_add(N));
        let mut out = [0; N];
        let mut own = self.call.entropy.as_bytes().chunks_exact(2).skip(from);
        let is_filled = out.iter_mut().all(|byte| match own.next().and_then(mint::unhex_byte) {
            Some(value) => {
                *byte = value;
                true
            }
            None => false,
        });
        if !is_filled {
            for (number, chunk) in out.chunks_mut(32).enumerate() {
                let place = (from as u64).wrapping_add(32 * number as u64);
                let block = Sha256::new()
                    .chain_update(self.call.entropy.as_bytes())
                    .chain_update(place.to_le_bytes())
                    .finalize();
                for (to, from) in chunk.iter_mut().zip(block) {
                    *to = from;
                }
            }
        }
        out
    }

    /// A fresh random UUID (version 4).
    pub(crate) fn uuid(&self) -> String {
        mint::uuid(self.random())
    }
}

/// What tells whether a key had this token before it was regenerated.
pub(crate) fn former_queries(token: &str) -> [Query; 2] {
    [Query::one::<FormerToken>("token", token), Query::one::<DeprecatedToken>("token", token)]
}

/// The refusal of a request that depends on a row which is damaged.
fn unreadable(query: &Query) -> Refusal {
    let table = match query {
        Query::Rows { table, .. }
        | Query::Brief { table, .. }
        | Query::All { table }
        | Query::Page { table, .. } => table.as_ref(),
        Query::Caller { .. } | Query::Keys { .. } | Query::CustomRule { .. } | Query::Probe { .. } => {
            VirtualKey::NAME
        }
        Query::Audit { .. } => AuditLog::NAME,
    };
    let message = format!("a stored row of or around `{table}` cannot be read, nothing was decided");
    Refusal::error(Code::RowUnreadable, 409, Kind::BadRequestError, Json::Null, message)
}

/// What an operation has decided.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The reply's JSON.
    pub reply: Reply,
    /// Headers of the reply beside its media type.
    pub headers: Headers,
    /// Changes to commit before the reply is sent.
    pub writes: Vec<Write>,
    /// Conditions for the changes.
    pub guards: Vec<latchkey_contract::wire::Guard>,
    /// What happened, for log and metrics.
    pub events: Vec<latchkey_contract::wire::Event>,
}

/// A reply with status 200.
#[derive(Debug, Default)]
pub(crate) enum Reply {
    /// `null`
    #[default]
    Null,
    /// A JSON value.
    Json(Json),
    /// JSON text that is ready, or another media type.
    Text(&'static str, String),
}

impl Outcome {
    /// A reply that changes nothing.
    pub(crate) fn reply(value: impl Into<Json>) -> Self {
        Self { reply: Reply::Json(value.into()), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Profile;
    use latchkey_contract::json::JsonText;
    use latchkey_contract::tables::Team;
    use latchkey_contract::wire::Fact;

    #[test]
    fn random_bytes_are_the_shells_and_then_hashes_and_none_comes_twice() {
        let own = |number: u8| format!("{number:02x}");
        let call = Call { entropy: (0..64).map(own).collect(), ..Call::default() };
        let settings = Settings::default();
        let cx = Context::new(&call, b"", &settings);
        assert_eq!(cx.random::<16>(), std::array::from_fn::<u8, 16, _>(|at| at as u8));
        assert_eq!(cx.random::<40>(), std::array::from_fn::<u8, 40, _>(|at| at as u8 + 16));
        let beyond: Vec<[u8; 16]> = (0..4).map(|_| cx.random()).collect();
        for (at, one) in beyond.iter().enumerate() {
            assert!(one.iter().any(|byte| *byte > 63) && !beyond[..at].contains(one), "{beyond:?}");
        }
        let again = Context::new(&call, b"", &settings);
        again.random::<56>();
        assert_eq!(again.random::<16>(), beyond[0]);
    }

    #[test]
    fn what_asks_for_the_moment_or_for_random_bytes_does_not_last() {
        let (call, settings) = (Call::default(), Settings::default());
        let asked = |ask: fn(&Context<'_>)| {
            let cx = Context::new(&call, b"", &settings);
            ask(&cx);
            cx.is_lasting()
        };
        assert!(asked(|cx| assert_eq!(cx.header("authorization"), None)));
        assert!(!asked(|cx| assert_eq!(cx.now(), Millis(0))));
        assert!(!asked(|cx| drop(cx.uuid())));
    }

    #[test]
    fn a_damaged_row_is_no_absent_row() {
        let answer = |query: Query, row: &str| {
            let rows = [JsonText::parse(row.to_owned()).expect("JSON")].into_iter().collect();
            Fact { query, rows, total: None }
        };
        let facts = Facts(vec![
            answer(Query::one::<Team>("team_id", "t"), r#"{"team_id":7}"#),
            answer(Query::one::<VirtualKey>("key_alias", "a"), r#"{"token":[]}"#),
            answer(Query::Caller { token: "x".to_owned() }, r#"{"key":null}"#),
        ]);
        let call = Call { facts, ..Call::default() };
        let settings = |profile| Settings { profile, ..Settings::default() };
        let strict = settings(Profile::Strict);
        let cx = Context::new(&call, b"", &strict);
        let code = |halt| match halt {
            Err(Halt::Refused(refusal)) => Some((refusal.code, refusal.status)),
            Err(Halt::Missing | Halt::BodyComing(_) | Halt::Judged) | Ok(()) => None,
        };
        let unreadable = Some((Code::RowUnreadable, 409));
        assert_eq!(code(cx.row::<Team>("team_id", "t").map(drop)), unreadable);
        assert_eq!(code(cx.row::<VirtualKey>("key_alias", "a").map(drop)), unreadable);
        assert_eq!(code(cx.caller_rows("x").map(drop)), unreadable);
        let reference = settings(Profile::Litellm160);
        let cx = Context::new(&call, b"", &reference);
        assert!(matches!(cx.row::<Team>("team_id", "t"), Ok(None)));
    }
}
