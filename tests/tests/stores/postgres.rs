//! What is PostgreSQL's own: other hosts and LiteLLM on the same rows.

use crate::scene::{Scene, database, key, unchanged};
use latchkey::store::Commit;
use latchkey_core::tables::{TeamModels, VirtualKey, changed, insert};

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
    cluster.sql(&name, "UPDATE \"LiteLLM_VerificationToken\" SET spend = spend + 1.5").unwrap();
    let write = changed(&before, &VirtualKey { tpm_limit: Some(5), ..before.clone() }).unwrap();
    assert_eq!(scene.commit(vec![write.clone()], vec![unchanged(&before)]).await, Commit::Refused);
    assert_eq!(scene.commit(vec![write], vec![]).await, Commit::Committed);
    let found = scene.key("t").await;
    assert_eq!((found.spend, found.tpm_limit), (1.5, Some(5)));
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
