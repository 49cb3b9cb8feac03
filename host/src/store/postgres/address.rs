//! The URL of a PostgreSQL database, as libpq, Prisma and so LiteLLM write it.

use super::tls::{Trust, connector};
use percent_encoding::percent_decode_str;
use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connections at one time where the URL does not say.
const CONNECTIONS: usize = 16;

/// How long connecting may take where the URL does not say.
const CONNECT: Duration = Duration::from_secs(2);

/// How long sent data may stay without an answer of the other machine.
const UNHEARD: Duration = Duration::from_secs(5);

/// LiteLLM's schema where the URL does not say.
const SCHEMA: &str = "public";

/// How long a connection may be silent before the other machine is asked whether it is there.
const SILENT: Duration = Duration::from_secs(10);

/// Options of Prisma's that have no meaning here.
const PASSED_OVER: [&str; 5] = [
    "pool_timeout",
    "socket_timeout",
    "statement_cache_size",
    "single_use_connections",
    "max_idle_connection_lifetime",
];

/// Options of libpq that the library reads.
const KEPT: [&str; 18] = [
    "user",
    "password",
    "dbname",
    "options",
    "application_name",
    "sslnegotiation",
    "host",
    "hostaddr",
    "port",
    "connect_timeout",
    "tcp_user_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "target_session_attrs",
    "channel_binding",
    "load_balance_hosts",
];

/// Where a database is, how to connect to it, and which schema of it holds LiteLLM's tables.
#[derive(Clone, PartialEq)]
pub struct Address {
    pub(super) config: Config,
    pub(super) trust: Trust,
    /// The schema of LiteLLM's tables.
    pub(super) schema: String,
    /// Connections at one time.
    pub(super) connections: usize,
    shown: String,
}

impl Address {
    /// Reads a URL. It may have the options of libpq and those of Prisma; one that neither knows is refused.
    pub fn parse(url: &str) -> Result<Self, String> {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let authority = place.split_once("://").map_or(place, |(_, rest)| rest);
        // a `?` or `@` in a password ends it, and what follows would be shown as the name of an option or a host
        if query.contains('@') || authority.matches('@').count() > 1 {
            return Err(
                "the database's URL has a `?` or `@` in its user name or password: write them `%3F` and `%40`"
                    .to_owned(),
            );
        }
        let name = authority.split_once('/').map_or("", |(_, name)| name);
        if name.contains('@') {
            return Err("the database's URL has a `/` in its password: write it `%2F`".to_owned());
        }
        if name.contains(|c: char| c.is_whitespace() || ";=".contains(c)) {
            return Err(
                "the database's URL has options after the database's name: they begin with `?`, and `&` \
                        stands between them"
                    .to_owned(),
            );
        }
        let mut options = Options::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            options.take(pair)?;
        }
        let unusable = |error: &dyn std::fmt::Display| format!("the database's URL cannot be used: {error}");
        let (reduced, port) = if options.names_host { without_host(place) } else { (place.to_owned(), None) };
        if let Some(port) = port.filter(|_| !options.kept.iter().any(|pair| pair.starts_with("port="))) {
            options.kept.push(format!("port={port}"));
        }
        let url = format!("{reduced}?{}", options.kept.join("&"));
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| unusable(&error))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNHEARD);
        }
        if !options.kept.iter().any(|pair| pair.starts_with("keepalives_idle=")) {
            config.keepalives_idle(SILENT);
        }
        if config.get_application_name().is_none() {
            config.application_name("latchkey");
        }
        let trust = options.trust()?;
        config.ssl_mode(match options.sslmode.as_deref() {
            Some("disable") => SslMode::Disable,
            None | Some("allow" | "prefer") => SslMode::Prefer,
            Some(_) => SslMode::Require,
        });
        Ok(Self {
            config,
            trust,
            schema: options.schema.unwrap_or_else(|| SCHEMA.to_owned()),
            connections: options.connections.unwrap_or(CONNECTIONS),
            shown: shown(place),
        })
    }

    /// The schema of Latchkey's own tables. Prisma drops what it finds in LiteLLM's schema and does not know.
    pub(super) fn own_schema(&self) -> String {
        if self.schema == SCHEMA { "latchkey".to_owned() } else { format!("latchkey_{}", self.schema) }
    }

    /// Where LiteLLM's tables are: what tells one store from another, without user and password.
    pub(in crate::store) fn place(&self) -> String {
        let hosts: Vec<String> = self
            .config
            .get_hosts()
            .iter()
            .map(|host| match host {
                Host::Tcp(name) => name.clone(),
                Host::Unix(folder) => folder.display().to_string(),
            })
            .collect();
        let ports: Vec<String> = self.config.get_ports().iter().map(u16::to_string).collect();
        let name = self.config.get_dbname().or(self.config.get_user()).unwrap_or_default();
        format!("postgresql://{}:{}/{name}?schema={}", hosts.join(","), ports.join(","), self.schema)
    }

    /// What makes a connection secure.
    pub(super) fn tls(&self) -> Result<MakeRustlsConnect, String> {
        connector(&self.trust)
    }
}

/// Without user, password and options.
impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Address({self})")
    }
}

#[derive(Default)]
struct Options {
    /// What the library reads itself.
    kept: Vec<String>,
    names_host: bool,
    schema: Option<String>,
    connections: Option<usize>,
    sslmode: Option<String>,
    root: Option<PathBuf>,
    strict: bool,
}

impl Options {
    fn take(&mut self, pair: &str) -> Result<(), String> {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let text = percent_decode_str(value).decode_utf8_lossy().into_owned();
        let unfit = || format!("the database's URL has an unusable value for `{name}`");
        match name {
            "schema" => self.schema = Some(text).filter(|schema| !schema.is_empty()),
            "connection_limit" => {
                let limit = text.parse().ok().filter(|limit| *limit > 0);
                self.connections = Some(limit.ok_or_else(unfit)?);
            }
            "sslmode" => {
                let modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
                self.sslmode = Some(text).filter(|mode| modes.contains(&mode.as_str()));
                if self.sslmode.is_none() {
                    return Err(unfit());
                }
            }
            // Prisma calls the certificate of the authority `sslcert`
            "sslrootcert" | "sslcert" => self.root = Some(PathBuf::from(text)).filter(|_| value != "system"),
            "sslaccept" => self.strict = text == "strict",
            // such a pool gives each transaction another connection, and what one is set up with holds for others
            "pgbouncer" if text == "true" => {
                return Err("a pool of connections in transaction mode (`pgbouncer=true`) cannot be used: \
                            name the database itself, or a pool in session mode without this option"
                    .to_owned());
            }
            "pgbouncer" => {}
            _ if PASSED_OVER.contains(&name) => {}
            _ if KEPT.contains(&name) => {
                self.names_host |= name == "host";
                self.kept.push(pair.to_owned());
            }
            _ => {
                return Err(format!(
                    "the database's URL has an option that is not known: the known ones are {}",
                    KEPT.join(", ")
                ));
            }
        }
        Ok(())
    }

    /// As libpq has it: without `verify-` a certificate is asked for nothing, unless its authority is named.
    fn trust(&self) -> Result<Trust, String> {
        let root = self.root.clone();
        Ok(match self.sslmode.as_deref() {
            Some("verify-full") => Trust::Full(root),
            _ if self.strict => Trust::Full(root),
            Some("verify-ca") => Trust::Authority(root),
            Some("require") if root.is_some() => Trust::Authority(root),
            _ => Trust::Anyone,
        })
    }
}

/// `postgresql://user@host:port/name` as `postgresql://user@/name`, and the port.
fn without_host(place: &str) -> (String, Option<&str>) {
    let (scheme, rest) = place.split_once("://").unwrap_or(("postgresql", place));
    let (authority, name) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, host) =
        authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let port = host.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.is_empty());
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    (format!("{scheme}://{user}/{name}"), port)
}

fn shown(place: &str) -> String {
    let rest = place.split_once("://").map_or(place, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    format!("postgresql://{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_prisma_are_understood_and_misspelt_ones_refused() {
        let url = "postgresql://u:p%40@h:6432/d?schema=lite%20llm&connection_limit=5&pool_timeout=20&pgbouncer=false&connect_timeout=9";
        let address = Address::parse(url).unwrap();
        assert_eq!((address.schema.as_str(), address.connections), ("lite llm", 5));
        assert_eq!(address.own_schema(), "latchkey_lite llm");
        assert_eq!(address.config.get_connect_timeout(), Some(&Duration::from_secs(9)));
        assert_eq!(address.config.get_password(), Some(b"p@".as_slice()));
        assert_eq!(address.to_string(), "postgresql://h:6432/d");
        assert_eq!(Address::parse("postgres://h/d").unwrap().own_schema(), "latchkey");
        for url in [
            "postgres://h/d?shcema=x",
            "postgresql://h/d;password=SECRET",
            "postgresql://u@h/d password=SECRET",
            "postgres://h/d?sslmode=x",
            "postgres://h/d?connection_limit=0",
            "postgres://h/d?pgbouncer=true",
        ] {
            assert!(Address::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_socket_named_as_an_option_takes_the_place_of_the_host() {
        let address = Address::parse("postgresql://u@localhost:6432/d?host=/run/pg").unwrap();
        assert_eq!(address.config.get_hosts(), [Host::Unix("/run/pg".into())]);
        assert_eq!((address.config.get_user(), address.config.get_ports()), (Some("u"), &[6432][..]));
        assert_eq!(Address::parse("postgresql:///d?host=/a&port=7").unwrap().config.get_ports(), [7]);
    }

    #[test]
    fn two_stores_are_told_apart_by_where_their_tables_are() {
        let place = |url: &str| Address::parse(url).unwrap().place();
        assert_eq!(place("postgres://a:x@h/d"), place("postgresql://b@h/d?sslmode=require"));
        let others =
            ["postgres:///d?host=/a", "postgres:///d?host=/b", "postgres://h/d?schema=x", "postgres://h/e"];
        let mut places: Vec<String> = others.into_iter().map(place).collect();
        places.push(place("postgres://h/d"));
        places.sort();
        places.dedup();
        assert_eq!(places.len(), others.len() + 1, "{places:?}");
    }

    #[test]
    fn how_much_a_certificate_must_prove_is_as_in_libpq() {
        let trust = |options: &str| {
            let address = Address::parse(&format!("postgres://h/d?{options}")).unwrap();
            (address.config.get_ssl_mode(), address.trust)
        };
        let root = || Some(PathBuf::from("/ca.pem"));
        assert_eq!(trust(""), (SslMode::Prefer, Trust::Anyone));
        assert_eq!(trust("sslmode=disable").0, SslMode::Disable);
        assert_eq!(trust("sslmode=require"), (SslMode::Require, Trust::Anyone));
        assert_eq!(trust("sslmode=require&sslrootcert=/ca.pem").1, Trust::Authority(root()));
        assert_eq!(trust("sslmode=require&sslaccept=strict").1, Trust::Full(None));
        assert_eq!(
            trust("sslmode=verify-ca&sslrootcert=/ca.pem"),
            (SslMode::Require, Trust::Authority(root()))
        );
        assert_eq!(trust("sslmode=verify-full").1, Trust::Full(None));
        assert_eq!(trust("sslmode=verify-full&sslrootcert=system").1, Trust::Full(None));
    }
}
