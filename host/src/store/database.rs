//! Which store the settings name.

use super::postgres::Address;
use std::path::{Path, PathBuf};

/// Where the rows are.
#[derive(Clone, PartialEq)]
pub enum Database {
    /// A file of SQLite.
    File(PathBuf),
    /// A PostgreSQL database.
    Server(Box<Address>),
}

impl Database {
    /// The database that `named` names: the path of a file, or a URL of `sqlite:`, `file:` or `postgresql://`.
    pub fn named(named: &str) -> Result<Self, String> {
        if ["postgres://", "postgresql://"].iter().any(|scheme| named.starts_with(scheme)) {
            return Address::parse(named).map(Box::new).map(Self::Server);
        }
        if let Some((scheme, _)) = named.split_once("://").filter(|(scheme, _)| *scheme != "sqlite") {
            return Err(format!("no store for `{scheme}://`: name a file or a `postgresql://` database"));
        }
        let path = ["sqlite://", "sqlite:", "file:"].iter().find_map(|scheme| named.strip_prefix(scheme));
        match path.unwrap_or(named) {
            "" => Err("the database has no name".to_owned()),
            ":memory:" => Err("a database in memory would keep no key: name a file".to_owned()),
            path => Ok(Self::File(path.into())),
        }
    }

    /// What tells one database from another, however it is named; without user and password.
    pub fn place(&self) -> String {
        match self {
            Self::File(path) => {
                std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()).display().to_string()
            }
            Self::Server(address) => address.place(),
        }
    }

    /// The folder of a file.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::File(path) => path.parent(),
            Self::Server(_) => None,
        }
    }
}

/// For people: a server without user, password and options.
impl std::fmt::Display for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(address) => address.fmt(f),
        }
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_or_a_url_names_the_database() {
        for named in ["x.db", "sqlite:x.db", "sqlite://x.db", "file:x.db"] {
            assert_eq!(Database::named(named).unwrap(), Database::File("x.db".into()));
        }
        assert!(matches!(Database::named("postgres://h/d").unwrap(), Database::Server(_)));
        assert!(Database::named("mysql://h/d").unwrap_err().contains("`mysql://`"));
        assert!(Database::named("sqlite:").is_err());
        assert!(Database::named("sqlite::memory:").unwrap_err().contains("in memory"));
    }

    #[test]
    fn what_is_shown_of_a_server_holds_no_password() {
        for url in ["postgresql://user:SECRET@h:1/d?sslmode=disable", "postgresql://h/d?password=SECRET"] {
            let database = Database::named(url).unwrap();
            let shown = format!("{database} {database:?}");
            assert!(shown.contains("/d") && !shown.contains("SECRET"), "{shown}");
        }
    }
}
