//! Authentication as a whole: a call, the caller's rows, and who comes out or which refusal.

use super::*;
use crate::http::request::{self, Body};
use crate::settings::{Model, Profile, Settings};
use latchkey_contract::dict;
use latchkey_contract::json::{JsonText, str_of};
use latchkey_contract::tables::{Budget, Millis, Row, Team, User, VirtualKey};
use latchkey_contract::wire::{Call, Fact, Facts, Query};

const KEY: &str = "sk-0123456789abcdef";

struct Case {
    settings: Settings,
    path: &'static str,
    headers: Vec<(String, String)>,
    body: &'static str,
    rows: Option<CallerRows>,
}

fn rows() -> CallerRows {
    let token = mint::token(KEY);
    let key = VirtualKey { token, user_id: Some("u".to_owned()), ..VirtualKey::default() };
    let user =
        User { user_id: "u".to_owned(), user_role: Some("internal_user".to_owned()), ..User::default() };
    CallerRows {
        key,
        user: Some(user),
        team: None,
        team_models: None,
        membership: None,
        budget: None,
        project: None,
    }
}

fn case(profile: Profile) -> Case {
    let master = mint::unhex(&mint::token("sk-master")).unwrap();
    Case {
        settings: Settings { profile, master_key_sha256: master, ..Settings::default() },
        path: "/key/info",
        headers: vec![("authorization".to_owned(), format!("Bearer {KEY}"))],
        body: "",
        rows: Some(rows()),
    }
}

/// The rows as a store tells them.
fn told(rows: &CallerRows) -> JsonText {
    let CallerRows { key, user, team, team_models, membership, budget, .. } = rows;
    let row = |row: Option<&dyn Row>| row.map_or(Json::Null, |row| Json::Raw(row.as_read()));
    JsonText::of(&dict! {
        "key" => row(Some(key)),
        "user" => row(user.as_ref().map(|user| user as _)),
        "team" => row(team.as_ref().map(|team| team as _)),
        "team_models" => row(team_models.as_ref().map(|models| models as _)),
        "membership" => row(membership.as_ref().map(|membership| membership as _)),
        "budget" => row(budget.as_ref().map(|budget| budget as _)),
    })
}

impl Case {
    fn with(mut self, change: impl FnOnce(&mut CallerRows)) -> Self {
        change(self.rows.as_mut().unwrap());
        self
    }

    fn body(mut self, body: &'static str) -> Self {
        self.body = body;
        self
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.headers = vec![(name.to_owned(), value.to_owned())];
        self
    }

    fn at(mut self, path: &'static str) -> Self {
        self.path = path;
        self
    }

    fn ask(&self) -> Result<Caller, Refusal> {
        let rows = self.rows.iter().map(told).collect();
        let query = Query::Caller { token: mint::token(KEY) };
        let call = Call {
            headers: self.headers.clone(),
            now: 1_735_787_045_678,
            facts: Facts(vec![Fact { query, rows, total: None }]),
            ..Call::default()
        };
        let cx = Context::new(&call, self.body.as_bytes(), &self.settings);
        let body = request::body(&cx).unwrap_or(Body::Absent);
        let mut request = Request {
            path: request::percent_decode(self.path),
            query: Vec::new(),
            path_param: String::new(),
            body,
        };
        authenticate(&cx, &mut request, false, false, |_, _, _, _| Ok(())).map_err(|halt| match halt {
            Halt::Refused(refusal) => *refusal,
            other => panic!("{other:?}: {:?}", cx.missing()),
        })
    }

    /// Status, type and text of the refusal.
    fn refused(&self) -> (u16, String, String) {
        let refusal = self.ask().unwrap_err();
        let body = refusal.body();
        let error = body.get("error").unwrap();
        (refusal.status, str_of(error.get("type").unwrap()), str_of(error.get("message").unwrap()))
    }

    fn text(&self) -> String {
        self.refused().2.trim_start_matches("Authentication Error, ").to_owned()
    }
}

/// A route that a spent budget closes.
const SPENDS: &str = "/key/generate";

const LITELLM: Profile = Profile::Litellm160;
const STRICT: Profile = Profile::Strict;

#[test]
fn a_stored_key_acts_with_the_role_of_its_user() {
    let caller = case(STRICT).ask().unwrap();
    assert_eq!((caller.user_role, caller.user_id.as_deref()), (Some(Role::InternalUser), Some("u")));
    let stranger = case(STRICT).with(|rows| rows.user = None).ask().unwrap();
    assert_eq!(stranger.user_role, Some(Role::InternalUser));
    let odd = case(STRICT).with(|rows| rows.user.as_mut().unwrap().user_role = Some("odd".to_owned()));
    assert_eq!(odd.ask().unwrap().user_role, Some(Role::InternalUser));
}

#[test]
fn the_master_key_needs_no_row() {
    let caller = case(STRICT).header("authorization", "Bearer sk-master").ask().unwrap();
    assert!(caller.is_master && caller.is_proxy_admin());
}

#[test]
fn four_headers_carry_a_key_and_the_operator_may_choose_one() {
    for name in ["api-key", "x-api-key", "x-goog-api-key"] {
        assert!(case(LITELLM).header(name, KEY).ask().is_ok(), "{name}");
    }
    assert_eq!(case(LITELLM).header("x-other", KEY).text(), messages::NO_KEY);
    let mut own = case(LITELLM).header("x-mine", &format!("Bearer {KEY}"));
    own.settings.key_header_name = Some("x-mine".to_owned());
    assert!(own.ask().is_ok());
    let own = own.header("authorization", "Bearer sk-master");
    assert_eq!(own.text(), messages::malformed_key("Bearer sk-master"));
}

#[test]
fn what_is_no_key_is_told_by_the_references_texts() {
    let ask = |value| case(LITELLM).header("authorization", value).refused();
    for (value, text) in [
        ("", messages::NO_KEY.to_owned()),
        ("sk-1", messages::malformed_key("sk-1")),
        ("BEARER sk-1", messages::malformed_key("BEARER sk-1")),
        ("Bearer nonsense", messages::not_a_virtual_key("nonsense")),
    ] {
        assert_eq!(ask(value), (401, "auth_error".to_owned(), format!("Authentication Error, {text}")));
    }
    let mut unknown = case(LITELLM);
    unknown.rows = None;
    assert_eq!(unknown.text(), messages::UNKNOWN_KEY);
}

#[test]
fn profile_strict_echoes_no_presented_key_and_takes_any_case_of_the_scheme() {
    assert!(case(STRICT).header("authorization", &format!("BEARER {KEY}")).ask().is_ok());
    let malformed = case(STRICT).header("authorization", "Token secret-0123456789").text();
    assert_eq!(malformed, messages::malformed_key("...6789"));
    let other = case(STRICT).header("authorization", "Bearer secret-0123456789").text();
    assert_eq!(other, messages::not_a_virtual_key("...6789"));
}

#[test]
fn blocked_expired_and_spent_keys_are_refused_in_this_order() {
    let spent = |rows: &mut CallerRows| (rows.key.spend, rows.key.max_budget) = (2.0, Some(1.0));
    let expired = |rows: &mut CallerRows| rows.key.expires = Some(Millis(1_735_787_045_000));
    let spent_only = case(STRICT).at(SPENDS).with(spent);
    let text = "Budget has been exceeded! Current cost: 2.0, Max budget: 1.0".to_owned();
    assert_eq!(spent_only.refused(), (400, "budget_exceeded".to_owned(), text));
    let expired_too = case(STRICT).with(spent).with(expired);
    let text = "Authentication Error - Expired Key. Key Expiry time 2025-01-02 03:04:05+00:00 and current time 2025-01-02 03:04:05.678000+00:00";
    assert_eq!(expired_too.refused(), (401, "expired_key".to_owned(), text.to_owned()));
    let all = case(STRICT).with(spent).with(expired).with(|rows| rows.key.blocked = Some(true));
    assert_eq!(all.text(), messages::BLOCKED_KEY);
    for (expires, is_refused) in [(1_735_787_045_678, true), (1_735_787_045_679, false)] {
        let case = case(STRICT).with(|rows| rows.key.expires = Some(Millis(expires)));
        assert_eq!(case.ask().is_err(), is_refused, "{expires}");
    }
}

#[test]
fn a_budget_row_counts_before_the_keys_own_budget() {
    let budget = |max_budget| Some(Budget { max_budget, ..Budget::default() });
    let spent = |rows: &mut CallerRows| (rows.key.spend, rows.key.max_budget) = (5.0, Some(10.0));
    assert!(case(LITELLM).with(spent).with(|rows| rows.budget = budget(None)).ask().is_ok());
    let refused = case(LITELLM).with(spent).with(|rows| rows.budget = budget(Some(1.0)));
    assert_eq!(refused.text(), messages::budget_exceeded("5.0", "1.0"));
}

#[test]
fn a_temporary_increase_counts_until_it_ends_and_a_zone_breaks_the_key_only_in_the_reference() {
    let ask = |profile, expiry: &str| {
        let metadata = dict! { "temp_budget_increase" => 5, "temp_budget_expiry" => expiry };
        case(profile)
            .with(|rows| (rows.key.spend, rows.key.max_budget) = (2.0, Some(1.0)))
            .with(|rows| rows.key.metadata = JsonText::of(&metadata))
            .at(SPENDS)
            .ask()
            .map(|_| ())
            .map_err(|refusal| refusal.code)
    };
    assert_eq!(ask(LITELLM, "2099-01-01"), Ok(()));
    assert_eq!(ask(LITELLM, "2001-01-01T00:00:00"), Err(Code::BudgetExceeded));
    assert_eq!(ask(LITELLM, "2099-01-01T00:00:00Z"), Err(Code::KeyUnknown));
    assert_eq!(ask(LITELLM, "x"), Err(Code::KeyUnknown));
    assert_eq!(ask(STRICT, "2099-01-01T00:00:00Z"), Ok(()));
    assert_eq!(ask(STRICT, "x"), Err(Code::BudgetExceeded));
}

#[test]
fn a_user_over_budget_is_refused_with_a_key_of_no_team_only() {
    let spent = |rows: &mut CallerRows| {
        let user = rows.user.as_mut().unwrap();
        (user.spend, user.max_budget) = (3.0, Some(1.0));
    };
    assert_eq!(case(STRICT).at(SPENDS).with(spent).text(), messages::user_budget_exceeded("u", "3.0", "1.0"));
    assert!(case(STRICT).with(spent).with(|rows| rows.key.team_id = Some("t".to_owned())).ask().is_ok());
}

fn with_team(rows: &mut CallerRows) {
    rows.key.team_id = Some("t".to_owned());
    rows.team = Some(Team {
        team_id: "t".to_owned(),
        models: vec!["gpt-4".to_owned()],
        metadata: JsonText::of(&dict! { "guardrails" => dict! { "modify_guardrails" => false } }),
        ..Team::default()
    });
}

#[test]
fn a_blocked_or_spent_team_stops_its_keys() {
    let team = |change: fn(&mut Team)| {
        case(STRICT).at(SPENDS).with(with_team).with(|r| change(r.team.as_mut().unwrap()))
    };
    assert_eq!(team(|team| team.blocked = true).text(), messages::team_is_blocked("t"));
    let spent = team(|team| (team.spend, team.max_budget) = (7.0, Some(1.5)));
    assert_eq!(spent.text(), messages::team_budget_exceeded("t", "7.0", "1.5"));
}

#[test]
fn models_and_guardrails_of_the_body_are_judged() {
    let key = case(LITELLM).with(|rows| rows.key.models = vec!["gpt-4".to_owned(), "a/*".to_owned()]);
    let key = key.body(r#"{"model": "x"}"#);
    let text = messages::model_forbidden("['gpt-4', 'a/*']", "x");
    assert_eq!(key.refused(), (401, "key_model_access_denied".to_owned(), text));
    assert!(key.body(r#"{"model": "a/b"}"#).ask().is_ok());
    let team = case(LITELLM).with(with_team).body(r#"{"model": "x"}"#);
    let text = messages::team_model_forbidden("t", "x", "['gpt-4']");
    assert_eq!(team.refused(), (401, "team_model_access_denied".to_owned(), text));
    let guardrails = case(STRICT).with(with_team).body(r#"{"metadata": {"guardrails": ["a"]}}"#);
    assert_eq!(guardrails.refused().0, 403);
}

#[test]
fn fallbacks_are_judged_like_models_and_must_be_offered() {
    let key = |profile| {
        let mut case = case(profile);
        case.settings.models = vec![Model { name: "gpt-4".to_owned(), ..Model::default() }];
        case
    };
    for profile in [LITELLM, STRICT] {
        assert!(key(profile).body(r#"{"fallbacks": ["gpt-4", {"model": "gpt-4"}]}"#).ask().is_ok());
        assert_eq!(key(profile).body(r#"{"fallbacks": ["other"]}"#).refused().0, 400);
        let limited = key(profile).with(|rows| rows.key.models = vec!["gpt-4".to_owned()]);
        let text = messages::model_forbidden("['gpt-4']", "x");
        assert_eq!(limited.body(r#"{"fallbacks": ["x"]}"#).text(), text);
    }
    assert_eq!(key(LITELLM).body(r#"{"fallbacks": 5}"#).text(), "'int' object is not iterable");
    assert_eq!(key(LITELLM).body(r#"{"fallbacks": [{}]}"#).text(), "'model'");
    assert!(key(STRICT).body(r#"{"fallbacks": 5}"#).ask().is_ok());
}

#[test]
fn a_users_wildcard_without_a_model_locks_the_user_out_only_in_the_reference() {
    let wildcard = |rows: &mut CallerRows| rows.user.as_mut().unwrap().models = vec!["*".to_owned()];
    let text = "expected string or bytes-like object, got 'NoneType'";
    assert_eq!(case(LITELLM).with(wildcard).text(), text);
    assert!(case(STRICT).with(wildcard).ask().is_ok());
}

#[test]
fn a_body_may_not_name_an_upstream() {
    for profile in [LITELLM, STRICT] {
        let ask = |body| case(profile).body(body);
        assert_eq!(ask(r#"{"base_url": null}"#).text(), messages::upstream_in_body("base_url"));
        assert!(ask(r#"{"base_url": "x", "model": "gpt-4", "api_key": "k"}"#).ask().is_ok());
        let bedrock = ask(r#"{"api_base": "x", "model": "bedrock/x", "api_key": "k"}"#);
        assert_eq!(bedrock.text(), messages::upstream_in_body("api_base"));
        let mut allowed = ask(r#"{"base_url": "x"}"#);
        allowed.settings.allow_client_side_credentials = true;
        assert!(allowed.ask().is_ok());
    }
}

#[test]
fn bodies_of_other_forms_fail_in_authentication_only_in_the_reference() {
    for (body, text) in [
        ("[]", "'list' object has no attribute 'get'"),
        ("null", "'NoneType' object has no attribute 'get'"),
        ("1.5", "'float' object has no attribute 'get'"),
        (r#"{"metadata": 1}"#, "argument of type 'int' is not iterable"),
        (r#"{"metadata": "a user_id"}"#, "string indices must be integers, not 'str'"),
        (r#"{"litellm_metadata": null}"#, "'NoneType' object has no attribute 'get'"),
    ] {
        assert_eq!(case(LITELLM).body(body).text(), text, "{body}");
        assert!(case(STRICT).body(body).ask().is_ok(), "{body}");
    }
    assert!(case(LITELLM).body("NaN").ask().is_ok());
    assert!(case(LITELLM).body(r#"{"metadata": 1, "x": NaN}"#).ask().is_ok());
}

#[test]
fn the_reference_ends_its_route_at_a_decoded_question_mark_and_strict_does_not() {
    let viewer = |profile| {
        case(profile)
            .with(|rows| rows.user.as_mut().unwrap().user_role = Some("internal_user_viewer".to_owned()))
            .at("/key/info%3Fx/regenerate")
    };
    assert!(viewer(LITELLM).ask().is_ok());
    assert_eq!(viewer(STRICT).refused().0, 401);
}

#[test]
fn a_providers_name_in_the_path_needs_no_key_only_in_the_reference() {
    let nobody = |profile| case(profile).header("x", "y").at("/key/vertex-ai/regenerate");
    assert_eq!(nobody(LITELLM).ask().unwrap().user_role, Some(Role::InternalUserViewer));
    assert!(nobody(STRICT).text().starts_with(messages::NO_KEY));
}

#[test]
fn routes_outside_the_operators_list_are_closed_even_to_the_master_key() {
    let mut closed = case(STRICT).header("authorization", "Bearer sk-master");
    closed.settings.allowed_routes = Some(vec!["/key/list".to_owned()]);
    assert_eq!(closed.refused().0, 403);
}

#[test]
fn service_accounts_pass_what_the_operator_wants_of_them() {
    let mut account = case(STRICT);
    account.settings.service_account_params = vec!["user".to_owned()];
    assert!(account.ask().is_ok());
    let metadata = dict! { "service_account_id" => "s" };
    let account = account.with(|rows| rows.key.metadata = JsonText::of(&metadata));
    assert_eq!(account.text(), messages::service_account_param("user"));
    assert!(account.body(r#"{"user": "x"}"#).ask().is_ok());
}

#[test]
fn the_operators_public_routes_need_a_licence_and_no_key() {
    let mut open = case(LITELLM).header("x", "y");
    open.settings.public_routes = vec!["/key/info".to_owned()];
    assert_eq!(open.text(), messages::NO_KEY);
    open.settings.premium_user = true;
    assert_eq!(open.ask().unwrap().user_role, Some(Role::InternalUserViewer));
    assert_eq!(open.body(r#"{"metadata": 1}"#).refused().0, 401);
}
