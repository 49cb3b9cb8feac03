//! A client: calls without a pause, and what it learns from the answers.

use crate::chaos::Hosts;
use crate::ledger::{Known, Ledger, Values};
use crate::random::Random;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Connection, Request, Response};
use latchkey_tests::scenario::MASTER_KEY;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// After what time every host knows of a change, whatever happened to the channel between them; with some reserve.
const SETTLED: Duration = Duration::from_secs(2);

/// Members that a client adds to the shared team: its list must stay one that a document may hold.
const MEMBERS: usize = 6;

/// What happened to calls.
#[derive(Debug, Default, Clone)]
pub(crate) struct Report {
    pub(crate) calls: usize,
    /// Changes that were acknowledged.
    pub(crate) acknowledged: usize,
    /// Changes without an answer.
    pub(crate) unknown: usize,
    /// The longest call in seconds.
    pub(crate) longest: f64,
    /// 0 is a connection that broke.
    pub(crate) statuses: BTreeMap<u16, usize>,
}

impl Report {
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.calls += other.calls;
        self.acknowledged += other.acknowledged;
        self.unknown += other.unknown;
        self.longest = self.longest.max(other.longest);
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        self
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { calls, acknowledged, unknown, longest, statuses } = self;
        write!(
            f,
            "{calls} calls, {acknowledged} changes acknowledged, {unknown} without an answer, longest call {longest:.1} s, \
             by status {statuses:?}"
        )
    }
}

/// How a call ended.
enum End {
    Done(Json),
    /// Refused for sure: nothing was changed.
    Refused,
    Unknown,
}

/// A client with keys of its own.
pub(crate) struct Client {
    number: u64,
    hosts: Arc<Hosts>,
    random: Random,
    connections: Vec<Option<Connection>>,
    made: usize,
    /// Whether the shared team is there for sure.
    has_team: bool,
    pub(crate) ledger: Ledger,
    pub(crate) report: Report,
    pub(crate) unexpected: Vec<String>,
}

impl Client {
    pub(crate) fn new(number: u64, hosts: Arc<Hosts>, random: Random) -> Self {
        Self {
            number,
            connections: (0..hosts.count()).map(|_| None).collect(),
            hosts,
            random,
            made: 0,
            has_team: false,
            ledger: Ledger::default(),
            report: Report::default(),
            unexpected: Vec::new(),
        }
    }

    pub(crate) async fn work(mut self, end: Instant) -> Self {
        while Instant::now() < end {
            match self.random.below(12) {
                0..=2 => self.generate().await,
                3..=5 => self.update().await,
                6 => self.block().await,
                7 => self.regenerate().await,
                8 => self.delete().await,
                9 => self.info().await,
                10 => self.change_the_shared_team().await,
                _ => self.list().await,
            }
        }
        self
    }

    async fn generate(&mut self) {
        self.made += 1;
        let key = format!("sk-client-{:03}-key-{:06}", self.number, self.made);
        let alias = format!("alias {} {}", self.number, self.made);
        let limit = self.random.below(1_000_000);
        let body = format!(
            r#"{{"key":"{key}","key_alias":"{alias}","tpm_limit":{limit},"metadata":{{"limit":{limit}}}}}"#
        );
        let made = Some(Values { limit, blocked: false });
        let may_be = match self.change("/key/generate", body).await {
            End::Done(_) => vec![made],
            End::Refused => vec![None],
            End::Unknown => vec![None, made],
        };
        self.ledger.keys.push(Known { key, alias, may_be, has_other_secret: false, turned: None });
    }

    async fn update(&mut self) {
        let Some(at) = self.some_key() else { return };
        let limit = self.random.below(1_000_000);
        let key = &self.ledger.keys[at].key;
        let body = format!(r#"{{"key":"{key}","tpm_limit":{limit},"metadata":{{"limit":{limit}}}}}"#);
        let end = self.change("/key/update", body).await;
        self.becomes(at, &end, |old| Some(Values { limit, ..old }));
    }

    async fn block(&mut self) {
        let Some(at) = self.some_key() else { return };
        let blocked = !self.ledger.keys[at].values().is_some_and(|values| values.blocked);
        let body = format!(r#"{{"key":"{}"}}"#, self.ledger.keys[at].key);
        let end = self.change(if blocked { "/key/block" } else { "/key/unblock" }, body).await;
        self.becomes(at, &end, |old| Some(Values { blocked, ..old }));
        self.ledger.keys[at].turned = Some(Instant::now());
    }

    async fn regenerate(&mut self) {
        let Some(at) = self.some_key() else { return };
        let path = format!("/key/{}/regenerate", self.ledger.keys[at].key);
        let end = self.change(&path, "{}".to_owned()).await;
        let known = &mut self.ledger.keys[at];
        match end {
            End::Done(answer) => match answer.get("key").and_then(Json::as_str) {
                Some(key) => key.clone_into(&mut known.key),
                None => self.unexpected.push(format!("no key in {answer:?}")),
            },
            End::Refused => {}
            End::Unknown => {
                known.has_other_secret = true;
                // one state, but its secret is unknown: it is left alone from now on
                known.may_be.push(known.may_be[0].clone());
            }
        }
    }

    /// Two keys go together or not at all.
    async fn delete(&mut self) {
        let (Some(one), Some(other)) = (self.some_key(), self.some_key()) else { return };
        if one == other {
            return;
        }
        let keys = [one, other].map(|at| format!("\"{}\"", self.ledger.keys[at].key)).join(",");
        let end = self.change("/key/delete", format!(r#"{{"keys":[{keys}]}}"#)).await;
        for at in [one, other] {
            self.becomes(at, &end, |_| None);
        }
    }

    /// A key that works must never be refused because something is away, nor a blocked one be let in.
    async fn info(&mut self) {
        let Some(at) = self.some_key() else { return };
        let known = &self.ledger.keys[at];
        let is_blocked = known.values().is_some_and(|values| values.blocked);
        let is_settled = known.turned.is_none_or(|since| since.elapsed() > SETTLED);
        let bearer = if is_settled { &known.key } else { MASTER_KEY };
        let wanted = if is_settled && is_blocked { 401 } else { 200 };
        let request = Request::get(&format!("/key/info?key={}", known.key), bearer);
        self.send(&request, &[wanted, 503]).await;
    }

    async fn list(&mut self) {
        self.send(&Request::get("/key/list?size=10", MASTER_KEY), &[200, 503]).await;
    }

    /// All clients change one row, so that their guards collide: each adds members to its list.
    async fn change_the_shared_team(&mut self) {
        if self.ledger.members.len() >= MEMBERS {
            let body = format!(r#"{{"team_id":"shared","metadata":{{"by":{}}}}}"#, self.number);
            self.send(&Request::post("/team/update", MASTER_KEY, body), &[200, 409, 503]).await;
            return;
        }
        if !self.has_team {
            let request = Request::post("/team/new", MASTER_KEY, r#"{"team_id":"shared"}"#);
            // 400: another client was quicker
            let answer = self.send(&request, &[200, 400, 409, 503]).await;
            self.has_team = answer.is_some_and(|answer| [200, 400].contains(&answer.status));
            return;
        }
        let user_id = format!("user {} {}", self.number, self.ledger.members.len());
        let body = format!(r#"{{"team_id":"shared","member":{{"role":"user","user_id":"{user_id}"}}}}"#);
        let may_be = match self.change("/team/member_add", body).await {
            End::Done(_) => vec![true],
            End::Refused => vec![false],
            End::Unknown => vec![true, false],
        };
        self.ledger.members.push((user_id, may_be));
    }

    /// A key without doubt.
    fn some_key(&mut self) -> Option<usize> {
        let sure = self.ledger.keys.iter().enumerate().filter(|(_, known)| known.values().is_some());
        let sure: Vec<usize> = sure.map(|(at, _)| at).collect();
        let chosen = self.random.below(sure.len());
        sure.get(chosen).copied()
    }

    fn becomes(&mut self, at: usize, end: &End, change: impl FnOnce(Values) -> Option<Values>) {
        let known = &mut self.ledger.keys[at];
        let Some(old) = known.values().cloned() else { return };
        let new = change(old.clone());
        known.may_be = match end {
            End::Done(_) => vec![new],
            End::Refused => vec![Some(old)],
            End::Unknown => vec![Some(old), new],
        };
    }

    async fn change(&mut self, path: &str, body: String) -> End {
        let answer = self.send(&Request::post(path, MASTER_KEY, body), &[200, 409, 503]).await;
        match answer {
            Some(answer) if answer.status == 200 => {
                self.report.acknowledged += 1;
                End::Done(read(&answer.body, &Limits::STORED).unwrap_or(Json::Null))
            }
            Some(answer) if answer.status == 409 => End::Refused,
            _ => {
                self.report.unknown += 1;
                End::Unknown
            }
        }
    }

    /// Sends a request to one of the hosts; nothing if no answer came.
    async fn send(&mut self, request: &Request, expected: &[u16]) -> Option<Response> {
        let at = self.random.below(self.hosts.count());
        let began = Instant::now();
        let answer = tokio::time::timeout(PATIENCE, self.exchange(at, request)).await;
        let took = began.elapsed().as_secs_f64();
        self.report.calls += 1;
        self.report.longest = self.report.longest.max(took);
        let answer = answer.unwrap_or_else(|_| {
            self.unexpected.push(format!("no answer in {PATIENCE:?}: {} {}", request.method, request.target));
            None
        });
        *self.report.statuses.entry(answer.as_ref().map_or(0, |answer| answer.status)).or_default() += 1;
        let Some(answer) = answer else {
            self.connections[at] = None;
            // a host that was killed is not back at once
            tokio::time::sleep(Duration::from_millis(20)).await;
            return None;
        };
        if !expected.contains(&answer.status) {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            self.unexpected.push(format!("{} {}: {} {body}", request.method, request.target, answer.status));
        }
        if answer.status == 503 {
            if answer.header("retry-after").is_none() {
                self.unexpected.push(format!("503 without Retry-After: {}", request.target));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Some(answer)
    }

    async fn exchange(&mut self, at: usize, request: &Request) -> Option<Response> {
        let mut connection = match self.connections[at].take() {
            Some(connection) if !connection.is_closed() => connection,
            _ => Connection::open(self.hosts.port(at)).await.ok()?,
        };
        let answer = connection.send(request).await.ok()?;
        self.connections[at] = Some(connection);
        Some(answer)
    }
}
