//! A database of LiteLLM's, of its release 1.60.8 and of today's, with rows as its Prisma writes them.

use crate::{Host, MASTER_KEY, runtime};
use latchkey_contract::json::Json;
use latchkey_tests::corpus::own_folder;
use latchkey_tests::implementation::binary;
use latchkey_tests::postgres::{Cluster, shared};
use latchkey_tests::scenario::sha256;
use std::process::Command;

/// Rows of all tables; keys are `sk-old-` and their name.
const ROWS: &str = r#"
INSERT INTO "LiteLLM_BudgetTable" ("budget_id", "max_budget", "rpm_limit", "created_at", "updated_at", "created_by", "updated_by")
  VALUES ('b1', 12.5, 7, '2025-02-03 04:05:06.789', '2025-02-03 04:05:06.789', 'default_user_id', 'default_user_id');
INSERT INTO "LiteLLM_OrganizationTable" ("organization_id", "organization_alias", "budget_id", "models", "created_at", "created_by", "updated_at", "updated_by")
  VALUES ('o1', 'Org', 'b1', '{}', '2025-02-03 04:05:06.789', 'default_user_id', '2025-02-03 04:05:06.789', 'default_user_id');
INSERT INTO "LiteLLM_ModelTable" ("aliases", "created_at", "created_by", "updated_at", "updated_by")
  VALUES ('{"gpt-4": "mine"}', '2025-02-03 04:05:06.789', 'default_user_id', '2025-02-03 04:05:06.789', 'default_user_id');
INSERT INTO "LiteLLM_TeamTable" ("team_id", "team_alias", "organization_id", "admins", "members", "members_with_roles", "metadata", "models", "blocked", "created_at", "updated_at", "model_id")
  VALUES ('t1', 'Team', 'o1', '{}', '{}', '[{"role": "user", "user_id": "u1", "user_email": null}]', '{"note": "kept"}', '{gpt-4}', false, '2025-02-03 04:05:06.789', '2025-02-03 04:05:06.789', 1);
INSERT INTO "LiteLLM_UserTable" ("user_id", "user_alias", "teams", "user_role", "spend", "user_email", "models", "metadata", "created_at", "updated_at")
  VALUES ('u1', 'User', '{t1}', 'internal_user', 0.25, 'u1@example.com', '{}', '{}', '2025-02-03 04:05:06.789', '2025-02-03 04:05:06.789');
INSERT INTO "LiteLLM_TeamMembership" ("user_id", "team_id", "spend", "budget_id") VALUES ('u1', 't1', 0.5, 'b1');
INSERT INTO "LiteLLM_VerificationToken" ("token", "key_name", "key_alias", "spend", "models", "aliases", "config", "user_id", "team_id", "permissions", "metadata", "max_budget", "budget_duration", "budget_reset_at", "model_max_budget", "budget_id", "expires", "blocked", "created_at", "updated_at") VALUES
  (encode(sha256('sk-old-plain'), 'hex'), 'sk-...lain', 'plain', 1.75, '{gpt-4}', '{}', '{}', 'u1', NULL, '{}', '{"tags": ["a", "b"], "deep": {"zz": 1.50, "a": 12345678901234567890}}', 10, '30d', '2035-01-01 00:00:00', '{}', NULL, NULL, NULL, '2025-02-03 04:05:06.789', '2025-02-03 04:05:06.789'),
  (encode(sha256('sk-old-team'), 'hex'), 'sk-...team', 'team', 0, '{}', '{}', '{}', 'u1', 't1', '{}', '{}', NULL, NULL, NULL, '{}', 'b1', '2035-01-01 00:00:00', false, '2025-02-03 04:05:06.789', '2025-02-03 04:05:06.789'),
  (encode(sha256('sk-old-nan'), 'hex'), 'sk-...-nan', NULL, 0, NULL, '{}', '{}', 'u1', NULL, '{}', '{}', 'NaN', NULL, NULL, '{}', NULL, NULL, NULL, NULL, NULL),
  (encode(sha256('sk-old-twin1'), 'hex'), 'sk-...win1', 'twin', 0, '{}', '{}', '{}', 'u1', NULL, '{}', '{}', NULL, NULL, NULL, '{}', NULL, NULL, NULL, '2025-02-03 04:05:06.789', '2025-02-03 04:05:06.789'),
  (encode(sha256('sk-old-twin2'), 'hex'), 'sk-...win2', 'twin', 0, '{}', '{}', '{}', 'u1', NULL, '{}', '{}', NULL, NULL, NULL, '{}', NULL, NULL, NULL, '2025-02-03 04:05:06.789', '2025-02-03 04:05:06.789'),
  (encode(sha256('sk-old-blocked'), 'hex'), 'sk-...cked', NULL, 0, '{}', '{}', '{}', 'u1', NULL, '{}', '{}', NULL, NULL, NULL, '{}', NULL, NULL, true, '2025-02-03 04:05:06.789', '2025-02-03 04:05:06.789'),
  (encode(sha256('sk-old-expired'), 'hex'), 'sk-...ired', NULL, 0, '{}', '{}', '{}', 'u1', NULL, '{}', '{}', NULL, NULL, NULL, '{}', NULL, '2024-01-01 00:00:00', NULL, '2025-02-03 04:05:06.789', '2025-02-03 04:05:06.789');
"#;

/// What LiteLLM notes of users in tables that Latchkey does not know.
const PEOPLE: &str = r#"
INSERT INTO "LiteLLM_UserTable" ("user_id", "teams", "spend", "models", "metadata") VALUES
  ('boss', '{}', 0, '{}', '{}'), ('new', '{}', 0, '{}', '{}');
INSERT INTO "LiteLLM_InvitationLink" ("id", "user_id", "expires_at", "created_at", "created_by", "updated_at", "updated_by") VALUES
  ('i1', 'u1', '2035-01-01', '2025-01-01', 'boss', '2025-01-01', 'boss'),
  ('i2', 'new', '2035-01-01', '2025-01-01', 'boss', '2025-01-01', 'boss');
INSERT INTO "LiteLLM_OrganizationMembership" ("user_id", "organization_id") VALUES ('u1', 'o1');
"#;

const TABLES: [&str; 8] = [
    "LiteLLM_BudgetTable",
    "LiteLLM_OrganizationTable",
    "LiteLLM_ModelTable",
    "LiteLLM_TeamTable",
    "LiteLLM_UserTable",
    "LiteLLM_TeamMembership",
    "LiteLLM_VerificationToken",
    "LiteLLM_AuditLog",
];

/// A database with the tables of a release, rows, and in each table a column that no program knows.
pub(crate) fn filled(cluster: &Cluster, release: &str) -> String {
    let file = own_folder().join("litellm").join(format!("{release}.sql.zst"));
    let packed = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let tables = String::from_utf8(zstd::decode_all(packed.as_slice()).expect("zstd")).expect("text");
    let database = cluster.database("template0").expect("a database");
    cluster.sql(&database, &tables).expect("the tables");
    cluster.sql(&database, ROWS).expect("the rows");
    for table in TABLES {
        let column = format!("ALTER TABLE \"{table}\" ADD COLUMN \"of_others\" TEXT DEFAULT 'kept'");
        cluster.sql(&database, &column).expect("another column");
    }
    database
}

/// All rows of all tables, and what the tables are, but for what `except` matches.
fn contents(cluster: &Cluster, database: &str, except: &str) -> String {
    let mut out = String::new();
    for table in TABLES {
        let rows = format!(
            "SELECT '{table}', (to_jsonb(r) - '{{{except}}}'::text[])::text FROM \"{table}\" r ORDER BY 2"
        );
        out.push_str(&cluster.sql(database, &rows).expect("rows"));
        out.push('\n');
    }
    let columns = "SELECT table_name, column_name, udt_name, is_nullable, column_default, ordinal_position \
                   FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 6";
    out.push_str(&cluster.sql(database, columns).expect("columns"));
    out
}

fn goes_on(release: &str) {
    let Some(cluster) = shared() else { return };
    let database = filled(cluster, release);
    let before = contents(cluster, &database, "");
    let host = Host::start(cluster, &database);
    assert_eq!(contents(cluster, &database, ""), before, "a start changes nothing");
    runtime().block_on(async {
        for (name, status) in [
            ("plain", 200),
            ("team", 200),
            ("nan", 200),
            ("twin1", 200),
            ("twin2", 200),
            ("blocked", 401),
            ("expired", 401),
        ] {
            let key = format!("sk-old-{name}");
            let (found, body) = host.get(&format!("/key/info?key={key}"), &key).await;
            assert_eq!(found, status, "{name}: {body:?}");
        }
        let (_, shown) = host.get("/key/info?key=sk-old-plain", MASTER_KEY).await;
        let info = |name: &str| shown.get("info").and_then(|info| info.get(name)).cloned();
        assert_eq!(info("spend"), Some(Json::Float(1.75)));
        let deep = info("metadata").and_then(|metadata| metadata.get("deep").cloned()).expect("metadata");
        assert_eq!(deep.get("a"), Some(&Json::Big("12345678901234567890".to_owned())));
        assert_eq!(deep.get("zz"), Some(&Json::Float(1.5)));

        // one change, and nothing but it
        let body = r#"{"key":"sk-old-plain","tpm_limit":5}"#;
        let (status, answer) = host.post("/key/update", MASTER_KEY, body).await;
        assert_eq!(status, 200, "{answer:?}");
        let changed = "tpm_limit,updated_at,updated_by,settings_updated_at";
        let fresh = filled(cluster, release);
        assert_eq!(contents(cluster, &database, changed), contents(cluster, &fresh, changed));
        let sql =
            "SELECT tpm_limit, of_others, spend FROM \"LiteLLM_VerificationToken\" WHERE key_alias = 'plain'";
        assert_eq!(cluster.sql(&database, sql).expect("the row"), "5|kept|1.75");

        // an alias that two keys have leads to neither
        let (status, _) = host.post("/key/generate", MASTER_KEY, r#"{"key_alias":"twin"}"#).await;
        assert_eq!(status, 400);
        let body = r#"{"key_alias":"third","team_id":"t1","models":["gpt-4"]}"#;
        let (status, made) = host.post("/key/generate", MASTER_KEY, body).await;
        assert_eq!(status, 200, "{made:?}");
        let token = sha256(made.get("key").and_then(Json::as_str).expect("a key"));
        let sql = format!("SELECT of_others FROM \"LiteLLM_VerificationToken\" WHERE token = '{token}'");
        assert_eq!(cluster.sql(&database, &sql).expect("the row"), "kept");

        // regenerated, deleted, and the team's keys with it
        let (status, again) = host.post("/key/sk-old-team/regenerate", MASTER_KEY, "{}").await;
        assert_eq!(status, 200, "{again:?}");
        let (status, gone) = host.post("/key/delete", MASTER_KEY, r#"{"keys":["sk-old-nan"]}"#).await;
        assert_eq!(status, 200, "{gone:?}");
        let (status, gone) = host.post("/team/delete", MASTER_KEY, r#"{"team_ids":["t1"]}"#).await;
        assert_eq!(status, 200, "{gone:?}");
        // what LiteLLM has noted of the user goes as well
        cluster.sql(&database, PEOPLE).expect("an invitation and a membership");
        let (status, gone) = host.post("/user/delete", MASTER_KEY, r#"{"user_ids":["u1"]}"#).await;
        assert_eq!(status, 200, "{gone:?}");
        let left = "SELECT count(*) FROM \"LiteLLM_InvitationLink\" WHERE user_id = 'u1'";
        assert_eq!(cluster.sql(&database, left).expect("a number"), "0");
        for (path, body) in
            [("/user/delete", r#"{"user_ids":["boss"]}"#), ("/budget/delete", r#"{"id":"b1"}"#)]
        {
            let (status, refused) = host.post(path, MASTER_KEY, body).await;
            let message = refused.get("error").and_then(|error| error.get("message")).and_then(Json::as_str);
            assert_eq!(status, 409, "{path}: {refused:?}");
            assert!(message.is_some_and(|message| message.contains("refer to")), "{path}: {refused:?}");
        }
        // the log is written beside the start
        while !host.log().contains("twin") {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    });
    let own = "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'latchkey%' AND table_schema = 'public'";
    assert_eq!(cluster.sql(&database, own).expect("a number"), "0", "what LiteLLM migrates is left alone");
}

/// What `latchkey doctor` says of a database, and its exit code.
pub(crate) fn examined(url: &str) -> (String, Option<i32>) {
    let mut doctor = Command::new(binary().expect("the binary"));
    let said = doctor.args(["doctor", "--db", url]).output().expect("it looks");
    assert!(said.stderr.is_empty(), "{}", String::from_utf8_lossy(&said.stderr));
    (String::from_utf8(said.stdout).expect("text"), said.status.code())
}

fn doctor_finds_what_was_planted(release: &str) {
    let Some(cluster) = shared() else { return };
    let database = filled(cluster, release);
    let planted = r#"
        UPDATE "LiteLLM_VerificationToken" SET budget_duration = 'soon', tpm_limit = -5 WHERE key_alias = 'plain';
        UPDATE "LiteLLM_VerificationToken" SET team_id = 'gone', user_id = 'nobody' WHERE key_alias = 'team';
        UPDATE "LiteLLM_VerificationToken" SET token = 'no hash' WHERE token = encode(sha256('sk-old-blocked'), 'hex');
        UPDATE "LiteLLM_BudgetTable" SET max_budget = 'Infinity';"#;
    cluster.sql(&database, planted).expect("what is wrong");
    let before = contents(cluster, &database, "");
    let (said, code) = examined(&cluster.url(&database));
    assert_eq!(contents(cluster, &database, ""), before, "a look changes nothing");
    let own = "SELECT count(*) FROM pg_class WHERE relname LIKE 'latchkey%'";
    assert_eq!(cluster.sql(&database, own).expect("a number"), "0", "a look makes nothing");
    let token = sha256("sk-old-nan");
    for words in [
        "`postgresql:///d",
        "PostgreSQL 15",
        "a start would make table `latchkey_grace`",
        "a start would make index `latchkey_key_alias`",
        "LiteLLM_VerificationToken.of_others",
        "7 rows in `LiteLLM_VerificationToken`",
        "alias_shared",
        "2 keys have `twin`",
        "amount_negative",
        "`tpm_limit` is -5",
        "amount_not_finite",
        &format!("LiteLLM_VerificationToken {token}: `max_budget`"),
        "LiteLLM_BudgetTable b1: `max_budget`",
        "duration_malformed",
        ": `soon`",
        "team_unknown",
        ": `gone`",
        "user_unknown",
        ": `nobody`",
        "token_malformed",
        "a host can work with this database; warnings: ",
    ] {
        assert!(said.contains(words), "`{words}` is not in:\n{said}");
    }
    assert!(!said.contains("budget_unknown") && !said.contains("sk-old"), "{said}");
    assert_eq!(code, Some(0));

    // what a start makes is not missing any more
    drop(Host::start(cluster, &database));
    let (said, _) = examined(&cluster.url(&database));
    assert!(said.contains("a start would make nothing"), "{said}");
    cluster
        .sql(&database, "ALTER TABLE \"LiteLLM_TeamTable\" DROP COLUMN \"model_id\"")
        .expect("an old table");
    let (said, code) = examined(&cluster.url(&database));
    assert!(said.contains("LiteLLM_TeamTable.model_id") && code == Some(1), "{said}");
}

#[test]
fn doctor_finds_what_was_planted_in_a_database_of_litellm_1_60_8() {
    doctor_finds_what_was_planted("litellm-1.60.8");
}

#[test]
fn doctor_finds_what_was_planted_in_a_database_of_todays_litellm() {
    doctor_finds_what_was_planted("litellm-proxy-extras-0.4.110");
}

#[test]
fn a_database_of_litellm_1_60_8_goes_on_with_every_key() {
    goes_on("litellm-1.60.8");
}

#[test]
fn a_database_of_todays_litellm_goes_on_with_every_key() {
    goes_on("litellm-proxy-extras-0.4.110");
}

#[test]
fn a_table_without_a_column_that_the_rules_need_is_named_and_nothing_is_made() {
    let Some(cluster) = shared() else { return };
    let database = filled(cluster, "litellm-1.60.8");
    cluster
        .sql(&database, "ALTER TABLE \"LiteLLM_TeamTable\" DROP COLUMN \"model_id\"")
        .expect("an old table");
    let folder = tempfile::tempdir().expect("a folder");
    let url = cluster.url(&database);
    let settings = Json::empty_dict();
    let refused = latchkey_tests::implementation::Server::start_on(folder.path(), &settings, url.as_ref());
    let error = refused.expect_err("it cannot start");
    assert!(error.contains("LiteLLM_TeamTable.model_id"), "{error}");
    let own = "SELECT count(*) FROM pg_namespace WHERE nspname = 'latchkey'";
    assert_eq!(cluster.sql(&database, own).expect("a number"), "0");
}
