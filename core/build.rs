//! Hashes what the rules are made of, so that a page can prove it judges by the same rules as its server: the sources of
//! this crate and of the one below it without files of tests, and the versions of the crates they are built with.

#![allow(clippy::disallowed_methods, reason = "a build script reads files")]

use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where the sources are; names in the hash are relative to this folder.
const SOURCES: [&str; 2] = ["contract/src", "src"];

/// The crates whose dependencies count.
const CRATES: [&str; 2] = ["latchkey-contract", "latchkey-core"];

const LOCK: &str = "../Cargo.lock";

fn main() -> std::io::Result<()> {
    let mut files = Vec::new();
    for folder in SOURCES {
        println!("cargo::rerun-if-changed={folder}");
        collect(Path::new(folder), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let name = file.to_string_lossy().replace('\\', "/");
        let text = std::fs::read(&file)?;
        hash.update(format!("{name}\0{}\0", text.len()));
        hash.update(text);
    }
    println!("cargo::rerun-if-changed={LOCK}");
    for package in locked(&std::fs::read_to_string(LOCK)?) {
        hash.update(format!("{package}\0"));
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("cargo::rustc-env=LATCHKEY_RULES_DIGEST={digest}");
    Ok(())
}

/// All files of Rust but those that hold tests alone.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// The packages that the rules are built with, as the lock file names them, with their versions and checksums.
fn locked(lock: &str) -> BTreeSet<String> {
    let mut packages = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let value = |name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
            line.unwrap_or_default().trim_matches('"')
        };
        let (name, version) = (value("name"), value("version"));
        let dependencies = package.split_once("dependencies = [").map_or("", |(_, rest)| rest);
        // `"name"`, and with the version where there are several of them
        let dependencies = dependencies.split('"').skip(1).step_by(2).map(str::to_owned);
        let entry = (format!("{name} {version} {}", value("checksum")), dependencies.collect::<Vec<_>>());
        packages.insert(format!("{name} {version}"), entry);
    }
    let (mut found, mut wanted) = (BTreeSet::new(), CRATES.map(str::to_owned).to_vec());
    while let Some(name) = wanted.pop() {
        let matching =
            packages.iter().find(|(known, _)| **known == name || known.split(' ').next() == Some(&name));
        if let Some((_, (package, dependencies))) = matching
            && found.insert(package.clone())
        {
            wanted.extend_from_slice(dependencies);
        }
    }
    found
}
