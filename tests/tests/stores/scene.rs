//! A store that goes with its test, and short words for it.

use latchkey::store::postgres::{Address, Postgres};
use latchkey::store::sqlite::Sqlite;
use latchkey::store::{Commit, Store};
use latchkey_contract::tables::{Table, VirtualKey};
use latchkey_contract::wire::{Fact, Guard, KeyFilter, KeyOrder, Query, Write, of_text, to_text};
use latchkey_tests::postgres::{Cluster, shared};
use std::sync::Arc;
use tempfile::TempDir;

pub(crate) struct Scene {
    pub(crate) store: Arc<dyn Store>,
    _folder: Option<TempDir>,
}

impl Scene {
    #[allow(clippy::unused_async, reason = "as the scene on the other store")]
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open(&folder.path().join("db.sqlite3")).unwrap();
        Self { store: Arc::new(store), _folder: Some(folder) }
    }

    pub(crate) async fn postgres() -> Option<Self> {
        let (cluster, name) = database()?;
        Some(Self::on(cluster, &name).await)
    }

    /// A host of its own on a database that is there.
    pub(crate) async fn on(cluster: &Cluster, name: &str) -> Self {
        let address = Address::parse(&cluster.url(name)).unwrap();
        Self { store: Arc::new(Postgres::open(&address).await.unwrap()), _folder: None }
    }

    pub(crate) async fn ask(&self, query: Query) -> Fact {
        let facts = self.store.read(vec![query]).await.unwrap();
        crossed(&facts[0])
    }

    pub(crate) async fn rows<T: Table>(&self, query: Query) -> Vec<T> {
        rows(&self.ask(query).await)
    }

    pub(crate) async fn key(&self, token: &str) -> VirtualKey {
        self.rows(Query::one::<VirtualKey>("token", token)).await.pop().unwrap()
    }

    pub(crate) async fn commit(&self, writes: Vec<Write>, guards: Vec<Guard>) -> Commit {
        self.store.commit(writes, guards).await.unwrap()
    }

    pub(crate) async fn tokens(
        &self,
        filter: KeyFilter,
        column: &'static str,
        descending: bool,
    ) -> (Vec<String>, u64) {
        let order = KeyOrder { column: column.into(), descending };
        let answer = self.ask(Query::Keys { filter, order, offset: 0, limit: 10, bytes: None }).await;
        let tokens = rows::<VirtualKey>(&answer).into_iter().map(|key| key.token);
        (tokens.collect(), answer.total.unwrap())
    }
}

/// The fact as the module reads it.
pub(crate) fn crossed(fact: &Fact) -> Fact {
    let text = to_text(fact);
    of_text(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The rows of a fact.
pub(crate) fn rows<T: Table>(fact: &Fact) -> Vec<T> {
    fact.rows.all(T::read).expect("rows")
}

/// An empty database of the shared cluster, where there is one.
pub(crate) fn database() -> Option<(&'static Cluster, String)> {
    let cluster = shared()?;
    Some((cluster, cluster.database("template0").unwrap()))
}

pub(crate) fn key(token: &str) -> VirtualKey {
    VirtualKey { token: token.to_owned(), ..VirtualKey::default() }
}

pub(crate) fn absent(column: &'static str, value: &str, except: Option<&str>) -> Guard {
    let (value, except) = (value.to_owned(), except.map(str::to_owned));
    Guard::Absent { table: VirtualKey::NAME.into(), column: column.into(), value, except }
}
