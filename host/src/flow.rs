//! One request: ask the module, answer its queries, commit its writes, until there is a reply.

use crate::custom_rule::CustomRule;
use crate::engine::{Decided, Failed, Policy};
use crate::exchange::{Given, Incoming, Onward, Outgoing};
use crate::given::given;
use crate::memo::{Decision, Memo};
use crate::patience::PATIENCE;
use crate::probe::Prober;
use crate::store::{Fact, RowLocks, Store, StoreError};
use bytes::Bytes;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::wire::{Event, Facts, Query, Refused, Rows, StepHead, Task, to_text};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

/// Bytes of rows that are not counted.
const SHORT_ROWS: usize = 64 << 10;

/// Kibibytes of rows that all requests together may hold while they wait for decisions.
const ROWS: u32 = 16 << 10;

/// The policy over a store.
#[derive(Debug, Clone)]
pub struct Service {
    policy: Arc<Policy>,
    store: Arc<dyn Store>,
    rule: Option<Arc<CustomRule>>,
    prober: Prober,
    memo: Arc<Memo>,
    /// Room for rows, in KiB.
    rows: Arc<Semaphore>,
    locks: Arc<RowLocks>,
}

/// What becomes of a request.
pub enum Answer {
    /// The reply.
    Reply(Outgoing),
    /// Another server answers.
    Onward(Onward),
    /// The reply depends on the body, which has not been read and is `sender`'s if it is known who that is.
    BodyNeeded {
        /// A name for all bodies of one sender.
        sender: Option<String>,
    },
}

/// Why the module could not decide.
enum Broken {
    Module(Failed),
    Store(StoreError),
}

impl Service {
    /// The policy over a store.
    pub fn new(policy: Arc<Policy>, store: Arc<dyn Store>) -> Self {
        let rows = Arc::new(Semaphore::new(ROWS as usize));
        let locks = Arc::new(RowLocks::new());
        let prober = Prober::new(&policy.report().probes);
        Self { policy, store, rule: None, prober, memo: Arc::default(), rows, locks }
    }

    /// The same with the operator's own rule.
    #[must_use]
    pub fn with_rule(self, rule: Option<Arc<CustomRule>>) -> Self {
        Self { rule, ..self }
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The store.
    pub(crate) fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// Does something that no request asks for, and gives what the module says of it, if it could be done.
    pub(crate) async fn task(&self, task: Task) -> Option<Json> {
        let incoming = Incoming { task: Some(task), ..Incoming::default() };
        match self.answer(&incoming, given).await {
            Answer::Reply(Outgoing { status: 200, body, .. }) => object(&body),
            _ => None,
        }
    }

    /// Answers one request; `given` is asked when a decision has to be made. What keeps the module or the store from
    /// answering is logged and answered with the reply that the module made ready for it.
    pub async fn answer(
        &self,
        incoming: &Incoming,
        given: impl FnOnce() -> Result<Given, getrandom::Error>,
    ) -> Answer {
        self.in_time(incoming, false, given).await
    }

    /// The answer to a request whose body has not been read, if it is the same whatever the body is.
    pub async fn answer_without_body(
        &self,
        incoming: &Incoming,
        given: impl FnOnce() -> Result<Given, getrandom::Error>,
    ) -> Answer {
        self.in_time(incoming, true, given).await
    }

    async fn in_time(
        &self,
        incoming: &Incoming,
        body_coming: bool,
        given: impl FnOnce() -> Result<Given, getrandom::Error>,
    ) -> Answer {
        let report = self.policy.report();
        let replies = &report.replies;
        let time = Duration::from_millis(report.limits.request_ms);
        let done = tokio::time::timeout(time, self.run(incoming, body_coming, given)).await;
        let outgoing = match done.unwrap_or(Err(Broken::Store(StoreError::Busy))) {
            Ok(answer) => return answer,
            Err(Broken::Module(Failed::Overrun)) => {
                tracing::error!("the policy module ran longer than its deadline");
                (&replies.overrun).into()
            }
            Err(Broken::Module(Failed::Busy)) => {
                tracing::warn!("no instance of the policy module came free in time");
                (&replies.busy).into()
            }
            Err(Broken::Store(error @ StoreError::Busy)) => {
                tracing::warn!(%error, "a request waited too long");
                (&replies.busy).into()
            }
            Err(Broken::Module(Failed::Trap(why))) => {
                tracing::error!(why, "the policy module failed");
                (&replies.trap).into()
            }
            Err(Broken::Store(error)) => {
                tracing::error!(%error, "the store failed");
                (&replies.store_away).into()
            }
        };
        Answer::Reply(outgoing)
    }

    async fn run(
        &self,
        incoming: &Incoming,
        body_coming: bool,
        given: impl FnOnce() -> Result<Given, getrandom::Error>,
    ) -> Result<Answer, Broken> {
        let limits = &self.policy.report().limits;
        let name = if body_coming { None } else { Memo::name(incoming) };
        let mut facts: Vec<Fact> = Vec::new();
        let mut room = None;
        // what the module asks first, as long as that is all it asks and it would ask it at any time
        let mut asked = name.map(|_| Vec::new());
        if let Some(decision) = name.and_then(|name| self.memo.get(&name)) {
            facts = self.counted(decision.queries.clone(), &mut room).await.map_err(Broken::Store)?;
            if let Some(reply) = decision.reply_to(&facts) {
                return Ok(Answer::Reply(reply));
            }
            asked = Some(decision.queries.clone());
        }
        let given = given().map_err(|error| trap(format!("the system gives no randomness: {error}")))?;
        let mut call = incoming.call(body_coming, given);
        call.facts = Facts(facts);
        let mut refusals = 0;
        let mut exclusive = None;
        let mut crossings = 0;
        loop {
            crossings += 1;
            if crossings > limits.crossings {
                return Err(trap("it asks without end"));
            }
            let decided = self.policy.handle(to_text(&call), incoming.body.clone()).await;
            let Decided { head, body } = decided.map_err(Broken::Module)?;
            match head {
                StepHead::Body { sender } if body_coming => return Ok(Answer::BodyNeeded { sender }),
                StepHead::Body { .. } => return Err(trap("it asks for a body that it has")),
                StepHead::Read { queries, lasting } => {
                    let counts = lasting && queries.iter().all(Query::is_for_store);
                    asked = asked.filter(|asked| counts && asked.is_empty()).map(|_| queries.clone());
                    call.facts.0.extend(self.counted(queries, &mut room).await.map_err(Broken::Store)?);
                }
                StepHead::Reply { operation, status, headers, events, lasting } => {
                    let reply = outgoing(operation, status, headers, events, body);
                    if let (Some(name), Some(queries)) =
                        (name, asked.filter(|asked| lasting || !asked.is_empty()))
                    {
                        let lasting = lasting.then(|| (call.facts.0, reply.clone()));
                        self.memo.put(name, Decision { queries, reply: lasting });
                    }
                    return Ok(Answer::Reply(reply));
                }
                StepHead::Forward { operation, base, status, headers, events } => {
                    let away = outgoing(operation, status, headers, events, body);
                    return Ok(Answer::Onward(Onward { base, away }));
                }
                StepHead::Write { operation, status, headers, events, writes, guards, relies_on } => {
                    if refusals == limits.attempts {
                        return Err(trap("it writes after its last attempt"));
                    }
                    let rows = RowLocks::rows(&writes, &guards);
                    let shared = match exclusive {
                        Some(_) => None,
                        // nobody is kept waiting for long
                        None => tokio::time::timeout(PATIENCE, self.locks.shared(&rows)).await.ok(),
                    };
                    let commit = self.store.commit(writes, guards).await.map_err(Broken::Store)?;
                    drop(shared);
                    let Some(why) = commit.conflict() else {
                        let reply = outgoing(operation, status, headers, events, body);
                        return Ok(Answer::Reply(Outgoing { is_committed: true, ..reply }));
                    };
                    refusals += 1;
                    // the last attempt
                    exclusive = match refusals + 1 == limits.attempts {
                        true => tokio::time::timeout(PATIENCE, self.locks.exclusive(&rows)).await.ok(),
                        false => None,
                    };
                    crossings = 0;
                    call.facts = Facts::default();
                    call.refused = Some(Refused { why, times: refusals, relied_on: relies_on });
                }
            }
        }
    }
}

impl Service {
    /// The answers, counted in `room` if they are long. Where there is no room for them, they are asked for once more when
    /// there is: many who wait must not hold what they wait with.
    async fn counted(
        &self,
        queries: Vec<Query>,
        room: &mut Option<OwnedSemaphorePermit>,
    ) -> Result<Vec<Fact>, StoreError> {
        let facts = self.facts(queries.clone()).await?;
        let bytes: usize = facts.iter().map(|fact| fact.rows.as_str().len()).sum();
        // who holds room already waits for no more of it, or two could wait for each other
        if bytes <= SHORT_ROWS || room.is_some() {
            return Ok(facts);
        }
        let wanted = u32::try_from(bytes >> 10).unwrap_or(ROWS).min(ROWS);
        if let Ok(permit) = Arc::clone(&self.rows).try_acquire_many_owned(wanted) {
            *room = Some(permit);
            return Ok(facts);
        }
        drop(facts);
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.rows).acquire_many_owned(wanted)).await;
        *room = permit.ok().and_then(Result::ok);
        if room.is_none() { Err(StoreError::Busy) } else { self.facts(queries).await }
    }

    /// Asks each query where its answer is: the store, the operator's rule, or elsewhere. Probes go out at one time.
    async fn facts(&self, queries: Vec<Query>) -> Result<Vec<Fact>, StoreError> {
        let (store, other): (Vec<_>, Vec<_>) = queries.into_iter().partition(Query::is_for_store);
        let mut facts = if store.is_empty() { Vec::new() } else { self.store.read(store).await? };
        let mut probes = JoinSet::new();
        for query in other {
            let rows = match (&self.rule, &query) {
                (Some(rule), Query::CustomRule { input }) => {
                    Rows::of_message(&rule.ask(input.clone()).await.ok_or(StoreError::Busy)?)
                }
                (_, Query::Probe(probe)) => {
                    let (prober, probe) = (self.prober.clone(), probe.clone());
                    probes.spawn(async move {
                        Fact { rows: Rows::of_message(&prober.send(&probe).await), query, total: None }
                    });
                    continue;
                }
                _ => Rows::default(),
            };
            facts.push(Fact { query, rows, total: None });
        }
        facts.extend(probes.join_all().await);
        Ok(facts)
    }
}

fn trap(why: impl std::fmt::Display) -> Broken {
    Broken::Module(Failed::Trap(why.to_string()))
}

fn outgoing(
    operation: impl Into<String>,
    status: u16,
    headers: Vec<(impl Into<String>, impl Into<String>)>,
    events: Vec<Event>,
    body: Bytes,
) -> Outgoing {
    let headers = headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    Outgoing { operation: operation.into(), status, headers, body, events, is_committed: false }
}

/// The object in a reply.
fn object(body: &[u8]) -> Option<Json> {
    read(body, &Limits::STORED).ok()
}
