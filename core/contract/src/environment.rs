//! Variables of the environment: how settings name one, and those that a server reads.

use crate::nearest::{is_near, misspelt};

/// The prefix of a value that refers to an environment variable.
pub const FROM_ENVIRONMENT: &str = "os.environ/";

/// Variables of the environment that say where the rows are and who may do everything.
const VARIABLES: &[&str] = &[
    "DATABASE_HOST",
    "DATABASE_NAME",
    "DATABASE_PASSWORD",
    "DATABASE_PORT",
    "DATABASE_SCHEMA",
    "DATABASE_SSLMODE",
    "DATABASE_SSLROOTCERT",
    "DATABASE_URL",
    "DATABASE_USER",
    "DATABASE_USERNAME",
    "LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS",
    "LITELLM_KEY_ROTATION_ENABLED",
    "LITELLM_KEY_ROTATION_GRACE_PERIOD",
    "LITELLM_KEY_ROTATION_LOCK_TTL_SECONDS",
    "LITELLM_MASTER_KEY",
    "SERVER_ROOT_PATH",
];

/// The variable that `name` is a misspelling of, of those that the server reads.
pub fn misspelt_variable(name: &str) -> Option<&'static str> {
    // programs have many variables, of which some are a little like these
    misspelt(name, VARIABLES.iter().copied()).filter(|meant| is_near(name, meant))
}
