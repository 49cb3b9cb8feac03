//! Sets of rows: removed, changed, noted, and shown as far as there is room.

use crate::scene::{Scene, key};
use latchkey::store::{Commit, StoreError};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::tables::{
    AuditLog, Budget, FormerToken, Millis, Row, Table, Team, TeamMembership, User, VirtualKey,
};
use latchkey_contract::wire::{
    Condition, Items, KeyFilter, KeyOrder, Note, Query, Write, changed, insert, present, unchanged,
};

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn held(token: &str, user_id: &str, team_id: &str) -> VirtualKey {
    VirtualKey { user_id: text(user_id), team_id: text(team_id), ..key(token) }
}

fn former(token: &str, current: &str) -> FormerToken {
    FormerToken { token: token.to_owned(), current: current.to_owned(), ..FormerToken::default() }
}

async fn all<T: Table>(scene: &Scene) -> Vec<T> {
    scene.rows(Query::All { table: T::NAME.into() }).await
}

async fn tokens(scene: &Scene) -> String {
    scene.tokens(KeyFilter::default(), "token", false).await.0.concat()
}

pub(crate) async fn removed(scene: &Scene) {
    let keys = [held("a", "u", "t"), held("b", "u", "s"), held("c", "v", "t"), held("d", "w", "t")];
    let mut writes: Vec<Write> = keys.iter().map(|row| insert(row)).collect();
    writes.extend([former("a0", "a"), former("a1", "a"), former("c0", "c")].iter().map(|row| insert(row)));
    scene.commit(writes, vec![]).await;
    let of = vec![("user_id".into(), texts(&["u", "v'"])), ("team_id".into(), texts(&["t"]))];
    let conditions = || of.iter().cloned().map(|(column, values)| Condition::In { column, values }).collect();
    let refers = Condition::Refers {
        column: "current".into(),
        table: VirtualKey::NAME.into(),
        of: "token".into(),
        member: None,
        rows: of.clone(),
    };
    let writes =
        vec![Write::delete_all::<FormerToken>(vec![refers]), Write::delete_all::<VirtualKey>(conditions())];
    assert_eq!(scene.commit(writes.clone(), vec![]).await, Commit::Committed);
    assert_eq!(tokens(scene).await, "bcd");
    let left: Vec<String> = all::<FormerToken>(scene).await.into_iter().map(|row| row.token).collect();
    assert_eq!(left, ["c0"]);
    assert_eq!(scene.commit(writes, vec![]).await, Commit::Committed, "there may be none");
    let several = Write::delete_all::<VirtualKey>(vec![Condition::In {
        column: "token".into(),
        values: texts(&["b", "d", "none"]),
    }]);
    assert_eq!(scene.commit(vec![several], vec![]).await, Commit::Committed);
    assert_eq!(tokens(scene).await, "c");
}

fn members(ids: &[&str]) -> JsonText {
    let member = |id: &&str| dict! { "role" => "user", "user_id" => *id, "user_email" => Json::Null };
    JsonText::of(&Json::List(ids.iter().map(member).collect()))
}

fn team(team_id: &str, members_with_roles: JsonText) -> Team {
    Team { team_id: team_id.to_owned(), members_with_roles, ..Team::default() }
}

fn take<T: Table>(
    rows: Vec<Condition>,
    column: &'static str,
    member: Option<&'static str>,
    values: &[&str],
) -> Write {
    let set = [("updated_at".into(), JsonText::of(&Json::Int(9)))].into_iter().collect();
    let items = Items { column: column.into(), member: member.map(Into::into), values: texts(values) };
    Write::Change { table: T::NAME.into(), rows, set, take: Some(items), noted: None }
}

pub(crate) async fn taken(scene: &Scene) {
    let user = |id: &str, teams: &[&str]| User {
        user_id: id.to_owned(),
        teams: texts(teams),
        updated_at: Some(Millis(1)),
        ..User::default()
    };
    let rows: [&dyn Row; 6] = [
        &user("u", &["a", "t\"", "b", "t\""]),
        &user("v", &["t\""]),
        &user("w", &["t\"", "é"]),
        &team("a", members(&["u", "v", "w"])),
        &team("b", members(&["v"])),
        &team("c", JsonText::empty_dict()),
    ];
    scene.commit(rows.into_iter().map(insert).collect(), vec![]).await;
    let some = Condition::In { column: "user_id".into(), values: texts(&["u", "v"]) };
    let writes = vec![
        take::<User>(vec![some], "teams", None, &["t\"", "x"]),
        take::<Team>(vec![], "members_with_roles", Some("user_id"), &["u", "w"]),
    ];
    assert_eq!(scene.commit(writes, vec![]).await, Commit::Committed);
    let mut users: Vec<(String, Vec<String>, i64)> = all::<User>(scene)
        .await
        .into_iter()
        .map(|user| (user.user_id, user.teams, user.updated_at.unwrap().0))
        .collect();
    users.sort();
    let told = |id: &str, teams: &[&str], at| (id.to_owned(), texts(teams), at);
    assert_eq!(users, [told("u", &["a", "b"], 9), told("v", &[], 9), told("w", &["t\"", "é"], 1)]);
    let teams = all::<Team>(scene).await;
    let found = |id: &str| teams.iter().find(|team| team.team_id == id).unwrap();
    assert_eq!(found("a").members_with_roles.value(), members(&["v"]).value());
    assert_eq!(found("b").members_with_roles.value(), members(&["v"]).value());
    assert_eq!(found("c").members_with_roles, JsonText::empty_dict());
    assert_eq!((found("a").updated_at.0, found("b").updated_at.0), (9, 0));
    let of_members = Condition::Refers {
        column: "user_id".into(),
        table: Team::NAME.into(),
        of: "members_with_roles".into(),
        member: Some("user_id".into()),
        rows: vec![("team_id".into(), texts(&["a", "c"]))],
    };
    let noted = take::<User>(vec![of_members], "teams", None, &["a", "é", "t\""]);
    scene.commit(vec![insert(&team("d", members(&["w"])))], vec![]).await;
    assert_eq!(scene.commit(vec![noted.clone()], vec![]).await, Commit::Committed);
    let of = async |id: &str| scene.rows::<User>(Query::one::<User>("user_id", id)).await.remove(0).teams;
    assert_eq!((of("u").await, of("w").await), (texts(&["a", "b"]), texts(&["t\"", "é"])));
    let back = changed(&found("a").clone(), &team("a", members(&["v", "w"])));
    scene.commit(back.into_iter().collect(), vec![]).await;
    assert_eq!(scene.commit(vec![noted], vec![]).await, Commit::Committed);
    assert_eq!((of("u").await, of("w").await), (texts(&["a", "b"]), texts(&[])));
    let last =
        take::<Team>(vec![Condition::is("team_id", "b")], "members_with_roles", Some("user_id"), &["v"]);
    assert_eq!(scene.commit(vec![last], vec![]).await, Commit::Committed);
    let b = scene.rows::<Team>(Query::one::<Team>("team_id", "b")).await.remove(0);
    assert_eq!(b.members_with_roles.as_str(), "[]");
}

pub(crate) async fn cleared(scene: &Scene) {
    let budget = |id: &str| Budget { budget_id: id.to_owned(), ..Budget::default() };
    let of = |token: &str, id: &str| VirtualKey { budget_id: text(id), ..key(token) };
    let member = TeamMembership {
        user_id: "u".to_owned(),
        team_id: "t".to_owned(),
        budget_id: text("b"),
        spend: 2.0,
        ..TeamMembership::default()
    };
    let rows: [&dyn Row; 6] =
        [&budget("b"), &budget("c"), &of("x", "b"), &of("y", "c"), &of("z", "b"), &member];
    scene.commit(rows.into_iter().map(insert).collect(), vec![]).await;
    let clear = |table: &'static str| Write::Change {
        table: table.into(),
        rows: vec![Condition::is("budget_id", "b")],
        set: [("budget_id".into(), JsonText::null())].into_iter().collect(),
        take: None,
        noted: None,
    };
    let writes =
        vec![clear(VirtualKey::NAME), clear(TeamMembership::NAME), Write::delete::<Budget>("budget_id", "b")];
    assert_eq!(scene.commit(writes, vec![present::<Budget>("b")]).await, Commit::Committed);
    let budgets: Vec<Option<String>> =
        all::<VirtualKey>(scene).await.into_iter().map(|key| key.budget_id).collect();
    assert_eq!(budgets.iter().flatten().collect::<Vec<_>>(), ["c"]);
    let member = all::<TeamMembership>(scene).await.remove(0);
    assert_eq!((member.budget_id, member.spend), (None, 2.0));
    assert_eq!(scene.commit(vec![], vec![present::<Budget>("b")]).await, Commit::Refused);
}

pub(crate) async fn noted(scene: &Scene) {
    let secret = VirtualKey {
        key_alias: text("sk-0123456789"),
        expires: Some(Millis(1_700_000_000_123)),
        blocked: Some(true),
        max_budget: Some(1.5),
        metadata: JsonText::of(&dict! { "note" => "sk-abcdefghijkl" }),
        ..held("b", "u", "t")
    };
    let user = User { user_id: "u".to_owned(), teams: texts(&["s", "t"]), ..User::default() };
    let member = |user: &str| TeamMembership {
        user_id: user.to_owned(),
        team_id: "t".to_owned(),
        ..TeamMembership::default()
    };
    let rows: [&dyn Row; 6] =
        [&secret, &held("a", "u", "t"), &held("c", "v", "t"), &user, &member("u"), &member("v")];
    scene.commit(rows.into_iter().map(insert).collect(), vec![]).await;
    let note = |id: &str, action: &str, shown: &[&'static str]| {
        let said = dict! {
            "updated_at" => 7, "changed_by" => "boss", "changed_by_api_key" => "hash", "action" => action,
            "table_name" => "it's",
        };
        let cells = said.as_dict().unwrap().iter();
        let row = cells.map(|(name, value)| (name.clone(), JsonText::of(value))).collect();
        Some(Note { id: id.to_owned(), row, shown: shown.iter().map(|name| (*name).into()).collect() })
    };
    let columns = ["token", "key_alias", "expires", "max_budget", "blocked", "team_id", "tpm_limit"];
    let of_user = || vec![Condition::is("user_id", "u")];
    let mut taken = take::<User>(of_user(), "teams", None, &["t"]);
    if let Write::Change { noted, .. } = &mut taken {
        *noted = note("3", "updated", &["user_id", "teams", "updated_at"]);
    }
    let writes = vec![
        Write::Delete {
            table: VirtualKey::NAME.into(),
            rows: of_user(),
            noted: note("1", "deleted", &columns),
        },
        Write::Delete {
            table: TeamMembership::NAME.into(),
            rows: vec![Condition::is("team_id", "t")],
            noted: note("2", "deleted", &["user_id"]),
        },
        taken,
    ];
    assert_eq!(scene.commit(writes, vec![]).await, Commit::Committed);
    let mut log = all::<AuditLog>(scene).await;
    log.sort_by(|one, other| one.id.cmp(&other.id));
    let told: Vec<(&str, &str, &str)> =
        log.iter().map(|row| (row.id.as_str(), row.object_id.as_str(), row.action.as_str())).collect();
    let expected = [
        ("1-00000001", "a", "deleted"),
        ("1-00000002", "b", "deleted"),
        ("2-00000001", "u/t", "deleted"),
        ("2-00000002", "v/t", "deleted"),
        ("3-00000001", "u", "updated"),
    ];
    assert_eq!(told, expected);
    for row in &log {
        let said = (row.changed_by.as_str(), row.changed_by_api_key.as_str(), row.table_name.as_str());
        assert_eq!((said, row.updated_at), (("boss", "hash", "it's"), Millis(7)));
        assert_eq!(row.updated_values.is_some(), row.action == "updated");
    }
    let equal = |found: &Option<JsonText>, wanted: Json| {
        let found = found.as_ref().unwrap().value();
        let (found, wanted) = (found.as_dict().unwrap(), wanted.as_dict().unwrap());
        assert_eq!(found.len(), wanted.len(), "{found:?}");
        for (name, value) in wanted {
            let cell = found.iter().find(|(found, _)| found == name).map(|(_, cell)| cell);
            assert_eq!(cell, Some(value), "{name} in {found:?}");
        }
    };
    let shown = dict! {
        "token" => "b", "key_alias" => "sk-...6789", "expires" => "2023-11-14T22:13:20.123Z", "max_budget" => 1.5,
        "blocked" => true, "team_id" => "t", "tpm_limit" => Json::Null,
    };
    equal(&log[1].before_value, shown);
    let at =
        |at: Json, teams: &[&str]| dict! { "user_id" => "u", "teams" => texts(teams), "updated_at" => at };
    equal(&log[4].before_value, at(Json::Null, &["s", "t"]));
    equal(&log[4].updated_values, at("1970-01-01T00:00:00.009Z".into(), &["s"]));
}

pub(crate) async fn unconditional(scene: &Scene) {
    let write = Write::delete_all::<VirtualKey>(vec![]);
    scene.commit(vec![insert(&key("t"))], vec![]).await;
    assert!(matches!(scene.store.commit(vec![write], vec![]).await, Err(StoreError::Unknown(_))));
    assert_eq!(tokens(scene).await, "t");
}

pub(crate) async fn counters(scene: &Scene) {
    let start = VirtualKey { models: texts(&["m"]), max_budget: Some(1.0), ..key("t") };
    scene.commit(vec![insert(&start)], vec![]).await;
    let read = scene.key("t").await;
    let guard = || vec![unchanged(&read)];
    let spent = VirtualKey {
        spend: 5.0,
        soft_budget_cooldown: true,
        model_spend: JsonText::of(&dict! { "m" => 5.0 }),
        updated_at: Some(Millis(5)),
        ..read.clone()
    };
    scene.commit(changed(&read, &spent).into_iter().collect(), vec![]).await;
    assert_eq!(scene.commit(vec![], guard()).await, Commit::Committed);
    let metadata = JsonText::of(&dict! { "a" => 1 });
    let others = [
        VirtualKey { models: texts(&["m", "n"]), ..spent.clone() },
        VirtualKey { max_budget: None, ..spent.clone() },
        VirtualKey { blocked: Some(false), ..spent.clone() },
        VirtualKey { metadata, ..spent.clone() },
        VirtualKey { team_id: text("t"), ..spent.clone() },
        VirtualKey { expires: Some(Millis(1)), ..spent.clone() },
    ];
    for other in others {
        scene.commit(changed(&spent, &other).into_iter().collect(), vec![]).await;
        assert_eq!(scene.commit(vec![], guard()).await, Commit::Refused, "{other:?}");
        scene.commit(changed(&other, &spent).into_iter().collect(), vec![]).await;
        assert_eq!(scene.commit(vec![], guard()).await, Commit::Committed, "{other:?}");
    }
    assert_eq!(scene.commit(vec![], vec![present::<VirtualKey>("t")]).await, Commit::Committed);
    assert_eq!(scene.commit(vec![], vec![present::<VirtualKey>("u")]).await, Commit::Refused);
}

pub(crate) async fn brief(scene: &Scene) {
    let whole = VirtualKey { models: texts(&["m"]), max_budget: Some(1.0), ..held("t", "u", "g") };
    scene.commit(vec![insert(&whole), insert(&held("s", "u", "g"))], vec![]).await;
    let found = scene.rows::<VirtualKey>(Query::brief::<VirtualKey>("user_id", texts(&["u"]))).await;
    assert_eq!(found.len(), 2);
    let first = Query::brief::<VirtualKey>("user_id", texts(&["u"])).up_to(1);
    assert_eq!(scene.rows::<VirtualKey>(first).await, found[..1]);
    let row = found.iter().find(|row| row.token == "t").unwrap();
    assert_eq!((row.max_budget, row.team_id.as_deref(), row.told.is_cut), (Some(1.0), Some("g"), true));
    assert!(row.models.is_empty(), "it was not told");
    assert_eq!(scene.commit(vec![], vec![unchanged(row)]).await, Commit::Committed);
    assert!(!scene.key("t").await.told.is_cut);
}

pub(crate) async fn within(scene: &Scene) {
    let with = |token: &str, size: usize| {
        let metadata = JsonText::of(&dict! { "m" => "x".repeat(size) });
        VirtualKey { metadata, created_at: Some(Millis(1)), ..key(token) }
    };
    let sizes = [("a", 10), ("b", 3000), ("c", 1000), ("d", 1000), ("e", 1000), ("f", 1000), ("g", 1000)];
    scene.commit(sizes.map(|(token, size)| insert(&with(token, size))).to_vec(), vec![]).await;
    let page = async |descending, bytes| {
        let order = KeyOrder { column: "created_at".into(), descending };
        let query = Query::Keys { filter: KeyFilter::default(), order, offset: 0, limit: 10, bytes };
        scene.rows::<VirtualKey>(query).await
    };
    let told = |keys: &[VirtualKey]| -> String {
        keys.iter()
            .map(|key| if key.told.is_cut { key.token.to_uppercase() } else { key.token.clone() })
            .collect()
    };
    // 3,000 are more than a quarter; the other documents of a row take some bytes, too
    let most = Some(4 * 1200);
    assert_eq!(told(&page(false, most).await), "aBcdefG");
    assert_eq!(told(&page(true, most).await), "gfedCBA");
    assert_eq!(told(&page(false, Some(1 << 20)).await), "abcdefg");
    assert_eq!(told(&page(false, Some(0)).await), "ABCDEFG");
    let alone = page(false, None).await;
    assert_eq!(told(&alone), "abcdefg");
    assert!(alone.iter().all(|key| key.created_at.is_none()), "a token alone");
}

pub(crate) async fn teams(scene: &Scene) {
    let large =
        Team { metadata: JsonText::of(&dict! { "m" => "x".repeat(3000) }), ..team("c", members(&["u"])) };
    let rows = [team("a", members(&["u", "v"])), team("b", members(&["v"])), large];
    scene.commit(rows.iter().map(|row| insert(row)).collect(), vec![]).await;
    let told =
        |team: &Team| if team.told.is_cut { team.team_id.to_uppercase() } else { team.team_id.clone() };
    let found = async |member: Option<String>| {
        let having = member.map(|member| Items {
            column: "members_with_roles".into(),
            member: Some("user_id".into()),
            values: vec![member],
        });
        let order = KeyOrder { column: "created_at".into(), descending: false };
        let page = Query::Page {
            table: Team::NAME.into(),
            rows: vec![],
            having,
            order,
            offset: 0,
            limit: 9,
            bytes: 8000,
        };
        let teams = scene.rows::<Team>(page).await;
        teams.iter().map(told).collect::<String>()
    };
    assert_eq!(found(None).await, "abC");
    assert_eq!([found(text("u")).await, found(text("v")).await, found(text("x'")).await], ["aC", "ab", ""]);

    let other = team("a", members(&["v", "w"]));
    let mut writes: Vec<Write> = changed(&team("a", members(&["u", "v"])), &other).into_iter().collect();
    writes.push(Write::delete::<Team>("team_id", "b"));
    assert_eq!(scene.commit(writes, vec![]).await, Commit::Committed);
    assert_eq!([found(text("u")).await, found(text("v")).await, found(text("w")).await], ["C", "a", "a"]);
}
