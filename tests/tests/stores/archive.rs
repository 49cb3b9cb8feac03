//! What is kept of rows that go.

use crate::scene::{Scene, database, key};
use latchkey::store::Commit;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{DeletedKey, Millis, Table, VirtualKey};
use latchkey_contract::wire::{Condition, Guard, KeyFilter, Query, Visibility, Write, insert};

/// What LiteLLM makes in PostgreSQL, without some of its columns.
const TABLE: &str = r#"CREATE TABLE "LiteLLM_DeletedVerificationToken" (
    "id" TEXT NOT NULL PRIMARY KEY, "token" TEXT NOT NULL, "key_name" TEXT, "key_alias" TEXT,
    "soft_budget_cooldown" BOOLEAN NOT NULL DEFAULT false, "spend" DOUBLE PRECISION NOT NULL DEFAULT 0, "expires" TIMESTAMP(3),
    "models" TEXT[], "aliases" JSONB NOT NULL DEFAULT '{}', "config" JSONB NOT NULL DEFAULT '{}', "user_id" TEXT,
    "team_id" TEXT, "permissions" JSONB NOT NULL DEFAULT '{}', "metadata" JSONB NOT NULL DEFAULT '{}', "blocked" BOOLEAN,
    "max_budget" DOUBLE PRECISION, "budget_id" TEXT, "model_spend" JSONB NOT NULL DEFAULT '{}',
    "model_max_budget" JSONB NOT NULL DEFAULT '{}', "created_at" TIMESTAMP(3), "updated_at" TIMESTAMP(3),
    "deleted_at" TIMESTAMP(3) NOT NULL DEFAULT now(), "deleted_by" TEXT, "litellm_changed_by" TEXT)"#;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn held(token: &str, user_id: &str, team_id: &str) -> VirtualKey {
    VirtualKey {
        user_id: text(user_id),
        team_id: text(team_id),
        key_alias: text(&format!("alias-{token}")),
        spend: 0.5,
        models: vec!["m".to_owned(), "n'".to_owned()],
        metadata: JsonText::parse(r#"{"b": [1.5, "x"]}"#.to_owned()).unwrap(),
        expires: Some(Millis(1_700_000_000_123)),
        created_at: Some(Millis(1_600_000_000_000)),
        ..key(token)
    }
}

/// Keeps the keys that meet the conditions, and deletes them.
fn gone(id: &str, rows: &[Condition], moment: i64) -> Vec<Write> {
    let set = [
        ("deleted_at", JsonText::of(&Json::Int(moment))),
        ("deleted_by", JsonText::of(&Json::from("boss"))),
        ("deleted_by_api_key", JsonText::of(&Json::from("hash"))),
        ("litellm_changed_by", JsonText::null()),
    ];
    let copy = Write::Copy {
        table: VirtualKey::NAME.into(),
        rows: rows.to_vec(),
        into: DeletedKey::NAME.into(),
        id: id.to_owned(),
        columns: DeletedKey::copied().map(Into::into).collect(),
        set: set.into_iter().map(|(name, cell)| (name.into(), cell)).collect(),
    };
    vec![copy, Write::delete_all::<VirtualKey>(rows.to_vec())]
}

async fn archived(scene: &Scene) -> Vec<DeletedKey> {
    let mut rows: Vec<DeletedKey> = scene.rows(Query::All { table: DeletedKey::NAME.into() }).await;
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

async fn story(scene: &Scene) {
    let keys = [held("a", "u", "t"), held("b", "u", "s"), held("c", "v", "t")];
    scene.commit(keys.iter().map(|row| insert(row)).collect(), vec![]).await;
    let before = scene.key("b").await;
    let of_user = [Condition::is("user_id", "u")];
    let refused = Guard::Present { table: VirtualKey::NAME.into(), key: vec!["none".to_owned()] };
    assert_eq!(scene.commit(gone("0", &of_user, 1), vec![refused]).await, Commit::Refused);
    assert!(archived(scene).await.is_empty(), "a refused commit keeps nothing");
    assert_eq!(scene.commit(gone("1", &of_user, 5_000), vec![]).await, Commit::Committed);
    assert_eq!(
        scene.commit(gone("2", &[Condition::is("token", "c")], 9_000), vec![]).await,
        Commit::Committed
    );
    assert_eq!(
        scene.commit(gone("3", &[Condition::is("token", "none")], 9), vec![]).await,
        Commit::Committed
    );
    let rows = archived(scene).await;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["1000000000001", "1000000000002", "2000000000001"]);
    let [_, second, third] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((second.deleted_at, second.deleted_by.as_deref()), (Millis(5_000), Some("boss")));
    assert_eq!((second.litellm_changed_by.as_ref(), third.deleted_at), (None, Millis(9_000)));
    assert_eq!(second.key, VirtualKey { told: second.key.told.clone(), ..before });

    // the same again is a further entry
    scene.commit(vec![insert(&held("a", "u", "t"))], vec![]).await;
    scene.commit(gone("4", &of_user, 7_000), vec![]).await;
    let all = || KeyFilter { archived: true, ..KeyFilter::default() };
    let team_ids = vec!["t".to_owned()];
    let visible = Visibility { user_id: text("v"), team_ids, tokens: vec![] };
    for (filter, expected) in [
        (all(), "aabc"),
        (KeyFilter { user_id: text("u"), ..all() }, "aab"),
        (KeyFilter { without_team: text("t"), ..all() }, "b"),
        (KeyFilter { token: text("a"), ..all() }, "aa"),
        (KeyFilter { deleted_since: Some(7_000), ..all() }, "ac"),
        (KeyFilter { alias_part: text("LIAS-B"), ..all() }, "b"),
        (KeyFilter { search: text("c"), blocked: Some(false), ..all() }, "c"),
        (KeyFilter { expired: Some((true, 1_700_000_000_123)), ..all() }, "aabc"),
        (KeyFilter { visible_to: Some(visible), deleted_since: Some(6_000), ..all() }, "ac"),
        (KeyFilter { visible_to: Some(Visibility::default()), ..all() }, ""),
    ] {
        let (tokens, total) = scene.tokens(filter.clone(), "token", false).await;
        assert_eq!((tokens.concat().as_str(), total), (expected, expected.len() as u64), "{filter:?}");
    }
    let by_deletion = scene.tokens(all(), "deleted_at", true).await.0.concat();
    assert_eq!((&by_deletion[..2], by_deletion.len()), ("ca", 4));
    assert_eq!(scene.tokens(KeyFilter::default(), "token", false).await.0.concat(), "");
    let absent = |value: &str| Guard::Absent {
        table: DeletedKey::NAME.into(),
        column: "token".into(),
        value: value.to_owned(),
        except: None,
    };
    assert_eq!(scene.commit(vec![insert(&key("a"))], vec![absent("a")]).await, Commit::Refused);
    assert_eq!(scene.commit(vec![insert(&key("d"))], vec![absent("d")]).await, Commit::Committed);
}

#[tokio::test]
async fn copies_of_keys_are_kept_numbered_and_listed_on_sqlite() {
    story(&Scene::sqlite().await).await;
}

#[tokio::test]
async fn copies_of_keys_are_kept_numbered_and_listed_on_postgresql() {
    let Some((cluster, name)) = database() else { return };
    drop(Scene::on(cluster, &name).await);
    cluster.sql(&name, TABLE).unwrap();
    story(&Scene::on(cluster, &name).await).await;
}

#[tokio::test]
async fn without_an_archive_keys_are_deleted_and_none_is_listed() {
    let Some((cluster, name)) = database() else { return };
    let scene = Scene::on(cluster, &name).await;
    scene.commit(vec![insert(&held("a", "u", "t"))], vec![]).await;
    let done = scene.commit(gone("1", &[Condition::is("user_id", "u")], 5), vec![]).await;
    assert_eq!(done, Commit::Committed);
    assert_eq!(scene.tokens(KeyFilter::default(), "token", false).await.1, 0);
    let all = KeyFilter { archived: true, ..KeyFilter::default() };
    assert_eq!(scene.tokens(all, "created_at", true).await.1, 0);
}
