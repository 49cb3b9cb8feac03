//! Packs recorded answers into this project: `cargo run -p latchkey-tests --bin pack-corpus DIR`.
//!
//! Takes every `core/*.json`, `fuzz-*.json` and `vectors-*.jsonl` of DIR and writes it, compressed, to the same place in
//! `tests/corpus`. Files that DIR does not have stay as they are.

use latchkey_tests::corpus::{list, own_folder};
use std::path::Path;
use std::process::ExitCode;

/// The slowest and smallest of zstd's usual levels: packing is rare.
const LEVEL: i32 = 19;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: pack-corpus DIR");
        return ExitCode::FAILURE;
    };
    match pack(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn pack(folder: &Path) -> Result<(), String> {
    for (name, path) in list(folder)? {
        let mut text = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if path.extension().is_some_and(|extension| extension == "zst") {
            text =
                zstd::decode_all(text.as_slice()).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        let packed = zstd::encode_all(text.as_slice(), LEVEL).map_err(|error| error.to_string())?;
        let target = own_folder().join(format!("{name}.zst"));
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent).map_err(|error| error.to_string())?;
        }
        std::fs::write(&target, &packed).map_err(|error| format!("{}: {error}", target.display()))?;
        println!("{name}: {} -> {} bytes", text.len(), packed.len());
    }
    Ok(())
}
