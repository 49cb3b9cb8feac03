//! Every deviation of profile strict: the hole as release 1.60.8 has it, and the same request under strict.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText, Limits, read};
use latchkey_contract::tables::Row;
use latchkey_contract::wire::{Write, insert};
use latchkey_core::DEVIATIONS;
use latchkey_tests::implementation::{Implementation, Native, Request, Session};

const MASTER: &str = "sk-master-key-of-the-tests";

/// A server without HTTP, under one profile.
struct World(Box<dyn Session>);

impl World {
    fn new(profile: &str, litellm_settings: &str) -> Self {
        Self::with(profile, litellm_settings, true, dict! { "master_key" => MASTER })
    }

    /// With a rule of the operator's own, which these tests cannot run.
    fn with_custom_rule(profile: &str) -> Self {
        let general_settings = dict! { "master_key" => MASTER, "custom_key_generate" => "rule.wasm" };
        Self::with(profile, "{}", true, general_settings)
    }

    fn unlicensed(profile: &str) -> Self {
        Self::with(profile, "{}", false, dict! { "master_key" => MASTER })
    }

    fn with(profile: &str, litellm_settings: &str, premium_user: bool, general_settings: Json) -> Self {
        let settings = dict! {
            "general_settings" => general_settings,
            "litellm_settings" => json(litellm_settings),
            "latchkey" => dict! { "profile" => profile, "premium_user" => premium_user },
        };
        Self(Native.open(&settings).expect("the test's settings are usable"))
    }

    /// With settings of Latchkey's own beside the profile.
    fn with_own(profile: &str, own: &str) -> Self {
        let mut latchkey = json(own);
        latchkey.set("profile", Json::from(profile));
        latchkey.set("premium_user", Json::from(true));
        let general_settings = dict! { "master_key" => MASTER };
        let settings = dict! { "general_settings" => general_settings, "latchkey" => latchkey };
        Self(Native.open(&settings).expect("the test's settings are usable"))
    }

    fn post(&mut self, key: &str, path: &str, body: &str) -> (u16, Json) {
        self.send(&Request::post(path, key, body))
    }

    fn get(&mut self, key: &str, target: &str) -> (u16, Json) {
        self.send(&Request::get(target, key))
    }

    /// The status of a reply that need not be JSON.
    fn status(&mut self, request: &Request) -> u16 {
        self.0.send(request).expect("the rules answer").status
    }

    fn send(&mut self, request: &Request) -> (u16, Json) {
        let response = self.0.send(request).expect("the rules answer");
        (response.status, json(&String::from_utf8_lossy(&response.body)))
    }

    /// Sends a request by the proxy admin, and another one before it is stored.
    fn post_while(&mut self, (path, body): (&str, &str), (other, with): (&str, &str)) -> u16 {
        let (one, meanwhile) = (Request::post(path, MASTER, body), Request::post(other, MASTER, with));
        self.0.send_while(&one, &meanwhile).expect("the rules answer").status
    }

    /// The status of `POST /key/generate` by the proxy admin.
    fn generate(&mut self, body: &str) -> u16 {
        self.post(MASTER, "/key/generate", body).0
    }

    /// Changes a column of a row, as LiteLLM does on a database that both have; `value` is JSON.
    fn set(&mut self, table: &'static str, key: &str, column: &'static str, value: &str) {
        let value = JsonText::parse(value.to_owned()).expect("JSON");
        let set = [(column.into(), value)].into_iter().collect();
        let write = Write::Update { table: table.into(), key: vec![key.to_owned()], set };
        self.0.write(write).expect("the row is there");
    }

    /// Puts a row into the store, as LiteLLM does on a database that both have.
    fn put(&mut self, row: &dyn Row) {
        self.0.write(insert(row)).expect("the row is new");
    }

    /// A user's key, made by the proxy admin.
    fn user(&mut self, user_id: &str, role: &str) -> String {
        let body = format!(r#"{{"user_id":"{user_id}","user_role":"{role}"}}"#);
        let (status, reply) = self.post(MASTER, "/user/new", &body);
        assert_eq!(status, 200, "{reply:?}");
        text(&reply, "key")
    }

    /// A key made by the proxy admin.
    fn key(&mut self, body: &str) -> String {
        let (status, reply) = self.post(MASTER, "/key/generate", body);
        assert_eq!(status, 200, "{reply:?}");
        text(&reply, "key")
    }
}

fn json(text: &str) -> Json {
    read(text.as_bytes(), &Limits::STORED).expect("JSON")
}

fn text(reply: &Json, name: &str) -> String {
    reply.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
}

/// One test for each deviation, with a world in each profile.
macro_rules! deviations {
    ($($name:ident under $settings:literal: |$litellm:ident, $strict:ident| $body:block)+) => {
        $(#[test]
        fn $name() {
            let $litellm = &mut World::new("litellm-1.60", $settings);
            let $strict = &mut World::new("strict", $settings);
            $body
        })+

        pub(crate) const TESTED: &[&str] = &[$(stringify!($name)),+];
    };
}

mod callers;
mod changed_keys;
mod limits;
mod many;
mod members;
mod new_keys;
mod people;
mod requests;
mod stored;
mod today;

#[test]
fn every_deviation_has_its_test() {
    let tested = [
        new_keys::TESTED,
        callers::TESTED,
        people::TESTED,
        changed_keys::TESTED,
        limits::TESTED,
        many::TESTED,
        members::TESTED,
        today::TESTED,
        requests::TESTED,
        stored::TESTED,
    ]
    .concat();
    let named: Vec<&str> = DEVIATIONS.iter().map(|deviation| deviation.name).collect();
    let mut untested = named.clone();
    untested.retain(|name| !tested.contains(name));
    assert_eq!(untested, Vec::<&str>::new());
    assert_eq!(tested.len(), named.len(), "a test without a row in the table");
}
