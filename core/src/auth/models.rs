//! Which models may be named in a request.

use super::body::{not_iterable, stumbled, type_name, unhashable};
use crate::context::Context;
use crate::deviations::Hole;
use crate::error::{Code, Kind, Refusal, messages};
use crate::rules::NAME_BYTES;
use crate::settings::Settings;
use latchkey_contract::json::{Json, Name, repr, str_of};
use latchkey_contract::order::Names;
use latchkey_contract::tables::Team;

/// Names of models, patterns and groups that may be called. An empty list allows all models.
pub(super) struct Allowed<'a> {
    models: &'a [String],
    names: Names<'a>,
}

impl<'a> Allowed<'a> {
    /// What the list `models` allows.
    pub(super) fn of(models: &'a [String]) -> Self {
        Self { models, names: Names::of(models.iter()) }
    }

    /// Refuses a model that is neither in the list, nor in a group of models named there, nor matched by a wildcard there.
    pub(super) fn judge(
        &self,
        cx: &Context<'_>,
        model: &Json,
        aliases: &[(Name, Json)],
    ) -> Result<(), Refusal> {
        let stumbles = !cx.closes(Hole::bodies_are_judged_by_operations);
        if matches!(model, Json::List(_) | Json::Dict(_)) && stumbles {
            return Err(unhashable(model));
        }
        if model.is_null() && cx.closes(Hole::wildcard_users_come_in) {
            return Ok(());
        }
        bounded(cx, model)?;
        let model = model
            .as_str()
            .and_then(|name| aliases.iter().find(|(alias, _)| alias == name))
            .map_or(model, |(_, behind)| behind);
        if in_access_group(cx.settings, model, &self.names) || self.models.is_empty() {
            return Ok(());
        }
        for pattern in self.models.iter().filter(|name| name.contains('*')) {
            match model {
                Json::Str(name) if matches(cx, pattern, name) => return Ok(()),
                Json::Str(_) => {}
                _ if !stumbles => {}
                other => {
                    let found = type_name(other);
                    return Err(stumbled(format!("expected string or bytes-like object, got '{found}'")));
                }
            }
        }
        let listed = model.as_str().is_some_and(|name| self.names.contains(name)) || self.names.contains("*");
        if model.is_null() || listed {
            return Ok(());
        }
        let message = messages::model_forbidden(&repr(&Json::from(self.models.to_vec())), &str_of(model));
        Err(Refusal::error(Code::ModelForbidden, 401, Kind::KeyModelAccessDenied, "model", message))
    }
}

/// In strict no name is compared with patterns that is longer than a name of a model may be.
fn bounded(cx: &Context<'_>, model: &Json) -> Result<(), Refusal> {
    let is_short = model.as_str().is_none_or(|name| name.len() <= NAME_BYTES);
    if is_short || !cx.closes(Hole::columns_are_bounded) {
        return Ok(());
    }
    let message = format!("`model` must not be longer than {NAME_BYTES} bytes");
    Err(Refusal::error(Code::RequestInvalid, 400, Kind::BadRequestError, "model", message))
}

/// Refuses a model that the team may not call.
pub(super) fn team_may_call(cx: &Context<'_>, team: &Team, model: &Json) -> Result<(), Refusal> {
    bounded(cx, model)?;
    let listed = |wanted: &str| {
        team.models.iter().any(|name| name == wanted || name == "all-proxy-models" || name == "*")
    };
    if model.is_null() || team.models.is_empty() || listed(model.as_str().unwrap_or_default()) {
        return Ok(());
    }
    if in_access_group(cx.settings, model, &Names::of(team.models.iter())) {
        return Ok(());
    }
    match model {
        Json::Str(name) if name.contains('*') => return Ok(()),
        Json::Str(name) if team.models.iter().any(|pattern| matches(cx, pattern, name)) => {
            return Ok(());
        }
        Json::Bool(_) | Json::Int(_) | Json::Float(_)
            if model.is_truthy() && !cx.closes(Hole::bodies_are_judged_by_operations) =>
        {
            return Err(not_iterable(model));
        }
        _ => {}
    }
    let models = repr(&Json::from(team.models.clone()));
    let message = messages::team_model_forbidden(&team.team_id, &str_of(model), &models);
    Err(Refusal::error(Code::ModelForbidden, 401, Kind::TeamModelAccessDenied, "model", message))
}

/// Whether `models` names an access group that `model` is in; without a model, any group.
fn in_access_group(settings: &Settings, model: &Json, models: &Names<'_>) -> bool {
    let exact = settings.models.iter().any(|known| model.as_str() == Some(&known.name));
    settings
        .models
        .iter()
        .filter(|known| match model {
            Json::Null => true,
            Json::Str(name) if exact => known.name == *name,
            Json::Str(name) => known.name.contains('*') && wildcard(&known.name, name),
            _ => false,
        })
        .any(|known| known.access_groups.iter().any(|group| models.contains(group)))
}

/// Whether `pattern`, in which `*` stands for any text, matches `name`.
fn matches(cx: &Context<'_>, pattern: &str, name: &str) -> bool {
    if cx.closes(Hole::dots_in_patterns_are_dots) {
        return wildcard(pattern, name);
    }
    pattern.contains('*') && wildcard_of_the_reference(pattern, name)
}

/// The same in one pass over the name, with no other characters that stand for others.
fn wildcard(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return false };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let (between, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in between.split('*') {
        match left.split_once(part) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(last)
}

/// The reference makes a regular expression of the pattern in which a dot stands for any character.
fn wildcard_of_the_reference(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let same = |wanted: char, found: char| wanted == found || wanted == '.';
    let (mut at, mut star, mut rest) = (0, None, name.chars());
    loop {
        let before = rest.clone();
        match (pattern.get(at), rest.next()) {
            (Some('*'), _) => {
                at += 1;
                star = Some((at, before.clone()));
                rest = before;
            }
            (Some(wanted), Some(found)) if same(*wanted, found) => at += 1,
            (None, None) => return true,
            _ => {
                let Some((after_star, skipped)) = &mut star else { return false };
                if skipped.next().is_none() {
                    return false;
                }
                at = *after_star;
                rest = skipped.clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name, matched) in [
            ("openai/*", "openai/gpt-4", true),
            ("openai/*", "openai/", true),
            ("openai/*", "bedrock/x", false),
            ("*", "anything", true),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXc", false),
            ("a*b*c", "abc", true),
            ("a**c", "ac", true),
            ("ab*ba", "aba", false),
            ("*b*", "abc", true),
            ("*.*", "a-b", false),
            ("gpt-4", "gpt-4", false),
        ] {
            assert_eq!(wildcard(pattern, name), matched, "{pattern} {name}");
        }
        assert!(wildcard_of_the_reference("gpt-3.5*", "gpt-345"));
        assert!(!wildcard("gpt-3.5*", "gpt-345"));
    }
}
