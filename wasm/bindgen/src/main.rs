//! Writes the JavaScript that carries strings into and out of the browser build: `latchkey-bindgen MODULE FOLDER`.
//!
//! It is wasm-bindgen's own generator as a library, so that the lock file pins it to the version of the attribute macros.

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder] = arguments.as_slice() else {
        eprintln!("usage: latchkey-bindgen MODULE FOLDER");
        return ExitCode::from(2);
    };
    match write(module, folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

/// Writes `latchkey_bg.js`, its types and `latchkey_bg.wasm`. The target `bundler` leaves it to the caller to instantiate the
/// module, which the package does in its own way on each runtime.
fn write(module: &str, folder: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut bindgen = Bindgen::new();
    bindgen
        .bundler(true)?
        .typescript(true)
        .out_name("latchkey")
        .remove_name_section(true)
        .remove_producers_section(true)
        .input_path(module);
    Ok(bindgen.generate(folder)?)
}
