//! The host and the edge handler side by side: every request goes to both, under the same moment and the same random bytes,
//! and the headers and the bytes of both replies must be equal. Each runs twice, under the settings as they are and under profile `strict`;
//! keys are made of the random bytes, so that what one reply gives is known to all four.

use super::http::runtime;
use super::javascript::{JavaScript, Scene};
use super::shell::entropy;
use super::{Implementation, Request, Response, Session, configure, now};
use chrono::TimeDelta;
use latchkey::engine::{Limits, POLICY_WASM, Policy};
use latchkey::exchange::{Given, Incoming, Outgoing};
use latchkey::flow::{Answer, Service};
use latchkey::store::sqlite::Sqlite;
use latchkey_contract::json::Json;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The host's flow and store against the edge handler on Node.
#[derive(Debug)]
pub struct Both {
    edge: JavaScript,
}

impl Default for Both {
    fn default() -> Self {
        Self { edge: JavaScript::new("node") }
    }
}

impl Implementation for Both {
    fn name(&self) -> &'static str {
        "bytes"
    }

    fn open(&self, settings: &Json) -> Result<Box<dyn Session>, String> {
        let mut strict = settings.clone();
        let mut own = settings.get("latchkey").cloned().unwrap_or_else(Json::empty_dict);
        own.set("profile", Json::from("strict"));
        strict.set("latchkey", own);
        let mut pairs = vec![self.pair(settings)?];
        // it refuses some settings that the other profile takes
        if configure(&strict).is_ok() {
            pairs.push(self.pair(&strict)?);
        }
        Ok(Box::new(BothSession { runtime: runtime()?, pairs, ahead: TimeDelta::zero() }))
    }

    fn judges(&self) -> bool {
        false
    }

    fn parallel(&self) -> usize {
        4
    }
}

impl Both {
    fn pair(&self, settings: &Json) -> Result<Pair, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let store = Sqlite::open(&folder.path().join("db.sqlite3")).map_err(|error| error.to_string())?;
        let limits = Limits { instances: 1, ..Limits::default() };
        let policy = Policy::load(POLICY_WASM, crate::scenario::dumps(settings).into_bytes(), limits);
        let host = Service::new(policy.map_err(|error| error.to_string())?, Arc::new(store));
        Ok(Pair { host, edge: self.edge.scene(settings)?, _folder: folder })
    }
}

struct Pair {
    host: Service,
    edge: Scene,
    _folder: TempDir,
}

struct BothSession {
    runtime: Runtime,
    pairs: Vec<Pair>,
    ahead: TimeDelta,
}

impl Session for BothSession {
    fn send(&mut self, request: &Request) -> Result<Response, String> {
        let at = now() + self.ahead;
        let given = Given { now: at.timestamp_millis(), entropy: entropy()? };
        let mut replies = Vec::new();
        for (pair, profile) in self.pairs.iter_mut().zip(["as set", "strict"]) {
            let answer = self.runtime.block_on(pair.host.answer(&incoming(request), || Ok(given.clone())));
            let Answer::Reply(host) = answer else { return Err("the host gives no reply".to_owned()) };
            let edge = pair.edge.send_given(request, given.now, &given.entropy)?;
            if (host.status, host.body.as_ref()) != (edge.status, edge.body.as_slice())
                || sorted(&sent(&pair.host, &host)) != sorted(&of_the_reply(&edge))
            {
                return Err(difference(profile, &sent(&pair.host, &host), &host, &edge));
            }
            replies.push(Response { at, ..edge });
        }
        replies.into_iter().next().ok_or_else(|| "no reply".to_owned())
    }

    fn sleep(&mut self, seconds: f64) {
        self.ahead += TimeDelta::milliseconds((seconds * 1000.0) as i64);
    }

    fn check(&mut self, _input: &Json) -> Result<Json, String> {
        Err("replies are compared, not verdicts".to_owned())
    }
}

/// Headers that a server adds to the reply of the rules.
const OF_THE_SERVER: [&str; 6] =
    ["connection", "content-length", "date", "keep-alive", "transfer-encoding", "x-request-id"];

fn of_the_reply(response: &Response) -> Vec<(String, String)> {
    let is_own = |name: &str| !OF_THE_SERVER.contains(&name);
    response.headers.iter().filter(|(name, _)| is_own(name)).cloned().collect()
}

fn sorted(headers: &[(String, String)]) -> Vec<(String, &str)> {
    let mut sorted: Vec<_> =
        headers.iter().map(|(name, value)| (name.to_lowercase(), value.as_str())).collect();
    sorted.sort();
    sorted
}

fn incoming(request: &Request) -> Incoming {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut headers = vec![("host".to_owned(), "127.0.0.1".to_owned())];
    for (name, value) in &request.headers {
        headers.push((name.to_lowercase(), value.bytes().map(char::from).collect()));
    }
    Incoming {
        method: request.method.clone(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: request.body.clone().unwrap_or_default().into(),
        task: None,
    }
}

/// The headers that the server sends: those of the reply, and of those of every reply the ones it has not.
fn sent(host: &Service, outgoing: &Outgoing) -> Vec<(String, String)> {
    let every_reply = &host.policy().report().reply_headers;
    let is_new = |(name, _): &&(String, String)| !outgoing.headers.iter().any(|(own, _)| own == name);
    outgoing.headers.iter().chain(every_reply.iter().filter(is_new)).cloned().collect()
}

fn difference(profile: &str, headers: &[(String, String)], host: &Outgoing, edge: &Response) -> String {
    let shown = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
    format!(
        "{profile}: the host gives {} {:?} {}, the edge {} {:?} {}",
        host.status,
        sorted(headers),
        shown(&host.body),
        edge.status,
        sorted(&of_the_reply(edge)),
        shown(&edge.body)
    )
}
