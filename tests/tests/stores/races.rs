//! Many at one time.

use crate::scene::{Scene, absent, key};
use latchkey::store::Commit;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::tables::{Table, Team, User, VirtualKey};
use latchkey_contract::wire::{Guard, Query, Write, changed, insert, unchanged};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Commits that are made at one time.
const AT_ONCE: usize = 40;

async fn outcomes(scene: &Scene, commits: Vec<(Vec<Write>, Vec<Guard>)>) -> Vec<Commit> {
    let mut running = JoinSet::new();
    for (writes, guards) in commits {
        let store = Arc::clone(&scene.store);
        running.spawn(async move { store.commit(writes, guards).await });
    }
    running.join_all().await.into_iter().map(Result::unwrap).collect()
}

fn committed(outcomes: &[Commit]) -> usize {
    outcomes.iter().filter(|outcome| **outcome == Commit::Committed).count()
}

pub(crate) async fn one_version(scene: &Scene) {
    scene.commit(vec![insert(&key("t"))], vec![]).await;
    let before = scene.key("t").await;
    let commits = (1..=AT_ONCE).map(|number| {
        let after = VirtualKey { tpm_limit: Some(number as i64), ..before.clone() };
        (vec![changed(&before, &after).unwrap()], vec![unchanged(&before)])
    });
    let outcomes = outcomes(scene, commits.collect()).await;
    assert_eq!(committed(&outcomes), 1);
    assert!(scene.key("t").await.tpm_limit.is_some());
}

pub(crate) async fn one_alias(scene: &Scene) {
    let commits = (0..AT_ONCE).map(|number| {
        let new = VirtualKey { key_alias: Some("one".to_owned()), ..key(&format!("t{number}")) };
        (vec![insert(&new)], vec![absent("key_alias", "one", None)])
    });
    let outcomes = outcomes(scene, commits.collect()).await;
    assert_eq!(committed(&outcomes), 1);
    assert_eq!(scene.rows::<VirtualKey>(Query::one::<VirtualKey>("key_alias", "one")).await.len(), 1);
}

pub(crate) async fn one_address(scene: &Scene) {
    let commits = (0..AT_ONCE).map(|number| {
        let address = if number % 2 == 0 { "ada@example.com" } else { "Ada@Example.com" };
        let user =
            User { user_id: format!("u{number}"), user_email: Some(address.to_owned()), ..User::default() };
        let is_free = Guard::Absent {
            table: User::NAME.into(),
            column: "user_email".into(),
            value: address.to_owned(),
            except: None,
        };
        (vec![insert(&user)], vec![is_free])
    });
    let outcomes = outcomes(scene, commits.collect()).await;
    assert_eq!(committed(&outcomes), 1);
    assert_eq!(scene.rows::<User>(Query::All { table: User::NAME.into() }).await.len(), 1);
}

pub(crate) async fn one_key(scene: &Scene) {
    let commits = (0..AT_ONCE).map(|number| {
        let new = VirtualKey { spend: number as f64, ..key("t") };
        (vec![insert(&key(&format!("beside{number}"))), insert(&new)], vec![])
    });
    let outcomes = outcomes(scene, commits.collect()).await;
    assert_eq!(committed(&outcomes), 1);
    assert_eq!(scene.rows::<VirtualKey>(Query::All { table: VirtualKey::NAME.into() }).await.len(), 2);
}

pub(crate) async fn crossing(scene: &Scene) {
    let team = Team { team_id: "g".to_owned(), ..Team::default() };
    scene.commit(vec![insert(&key("a")), insert(&key("b")), insert(&team)], vec![]).await;
    let team = scene.rows::<Team>(Query::one::<Team>("team_id", "g")).await.remove(0);
    let (a, b) = (scene.key("a").await, scene.key("b").await);
    let commits = (1..=AT_ONCE).map(|number| {
        let change =
            |row: &VirtualKey| changed(row, &VirtualKey { spend: number as f64, ..row.clone() }).unwrap();
        let mut writes = vec![change(&a), change(&b), insert(&key(&format!("x{number}")))];
        if number % 2 == 0 {
            writes.reverse();
        }
        (writes, vec![unchanged(&team)])
    });
    let outcomes = outcomes(scene, commits.collect()).await;
    assert_eq!(committed(&outcomes), AT_ONCE, "none of them is refused: each may change both rows");
    assert_eq!(scene.key("a").await.spend, scene.key("b").await.spend);
}

pub(crate) async fn one_state(scene: &Scene) {
    scene.commit(vec![insert(&key("a")), insert(&key("b"))], vec![]).await;
    let (a, b) = (scene.key("a").await, scene.key("b").await);
    let store = Arc::clone(&scene.store);
    let writer = tokio::spawn(async move {
        for number in 1..=50 {
            let change = |row: &VirtualKey| {
                changed(row, &VirtualKey { spend: f64::from(number), ..row.clone() }).unwrap()
            };
            store.commit(vec![change(&a), change(&b)], vec![]).await.unwrap();
        }
    });
    while !writer.is_finished() {
        let one = |token: &str| Query::one::<VirtualKey>("token", token);
        let facts = scene.store.read(vec![one("a"), one("b")]).await.unwrap();
        let rows: Vec<Json> =
            facts.iter().map(|fact| read(fact.rows.as_str().as_bytes(), &Limits::STORED).unwrap()).collect();
        let spends: Vec<&Json> =
            rows.iter().map(|rows| rows.as_list().unwrap()[0].get("spend").unwrap()).collect();
        assert_eq!(spends[0], spends[1]);
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
}
