//! A database that goes away and comes back.

use crate::{Host, MASTER_KEY, Request, json, runtime};
use latchkey_contract::json::Json;
use latchkey_tests::implementation::Connection;
use latchkey_tests::postgres::{Cluster, Disk};
use std::time::{Duration, Instant};

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
            assert!(response.header("retry-after").is_some(), "{:?}", response.headers);
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

#[test]
fn a_database_that_takes_connections_and_never_answers_is_503_in_time() {
    let Some(cluster) = Cluster::start(Disk::Quick).expect("a cluster") else { return };
    let database = cluster.database("template0").expect("a database");
    let host = Host::start(&cluster, &database);
    let runtime = runtime();
    let made = runtime.block_on(host.post("/key/generate", MASTER_KEY, "{}"));
    let key = made.1.get("key").and_then(Json::as_str).expect("a key").to_owned();
    let info = format!("/key/info?key={key}");

    cluster.freeze(true).expect("it is stopped");
    let longest = runtime.block_on(async {
        // more than there are connections, so that some wait for one
        let requests = (0..40).map(|number| match number % 3 {
            0 => Request::get(&info, &key),
            1 => Request::get("/key/list", MASTER_KEY),
            _ => Request::post("/key/generate", MASTER_KEY, "{}"),
        });
        let port = host.server.port;
        let calls: Vec<_> = requests
            .map(|request| {
                tokio::spawn(async move {
                    let began = Instant::now();
                    let mut connection = Connection::open(port).await.expect("a connection");
                    let response = connection.send(&request).await.expect("an answer");
                    (response, began.elapsed())
                })
            })
            .collect();
        let mut longest = Duration::ZERO;
        for call in calls {
            let (response, took) = call.await.expect("a call");
            assert_eq!(response.status, 503, "{:?}", json(&response));
            assert!(response.header("retry-after").is_some(), "{:?}", response.headers);
            longest = longest.max(took);
        }
        longest
    });
    cluster.freeze(false).expect("it goes on");
    println!("a database that never answers: 40 calls, the longest took {:.1} s", longest.as_secs_f64());
    assert!(longest < Duration::from_secs(10));

    runtime.block_on(async {
        while host.get(&info, &key).await.0 == 503 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(host.get(&info, &key).await.0, 200);
    });
}

#[test]
fn a_row_that_others_hold_is_503_in_time_and_hurts_no_other_row() {
    let Some(cluster) = Cluster::start(Disk::Quick).expect("a cluster") else { return };
    let database = cluster.database("template0").expect("a database");
    let host = Host::start(&cluster, &database);
    let runtime = runtime();
    let made = runtime.block_on(host.post("/key/generate", MASTER_KEY, "{}"));
    let key = made.1.get("key").and_then(Json::as_str).expect("a key").to_owned();
    let held =
        "BEGIN; SELECT 'held' FROM \"LiteLLM_VerificationToken\" FOR UPDATE; SELECT pg_sleep(6); COMMIT";
    let is_held =
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'";
    std::thread::scope(|scope| {
        let holder = scope.spawn(|| cluster.sql(&database, held).expect("a lock"));
        while cluster.sql(&database, is_held).expect("a number") == "0" {
            std::thread::sleep(Duration::from_millis(10));
        }
        runtime.block_on(async {
            let body = format!(r#"{{"key":"{key}","tpm_limit":5}}"#);
            let began = Instant::now();
            assert_eq!(host.post("/key/update", MASTER_KEY, &body).await.0, 503);
            assert!(began.elapsed() < Duration::from_secs(10));
            assert_eq!(host.get(&format!("/key/info?key={key}"), MASTER_KEY).await.0, 200);
            assert_eq!(host.post("/key/generate", MASTER_KEY, "{}").await.0, 200);
        });
        holder.join().expect("the lock ends");
    });
    let body = format!(r#"{{"key":"{key}","tpm_limit":5}}"#);
    assert_eq!(runtime.block_on(host.post("/key/update", MASTER_KEY, &body)).0, 200);
}
