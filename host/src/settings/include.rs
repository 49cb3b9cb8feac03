//! The configuration's file, and the files it includes.

use super::yaml::parse;
use latchkey_contract::json::Json;
use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};

/// The member that names further files.
const INCLUDE: &str = "include";

/// Reads the file at `path` with what it includes, merged as LiteLLM does: a list is made longer, any other value replaced.
pub(super) fn read(path: &Path, warnings: &mut Vec<String>) -> Result<Json, String> {
    with_included(file(path)?, path, warnings)
}

/// The same for a configuration that has been read; names of files are relative to the folder of `path`.
pub(super) fn with_included(
    mut config: Json,
    path: &Path,
    warnings: &mut Vec<String>,
) -> Result<Json, String> {
    let mut pending: VecDeque<(String, PathBuf)> = entries(&mut config, path)?.into();
    let mut read: HashSet<PathBuf> = HashSet::from([identity(path)]);
    while let Some((entry, declared_in)) = pending.pop_front() {
        let place = place(&entry, &declared_in, path);
        if !read.insert(identity(&place)) {
            continue;
        }
        let mut included = file(&place)?;
        pending.extend(entries(&mut included, &place)?);
        merge(&mut config, included, &place, warnings)?;
    }
    Ok(config)
}

fn file(path: &Path) -> Result<Json, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("the configuration `{}` cannot be read: {error}", path.display()))?;
    parse(&text).map_err(|why| format!("the configuration `{}` is no YAML: {why}", path.display()))
}

/// What tells whether two paths lead to one file.
fn identity(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// An included file is looked for beside the file that names it, then beside the first one.
fn place(entry: &str, declared_in: &Path, first: &Path) -> PathBuf {
    let beside = |file: &Path| file.parent().unwrap_or(Path::new("")).join(entry);
    let place = beside(declared_in);
    if !place.exists() && beside(first).exists() { beside(first) } else { place }
}

/// Takes the names of further files out of a configuration.
fn entries(config: &mut Json, path: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let Json::Dict(members) = config else { return Ok(Vec::new()) };
    let Some(at) = members.iter().position(|(name, _)| name == INCLUDE) else { return Ok(Vec::new()) };
    let (_, value) = members.remove(at);
    let items = value.as_list().unwrap_or_default();
    let names: Option<Vec<&str>> = items.iter().map(Json::as_str).collect();
    match names {
        Some(names) if value.as_list().is_some() => {
            Ok(names.into_iter().map(|name| (name.to_owned(), path.to_owned())).collect())
        }
        _ => Err(format!("the configuration `{}`: `{INCLUDE}` must be a list of files", path.display())),
    }
}

fn merge(config: &mut Json, included: Json, place: &Path, warnings: &mut Vec<String>) -> Result<(), String> {
    let members = match included {
        Json::Null => return Ok(()),
        Json::Dict(members) => members,
        _ => return Err(format!("the configuration `{}` is no mapping", place.display())),
    };
    if config.is_null() {
        *config = Json::empty_dict();
    }
    for (name, value) in members {
        let merged = match (config.get(&name), value) {
            (Some(Json::List(first)), Json::List(more)) => {
                Json::List(first.iter().cloned().chain(more).collect())
            }
            (first, value) => {
                if first.is_some_and(|first| !first.is_null() && *first != value) {
                    warnings.push(format!(
                        "{name}: the included `{}` replaces the whole section",
                        place.display()
                    ));
                }
                value
            }
        };
        config.set(name, merged);
    }
    Ok(())
}
