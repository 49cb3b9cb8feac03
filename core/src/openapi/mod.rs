//! The description of the interface as OpenAPI 3.1, from the table of routes and the types.

mod components;
pub(crate) mod replies;

#[cfg(test)]
mod tests;

use crate::deviations::Hole;
use crate::http::route::{Access, DRY_RUN, Param, Route};
use crate::settings::Settings;
use components::{Components, reference};
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::order::sorted;

const ABOUT: &str = "LiteLLM's API for virtual keys, its rules decided by one module. Amounts are US dollars. \
                     Numbers and booleans are also taken as text, as LiteLLM does. `/docs` shows this for people. \
                     A method that a path does not have answers 405 with `Allow`, and a slash too many 307 to the path without it.";

/// The description under `settings`.
pub(crate) fn document(settings: &Settings, routes: &[Route]) -> Json {
    let mut components = Components::new(settings);
    let mut paths = Json::empty_dict();
    for route in routes.iter().filter(|route| route.exists(settings)) {
        let path = plain_path(route.path);
        let mut methods = paths.get(&path).cloned().unwrap_or_else(Json::empty_dict);
        methods.set(route.method.to_ascii_lowercase(), operation(route, routes, &mut components));
        paths.set(path, methods);
    }
    let mut document = dict! {
        "openapi" => "3.1.0",
        "info" => dict! {
            "title" => "Latchkey",
            "version" => env!("CARGO_PKG_VERSION"),
            "description" => ABOUT,
            "license" => dict! { "name" => "Apache-2.0 OR MIT" },
            "x-latchkey-rules-digest" => crate::RULES_DIGEST,
        },
        "paths" => paths,
        "components" => components.finish(),
    };
    if !settings.serving.root_path.is_empty() {
        let server = dict! { "url" => settings.serving.root_path.as_str() };
        document.set("servers", Json::List(vec![server]));
    }
    document
}

/// The path with `{name}` for `{name:path}`.
fn plain_path(path: &str) -> String {
    path.replace(":path}", "}")
}

/// The operation's name. Of several routes to one operation the first whose path spells the name has it, or else the
/// first; the others are named after their paths, and those of the same path after their methods.
fn operation_id(route: &Route, routes: &[Route]) -> String {
    let spelt = |path: &str| {
        plain_path(path).replace(['/', '.'], "_").replace(['{', '}'], "").trim_matches('_').to_owned()
    };
    let same = || routes.iter().filter(|other| other.operation == route.operation);
    let holder = same().find(|other| spelt(other.path) == route.operation).or_else(|| same().next());
    match holder {
        Some(holder) if holder.path == route.path && holder.method == route.method => {
            route.operation.to_owned()
        }
        Some(holder) if holder.path == route.path => {
            format!("{}_{}", route.operation, route.method.to_ascii_lowercase())
        }
        _ => spelt(route.path),
    }
}

fn operation(route: &Route, routes: &[Route], components: &mut Components<'_>) -> Json {
    let tag = route.path.split('/').find(|part| !part.is_empty() && *part != "v2").unwrap_or_default();
    let mut operation = dict! {
        "operationId" => operation_id(route, routes),
        "summary" => route.about,
        "tags" => vec![Json::from(if matches!(tag, "openapi.json" | "docs") { "docs" } else { tag })],
    };
    let parameters = parameters(route, components.settings);
    if !parameters.is_empty() {
        operation.set("parameters", parameters.into());
    }
    if let Some(body) = &route.body {
        let example = read(body.example.as_bytes(), &Limits::REQUEST).unwrap_or(Json::Null);
        let mut schema = components.body(body.kind, body.optional);
        if let Some(field) = body.needs {
            let text = dict! { field => dict! { "type" => "string", "minLength" => 1 } };
            schema.set("required", vec![field.to_owned()].into());
            schema.set("properties", text);
        }
        let content = dict! { "schema" => schema, "example" => example };
        operation.set(
            "requestBody",
            dict! {
                "required" => !body.optional,
                "content" => dict! { "application/json" => content },
            },
        );
    }
    operation.set("responses", responses(route, components));
    if route.access == Access::Public {
        operation.set("security", Json::List(Vec::new()));
    } else {
        operation.set("security", Json::List(vec![dict! { "key" => Json::List(Vec::new()) }]));
    }
    operation
}

fn parameters(route: &Route, settings: &Settings) -> Vec<Json> {
    let has_dry_run = route.changes && settings.closes(Hole::dry_runs_change_nothing);
    let own = route.strict_query.iter().filter(|_| settings.profile.has_own_routes());
    let named = |place: &str, param: &Param| {
        let mut schema = crate::forms::describe::schema(param.kind, false);
        if let Some((least, most)) = param.bounds {
            schema.set("minimum", least.into());
            if let Some(most) = most {
                schema.set("maximum", most.into());
            }
        }
        dict! {
            "name" => param.name,
            "in" => place,
            "required" => param.required,
            "description" => param.about,
            "schema" => schema,
        }
    };
    let in_path = route.path.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(name, _)| {
        dict! {
            "name" => name.trim_end_matches(":path"),
            "in" => "path",
            "required" => true,
            "schema" => dict! { "type" => "string", "minLength" => 1 },
        }
    });
    let known = route.query.iter().chain(own).chain(has_dry_run.then_some(&DRY_RUN));
    in_path.into_iter().chain(known.map(|param| named("query", param))).collect()
}

fn responses(route: &Route, components: &mut Components<'_>) -> Json {
    let mut schema = components.reply(route.reply, route.reply_may_be_null);
    if route.changes && components.settings.closes(Hole::dry_runs_change_nothing) {
        schema = dict! { "anyOf" => vec![schema, components.reply(replies::VERDICT, false)] };
    }
    let mut content = Json::empty_dict();
    content.set(route.media, dict! { "schema" => schema });
    let mut responses = dict! { "200" => dict! { "description" => "done", "content" => content } };
    for status in statuses(route, components.settings) {
        responses.set(status.to_string(), reference("responses", &status.to_string()));
    }
    responses
}

/// The statuses of refusals, by what kind of route it is and what it says itself.
fn statuses(route: &Route, settings: &Settings) -> Vec<u16> {
    let mut statuses = vec![503];
    match route.access {
        Access::Key => statuses.extend([400, 401, 403]),
        Access::Public if settings.closes(Hole::public_routes_ask_nothing) => {}
        Access::Public => statuses.extend([400, 403]),
    }
    if route.body.is_some() {
        statuses.extend([413, 422]);
    }
    if route.changes {
        statuses.push(409);
    }
    statuses.extend(route.refusals);
    let mut statuses = sorted(statuses, u16::cmp);
    statuses.dedup();
    statuses
}
