//! What is SQLite's own; the story of all stores is `tests/tests/stores`.

use super::*;
use latchkey_contract::json::{JsonText, Limits, Reader};
use latchkey_contract::tables::{Table, Team, VirtualKey};
use latchkey_contract::wire::{KeyFilter, KeyOrder, insert};

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
}

impl Drop for Scene {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

#[tokio::test]
async fn what_was_committed_is_there_for_the_next_process_to_the_last_byte() {
    let scene = Scene::new("again");
    let metadata = r#"{"z":1.0,"a":123456789012345678901234567890,"nul":"\u0000"}"#;
    let key = VirtualKey {
        token: "t".to_owned(),
        key_alias: Some("\0".to_owned()),
        metadata: JsonText::parse(metadata.to_owned()).unwrap(),
        ..VirtualKey::default()
    };
    scene.store.commit(vec![insert(&key)], vec![]).await.unwrap();
    let again = Sqlite::open(&scene.folder.join("db.sqlite3")).unwrap();
    let facts = again.read(vec![Query::one::<VirtualKey>("token", "t")]).await.unwrap();
    let row = facts[0].rows.as_str().trim_start_matches('[').trim_end_matches(']');
    let found = VirtualKey::read(&mut Reader::of_text(row, &Limits::STORED)).unwrap();
    assert_eq!(found.key_alias, key.key_alias);
    assert_eq!(found.metadata.as_str(), metadata);
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

#[tokio::test]
async fn a_long_read_that_nobody_waits_for_is_broken_off_and_holds_its_turn_until_then() {
    let scene = Scene::new("interrupted");
    let key = |number: u32| VirtualKey { token: format!("t{number}"), ..VirtualKey::default() };
    for from in [0, 10_000] {
        let writes = (from..from + 10_000).map(|number| insert(&key(number))).collect();
        scene.store.commit(writes, vec![]).await.unwrap();
    }
    let all = || vec![Query::All { table: VirtualKey::NAME.into() }];
    let read = tokio::time::timeout(Duration::from_millis(3), scene.store.read(all()));
    assert!(read.await.is_err(), "the read takes longer");
    while scene.store.long_reads.available_permits() < LONG_READS {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(scene.store.readers.idle.lock().unwrap().len(), 0, "its connection is not used again");
    assert!(scene.store.read(all()).await.is_ok());
}

#[tokio::test]
async fn the_kept_number_of_keys_is_the_number_of_keys() {
    let scene = Scene::new("count");
    let path = scene.folder.join("db.sqlite3");
    let total = async || {
        let order = KeyOrder { column: "token".into(), descending: false };
        let query = Query::Keys { filter: KeyFilter::default(), order, offset: 0, limit: 1, bytes: None };
        scene.store.read(vec![query]).await.unwrap()[0].total.unwrap()
    };
    let key = |token: &str| VirtualKey { token: token.to_owned(), ..VirtualKey::default() };
    assert_eq!(total().await, 0);
    scene.store.commit(["a", "b", "c"].map(|token| insert(&key(token))).to_vec(), vec![]).await.unwrap();
    scene.store.commit(vec![Write::delete::<VirtualKey>("token", "a")], vec![]).await.unwrap();
    // what is undone does not count
    let again = vec![insert(&key("d")), insert(&key("b"))];
    assert_eq!(scene.store.commit(again, vec![]).await.unwrap(), Commit::Refused);
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
