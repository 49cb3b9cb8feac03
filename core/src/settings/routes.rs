//! Lists of routes in the settings: an entry that no route has the name of closes or opens nothing.

use super::section::Section;
use crate::nearest::misspelt;
use crate::operations::ROUTES;

/// A route of LiteLLM's that is served elsewhere and close to one that is served here.
const OF_THE_GATEWAY: &str = "/health/liveness";

/// The list `name`. In strict an entry that is close to a route here is a misspelling of it; any other that begins with a
/// slash may be a route of the gateway's, which is served elsewhere.
pub(super) fn read(general: &Section<'_>, name: &str, strict: bool) -> Option<Vec<String>> {
    let entries = general.texts(name)?;
    let patterns = || ROUTES.iter().map(|route| route.path);
    for entry in entries.iter().filter(|_| strict) {
        let plain = entry.trim_end_matches(['/', '*']);
        let is_route = ROUTES.iter().any(|route| route.matches(plain).is_some());
        if plain == OF_THE_GATEWAY || is_route || patterns().any(|path| is_of(path, plain)) {
            continue;
        }
        let word = plain.rsplit_once(' ').map_or(plain, |(_, path)| path);
        if let Some(meant) = misspelt(word, patterns()).or_else(|| patterns().find(|path| *path == word)) {
            general.complain(name, format!("there is no route `{entry}`, did you mean `{meant}`"));
        } else if !entry.starts_with('/') {
            general.warn(name, format!("`{entry}` is no route: it has no effect here"));
        }
    }
    Some(entries)
}

/// Whether the entry names the route, or the beginning of it.
fn is_of(path: &str, entry: &str) -> bool {
    path.strip_prefix(entry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
