//! The command line.

use crate::litellm_arguments::LitellmArguments;
use clap::{ArgAction, Args, Parser, Subcommand};
use std::path::PathBuf;
use std::sync::LazyLock;

static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (rules {})", env!("CARGO_PKG_VERSION"), env!("LATCHKEY_RULES_DIGEST")));

const EXAMPLES: &str = "Examples:
  latchkey                                     serve on 127.0.0.1:4000, SQLite in the working directory
  latchkey --config config.yaml                serve with LiteLLM's configuration
  latchkey serve --host 0.0.0.0 --port 8080 --db /var/lib/latchkey/keys.sqlite3
  latchkey serve --db os.environ/KEYS_URL      KEYS_URL=postgresql://user:password@host/litellm
  latchkey check request.json                  would this request be allowed?

Environment: LITELLM_MASTER_KEY, DATABASE_URL (or DATABASE_HOST, DATABASE_USERNAME, DATABASE_PASSWORD, DATABASE_NAME),
CONFIG_FILE_PATH, HOST (an address), PORT and SERVER_ROOT_PATH count where neither the command line nor the configuration
says otherwise; LATCHKEY_LOG is error, warn, info (the default), debug or off. Arguments of LiteLLM's are accepted.";

const CHECK: &str = "FILE holds the input of a check as JSON:
  {\"operation\": \"key_generate\", \"request\": {\"duration\": \"30d\"},
   \"caller\": {\"user_role\": \"internal_user\", \"user_id\": \"u1\"}, \"settings\": {}}
\"now\" (milliseconds since 1970 UTC) is the clock's unless the input has it.

Exit code: 0 allowed, 1 refused, 2 unusable input.";

const DOCTOR: &str = "Exit code: 0 a host can work with the database, 1 it cannot, 2 it cannot be looked at.";

const HEALTH: &str = "Without --url it asks the server that HOST and PORT of the environment lead to.

Example, in a Dockerfile:
  HEALTHCHECK CMD [\"latchkey\", \"health\"]

Exit code: 0 the server works, 1 it does not, or does not answer in time.";

const MIGRATE: &str = "Stop the hosts on the source first: what they change after the beginning stays behind.
A migration that broke off goes on when it is run again; until it has finished no host
starts on the target. At the end both sides are compared, by count and digest of each table.

Example:
  latchkey migrate-store --from sqlite:latchkey.sqlite3 --to os.environ/DATABASE_URL";

/// Issues and manages the virtual keys of an LLM gateway.
#[derive(Debug, Parser)]
#[command(name = "latchkey", version = VERSION.as_str(), after_help = EXAMPLES, args_conflicts_with_subcommands = true,
    args_override_self = true, disable_version_flag = true)]
pub(crate) struct Cli {
    /// Print the version
    #[arg(short = 'V', short_alias = 'v', long, action = ArgAction::Version)]
    version: Option<bool>,
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// How to serve, where nothing else is to be done
    #[command(flatten)]
    pub(crate) serve: Serve,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the key-management API (the default)
    #[command(after_help = EXAMPLES)]
    Serve(Box<Serve>),
    /// Print the verdict on a request read from a file, offline
    #[command(after_help = CHECK)]
    Check(Check),
    /// Look at a database: what a start would make in it, and what is wrong with its rows; changes nothing
    #[command(after_help = DOCTOR)]
    Doctor(Doctor),
    /// Ask a running server whether it works
    #[command(after_help = HEALTH)]
    Health(Health),
    /// Copy all rows of one database into another, empty one
    #[command(after_help = MIGRATE)]
    MigrateStore(Migrate),
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// LiteLLM's config.yaml
    #[arg(short = 'c', long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<String>,
    /// The port to listen on [default: 4000]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// The database, or `os.environ/NAME` [default: latchkey.sqlite3]
    #[arg(long, value_name = "PATH-or-URL")]
    pub db: Option<String>,
    /// Arguments of LiteLLM's
    #[command(flatten)]
    pub litellm: LitellmArguments,
}

/// Whom to ask.
#[derive(Debug, Clone, Args)]
pub struct Health {
    /// The server's address
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Seconds to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=300))]
    pub timeout: u16,
}

/// What to check.
#[derive(Debug, Clone, Args)]
pub struct Check {
    /// The input as JSON; `-` reads it from standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// LiteLLM's config.yaml, where the input has no `settings`
    #[arg(short = 'c', long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What to look at.
#[derive(Debug, Clone, Args)]
pub struct Doctor {
    /// The database [default: what `serve` would take]
    #[arg(long, value_name = "PATH-or-URL")]
    pub db: Option<String>,
    /// LiteLLM's config.yaml
    #[arg(short = 'c', long, value_name = "FILE")]
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
