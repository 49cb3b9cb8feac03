//! `?dry_run=true` answers with the verdict and changes nothing.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_tests::implementation::{Implementation, Native, Request, Session};

const MASTER: &str = "sk-master-key-of-the-tests";

fn open(profile: &str) -> Box<dyn Session> {
    let bounds = dict! { "max_budget" => 100, "duration" => "30d" };
    let settings = dict! {
        "general_settings" => dict! { "master_key" => MASTER },
        "litellm_settings" => dict! { "upperbound_key_generate_params" => bounds },
        "latchkey" => dict! { "profile" => profile },
    };
    Native.open(&settings).expect("the test's settings are usable")
}

fn send(session: &mut dyn Session, request: &Request) -> (u16, Json) {
    let response = session.send(request).expect("the rules answer");
    (response.status, read(&response.body, &Limits::STORED).expect("JSON"))
}

fn keys(session: &mut dyn Session) -> Option<Json> {
    send(session, &Request::get("/key/list", MASTER)).1.get("total_count").cloned()
}

#[test]
fn a_dry_run_names_every_violation_and_stores_nothing() {
    let mut session = open("strict");
    let body = r#"{"max_budget":101,"duration":"31d","team_id":"ghost","key":"x"}"#;
    let (status, verdict) =
        send(session.as_mut(), &Request::post("/key/generate?dry_run=true", MASTER, body));
    assert_eq!((status, verdict.get("allowed")), (200, Some(&Json::Bool(false))));
    let codes: Vec<&str> = verdict
        .get("violations")
        .and_then(Json::as_list)
        .unwrap_or_default()
        .iter()
        .filter_map(|violation| violation.get("code")?.as_str())
        .collect();
    assert_eq!(codes, ["custom_key_invalid", "team_unknown", "above_upper_bound", "above_upper_bound"]);
    assert_eq!(keys(session.as_mut()), Some(Json::Int(0)));
}

#[test]
fn a_dry_run_shows_effective_values_and_where_they_come_from() {
    let mut session = open("strict");
    let request = Request::post("/key/generate?dry_run=true", MASTER, r#"{"key_alias":"a"}"#);
    let (_, verdict) = send(session.as_mut(), &request);
    let member = |group: &str, name: &str| verdict.get(group).and_then(|group| group.get(name)).cloned();
    assert_eq!(member("effective", "max_budget"), Some(Json::Float(100.0)));
    assert_eq!(member("provenance", "max_budget"), Some(Json::from("upper_bound")));
    assert_eq!(member("provenance", "key_alias"), Some(Json::from("request")));
    assert_eq!(keys(session.as_mut()), Some(Json::Int(0)));
}

#[test]
fn other_changes_can_be_tried_too() {
    let mut session = open("strict");
    let (_, made) = send(session.as_mut(), &Request::post("/key/generate", MASTER, "{}"));
    let key = made.get("key").and_then(Json::as_str).unwrap_or_default().to_owned();
    for (path, body) in [
        ("/key/delete?dry_run=true", format!(r#"{{"keys":["{key}"]}}"#)),
        ("/key/block?dry_run=true", format!(r#"{{"key":"{key}"}}"#)),
        ("/team/new?dry_run=true", r#"{"team_id":"t"}"#.to_owned()),
    ] {
        let (status, verdict) = send(session.as_mut(), &Request::post(path, MASTER, body));
        assert_eq!((status, verdict.get("allowed")), (200, Some(&Json::Bool(true))), "{path} {verdict:?}");
    }
    let ghost = Request::post("/team/delete?dry_run=true", MASTER, r#"{"team_ids":["ghost"]}"#);
    let (_, refused) = send(session.as_mut(), &ghost);
    assert_eq!(refused.get("allowed"), Some(&Json::Bool(false)));
    let (_, info) = send(session.as_mut(), &Request::get(&format!("/key/info?key={key}"), MASTER));
    assert_eq!(info.get("info").and_then(|info| info.get("blocked")), Some(&Json::Null));
}

#[test]
fn a_change_is_tried_by_all_rules_of_changes() {
    let mut session = open("strict");
    let (_, made) = send(session.as_mut(), &Request::post("/key/generate", MASTER, "{}"));
    let key = made.get("key").and_then(Json::as_str).unwrap_or_default().to_owned();
    let body =
        format!(r#"{{"key":"{key}","max_budget":101,"team_id":"ghost","rpm_limit":-1,"duration":null}}"#);
    let (_, verdict) = send(session.as_mut(), &Request::post("/key/update?dry_run=true", MASTER, body));
    let violations = verdict.get("violations").and_then(Json::as_list).unwrap_or_default();
    let codes: Vec<_> = violations.iter().filter_map(|violation| violation.get("code")?.as_str()).collect();
    assert_eq!(codes, ["amount_invalid", "team_unknown", "above_upper_bound"]);
    let member = |group: &str, name: &str| verdict.get(group).and_then(|group| group.get(name)).cloned();
    assert_eq!(member("provenance", "duration"), Some(Json::from("upper_bound")));
    assert_eq!(member("provenance", "max_budget"), Some(Json::from("request")));
    assert!(!format!("{verdict:?}").contains(&key));
}

#[test]
fn a_dry_run_tells_nothing_of_a_foreign_key() {
    let mut session = open("strict");
    let mut made = |path: &str, body: &str| {
        let (status, reply) = send(session.as_mut(), &Request::post(path, MASTER, body));
        assert_eq!(status, 200, "{reply:?}");
        reply.get("key").and_then(Json::as_str).unwrap_or_default().to_owned()
    };
    let thief = made("/user/new", r#"{"user_id":"thief","user_role":"internal_user"}"#);
    let foreign = made("/key/generate", r#"{"user_id":"u","metadata":{"secret":"s3cret"}}"#);
    for path in ["/key/update", "/key/regenerate", "/key/block", "/key/unblock", "/key/delete"] {
        let mut verdict = |key: &str| {
            let body = match path {
                "/key/delete" => format!(r#"{{"keys":["{key}"]}}"#),
                _ => format!(r#"{{"key":"{key}","tags":["a"],"max_budget":-1}}"#),
            };
            let path = format!("{path}?dry_run=true");
            let (status, verdict) = send(session.as_mut(), &Request::post(&path, &thief, body));
            (status, format!("{verdict:?}"), verdict)
        };
        let (status, printed, found) = verdict(&foreign);
        assert_eq!((status, printed.contains("s3cret")), (200, false), "{path} {printed}");
        assert_eq!(found.get("violations").and_then(Json::as_list).map(<[Json]>::len), Some(1), "{path}");
        // a deletion names what was not found, as it was named
        let unknown = format!("sk-unknown-key-of-the-test{}", &foreign[foreign.len() - 4..]);
        assert_eq!(verdict(&unknown).1, printed, "{path}");
    }
}

#[test]
fn a_dry_run_names_every_violation_whatever_is_changed() {
    let mut session = open("strict");
    let mut post = |path: &str, body: &str| send(session.as_mut(), &Request::post(path, MASTER, body)).1;
    post("/user/new", r#"{"user_id":"ann","user_email":"ann@example.com"}"#);
    post("/user/new", r#"{"user_id":"eve","user_email":"eve@example.com"}"#);
    post("/team/new", r#"{"team_id":"home"}"#);
    post("/budget/new", r#"{"budget_id":"small","max_budget":1}"#);
    for (path, body, expected) in [
        (
            "/team/new",
            r#"{"team_id":"home","team_alias":"litellm-dashboard","max_budget":-1,"tpm_limit":-2}"#,
            &["id_taken", "id_taken", "amount_invalid", "amount_invalid"][..],
        ),
        (
            "/team/update",
            r#"{"team_id":"home","team_alias":"litellm-dashboard","max_budget":-1,"budget_duration":"soon"}"#,
            &["id_taken", "amount_invalid", "duration_invalid"],
        ),
        (
            "/user/new",
            r#"{"user_id":"ann","user_email":"eve@example.com","teams":["ghost"],"max_budget":101}"#,
            &["id_taken", "team_unknown", "id_taken", "above_upper_bound"],
        ),
        (
            "/user/update",
            r#"{"user_id":"ann","max_budget":-1,"rpm_limit":-1}"#,
            &["amount_invalid", "amount_invalid"],
        ),
        (
            "/budget/new",
            r#"{"budget_id":"small","max_budget":-1,"soft_budget":-1}"#,
            &["amount_invalid", "amount_invalid", "id_taken"],
        ),
        (
            "/budget/update",
            r#"{"budget_id":"small","max_budget":101,"tpm_limit":-1}"#,
            &["amount_invalid", "above_upper_bound"],
        ),
        (
            "/team/member_add",
            r#"{"team_id":"home","member":[{"role":"user","user_id":"ann"},{"role":"user","user_id":"ann"}],
                "max_budget_in_team":-1}"#,
            &["amount_invalid", "id_taken"],
        ),
    ] {
        let verdict = post(&format!("{path}?dry_run=true"), body);
        let violations = verdict.get("violations").and_then(Json::as_list).unwrap_or_default();
        let codes: Vec<_> =
            violations.iter().filter_map(|violation| violation.get("code")?.as_str()).collect();
        assert_eq!(codes, expected, "{path}: {verdict:?}");
        assert_eq!(verdict.get("effective"), Some(&Json::Null), "{path}");
        // without a dry run the first of them is the answer
        let refused = post(path, body);
        assert!(refused.get("error").or(refused.get("detail")).is_some(), "{path}: {refused:?}");
    }
}

#[test]
fn a_dry_run_of_joining_a_team_tells_nothing_of_addresses_and_costs_what_it_is_refused_for() {
    let settings = dict! {
        "general_settings" => dict! { "master_key" => MASTER },
        "litellm_settings" => dict! {
            "default_internal_user_params" => dict! { "available_teams" => vec!["t".to_owned()] },
        },
    };
    let mut session = Native.open(&settings).expect("the test's settings are usable");
    let mut post = |key: &str, path: &str, body: &str| {
        let (status, reply) = send(session.as_mut(), &Request::post(path, key, body));
        assert_eq!(status, 200, "{path}: {reply:?}");
        reply
    };
    post(MASTER, "/team/new", r#"{"team_id":"t"}"#);
    post(MASTER, "/user/new", r#"{"user_id":"victim","user_email":"victim@example.com"}"#);
    let me = post(MASTER, "/user/new", r#"{"user_id":"me","user_role":"internal_user"}"#);
    let me = me.get("key").and_then(Json::as_str).expect("a key").to_owned();
    let mut joining = |address: &str| {
        let member = format!(r#"{{"role":"user","user_id":"me","user_email":"{address}"}}"#);
        let body = format!(r#"{{"team_id":"t","member":{member}}}"#);
        let verdict = post(&me, "/team/member_add?dry_run=true", &body);
        assert_eq!(verdict.get("allowed"), Some(&Json::Bool(false)));
        latchkey_contract::json::write(&verdict)
    };
    assert_eq!(joining("victim@example.com"), joining("nobody@example.com"));
    let member = r#"{"role":"user","user_id":"me"}"#;
    let many = format!(r#"{{"team_id":"t","member":[{}]}}"#, vec![member; 9_999].join(","));
    let verdict = post(&me, "/team/member_add?dry_run=true", &many);
    let violations = verdict.get("violations").and_then(Json::as_list).unwrap_or_default();
    let codes: Vec<_> = violations.iter().filter_map(|violation| violation.get("code")?.as_str()).collect();
    assert_eq!(codes, ["request_invalid"]);
}

#[test]
fn a_dry_run_tells_nothing_of_how_many_keys_a_foreign_team_has() {
    let settings = dict! {
        "general_settings" => dict! { "master_key" => MASTER },
        "latchkey" => dict! { "max_keys_per_team" => 1 },
    };
    let mut session = Native.open(&settings).expect("the test's settings are usable");
    let mut post = |key: &str, path: &str, body: &str| {
        let (status, reply) = send(session.as_mut(), &Request::post(path, key, body));
        assert_eq!(status, 200, "{path}: {reply:?}");
        reply
    };
    post(MASTER, "/team/new", r#"{"team_id":"full"}"#);
    post(MASTER, "/key/generate", r#"{"team_id":"full"}"#);
    let me = post(MASTER, "/user/new", r#"{"user_id":"me","user_role":"internal_user"}"#);
    let me = me.get("key").and_then(Json::as_str).expect("a key").to_owned();
    let mut verdict = |team: &str| {
        let said = post(&me, "/key/generate?dry_run=true", &format!(r#"{{"team_id":"{team}"}}"#));
        latchkey_contract::json::write(&said).replace(team, "_")
    };
    assert_eq!(verdict("full"), verdict("none"));
}

#[test]
fn litellm_does_not_know_dry_runs() {
    let mut session = open("litellm-1.60");
    let (_, made) = send(session.as_mut(), &Request::post("/key/generate?dry_run=true", MASTER, "{}"));
    assert!(made.get("key").is_some());
    assert_eq!(keys(session.as_mut()), Some(Json::Int(1)));
}

#[test]
fn a_dry_run_tells_nothing_of_a_budget_that_the_caller_may_not_use() {
    let mut session = open("strict");
    let post = |session: &mut dyn Session, key: &str, path: &str, body: &str| {
        let (status, reply) = send(session, &Request::post(path, key, body));
        assert_eq!(status, 200, "{path}: {reply:?}");
        reply
    };
    let session = session.as_mut();
    post(session, MASTER, "/budget/new", r#"{"budget_id":"board","max_budget":4815.1623}"#);
    let user = post(session, MASTER, "/user/new", r#"{"user_id":"u","user_role":"internal_user"}"#);
    let user = user.get("key").and_then(Json::as_str).expect("a key").to_owned();
    let increase = r#""metadata":{"temp_budget_increase":1000000}"#;
    let verdict = |session: &mut dyn Session, budget: &str| {
        let body = format!(r#"{{"budget_id":"{budget}","max_budget":1,{increase}}}"#);
        let said = post(session, &user, "/key/generate?dry_run=true", &body);
        latchkey_contract::json::write(&said).replace(budget, "_")
    };
    let (known, unknown) = (verdict(session, "board"), verdict(session, "nothing"));
    assert!(known.contains("budget_id") && !known.contains("4815.1623"), "{known}");
    let plain = |text: &str| text.split("\"expires\"").next().map(str::to_owned);
    assert_eq!(plain(&known), plain(&unknown));
}

#[test]
fn a_dry_run_tells_a_team_admin_nothing_of_users() {
    let mut session = open("strict");
    let session = session.as_mut();
    let mut post = |key: &str, path: &str, body: &str| {
        let (status, reply) = send(session, &Request::post(path, key, body));
        assert_eq!(status, 200, "{path}: {reply:?}");
        reply
    };
    let boss = post(MASTER, "/user/new", r#"{"user_id":"boss","user_role":"internal_user"}"#);
    let boss = boss.get("key").and_then(Json::as_str).expect("a key").to_owned();
    post(MASTER, "/user/new", r#"{"user_id":"hidden-id","user_email":"known@example.com"}"#);
    post(MASTER, "/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"boss"}]}"#);
    let [known, unknown] = ["known@example.com", "unknown@example.com"].map(|address| {
        let body = format!(r#"{{"team_id":"t","member":{{"role":"user","user_email":"{address}"}}}}"#);
        let said = post(&boss, "/team/member_add?dry_run=true", &body);
        // within one millisecond the moment does not change
        latchkey_contract::json::write(&said).replace(address, "_").replace(r#","updated_at""#, "")
    });
    assert!(!known.contains("hidden-id"), "{known}");
    assert_eq!(known, unknown);
}

#[test]
fn what_changes_nothing_is_answered_as_ever() {
    let mut session = open("strict");
    let (_, made) = send(session.as_mut(), &Request::post("/key/generate", MASTER, "{}"));
    let key = made.get("key").and_then(Json::as_str).unwrap_or_default().to_owned();
    let plain = send(session.as_mut(), &Request::get(&format!("/key/info?key={key}"), MASTER));
    let dry = send(session.as_mut(), &Request::get(&format!("/key/info?key={key}&dry_run=true"), MASTER));
    assert_eq!(dry, plain);
}

#[test]
fn changes_of_organizations_can_be_tried() {
    let settings = dict! {
        "general_settings" => dict! { "master_key" => MASTER },
        "latchkey" => dict! { "profile" => "strict", "premium_user" => true },
    };
    let mut session = Native.open(&settings).expect("the test's settings are usable");
    let made =
        Request::post("/organization/new", MASTER, r#"{"organization_id":"o","organization_alias":"O"}"#);
    assert_eq!(send(session.as_mut(), &made).0, 200);
    let add = r#"{"organization_id":"o","member":{"role":"org_admin","user_id":"u"}}"#;
    assert_eq!(send(session.as_mut(), &Request::post("/organization/member_add", MASTER, add)).0, 200);
    for (method, path, body, allowed) in [
        ("POST", "/organization/new", r#"{"organization_alias":"P"}"#, true),
        (
            "POST",
            "/organization/new",
            r#"{"organization_id":"o","organization_alias":"P","max_budget":-1}"#,
            false,
        ),
        ("PATCH", "/organization/update", r#"{"organization_id":"o","max_budget":1}"#, true),
        ("PATCH", "/organization/update", r#"{"organization_id":"none"}"#, false),
        ("POST", "/organization/member_add", add, false),
        (
            "PATCH",
            "/organization/member_update",
            r#"{"organization_id":"o","user_id":"u","role":"internal_user"}"#,
            true,
        ),
        ("DELETE", "/organization/member_delete", r#"{"organization_id":"o","user_id":"u"}"#, true),
        ("DELETE", "/organization/delete", r#"{"organization_ids":["o"]}"#, true),
    ] {
        let target = format!("{path}?dry_run=true");
        let request = Request { method: method.to_owned(), ..Request::post(&target, MASTER, body) };
        let (status, verdict) = send(session.as_mut(), &request);
        assert_eq!(
            (status, verdict.get("allowed")),
            (200, Some(&Json::Bool(allowed))),
            "{path} {body}: {verdict:?}"
        );
    }
    let shown = send(session.as_mut(), &Request::get("/organization/info?organization_id=o", MASTER)).1;
    let members = shown.get("members").and_then(Json::as_list).unwrap_or_default();
    assert_eq!(members.first().and_then(|member| member.get("user_role")), Some(&Json::from("org_admin")));
}
