//! A database that goes away and comes back.

use crate::{Host, MASTER_KEY, Request, json, runtime};
use latchkey_core::json::Json;
use latchkey_tests::postgres::{Cluster, Disk};
use std::time::Duration;

#[test]
fn a_database_that_is_away_is_503_to_every_key_and_comes_back_by_itself() {
    let Some(mut cluster) = Cluster::start(Disk::Quick).expect("a cluster") else { return };
    let database = cluster.database("template0").expect("a database");
    let host = Host::start(&cluster, &database);
    let runtime = runtime();
    let made = runtime.block_on(host.post("/key/generate", MASTER_KEY, r#"{"key_alias":"kept"}"#));
    let key = made.1.get("key").and_then(Json::as_str).expect("a key").to_owned();
    let info = format!("/key/info?key={key}");
    assert_eq!(runtime.block_on(host.get(&info, &key)).0, 200);

    cluster.stop().expect("the cluster stops");
    runtime.block_on(async {
        for request in [
            Request::get(&info, &key),
            Request::get(&info, MASTER_KEY),
            Request::post("/key/generate", MASTER_KEY, r#"{"key_alias":"lost"}"#),
            Request::post("/key/generate", &key, "{}"),
        ] {
            let response = host.send(&request).await;
            assert_eq!(response.status, 503, "{:?}", json(&response));
        }
    });

    cluster.resume().expect("the cluster starts again");
    runtime.block_on(async {
        // connections that broke are replaced one by one
        while host.get(&info, &key).await.0 == 503 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(host.get(&info, &key).await.0, 200);
        let (_, listed) = host.get("/key/list?key_alias=lost", MASTER_KEY).await;
        assert_eq!(listed.get("total_count"), Some(&Json::Int(0)), "what was not acknowledged is not there");
        assert_eq!(host.post("/key/generate", MASTER_KEY, r#"{"key_alias":"new"}"#).await.0, 200);
    });
}
