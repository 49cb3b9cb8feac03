//! Profile strict against callers that want more than is theirs: what advisories and open issues of LiteLLM describe, and
//! bent ids, numbers, routes and headers.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read, write};
use latchkey_tests::implementation::{Implementation, Native, Request, Session};

const MASTER: &str = "sk-master-key-of-the-tests";

struct World(Box<dyn Session>);

impl World {
    fn new() -> Self {
        let bounds = dict! { "max_budget" => 100, "rpm_limit" => 50, "duration" => "30d" };
        let settings = dict! {
            "general_settings" => dict! { "master_key" => MASTER },
            "litellm_settings" => dict! {
                "store_audit_logs" => true, "upperbound_key_generate_params" => bounds,
            },
        };
        Self(Native.open(&settings).expect("usable settings"))
    }

    fn send(&mut self, request: &Request) -> (u16, Json) {
        let response = self.0.send(request).expect("the rules answer");
        let text = if response.body.is_empty() { b"null".as_slice() } else { &response.body };
        (response.status, read(text, &Limits::STORED).expect("JSON"))
    }

    fn post(&mut self, key: &str, path: &str, body: &str) -> (u16, Json) {
        self.send(&Request::post(path, key, body))
    }

    fn get(&mut self, key: &str, target: &str) -> (u16, Json) {
        self.send(&Request::get(target, key))
    }

    fn made(&mut self, path: &str, body: &str) -> String {
        let (status, reply) = self.post(MASTER, path, body);
        assert_eq!(status, 200, "{path} {body}: {reply:?}");
        text(&reply, "key")
    }

    fn user(&mut self, id: &str, role: &str) -> String {
        self.made("/user/new", &format!(r#"{{"user_id":"{id}","user_role":"{role}"}}"#))
    }

    fn role(&mut self, id: &str) -> String {
        let (_, reply) = self.get(MASTER, &format!("/user/info?user_id={id}"));
        text(reply.get("user_info").unwrap_or(&Json::Null), "user_role")
    }

    fn keys(&mut self) -> Json {
        self.get(MASTER, "/key/list").1.get("total_count").cloned().unwrap_or(Json::Null)
    }
}

fn text(reply: &Json, name: &str) -> String {
    reply.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
}

#[test]
fn nobody_gives_themselves_a_role() {
    let mut world = World::new();
    for role in ["internal_user", "internal_user_viewer", "proxy_admin_viewer"] {
        let key = world.user(role, role);
        for body in [
            format!(r#"{{"user_id":"{role}","user_role":"proxy_admin"}}"#),
            format!(r#"{{"user_id":"{role}","user_role":"proxy_admin","user_email":"a@b"}}"#),
            format!(r#"{{"user_id":"{role}","max_budget":1000000}}"#),
            format!(r#"{{"user_id":"{role}","user_email":"a@b","user_email":"c@d","metadata":{{"x":1}}}}"#),
        ] {
            let (status, reply) = world.post(&key, "/user/update", &body);
            assert!(matches!(status, 401 | 403 | 404), "{role} {body}: {status} {reply:?}");
        }
        let (status, reply) = world.post(&key, "/user/new", r#"{"user_role":"proxy_admin"}"#);
        assert!(matches!(status, 401 | 403), "{role}: {status} {reply:?}");
        assert_eq!(world.role(role), role);
    }
}

#[test]
fn a_viewer_sets_no_password_but_its_own() {
    let mut world = World::new();
    world.made("/user/new", r#"{"user_id":"boss","user_role":"proxy_admin","user_email":"boss@x"}"#);
    let viewer = world.user("viewer", "proxy_admin_viewer");
    for body in [
        r#"{"user_id":"boss","password":"p"}"#,
        r#"{"user_email":"boss@x","password":"p"}"#,
        r#"{"user_id":"","user_email":"boss@x","password":"p"}"#,
        r#"{"user_id":null,"user_email":"boss@x","password":"p"}"#,
    ] {
        let (status, reply) = world.post(&viewer, "/user/update", body);
        assert!(matches!(status, 403 | 404), "{body}: {status} {reply:?}");
    }
    for path in ["/key/generate", "/key/block", "/team/member_add", "/budget/new", "/key/regenerate"] {
        let (status, reply) = world.post(
            &viewer,
            path,
            r#"{"key":"sk-1234567890123456","team_id":"t","member":{"role":"user","user_id":"viewer"}}"#,
        );
        assert!(matches!(status, 401 | 403), "{path}: {status} {reply:?}");
    }
}

#[test]
fn members_get_no_rights_in_a_team_by_themselves() {
    let mut world = World::new();
    let member = world.user("member", "internal_user");
    let outsider = world.user("outsider", "internal_user");
    let members = r#"[{"role":"admin","user_id":"lead"},{"role":"user","user_id":"member"}]"#;
    world.made("/team/new", &format!(r#"{{"team_id":"t","members_with_roles":{members}}}"#));
    for key in [&member, &outsider] {
        for (path, body) in [
            ("/team/member_add", r#"{"team_id":"t","member":{"role":"admin","user_id":"outsider"}}"#),
            ("/team/member_add", r#"{"team_id":"t","member":[{"role":"user","user_id":"outsider"}]}"#),
            ("/team/member_update", r#"{"team_id":"t","user_id":"member","role":"admin"}"#),
            ("/team/member_update", r#"{"team_id":"t","user_id":"member","max_budget_in_team":9999}"#),
            ("/team/member_delete", r#"{"team_id":"t","user_id":"lead"}"#),
            ("/team/update", r#"{"team_id":"t","max_budget":9999}"#),
            ("/team/delete", r#"{"team_ids":["t"]}"#),
            ("/team/new", r#"{"team_id":"litellm-dashboard"}"#),
        ] {
            let (status, reply) = world.post(key, path, body);
            assert!(matches!(status, 401 | 403 | 404), "{path} {body}: {status} {reply:?}");
        }
    }
    // these two and the maker of the team
    let (_, team) = world.get(MASTER, "/team/info?team_id=t");
    let info = team.get("team_info").unwrap();
    assert_eq!(
        info.get("members_with_roles").and_then(Json::as_list).map(<[Json]>::len),
        Some(3),
        "{info:?}"
    );
}

#[test]
fn a_key_is_made_for_nobody_else_however_the_id_is_written() {
    let mut world = World::new();
    world.user("boss", "proxy_admin");
    let thief = world.user("thief", "internal_user");
    world.made("/team/new", r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"boss"}]}"#);
    let before = world.keys();
    for body in [
        r#"{"user_id":"boss"}"#,
        r#"{"user_id":"boss "}"#,
        r#"{"user_id":" boss"}"#,
        r#"{"user_id":"BOSS"}"#,
        r#"{"user_id":"boss\u0000"}"#,
        r#"{"user_id":"thief\u0000"}"#,
        r#"{"user_id":"thief\u200b"}"#,
        r#"{"user_id":"thief "}"#,
        r#"{"user_id":"thief","user_id":"boss"}"#,
        r#"{"user_id":"default_user_id"}"#,
        r#"{"team_id":"t"}"#,
        r#"{"team_id":"t "}"#,
        r#"{"team_id":"T"}"#,
        r#"{"team_id":"litellm-dashboard"}"#,
        r#"{"team_id":"t","user_id":"thief"}"#,
        r#"{"permissions":{"get_spend_routes":true}}"#,
        r#"{"permissions":{"x":0}}"#,
    ] {
        let (status, reply) = world.post(&thief, "/key/generate", body);
        assert!((400..500).contains(&status), "{body}: {status} {reply:?}");
    }
    assert_eq!(world.keys(), before);
}

#[test]
fn no_number_slips_past_a_bound() {
    let mut world = World::new();
    let owner = world.user("u", "internal_user");
    let key = world.made("/key/generate", r#"{"user_id":"u"}"#);
    for value in [
        "1e999",
        "\"1e999\"",
        "-1",
        "\"-1\"",
        "NaN",
        "\"NaN\"",
        "\"nan\"",
        "Infinity",
        "\"Infinity\"",
        "\"inf\"",
        "-Infinity",
        "100.00000001",
        "\"101\"",
        "\" 101 \"",
        "1e400",
        "99999999999999999999999999",
        "\"1_000\"",
        "\"１０００\"",
    ] {
        for field in ["max_budget", "rpm_limit", "temp_budget_increase"] {
            let more = match field {
                "temp_budget_increase" => r#","max_budget":99,"temp_budget_expiry":"2999-01-01T00:00:00""#,
                _ => "",
            };
            let body = format!(r#"{{"key":"{key}","{field}":{value}{more}}}"#);
            let (status, reply) = world.post(MASTER, "/key/update", &body);
            assert!((400..500).contains(&status), "update {body}: {status} {reply:?}");
            if field != "temp_budget_increase" {
                for (caller, path) in
                    [(MASTER, "/key/generate"), (&owner, "/key/generate"), (MASTER, "/user/new")]
                {
                    let body = format!(r#"{{"{field}":{value}}}"#);
                    let (status, reply) = world.post(caller, path, &body);
                    assert!((400..500).contains(&status), "{path} {body}: {status} {reply:?}");
                }
            }
        }
    }
    for duration in [
        "31d",
        "0s",
        "-1d",
        "1d12h",
        "1month",
        "10minutes",
        "1y",
        "٣d",
        " 1d",
        "1d ",
        "99999999999999999999d",
    ] {
        for body in [
            format!(r#"{{"duration":"{duration}"}}"#),
            format!(r#"{{"key":"{key}","duration":"{duration}"}}"#),
        ] {
            let path = if body.contains("key") { "/key/update" } else { "/key/generate" };
            let (status, reply) = world.post(MASTER, path, &body);
            assert!((400..500).contains(&status), "{path} {body}: {status} {reply:?}");
        }
    }
    let (_, info) = world.get(MASTER, &format!("/key/info?key={key}"));
    let info = info.get("info").unwrap();
    assert_eq!(info.get("max_budget"), Some(&Json::Float(100.0)), "{info:?}");
}

#[test]
fn nothing_absent_or_empty_is_an_identity() {
    let mut world = World::new();
    let strangers: Vec<String> = [
        r#"{"user_id":""}"#,
        r#"{"user_id":"","metadata":{"note":"private"}}"#,
        "{}",
        r#"{"metadata":{"note":"private"}}"#,
    ]
    .iter()
    .map(|body| world.made("/key/generate", body))
    .collect();
    for (asking, asked) in [(0, 1), (2, 3), (0, 3), (2, 1)] {
        let (asking, asked) = (&strangers[asking], &strangers[asked]);
        let seen = [
            world.get(asking, &format!("/key/info?key={asked}")),
            world.post(asking, "/v2/key/info", &format!(r#"{{"keys":["{asked}"]}}"#)),
            world.get(asking, "/key/list?return_full_object=true"),
            world.post(asking, "/key/delete", &format!(r#"{{"keys":["{asked}"]}}"#)),
            world.post(asking, "/key/block", &format!(r#"{{"key":"{asked}"}}"#)),
        ];
        for (status, reply) in seen {
            assert!(!write(&reply).contains("private"), "{status} {reply:?}");
        }
    }
    for key in &strangers {
        assert_eq!(world.get(MASTER, &format!("/key/info?key={key}")).0, 200);
    }
}

#[test]
fn a_route_is_only_found_as_it_is_written() {
    let mut world = World::new();
    let key = world.user("u", "internal_user");
    let viewer = world.user("v", "internal_user_viewer");
    for target in [
        "/User/new",
        "/user/NEW",
        "/user/new/",
        "//user/new",
        "/user//new",
        "/./user/new",
        "/key/../user/new",
        "/user/new%00",
        "/user/new%20",
        "/user/new;x",
        "/user/new%3Fa=b",
        "/user%2Fnew",
        "/openai/user/new",
        "/user/new/openai",
        "/vertex-ai/../user/new",
        "/%75ser/new",
    ] {
        for key in [&key, &viewer] {
            let (status, reply) = world.post(key, target, r#"{"user_id":"evil","user_role":"proxy_admin"}"#);
            assert!(matches!(status, 307 | 401 | 403 | 404 | 405), "{target}: {status} {reply:?}");
        }
    }
    assert_eq!(world.role("evil"), "");
}

#[test]
fn of_parameters_given_twice_one_counts_for_access_and_for_the_answer() {
    let mut world = World::new();
    let spy = world.user("spy", "internal_user");
    world.made("/user/new", r#"{"user_id":"victim","metadata":{"note":"private"}}"#);
    let victims = world.made("/key/generate", r#"{"user_id":"victim","metadata":{"note":"private"}}"#);
    let own = world.made("/key/generate", r#"{"user_id":"spy"}"#);
    for target in [
        "/user/info?user_id=spy&user_id=victim".to_owned(),
        "/user/info?user_id=victim&user_id=spy".to_owned(),
        "/user/info?user_id=spy&User_id=victim".to_owned(),
        "/user/info?user_id=victim%00".to_owned(),
        "/user/info?user_id=spy&user_id=".to_owned(),
        "/user/info?user_id=".to_owned(),
        format!("/key/info?key={own}&key={victims}"),
        format!("/key/info?key={victims}&key={own}"),
        "/key/list?user_id=spy&user_id=victim&return_full_object=true".to_owned(),
        "/key/list?user_id=victim&user_id=spy&return_full_object=true".to_owned(),
        "/team/list?user_id=spy&user_id=victim".to_owned(),
    ] {
        let (status, reply) = world.get(&spy, &target);
        assert!(!write(&reply).contains("private"), "{target}: {status} {reply:?}");
    }
}

#[test]
fn only_a_proxy_admin_acts_in_another_name() {
    let mut world = World::new();
    let user = world.user("u", "internal_user");
    let mut generate = |key: &str, names: &[(&str, &str)]| {
        let mut request = Request::post("/key/generate", key, "{}");
        request.headers.extend(names.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let (status, made) = world.send(&request);
        assert_eq!(status, 200);
        let (_, audit) = world.get(MASTER, &format!("/audit?object_id={}", text(&made, "token_id")));
        let rows = audit.get("audit_logs").and_then(Json::as_list).unwrap().to_vec();
        text(&rows[0], "changed_by")
    };
    assert_eq!(generate(&user, &[("litellm-changed-by", "boss")]), "u");
    assert_eq!(generate(&user, &[("Litellm-Changed-By", "boss"), ("litellm-changed-by", "boss2")]), "u");
    assert_eq!(generate(&user, &[("litellm_changed_by", "boss")]), "u");
    assert_eq!(generate(MASTER, &[("litellm-changed-by", "alice")]), "alice");
}

#[test]
fn a_deleted_team_leaves_no_key_and_no_way_to_one() {
    let mut world = World::new();
    let lead = world.user("lead", "internal_user");
    let team = r#"{"team_id":"t","members_with_roles":[{"role":"admin","user_id":"lead"}]}"#;
    world.made("/team/new", team);
    let key = world.made("/key/generate", r#"{"team_id":"t","user_id":"lead"}"#);
    let own = world.made("/key/generate", r#"{"user_id":"lead"}"#);
    assert_eq!(world.post(MASTER, "/team/delete", r#"{"team_ids":["t"]}"#).0, 200);
    assert_eq!(world.get(&key, "/key/info").0, 401);
    for (path, body) in [
        ("/key/generate", r#"{"team_id":"t"}"#.to_owned()),
        ("/key/update", format!(r#"{{"key":"{own}","team_id":"t"}}"#)),
        ("/key/regenerate", format!(r#"{{"key":"{own}","team_id":"t"}}"#)),
        ("/team/member_add", r#"{"team_id":"t","member":{"role":"admin","user_id":"lead"}}"#.to_owned()),
    ] {
        let (status, reply) = world.post(&lead, path, &body);
        assert!((400..500).contains(&status), "{path}: {status} {reply:?}");
    }
    // a new team of that name has no members from before
    world.made("/team/new", r#"{"team_id":"t"}"#);
    assert!((400..500).contains(&world.post(&lead, "/key/generate", r#"{"team_id":"t"}"#).0));
}

#[test]
fn a_former_secret_names_its_key_only_while_it_works() {
    let mut world = World::new();
    let owner = world.user("u", "internal_user");
    for (grace, found) in [(r#","grace_period":"10m""#, true), ("", false)] {
        let first = world.made("/key/generate", r#"{"user_id":"u"}"#);
        let (status, reply) =
            world.post(MASTER, "/key/regenerate", &format!(r#"{{"key":"{first}"{grace}}}"#));
        assert_eq!(status, 200, "{reply:?}");
        let named = |body: &str| format!(r#"{{"key":"{first}"{body}}}"#);
        let expected = if found { 200 } else { 404 };
        assert_eq!(world.post(&owner, "/key/update", &named(r#","key_alias":null"#)).0, expected);
        let (_, info) = world.post(&owner, "/v2/key/info", &format!(r#"{{"keys":["{first}"]}}"#));
        assert_eq!(info.get("info").and_then(Json::as_list).map(<[Json]>::len), Some(usize::from(found)));
        let (status, again) = world.post(MASTER, "/key/regenerate", &named(""));
        assert_eq!(status, expected, "{again:?}");
        if found {
            assert_eq!(again.get("key_id"), reply.get("key_id"));
            assert_eq!(world.get(&first, "/key/info").0, 401);
        }
    }
}
