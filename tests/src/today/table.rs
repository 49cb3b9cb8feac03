//! The tables of known differences: `differences.tsv`, each explained by a deviation, and `gaps.tsv`, each a part of LiteLLM
//! 1.109.1 that is not built yet.
//!
//! A line has four parts with tabs between them: the reason, the family of scenarios and the call (`*` for all), and what differs,
//! as [`super::difference`] says it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where and how an answer differs: family, call, what.
pub(super) type Place = (String, String, String);

/// One of the tables.
#[derive(Debug)]
pub(super) struct Table {
    path: PathBuf,
    lines: BTreeMap<Place, String>,
}

impl Table {
    /// Reads a table; lines that begin with `#` are for people.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut lines = BTreeMap::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let parts: Vec<&str> = line.split('\t').collect();
            let [reason, family, call, what] = parts.as_slice() else {
                return Err(format!("{}, line {}: four parts are needed", path.display(), index + 1));
            };
            let place = ((*family).to_owned(), (*call).to_owned(), (*what).to_owned());
            if lines.insert(place, (*reason).to_owned()).is_some() {
                return Err(format!("{}, line {}: it is there twice", path.display(), index + 1));
            }
        }
        Ok(Self { path: path.to_owned(), lines })
    }

    /// The line for a difference and its reason.
    pub(super) fn find(&self, place: &Place) -> Option<(Place, &str)> {
        let (family, call, what) = place;
        let all = "*".to_owned();
        let places = [(family, call), (&all, call), (family, &all), (&all, &all)];
        places.into_iter().find_map(|(family, call)| {
            let place = (family.clone(), call.clone(), what.clone());
            let reason = self.lines.get(&place)?;
            Some((place, reason.as_str()))
        })
    }

    /// The reasons.
    pub(super) fn reasons(&self) -> BTreeSet<&str> {
        self.lines.values().map(String::as_str).collect()
    }

    /// The lines that are not among the used ones.
    pub(super) fn unused<'a>(&'a self, used: &'a BTreeSet<Place>) -> impl Iterator<Item = &'a Place> {
        self.lines.keys().filter(|place| !used.contains(*place))
    }

    /// The file's name.
    pub(super) fn name(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Writes the file again: what was used, and `more` with proposed names that somebody has to confirm.
    pub(super) fn write(&self, used: &BTreeSet<Place>, more: &BTreeSet<Place>) -> Result<(), String> {
        let kept = self.lines.iter().filter(|(place, _)| used.contains(*place));
        let mut lines: Vec<String> = kept.map(|(place, reason)| line(reason, place)).collect();
        for place in more {
            let (family, call, what) = place;
            let is_elsewhere = |(other, at, also): &Place| (at, also) == (call, what) && other != family;
            let family = if more.iter().any(is_elsewhere) { "*" } else { family };
            lines.push(line(&proposed(call, what), &(family.to_owned(), call.clone(), what.clone())));
        }
        lines.sort();
        lines.dedup();
        let text: String = lines.into_iter().map(|line| line + "\n").collect();
        std::fs::write(&self.path, text).map_err(|error| format!("{}: {error}", self.path.display()))
    }
}

/// What a name begins with that nobody has confirmed.
pub(super) const PROPOSED: char = '?';

/// A name for a difference, from what differs.
fn proposed(call: &str, what: &str) -> String {
    let member = || what.split(':').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    let quoted = || what.split('`').nth(1).unwrap_or(call);
    let name = match what.chars().next() {
        _ if what == "no such route" => format!("route:{call}"),
        Some('-') => format!("shown:{}", member()),
        Some('+') => format!("former:{}", member()),
        Some('/') => format!("value:{}", member()),
        Some('2') => format!("stricter:{}", quoted()),
        _ if what.ends_with(" → 200") => format!("looser:{call}"),
        _ => format!("words:{}", quoted()),
    };
    format!("{PROPOSED}{name}")
}

fn line(reason: &str, (family, call, what): &Place) -> String {
    format!("{reason}\t{family}\t{call}\t{what}")
}
