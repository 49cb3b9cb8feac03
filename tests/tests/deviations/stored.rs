//! Deviations on what is stored and by what it was decided, and on what is told of it.

use crate::{MASTER, World, text};
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Table, Team};
use latchkey_core::Policy;
use latchkey_tests::implementation::{Engine, InProcess, Request, configure};
use std::cell::RefCell;
use std::rc::Rc;

/// The rules, and all that they have said.
struct Heard {
    policy: Policy,
    steps: Rc<RefCell<String>>,
}

impl Engine for Heard {
    fn handle(&mut self, frame: &[u8]) -> Result<Vec<u8>, String> {
        let step = self.policy.handle(frame);
        self.steps.borrow_mut().push_str(&String::from_utf8_lossy(&step));
        Ok(step)
    }

    fn check(&mut self, _input: &[u8]) -> Result<Vec<u8>, String> {
        Err("is not asked".to_owned())
    }
}

/// A world with an audit log, which is in what the rules say.
fn heard(profile: &str) -> (World, Rc<RefCell<String>>) {
    let settings = dict! {
        "general_settings" => dict! { "master_key" => MASTER },
        "litellm_settings" => dict! { "store_audit_logs" => true },
        "latchkey" => dict! { "profile" => profile, "premium_user" => true },
    };
    let steps = Rc::default();
    let policy = configure(&settings).expect("the test's settings are usable");
    let heard = Heard { policy, steps: Rc::clone(&steps) };
    (World::over(Box::new(InProcess::new(heard))), steps)
}

deviations! {
    damaged_rows_decide_nothing under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 404), (strict, 409)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t"}"#).0, 200);
            world.set(Team::NAME, "t", "blocked", "[7]");
            assert_eq!(world.get(MASTER, "/team/info?team_id=t").0, expected);
        }
    }

    decisions_hold_until_they_are_stored under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 200), (strict, 401)] {
            let user = world.user("u", "internal_user");
            let block = format!(r#"{{"key":"{user}"}}"#);
            let (make, block) = (Request::post("/key/generate", &user, "{}"), Request::post("/key/block", MASTER, block));
            let made = world.send_while(&make, &block);
            assert_eq!(made.status, expected, "{}", String::from_utf8_lossy(&made.body));
        }
    }

    audit_rows_name_the_actor under "{}": |litellm, strict| {
        // the worlds of other tests have no audit log
        let _ = (litellm, strict);
        for (profile, named) in [("litellm-1.60", "the-neighbour"), ("strict", "u")] {
            let (mut world, steps) = heard(profile);
            let user = world.user("u", "internal_user");
            assert_eq!(steps.borrow().contains(r#""changed_by_api_key":"master_key""#), profile == "strict");
            steps.borrow_mut().clear();
            let mut request = Request::post("/key/generate", &user, "{}");
            request.headers.push(("litellm-changed-by".to_owned(), "the-neighbour".to_owned()));
            assert_eq!(world.send(&request).0, 200);
            assert!(steps.borrow().contains(&format!(r#""changed_by":"{named}""#)), "{profile} {}", steps.borrow());
        }
    }

    nulls_leave_teams_as_they_are under "{}": |litellm, strict| {
        for (world, expected) in [(litellm, 400), (strict, 200)] {
            assert_eq!(world.post(MASTER, "/team/new", r#"{"team_id":"t","models":["m"],"metadata":{"a":1}}"#).0, 200);
            for name in ["metadata", "models", "blocked"] {
                assert_eq!(world.post(MASTER, "/team/update", &format!(r#"{{"team_id":"t","{name}":null}}"#)).0, expected, "{name}");
            }
            let (_, team) = world.get(MASTER, "/team/info?team_id=t");
            let info = team.get("team_info").unwrap_or(&Json::Null);
            assert_eq!(info.get("metadata"), Some(&dict! { "a" => 1 }));
            assert_eq!(info.get("models"), Some(&Json::List(vec!["m".into()])));
        }
    }

    newcomers_show_their_names_only under "{}": |litellm, strict| {
        for (world, is_shown) in [(litellm, true), (strict, false)] {
            let boss = world.user("boss", "internal_user");
            assert_eq!(world.post(MASTER, "/user/new", r#"{"user_id":"ada","user_email":"ada@example.com","max_budget":7}"#).0, 200);
            let team = r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"boss"}]}"#;
            assert_eq!(world.post(MASTER, "/team/new", team).0, 200);
            let member = r#"{"team_id":"t","member":{"role":"user","user_id":"ada"}}"#;
            let (status, reply) = world.post(&boss, "/team/member_add", member);
            assert_eq!(status, 200, "{reply:?}");
            let users = reply.get("updated_users").and_then(Json::as_list).expect("users");
            assert_eq!(text(&users[0], "user_id"), "ada");
            assert_eq!(users[0].get("max_budget"), is_shown.then_some(&Json::Float(7.0)));
        }
    }
}
