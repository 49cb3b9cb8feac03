//! The shell in this process: a store in memory, a clock that can be put forward, and the loop of crossings.

use super::store::{MemoryStore, Row};
use super::{Request, Response, Session, now};
use chrono::{DateTime, TimeDelta, Utc};
use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::wire::{Call, Conflict, Facts, Refused, StepHead, Write, read_frame, write_frame};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// The module's functions, wherever it runs.
pub trait Engine {
    /// Decides a call: a frame in, a frame out.
    fn handle(&mut self, frame: &[u8]) -> Result<Vec<u8>, String>;
    /// Judges a request without a store.
    fn check(&mut self, input: &[u8]) -> Result<Vec<u8>, String>;
}

/// Crossings without an answer after which the module is taken to be stuck.
const MAX_CROSSINGS: usize = 8;

/// An engine with a store of its own.
pub struct InProcess<E> {
    engine: E,
    store: MemoryStore,
    put_forward: TimeDelta,
    repeatable: Option<Repeatable>,
}

/// A clock and random bytes that are the same in every run.
struct Repeatable {
    start: DateTime<Utc>,
    requests: u32,
}

impl Repeatable {
    /// 64 bytes that follow from how many requests there were, in hex.
    fn entropy(&self) -> String {
        let half = |half: u8| {
            Sha256::new().chain_update(self.requests.to_be_bytes()).chain_update([half]).finalize()
        };
        [half(0), half(1)].iter().flatten().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Status, headers and body of a reply.
type Decided = (u16, Vec<(String, String)>, Vec<u8>);

impl<E: Engine> InProcess<E> {
    /// Starts with an empty store.
    pub fn new(engine: E) -> Self {
        Self { engine, store: MemoryStore::default(), put_forward: TimeDelta::zero(), repeatable: None }
    }

    /// Starts with an empty store, and answers the same requests with the same replies: its clock starts at `start` and goes
    /// on by a second with every request, and its random bytes are counted.
    pub fn repeatable(engine: E, start: DateTime<Utc>) -> Self {
        Self { repeatable: Some(Repeatable { start, requests: 0 }), ..Self::new(engine) }
    }

    fn decide(
        &mut self,
        mut call: Call,
        body: &[u8],
        mut meanwhile: Option<&Request>,
    ) -> Result<Decided, String> {
        let mut times = 0;
        for _ in 0..MAX_CROSSINGS {
            let frame = self.engine.handle(&write_frame(&call, body))?;
            let (head, reply) = read_frame(&frame).map_err(|error| format!("step: {error}"))?;
            match head {
                StepHead::Read { queries, .. } => {
                    for query in queries {
                        let answer = self.store.answer(query)?;
                        call.facts.0.push(answer);
                    }
                }
                StepHead::Forward { base, .. } => return Err(format!("the module forwards to {base}")),
                StepHead::Body { .. } => return Err("the module asks for a body that it has".to_owned()),
                StepHead::Reply { status, headers, .. } => {
                    return Ok((status, owned(headers), reply.to_vec()));
                }
                StepHead::Write { status, headers, writes, guards, relies_on, .. } => {
                    if let Some(request) = meanwhile.take() {
                        self.send(request)?;
                    }
                    if self.store.commit(&writes, &guards)? {
                        return Ok((status, owned(headers), reply.to_vec()));
                    }
                    times += 1;
                    call.facts = Facts::default();
                    call.refused = Some(Refused { why: Conflict::Lost, times, relied_on: relies_on });
                }
            }
        }
        Err("too many crossings".to_owned())
    }

    fn shown_time(&self) -> DateTime<Utc> {
        let now = match &self.repeatable {
            Some(repeatable) => repeatable.start + TimeDelta::seconds(repeatable.requests.into()),
            None => now(),
        };
        now + self.put_forward
    }
}

impl<E: Engine> Session for InProcess<E> {
    fn send(&mut self, request: &Request) -> Result<Response, String> {
        self.answer(request, None)
    }

    fn send_while(&mut self, request: &Request, meanwhile: &Request) -> Result<Response, String> {
        self.answer(request, Some(meanwhile))
    }

    fn write(&mut self, write: Write) -> Result<(), String> {
        self.store.commit(&[write], &[])?.then_some(()).ok_or_else(|| "there is no such row".to_owned())
    }

    fn rows(&self, table: &str) -> Result<Vec<Json>, String> {
        Ok(self.store.rows(table).iter().map(Row::value).collect())
    }

    fn sleep(&mut self, seconds: f64) {
        self.put_forward += TimeDelta::milliseconds((seconds * 1000.0) as i64);
    }

    fn check(&mut self, input: &Json) -> Result<Json, String> {
        let verdict = self.engine.check(crate::scenario::dumps(input).as_bytes())?;
        read(&verdict, &Limits::STORED).map_err(|error| format!("verdict: {error}"))
    }
}

impl<E: Engine> InProcess<E> {
    fn answer(&mut self, request: &Request, meanwhile: Option<&Request>) -> Result<Response, String> {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let mut headers = vec![("host".to_owned(), "127.0.0.1".to_owned())];
        for (name, value) in &request.headers {
            headers.push((name.to_lowercase(), value.bytes().map(char::from).collect()));
        }
        let body = request.body.as_deref().unwrap_or_default();
        if request.body.is_some() {
            headers.push(("content-length".to_owned(), body.len().to_string()));
        }
        if let Some(repeatable) = &mut self.repeatable {
            repeatable.requests += 1;
        }
        let at = self.shown_time();
        let entropy = self.repeatable.as_ref().map_or_else(entropy, |repeatable| Ok(repeatable.entropy()))?;
        let call = Call {
            method: request.method.clone(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            now: at.timestamp_millis(),
            entropy,
            ..Call::default()
        };
        let (status, headers, body) = self.decide(call, body, meanwhile)?;
        Ok(Response { status, headers, body, at })
    }
}

fn owned(headers: Vec<(Cow<'static, str>, Cow<'static, str>)>) -> Vec<(String, String)> {
    headers.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// 64 random bytes in hex.
pub fn entropy() -> Result<String, String> {
    let mut bytes = [0; 64];
    getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
