//! Where the server listens: the command line before the environment, which containers set.

use crate::cli::Serve;
use crate::settings::Environment;
use crate::settings::environment::said;
use std::net::IpAddr;

/// The address without another setting.
const HOST: &str = "127.0.0.1";

/// The port without another setting.
const PORT: u16 = 4000;

/// Variables by which LiteLLM serves TLS.
const TLS: [&str; 2] = ["SSL_KEYFILE_PATH", "SSL_CERTFILE_PATH"];

/// Where the server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// An address or the name of one.
    pub host: String,
    /// The port; 0 leaves the choice to the system.
    pub port: u16,
    /// What the operator should know of it.
    pub warning: Option<String>,
}

impl Listen {
    /// What the command line says, or else the environment.
    pub fn of(host: Option<&str>, port: Option<u16>, environment: Environment<'_>) -> Result<Self, String> {
        let (host, warning) = match host {
            Some(host) => (host.to_owned(), None),
            None => by_variable(said(environment, "HOST").as_deref()),
        };
        let port = match (port, said(environment, "PORT")) {
            (Some(port), _) => port,
            (None, Some(text)) => {
                text.parse().map_err(|_| format!("the variable `PORT` is `{text}`, which is no port"))?
            }
            (None, None) => PORT,
        };
        Ok(Self { host, port, warning })
    }

    /// The same for a server, whose TLS would be missed.
    pub fn of_server(arguments: &Serve, environment: Environment<'_>) -> Result<Self, String> {
        if let Some(variable) = TLS.iter().find(|variable| said(environment, variable).is_some()) {
            return Err(format!(
                "`{variable}` is not supported: Latchkey serves plain HTTP, end TLS in front of it and unset the variable"
            ));
        }
        Self::of(arguments.host.as_deref(), arguments.port, environment)
    }

    /// The address of the server for somebody on this machine.
    pub fn url(&self) -> String {
        let host = match self.host.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) if address.is_unspecified() => HOST.to_owned(),
            Ok(IpAddr::V6(address)) if address.is_unspecified() => "[::1]".to_owned(),
            Ok(IpAddr::V6(address)) => format!("[{address}]"),
            _ => self.host.clone(),
        };
        format!("http://{host}:{}", self.port)
    }
}

/// Some shells set `HOST` to the machine's name, by which the server would be open to others unasked: of the variable only an
/// address or `localhost` counts.
fn by_variable(host: Option<&str>) -> (String, Option<String>) {
    match host {
        None => (HOST.to_owned(), None),
        Some(host) if host == "localhost" || host.parse::<IpAddr>().is_ok() => (host.to_owned(), None),
        Some(host) => {
            let warning = format!(
                "the variable `HOST` is `{host}`, which is no address, and does not count: name it with `--host`"
            );
            (HOST.to_owned(), Some(warning))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(host: Option<&str>, port: Option<u16>, variables: &[(&str, &str)]) -> Result<Listen, String> {
        let environment = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Listen::of(host, port, &environment)
    }

    #[test]
    fn the_command_line_wins_over_the_environment() {
        let variables = [("HOST", "0.0.0.0"), ("PORT", "8080")];
        let listen = of(None, None, &variables).unwrap();
        assert_eq!((listen.host.as_str(), listen.port), ("0.0.0.0", 8080));
        assert_eq!(listen.url(), "http://127.0.0.1:8080");
        let listen = of(Some("127.0.0.2"), Some(0), &variables).unwrap();
        assert_eq!((listen.host.as_str(), listen.port), ("127.0.0.2", 0));
        let listen = of(None, None, &[("HOST", ""), ("PORT", "")]).unwrap();
        assert_eq!((listen.url().as_str(), listen.warning), ("http://127.0.0.1:4000", None));
        assert_eq!(of(Some("::"), Some(1), &[]).unwrap().url(), "http://[::1]:1");
    }

    #[test]
    fn the_name_of_the_machine_opens_nothing_and_nonsense_is_refused() {
        let listen = of(None, None, &[("HOST", "laptop.example.com")]).unwrap();
        assert_eq!(listen.host, "127.0.0.1");
        assert!(listen.warning.is_some_and(|warning| warning.contains("laptop.example.com")));
        for variables in [[("PORT", "http")], [("PORT", "tcp://10.0.0.1:80")], [("PORT", "70000")]] {
            assert!(of(None, None, &variables).unwrap_err().contains("PORT"));
        }
    }
}
