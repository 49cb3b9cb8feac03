//! What a caller sends or stores makes no decision grow faster than n log n: the same request with eight times as much takes
//! about eight times as long, and not sixty-four times.

use latchkey_core::Policy;
use latchkey_core::dict;
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
        Ok(self.policy.check(input))
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

fn reversed(count: usize, shape: impl Fn(String) -> String) -> String {
    (0..count).rev().map(|at| shape(format!("{at:05}"))).collect::<Vec<_>>().join(",")
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

#[test]
fn a_list_of_models_is_compared_with_another() {
    grows_slowly("reversing the models of a key", 700, |size| {
        let mut world = World::new();
        let owner = world.made("/user/new", r#"{"user_id":"u","user_role":"internal_user"}"#);
        let models = names(size, |name| format!("\"{name}\""));
        let key = world.made("/key/generate", &format!(r#"{{"user_id":"u","models":[{models}]}}"#));
        let models = reversed(size, |name| format!("\"{name}\""));
        (world, owner, "/key/update?dry_run=true", format!(r#"{{"key":"{key}","models":[{models}]}}"#))
    });
}

#[test]
fn budgets_by_model_are_compared_with_others() {
    grows_slowly("reversing the budgets by model of a key", 500, |size| {
        let mut world = World::new();
        let owner = world.made("/user/new", r#"{"user_id":"u","user_role":"internal_user"}"#);
        let budgets = names(size, |name| format!("\"{name}\":{{}}"));
        let key =
            world.made("/key/generate", &format!(r#"{{"user_id":"u","model_max_budget":{{{budgets}}}}}"#));
        let budgets = reversed(size, |name| format!("\"{name}\":{{}}"));
        let body = format!(r#"{{"key":"{key}","model_max_budget":{{{budgets}}}}}"#);
        (world, owner, "/key/update?dry_run=true", body)
    });
}

#[test]
fn a_limited_key_is_handed_on() {
    grows_slowly("asking for all models of the calling key", 700, |size| {
        let mut world = World::new();
        world.made("/user/new", r#"{"user_id":"u","user_role":"internal_user"}"#);
        let models = names(size, |name| format!("\"{name}\""));
        let limited = world.made("/key/generate", &format!(r#"{{"user_id":"u","models":[{models}]}}"#));
        let models = reversed(size, |name| format!("\"{name}\""));
        (world, limited, "/key/generate?dry_run=true", format!(r#"{{"models":[{models}]}}"#))
    });
}

#[test]
fn a_named_model_is_compared_with_patterns() {
    grows_slowly("naming a model", 250, |size| {
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
        grows_slowly("adding members", 400, move |size| {
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
    grows_slowly("making a team", 400, |size| {
        let members = names(size, |name| format!(r#"{{"role":"user","user_id":"{name}"}}"#));
        let body = format!(r#"{{"team_id":"t","members_with_roles":[{members}]}}"#);
        (World::new(), MASTER.to_owned(), "/team/new?dry_run=true", body)
    });
}
