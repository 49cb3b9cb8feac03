//! Rows: written, read back, guarded.

use crate::scene::{Scene, absent, key};
use latchkey::store::{Commit, StoreError};
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{
    Budget, FormerToken, Millis, Row, Table, Team, TeamMembership, TeamModels, User, VirtualKey,
};
use latchkey_contract::wire::{
    CallerRows, Condition, Fact, Guard, KeyFilter, Query, Write, changed, insert, unchanged,
};

pub(crate) async fn equal(scene: &Scene) {
    // members in the order that PostgreSQL gives them, too
    let metadata = r#"{"a":1.0,"z":123456789012345678901234567890,"é\n":[null,true]}"#;
    let stored = VirtualKey {
        key_alias: Some("it's \"quoted\" \\ and é".to_owned()),
        spend: 0.1 + 0.2,
        expires: Some(Millis(1_700_000_000_123)),
        budget_reset_at: Some(Millis(253_402_300_799_999)),
        created_at: Some(Millis(-62_135_596_800_000)),
        models: vec!["gpt-4".to_owned(), "b\"".to_owned(), "{,}".to_owned()],
        metadata: JsonText::parse(metadata.to_owned()).unwrap(),
        blocked: Some(false),
        tpm_limit: Some(i64::MAX),
        max_parallel_requests: Some(i32::MIN),
        max_budget: Some(1e16),
        ..key("t")
    };
    assert_eq!(scene.commit(vec![insert(&stored)], vec![]).await, Commit::Committed);
    let found = scene.key("t").await;
    assert_eq!(found, stored);
    assert_eq!(found.metadata.as_str(), metadata);
    assert!(scene.rows::<VirtualKey>(Query::one::<VirtualKey>("token", "u")).await.is_empty());
}

pub(crate) async fn empty(scene: &Scene) {
    let budget = Budget { budget_id: "b".to_owned(), ..Budget::default() };
    let null =
        Budget { budget_id: "n".to_owned(), model_max_budget: Some(JsonText::null()), ..budget.clone() };
    scene.commit(vec![insert(&budget), insert(&null)], vec![]).await;
    for id in ["b", "n"] {
        let found = scene.rows::<Budget>(Query::one::<Budget>("budget_id", id)).await.remove(0);
        assert_eq!(found, Budget { budget_id: id.to_owned(), ..budget.clone() });
    }
}

pub(crate) async fn version(scene: &Scene) {
    scene.commit(vec![insert(&key("t"))], vec![]).await;
    let before = scene.key("t").await;
    let after = VirtualKey { spend: 2.5, max_budget: Some(2.5), ..before.clone() };
    let write = changed(&before, &after).unwrap();
    let guard = unchanged(&before);
    assert_eq!(scene.commit(vec![write.clone()], vec![guard.clone()]).await, Commit::Committed);
    let found = scene.key("t").await;
    assert_eq!(found.spend, 2.5);
    assert_eq!(scene.commit(vec![write.clone()], vec![guard]).await, Commit::Refused);
    assert_eq!(scene.key("t").await, found);
    let gone = Write::delete::<VirtualKey>("token", "t");
    assert_eq!(scene.commit(vec![gone.clone(), gone], vec![]).await, Commit::Committed);
    assert_eq!(scene.commit(vec![write], vec![]).await, Commit::Refused);
    assert_eq!(scene.commit(vec![insert(&key("t"))], vec![unchanged(&found)]).await, Commit::Refused);
}

pub(crate) async fn refused(scene: &Scene) {
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
    // a row that is gone refuses what was written before it
    let one = scene.key("new").await;
    let change = changed(&one, &VirtualKey { spend: 1.0, ..one.clone() }).unwrap();
    let row: &dyn Row = &one;
    let set = row.cells();
    let gone = Write::Update { table: VirtualKey::NAME.into(), key: vec!["gone".to_owned()], set };
    assert_eq!(scene.commit(vec![change, gone], vec![]).await, Commit::Refused);
    assert_eq!(scene.key("new").await, one);
}

pub(crate) async fn unfit(scene: &Scene) {
    let Write::Insert { table, mut row, like } = insert(&key("t")) else { return };
    row.insert("spend".into(), JsonText::null());
    let unfit = scene.store.commit(vec![Write::Insert { table, row, like }], vec![]);
    let foreign = |table: &'static str| {
        scene.store.commit(
            vec![Write::Delete { table: table.into(), rows: vec![Condition::is("name", "")], noted: None }],
            vec![],
        )
    };
    let (unknown, own) = (foreign("sqlite_master"), foreign("latchkey_meta"));
    let fit = scene.store.commit(vec![insert(&key("t"))], vec![]);
    assert!(unfit.await.is_err());
    assert!(matches!(unknown.await, Err(StoreError::Unknown(_))));
    assert!(matches!(own.await, Err(StoreError::Unknown(_))));
    assert_eq!(fit.await.unwrap(), Commit::Committed);
    assert!(scene.store.read(vec![Query::All { table: "latchkey_meta".into() }]).await.is_err());
}

pub(crate) async fn oldest_first(scene: &Scene) {
    for (id, at) in [("b", 1), ("a", 2), ("c", 2)] {
        let user = User { user_id: id.to_owned(), created_at: Some(Millis(at)), ..User::default() };
        scene.commit(vec![insert(&user)], vec![]).await;
    }
    let ids = |rows: Vec<User>| rows.into_iter().map(|row| row.user_id).collect::<Vec<_>>();
    let some = Query::many::<User>("user_id", vec!["c".to_owned(), "b".to_owned(), "x".to_owned()]);
    assert_eq!(ids(scene.rows(some).await), ["b", "c"]);
    let all = Query::All { table: User::NAME.into() };
    assert_eq!(ids(scene.rows(all).await), ["b", "a", "c"]);
    let former = |token: &str| FormerToken {
        token: token.to_owned(),
        current: "now".to_owned(),
        ..FormerToken::default()
    };
    for token in ["y", "x"] {
        scene.commit(vec![insert(&former(token))], vec![]).await;
    }
    let found = scene.rows::<FormerToken>(Query::one::<FormerToken>("current", "now")).await;
    assert_eq!(found.iter().map(|row| row.token.as_str()).collect::<Vec<_>>(), ["y", "x"]);
}

pub(crate) async fn caller(scene: &Scene) {
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
        insert(&crate::scene::key("alone")),
    ];
    assert_eq!(scene.commit(writes, vec![]).await, Commit::Committed);
    let caller = |token: &str| scene.ask(Query::Caller { token: token.to_owned() });
    let first = |fact: Fact| fact.rows.all(CallerRows::read).unwrap().remove(0);
    let rows = first(caller("t").await);
    assert_eq!((rows.key.token.as_str(), rows.user.is_some()), ("t", true));
    assert_eq!(rows.team.unwrap().model_id, rows.team_models.map(|models| models.id));
    assert!(rows.membership.is_some());
    assert_eq!(rows.budget.unwrap().max_budget, Some(1.0));
    let rows = first(caller("alone").await);
    assert!(rows.user.is_none() && rows.team.is_none() && rows.membership.is_none() && rows.budget.is_none());
    assert!(caller("nobody").await.rows.is_empty());
}

pub(crate) async fn number(scene: &Scene) {
    let models = |id| TeamModels { id, ..TeamModels::default() };
    scene.commit(vec![insert(&models(7)), insert(&models(8))], vec![]).await;
    let found = |values: &[&str]| {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        scene.rows::<TeamModels>(Query::many::<TeamModels>("id", values))
    };
    assert_eq!(found(&["7"]).await[0].id, 7);
    assert_eq!(found(&["7", "8", "x", "99999999999"]).await.len(), 2);
    assert!(found(&["x"]).await.is_empty());
    let seven = found(&["7"]).await.remove(0);
    let other = TeamModels { created_by: "boss".to_owned(), ..seven.clone() };
    let write = changed(&seven, &other).unwrap();
    assert_eq!(scene.commit(vec![write], vec![unchanged(&seven)]).await, Commit::Committed);
    assert_eq!(found(&["7"]).await[0].created_by, "boss");
}

pub(crate) async fn address(scene: &Scene) {
    let user = |id: &str, address: &str| User {
        user_id: id.to_owned(),
        user_email: Some(address.to_owned()),
        ..User::default()
    };
    let (ada, bob) = (user("ada", "Ada@Example.com"), user("bob", "bob@example.com"));
    // only ASCII letters have a case here
    let eve = user("eve", "É@example.com");
    scene.commit(vec![insert(&ada), insert(&bob), insert(&eve)], vec![]).await;
    for (address, found) in [
        ("ada@example.com", Some("ada")),
        ("ADA@EXAMPLE.COM", Some("ada")),
        ("Bob@Example.com", Some("bob")),
        ("é@example.com", None),
        ("É@EXAMPLE.com", Some("eve")),
        ("ada@example.co", None),
    ] {
        let users = scene.rows::<User>(Query::one::<User>("user_email", address)).await;
        assert_eq!(users.iter().map(|user| user.user_id.as_str()).collect::<Vec<_>>(), Vec::from_iter(found));
        let is_free = Guard::Absent {
            table: User::NAME.into(),
            column: "user_email".into(),
            value: address.to_owned(),
            except: None,
        };
        let wanted = if found.is_none() { Commit::Committed } else { Commit::Refused };
        assert_eq!(scene.commit(vec![], vec![is_free]).await, wanted, "{address}");
    }
    let both = vec!["ADA@example.com".to_owned(), "BOB@example.com".to_owned()];
    let query = Query::Rows { table: User::NAME.into(), column: "user_email".into(), values: both };
    assert_eq!(scene.rows::<User>(query).await.len(), 2);
}

pub(crate) async fn renamed(scene: &Scene) {
    let alias = VirtualKey { key_alias: Some("alias".to_owned()), ..key("old") };
    scene.commit(vec![insert(&alias)], vec![]).await;
    let before = scene.key("old").await;
    let after = VirtualKey { token: "new".to_owned(), ..before.clone() };
    let former = FormerToken { token: "old".to_owned(), current: "new".to_owned(), ..FormerToken::default() };
    let writes = vec![changed(&before, &after).unwrap(), insert(&former)];
    assert_eq!(scene.commit(writes, vec![unchanged(&before)]).await, Commit::Committed);
    assert_eq!(scene.key("new").await.key_alias.as_deref(), Some("alias"));
    assert!(scene.rows::<VirtualKey>(Query::one::<VirtualKey>("token", "old")).await.is_empty());
    assert_eq!(scene.commit(vec![insert(&key("old"))], vec![]).await, Commit::Committed);
    assert_eq!(scene.commit(vec![insert(&former)], vec![]).await, Commit::Refused);
}

pub(crate) async fn many(scene: &Scene) {
    scene.commit(vec![insert(&key("t"))], vec![]).await;
    let queries = vec![
        Query::Caller { token: "t".to_owned() },
        Query::one::<VirtualKey>("token", "t"),
        Query::one::<User>("user_id", "nobody"),
        Query::All { table: Team::NAME.into() },
        Query::one::<VirtualKey>("token", "none"),
    ];
    let facts = scene.store.read(queries.clone()).await.unwrap();
    let asked: Vec<Query> = facts.iter().map(|fact| fact.query.clone()).collect();
    assert_eq!(asked, queries);
    let are_empty: Vec<bool> = facts.iter().map(|fact| fact.rows.is_empty()).collect();
    assert_eq!(are_empty, [false, false, true, true, true]);
}

pub(crate) async fn strange(scene: &Scene) {
    scene.commit(vec![insert(&key("t"))], vec![]).await;
    let nul = "a\0b";
    assert!(scene.ask(Query::Caller { token: nul.to_owned() }).await.rows.is_empty());
    assert!(scene.rows::<VirtualKey>(Query::one::<VirtualKey>("user_id", nul)).await.is_empty());
    let some = Query::many::<VirtualKey>("token", vec![nul.to_owned(), "t".to_owned()]);
    assert_eq!(scene.rows::<VirtualKey>(some).await.len(), 1);
    let search = KeyFilter { search: Some(nul.to_owned()), ..KeyFilter::default() };
    assert_eq!(scene.tokens(search, "token", false).await.1, 0);
    let guard = absent("key_alias", nul, None);
    assert_eq!(scene.commit(vec![insert(&key("u"))], vec![guard]).await, Commit::Committed);
}

pub(crate) async fn long(scene: &Scene) {
    let [one, other] = ["one", "other"].map(|end| format!("{}{end}", incompressible(8000)));
    let holder = |token: &str, id: &String| VirtualKey {
        user_id: Some(id.clone()),
        team_id: Some(id.clone()),
        key_alias: Some(id.clone()),
        ..key(token)
    };
    let writes = vec![insert(&holder("a", &one)), insert(&holder("b", &other))];
    assert_eq!(scene.commit(writes, vec![]).await, Commit::Committed);
    for column in ["user_id", "team_id", "key_alias"] {
        let found = scene.rows::<VirtualKey>(Query::one::<VirtualKey>(column, &one)).await;
        assert_eq!(found.iter().map(|key| key.token.as_str()).collect::<Vec<_>>(), ["a"], "{column}");
        let both = Query::many::<VirtualKey>(column, vec![one.clone(), other.clone()]);
        assert_eq!(scene.rows::<VirtualKey>(both).await.len(), 2, "{column}");
    }
    let of = |user_id: &String| KeyFilter { user_id: Some(user_id.clone()), ..KeyFilter::default() };
    assert_eq!(scene.tokens(of(&other), "token", false).await, (vec!["b".to_owned()], 1));
    let gone = Write::delete::<VirtualKey>("team_id", &one);
    assert_eq!(scene.commit(vec![gone], vec![]).await, Commit::Committed);
    assert_eq!(scene.tokens(KeyFilter::default(), "token", false).await.1, 1);
}

/// Hex digits without a pattern: a database that compresses texts gains little.
pub(crate) fn incompressible(length: usize) -> String {
    let blocks = (0..length / 64).map(|number| latchkey_tests::scenario::sha256(&number.to_string()));
    blocks.collect()
}

pub(crate) async fn kept(scene: &Scene) {
    let store = &scene.store;
    assert_eq!(store.meta("name").await.unwrap(), None);
    assert_eq!(store.keep_meta("name", "first", Box::new(|| Ok(()))).await.unwrap(), "first");
    let announced = || panic!("what is not kept is not announced");
    assert_eq!(store.keep_meta("name", "second", Box::new(announced)).await.unwrap(), "first");
    assert_eq!(store.meta("name").await.unwrap().as_deref(), Some("first"));
}

pub(crate) async fn unheard(scene: &Scene) {
    let store = &scene.store;
    let closed = || Err(std::io::ErrorKind::BrokenPipe.into());
    assert!(store.keep_meta("name", "first", Box::new(closed)).await.is_err());
    assert_eq!(store.meta("name").await.unwrap(), None);
    assert_eq!(store.keep_meta("name", "second", Box::new(|| Ok(()))).await.unwrap(), "second");
}
