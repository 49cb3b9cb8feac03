//! Which database the command line, the configuration or the environment names.

use super::environment::{Environment, is_on, said};
use crate::store::{Database, Origin};
use latchkey_contract::environment::{FROM_ENVIRONMENT, misspelt_variable};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The database where none is named.
const DEFAULT: &str = "latchkey.sqlite3";

/// Variables by which LiteLLM gets a password that lasts for minutes, which is not supported.
const TOKENS: [&str; 2] = ["IAM_TOKEN_DB_AUTH", "AZURE_POSTGRESQL_AUTH"];

/// Parts of a URL that make none alone.
const MORE_PARTS: [&str; 4] =
    ["DATABASE_PORT", "DATABASE_SCHEMA", "DATABASE_SSLMODE", "DATABASE_SSLROOTCERT"];

/// The database that a word of the command line names, or the variable that it names: a password there is for everybody on
/// the machine to see.
pub fn by_word(word: &str, environment: Environment<'_>) -> Result<Database, String> {
    match word.strip_prefix(FROM_ENVIRONMENT) {
        Some(variable) => by_variable(variable, environment),
        None => Database::named(word, Origin::CommandLine),
    }
}

/// The database of a server: the command line's before the configuration's before the environment's.
pub(super) fn choose(
    word: Option<&str>,
    configured: Option<&str>,
    environment: Environment<'_>,
) -> Result<Database, String> {
    if let Some(word) = word {
        return by_word(word, environment);
    }
    if let Some(configured) = configured {
        return match configured.strip_prefix(FROM_ENVIRONMENT) {
            Some(variable) => by_variable(variable, environment),
            None => named(configured, "general_settings.database_url"),
        };
    }
    if let Some(url) = environment("DATABASE_URL") {
        return named(&url, "`DATABASE_URL`");
    }
    match of_parts(environment)? {
        Some(url) => named(&url, "`DATABASE_HOST` and its like"),
        None => {
            none_is_misspelt(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))?;
            Database::named(DEFAULT, Origin::CommandLine)
        }
    }
}

/// Before a file is taken because nothing names a database: no variable is one that should have named it.
fn none_is_misspelt(variables: impl IntoIterator<Item = String>) -> Result<(), String> {
    for name in variables {
        if let Some(meant) = misspelt_variable(&name).filter(|meant| meant.starts_with("DATABASE_")) {
            return Err(format!("the database: there is a variable `{name}`, did you mean `{meant}`"));
        }
    }
    Ok(())
}

fn by_variable(variable: &str, environment: Environment<'_>) -> Result<Database, String> {
    match environment(variable) {
        Some(url) => named(&url, &format!("`{variable}`")),
        None => Err(format!("the database: environment variable `{variable}` is not set")),
    }
}

fn named(url: &str, source: &str) -> Result<Database, String> {
    Database::named(url, Origin::Setting).map_err(|why| format!("{source}: {why}"))
}

/// The URL that LiteLLM makes of the parts of one; none without a host.
fn of_parts(environment: Environment<'_>) -> Result<Option<String>, String> {
    // Kubernetes sets `DATABASE_PORT` to an address where there is a service called `database`
    let part = |name: &str| said(environment, name).filter(|value| !value.starts_with("tcp://"));
    let user = part("DATABASE_USERNAME").or_else(|| part("DATABASE_USER"));
    let (host, name, password) = (part("DATABASE_HOST"), part("DATABASE_NAME"), part("DATABASE_PASSWORD"));
    let is_silent = |more: &[&str]| more.iter().all(|name| part(name).is_none());
    if [&host, &name, &user, &password].iter().all(|part| part.is_none()) && is_silent(&MORE_PARTS) {
        return Ok(None);
    }
    let (Some(host), Some(user), Some(name)) = (&host, &user, &name) else {
        let needed = [("DATABASE_HOST", &host), ("DATABASE_USERNAME", &user), ("DATABASE_NAME", &name)];
        let missing: Vec<String> = needed
            .iter()
            .filter(|(_, value)| value.is_none())
            .map(|(variable, _)| format!("`{variable}`"))
            .collect();
        return Err(format!(
            "the database: {} of its parts in the environment is not set",
            missing.join(", ")
        ));
    };
    if let Some(variable) = TOKENS.iter().find(|variable| part(variable).is_some_and(|value| is_on(&value))) {
        return Err(format!("the database: `{variable}` is not supported, a password is needed"));
    }
    let coded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let password = password.map(|password| format!(":{}", coded(&password))).unwrap_or_default();
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = part("DATABASE_PORT").filter(|_| !has_port).map(|port| format!(":{port}")).unwrap_or_default();
    let mut url = format!("postgresql://{}{password}@{host}{port}/{}", coded(user), coded(name));
    let root = part("DATABASE_SSLROOTCERT");
    // a certificate that is named and not looked at would prove nothing
    let mode = part("DATABASE_SSLMODE").or_else(|| root.as_ref().map(|_| "verify-full".to_owned()));
    let options = [("schema", part("DATABASE_SCHEMA")), ("sslmode", mode), ("sslrootcert", root)];
    let options = options.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    for (number, (name, value)) in options.enumerate() {
        url.push_str(&format!("{}{name}={}", if number == 0 { '?' } else { '&' }, coded(value)));
    }
    Ok(Some(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose_by(variables: &[(&str, &str)]) -> Result<Database, String> {
        let environment = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        choose(None, None, &environment)
    }

    #[test]
    fn the_parts_of_a_url_make_one() {
        let parts = [("DATABASE_HOST", "db"), ("DATABASE_USERNAME", "u@x"), ("DATABASE_NAME", "keys")];
        let with = |more: &[(&'static str, &'static str)]| choose_by(&[&parts[..], more].concat());
        assert_eq!(with(&[]).unwrap().to_string(), "postgresql://db/keys");
        let shown =
            with(&[("DATABASE_PASSWORD", "p/w?#@:%"), ("DATABASE_PORT", "6432")]).unwrap().to_string();
        assert_eq!(shown, "postgresql://db:6432/keys");
        assert_eq!(
            with(&[("DATABASE_SCHEMA", "lite llm")]).unwrap(),
            Database::named("postgresql://u%40x@db/keys?schema=lite%20llm", Origin::Setting).unwrap()
        );
        assert!(with(&[("DATABASE_SSLMODE", "nonsense")]).is_err());
        assert!(with(&[("IAM_TOKEN_DB_AUTH", "True")]).unwrap_err().contains("IAM_TOKEN_DB_AUTH"));
        assert!(with(&[("IAM_TOKEN_DB_AUTH", "false")]).is_ok());
        let user = [("DATABASE_HOST", "db:5433"), ("DATABASE_USER", "u"), ("DATABASE_NAME", "d")];
        assert_eq!(choose_by(&user).unwrap().to_string(), "postgresql://db:5433/d");
    }

    #[test]
    fn parts_that_make_no_url_and_empty_urls_are_no_reason_for_a_file() {
        for variables in [
            &[("DATABASE_HOST", "db")][..],
            &[("DATABASE_HOST", "db"), ("DATABASE_USERNAME", "u")],
            &[("DATABASE_PASSWORD", "SECRET"), ("DATABASE_NAME", "d")],
            &[("DATABASE_SCHEMA", "keys")],
            &[("DATABASE_URL", "")],
            &[("DATABASE_URL", "/var/lib/keys.db")],
            &[("DATABASE_URL", "host=db dbname=d password=SECRET")],
            &[("DATABASE_URL", "mysql://u:SECRET@h/d")],
        ] {
            let error = choose_by(variables).unwrap_err();
            assert!(!error.contains("SECRET") && error.contains("DATABASE"), "{error}");
        }
        assert_eq!(choose_by(&[]).unwrap(), Database::File(DEFAULT.into()));
    }

    #[test]
    fn a_misspelt_variable_is_no_reason_for_a_file() {
        let judged = |name: &str| none_is_misspelt(["PATH".to_owned(), name.to_owned()]);
        assert!(judged("DATABSE_URL").unwrap_err().contains("`DATABASE_URL`"));
        assert!(
            judged("DATABASE_HOSTNAME").is_ok()
                && judged("DATABASE_POOL").is_ok()
                && judged("LITELLM_MASTERKEY").is_ok()
        );
    }
}
