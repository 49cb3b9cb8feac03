//! Lists of routes in the settings of a server: an entry that no route has the name of closes or opens nothing.

use super::read::read;
use super::{Problem, Settings};
use crate::http::route::Route;
use crate::operations::ROUTES;
use latchkey_contract::json::Json;
use latchkey_contract::nearest::misspelt;

/// Reads the settings of a server, which knows the routes. In strict an entry of a list that is close to one of them is an
/// error; any other that begins with a slash may be a route of the gateway's, which is served elsewhere.
pub(crate) fn read_for_server(config: &Json) -> Result<Settings, Vec<Problem>> {
    let mut settings = read(config)?;
    if !settings.profile.is_strict() {
        return Ok(settings);
    }
    let lists = [
        ("admin_only_routes", settings.admin_only_routes.as_deref().unwrap_or_default()),
        ("allowed_routes", settings.allowed_routes.as_deref().unwrap_or_default()),
        ("public_routes", settings.public_routes.as_slice()),
    ];
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    for (list, entries) in lists {
        for entry in entries.iter().filter(|entry| !is_route(plain(entry))) {
            let problem = |message| Problem { path: format!("general_settings.{list}"), message };
            if let Some(meant) = meant(plain(entry)) {
                problems.push(problem(format!("there is no route `{entry}`, did you mean `{meant}`")));
            } else if !entry.starts_with('/') {
                warnings.push(problem(format!("`{entry}` is no route: it has no effect here")));
            }
        }
    }
    for entry in &settings.public_routes {
        let opened = |route: &&Route| {
            let is_meant = match entry.strip_suffix('*') {
                Some(beginning) => route.path.starts_with(beginning),
                None => route.matches(entry).is_some(),
            };
            route.changes && is_meant
        };
        if let Some(route) = ROUTES.iter().find(opened) {
            let message =
                format!("`{entry}` opens no route that changes something: `{}` needs a key", route.path);
            warnings.push(Problem { path: "general_settings.public_routes".to_owned(), message });
        }
    }
    settings.warnings.extend(warnings);
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

/// The part of an entry that is no pattern.
fn plain(entry: &str) -> &str {
    entry.trim_end_matches(['/', '*'])
}

/// Whether the entry names a route, or the beginning of one.
fn is_route(entry: &str) -> bool {
    let is_of =
        |path: &str| path.strip_prefix(entry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    ROUTES.iter().any(|route| route.matches(entry).is_some() || is_of(route.path))
}

/// The route that a misspelt entry means, which may have a method in front.
fn meant(entry: &str) -> Option<&'static str> {
    let path = entry.rsplit_once(' ').map_or(entry, |(_, path)| path);
    let paths = || ROUTES.iter().map(|route| route.path);
    let meant = misspelt(path, paths()).or_else(|| paths().find(|known| *known == path))?;
    // `/tag/update` is a route of the gateway's, and so is `/health/liveness`
    (first_part(meant).eq_ignore_ascii_case(first_part(path)) && first_part(meant) != "health")
        .then_some(meant)
}

fn first_part(path: &str) -> &str {
    path.trim_start_matches('/').split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    /// What is wrong, and what is told, about a list with this entry.
    fn judged(list: &str, entry: &str) -> (Vec<String>, usize) {
        let general = Json::Dict(vec![
            ("master_key".into(), "sk-0123456789abcdef".into()),
            (list.to_owned().into(), Json::List(vec![entry.into()])),
        ]);
        match read_for_server(&dict! { "general_settings" => general }) {
            Ok(settings) => (Vec::new(), settings.warnings.len()),
            Err(problems) => (problems.into_iter().map(|problem| problem.message).collect(), 0),
        }
    }

    #[test]
    fn an_entry_that_is_close_to_a_route_is_an_error() {
        for (entry, meant) in [
            ("/key/genrate", "/key/generate"),
            ("key/generate", "/key/generate"),
            ("POST /key/generate", "/key/generate"),
            ("/KEY/GENERATE", "/key/generate"),
        ] {
            let line = format!("there is no route `{entry}`, did you mean `{meant}`");
            assert_eq!(judged("admin_only_routes", entry), (vec![line], 0));
        }
        for entry in
            ["/key/info", "/chat/completions", "/health/liveness", "/audio/*", "/tag/update", "/tag/delete"]
        {
            assert_eq!(judged("public_routes", entry), (vec![], 0), "{entry}");
        }
        for entry in ["/key/generate/", "/key/*", "/key/{key}/regenerate"] {
            assert_eq!(judged("admin_only_routes", entry), (vec![], 0), "{entry}");
        }
        assert_eq!(judged("allowed_routes", "management_routes"), (vec![], 1));
    }

    #[test]
    fn a_public_route_that_would_change_something_is_told_of() {
        for entry in ["/key/*", "/user/new", "/*", "/key/{key}/regenerate"] {
            assert_eq!(judged("public_routes", entry), (vec![], 1), "{entry}");
        }
    }
}
