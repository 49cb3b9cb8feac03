//! A server without HTTP for the stories in process: the rules, a store in memory and a clock.

use crate::implementation::{InProcess, Request, Response, Session, configure};
use chrono::{DateTime, Utc};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText, Limits, read};
use latchkey_contract::tables::Row;
use latchkey_contract::wire::{Write, insert};
use latchkey_core::Policy;

/// The master key of every world.
pub const MASTER: &str = "sk-master-key-of-the-tests";

/// A server without HTTP, under one profile.
pub struct World(Box<dyn Session>);

impl World {
    /// With a licence, under these `litellm_settings`.
    pub fn new(profile: &str, litellm_settings: &str) -> Self {
        Self::with(profile, litellm_settings, true, dict! { "master_key" => MASTER })
    }

    /// Without a licence.
    pub fn unlicensed(profile: &str) -> Self {
        Self::with(profile, "{}", false, dict! { "master_key" => MASTER })
    }

    /// With a rule of the operator's own, which nobody here can ask.
    pub fn with_custom_rule(profile: &str) -> Self {
        let general_settings = dict! { "master_key" => MASTER, "custom_key_generate" => "rule.wasm" };
        Self::with(profile, "{}", true, general_settings)
    }

    /// With or without a licence, under these `litellm_settings` and `general_settings`.
    pub fn with(profile: &str, litellm_settings: &str, premium_user: bool, general_settings: Json) -> Self {
        let own = dict! { "profile" => profile, "premium_user" => premium_user };
        Self::under(json(litellm_settings), general_settings, own)
    }

    /// With settings of Latchkey's own beside the profile.
    pub fn with_own(profile: &str, own: &str) -> Self {
        let mut own = json(own);
        own.set("profile", profile.into());
        own.set("premium_user", true.into());
        Self::under(Json::empty_dict(), dict! { "master_key" => MASTER }, own)
    }

    fn under(litellm_settings: Json, general_settings: Json, own: Json) -> Self {
        Self::over(Box::new(InProcess::new(policy(litellm_settings, general_settings, own))))
    }

    /// A world whose clock starts at `start` and goes on by a second with every request, and whose random bytes are counted:
    /// the same requests have the same replies.
    pub fn repeatable(start: DateTime<Utc>, profile: &str, litellm_settings: &str) -> Self {
        let own = dict! { "profile" => profile, "premium_user" => true };
        let policy = policy(json(litellm_settings), dict! { "master_key" => MASTER }, own);
        Self::over(Box::new(InProcess::repeatable(policy, start)))
    }

    /// Over a session that is open already.
    pub fn over(session: Box<dyn Session>) -> Self {
        Self(session)
    }

    /// Status and body of a POST.
    pub fn post(&mut self, key: &str, path: &str, body: &str) -> (u16, Json) {
        self.send(&Request::post(path, key, body))
    }

    /// Status and body of a GET.
    pub fn get(&mut self, key: &str, target: &str) -> (u16, Json) {
        self.send(&Request::get(target, key))
    }

    /// The status of a reply that need not be JSON.
    pub fn status(&mut self, request: &Request) -> u16 {
        self.response(request).status
    }

    /// Status and body of a reply in JSON.
    pub fn send(&mut self, request: &Request) -> (u16, Json) {
        let response = self.response(request);
        (response.status, json(&String::from_utf8_lossy(&response.body)))
    }

    /// The whole reply.
    pub fn response(&mut self, request: &Request) -> Response {
        self.0.send(request).expect("the rules answer")
    }

    /// Sends a request by the proxy admin, and another one before it is stored.
    pub fn post_while(&mut self, (path, body): (&str, &str), (other, with): (&str, &str)) -> u16 {
        let (one, meanwhile) = (Request::post(path, MASTER, body), Request::post(other, MASTER, with));
        self.send_while(&one, &meanwhile).status
    }

    /// Sends a request, and another one before it is stored.
    pub fn send_while(&mut self, one: &Request, meanwhile: &Request) -> Response {
        self.0.send_while(one, meanwhile).expect("the rules answer")
    }

    /// The verdict of `check` on a question.
    pub fn check(&mut self, question: &Json) -> Json {
        self.0.check(question).expect("a verdict")
    }

    /// The reply to what the proxy admin posts and is granted.
    pub fn made(&mut self, path: &str, body: &str) -> Json {
        let (status, reply) = self.post(MASTER, path, body);
        assert_eq!(status, 200, "{path} {body}: {reply:?}");
        reply
    }

    /// The status of `POST /key/generate` by the proxy admin.
    pub fn generate(&mut self, body: &str) -> u16 {
        self.post(MASTER, "/key/generate", body).0
    }

    /// A user's key, made by the proxy admin.
    pub fn user(&mut self, user_id: &str, role: &str) -> String {
        text(&self.made("/user/new", &format!(r#"{{"user_id":"{user_id}","user_role":"{role}"}}"#)), "key")
    }

    /// A key made by the proxy admin.
    pub fn key(&mut self, body: &str) -> String {
        text(&self.made("/key/generate", body), "key")
    }

    /// Lets so many seconds pass.
    pub fn sleep(&mut self, seconds: f64) {
        self.0.sleep(seconds);
    }

    /// Changes a column of a row, as LiteLLM does on a database that both have; `value` is JSON.
    pub fn set(&mut self, table: &'static str, key: &str, column: &'static str, value: &str) {
        self.set_of(table, &[key], column, value);
    }

    /// The same, of a row whose key has several columns.
    pub fn set_of(&mut self, table: &'static str, key: &[&str], column: &'static str, value: &str) {
        let key = key.iter().map(|part| (*part).to_owned()).collect();
        let value = JsonText::parse(value.to_owned()).expect("JSON");
        let set = [(column.into(), value)].into_iter().collect();
        let write = Write::Update { table: table.into(), key, set };
        self.0.write(write).expect("the row is there");
    }

    /// Puts a row into the store, as LiteLLM does on a database that both have.
    pub fn put(&mut self, row: &dyn Row) {
        self.0.write(insert(row)).expect("the row is new");
    }

    /// All rows of a table, in the order of their making.
    pub fn rows(&self, table: &str) -> Vec<Json> {
        self.0.rows(table).expect("a store in memory")
    }
}

fn policy(litellm_settings: Json, general_settings: Json, own: Json) -> Policy {
    let settings = dict! {
        "general_settings" => general_settings, "litellm_settings" => litellm_settings, "latchkey" => own,
    };
    configure(&settings).expect("the test's settings are usable")
}

/// Reads JSON.
pub fn json(text: &str) -> Json {
    read(text.as_bytes(), &Limits::STORED).expect("JSON")
}

/// A text member of an object, empty if there is none.
pub fn text(object: &Json, name: &str) -> String {
    object.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
}
