//! PostgreSQL: any number of hosts over one database, on LiteLLM's own tables.
//!
//! No host keeps a state that matters. Callers and teams are remembered for a moment ([`super::cache`]), and each host tells the
//! others which rows it has changed ([`channel`]). Others may write the same rows beside: a guard compares the columns that
//! count, and an update writes only the columns that the module changed.

mod address;
mod audit;
mod caller;
mod cells;
mod channel;
mod failure;
mod insert;
mod layout;
mod listing;
mod outdated;
mod pipeline;
mod read;
mod rights;
mod schema;
mod session;
mod sets;
mod snapshot;
mod sql;
mod survey;
mod tls;
mod values;
mod within;
mod write;

pub use address::Address;
pub use snapshot::ServerSnapshot;
pub(super) use survey::survey;
pub(super) use values::{values, with_rows};

use super::cache::{Cache, Since};
use super::tags::Changed;
use super::{Announce, Commit, Fact, Pending, Store, StoreError, is_long};
use deadpool_postgres::Pool;
use latchkey_contract::tables::Lacking;
use latchkey_contract::wire::{Guard, Query, Write};
use layout::Layout;
use outdated::Outdated;
use pipeline::Bond;
use session::{Lease, PATIENCE, SET_PATIENCE};
use sql::Sql;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_postgres::{Error, Row};

/// A database, shared with other hosts and perhaps with LiteLLM.
#[derive(Debug)]
pub struct Postgres {
    pool: Pool,
    long_reads: Semaphore,
    cache: Arc<Cache>,
    channel: String,
    layout: Layout,
    /// The tables of [`latchkey_contract::tables::Schema::dependents`] that the database has.
    dependents: Vec<&'static str>,
    outdated: Outdated,
    /// Ends with the store.
    _listening: JoinSet<()>,
}

impl Postgres {
    /// Connects, and makes what is missing. Waits a while for a database that is not there yet.
    pub async fn open(address: &Address) -> Result<Self, StoreError> {
        let client = session::alone(address).await?;
        let lacking = schema::create(&client, &address.schema, &address.own_schema()).await?;
        if let Some(danger) = rights::encoding(&client).await? {
            tracing::warn!(danger, "the database");
        }
        let dependents = schema::dependents(&client, &address.schema).await?;
        tokio::spawn(async move {
            match schema::shared_aliases(&client).await {
                Ok(shared) => {
                    for (key_alias, keys) in shared {
                        tracing::warn!(
                            key_alias,
                            keys,
                            "several keys have this alias; no further one will get it"
                        );
                    }
                }
                Err(error) => tracing::warn!(%error, "the keys' aliases could not be looked through"),
            }
        });
        let pool = session::pool(address).map_err(StoreError::Away)?;
        let cache = Arc::new(Cache::default());
        let mut listening = JoinSet::new();
        let tls = address.tls().map_err(StoreError::Away)?;
        listening.spawn(channel::listen(address.clone(), tls, Arc::clone(&cache)));
        let outdated = Outdated::default();
        listening.spawn(outdated.clone().watch(pool.clone(), address.clone(), lacking.clone()));
        Ok(Self {
            pool,
            outdated,
            // all pages of a busy dashboard together leave connections for requests with keys
            long_reads: Semaphore::new(address.connections.div_ceil(4)),
            cache,
            channel: address.own_schema(),
            layout: Layout::new(lacking),
            dependents,
            _listening: listening,
        })
    }

    /// Answers what is remembered, and reads the rest in one state of the database.
    async fn answer(&self, queries: Vec<Query>) -> Result<Vec<Fact>, StoreError> {
        self.outdated.check()?;
        let (known, unknown) = self.cache.split(queries);
        if unknown.is_empty() {
            return Ok(known.into_iter().flatten().collect());
        }
        let (read, since) = self.look_up(unknown).await?;
        Ok(self.cache.complete(known, read, since))
    }

    /// The answers, and when they began to be read.
    async fn look_up(&self, queries: Vec<Query>) -> Result<(Vec<Fact>, Since), StoreError> {
        let questions = queries.into_iter().map(|query| read::Question::new(&self.layout, query));
        let questions = questions.collect::<Result<Vec<_>, _>>()?;
        let all: Vec<&Sql> = questions
            .iter()
            .flat_map(|question| std::iter::once(&question.rows).chain(&question.total))
            .collect();
        let mut since = self.cache.now();
        let mut answers = match self.run(&all, Bond::Snapshot).await? {
            // the connection was found dead: a read may be asked again
            Err(error) if failure::spoils_connection(&error) => {
                since = self.cache.now();
                self.run(&all, Bond::Snapshot).await??
            }
            other => other?,
        }
        .into_iter();
        let mut facts = Vec::with_capacity(questions.len());
        for question in questions {
            let rows = answers.next().unwrap_or_default();
            let total = if question.total.is_some() { answers.next() } else { None };
            facts.push(question.answer(&rows, total.as_deref())?);
        }
        Ok((facts, since))
    }

    async fn write(&self, writes: &[Write], guards: &[Guard]) -> Result<Commit, StoreError> {
        self.outdated.check()?;
        let (fitting, guards) = self.layout.fit(writes, guards)?;
        let statements = write::statements(&fitting, &guards, &self.dependents)?;
        if statements.is_empty() {
            return Ok(Commit::Committed);
        }
        let all: Vec<&Sql> = statements.iter().collect();
        let telling = channel::telling(&self.channel, &Changed::by(writes));
        match self.run_and_tell(&all, telling.as_ref()).await? {
            Ok(_) => Ok(Commit::Committed),
            Err(error) => failure::refusal(&error).ok_or_else(|| error.into()),
        }
    }

    /// Runs statements on a connection of the pool. The inner error is the database's.
    async fn run(&self, all: &[&Sql], bond: Bond) -> Result<Result<Vec<Vec<Row>>, Error>, StoreError> {
        let lease = Lease::take(&self.pool).await?;
        let done = match pipeline::prepare(&lease, all).await {
            Ok(prepared) => pipeline::run(&lease, &prepared, bond).await,
            Err(error) => Err(error),
        };
        lease.give_back(done.as_ref().err());
        Ok(done)
    }

    /// Runs statements that change something, and tells all hosts in the same go: what is acknowledged is told.
    async fn run_and_tell(
        &self,
        all: &[&Sql],
        telling: Option<&Sql>,
    ) -> Result<Result<Vec<Vec<Row>>, Error>, StoreError> {
        let Some(telling) = telling else { return self.run(all, Bond::Transaction).await };
        let lease = Lease::take(&self.pool).await?;
        let prepared = match pipeline::prepare(&lease, all).await {
            Ok(prepared) => pipeline::prepare(&lease, &[telling]).await.map(|telling| (prepared, telling)),
            Err(error) => Err(error),
        };
        let done = match prepared {
            Ok((prepared, telling)) => {
                let (done, told) = tokio::join!(
                    biased;
                    pipeline::run(&lease, &prepared, Bond::Transaction),
                    pipeline::run(&lease, &telling, Bond::Transaction),
                );
                if let (Ok(_), Err(error)) = (&done, told) {
                    tracing::warn!(why = failure::words(&error), "other hosts were not told of a change");
                }
                done
            }
            Err(error) => Err(error),
        };
        lease.give_back(done.as_ref().err());
        Ok(done)
    }

    async fn kept(&self, name: &str) -> Result<Option<String>, StoreError> {
        let lease = Lease::take(&self.pool).await?;
        let sql = "SELECT \"value\" FROM \"latchkey_meta\" WHERE \"name\" = $1";
        let rows = lease.query(sql, &[&name]).await?;
        lease.give_back(None);
        Ok(rows.first().map(|row| row.get(0)))
    }

    async fn keep(&self, name: &str, value: &str, announce: Announce) -> Result<String, StoreError> {
        let lease = Lease::take(&self.pool).await?;
        // a later host waits here, and finds what this one has kept
        lease.batch_execute("BEGIN; LOCK TABLE \"latchkey_meta\" IN EXCLUSIVE MODE").await?;
        let sql = "SELECT \"value\" FROM \"latchkey_meta\" WHERE \"name\" = $1";
        let kept = match lease.query(sql, &[&name]).await?.first() {
            Some(row) => row.get(0),
            None => {
                announce().map_err(StoreError::Unannounced)?;
                let sql = "INSERT INTO \"latchkey_meta\" (\"name\", \"value\") VALUES ($1, $2)";
                lease.execute(sql, &[&name, &value]).await?;
                value.to_owned()
            }
        };
        lease.batch_execute("COMMIT").await?;
        lease.give_back(None);
        Ok(kept)
    }
}

/// The work, or that the database gave no answer in time.
async fn in_time<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    session::in_time(work).await.flatten()
}

impl Store for Postgres {
    fn lacking(&self) -> &Lacking {
        self.layout.lacking()
    }

    fn read(&self, queries: Vec<Query>) -> Pending<'_, Result<Vec<Fact>, StoreError>> {
        Box::pin(in_time(async move {
            let _turn = if queries.iter().any(is_long) {
                let turn = tokio::time::timeout(PATIENCE / 2, self.long_reads.acquire()).await;
                Some(turn.map_err(|_| StoreError::Busy)?)
            } else {
                None
            };
            self.answer(queries).await
        }))
    }

    fn commit(&self, writes: Vec<Write>, guards: Vec<Guard>) -> Pending<'_, Result<Commit, StoreError>> {
        Box::pin(async move {
            let patience = if writes.iter().any(write::is_set) { SET_PATIENCE } else { PATIENCE };
            let done = session::within(patience, self.write(&writes, &guards)).await.flatten();
            // even where it failed: the database may have committed
            self.cache.drop_changed(&match done {
                Ok(Commit::Committed) => Changed::by(&writes),
                _ => Changed::around(&writes, &guards),
            });
            done
        })
    }

    fn meta<'a>(&'a self, name: &'a str) -> Pending<'a, Result<Option<String>, StoreError>> {
        Box::pin(in_time(self.kept(name)))
    }

    fn keep_meta<'a>(
        &'a self,
        name: &'a str,
        value: &'a str,
        announce: Announce,
    ) -> Pending<'a, Result<String, StoreError>> {
        Box::pin(in_time(self.keep(name, value, announce)))
    }

    fn lease<'a>(&'a self, name: &'a str, holder: &'a str, ms: u64) -> Pending<'a, Result<bool, StoreError>> {
        Box::pin(in_time(async move {
            // by the clock of the database, which all hosts have in common
            let sql = "INSERT INTO \"latchkey_meta\" AS m (\"name\", \"value\") \
                       VALUES ($1, $2 || ' ' || (extract(epoch FROM clock_timestamp()) * 1000 + $3::float8)::bigint) \
                       ON CONFLICT (\"name\") DO UPDATE SET \"value\" = excluded.\"value\" \
                       WHERE split_part(m.\"value\", ' ', 1) = $2 OR split_part(m.\"value\", ' ', 2)::bigint \
                       <= extract(epoch FROM clock_timestamp()) * 1000";
            let lease = Lease::take(&self.pool).await?;
            let taken = lease.execute(sql, &[&name, &holder, &(ms as f64)]).await?;
            lease.give_back(None);
            Ok(taken > 0)
        }))
    }

    fn forget_meta<'a>(&'a self, name: &'a str) -> Pending<'a, Result<(), StoreError>> {
        Box::pin(in_time(async move {
            let lease = Lease::take(&self.pool).await?;
            lease.execute("DELETE FROM \"latchkey_meta\" WHERE \"name\" = $1", &[&name]).await?;
            lease.give_back(None);
            Ok(())
        }))
    }
}
