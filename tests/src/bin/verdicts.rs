//! Writes what native core says to every vector of a corpus, for suites in other languages: `verdicts FOLDER`.
//!
//! For each `vectors-*.jsonl` one file of the same name, in which a line is a group of vectors under the same settings:
//! `{"settings": TEXT, "vectors": [[INPUT, VERDICT], …]}`, all texts exactly as core takes and gives them. The variable
//! `LATCHKEY_CORPUS` names a folder to use instead of the corpora of this project.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, write};
use latchkey_tests::corpus::{Content, load, own_folder};
use latchkey_tests::implementation::configure;
use latchkey_tests::scenario::{canonical, dumps};
use latchkey_tests::vectors::{question, settings};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The most vectors of one line.
const LINE: usize = 500;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: verdicts FOLDER");
        return ExitCode::from(2);
    };
    match run(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(out: &Path) -> Result<(), String> {
    let corpus = std::env::var_os("LATCHKEY_CORPUS").filter(|path| !path.is_empty());
    std::fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    for file in load(&corpus.map_or_else(own_folder, PathBuf::from))? {
        let Content::Vectors(vectors) = &file.content else { continue };
        let path = out.join(&file.name);
        std::fs::write(&path, judged(vectors)?).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn judged(vectors: &[Json]) -> Result<String, String> {
    let mut groups: BTreeMap<String, (Json, Vec<&Json>)> = BTreeMap::new();
    for vector in vectors {
        let settings = settings(vector);
        groups.entry(canonical(&settings)).or_insert_with(|| (settings, Vec::new())).1.push(vector);
    }
    let mut out = String::new();
    for (settings, vectors) in groups.into_values() {
        let policy = configure(&settings)?;
        let answered = |vector: &&Json| {
            let input = dumps(&question(vector)?);
            let verdict = write(&policy.check(input.as_bytes()));
            Ok(Json::List(vec![input.into(), verdict.into()]))
        };
        for some in vectors.chunks(LINE) {
            let vectors = some.iter().map(answered).collect::<Result<Vec<_>, String>>()?;
            let line = dict! { "settings" => dumps(&settings), "vectors" => vectors };
            writeln!(out, "{}", write(&line)).map_err(|error| error.to_string())?;
        }
    }
    Ok(out)
}
