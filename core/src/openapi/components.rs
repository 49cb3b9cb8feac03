//! The named parts of the description: models as they are met, refusals, codes, the security scheme.

use crate::deviations::Hole;
use crate::forms::describe::schema_with;
use crate::settings::Settings;
use crate::types::{FieldInfo, Kind};
use latchkey_contract::amounts::is_amount;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Name};

/// A duration in profile strict.
const DURATION: &str = "^[0-9]+(s|m|h|d|w|mo)$";

/// By how much a budget is raised for a time.
const RAISE: &str = "temp_budget_increase";

/// The statuses of refusals and when they come.
const REFUSALS: &[(u16, &str)] = &[
    (400, "refused by a rule, or not readable"),
    (401, "no key, or not one that is known here"),
    (403, "not for this caller"),
    (404, "there is no such object"),
    (409, "others changed the same objects at the same time; try again"),
    (413, "the body is too large"),
    (422, "the request does not have the form of its model"),
    (503, "the store is away or the server busy; try again"),
];

/// The parts collected so far.
pub(super) struct Components<'s> {
    /// The settings in force.
    pub(super) settings: &'s Settings,
    is_body: bool,
    schemas: Vec<(Name, Json)>,
}

/// `$ref` to a part.
pub(super) fn reference(section: &str, name: &str) -> Json {
    dict! { "$ref" => format!("#/components/{section}/{name}") }
}

impl<'s> Components<'s> {
    pub(super) const fn new(settings: &'s Settings) -> Self {
        Self { settings, is_body: false, schemas: Vec::new() }
    }

    /// The schema of a request's body; amounts and durations have the bounds of the profile.
    pub(super) fn body(&mut self, kind: Kind, nullable: bool) -> Json {
        self.is_body = true;
        self.schema(kind, nullable)
    }

    /// The schema of a reply.
    pub(super) fn reply(&mut self, kind: Kind, nullable: bool) -> Json {
        self.is_body = false;
        self.schema(kind, nullable)
    }

    fn schema(&mut self, kind: Kind, nullable: bool) -> Json {
        schema_with(kind, nullable, &mut |name, fields, nullable| self.model(name, fields, nullable))
    }

    fn model(&mut self, name: &'static str, fields: fn() -> Vec<FieldInfo>, nullable: bool) -> Json {
        if !self.schemas.iter().any(|(known, _)| known == name) {
            self.schemas.push((name.into(), Json::Null));
            let schema = self.object(name, &fields());
            if let Some((_, place)) = self.schemas.iter_mut().find(|(known, _)| known == name) {
                *place = schema;
            }
        }
        let model = reference("schemas", name);
        if nullable {
            dict! { "anyOf" => vec![model, dict! { "type" => "null" }] }
        } else {
            model
        }
    }

    fn object(&mut self, name: &str, fields: &[FieldInfo]) -> Json {
        let settings = self.settings;
        let fields: Vec<&FieldInfo> = fields.iter().filter(|field| settings.knows(field)).collect();
        let properties = fields.iter().map(|field| (field.name.into(), self.property(field))).collect();
        let required: Vec<String> =
            fields.iter().filter(|field| field.required).map(|field| field.name.to_owned()).collect();
        let mut object = dict! { "type" => "object", "properties" => Json::Dict(properties) };
        if !required.is_empty() {
            object.set("required", required.into());
        }
        for (keyword, value) in rules(name) {
            object.set(keyword, value);
        }
        if fields.iter().any(|field| field.name == RAISE) {
            object.set("allOf", Json::List(vec![raised_for_a_time()]));
        }
        object
    }

    fn property(&mut self, field: &FieldInfo) -> Json {
        let mut schema = self.schema(field.kind, field.nullable);
        if !field.about.is_empty() {
            schema.set("description", field.about.into());
        }
        let is_amount = self.is_body && is_amount(field.name);
        if is_amount && self.settings.closes(Hole::amounts_are_finite_and_not_negative) {
            schema.set("minimum", 0.into());
        }
        let is_duration = self.is_body && matches!(field.name, "duration" | "budget_duration");
        if is_duration && self.settings.closes(Hole::durations_are_whole) {
            schema.set("pattern", DURATION.into());
        }
        let default = (field.default)();
        if !field.required && !default.is_null() {
            schema.set("default", default);
        }
        schema
    }

    /// All parts, as the member `components`.
    pub(super) fn finish(mut self) -> Json {
        self.schemas.extend(errors());
        dict! {
            "schemas" => Json::Dict(self.schemas),
            "responses" => Json::Dict(REFUSALS.iter().map(|(status, when)| (status.to_string().into(), refusal(*status, when))).collect()),
            "securitySchemes" => dict! {
                "key" => dict! { "type" => "http", "scheme" => "bearer", "description" => "the master key or a virtual key" },
            },
        }
    }
}

/// What a model asks for beyond its fields.
fn rules(model: &str) -> Vec<(&'static str, Json)> {
    match model {
        "KeyRequest" => vec![(
            "anyOf",
            one_of_them(["keys", "key_aliases"], &dict! { "type" => "array", "minItems" => 1 }),
        )],
        "Member"
        | "OrgMember"
        | "OrganizationMemberDeleteRequest"
        | "OrganizationMemberUpdateRequest"
        | "TeamMemberDeleteRequest"
        | "TeamMemberUpdateRequest"
        | "UpdateUserRequest" => {
            // an empty text counts as absent
            let filled = dict! { "type" => "string", "minLength" => 1 };
            vec![("anyOf", one_of_them(["user_id", "user_email"], &filled))]
        }
        // users set their own passwords, so that only `null` is taken
        "NewUserRequest" => {
            let none = dict! { "password" => dict! { "type" => "null" } };
            vec![("allOf", Json::List(vec![dict! { "properties" => none }]))]
        }
        "BulkUpdateTeamKeysFields" => {
            vec![("minProperties", 1.into()), ("additionalProperties", false.into())]
        }
        "BulkUpdateTeamKeysRequest" => {
            let keys = |required: &str, key_ids: Json, all: bool| {
                dict! {
                    "required" => vec![required.to_owned()],
                    "properties" => dict! {
                        "key_ids" => key_ids,
                        "all_keys_in_team" => dict! { "enum" => vec![Json::from(all)] },
                    },
                }
            };
            let some = keys("key_ids", dict! { "type" => "array", "minItems" => 1 }, false);
            let all = keys("all_keys_in_team", dict! { "maxItems" => 0 }, true);
            vec![("anyOf", Json::List(vec![some, all]))]
        }
        _ => Vec::new(),
    }
}

/// A budget is raised for a time or not at all: both fields, or neither.
fn raised_for_a_time() -> Json {
    let names = [RAISE, "temp_budget_expiry"];
    let all = |schema: Json| Json::Dict(names.iter().map(|name| ((*name).into(), schema.clone())).collect());
    let both = dict! {
        "required" => names.map(str::to_owned).to_vec(),
        "properties" => all(dict! { "type" => vec![Json::from("number"), "string".into()] }),
    };
    let neither = dict! { "properties" => all(dict! { "type" => "null" }) };
    dict! { "anyOf" => Json::List(vec![both, neither]) }
}

fn one_of_them(names: [&'static str; 2], schema: &Json) -> Json {
    let named = |name: &'static str| {
        let mut properties = Json::empty_dict();
        properties.set(name, schema.clone());
        dict! { "required" => vec![name.to_owned()], "properties" => properties }
    };
    Json::List(names.map(named).to_vec())
}

fn errors() -> Vec<(Name, Json)> {
    let text = || dict! { "type" => "string" };
    let object = |properties: Json, required: &[&str]| {
        let required: Vec<String> = required.iter().map(|name| (*name).to_owned()).collect();
        dict! { "type" => "object", "properties" => properties, "required" => required }
    };
    let error = dict! {
        "message" => dict! { "description" => "a text, or an object with one" },
        "type" => text(),
        "param" => dict! { "description" => "the parameter at fault" },
        "code" => dict! { "type" => "string", "description" => "the status" },
    };
    let problem = dict! {
        "type" => text(),
        "loc" => dict! { "type" => "array" },
        "msg" => text(),
        "input" => Json::empty_dict(),
        "ctx" => dict! { "type" => "object" },
    };
    let parts = [
        (
            "Error",
            object(dict! { "error" => object(error, &["message", "type", "param", "code"]) }, &["error"]),
        ),
        ("Detail", object(dict! { "detail" => Json::empty_dict() }, &["detail"])),
        (
            "Problems",
            object(
                dict! { "detail" => dict! {
                    "type" => "array",
                    "items" => object(problem, &["type", "loc", "msg"]),
                } },
                &["detail"],
            ),
        ),
    ];
    parts.map(|(name, schema)| (name.into(), schema)).to_vec()
}

fn refusal(status: u16, when: &str) -> Json {
    let error = reference("schemas", "Error");
    let schema = match status {
        413 | 503 => error,
        422 => dict! { "anyOf" => vec![reference("schemas", "Problems"), error] },
        _ => dict! { "anyOf" => vec![error, reference("schemas", "Detail")] },
    };
    dict! { "description" => when, "content" => dict! { "application/json" => dict! { "schema" => schema } } }
}
