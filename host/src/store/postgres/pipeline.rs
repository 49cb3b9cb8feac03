//! Statements in one go: all are sent before the first answer is waited for.

use super::session::Lease;
use super::sql::Sql;
use std::pin::Pin;
use std::task::Poll;
use tokio_postgres::{Error, Row, Statement};

type Answer<'a> = Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>> + Send + 'a>>;

/// How the statements are bound together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bond {
    /// They read one state of the database.
    Snapshot,
    /// All of them last, or none.
    Transaction,
}

impl Bond {
    const fn begin(self) -> &'static str {
        match self {
            Self::Snapshot => "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Transaction => "BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE",
        }
    }
}

/// Statements that are prepared on a connection.
pub(super) struct Prepared<'a> {
    statements: Vec<(Statement, &'a Sql)>,
}

/// Prepares what is not yet prepared on this connection.
pub(super) async fn prepare<'a>(lease: &Lease, all: &[&'a Sql]) -> Result<Prepared<'a>, Error> {
    let mut statements = Vec::with_capacity(all.len());
    for sql in all {
        statements.push((lease.prepare_cached(&sql.text).await?, *sql));
    }
    Ok(Prepared { statements })
}

/// Runs the statements, in a transaction if there are several, and gives the rows of each.
pub(super) async fn run(lease: &Lease, prepared: &Prepared<'_>, bond: Bond) -> Result<Vec<Vec<Row>>, Error> {
    let plain = |text: &'static str| -> Answer<'_> {
        Box::pin(async move { lease.batch_execute(text).await.map(|()| Vec::new()) })
    };
    let is_bound = prepared.statements.len() > 1;
    let mut answers: Vec<Answer<'_>> = Vec::with_capacity(prepared.statements.len() + 2);
    if is_bound {
        answers.push(plain(bond.begin()));
    }
    for (statement, sql) in &prepared.statements {
        answers.push(Box::pin(async move { lease.query(statement, &sql.parameters()).await }));
    }
    if is_bound {
        // of a transaction that failed this is the end as well
        answers.push(plain("COMMIT"));
    }
    let mut rows = all(answers, || plain("ROLLBACK")).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    if is_bound {
        rows.pop();
        rows.remove(0);
    }
    Ok(rows)
}

/// Starts all in their order, and gives their results in this order. The first poll of a statement sends it; one that fails
/// there never leaves, and then `undo` is sent in place of the last one: without it, the others alone would last.
async fn all<'a>(
    mut answers: Vec<Answer<'a>>,
    undo: impl Fn() -> Answer<'a>,
) -> Vec<Result<Vec<Row>, Error>> {
    let mut results: Vec<Option<Result<Vec<Row>, Error>>> = answers.iter().map(|_| None).collect();
    let last = answers.len().saturating_sub(1);
    let mut is_sent = false;
    std::future::poll_fn(|context| {
        let (mut pending, mut failed) = (false, false);
        for (index, (answer, result)) in answers.iter_mut().zip(&mut results).enumerate() {
            if result.is_none() {
                if !is_sent && failed && index == last {
                    *answer = undo();
                }
                match answer.as_mut().poll(context) {
                    Poll::Ready(done) => *result = Some(done),
                    Poll::Pending => pending = true,
                }
            }
            failed |= matches!(result, Some(Err(_)));
        }
        is_sent = true;
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    results.into_iter().flatten().collect()
}
