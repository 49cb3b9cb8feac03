//! What today's LiteLLM writes on the database that both have, and what it reads there.

use crate::litellm::{examined, filled};
use crate::{Host, MASTER_KEY, runtime};
use latchkey_contract::json::Json;
use latchkey_tests::implementation::Request;
use latchkey_tests::postgres::shared;
use latchkey_tests::scenario::sha256;

const TODAY: &str = "litellm-proxy-extras-0.4.110";
const OLD: &str = "litellm-1.60.8";

/// Rows with what release 1.60.8 has no columns for; keys are `sk-new-` and their name.
const ROWS: &str = r#"
INSERT INTO "LiteLLM_UserTable" ("user_id", "teams", "spend", "models", "metadata", "user_role") VALUES
  ('admin', '{}', 0, '{}', '{}', 'proxy_admin'), ('gone', '{}', 0, '{}', '{"scim_active": false}', 'proxy_admin');
INSERT INTO "LiteLLM_ProjectTable" ("project_id", "team_id", "models", "blocked", "created_by", "updated_by")
  VALUES ('closed', 't1', '{}', true, 'x', 'x');
INSERT INTO "LiteLLM_VerificationToken" ("token", "user_id", "models", "allowed_routes", "key_type", "project_id") VALUES
  (encode(sha256('sk-new-llm'), 'hex'), 'admin', '{}', '{llm_api_routes}', 'llm_api', NULL),
  (encode(sha256('sk-new-info'), 'hex'), 'admin', '{}', '{info_routes}', 'read_only', NULL),
  (encode(sha256('sk-new-gone'), 'hex'), 'gone', '{}', '{}', NULL, NULL),
  (encode(sha256('sk-new-closed'), 'hex'), 'u1', '{}', '{}', NULL, 'closed'),
  (encode(sha256('sk-new-plain'), 'hex'), 'u1', '{}', '{}', NULL, NULL);
INSERT INTO "LiteLLM_DeprecatedVerificationToken" ("id", "token", "active_token_id", "revoke_at")
  VALUES ('d1', encode(sha256('sk-new-former'), 'hex'), encode(sha256('sk-new-plain'), 'hex'), '2035-01-01');
"#;

fn text<'j>(answer: &'j Json, name: &str) -> &'j str {
    answer.get(name).and_then(Json::as_str).unwrap_or_default()
}

#[test]
fn a_host_stops_answering_when_litellm_migrates_the_tables_beside_it() {
    let Some(cluster) = shared() else { return };
    let database = filled(cluster, OLD);
    let host = Host::start(cluster, &database);
    runtime().block_on(async {
        assert_eq!(host.get("/key/list", MASTER_KEY).await.0, 200);
        let migration =
            "ALTER TABLE \"LiteLLM_VerificationToken\" ADD COLUMN \"allowed_routes\" TEXT[] DEFAULT '{}'";
        cluster.sql(&database, migration).expect("a migration");
        let mut answered = (200, Json::Null);
        for _ in 0..100 {
            answered = host.get("/key/list", MASTER_KEY).await;
            if answered.0 != 200 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(answered.0, 503, "{answered:?}");
        assert_eq!(host.post("/key/generate", MASTER_KEY, "{}").await.0, 503);
    });
    let host = Host::start(cluster, &database);
    assert_eq!(runtime().block_on(host.get("/key/list", MASTER_KEY)).0, 200);
}

#[test]
fn what_todays_litellm_forbids_is_forbidden_here() {
    let Some(cluster) = shared() else { return };
    let database = filled(cluster, TODAY);
    cluster.sql(&database, ROWS).expect("the rows");
    let host = Host::start(cluster, &database);
    runtime().block_on(async {
        for (name, target, status) in [
            ("llm", "/key/list", 403),
            ("info", "/key/list", 200),
            ("info", "/team/list", 200),
            ("gone", "/key/list", 401),
            ("closed", "/key/list", 401),
            ("plain", "/key/list", 200),
            ("former", "/key/info", 200),
        ] {
            let (found, body) = host.get(target, &format!("sk-new-{name}")).await;
            assert_eq!(found, status, "{name}: {body:?}");
        }
        let (status, _) = host.post("/key/delete", "sk-new-info", r#"{"keys":["sk-old-plain"]}"#).await;
        assert_eq!(status, 403);

        // a plain member of a team whose list is empty
        let body = r#"{"team_id":"t1","models":["gpt-4"]}"#;
        let (status, refused) = host.post("/key/generate", "sk-new-plain", body).await;
        assert_eq!(status, 401, "{refused:?}");
        let permit = "UPDATE \"LiteLLM_TeamTable\" SET team_member_permissions = '{/key/generate}'";
        cluster.sql(&database, permit).expect("a permission");
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        let (status, made) = host.post("/key/generate", "sk-new-plain", body).await;
        assert_eq!(status, 200, "{made:?}");

        // an organization that is there, and one that is not
        let of = |id: &str| format!(r#"{{"team_alias":"of-{id}","organization_id":"{id}"}}"#);
        assert_eq!(host.post("/team/new", MASTER_KEY, &of("o1")).await.0, 200);
        assert_eq!(host.post("/team/new", MASTER_KEY, &of("o2")).await.0, 400);
    });
}

#[test]
fn litellm_is_told_of_secrets_that_still_work() {
    let Some(cluster) = shared() else { return };
    let database = filled(cluster, TODAY);
    cluster.sql(&database, ROWS).expect("the rows");
    let host = Host::start(cluster, &database);
    let told = || {
        let sql = "SELECT token, active_token_id, revoke_at > now() + interval '50 minutes', \
                   revoke_at < now() + interval '61 minutes' FROM \"LiteLLM_DeprecatedVerificationToken\" ORDER BY id = 'd1', created_at";
        cluster.sql(&database, sql).expect("rows")
    };
    let line = |token: &str, active: &str| format!("{}|{}|t|t", sha256(token), sha256(active));
    runtime().block_on(async {
        let path = "/key/sk-new-plain/regenerate";
        let (status, renewed) = host.post(path, MASTER_KEY, r#"{"grace_period":"1h"}"#).await;
        assert_eq!(status, 200, "{renewed:?}");
        let second = text(&renewed, "key").to_owned();
        assert_eq!(told(), [line("sk-new-plain", &second), line("sk-new-former", &second)].join("\n"));
        for former in ["sk-new-plain", "sk-new-former"] {
            assert_eq!(host.get("/key/info", former).await.0, 200, "{former}");
        }
        let custom = r#"{"key":"sk-new-former"}"#;
        assert_eq!(host.post("/key/generate", MASTER_KEY, custom).await.0, 400);
        let path = format!("/key/{second}/regenerate");
        let (status, renewed) = host.post(&path, MASTER_KEY, "{}").await;
        assert_eq!(status, 200, "{renewed:?}");
        assert_eq!(told(), "");
        assert_eq!(host.get("/key/info", "sk-new-former").await.0, 401);
        let third = text(&renewed, "key").to_owned();
        let path = format!("/key/{third}/regenerate");
        let (_, renewed) = host.post(&path, MASTER_KEY, r#"{"grace_period":"1h"}"#).await;
        let body = format!(r#"{{"keys":["{}"]}}"#, text(&renewed, "key"));
        assert_eq!(host.post("/key/delete", MASTER_KEY, &body).await.0, 200);
        assert_eq!(told(), "");
    });
}

#[test]
fn on_the_tables_of_1_60_8_the_rules_do_without() {
    let Some(cluster) = shared() else { return };
    let database = filled(cluster, OLD);
    let host = Host::start(cluster, &database);
    runtime().block_on(async {
        let body = r#"{"team_id":"t1","models":["gpt-4"]}"#;
        assert_eq!(host.post("/key/generate", "sk-old-plain", body).await.0, 200);
        let path = "/key/sk-old-plain/regenerate";
        let (status, renewed) = host.post(path, MASTER_KEY, r#"{"grace_period":"1h"}"#).await;
        assert_eq!(status, 200, "{renewed:?}");
        assert_eq!(host.get("/key/info", "sk-old-plain").await.0, 200);
        let custom = r#"{"key":"sk-old-plain-0123456789"}"#;
        assert_eq!(host.post("/key/generate", MASTER_KEY, custom).await.0, 200);
        let body = format!(r#"{{"keys":["{}"]}}"#, text(&renewed, "key"));
        assert_eq!(host.post("/key/delete", MASTER_KEY, &body).await.0, 200);
        let of_none = r#"{"team_alias":"a","organization_id":"o2"}"#;
        assert_eq!(host.post("/team/new", MASTER_KEY, of_none).await.0, 400);
    });
}

fn organizations_are_administered(release: &str) {
    let Some(cluster) = shared() else { return };
    let database = filled(cluster, release);
    let host = Host::start(cluster, &database);
    let answers = async |method: &str, path: &str, body: &str, status: u16| {
        let request = Request { method: method.to_owned(), ..Request::post(path, MASTER_KEY, body) };
        let response = host.send(&request).await;
        let said = String::from_utf8_lossy(&response.body).into_owned();
        assert_eq!(response.status, status, "{method} {path} {body}: {said}");
        said
    };
    runtime().block_on(async {
        let made = r#"{"organization_id":"n","organization_alias":"New","models":["gpt-4"],"max_budget":9,"metadata":{"a":1}}"#;
        answers("POST", "/organization/new", made, 200).await;
        answers("POST", "/organization/new", made, 400).await;
        let members = r#"{"organization_id":"n","member":[{"role":"org_admin","user_id":"u1"},{"role":"internal_user","user_id":"u2"}],"max_budget_in_organization":2}"#;
        answers("POST", "/organization/member_add", members, 200).await;
        answers("POST", "/organization/member_add", members, 400).await;
        let raised = r#"{"organization_id":"n","user_id":"u2","role":"internal_user_viewer","max_budget_in_organization":3}"#;
        answers("PATCH", "/organization/member_update", raised, 200).await;
        let changed = r#"{"organization_id":"n","tpm_limit":5,"metadata":{"b":2}}"#;
        answers("PATCH", "/organization/update", changed, 200).await;
        let (status, shown) = host.get("/organization/info?organization_id=n", "sk-old-plain").await;
        assert_eq!(status, 200, "its admin: {shown:?}");
        let budget = shown.get("litellm_budget_table").cloned().unwrap_or(Json::Null);
        assert_eq!((budget.get("tpm_limit"), budget.get("max_budget")), (Some(&Json::Int(5)), Some(&Json::Float(9.0))));
        let count = |name: &str| shown.get(name).and_then(Json::as_list).map(<[Json]>::len);
        assert_eq!((count("members"), count("teams")), (Some(2), Some(0)));
        let (_, listed) = host.get("/organization/list", "sk-old-plain").await;
        assert_eq!(listed.as_list().map(<[Json]>::len), Some(1), "{listed:?}");

        answers("DELETE", "/organization/delete", r#"{"organization_ids":["o1"]}"#, 409).await;
        answers("POST", "/team/new", r#"{"team_id":"of-n","organization_id":"n"}"#, 200).await;
        answers("DELETE", "/organization/delete", r#"{"organization_ids":["n"]}"#, 409).await;
        answers("POST", "/team/delete", r#"{"team_ids":["of-n"]}"#, 200).await;
        let leaves = r#"{"organization_id":"n","user_id":"u2"}"#;
        answers("DELETE", "/organization/member_delete", leaves, 200).await;
        answers("DELETE", "/organization/member_delete", leaves, 404).await;
        answers("DELETE", "/organization/delete", r#"{"organization_ids":["n"]}"#, 200).await;
    });
    let left = "SELECT count(*) FROM \"LiteLLM_OrganizationMembership\"";
    assert_eq!(cluster.sql(&database, left).expect("a number"), "0");
}

#[test]
fn organizations_are_administered_on_the_tables_of_todays_litellm() {
    organizations_are_administered(TODAY);
}

#[test]
fn organizations_are_administered_on_the_tables_of_1_60_8() {
    organizations_are_administered(OLD);
}

#[test]
fn doctor_tells_which_limits_count_for_litellm_alone() {
    let Some(cluster) = shared() else { return };
    let database = filled(cluster, TODAY);
    let limit = "UPDATE \"LiteLLM_UserTable\" SET password_reset_required = true WHERE user_id = 'u1'";
    cluster.sql(&database, limit).expect("a limit");
    let (said, code) = examined(&cluster.url(&database));
    assert_eq!(code, Some(0));
    assert!(
        said.contains("warning  `LiteLLM_UserTable.password_reset_required` has a value in 1 rows"),
        "{said}"
    );
    assert!(said.contains("`LiteLLM_VerificationToken.of_others` has a value in 7 rows"), "{said}");
    assert!(!said.contains("`LiteLLM_ProjectTable.object_permission_id`"), "{said}");
}
