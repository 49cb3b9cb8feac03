//! What a caller sends or stores makes no decision grow faster than n log n: the same request with eight times as much takes
//! about eight times as long, and not sixty-four times.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText, write};
use latchkey_contract::tables::{Millis, VirtualKey};
use latchkey_core::{Caller, GENERATE_STRICT, KeyDraft, Policy, Role, Settings, Standing, UPDATE_STRICT};
use latchkey_tests::implementation::{Engine, InProcess, Request, Session, configure};
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

const MASTER: &str = "sk-master-key-of-the-tests";

/// The rules, and how long they have taken.
struct Timed {
    policy: Policy,
    spent: Rc<Cell<Duration>>,
}

impl Engine for Timed {
    fn handle(&mut self, frame: &[u8]) -> Result<Vec<u8>, String> {
        let begin = Instant::now();
        let answer = self.policy.handle(frame);
        self.spent.set(self.spent.get() + begin.elapsed());
        Ok(answer)
    }

    fn check(&mut self, input: &[u8]) -> Result<Vec<u8>, String> {
        Ok(write(&self.policy.check(input)).into_bytes())
    }
}

struct World {
    session: InProcess<Timed>,
    spent: Rc<Cell<Duration>>,
}

impl World {
    fn new() -> Self {
        let settings = dict! { "general_settings" => dict! { "master_key" => MASTER } };
        let policy = configure(&settings).expect("the test's settings are usable");
        let spent = Rc::new(Cell::new(Duration::ZERO));
        Self { session: InProcess::new(Timed { policy, spent: Rc::clone(&spent) }), spent }
    }

    fn post(&mut self, key: &str, path: &str, body: &str) -> (u16, String) {
        let response = self.session.send(&Request::post(path, key, body)).expect("the rules answer");
        (response.status, String::from_utf8_lossy(&response.body).into_owned())
    }

    /// What the proxy admin makes, and the key in the reply if there is one.
    fn made(&mut self, path: &str, body: &str) -> String {
        let (status, reply) = self.post(MASTER, path, body);
        assert_eq!(status, 200, "{path}: {}", reply.chars().take(300).collect::<String>());
        let key = reply.split_once("\"key\":\"").and_then(|(_, rest)| rest.split_once('"'));
        key.map(|(key, _)| key.to_owned()).unwrap_or_default()
    }

    /// How long the rules take for one request, the shortest of several times.
    fn time(&mut self, key: &str, path: &str, body: &str) -> Duration {
        let mut times = (0..9).map(|_| {
            self.spent.set(Duration::ZERO);
            let (status, reply) = self.post(key, path, body);
            assert!(status < 500, "{path}: {}", reply.chars().take(300).collect::<String>());
            self.spent.get()
        });
        let first = times.next().unwrap_or_default();
        times.fold(first, Duration::min)
    }
}

/// Names that differ in their last characters, with `between` them.
fn names(count: usize, shape: impl Fn(String) -> String) -> String {
    (0..count).map(|at| shape(format!("{at:05}"))).collect::<Vec<_>>().join(",")
}

/// Whether eight times as much takes less than twenty-four times as long.
fn grows_slowly(what: &str, small: usize, scene: impl Fn(usize) -> (World, String, &'static str, String)) {
    let time = |size: usize| {
        let (mut world, key, path, body) = scene(size);
        world.time(&key, path, &body)
    };
    // again where something else took the time
    let is_slow = (0..5).any(|_| time(8 * small) < 24 * time(small));
    assert!(
        is_slow,
        "{what} takes {:?} for {small} and {:?} for eight times as many",
        time(small),
        time(8 * small)
    );
}

/// How long one rule takes, the shortest of several times.
fn time_of(mut judge: impl FnMut() -> bool) -> Duration {
    let mut times = (0..9).map(|_| {
        let begin = Instant::now();
        assert!(judge(), "the rule refuses");
        begin.elapsed()
    });
    let first = times.next().unwrap_or_default();
    times.fold(first, Duration::min)
}

/// A list, an object of budgets and one of limits with so many names, in their order or the other way round.
fn limits(size: usize, is_reversed: bool) -> (Vec<String>, Json, Json) {
    let mut names: Vec<String> = (0..size).map(|at| format!("{at:06}")).collect();
    if is_reversed {
        names.reverse();
    }
    let object =
        |value: &Json| Json::Dict(names.iter().map(|name| (name.clone().into(), value.clone())).collect());
    let budgets = object(&dict! { "max_budget" => 1 });
    let metadata = dict! { "model_rpm_limit" => object(&Json::Int(1)), "guardrails" => names.clone() };
    (names, budgets, metadata)
}

/// A key with so many limits.
fn key(size: usize) -> VirtualKey {
    let (models, budgets, metadata) = limits(size, false);
    VirtualKey {
        token: "t".to_owned(),
        user_id: Some("u".to_owned()),
        models: models.clone(),
        allowed_cache_controls: models,
        model_max_budget: JsonText::of(&budgets),
        aliases: JsonText::of(&budgets),
        metadata: JsonText::of(&metadata),
        ..VirtualKey::default()
    }
}

fn user(key: Option<VirtualKey>) -> Caller {
    Caller { user_role: Some(Role::InternalUser), user_id: Some("u".to_owned()), key, ..Caller::default() }
}

/// Whether eight times as much takes a rule less than twenty-four times as long.
fn rule_grows_slowly(what: &str, time: impl Fn(usize) -> Duration) {
    let small = 2_000;
    let is_slow = (0..5).any(|_| time(8 * small) < 24 * time(small));
    assert!(is_slow, "{what} takes {:?} and {:?} for eight times as much", time(small), time(8 * small));
}

#[test]
fn the_limits_of_a_key_are_compared_with_others() {
    let rule = UPDATE_STRICT.iter().find(|rule| rule.name == "owner_keeps_limits").expect("the rule");
    rule_grows_slowly("comparing the limits of a key", |size| {
        let (settings, caller, key) = (Settings::default(), user(None), key(size));
        let (models, budgets, metadata) = limits(size, true);
        let columns = dict! {
            "models" => models.clone(), "allowed_cache_controls" => models,
            "model_max_budget" => budgets.clone(), "aliases" => budgets, "metadata" => metadata,
        };
        let request = Json::empty_dict();
        time_of(|| {
            let new = KeyDraft::change(&settings, &caller, Millis(0), &key, &request);
            let mut change = KeyDraft { columns: columns.clone(), standing: Some(Standing::Owner), ..new };
            change.fitted = change.row().ok();
            change.fitted.is_some() && (rule.apply)(&mut change).is_ok()
        })
    });
}

#[test]
fn the_limits_of_a_key_are_handed_on() {
    let rule = GENERATE_STRICT.iter().find(|rule| rule.name == "caller_limits").expect("the rule");
    rule_grows_slowly("handing on the limits of a key", |size| {
        let (settings, caller) = (Settings::default(), user(Some(key(size))));
        let (models, budgets, metadata) = limits(size, true);
        let fitted = VirtualKey {
            models: models.clone(),
            allowed_cache_controls: models,
            model_max_budget: JsonText::of(&budgets),
            aliases: JsonText::of(&budgets),
            ..key(0)
        };
        let (request, columns) = (Json::empty_dict(), dict! { "metadata" => metadata });
        time_of(|| {
            let new = KeyDraft::new(&settings, &caller, Millis(0), &request);
            let mut draft = KeyDraft { fitted: Some(fitted.clone()), columns: columns.clone(), ..new };
            (rule.apply)(&mut draft).is_ok()
        })
    });
}

#[test]
fn a_named_model_is_compared_with_patterns() {
    grows_slowly("naming a model", 125, |size| {
        let mut world = World::new();
        world.made("/user/new", r#"{"user_id":"u","user_role":"internal_user"}"#);
        let models = names(size, |name| format!("\"*a*{name}\""));
        let limited = world.made("/key/generate", &format!(r#"{{"user_id":"u","models":[{models}]}}"#));
        (world, limited, "/key/generate?dry_run=true", format!(r#"{{"model":"{}"}}"#, "a".repeat(256)))
    });
}

#[test]
fn users_join_a_team() {
    let by_id = |name: String| format!(r#"{{"role":"user","user_id":"{name}"}}"#);
    let by_email = |name: String| format!(r#"{{"role":"user","user_email":"{name}@example.com"}}"#);
    let shapes: [fn(String) -> String; 2] = [by_id, by_email];
    for shape in shapes {
        grows_slowly("adding members", 62, move |size| {
            let mut world = World::new();
            let boss = world.made("/user/new", r#"{"user_id":"boss","user_role":"internal_user"}"#);
            let team = r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"boss"}]}"#;
            world.made("/team/new", team);
            let body =
                format!(r#"{{"team_id":"t","member":[{}],"max_budget_in_team":1}}"#, names(size, shape));
            (world, boss, "/team/member_add?dry_run=true", body)
        });
    }
}

#[test]
fn a_team_is_made_with_its_members() {
    grows_slowly("making a team", 62, |size| {
        let members = names(size, |name| format!(r#"{{"role":"user","user_id":"{name}"}}"#));
        let body = format!(r#"{{"team_id":"t","members_with_roles":[{members}]}}"#);
        (World::new(), MASTER.to_owned(), "/team/new?dry_run=true", body)
    });
}
