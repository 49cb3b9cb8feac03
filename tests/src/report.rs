//! Playing a corpus on an implementation, in parallel, and saying what came of it.

use crate::corpus::{Content, File};
use crate::implementation::Implementation;
use crate::scenario::{Scenario, canonical, run};
use crate::scope::Scope;
use crate::vectors;
use latchkey_contract::json::Json;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What came of one file on one implementation.
#[derive(Debug, Default)]
pub struct Score {
    /// Steps or vectors that are equal.
    pub equal: usize,
    /// All that were played.
    pub total: usize,
    /// What differs, in the order of the file.
    pub differences: Vec<String>,
    /// What else there is to say, in a line each.
    pub notes: Vec<String>,
    /// The same at length, for who asks for more.
    pub details: Vec<String>,
}

/// Scenarios that are not played, by reason.
pub type LeftOut = BTreeMap<String, usize>;

/// Plays one file; `None` if the implementation cannot.
pub fn play(
    file: &File,
    implementation: &dyn Implementation,
    scope: Option<&Scope>,
    only: &str,
) -> Option<(Score, LeftOut)> {
    match &file.content {
        Content::Scenarios(scenarios) => Some(play_scenarios(scenarios, implementation, scope, only)),
        Content::Vectors(vectors) if implementation.judges() => {
            Some((play_vectors(vectors, implementation, only), LeftOut::new()))
        }
        // with a clock of the machine's own moments and the order of rows differ from run to run
        Content::Today(_) if !["native", "wasmtime"].contains(&implementation.name()) => None,
        Content::Today(recorded) => Some((recorded.play(implementation, only), LeftOut::new())),
        Content::Vectors(_) => None,
    }
}

fn play_scenarios(
    scenarios: &[Scenario],
    implementation: &dyn Implementation,
    scope: Option<&Scope>,
    only: &str,
) -> (Score, LeftOut) {
    let mut left_out = LeftOut::new();
    let mut played: Vec<&Scenario> = Vec::new();
    for scenario in scenarios.iter().filter(|scenario| scenario.name.contains(only)) {
        match scope.and_then(|scope| scope.leaves_out(scenario)) {
            Some(reason) => *left_out.entry(reason).or_default() += 1,
            None => played.push(scenario),
        }
    }
    let results = in_parallel(&played, implementation.parallel(), |scenario| {
        match implementation.open(&scenario.settings) {
            Ok(mut session) => run(scenario, session.as_mut())
                .into_iter()
                .enumerate()
                .map(|(index, result)| {
                    let found = result.difference?;
                    Some(format!("{}, step {index} ({}): {found}", scenario.name, result.request))
                })
                .collect(),
            Err(error) => vec![Some(format!("{}: {error}", scenario.name))],
        }
    });
    let mut score = Score::default();
    for result in results.into_iter().flatten() {
        score.total += 1;
        match result {
            None => score.equal += 1,
            Some(difference) => score.differences.push(difference),
        }
    }
    (score, left_out)
}

fn play_vectors(all: &[Json], implementation: &dyn Implementation, only: &str) -> Score {
    let is_wanted = |vector: &Json| {
        only.is_empty() || vector.get("op").and_then(Json::as_str).is_some_and(|op| op.contains(only))
    };
    let mut groups: BTreeMap<String, Vec<(usize, &Json)>> = BTreeMap::new();
    let mut total = 0;
    for (index, vector) in all.iter().enumerate().filter(|(_, vector)| is_wanted(vector)) {
        groups.entry(canonical(&vectors::settings(vector))).or_default().push((index, vector));
        total += 1;
    }
    let groups: Vec<Vec<(usize, &Json)>> = groups.into_values().collect();
    let results =
        in_parallel(&groups, implementation.parallel(), |group| vectors::judge(group, implementation));
    let mut differences: Vec<(usize, String)> = results.into_iter().flatten().collect();
    differences.sort_by_key(|(index, _)| *index);
    let differences: Vec<String> = differences
        .into_iter()
        .map(|(index, found)| {
            let op = all.get(index).and_then(|vector| vector.get("op")).and_then(Json::as_str);
            format!("line {} ({}): {found}", index + 1, op.unwrap_or_default())
        })
        .collect();
    Score { equal: total - differences.len(), total, differences, ..Score::default() }
}

/// Applies `work` to all items on some threads; the results are in the order of the items.
pub(crate) fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    if let Ok(mut done) = done.lock() {
                        done.push((index, result));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
