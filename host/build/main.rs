//! Builds the policy module for wasm32-unknown-unknown with a nested cargo call, and hands its path to the host as the
//! variable `LATCHKEY_POLICY_WASM`, and the digest of its rules as `LATCHKEY_RULES_DIGEST`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const TARGET: &str = "wasm32-unknown-unknown";

/// How the module is built, for the npm package, too: both have the same module.
const RECIPE: &str = include_str!("../../wasm/policy.args");

/// What the outer cargo set for the host's own build and what must not reach the module's.
const FOREIGN: &[&str] = &[
    "CARGO_BUILD_RUSTC",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_TARGET_DIR",
    "RUSTC_LINKER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTFLAGS",
];

fn main() -> ExitCode {
    match build() {
        Ok((module, digest)) => {
            println!("cargo::rustc-env=LATCHKEY_POLICY_WASM={}", module.display());
            println!("cargo::rustc-env=LATCHKEY_RULES_DIGEST={digest}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            println!("cargo::error={sentence}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(PathBuf, String), String> {
    let top = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("..");
    let out = PathBuf::from(variable("OUT_DIR")?);
    for watched in [
        "host/build",
        "core/contract/Cargo.toml",
        "core/contract/src",
        "core/src",
        "core/Cargo.toml",
        "core/build.rs",
        "wasm/src",
        "wasm/Cargo.toml",
        "wasm/build.rs",
        "wasm/policy.args",
        "Cargo.toml",
        "Cargo.lock",
    ] {
        let path = top.join(watched);
        if path.exists() {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    add_target(&top)?;
    let digest = compile(&top, &out.join("policy"))?;
    Ok((out.join("policy").join(TARGET).join("policy").join("latchkey_wasm.wasm"), digest))
}

/// Installs the standard library of the module's target unless it is there.
fn add_target(top: &Path) -> Result<(), String> {
    let rustc = variable("RUSTC")?;
    if has_target(&rustc, top) {
        return Ok(());
    }
    let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(top).output();
    if has_target(&rustc, top) {
        return Ok(());
    }
    let said = match added {
        Ok(output) => last_line(&output.stderr).unwrap_or_else(|| output.status.to_string()),
        Err(error) => error.to_string(),
    };
    Err(format!(
        "the policy module needs Rust's {TARGET} target, which `{rustc}` still lacks after `rustup target add {TARGET}` \
         ({said}): run that command for the toolchain that builds this, or install the target as you installed the compiler"
    ))
}

fn has_target(rustc: &str, top: &Path) -> bool {
    let found = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(top)
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    found.is_some_and(|folder| Path::new(folder.trim()).is_dir())
}

fn last_line(output: &[u8]) -> Option<String> {
    let output = String::from_utf8_lossy(output);
    output.lines().map(str::trim).rfind(|line| !line.is_empty()).map(str::to_owned)
}

/// Builds the module, and gives the digest of its rules.
fn compile(top: &Path, target_folder: &Path) -> Result<String, String> {
    let mut cargo = Command::new(variable("CARGO")?);
    cargo
        .args(RECIPE.split_whitespace())
        .args(["--message-format", "json-render-diagnostics", "--target-dir"])
        .arg(target_folder)
        .current_dir(top);
    for name in FOREIGN {
        cargo.env_remove(name);
    }
    // the compiler whose target was looked for; flags that are set here win over those of the user's configuration
    cargo.env("RUSTC", variable("RUSTC")?).env("CARGO_ENCODED_RUSTFLAGS", flags()?);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PROFILE_")
            || text.starts_with("CARGO_FEATURE_")
            || text.starts_with("CARGO_CFG_")
        {
            cargo.env_remove(&name);
        }
    }
    let output =
        cargo.output().map_err(|error| format!("cannot run cargo for the policy module: {error}"))?;
    if output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        return digest(&said)
            .ok_or_else(|| "the build of the policy module names no digest of its rules".to_owned());
    }
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    Err(format!("the policy module does not build: run `cargo {}`", RECIPE.trim()))
}

/// Keeps the place of the registry's sources, which differs between machines, out of the module.
fn flags() -> Result<String, String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).ok_or("there is no home folder")?;
    Ok(format!("--remap-path-prefix={}=", home.join("registry").join("src").display()))
}

/// What the build script of the rules has set, as cargo tells it: `["LATCHKEY_RULES_DIGEST","…"]`.
fn digest(said: &str) -> Option<String> {
    let (_, rest) = said.split_once(r#"["LATCHKEY_RULES_DIGEST",""#)?;
    rest.split_once('"').map(|(digest, _)| digest.to_owned())
}

fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("cargo did not set {name}"))
}
