//! The recorded corpora: those of this project, or a folder laid out like them.
//!
//! `core/*.json` and `fuzz-*.json` hold scenarios of LiteLLM 1.60.8, `vectors-*.jsonl` one vector a line, and
//! `litellm-1.109/scenarios.json` scenarios of LiteLLM 1.109.1 (see [`crate::today`]); each file may be compressed (`.zst`).

use crate::scenario::{Scenario, parse};
use crate::today::Recorded;
use latchkey_contract::json::{Json, Limits, read};
use std::path::{Path, PathBuf};

/// One file of a corpus.
#[derive(Debug)]
pub struct File {
    /// Its place in the corpus, without `.zst`.
    pub name: String,
    /// What it holds.
    pub content: Content,
}

/// What a file holds.
#[derive(Debug)]
pub enum Content {
    /// Scenarios.
    Scenarios(Vec<Scenario>),
    /// Vectors.
    Vectors(Vec<Json>),
    /// Scenarios of today's release, with what differs from it.
    Today(Recorded),
}

/// The corpora of this project.
pub fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Reads all files of `folder`, in the order of their names.
pub fn load(folder: &Path) -> Result<Vec<File>, String> {
    let files = list(folder)?;
    if files.is_empty() {
        return Err(format!("{}: no core/*.json, fuzz-*.json or vectors-*.jsonl", folder.display()));
    }
    files.into_iter().map(|(name, path)| load_file(name, &path)).collect()
}

/// The files of a corpus: names in it and places on disk.
pub fn list(folder: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let mut files = Vec::new();
    for prefix in ["", "core/", TODAY] {
        let within = folder.join(prefix);
        if !prefix.is_empty() && !within.is_dir() {
            continue;
        }
        let entries = std::fs::read_dir(&within).map_err(|error| format!("{}: {error}", within.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            let Some(file) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let plain = file.strip_suffix(".zst").unwrap_or(file);
            let is_of_corpus = if prefix.is_empty() {
                (plain.starts_with("fuzz-") && plain.ends_with(".json"))
                    || (plain.starts_with("vectors-") && plain.ends_with(".jsonl"))
            } else {
                plain.ends_with(".json")
            };
            if is_of_corpus {
                files.push((format!("{prefix}{plain}"), path));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Where the scenarios of today's release are.
const TODAY: &str = "litellm-1.109/";

fn load_file(name: String, path: &Path) -> Result<File, String> {
    let place = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut text = std::fs::read(path).map_err(|error| place(&error))?;
    if path.extension().is_some_and(|extension| extension == "zst") {
        text = zstd::decode_all(text.as_slice()).map_err(|error| place(&error))?;
    }
    let json = |text: &[u8]| read(text, &Limits::STORED).map_err(|error| place(&error));
    let content = if name.starts_with(TODAY) {
        let scenarios = parse(&json(&text)?).map_err(|error| place(&error))?;
        Content::Today(Recorded::new(scenarios, &own_folder().join(TODAY), path.starts_with(own_folder()))?)
    } else if name.ends_with(".jsonl") {
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        Content::Vectors(lines.map(json).collect::<Result<_, _>>()?)
    } else {
        Content::Scenarios(parse(&json(&text)?).map_err(|error| place(&error))?)
    };
    Ok(File { name, content })
}
