//! Arguments of LiteLLM's command line, so that a command that starts LiteLLM starts Latchkey. Those without a meaning here are
//! named in one line; those that would change what is served, or where, are refused.

use clap::{ArgAction, Args};

/// What becomes of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It means nothing here.
    WithoutMeaning,
    /// What is asked for cannot be had.
    Refused(&'static str),
}

macro_rules! arguments {
    (
        flags { $($flag:ident: $flag_standing:expr,)+ }
        values { $($value:ident: $value_standing:expr,)+ }
    ) => {
        /// LiteLLM's arguments; `--help` does not show them.
        #[derive(Debug, Clone, Default, Args)]
        #[allow(missing_docs, reason = "the names are LiteLLM's")]
        pub struct LitellmArguments {
            $(#[arg(long = stringify!($flag), hide = true, action = ArgAction::SetTrue)]
            $flag: bool,)+
            $(#[arg(long = stringify!($value), hide = true, value_name = "VALUE", allow_hyphen_values = true)]
            $value: Option<String>,)+
            #[arg(short = 'm', hide = true, value_name = "VALUE")]
            m: Option<String>,
        }

        impl LitellmArguments {
            /// Those that are given, with what becomes of them.
            fn given(&self) -> Vec<(&'static str, Standing)> {
                let mut given = Vec::new();
                $(if self.$flag {
                    given.push((concat!("--", stringify!($flag)), $flag_standing));
                })+
                $(if self.$value.is_some() {
                    given.push((concat!("--", stringify!($value)), $value_standing));
                })+
                if self.m.is_some() {
                    given.push(("-m", WithoutMeaning));
                }
                given
            }
        }
    };
}

use Standing::{Refused, WithoutMeaning};

const TLS: Standing = Refused(
    "Latchkey serves plain HTTP: end TLS in front of it, or callers' keys would cross the network unencrypted",
);
const TOKENS: Standing = Refused("a password is needed: name it in the database's URL");
const NO_SERVER: Standing =
    Refused("it asks for something else than a server; tables are made when the server starts");

arguments! {
    flags {
        debug: WithoutMeaning,
        detailed_debug: WithoutMeaning,
        save: WithoutMeaning,
        use_queue: WithoutMeaning,
        drop_params: WithoutMeaning,
        add_function_to_prompt: WithoutMeaning,
        local: WithoutMeaning,
        run_gunicorn: WithoutMeaning,
        run_hypercorn: WithoutMeaning,
        run_granian: WithoutMeaning,
        use_prisma_db_push: WithoutMeaning,
        use_prisma_migrate: WithoutMeaning,
        enforce_prisma_migration_check: WithoutMeaning,
        use_v2_migration_resolver: WithoutMeaning,
        use_legacy_migration_resolver: WithoutMeaning,
        reload: WithoutMeaning,
        iam_token_db_auth: TOKENS,
        azure_postgresql_auth: TOKENS,
        setup: NO_SERVER,
        health: Refused("`latchkey health` asks a server whether it works"),
        test: NO_SERVER,
        test_async: NO_SERVER,
        skip_server_startup: NO_SERVER,
        validate_config: NO_SERVER,
        check_migrations_against_existing_data: NO_SERVER,
    }
    values {
        num_workers: WithoutMeaning,
        granian_threads: WithoutMeaning,
        api_base: WithoutMeaning,
        api_version: WithoutMeaning,
        model: WithoutMeaning,
        alias: WithoutMeaning,
        add_key: WithoutMeaning,
        headers: WithoutMeaning,
        temperature: WithoutMeaning,
        max_tokens: WithoutMeaning,
        request_timeout: WithoutMeaning,
        max_budget: WithoutMeaning,
        telemetry: WithoutMeaning,
        log_config: WithoutMeaning,
        num_requests: WithoutMeaning,
        keepalive_timeout: WithoutMeaning,
        timeout_worker_healthcheck: WithoutMeaning,
        max_requests_before_restart: WithoutMeaning,
        max_requests_before_restart_jitter: WithoutMeaning,
        limit_concurrency: WithoutMeaning,
        ssl_keyfile_path: TLS,
        ssl_certfile_path: TLS,
        ciphers: TLS,
        prometheus_metrics_port: Refused("Latchkey has no second port"),
    }
}

impl LitellmArguments {
    /// The line that names those without a meaning, if there are such; an error where one is refused.
    pub fn judge(&self) -> Result<Option<String>, String> {
        let given = self.given();
        let refused = given.iter().find_map(|(name, standing)| match standing {
            Refused(why) => Some(format!("`{name}` is not supported: {why}")),
            WithoutMeaning => None,
        });
        match refused {
            Some(why) => Err(why),
            None if given.is_empty() => Ok(None),
            None => {
                let names: Vec<String> = given.iter().map(|(name, _)| format!("`{name}`")).collect();
                Ok(Some(format!("arguments of LiteLLM's that mean nothing here: {}", names.join(", "))))
            }
        }
    }
}
