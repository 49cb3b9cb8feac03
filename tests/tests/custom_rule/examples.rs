//! The examples of `wasm/CUSTOM_RULE.md`, built from their sources and run.

use crate::scene::{Scene, at};
use latchkey_contract::json::Json;
use std::path::{Path, PathBuf};
use std::process::Command;

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// A folder below the target folder.
fn built(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{command:?}: {said}");
}

/// Both examples are the same rule.
fn prove(wasm: &Path) {
    let mut scene = Scene::strict(&std::fs::read(wasm).expect("the module"));
    let team = r#"{"team_id":"t\u00e9am","members_with_roles":[]}"#;
    assert_eq!(scene.post("/team/new", team).0, 200);
    assert_eq!(scene.post("/key/generate", r#"{"key_alias":"anything"}"#).0, 200);
    assert_eq!(scene.post("/key/generate", r#"{"team_id":"téam","key_alias":"téam-ci"}"#).0, 200);
    for body in [
        r#"{"team_id":"téam"}"#,
        r#"{"team_id":"téam","key_alias":"ci"}"#,
        r#"{"team_id":"téam","metadata":{"effective_key":{"team_id":null},"s":"\"{["},"aliases":{"key_alias":"téam-x"}}"#,
    ] {
        let (status, reply) = scene.post("/key/generate", body);
        let message = reply.get("error").map(|error| at(error, "message"));
        let expected = "the alias of a key of team téam must begin with téam-";
        assert_eq!((status, message), (403, Some(Json::from(expected))), "{body}");
    }
}

#[test]
fn the_rust_example_judges_aliases() {
    let target = built("custom-rule-rust");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args([
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--target",
            "wasm32-unknown-unknown",
            "--target-dir",
        ])
        .arg(&target)
        .current_dir(source("custom-rule-rust"))
        .env_remove("RUSTFLAGS");
    run(&mut command);
    prove(&target.join("wasm32-unknown-unknown/release/custom_rule_rust.wasm"));
}

#[test]
fn the_assemblyscript_example_judges_aliases() {
    let (from, to) = (source("custom-rule-assemblyscript"), built("custom-rule-assemblyscript"));
    std::fs::create_dir_all(to.join("assembly")).expect("a folder");
    for file in ["package.json", "package-lock.json", "assembly/rule.ts"] {
        std::fs::copy(from.join(file), to.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&to));
    run(Command::new("npm").args(["run", "build"]).current_dir(&to));
    prove(&to.join("rule.wasm"));
}
