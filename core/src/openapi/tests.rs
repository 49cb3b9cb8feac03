use super::*;
use crate::Policy;
use crate::operations::ROUTES;
use crate::types::{AuditQuery, FieldInfo, KeyListQuery, Kind};
use latchkey_contract::wire::{Call, StepHead};
use std::collections::BTreeSet;

fn policy() -> Policy {
    Policy::configure(br#"{"general_settings": {"master_key": "sk-master"}}"#).0.unwrap()
}

fn described() -> Json {
    document(&policy().settings, ROUTES)
}

fn at<'j>(json: &'j Json, path: &[&str]) -> &'j Json {
    path.iter().fold(json, |json, name| json.get(name).unwrap_or_else(|| panic!("no {name} on {path:?}")))
}

fn described_operation<'j>(json: &'j Json, route: &Route) -> &'j Json {
    at(json, &["paths", &plain_path(route.path), &route.method.to_ascii_lowercase()])
}

/// Every `$ref` below `json`.
fn references<'j>(json: &'j Json, found: &mut BTreeSet<&'j str>) {
    match json {
        Json::List(items) => items.iter().for_each(|item| references(item, found)),
        Json::Dict(members) => {
            for (name, value) in members {
                match value.as_str().filter(|_| name == "$ref") {
                    Some(reference) => drop(found.insert(reference)),
                    None => references(value, found),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn every_route_is_described_by_an_operation_of_its_own() {
    let api = described();
    let mut ids = BTreeSet::new();
    for route in ROUTES {
        let operation = described_operation(&api, route);
        let id = at(operation, &["operationId"]).as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} is there twice");
        assert!(!route.about.is_empty(), "{id} does not say what it does");
        assert_eq!(operation.get("requestBody").is_some(), route.body.is_some());
        for param in route.query {
            let parameters = at(operation, &["parameters"]).as_list().unwrap();
            assert!(parameters.iter().any(|it| at(it, &["name"]).as_str() == Some(param.name)));
        }
    }
    for operation in ROUTES.iter().map(|route| route.operation) {
        assert!(ids.contains(operation), "no operation is called {operation}");
    }
    let paths = at(&api, &["paths"]).as_dict().unwrap();
    assert_eq!(
        paths.iter().map(|(_, methods)| methods.as_dict().unwrap().len()).sum::<usize>(),
        ROUTES.len()
    );
}

#[test]
fn every_reference_leads_somewhere_and_every_model_has_one() {
    let api = described();
    let mut found = BTreeSet::new();
    references(&api, &mut found);
    for reference in &found {
        let steps: Vec<&str> = reference.strip_prefix("#/").unwrap().split('/').collect();
        assert!(!at(&api, &steps).is_null());
    }
    for (name, _) in at(&api, &["components", "schemas"]).as_dict().unwrap() {
        assert!(found.contains(format!("#/components/schemas/{name}").as_str()), "{name} is not used");
    }
}

#[test]
fn every_field_of_a_request_model_is_described() {
    let api = described();
    for body in ROUTES.iter().filter_map(|route| route.body) {
        let Kind::Model(name, fields) = body.kind else { panic!("{:?} is no model", body.kind) };
        let properties = at(&api, &["components", "schemas", name, "properties"]);
        for FieldInfo { name, about, .. } in fields() {
            assert_eq!(at(properties, &[name, "description"]).as_str(), Some(about));
        }
        assert_eq!(properties.as_dict().unwrap().len(), fields().len());
    }
}

/// The status and the body of the master key's request.
fn asked(route: &Route, body: &str) -> Option<(u16, String)> {
    let call = Call {
        method: route.method.to_owned(),
        path: route.path.replace("{key:path}", "k"),
        headers: vec![("authorization".to_owned(), "Bearer sk-master".to_owned())],
        ..Call::default()
    };
    let step = policy().decide(&call, body.as_bytes());
    match step.head {
        StepHead::Reply { status, .. } => Some((status, String::from_utf8(step.body).unwrap())),
        _ => None,
    }
}

#[test]
fn the_operation_reads_the_model_that_is_described() {
    for route in ROUTES {
        let Some(body) = route.body else { continue };
        let Kind::Model(_, fields) = body.kind else { panic!("{:?} is no model", body.kind) };
        for field in fields().into_iter().filter(|field| !matches!(field.kind, Kind::Any)) {
            let wrong = match field.kind {
                Kind::Dict(_) | Kind::Model(..) => "[]",
                Kind::AnyOf(_) => "3",
                _ => "{}",
            };
            let named = r#""keys": ["k"], "key": "k", "user_id": "u""#;
            let text = format!(r#"{{{named}, "{}": {wrong}}}"#, field.name);
            let (status, answer) = asked(route, &text).unwrap_or_default();
            assert!(
                status == 422 && answer.contains(field.name),
                "{} {}: {status} {answer}",
                route.path,
                field.name
            );
        }
        assert_ne!(asked(route, body.example).unwrap_or_default().0, 422, "the example of {}", route.path);
    }
}

#[test]
fn bounds_of_strict_are_described_in_strict_only() {
    let minimum = |config: &[u8]| {
        let api = document(&Policy::configure(config).0.unwrap().settings, ROUTES);
        at(&api, &["components", "schemas", "GenerateKeyRequest", "properties", "max_budget"])
            .get("minimum")
            .cloned()
    };
    assert_eq!(minimum(br#"{"general_settings": {"master_key": "sk-m"}}"#), Some(Json::Int(0)));
    let lax = br#"{"general_settings": {"master_key": "sk-m"}, "latchkey": {"profile": "litellm-1.60"}}"#;
    assert_eq!(minimum(lax), None);
}

#[test]
fn a_listing_describes_the_parameters_it_knows() {
    for (operation, names) in
        [("key_list", KeyListQuery::NAMES.as_slice()), ("audit", AuditQuery::NAMES.as_slice())]
    {
        let route = ROUTES.iter().find(|route| route.operation == operation).unwrap();
        assert_eq!(route.query.iter().map(|param| param.name).collect::<Vec<_>>(), names);
    }
}

#[test]
fn the_page_for_people_needs_nothing_from_elsewhere() {
    let route = ROUTES.iter().find(|route| route.operation == "docs").unwrap();
    let (status, page) = asked(route, "").unwrap();
    assert_eq!(status, 200);
    assert!(!page.contains("//") && page.contains("openapi.json"), "an address of elsewhere");
}
