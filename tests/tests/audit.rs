//! The audit log, from the first change to the listing.

use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::{dict, mint};
use latchkey_tests::implementation::{Implementation, Native, Request, Session};

const MASTER: &str = "sk-master-key-of-the-tests";
const KEYS: &str = "LiteLLM_VerificationToken";
const USERS: &str = "LiteLLM_UserTable";
const TEAMS: &str = "LiteLLM_TeamTable";
const BUDGETS: &str = "LiteLLM_BudgetTable";

/// A server without HTTP, and every plaintext key it has given away.
struct World {
    session: Box<dyn Session>,
    secrets: Vec<String>,
}

impl World {
    fn new(profile: &str, audits: bool) -> Self {
        let settings = dict! {
            "general_settings" => dict! { "master_key" => MASTER },
            "litellm_settings" => dict! { "store_audit_logs" => audits },
            "latchkey" => dict! { "profile" => profile, "premium_user" => true },
        };
        let session = Native.open(&settings).expect("the test's settings are usable");
        Self { session, secrets: vec![MASTER.to_owned()] }
    }

    /// Sends a request a moment after the last one.
    fn send(&mut self, request: &Request) -> (u16, Json) {
        self.session.sleep(0.01);
        let response = self.session.send(request).expect("the rules answer");
        let reply = read(&response.body, &Limits::STORED).expect("JSON");
        (response.status, reply)
    }

    fn post(&mut self, path: &str, body: &str) -> Json {
        let (status, reply) = self.send(&Request::post(path, MASTER, body));
        assert_eq!(status, 200, "{path}: {reply:?}");
        self.secrets.extend(Some(text(&reply, "key")).filter(|key| !key.is_empty()));
        reply
    }

    /// Makes a key and returns it.
    fn key(&mut self, path: &str, body: &str) -> String {
        text(&self.post(path, body), "key")
    }

    /// The log under these filters, newest first, after a look for secrets in it.
    fn log(&mut self, query: &str) -> Vec<Json> {
        let request = Request::get(&format!("/audit?size=100&{query}"), MASTER);
        let response = self.session.send(&request).expect("the rules answer");
        let body = String::from_utf8(response.body).expect("UTF-8");
        assert_eq!(response.status, 200, "{body}");
        for secret in &self.secrets {
            assert!(!body.contains(secret.as_str()), "`{secret}` in {body}");
        }
        let reply = read(body.as_bytes(), &Limits::STORED).expect("JSON");
        reply.get("audit_logs").and_then(Json::as_list).expect("rows").to_vec()
    }

    /// What the log tells under these filters, oldest first: action, table and object.
    fn told(&mut self, query: &str) -> Vec<[String; 3]> {
        let names = ["action", "table_name", "object_id"];
        self.log(query).iter().rev().map(|row| names.map(|name| text(row, name))).collect()
    }
}

fn text(object: &Json, name: &str) -> String {
    object.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn within<'j>(row: &'j Json, side: &str, column: &str) -> Option<&'j Json> {
    row.get(side).and_then(|values| values.get(column))
}

#[test]
fn the_life_of_a_key_is_told_with_before_and_after() {
    let mut world = World::new("strict", true);
    let key = world.key("/key/generate", r#"{"key_alias":"first","max_budget":1}"#);
    world.post("/key/update", &format!(r#"{{"key":"{key}","max_budget":2,"metadata":{{"note":"{key}"}}}}"#));
    world.post("/key/block", &format!(r#"{{"key":"{key}"}}"#));
    world.post("/key/unblock", &format!(r#"{{"key":"{key}"}}"#));
    let new = world.key(&format!("/key/{key}/regenerate"), "{}");
    for token in [&key, &new, &mint::token(&key), &mint::token(&new)] {
        assert_eq!(world.log(&format!("object_id={token}")).len(), 5, "the whole story under every token");
    }
    world.post("/key/delete", &format!(r#"{{"keys":["{new}"]}}"#));

    let (old, new) = (mint::token(&key), mint::token(&new));
    let rows = world.log(&format!("table_name={KEYS}"));
    let told: Vec<_> = rows.iter().rev().map(|row| (text(row, "action"), text(row, "object_id"))).collect();
    let expected = [
        ("created", &old),
        ("updated", &old),
        ("blocked", &old),
        ("unblocked", &old),
        ("regenerated", &old),
        ("deleted", &new),
    ];
    let owned = |(action, id): (&str, &String)| (action.to_owned(), id.clone());
    assert_eq!(told, expected.map(owned));
    for row in &rows {
        assert_eq!(text(row, "changed_by"), "default_user_id");
        assert_eq!(text(row, "changed_by_api_key"), "master_key");
    }
    let [deleted, regenerated, unblocked, blocked, updated, created] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!(created.get("before_value"), Some(&Json::Null));
    assert_eq!(within(created, "updated_values", "key_alias"), Some(&Json::from("first")));
    assert_eq!(within(updated, "before_value", "max_budget"), Some(&Json::Float(1.0)));
    assert_eq!(within(updated, "updated_values", "max_budget"), Some(&Json::Float(2.0)));
    assert_eq!(within(blocked, "updated_values", "blocked"), Some(&Json::Bool(true)));
    assert_eq!(within(unblocked, "before_value", "blocked"), Some(&Json::Bool(true)));
    assert_eq!(within(unblocked, "updated_values", "blocked"), Some(&Json::Bool(false)));
    assert_eq!(within(regenerated, "before_value", "token"), Some(&Json::from(old)));
    assert_eq!(within(regenerated, "updated_values", "token"), Some(&Json::from(new)));
    assert_eq!(deleted.get("updated_values"), Some(&Json::Null));
    assert_eq!(within(deleted, "before_value", "max_budget"), Some(&Json::Float(2.0)));
}

#[test]
fn users_teams_and_budgets_are_audited_and_so_is_what_goes_with_them() {
    let mut world = World::new("strict", true);
    world.post("/budget/new", r#"{"budget_id":"b","max_budget":1}"#);
    world.post("/budget/update", r#"{"budget_id":"b","max_budget":2}"#);
    world.post("/user/new", r#"{"user_id":"u","auto_create_key":false}"#);
    world.post("/user/update", r#"{"user_id":"u","password":"hush","max_budget":3}"#);
    world.post("/team/new", r#"{"team_id":"t"}"#);
    world.post("/team/update", r#"{"team_id":"t","max_budget":4}"#);
    let of_team = mint::token(&world.key("/key/generate", r#"{"team_id":"t"}"#));
    world.post("/team/delete", r#"{"team_ids":["t"]}"#);
    world.post("/user/delete", r#"{"user_ids":["u"]}"#);
    world.post("/budget/delete", r#"{"id":"b"}"#);

    let row = |[action, table, id]: [&str; 3]| [action.to_owned(), table.to_owned(), id.to_owned()];
    let of_objects = |told: Vec<[String; 3]>, id: &str| -> Vec<[String; 3]> {
        told.into_iter().filter(|[_, _, object]| object == id).collect()
    };
    let told = world.told("");
    for (table, id) in [(BUDGETS, "b"), (USERS, "u")] {
        let life = ["created", "updated", "deleted"].map(|action| row([action, table, id]));
        assert_eq!(of_objects(told.clone(), id), life);
    }
    let team = of_objects(told.clone(), "t");
    assert_eq!(
        (&team[0], team.last().unwrap()),
        (&row(["created", TEAMS, "t"]), &row(["deleted", TEAMS, "t"]))
    );
    assert!(team.contains(&row(["updated", TEAMS, "t"])), "{team:?}");
    assert_eq!(
        of_objects(told, &of_team),
        ["created", "deleted"].map(|action| row([action, KEYS, &of_team]))
    );
    let changed = world.log("object_id=u&action=updated");
    assert_eq!(within(&changed[0], "updated_values", "password"), Some(&Json::from("***")));
    assert_eq!(within(&changed[0], "before_value", "password"), Some(&Json::Null));
}

#[test]
fn the_log_is_filtered_and_read_page_by_page() {
    let mut world = World::new("strict", true);
    let key = world.key("/key/generate", r#"{"user_id":"u"}"#);
    world.key("/key/generate", "{}");
    let mut request = Request::post("/key/block", MASTER, format!(r#"{{"key":"{key}"}}"#));
    request.headers.push(("Litellm-Changed-By".to_owned(), "alice".to_owned()));
    assert_eq!(world.send(&request).0, 200);

    let token = mint::token(&key);
    let blocked = [["blocked".to_owned(), KEYS.to_owned(), token.clone()]];
    assert_eq!(world.told("changed_by=alice"), blocked);
    assert_eq!(world.told("action=blocked"), blocked);
    assert_eq!(world.told(&format!("object_id={key}&action=blocked")), blocked);
    assert_eq!(world.told(&format!("object_id={token}")).len(), 2);
    assert_eq!(world.told("table_name=nothing").len(), 0);
    let at = text(&world.log("action=blocked")[0], "updated_at");
    assert_eq!(world.told(&format!("since={at}")), blocked);
    assert_eq!(world.told(&format!("until={at}")).len(), 2);

    let (_, page) = world.send(&Request::get("/audit?page=2&size=2", MASTER));
    let number = |name: &str| page.get(name).cloned();
    assert_eq!(page.get("audit_logs").and_then(Json::as_list).map(<[Json]>::len), Some(1));
    assert_eq!((number("total_count"), number("total_pages")), (Some(Json::Int(3)), Some(Json::Int(2))));
    assert_eq!(number("current_page"), Some(Json::Int(2)));
    let (status, reply) = world.send(&Request::get("/audit?actor=u", MASTER));
    assert_eq!(status, 400, "{reply:?}");
    assert!(format!("{reply:?}").contains("actor"));
    assert_eq!(world.send(&Request::get("/audit?size=101", MASTER)).0, 422);
}

#[test]
fn only_admins_see_the_log() {
    let mut world = World::new("strict", true);
    for (role, expected) in [
        ("proxy_admin", 200),
        ("proxy_admin_viewer", 200),
        ("internal_user", 401),
        ("internal_user_viewer", 401),
    ] {
        let key = world.key("/user/new", &format!(r#"{{"user_role":"{role}"}}"#));
        assert_eq!(world.send(&Request::get("/audit", &key)).0, expected, "{role}");
    }
    let key = world.key("/key/generate", "{}");
    assert_eq!(world.send(&Request::get("/audit", &key)).0, 401);
    assert_eq!(world.send(&Request::get("/audit", "sk-unknown")).0, 401);
    assert_eq!(World::new("litellm-1.60", true).send(&Request::get("/audit", MASTER)).0, 404);
}

#[test]
fn without_auditing_and_for_what_is_refused_nothing_is_written() {
    let mut silent = World::new("strict", false);
    let key = silent.key("/key/generate", "{}");
    silent.post("/key/block", &format!(r#"{{"key":"{key}"}}"#));
    assert_eq!(silent.log("").len(), 0);

    let mut world = World::new("strict", true);
    assert_eq!(world.send(&Request::post("/key/generate", MASTER, r#"{"max_budget":-1}"#)).0, 400);
    assert_eq!(world.send(&Request::post("/key/block", MASTER, r#"{"key":"sk-unknown"}"#)).0, 404);
    assert_eq!(world.send(&Request::post("/key/generate", "sk-unknown", "{}")).0, 401);
    assert_eq!(world.log("").len(), 0);
}

#[test]
fn the_life_of_an_organization_is_told_with_its_budget_and_members() {
    const ORGANIZATIONS: &str = "LiteLLM_OrganizationTable";
    const MEMBERS: &str = "LiteLLM_OrganizationMembership";
    let mut world = World::new("strict", true);
    world.post("/organization/new", r#"{"organization_id":"o","organization_alias":"O","max_budget":1}"#);
    let member = r#"{"organization_id":"o","member":{"role":"internal_user","user_id":"u"}}"#;
    world.post("/organization/member_add", member);
    for (method, path, body) in [
        ("PATCH", "/organization/update", r#"{"organization_id":"o","max_budget":2,"metadata":{"a":1}}"#),
        (
            "PATCH",
            "/organization/member_update",
            r#"{"organization_id":"o","user_id":"u","role":"org_admin"}"#,
        ),
        ("DELETE", "/organization/delete", r#"{"organization_ids":["o"]}"#),
    ] {
        let request = Request { method: method.to_owned(), ..Request::post(path, MASTER, body) };
        let (status, reply) = world.send(&request);
        assert_eq!(status, 200, "{path}: {reply:?}");
    }
    let told = |world: &mut World, table: &str| -> Vec<String> {
        world.told(&format!("table_name={table}")).into_iter().map(|[action, ..]| action).collect()
    };
    assert_eq!(told(&mut world, ORGANIZATIONS), ["created", "updated", "deleted"]);
    assert_eq!(told(&mut world, MEMBERS), ["created", "updated", "deleted"]);
    assert_eq!(told(&mut world, BUDGETS), ["created", "updated"]);
    let updated = world.log(&format!("table_name={ORGANIZATIONS}&action=updated"));
    let metadata = within(&updated[0], "updated_values", "metadata");
    assert_eq!(metadata, Some(&dict! { "a" => 1 }));
}
