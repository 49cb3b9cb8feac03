//! Connections that are encrypted, to a server with a certificate of an authority of its own.

use crate::scene::key;
use latchkey::store::postgres::{Address, Postgres};
use latchkey::store::{Commit, Store};
use latchkey_contract::wire::insert;
use latchkey_tests::postgres::{Cluster, Disk};

/// A cluster that listens on two addresses and has a certificate for the first of them.
fn secured() -> Option<(Cluster, [String; 2])> {
    let mut cluster = Cluster::start(Disk::Quick).unwrap()?;
    // the loopback has sixteen million addresses: nothing else listens on these
    let mut random = [0; 4];
    getrandom::fill(&mut random).unwrap();
    let [a, b, c, d] = random;
    let (a, b) = (a | 1, b % 250 + 1);
    let addresses = [format!("127.{a}.{c}.{b}"), format!("127.{a}.{d}.{}", b + 2)];
    let openssl = |line: &str| {
        let said = cluster.command("openssl").args(line.split(' ')).output().unwrap();
        assert!(said.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&said.stderr));
    };
    let new = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for ca in ["ca", "other"] {
        openssl(&format!("req -x509 {new} -keyout {ca}.key -out {ca}.crt -subj /CN={ca} -days 2"));
    }
    openssl(&format!("req {new} -keyout server.key -out server.csr -subj /CN=server"));
    std::fs::write(cluster.folder().join("names"), format!("subjectAltName=IP:{}", addresses[0])).unwrap();
    openssl(
        "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 2 -extfile names",
    );
    let file = |name: &str| cluster.folder().join(name).display().to_string();
    for (name, value) in [
        ("listen_addresses", addresses.join(",")),
        ("ssl_cert_file", file("server.crt")),
        ("ssl_key_file", file("server.key")),
        ("ssl", "on".to_owned()),
    ] {
        cluster.sql("postgres", &format!("ALTER SYSTEM SET {name} = '{value}'")).unwrap();
    }
    cluster.crash_and_restart().unwrap();
    Some((cluster, addresses))
}

#[tokio::test]
async fn a_certificate_must_prove_as_much_as_the_url_asks() {
    let Some((cluster, [named, unnamed])) = secured() else { return };
    let open = async |host: &str, options: &str| {
        let url = format!("postgresql://postgres@{host}/postgres?{options}");
        Postgres::open(&Address::parse(&url).unwrap()).await
    };
    let root = |ca: &str| format!("sslrootcert={}", cluster.folder().join(ca).display());
    let (ca, other) = (root("ca.crt"), root("other.crt"));
    for (host, options, is_taken) in [
        (&named, format!("sslmode=verify-full&{ca}"), true),
        (&unnamed, format!("sslmode=verify-full&{ca}"), false),
        (&unnamed, format!("sslmode=verify-ca&{ca}"), true),
        (&named, format!("sslmode=verify-ca&{other}"), false),
        (&named, format!("sslmode=require&{other}"), false),
        (&unnamed, "sslmode=require".to_owned(), true),
        (&unnamed, String::new(), true),
        (&unnamed, "sslmode=disable".to_owned(), true),
    ] {
        let opened = open(host, &options).await;
        assert_eq!(opened.is_ok(), is_taken, "{options}: {:?}", opened.err());
    }
    let store = open(&named, &format!("sslmode=verify-full&{ca}")).await.unwrap();
    assert_eq!(store.commit(vec![insert(&key("t"))], vec![]).await.unwrap(), Commit::Committed);
    let sql = "SELECT count(*) > 0 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
               WHERE ssl AND application_name = 'latchkey'";
    assert_eq!(cluster.sql("postgres", sql).unwrap(), "t");
}
