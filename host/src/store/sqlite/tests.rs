//! The story of a store.

use super::*;
use latchkey_core::contract::{Answer, AuditFilter, CallerRows, KeyFilter, KeyOrder, Visibility};
use latchkey_core::json::{Json, JsonText};
use latchkey_core::tables::{AuditLog, Budget, Millis, Team, TeamMembership, TeamModels, User, VirtualKey};
use latchkey_core::tables::{Table, changed, insert};

/// A database that goes with its test.
struct Scene {
    store: Sqlite,
    folder: PathBuf,
}

impl Scene {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("latchkey-store-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self { store: Sqlite::open(&folder.join("db.sqlite3")).unwrap(), folder }
    }

    async fn ask(&self, query: Query) -> Answer {
        let facts = self.store.read(vec![query]).await.unwrap();
        let mut text = String::new();
        facts[0].append_to(&mut text);
        serde_json::from_str(&text).unwrap()
    }

    async fn rows<T: Table>(&self, query: Query) -> Vec<T> {
        self.ask(query).await.rows.iter().map(|row| serde_json::from_str(row.get()).unwrap()).collect()
    }

    async fn key(&self, token: &str) -> VirtualKey {
        self.rows(Query::one::<VirtualKey>("token", token)).await.pop().unwrap()
    }

    async fn commit(&self, writes: Vec<Write>, guards: Vec<Guard>) -> Commit {
        self.store.commit(writes, guards).await.unwrap()
    }

    async fn tokens(&self, filter: KeyFilter, column: &'static str, descending: bool) -> (Vec<String>, u64) {
        let order = KeyOrder { column: column.into(), descending };
        let answer = self.ask(Query::Keys { filter, order, offset: 0, limit: 10 }).await;
        let rows = answer.rows.iter().map(|row| serde_json::from_str::<VirtualKey>(row.get()).unwrap().token);
        (rows.collect(), answer.total.unwrap())
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

fn key(token: &str) -> VirtualKey {
    VirtualKey { token: token.to_owned(), ..VirtualKey::default() }
}

fn absent(column: &'static str, value: &str, except: Option<&str>) -> Guard {
    let (value, except) = (value.to_owned(), except.map(str::to_owned));
    Guard::Absent { table: VirtualKey::NAME.into(), column: column.into(), value, except }
}

#[tokio::test]
async fn what_was_inserted_reads_back_equal_to_the_last_digit() {
    let scene = Scene::new("equal");
    let metadata = r#"{"z":123456789012345678901234567890,"a":1.0,"é\n":[null,true]}"#;
    let mut stored = VirtualKey {
        key_alias: Some("it's \"quoted\" \u{0} and é".to_owned()),
        spend: 0.1 + 0.2,
        expires: Some(Millis(1_700_000_000_123)),
        models: vec!["gpt-4".to_owned(), "b\"".to_owned()],
        metadata: serde_json::from_str(metadata).unwrap(),
        blocked: Some(false),
        tpm_limit: Some(i64::MAX),
        max_budget: Some(1e16),
        ..key("t")
    };
    assert_eq!(scene.commit(vec![insert(&stored)], vec![]).await, Commit::Committed);
    stored.row_version = "1".to_owned();
    let found = scene.key("t").await;
    assert_eq!(found, stored);
    assert_eq!(found.metadata.as_str(), metadata);
    assert!(scene.rows::<VirtualKey>(Query::one::<VirtualKey>("token", "u")).await.is_empty());
}

#[tokio::test]
async fn an_update_bumps_the_version_and_a_guard_on_the_old_one_refuses() {
    let scene = Scene::new("version");
    scene.commit(vec![insert(&key("t"))], vec![]).await;
    let before = scene.key("t").await;
    let after = VirtualKey { spend: 2.5, ..before.clone() };
    let write = changed(&before, &after).unwrap();
    let guard = Guard::Unchanged {
        table: VirtualKey::NAME.into(),
        key: before.key(),
        version: before.row_version.clone(),
    };
    assert_eq!(scene.commit(vec![write.clone()], vec![guard.clone()]).await, Commit::Committed);
    let found = scene.key("t").await;
    assert_eq!((found.spend, found.row_version.as_str()), (2.5, "2"));
    assert_eq!(scene.commit(vec![write.clone()], vec![guard]).await, Commit::Refused);
    assert_eq!(scene.key("t").await.row_version, "2");
    let gone = Write::Delete { table: VirtualKey::NAME.into(), column: "token".into(), value: "t".into() };
    assert_eq!(scene.commit(vec![gone.clone(), gone], vec![]).await, Commit::Committed);
    assert_eq!(scene.commit(vec![write], vec![]).await, Commit::Refused);
}

#[tokio::test]
async fn a_refused_commit_leaves_nothing_and_hurts_no_other_in_its_group() {
    let scene = Scene::new("group");
    let taken = VirtualKey { key_alias: Some("alias".to_owned()), ..key("taken") };
    scene.commit(vec![insert(&taken)], vec![]).await;
    let commits = (0..100).map(|number| {
        let writes = match number % 2 {
            0 => vec![insert(&key(&format!("t{number}")))],
            _ => vec![insert(&key(&format!("t{number}"))), insert(&key("taken"))],
        };
        scene.store.commit(writes, vec![])
    });
    let commits: Vec<_> = commits.collect();
    for (number, commit) in commits.into_iter().enumerate() {
        let wanted = if number % 2 == 0 { Commit::Committed } else { Commit::Refused };
        assert_eq!(commit.await.unwrap(), wanted, "{number}");
    }
    let (_, total) = scene.tokens(KeyFilter::default(), "token", false).await;
    assert_eq!(total, 51);
    let guarded = |guard| scene.commit(vec![insert(&key("new"))], vec![guard]);
    assert_eq!(guarded(absent("key_alias", "alias", None)).await, Commit::Refused);
    assert_eq!(guarded(absent("key_alias", "alias", Some("taken"))).await, Commit::Committed);
}

#[tokio::test]
async fn a_write_the_table_cannot_hold_is_an_error_and_hurts_no_other() {
    let scene = Scene::new("unfit");
    let Write::Insert { table, mut row } = insert(&key("t")) else { return };
    row.insert("spend".into(), JsonText::null());
    let unfit = scene.store.commit(vec![Write::Insert { table, row }], vec![]);
    let unknown = scene.store.commit(
        vec![Write::Delete { table: "sqlite_master".into(), column: "x".into(), value: String::new() }],
        vec![],
    );
    let fit = scene.store.commit(vec![insert(&key("t"))], vec![]);
    assert!(unfit.await.is_err());
    assert!(matches!(unknown.await, Err(StoreError::Unknown(_))));
    assert_eq!(fit.await.unwrap(), Commit::Committed);
}

#[tokio::test]
async fn many_values_and_whole_tables_come_oldest_first() {
    let scene = Scene::new("many");
    for id in ["b", "a", "c"] {
        scene.commit(vec![insert(&User { user_id: id.to_owned(), ..User::default() })], vec![]).await;
    }
    let ids = |rows: Vec<User>| rows.into_iter().map(|row| row.user_id).collect::<Vec<_>>();
    let some = Query::many::<User>("user_id", vec!["c".to_owned(), "b".to_owned(), "x".to_owned()]);
    assert_eq!(ids(scene.rows(some).await), ["b", "c"]);
    let all = Query::All { table: User::NAME.into() };
    assert_eq!(ids(scene.rows(all).await), ["b", "a", "c"]);
    assert!(scene.store.read(vec![Query::All { table: "latchkey_meta".into() }]).await.is_err());
}

#[tokio::test]
async fn a_caller_comes_with_the_rows_the_key_names() {
    let scene = Scene::new("caller");
    let id = || Some("x".to_owned());
    let key = VirtualKey { user_id: id(), team_id: id(), budget_id: id(), ..key("t") };
    let x = "x".to_owned();
    let writes = vec![
        insert(&key),
        insert(&User { user_id: x.clone(), ..User::default() }),
        insert(&Team { team_id: x.clone(), model_id: Some(7), ..Team::default() }),
        insert(&TeamModels {
            id: 7,
            aliases: Some(JsonText::of(&Json::empty_dict())),
            ..TeamModels::default()
        }),
        insert(&TeamMembership { user_id: x.clone(), team_id: x.clone(), ..TeamMembership::default() }),
        insert(&Budget { budget_id: x, max_budget: Some(1.0), ..Budget::default() }),
        insert(&self::key("alone")),
    ];
    scene.commit(writes, vec![]).await;
    let caller = |token: &str| scene.ask(Query::Caller { token: token.to_owned() });
    let rows: CallerRows = serde_json::from_str(caller("t").await.rows[0].get()).unwrap();
    assert_eq!((rows.key.token.as_str(), rows.user.unwrap().row_version.as_str()), ("t", "1"));
    assert_eq!(rows.team.unwrap().model_id, rows.team_models.map(|models| models.id));
    assert!(rows.membership.is_some());
    assert_eq!(rows.budget.unwrap().max_budget, Some(1.0));
    let rows: CallerRows = serde_json::from_str(caller("alone").await.rows[0].get()).unwrap();
    assert!(rows.user.is_none() && rows.team.is_none() && rows.membership.is_none() && rows.budget.is_none());
    assert!(caller("nobody").await.rows.is_empty());
}

#[tokio::test]
async fn a_page_of_keys_is_filtered_ordered_and_counted() {
    let scene = Scene::new("page");
    let text = |text: &str| Some(text.to_owned());
    let keys = [
        VirtualKey { user_id: text("u"), created_at: Some(Millis(2)), key_alias: text("Prod-1"), ..key("a") },
        VirtualKey { team_id: text("g"), created_at: Some(Millis(2)), expires: Some(Millis(5)), ..key("b") },
        VirtualKey { team_id: text("h"), created_at: Some(Millis(1)), blocked: Some(true), ..key("c") },
        key("d"),
    ];
    scene.commit(keys.iter().map(insert).collect(), vec![]).await;
    let all = KeyFilter::default;
    assert_eq!(scene.tokens(all(), "created_at", true).await.0, ["b", "a", "c", "d"]);
    assert_eq!(scene.tokens(all(), "created_at", false).await.0, ["c", "a", "b", "d"]);
    let visible = Visibility { user_id: text("u"), team_ids: vec!["g".to_owned()], token: text("d") };
    for (filter, tokens) in [
        (KeyFilter { user_id: text("u"), ..all() }, "a"),
        (KeyFilter { search: text("prod"), ..all() }, "a"),
        (KeyFilter { search: text("c"), ..all() }, "c"),
        (KeyFilter { status: Some(("active".to_owned(), 5)), ..all() }, "ad"),
        (KeyFilter { status: Some(("expired".to_owned(), 5)), ..all() }, "b"),
        (KeyFilter { status: Some(("blocked".to_owned(), 5)), ..all() }, "c"),
        (KeyFilter { visible_to: Some(visible), ..all() }, "abd"),
        (KeyFilter { visible_to: Some(Visibility::default()), ..all() }, ""),
    ] {
        let (found, total) = scene.tokens(filter.clone(), "token", false).await;
        assert_eq!((found.concat().as_str(), total), (tokens, tokens.len() as u64), "{filter:?}");
    }
    let order = KeyOrder { column: "token".into(), descending: false };
    let page = scene.ask(Query::Keys { filter: all(), order, offset: 3, limit: 2 }).await;
    assert_eq!((page.rows.len(), page.total), (1, Some(4)));
}

#[tokio::test]
async fn every_page_is_the_same_whichever_end_it_is_nearer_to() {
    let scene = Scene::new("ends");
    let moments = [Some(3), None, Some(1), Some(3), None, Some(2), Some(1)].map(|moment| moment.map(Millis));
    let keys: Vec<VirtualKey> = (b'a'..)
        .zip(moments)
        .map(|(name, created_at)| VirtualKey { created_at, ..key(&char::from(name).to_string()) })
        .collect();
    scene.commit(keys.iter().map(insert).collect(), vec![]).await;
    for (descending, expected) in [(true, "dafgceb"), (false, "cgfadbe")] {
        for (offset, limit) in (0..9).flat_map(|offset| (1..9).map(move |limit| (offset, limit))) {
            let order = KeyOrder { column: "created_at".into(), descending };
            let query = Query::Keys { filter: KeyFilter::default(), order, offset, limit };
            let page: Vec<String> =
                scene.rows::<VirtualKey>(query).await.into_iter().map(|key| key.token).collect();
            let wanted: String = expected.chars().skip(offset as usize).take(limit as usize).collect();
            assert_eq!(page.concat(), wanted, "{limit} from {offset}, descending: {descending}");
        }
    }
}

#[tokio::test]
async fn the_kept_number_of_keys_is_the_number_of_keys() {
    let scene = Scene::new("count");
    let path = scene.folder.join("db.sqlite3");
    let total = async || scene.tokens(KeyFilter::default(), "token", false).await.1;
    assert_eq!(total().await, 0);
    scene.commit(["a", "b", "c"].map(|token| insert(&key(token))).to_vec(), vec![]).await;
    let (table, column) = (VirtualKey::NAME.into(), "token".into());
    let delete = Write::Delete { table, column, value: "a".to_owned() };
    scene.commit(vec![delete], vec![]).await;
    // what is undone does not count
    let again = vec![insert(&key("d")), insert(&key("b"))];
    assert_eq!(scene.commit(again, vec![]).await, Commit::Refused);
    assert_eq!(total().await, 2);
    // a database that keeps no number yet gets one
    let other = Connection::open(&path).unwrap();
    let forget =
        "DROP TRIGGER latchkey_count_insert; DROP TRIGGER latchkey_count_delete; DROP TABLE latchkey_count";
    other.execute_batch(forget).unwrap();
    other.execute("DELETE FROM \"LiteLLM_VerificationToken\" WHERE token = 'b'", []).unwrap();
    Sqlite::open(&path).unwrap();
    assert_eq!(total().await, 1);
}

#[tokio::test]
async fn a_page_of_the_audit_log_is_filtered_newest_first_and_counted() {
    let scene = Scene::new("audit");
    let row = |id: &str, at, object: &str, actor: &str, action: &str| AuditLog {
        id: id.to_owned(),
        updated_at: Millis(at),
        object_id: object.to_owned(),
        changed_by: actor.to_owned(),
        action: action.to_owned(),
        table_name: VirtualKey::NAME.to_owned(),
        ..AuditLog::default()
    };
    let rows = [
        row("b", 1, "k", "boss", "created"),
        row("a", 1, "l", "boss", "created"),
        row("c", 2, "k", "u", "updated"),
        AuditLog { table_name: "other".to_owned(), ..row("d", 3, "k", "u", "deleted") },
    ];
    scene.commit(rows.iter().map(insert).collect(), vec![]).await;
    let text = |text: &str| Some(text.to_owned());
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let all = AuditFilter::default;
    for (filter, ids) in [
        (all(), "dcba"),
        (AuditFilter { object_ids: texts(&["k"]), ..all() }, "dcb"),
        (AuditFilter { changed_by: text("boss"), ..all() }, "ba"),
        (AuditFilter { object_ids: texts(&["l", "k", "x"]), ..all() }, "dcba"),
        (AuditFilter { action: text("created"), object_ids: texts(&["l"]), ..all() }, "a"),
        (AuditFilter { table_name: text("other"), ..all() }, "d"),
        (AuditFilter { since: Some(2), until: Some(3), ..all() }, "c"),
    ] {
        let answer = scene.ask(Query::Audit { filter: filter.clone(), offset: 0, limit: 10 }).await;
        let found: String =
            answer.rows.iter().map(|row| serde_json::from_str::<AuditLog>(row.get()).unwrap().id).collect();
        assert_eq!((found.as_str(), answer.total), (ids, Some(ids.len() as u64)), "{filter:?}");
    }
    let page = scene.ask(Query::Audit { filter: all(), offset: 3, limit: 2 }).await;
    assert_eq!((page.rows.len(), page.total), (1, Some(4)));
}

#[tokio::test]
async fn what_was_committed_is_there_for_the_next_process_and_the_master_key_is_kept_once() {
    let scene = Scene::new("again");
    scene.commit(vec![insert(&key("t"))], vec![]).await;
    let file = scene.folder.join("db.sqlite3");
    let again = Sqlite::open(&file).unwrap();
    assert_eq!(again.read(vec![Query::one::<VirtualKey>("token", "t")]).await.unwrap().len(), 1);
    assert_eq!(Sqlite::meta(&file, "name").unwrap(), None);
    assert_eq!(Sqlite::keep_meta(&file, "name", "first", || Ok(())).unwrap(), "first");
    let announced = || panic!("what is not kept is not announced");
    assert_eq!(Sqlite::keep_meta(&file, "name", "second", announced).unwrap(), "first");
}

#[test]
fn what_could_not_be_announced_is_not_kept() {
    let scene = Scene::new("unheard");
    let file = scene.folder.join("db.sqlite3");
    let closed = || Err(std::io::ErrorKind::BrokenPipe.into());
    assert!(Sqlite::keep_meta(&file, "name", "first", closed).is_err());
    assert_eq!(Sqlite::meta(&file, "name").unwrap(), None);
    assert_eq!(Sqlite::keep_meta(&file, "name", "second", || Ok(())).unwrap(), "second");
}

#[tokio::test]
async fn a_long_read_that_gets_no_turn_in_time_is_told_so() {
    let mut scene = Scene::new("turns");
    scene.store.patience = Duration::from_millis(20);
    let all = || vec![Query::All { table: Team::NAME.into() }];
    let turns = scene.store.long_reads.acquire_many(4).await.unwrap();
    assert!(matches!(scene.store.read(all()).await, Err(StoreError::Busy)));
    drop(turns);
    assert!(scene.store.read(all()).await.is_ok());
}
