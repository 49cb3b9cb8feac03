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

/// Where the name of a database comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// On the command line, where a path names a file.
    CommandLine,
    /// In the configuration or the environment, where only a URL is taken: a text that is none was meant to be one.
    Setting,
}

/// How a database of PostgreSQL is named.
const SERVER: &str = "a database of PostgreSQL is named `postgresql://user:password@host:5432/name`";

/// What the names in libpq's keyword strings are.
const KEYWORDS: &[&str] =
    &["host", "hostaddr", "port", "dbname", "user", "password", "passfile", "service", "sslmode", "options"];

/// What more the names in connection strings of other libraries are (`Host=…;Username=…`).
const CONNECTION_NAMES: &[&str] = &[
    "address",
    "addr",
    "data source",
    "database",
    "datasource",
    "driver",
    "dsn",
    "initial catalog",
    "network address",
    "provider",
    "pwd",
    "server",
    "uid",
    "user id",
    "userid",
    "username",
];

impl Database {
    /// The database that `named` names: a URL of `sqlite:`, `file:` or `postgresql://`, or the path of a file. What is neither
    /// is refused and not repeated, since it may hold a password.
    pub fn named(named: &str, origin: Origin) -> Result<Self, String> {
        if let Some(rest) = ["postgres://", "postgresql://"].iter().find_map(|begin| after(named, begin)) {
            return Address::parse(&format!("postgresql://{rest}")).map(Box::new).map(Self::Server);
        }
        if let Some(path) =
            ["sqlite://", "sqlite:", "file://", "file:"].iter().find_map(|begin| after(named, begin))
        {
            return match path {
                "" => Err("the database has no name".to_owned()),
                _ if path.contains('?') => Err("the URL of a file takes no options".to_owned()),
                _ => Self::file(path),
            };
        }
        let first = named.split(['/', '\\']).next().unwrap_or_default();
        let is_drive = cfg!(windows) && first.len() == 2;
        if let Some((scheme, _)) = first.split_once(':').filter(|_| !is_drive) {
            let is_word = !scheme.is_empty()
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte));
            return Err(match named.split_once("://") {
                Some((whole, _)) if is_word && whole == scheme && !scheme.starts_with("postgres") => {
                    format!("no store for `{scheme}://`: name a file or a `postgresql://` database")
                }
                _ => format!(
                    "the name of the database is no URL that is known: {SERVER}, and a file with a colon in its name `./…`"
                ),
            });
        }
        let is_like_a_url = named.contains("//") || first.to_ascii_lowercase().starts_with("postgres");
        if first.contains('@') || is_like_a_url && named.contains('@') {
            return Err(format!(
                "the name of the database has a user and no `postgresql://` before it: {SERVER}"
            ));
        }
        if named.split_whitespace().any(is_keyword) {
            return Err(format!("keywords (`host=… dbname=…`) are not taken: {SERVER}"));
        }
        if named.split(';').any(is_of_a_connection) {
            return Err(format!(
                "connection strings (`Host=…;Database=…`) are not taken: {SERVER}, and a file of such a name `./…`"
            ));
        }
        match origin {
            Origin::Setting if named.is_empty() => Err("the database has no name".to_owned()),
            Origin::Setting => Err(format!("is no URL: {SERVER}, and a file `sqlite:PATH`")),
            Origin::CommandLine => Self::file(named),
        }
    }

    fn file(path: &str) -> Result<Self, String> {
        match path {
            "" => Err("the database has no name".to_owned()),
            ":memory:" => Err("a database in memory would keep no key: name a file".to_owned()),
            _ if path.chars().any(char::is_control) => {
                Err("the name of the database has a line end or a like character in it".to_owned())
            }
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

/// What follows `begin`, in whatever case it is written.
fn after<'a>(text: &'a str, begin: &str) -> Option<&'a str> {
    let (first, rest) = text.split_at_checked(begin.len())?;
    first.eq_ignore_ascii_case(begin).then_some(rest)
}

/// Whether this is one of libpq's `keyword=value`.
fn is_keyword(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| is_one_of(KEYWORDS, name))
}

/// Whether this is one of the `name=value` in a connection string.
fn is_of_a_connection(part: &str) -> bool {
    part.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim().trim_matches(['"', '\'']);
        is_one_of(KEYWORDS, name) || is_one_of(CONNECTION_NAMES, name)
    })
}

fn is_one_of(known: &[&str], name: &str) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(named: &str) -> Result<Database, String> {
        Database::named(named, Origin::CommandLine)
    }

    #[test]
    fn a_path_or_a_url_names_the_database() {
        for named in ["sqlite:x.db", "sqlite://x.db", "file:x.db", "SQLite:x.db"] {
            assert_eq!(word(named).unwrap(), Database::File("x.db".into()));
            assert_eq!(Database::named(named, Origin::Setting).unwrap(), Database::File("x.db".into()));
        }
        for path in
            ["x.db", "/var/lib/x.db", "./a:b.db", "a=b.db", "sub/c@d", "./server=1.db", "a;b.db", "a=1;b=2"]
        {
            assert_eq!(word(path).unwrap(), Database::File(path.into()));
            assert!(Database::named(path, Origin::Setting).is_err(), "{path}");
        }
        assert_eq!(word("file:///a/x.db").unwrap(), Database::File("/a/x.db".into()));
        assert!(matches!(word("postgres://h/d").unwrap(), Database::Server(_)));
        assert!(matches!(word("PostgreSQL://h/d").unwrap(), Database::Server(_)));
        assert!(word("mysql://h/d").unwrap_err().contains("`mysql://`"));
        assert!(word("sqlite:").is_err());
        assert!(word("sqlite::memory:").unwrap_err().contains("in memory"));
    }

    #[test]
    fn what_was_meant_to_be_a_server_is_no_file_and_is_not_repeated() {
        for named in [
            "host=localhost dbname=x password=SECRET",
            "dbname=SECRET",
            "HOST=localhost PASSWORD=SECRET",
            "Host=localhost;Username=u;Password=SECRET;Database=x",
            "Server=localhost;Database=x;Uid=u;Pwd=SECRET;",
            "Server = localhost ; User Id = u ; Password = SECRET",
            "Data Source=SECRET;Initial Catalog=x",
            "Data Source=SECRET.db",
            "Timeout=3;PWD=SECRET",
            "Server=tcp:h,1433;Password=SECRET",
            "'Host=localhost;Password=SECRET'",
            "user=u password='SECRET with space' host=/run",
            "postgres:/u:SECRET@h/d",
            "postgresql:u:SECRET@h/d",
            "postgres:SECRET@h/d",
            "postgresql//u:SECRET@h/d",
            "postgress://u:SECRET@h/d",
            "u:SECRET@h/d",
            "SECRET@h/d",
            "postgresql+psycopg2://u:SECRET@h/d",
            "jdbc:postgresql://h/d?password=SECRET",
            "postgresql://u:p?SECRET@h/d",
            "postgresql://u:p@SECRET@h/d",
            "postgresql://u:p@h/d?SECRET=1&x",
            "x.db\nSECRET",
            "sqlite:x.db?key=SECRET",
        ] {
            for origin in [Origin::CommandLine, Origin::Setting] {
                let error = Database::named(named, origin).expect_err(named);
                assert!(!error.contains("SECRET"), "{named}: {error}");
            }
        }
    }

    #[test]
    fn what_is_shown_of_a_server_holds_no_password() {
        for url in ["postgresql://user:SECRET@h:1/d?sslmode=disable", "postgresql://h/d?password=SECRET"] {
            let database = word(url).unwrap();
            let shown = format!("{database} {database:?}");
            assert!(shown.contains("/d") && !shown.contains("SECRET"), "{shown}");
        }
    }
}
