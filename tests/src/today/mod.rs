//! What LiteLLM 1.109.1 answers, against profile `strict`: scenarios of its own, recorded from it
//! (`tests/corpus/litellm-1.109`), and two tables that name every difference.
//!
//! An answer is as recorded, or each of its differences stands in `differences.tsv` with the deviation that explains it, or in
//! `gaps.tsv` with the name of what is not built. A difference in no table fails, and so does a line that no answer needs.
//! `LATCHKEY_WRITE=1` writes the tables again: it takes such lines out and adds differences with proposed names that begin with `?`, which
//! fail until somebody confirms them, or gives a deviation.
//!
//! Where a call that changes something succeeds here and not there, or the other way round, nothing can be said of what follows:
//! the rest of the scenario is not played, and counted. Scenarios tagged `each alone` go on, but for calls that need what was not given.

mod difference;
mod symbols;
mod table;

use crate::implementation::{Implementation, Session};
use crate::report::{Score, in_parallel};
use crate::scenario::{Body, Exchange, Normaliser, Scenario, Step, exchange};
use difference::{Answer, differences};
use latchkey_contract::json::Json;
use latchkey_core::DEVIATIONS;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;
use symbols::{note_durations, with_symbols};
use table::{PROPOSED, Place, Table};

/// The recorded scenarios with the tables of differences.
#[derive(Debug)]
pub struct Recorded {
    scenarios: Vec<Scenario>,
    on_purpose: Table,
    gaps: Table,
    is_own: bool,
}

/// How one step went.
enum Outcome {
    /// It was played: what was sent, and what differs.
    Played { request: String, call: String, differences: Vec<String> },
    /// It was not, since an earlier one went otherwise than recorded.
    NotReached,
}

impl Recorded {
    /// Puts the scenarios, for profile `strict`, together with the tables in `folder`, which were made for them or (`is_own` is
    /// false) for others like them.
    pub fn new(mut scenarios: Vec<Scenario>, folder: &Path, is_own: bool) -> Result<Self, String> {
        for scenario in &mut scenarios {
            let mut own = scenario.settings.get("latchkey").cloned().unwrap_or_else(Json::empty_dict);
            own.set("profile", Json::from("strict"));
            own.set("premium_user", Json::Bool(true));
            scenario.settings.set("latchkey", own);
        }
        let on_purpose = Table::read(&folder.join("differences.tsv"))?;
        let gaps = Table::read(&folder.join("gaps.tsv"))?;
        Ok(Self { scenarios, on_purpose, gaps, is_own })
    }

    /// Plays the scenarios whose names contain `only`.
    pub fn play(&self, implementation: &dyn Implementation, only: &str) -> Score {
        let chosen: Vec<&Scenario> =
            self.scenarios.iter().filter(|scenario| scenario.name.contains(only)).collect();
        let results = in_parallel(&chosen, implementation.parallel(), |scenario| {
            match implementation.open(&scenario.settings) {
                Ok(mut session) => run(scenario, session.as_mut()),
                Err(error) => Err(error),
            }
        });
        let mut tally = Tally::default();
        for (scenario, result) in chosen.iter().zip(results) {
            match result {
                Ok(outcomes) => self.count(scenario, outcomes, &mut tally),
                Err(error) => {
                    tally.score.total += 1;
                    tally.score.differences.push(format!("{}: {error}", scenario.name));
                }
            }
        }
        if only.is_empty() && self.is_own {
            self.judge_tables(&mut tally);
        }
        tally.finished()
    }

    fn count(&self, scenario: &Scenario, outcomes: Vec<Outcome>, tally: &mut Tally) {
        let family = scenario.name.split('/').next().unwrap_or_default();
        for (index, outcome) in outcomes.into_iter().enumerate() {
            let Outcome::Played { request, call, differences } = outcome else {
                tally.not_reached += 1;
                continue;
            };
            tally.score.total += 1;
            let mut unknown = Vec::new();
            tally.as_recorded += usize::from(differences.is_empty());
            for what in differences {
                let place = (family.to_owned(), call.clone(), what);
                if let Some((line, reason)) = self.on_purpose.find(&place) {
                    *tally.on_purpose.entry(reason.to_owned()).or_default() += 1;
                    tally.used.insert(line);
                } else if let Some((line, reason)) = self.gaps.find(&place) {
                    *tally.gaps.entry(reason.to_owned()).or_default() += 1;
                    tally.used.insert(line);
                } else {
                    unknown.push(place.2.clone());
                    tally.unknown.insert(place);
                }
            }
            if unknown.is_empty() {
                tally.score.equal += 1;
            } else {
                let unknown = unknown.join("\n    ");
                tally
                    .score
                    .differences
                    .push(format!("{}, step {index} ({request}):\n    {unknown}", scenario.name));
            }
        }
    }

    /// Fails for lines that nothing needs and for reasons that are none, or writes the tables again.
    fn judge_tables(&self, tally: &mut Tally) {
        if std::env::var_os("LATCHKEY_WRITE").is_some() {
            let written = self
                .on_purpose
                .write(&tally.used, &BTreeSet::new())
                .and_then(|()| self.gaps.write(&tally.used, &tally.unknown));
            if let Err(error) = written {
                tally.fails(error);
            }
            return;
        }
        for table in [&self.on_purpose, &self.gaps] {
            for (family, call, what) in table.unused(&tally.used.clone()) {
                tally.fails(format!("{}: no answer needs `{family}` `{call}` `{what}`", table.name()));
            }
        }
        for reason in self.on_purpose.reasons() {
            if DEVIATIONS.iter().all(|deviation| deviation.name != reason) {
                tally.fails(format!("{}: no deviation `{reason}`", self.on_purpose.name()));
            }
        }
        for reason in self.gaps.reasons().into_iter().filter(|reason| reason.starts_with(PROPOSED)) {
            tally.fails(format!("{}: nobody has confirmed the name `{reason}`", self.gaps.name()));
        }
    }
}

/// What has been counted so far.
#[derive(Default)]
struct Tally {
    score: Score,
    as_recorded: usize,
    not_reached: usize,
    on_purpose: BTreeMap<String, usize>,
    gaps: BTreeMap<String, usize>,
    used: BTreeSet<Place>,
    unknown: BTreeSet<Place>,
}

impl Tally {
    fn fails(&mut self, why: String) {
        self.score.total += 1;
        self.score.differences.push(why);
    }

    fn finished(mut self) -> Score {
        let (on_purpose, gaps) = (self.on_purpose.values().sum::<usize>(), self.gaps.values().sum::<usize>());
        self.score.notes.push(format!(
            "{} steps as recorded, {} not reached, on purpose: {on_purpose} cells, gaps: {gaps} cells",
            self.as_recorded, self.not_reached
        ));
        for (title, counts) in [("on purpose", &self.on_purpose), ("gaps", &self.gaps)] {
            let counts: Vec<String> =
                counts.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
            self.score.details.push(format!("{title}: {}", counts.join(", ")));
        }
        self.score
    }
}

fn run(scenario: &Scenario, session: &mut dyn Session) -> Result<Vec<Outcome>, String> {
    let mut normaliser = Normaliser::default();
    let mut durations = BTreeSet::new();
    let each_alone = scenario.tags.iter().any(|tag| tag == "each alone");
    let mut has_parted = false;
    let mut outcomes = Vec::new();
    for step in &scenario.steps {
        let Step::Send(step) = step else { continue };
        if (has_parted && !each_alone) || needs_more(step, &normaliser) {
            outcomes.push(Outcome::NotReached);
            continue;
        }
        if let Body::Json(body) = &step.body {
            normaliser.note_request(body);
            note_durations(body, &mut durations);
        }
        let (response, document) = exchange(step, session, &mut normaliser.variables)?;
        let body = normaliser.body("", &with_symbols(&document, response.at, &durations), response.at);
        let expected = normaliser.expected("", &step.expected);
        let (theirs, ours) = (
            Answer { status: step.status, body: &expected },
            Answer { status: response.status.into(), body: &body },
        );
        let path = step.path.split('?').next().unwrap_or_default();
        has_parted |= changes_something(step) && theirs.succeeds() != ours.succeeds();
        outcomes.push(Outcome::Played {
            request: format!("{} {} {}", step.caller, step.method, step.path),
            call: call(step),
            differences: differences(&theirs, &ours, path),
        });
    }
    Ok(outcomes)
}

/// Whether a step names a variable that nothing was captured for.
fn needs_more(step: &Exchange, normaliser: &Normaliser) -> bool {
    let body = match &step.body {
        Body::None => String::new(),
        Body::Json(body) => crate::scenario::dumps(body),
        Body::Raw(text) => text.clone(),
    };
    let sent = format!("{} {} {body}", step.caller, step.path);
    VARIABLE.captures_iter(&sent).any(|found| !normaliser.variables.contains_key(&found[1]))
}

static VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\$(?:\{hash:)?([A-Za-z_]\w*)").expect("the pattern is well formed"));

/// Calls by POST that change nothing.
const LOOKS: [&str; 3] = ["/v2/key/info", "/key/health", "/budget/info"];

fn changes_something(step: &Exchange) -> bool {
    step.method != "GET" && !LOOKS.contains(&step.path.as_str())
}

/// Method and path of a step, `{…}` in the place of a key.
fn call(step: &Exchange) -> String {
    static KEY: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"/key/(?:\$|sk-)[^/]*/").expect("the pattern is well formed"));
    let path = step.path.split('?').next().unwrap_or_default();
    format!("{} {}", step.method, KEY.replace(path, "/key/{key}/"))
}
