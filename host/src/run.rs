//! The program: does what the command line says.

use crate::cli::{Cli, Command};
use crate::{check, doctor, health, migrate, start};
use clap::Parser as _;
use std::process::ExitCode;

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Check(arguments)) => return check::run(&arguments),
        Some(Command::Doctor(arguments)) => return doctor::run(&arguments),
        Some(Command::Health(arguments)) => return health::run(&arguments),
        Some(Command::MigrateStore(arguments)) => migrate::run(&arguments),
        Some(Command::Serve(arguments)) => start::run(&arguments),
        None => start::run(&cli.serve),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latchkey: {error}");
            ExitCode::FAILURE
        }
    }
}
