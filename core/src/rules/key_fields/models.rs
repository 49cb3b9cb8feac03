//! Whether the models of one key are among those of another.

use super::held::{Held, Limits};
use crate::settings::Settings;
use latchkey_contract::order::{Names, sorted};
use latchkey_contract::tables::VirtualKey;

/// Leaves the models of a key to its team.
const ALL_TEAM_MODELS: &str = "all-team-models";

/// Stand for all models.
const EVERYTHING: [&str; 2] = ["*", "all-proxy-models"];

/// Whether `other` names a model, a pattern or a group that the calling key does not.
pub(super) fn exceed(own: &Limits<'_>, other: &Held<'_>) -> bool {
    let left_to_team = is_left_to_team(&own.held.key);
    let same_team = own.held.key.team_id == other.key.team_id;
    if left_to_team && same_team {
        return false;
    }
    // what the team may call is not known
    if left_to_team && own.team_models.is_none() {
        return !own.held.key.models.is_empty();
    }
    let names = handed_on(own);
    if names.is_empty() || names.iter().any(|name| EVERYTHING.contains(&name.as_str())) {
        return false;
    }
    let allowed = Allowed::of(own.settings, &names);
    other.key.models.is_empty() || other.key.models.iter().any(|name| !allowed.has(name))
}

/// The models that a key of another team, or of none, may have at the most; all where there are none.
pub(crate) fn handed_on<'a>(own: &'a Limits<'_>) -> Vec<&'a String> {
    let listed = own.held.key.models.iter().filter(|name| *name != ALL_TEAM_MODELS);
    let of_team = own.team_models.filter(|_| is_left_to_team(&own.held.key)).unwrap_or_default();
    listed.chain(of_team).collect()
}

/// The first of `models` that a team with these `allowed` models may not call; a team that lists none may call all.
pub(crate) fn foreign_to_team<'m>(
    settings: &Settings,
    allowed: &[String],
    models: &'m [String],
) -> Option<&'m String> {
    if allowed.is_empty() || allowed.iter().any(|name| EVERYTHING.contains(&name.as_str())) {
        return None;
    }
    let names: Vec<&String> = allowed.iter().collect();
    let allowed = Allowed::of(settings, &names);
    models.iter().find(|name| *name != ALL_TEAM_MODELS && !allowed.has(name))
}

/// Whether the key leaves its models to its team. One of a team that lists none does.
pub(crate) fn is_left_to_team(key: &VirtualKey) -> bool {
    let lists_none = key.models.is_empty() && key.team_id.is_some();
    lists_none || key.models.iter().any(|name| name == ALL_TEAM_MODELS)
}

/// Names of models, patterns and groups, to be looked up.
struct Allowed<'a> {
    names: Names<'a>,
    prefixes: Prefixes<'a>,
    groups: Names<'a>,
}

impl<'a> Allowed<'a> {
    fn of(settings: &'a Settings, names: &[&'a String]) -> Self {
        let listed = Names::of(names.iter().copied());
        let models = settings.models.iter();
        let in_group =
            models.clone().filter(|model| model.access_groups.iter().any(|group| listed.contains(group)));
        let known: Vec<&String> = in_group.map(|model| &model.name).chain(names.iter().copied()).collect();
        Self {
            prefixes: Prefixes::of(known.iter().filter_map(|name| prefix(name)).collect()),
            names: Names::of(known.into_iter()),
            groups: Names::of(models.flat_map(|model| &model.access_groups)),
        }
    }

    /// Whether `name` is one of the names, or a model that one of the patterns stands for. A group is more than its name.
    fn has(&self, name: &str) -> bool {
        if self.names.contains(name) {
            return name != ALL_TEAM_MODELS;
        }
        let is_special = self.groups.contains(name) || name == ALL_TEAM_MODELS || EVERYTHING.contains(&name);
        !is_special && self.prefixes.begin(name)
    }
}

/// Beginnings of names, none of which begins with another.
struct Prefixes<'a>(Vec<&'a str>);

impl<'a> Prefixes<'a> {
    fn of(prefixes: Vec<&'a str>) -> Self {
        let mut kept: Vec<&str> = Vec::with_capacity(prefixes.len());
        for prefix in sorted(prefixes, Ord::cmp) {
            if !kept.last().is_some_and(|last| prefix.starts_with(last)) {
                kept.push(prefix);
            }
        }
        Self(kept)
    }

    /// Whether `name` begins with one of them: that is the last one that is not behind it.
    fn begin(&self, name: &str) -> bool {
        let behind = self.0.partition_point(|prefix| *prefix <= name);
        behind.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|prefix| name.starts_with(prefix))
    }
}

/// What a pattern begins with that stands for all that begins so. Patterns with a star elsewhere hand on only themselves.
fn prefix(name: &str) -> Option<&str> {
    name.strip_suffix('*').filter(|prefix| !prefix.contains('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_begins_with_one_of_the_prefixes_or_does_not() {
        let prefixes = Prefixes::of(vec!["openai/gpt", "openai/", "b", "azure/x"]);
        assert_eq!(prefixes.0, ["azure/x", "b", "openai/"]);
        for name in ["openai/gpt-4", "openai/", "b", "bedrock", "azure/x1"] {
            assert!(prefixes.begin(name), "{name}");
        }
        for name in ["", "a", "azure/", "openai", "c"] {
            assert!(!prefixes.begin(name), "{name}");
        }
    }

    #[test]
    fn a_group_is_more_than_a_name_that_a_pattern_matches() {
        let model = |name: &str, groups: &[&str]| crate::settings::Model {
            name: name.to_owned(),
            access_groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        };
        let settings = Settings {
            models: vec![
                model("gpt-4", &["gold"]),
                model("openai/*", &["open"]),
                model("claude", &["gold-plus"]),
            ],
            ..Settings::default()
        };
        let has = |own: &[&str], name: &str| {
            let own: Vec<String> = own.iter().map(|name| (*name).to_owned()).collect();
            Allowed::of(&settings, &own.iter().collect::<Vec<_>>()).has(name)
        };
        assert!(has(&["gold"], "gpt-4") && has(&["gold"], "gold") && has(&["open"], "openai/o1"));
        assert!(has(&["openai/*"], "openai/gpt-*"));
        assert!(!has(&["gold*"], "gold") && !has(&["gold*"], "gold-plus") && has(&["gold*"], "gold-x"));
        assert!(!has(&["gold"], "claude") && !has(&["g*"], "*") && !has(&["a*b"], "axb"));
    }
}
