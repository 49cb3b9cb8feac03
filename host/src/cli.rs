//! The command line.

use crate::{check, doctor, migrate, start};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::LazyLock;

static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (rules {})", env!("CARGO_PKG_VERSION"), latchkey_core::RULES_DIGEST));

const EXAMPLES: &str = "Examples:
  latchkey                                     serve on 127.0.0.1:4000, SQLite in the working directory
  latchkey --config config.yaml                serve with LiteLLM's configuration
  latchkey serve --host 0.0.0.0 --port 8080 --db /var/lib/latchkey/keys.sqlite3
  latchkey serve --db os.environ/KEYS_URL      KEYS_URL=postgresql://user:password@host/litellm
  latchkey check request.json                  would this request be allowed?

Environment: LITELLM_MASTER_KEY and DATABASE_URL count where neither the command line nor the configuration says otherwise;
LATCHKEY_LOG is error, warn, info (the default), debug or off.";

const CHECK: &str = "FILE holds the input of a check as JSON:
  {\"operation\": \"key_generate\", \"request\": {\"duration\": \"30d\"},
   \"caller\": {\"user_role\": \"internal_user\", \"user_id\": \"u1\"}, \"settings\": {}}
\"now\" (milliseconds since 1970 UTC) is the clock's unless the input has it.

Exit code: 0 allowed, 1 refused, 2 unusable input.";

const DOCTOR: &str = "Exit code: 0 a host can work with the database, 1 it cannot, 2 it cannot be looked at.";

const MIGRATE: &str = "Stop the hosts on the source first: what they change after the beginning stays behind.
A migration that broke off goes on when it is run again; until it has finished no host
starts on the target. At the end both sides are compared, by count and digest of each table.

Example:
  latchkey migrate-store --from sqlite:latchkey.sqlite3 --to os.environ/DATABASE_URL";

/// Issues and manages the virtual keys of an LLM gateway.
#[derive(Debug, Parser)]
#[command(name = "latchkey", version = VERSION.as_str(), after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the key-management API (the default)
    #[command(after_help = EXAMPLES)]
    Serve(Serve),
    /// Print the verdict on a request read from a file, offline
    #[command(after_help = CHECK)]
    Check(Check),
    /// Look at a database: what a start would make in it, and what is wrong with its rows; changes nothing
    #[command(after_help = DOCTOR)]
    Doctor(Doctor),
    /// Copy all rows of one database into another, empty one
    #[command(after_help = MIGRATE)]
    MigrateStore(Migrate),
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// LiteLLM's config.yaml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: String,
    /// The port to listen on
    #[arg(long, value_name = "PORT", default_value_t = 4000)]
    pub port: u16,
    /// The database, or `os.environ/NAME` [default: latchkey.sqlite3]
    #[arg(long, value_name = "PATH-or-URL")]
    pub db: Option<String>,
}

/// What to check.
#[derive(Debug, Clone, Args)]
pub struct Check {
    /// The input as JSON; `-` reads it from standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// LiteLLM's config.yaml, where the input has no `settings`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What to look at.
#[derive(Debug, Clone, Args)]
pub struct Doctor {
    /// The database [default: what `serve` would take]
    #[arg(long, value_name = "PATH-or-URL")]
    pub db: Option<String>,
    /// LiteLLM's config.yaml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What to migrate.
#[derive(Debug, Clone, Args)]
pub struct Migrate {
    /// The database to read, or `os.environ/NAME`
    #[arg(long, value_name = "PATH-or-URL")]
    pub from: String,
    /// The database to fill, or `os.environ/NAME`
    #[arg(long, value_name = "PATH-or-URL")]
    pub to: String,
    /// Columns, `table.column`, whose values may stay behind
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub without: Vec<String>,
}

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Check(arguments)) => return check::run(&arguments),
        Some(Command::Doctor(arguments)) => return doctor::run(&arguments),
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
