//! What is PostgreSQL's own: other hosts and LiteLLM on the same rows.

use crate::rows::incompressible;
use crate::scene::{Scene, database, key};
use latchkey::store::Commit;
use latchkey_contract::tables::{Budget, Millis, Team, TeamModels, VirtualKey};
use latchkey_contract::wire::{Query, Write, changed, insert, insert_copy, unchanged};
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::test]
async fn hosts_that_start_at_the_same_time_make_the_tables_once() {
    let Some((cluster, name)) = database() else { return };
    let hosts = (0..6).map(|_| tokio::spawn(Scene::on(cluster, name.clone().leak())));
    for (number, host) in hosts.enumerate() {
        let scene = host.await.unwrap();
        let new = key(&format!("t{number}"));
        assert_eq!(scene.commit(vec![insert(&new)], vec![]).await, Commit::Committed);
    }
    assert_eq!(cluster.sql(&name, "SELECT count(*) FROM \"LiteLLM_VerificationToken\"").unwrap(), "6");
}

#[tokio::test]
async fn a_change_by_others_is_seen_by_a_guard_and_survives_an_update() {
    let Some((cluster, name)) = database() else { return };
    let scene = Scene::on(cluster, &name).await;
    scene.commit(vec![insert(&key("t"))], vec![]).await;
    let before = scene.key("t").await;
    let others = |set: &str| {
        cluster.sql(&name, &format!("UPDATE \"LiteLLM_VerificationToken\" SET {set}")).unwrap();
    };
    others("spend = spend + 1.5, updated_at = now()");
    let write = changed(&before, &VirtualKey { tpm_limit: Some(5), ..before.clone() }).unwrap();
    assert_eq!(scene.commit(vec![write.clone()], vec![unchanged(&before)]).await, Commit::Committed);
    let found = scene.key("t").await;
    assert_eq!((found.spend, found.tpm_limit), (1.5, Some(5)));
    others("rpm_limit = 7");
    assert_eq!(scene.commit(vec![write], vec![unchanged(&found)]).await, Commit::Refused);
}

#[tokio::test]
async fn a_row_whose_values_are_told_as_others_is_the_same() {
    let Some((cluster, name)) = database() else { return };
    let scene = Scene::on(cluster, &name).await;
    scene.commit(vec![insert(&key("t"))], vec![]).await;
    let odd = "max_budget = 'NaN', models = NULL, allowed_cache_controls = ARRAY['a', NULL], expires = 'infinity', \
               metadata = '{\"b\": 1.50, \"a\": [1e2, \"\u{e9}\"]}', config = 'null'";
    cluster.sql(&name, &format!("UPDATE \"LiteLLM_VerificationToken\" SET {odd}")).unwrap();
    let before = scene.key("t").await;
    assert_eq!((before.max_budget, before.models.len(), before.allowed_cache_controls.len()), (None, 0, 2));
    assert_eq!(scene.commit(vec![], vec![unchanged(&before)]).await, Commit::Committed);
    let with_budget = "UPDATE \"LiteLLM_VerificationToken\" SET max_budget = 1";
    cluster.sql(&name, with_budget).unwrap();
    assert_eq!(scene.commit(vec![], vec![unchanged(&before)]).await, Commit::Refused);
}

#[tokio::test]
async fn a_freeze_of_old_rows_is_no_change() {
    let Some((cluster, name)) = database() else { return };
    let scene = Scene::on(cluster, &name).await;
    scene.commit(vec![insert(&key("t"))], vec![]).await;
    let before = scene.key("t").await;
    cluster.sql(&name, "VACUUM (FREEZE, FULL) \"LiteLLM_VerificationToken\"").unwrap();
    let write = changed(&before, &VirtualKey { tpm_limit: Some(5), ..before.clone() }).unwrap();
    assert_eq!(scene.commit(vec![write], vec![unchanged(&before)]).await, Commit::Committed);
}

#[tokio::test]
async fn the_next_number_that_the_database_gives_is_free() {
    let Some((cluster, name)) = database() else { return };
    let scene = Scene::on(cluster, &name).await;
    scene.commit(vec![insert(&TeamModels { id: 41, ..TeamModels::default() })], vec![]).await;
    let sql = "INSERT INTO \"LiteLLM_ModelTable\" (created_by, updated_by) VALUES ('', '') RETURNING id";
    assert_eq!(cluster.sql(&name, sql).unwrap(), "42");
    scene.commit(vec![insert(&TeamModels { id: 7, ..TeamModels::default() })], vec![]).await;
    assert_eq!(cluster.sql(&name, sql).unwrap(), "43");
}

#[tokio::test]
async fn a_value_without_room_in_the_database_is_told_from_a_race() {
    let Some((cluster, name)) = database() else { return };
    let scene = Scene::on(cluster, &name).await;
    let team = Team { team_id: incompressible(8000), ..Team::default() };
    assert_eq!(scene.commit(vec![insert(&team)], vec![]).await, Commit::Unstorable);
    assert_eq!(scene.commit(vec![insert(&Team::default())], vec![]).await, Commit::Committed);
}

#[tokio::test]
async fn a_team_that_goes_with_its_keys_waits_for_no_change_of_a_key_that_waits_for_it() {
    let Some((cluster, name)) = database() else { return };
    let scene = Scene::on(cluster, &name).await;
    let keys: Vec<VirtualKey> = (0..4)
        .map(|number| VirtualKey { team_id: Some("t".to_owned()), ..key(&format!("k{number}")) })
        .collect();
    let gone = || vec![Write::delete::<VirtualKey>("team_id", "t"), Write::delete::<Team>("team_id", "t")];
    for _ in 0..30 {
        let mut writes: Vec<Write> = keys.iter().map(|key| insert(key)).collect();
        writes.push(insert(&Team { team_id: "t".to_owned(), ..Team::default() }));
        assert_eq!(scene.commit(writes, vec![]).await, Commit::Committed);
        let team = scene.rows::<Team>(Query::one::<Team>("team_id", "t")).await.remove(0);
        let mut running = JoinSet::new();
        for number in 0..8 {
            let before = scene.key(&format!("k{}", number % keys.len())).await;
            let after = VirtualKey { spend: before.spend + 1.0, ..before.clone() };
            let (write, guards) =
                (changed(&before, &after).unwrap(), vec![unchanged(&before), unchanged(&team)]);
            let store = Arc::clone(&scene.store);
            running.spawn(async move { store.commit(vec![write], guards).await.unwrap() });
        }
        let store = Arc::clone(&scene.store);
        let guard = unchanged(&team);
        running.spawn(async move { store.commit(gone(), vec![guard]).await.unwrap() });
        let ends = running.join_all().await;
        assert!(ends.contains(&Commit::Committed), "{ends:?}");
        scene.commit(gone(), vec![]).await;
    }
    let log = std::fs::read_to_string(cluster.folder().join("log")).unwrap();
    let deadlocks = log.lines().filter(|line| line.contains("deadlock detected"));
    assert_eq!(deadlocks.count(), 0, "two commits waited for each other");
}

#[tokio::test]
async fn a_value_that_cannot_even_be_sent_takes_the_whole_commit_with_it() {
    let Some((cluster, name)) = database() else { return };
    let scene = Scene::on(cluster, &name).await;
    // a column that somebody has made narrower than the rules know it
    cluster.sql(&name, "ALTER TABLE \"LiteLLM_VerificationToken\" ALTER \"tpm_limit\" TYPE INTEGER").unwrap();
    let wide = VirtualKey { tpm_limit: Some(1 << 40), ..key("wide") };
    let done = scene.store.commit(vec![insert(&key("beside")), insert(&wide)], vec![]).await;
    assert!(!matches!(done, Ok(Commit::Committed)), "{done:?}");
    assert_eq!(cluster.sql(&name, "SELECT count(*) FROM \"LiteLLM_VerificationToken\"").unwrap(), "0");
}

#[tokio::test]
async fn a_copy_of_a_row_has_what_others_wrote_in_columns_that_no_rule_knows() {
    let Some((cluster, name)) = database() else { return };
    let scene = Scene::on(cluster, &name).await;
    let budget = |id: &str, max_budget| Budget {
        budget_id: id.to_owned(),
        max_budget,
        rpm_limit: Some(1 << 40),
        created_at: Millis(1_700_000_000_123),
        created_by: "a\"b".to_owned(),
        ..Budget::default()
    };
    let (original, copy) = (budget("original", Some(0.1)), budget("copy", None));
    scene.commit(vec![insert(&original)], vec![]).await;
    let table = "\"LiteLLM_BudgetTable\"";
    let more = format!(
        "ALTER TABLE {table} ADD COLUMN allowed_models TEXT[] DEFAULT '{{}}', ADD COLUMN windows JSONB; \
         UPDATE {table} SET allowed_models = '{{m,\"n,\"}}', windows = '{{\"a\": [1.50]}}'"
    );
    cluster.sql(&name, &more).unwrap();
    assert_eq!(scene.commit(vec![insert_copy(&copy, &original)], vec![]).await, Commit::Committed);
    let copied = scene.rows::<Budget>(Query::one::<Budget>("budget_id", "copy")).await.remove(0);
    assert_eq!(copied, Budget { told: copied.told.clone(), ..copy });
    let others = format!("SELECT allowed_models, windows FROM {table} WHERE budget_id = 'copy'");
    assert_eq!(cluster.sql(&name, &others).unwrap(), r#"{m,"n,"}|{"a": [1.50]}"#);
    let of_nothing = insert_copy(&budget("other", None), &budget("gone", None));
    assert_eq!(scene.commit(vec![of_nothing], vec![]).await, Commit::Refused);
}
