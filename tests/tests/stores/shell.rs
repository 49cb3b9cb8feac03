//! A shell in this process: the rules over a store, without HTTP.

use crate::scene::{Scene, crossed};
use latchkey::store::Store;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::wire::{Call, Facts, Refused, StepHead};
use latchkey_core::Policy;
use latchkey_tests::implementation::entropy;
use latchkey_tests::scenario::{MASTER_KEY, dumps};
use std::sync::Arc;

/// The rules in profile strict over a store.
#[derive(Clone)]
pub(crate) struct Shell {
    policy: Arc<Policy>,
    store: Arc<dyn Store>,
}

impl Shell {
    pub(crate) fn over(scene: &Scene) -> Self {
        let lacking = scene.store.lacking().names().to_vec();
        let settings = dict! {
            "general_settings" => dict! {"master_key" => MASTER_KEY},
            "latchkey" => dict! {"premium_user" => true, "store_lacks" => lacking},
        };
        let policy = Policy::configure(dumps(&settings).as_bytes()).0.expect("the settings are good");
        Self { policy: Arc::new(policy), store: Arc::clone(&scene.store) }
    }

    /// Status and body of the reply to a request with the master key.
    pub(crate) async fn post(&self, path: &str, body: &Json) -> (u16, Json) {
        self.post_with(MASTER_KEY, path, body).await
    }

    /// Status and body of the reply to a request with a key.
    pub(crate) async fn post_with(&self, key: &str, path: &str, body: &Json) -> (u16, Json) {
        self.post_while(key, path, body, async || {}).await.0
    }

    /// The same where something happens between the first decision and its commit, and whether that commit was refused.
    pub(crate) async fn post_while(
        &self,
        key: &str,
        path: &str,
        body: &Json,
        meanwhile: impl AsyncFn(),
    ) -> ((u16, Json), bool) {
        let body = dumps(body);
        let mut call = Call {
            method: "POST".to_owned(),
            path: path.to_owned(),
            headers: vec![
                ("authorization".to_owned(), format!("Bearer {key}")),
                ("content-type".to_owned(), "application/json".to_owned()),
            ],
            now: 1_757_701_349_000,
            entropy: entropy().unwrap(),
            ..Call::default()
        };
        let mut refusals = 0;
        loop {
            let step = self.policy.decide(&call, body.as_bytes());
            match step.head {
                StepHead::Read { queries, .. } => {
                    for fact in self.store.read(queries).await.unwrap() {
                        call.facts.0.push(crossed(&fact));
                    }
                }
                StepHead::Body { .. } => panic!("the call brings its body"),
                StepHead::Forward { .. } => panic!("the operation is ours"),
                StepHead::Reply { status, .. } => return ((status, json(&step.body)), refusals > 0),
                StepHead::Write { status, writes, guards, relies_on, .. } => {
                    if refusals == 0 {
                        meanwhile().await;
                    }
                    match self.store.commit(writes, guards).await.unwrap().conflict() {
                        None => return ((status, json(&step.body)), refusals > 0),
                        Some(why) => {
                            refusals += 1;
                            call.facts = Facts::default();
                            call.refused = Some(Refused { why, times: refusals, relied_on: relies_on });
                        }
                    }
                }
            }
        }
    }

    /// The same where the request must succeed.
    pub(crate) async fn done(&self, path: &str, body: Json) -> Json {
        let (status, reply) = self.post(path, &body).await;
        assert_eq!(status, 200, "{path} {body:?}: {reply:?}");
        reply
    }
}

fn json(body: &[u8]) -> Json {
    read(body, &Limits::STORED).unwrap()
}
