//! What profile strict makes of the members of a body before the operation reads it: an empty text is no value, and what
//! would not be stored is refused instead of dropped.

mod sent;
mod strange;
mod unkept;
mod unstorable;

use crate::deviations::Hole;
use crate::error::{Code, Kind as ErrorKind, Refusal};
use crate::http::route::DRY_RUN;
use crate::settings::Settings;
use crate::types::{BudgetConfig, FieldInfo, Kind, Value as _};
use latchkey_contract::json::{Json, Name};
use latchkey_contract::nearest::misspelt;
use std::borrow::Cow;

/// A member of keys and users that holds objects of a model, which their own model leaves open.
const BY_MODEL: &str = "model_max_budget";

/// The model of those objects.
const BUDGET_BY_MODEL: &str = "BudgetConfig";

/// The operations in which a duration of `-1` takes the expiry away.
const CHANGES_OF_KEYS: [&str; 2] = ["key_update", "key_regenerate"];

/// Members that are not known at the most: each is compared with all that are.
const UNKNOWN: usize = 256;

/// The body of `operation`, whose model is `kind`, without empty texts where they are no values; or the refusal of members
/// that say something and would not be stored, and of those that are probably misspelt.
pub(crate) fn judged<'b>(
    settings: &Settings,
    operation: &str,
    kind: Kind,
    body: &'b Json,
) -> Result<Cow<'b, Json>, Refusal> {
    let mut objections = Vec::new();
    let is_judged = settings.closes(Hole::unkept_fields_are_refused);
    for (name, value) in body.as_dict().unwrap_or_default().iter().filter(|_| is_judged) {
        let is_unkept = || {
            unkept::is_unkept(operation, name)
                || unstorable::is_unstorable(&settings.lacking, operation, name)
        };
        if says_something(name, value) && is_unkept() {
            let message = format!("`{name}` is not stored by this server: leave it out");
            objections.push(objection(Code::RequestUnsupported, name, message));
        }
    }
    let mut reading = Reading { settings, operation, objections, unknown: 0 };
    let read = reading.value(kind, body);
    Refusal::all(reading.objections)?;
    Ok(read)
}

/// Whether rows of LiteLLM 1.109 have a member of this name that this server does not store.
pub(crate) fn is_of_today(name: &str) -> bool {
    unkept::NAMES.contains(&name)
}

fn objection(code: Code, name: &str, message: String) -> Refusal {
    Refusal::error(code, 400, ErrorKind::BadRequestError, name, message).on(name)
}

/// Whether a member with this value asks for anything. A limit of 0 does; `default` is what forms send for a type of key.
fn says_something(name: &str, value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Int(_) | Json::Float(_) => true,
        Json::Str(text) => !text.is_empty() && (name, text.as_str()) != ("key_type", "default"),
        Json::List(items) => items.iter().any(is_filled),
        Json::Dict(members) => members.iter().any(|(_, value)| is_filled(value)),
        other => other.is_truthy(),
    }
}

/// Whether a value within a list or an object is more than the place for one.
fn is_filled(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Str(text) => !text.is_empty(),
        Json::List(items) => items.iter().any(is_filled),
        Json::Dict(members) => members.iter().any(|(_, value)| is_filled(value)),
        _ => true,
    }
}

/// What a member with an empty text says.
enum Empty {
    /// The text itself.
    Text,
    /// Nothing: it counts as absent.
    Absent,
    /// The same as `null`: on a change it takes the old value away.
    Null,
}

/// Amounts, names for people and e-mail addresses are taken away by an empty text, as by LiteLLM 1.109; ids, durations and
/// a member's budget, which a form for their role sends along, stay as they are.
fn empty(field: &FieldInfo) -> Empty {
    let is_cleared = field.nullable && !["spend", "max_budget_in_team"].contains(&field.name);
    match field.kind {
        _ if field.required => Empty::Text,
        Kind::Integer | Kind::Number | Kind::Time if is_cleared => Empty::Null,
        Kind::Text if is_cleared && (field.name.ends_with("_alias") || field.name.ends_with("_email")) => {
            Empty::Null
        }
        Kind::Integer | Kind::Number | Kind::Time | Kind::Text => Empty::Absent,
        _ => Empty::Text,
    }
}

/// A body while it is read.
struct Reading<'o> {
    settings: &'o Settings,
    operation: &'o str,
    objections: Vec<Refusal>,
    /// Members so far that are not known.
    unknown: usize,
}

impl Reading<'_> {
    /// A value that should be of this kind.
    fn value<'b>(&mut self, kind: Kind, value: &'b Json) -> Cow<'b, Json> {
        match (kind, value) {
            (Kind::Model(name, fields), Json::Dict(members)) => self.model(name, &fields(), value, members),
            (Kind::Dict(of), Json::Dict(members)) => {
                let values = members.iter().map(|(_, value)| self.value(*of, value));
                changed(members.len(), values).map_or(Cow::Borrowed(value), |values| {
                    let names = members.iter().map(|(name, _)| name.clone());
                    Cow::Owned(Json::Dict(names.zip(values).collect()))
                })
            }
            (Kind::List(of), Json::List(items)) => {
                let values = items.iter().map(|item| self.value(*of, item));
                changed(items.len(), values)
                    .map_or(Cow::Borrowed(value), |items| Cow::Owned(Json::List(items)))
            }
            (Kind::AnyOf(kinds), _) => {
                let fits = |kind: &&Kind| match kind {
                    Kind::List(_) => value.as_list().is_some(),
                    Kind::Model(..) | Kind::Dict(_) => value.as_dict().is_some(),
                    _ => false,
                };
                kinds.iter().find(fits).map_or(Cow::Borrowed(value), |kind| self.value(*kind, value))
            }
            _ => Cow::Borrowed(value),
        }
    }

    fn model<'b>(
        &mut self,
        model: &str,
        fields: &[FieldInfo],
        value: &'b Json,
        members: &'b [(Name, Json)],
    ) -> Cow<'b, Json> {
        let mut kept = Vec::with_capacity(members.len());
        let mut is_changed = false;
        for (name, value) in members {
            let read = match fields.iter().find(|field| field.name == name) {
                None => {
                    // a budget by model has other names for its limits
                    if model == BUDGET_BY_MODEL || !self.is_foreign_limit(name, value) {
                        self.unknown(name, fields);
                    }
                    Cow::Borrowed(value)
                }
                Some(field) if field.recent && !self.settings.closes(Hole::fields_of_today_are_kept) => {
                    is_changed = true;
                    continue;
                }
                Some(field) => match self.named(field, value) {
                    None => {
                        is_changed = true;
                        continue;
                    }
                    Some(read) => read,
                },
            };
            is_changed |= matches!(read, Cow::Owned(_));
            kept.push((name, read));
        }
        if !is_changed {
            return Cow::Borrowed(value);
        }
        let kept = kept.into_iter().map(|(name, value)| (name.clone(), value.into_owned()));
        Cow::Owned(Json::Dict(kept.collect()))
    }

    /// The same as [`Self::member`], where the value may be the name of a new row.
    fn named<'b>(&mut self, field: &FieldInfo, value: &'b Json) -> Option<Cow<'b, Json>> {
        let why = strange::objection(self.operation, field.name, value);
        let is_judged = self.settings.closes(Hole::new_names_have_no_white_space_around);
        if let Some(why) = why.filter(|_| is_judged) {
            let message = format!("`{}` {why}", field.name);
            self.objections.push(objection(Code::RequestInvalid, field.name, message));
        }
        self.member(field, value)
    }

    /// The value of a field; nothing where the member counts as absent.
    fn member<'b>(&mut self, field: &FieldInfo, value: &'b Json) -> Option<Cow<'b, Json>> {
        match value.as_str() {
            Some("") if self.settings.closes(Hole::empty_texts_are_no_values) => match empty(field) {
                Empty::Text => Some(Cow::Borrowed(value)),
                Empty::Absent => None,
                Empty::Null => Some(Cow::Owned(Json::Null)),
            },
            Some("-1") if self.is_expiry_of_a_change(field) => Some(Cow::Owned(Json::Null)),
            _ => Some(match field.kind {
                Kind::Dict(Kind::Any) if field.name == BY_MODEL => {
                    self.value(Kind::Dict(&BudgetConfig::KIND), value)
                }
                kind => self.value(kind, value),
            }),
        }
    }

    /// Whether the field is the expiry of a key that changes, which `-1` takes away like `null`.
    fn is_expiry_of_a_change(&self, field: &FieldInfo) -> bool {
        field.name == "duration"
            && CHANGES_OF_KEYS.contains(&self.operation)
            && self.settings.closes(Hole::null_clears_an_expiry)
    }

    /// Refuses a limit that this request does not set: its sender would believe in it.
    fn is_foreign_limit(&mut self, name: &str, value: &Json) -> bool {
        let is_foreign = strange::is_limit(self.operation, name)
            && says_something(name, value)
            && self.settings.closes(Hole::limits_of_other_requests_are_refused);
        // what would be dropped has been refused already
        if is_foreign && !unkept::is_unkept(self.operation, name) {
            let message = format!("`{name}` has no effect in this request: leave it out");
            self.objections.push(objection(Code::RequestUnsupported, name, message));
        }
        is_foreign
    }

    /// Refuses a member that no field has the name of if one is probably meant. Clients send many a name that is read
    /// nowhere; those are no misspellings.
    fn unknown(&mut self, name: &str, fields: &[FieldInfo]) {
        let is_judged = self.settings.closes(Hole::misspelt_members_are_refused);
        if !is_judged || sent::by_clients(name) || unkept::NAMES.contains(&name) {
            return;
        }
        self.unknown += 1;
        if self.unknown > UNKNOWN {
            if self.unknown == UNKNOWN + 1 {
                let message = format!("the request has more than {UNKNOWN} members that are not known");
                self.objections.push(objection(Code::RequestInvalid, name, message));
            }
            return;
        }
        let known = fields.iter().map(|field| field.name).chain(unkept::of(self.operation));
        let meant = match name == DRY_RUN.name {
            true => Some(DRY_RUN.name),
            false => misspelt(name, known.chain([DRY_RUN.name])),
        };
        let (code, message) = match meant {
            None => return,
            Some(meant) if meant == DRY_RUN.name => (
                Code::RequestUnsupported,
                format!(
                    "`{name}` is no member of the body: the query parameter `{meant}` asks for a dry run"
                ),
            ),
            Some(meant) => (
                Code::RequestInvalid,
                format!("there is no `{name}` in this request, did you mean `{meant}`"),
            ),
        };
        self.objections.push(objection(code, name, message));
    }
}

/// The values, if one of them is not as it was.
fn changed<'b>(length: usize, values: impl Iterator<Item = Cow<'b, Json>>) -> Option<Vec<Json>> {
    let mut all = Vec::with_capacity(length);
    let mut is_changed = false;
    for value in values {
        is_changed |= matches!(value, Cow::Owned(_));
        all.push(value);
    }
    is_changed.then(|| all.into_iter().map(Cow::into_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{
        GenerateKeyRequest, Model as _, NewTeamRequest, TeamMemberAddRequest, UpdateKeyRequest,
    };
    use latchkey_contract::dict;
    use latchkey_contract::json::{Limits, read, write};

    fn json(text: &str) -> Json {
        read(text.as_bytes(), &Limits::REQUEST).expect("JSON")
    }

    fn said(operation: &str, kind: Kind, text: &str) -> Result<String, String> {
        match judged(&Settings::default(), operation, kind, &json(text)) {
            Ok(body) => Ok(write(&body)),
            Err(refusal) => Err(latchkey_contract::json::str_of(&refusal.message)),
        }
    }

    #[test]
    fn no_request_has_more_unknown_members_than_can_be_compared() {
        let with = |count: usize| {
            let members: Vec<String> = (0..count).map(|number| format!(r#""x{number}y":1"#)).collect();
            said("key_generate", GenerateKeyRequest::KIND, &format!("{{{}}}", members.join(",")))
        };
        assert!(with(UNKNOWN).is_ok());
        assert!(with(UNKNOWN + 1).is_err_and(|message| message.contains("more than 256 members")));
    }

    #[test]
    fn an_empty_text_is_no_value_of_what_is_optional() {
        let generate = |text| said("key_generate", GenerateKeyRequest::KIND, text);
        let body = r#"{"team_id":"","max_budget":"","duration":"","key":"","tags":[""],"metadata":{"a":""}}"#;
        let tidy = r#"{"max_budget":null,"tags":[""],"metadata":{"a":""}}"#;
        assert_eq!(generate(body), Ok(tidy.to_owned()));
        let by_model = r#"{"model_max_budget":{"m":{"max_budget":"","budget_duration":"1d"}}}"#;
        let tidy = r#"{"model_max_budget":{"m":{"max_budget":null,"budget_duration":"1d"}}}"#;
        assert_eq!(generate(by_model), Ok(tidy.to_owned()));
        let update = said(
            "key_update",
            UpdateKeyRequest::KIND,
            r#"{"key":"","team_id":"","key_alias":"","duration":"-1"}"#,
        );
        assert_eq!(update, Ok(r#"{"key":"","key_alias":null,"duration":null}"#.to_owned()));
        let add = |text| said("team_member_add", TeamMemberAddRequest::KIND, text);
        let one = r#"{"team_id":"t","member":{"role":"user","user_id":"","user_email":"a@b.c"}}"#;
        let tidy = r#"{"team_id":"t","member":{"role":"user","user_email":"a@b.c"}}"#;
        assert_eq!(add(one), Ok(tidy.to_owned()));
    }

    #[test]
    fn a_misspelt_member_is_told_wherever_it_stands() {
        let generate = |text| said("key_generate", GenerateKeyRequest::KIND, text).expect_err(text);
        assert!(generate(r#"{"max_budgt":1}"#).contains("`max_budget`"));
        assert!(generate(r#"{"model":"gpt-4"}"#).contains("`models`"));
        assert!(generate(r#"{"alowed_routes":["/x"]}"#).contains("`allowed_routes`"));
        assert!(generate(r#"{"dryRun":true}"#).contains("query parameter `dry_run`"));
        assert!(generate(r#"{"model_max_budget":{"m":{"max_bugdet":1}}}"#).contains("`max_budget`"));
        let team = r#"{"members_with_roles":[{"role":"user","user-id":"u"}]}"#;
        assert!(said("team_new", NewTeamRequest::KIND, team).is_err_and(|why| why.contains("`user_id`")));
    }

    #[test]
    fn what_says_nothing_and_what_nobody_knows_passes() {
        let body = r#"{"token":"x","disabled_callbacks":[],"key_type":"default","object_permission":{"mcp_servers":[]}}"#;
        assert_eq!(said("key_generate", GenerateKeyRequest::KIND, body), Ok(body.to_owned()));
    }

    #[test]
    fn no_name_of_one_request_is_taken_for_a_misspelling_in_another() {
        for field in GenerateKeyRequest::fields().into_iter().chain(NewTeamRequest::fields()) {
            let (body, kind) = (dict! { field.name => Json::Null }, crate::types::BudgetNewRequest::KIND);
            assert!(judged(&Settings::default(), "budget_new", kind, &body).is_ok(), "{}", field.name);
        }
    }
}
