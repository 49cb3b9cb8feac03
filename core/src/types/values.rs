//! Fields of requests that stand in a table: read by what the table says of them, and kept by their names, as the rules take
//! them.
//!
//! A field of a struct costs code for each of its uses, one of a table a line, which counts for what a browser loads.

use super::coerce::{Dict, Value};
use super::problem::all_under;
use super::{Field, FieldInfo, Kind, Problem};
use crate::time::DateTime;
use latchkey_contract::json::{Json, Name};
use latchkey_contract::number::Integer;

/// The fields that a request mentions, in the order of their table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Values(Vec<(&'static str, Json)>);

impl Values {
    /// Reads the members of `body` that the table has. Problems are added, then the answer is `None`.
    pub(crate) fn read(fields: &[FieldInfo], body: &Json, problems: &mut Vec<Problem>) -> Option<Self> {
        let before = problems.len();
        let mut read = Vec::new();
        for field in fields {
            match body.get(field.name).map(|value| coerce_field(field, value)) {
                None => {}
                Some(Ok(value)) => read.push((field.name, value)),
                Some(Err(found)) => problems.extend(all_under(found, field.name)),
            }
        }
        (problems.len() == before).then_some(Self(read))
    }

    /// Adds them to `set`.
    pub(crate) fn add_to(self, set: &mut Vec<(&'static str, Json)>) {
        set.extend(self.0);
    }

    /// The text of the field called `name`.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).and_then(|(_, value)| value.as_str())
    }

    /// The field called `name`, if the table has it.
    pub(crate) fn get(&self, fields: &[FieldInfo], name: &str) -> Option<Field<Json>> {
        fields.iter().find(|field| field.name == name)?;
        Some(match self.0.iter().find(|(known, _)| *known == name) {
            None => Field::Absent,
            Some((_, Json::Null)) => Field::Null,
            Some((_, value)) => Field::Value(value.clone()),
        })
    }

    /// Converts `value` and gives it to the field called `name`, if the table has it.
    pub(crate) fn put(
        &mut self,
        fields: &[FieldInfo],
        name: &str,
        value: &Json,
    ) -> Option<Result<(), Vec<Problem>>> {
        let field = fields.iter().find(|field| field.name == name)?;
        Some(coerce_field(field, value).map(|value| {
            self.0.retain(|(known, _)| *known != name);
            self.0.push((field.name, value));
        }))
    }
}

fn coerce_field(field: &FieldInfo, value: &Json) -> Result<Json, Vec<Problem>> {
    if value.is_null() && field.nullable { Ok(Json::Null) } else { coerce(field.kind, value) }
}

/// The value as the reference converts it to this kind.
fn coerce(kind: Kind, value: &Json) -> Result<Json, Vec<Problem>> {
    match kind {
        Kind::Any => Ok(value.clone()),
        Kind::Text => as_is::<String>(value),
        Kind::Integer => as_is::<Integer>(value),
        Kind::Number => as_is::<f64>(value),
        Kind::Boolean => as_is::<bool>(value),
        Kind::Time => as_is::<DateTime>(value),
        Kind::Choice(words) => match value.as_str() {
            Some(word) if words.contains(&word) => Ok(value.clone()),
            _ => {
                Err(vec![Problem::new("literal_error", format!("Input should be {}", listed(words)), value)])
            }
        },
        Kind::List(of) => {
            let Some(items) = value.as_list() else { return as_is::<Vec<Json>>(value) };
            let read = items.iter().enumerate();
            let read = read.map(|(at, item)| {
                coerce(*of, item).map_err(|found| found.into_iter().map(|problem| problem.at(at)).collect())
            });
            all(read).map(Json::List)
        }
        Kind::Dict(of) => {
            let Some(members) = value.as_dict() else { return as_is::<Dict>(value) };
            let read = members.iter().map(|(name, member)| match coerce(*of, member) {
                Ok(value) => Ok((name.clone(), value)),
                Err(found) => Err(all_under(found, name.clone())),
            });
            all(read).map(Json::Dict)
        }
        Kind::Model(_, fields) => {
            if value.as_dict().is_none() {
                return Err(vec![Problem::not_a_model(value)]);
            }
            let read = fields().into_iter().filter_map(|field| match value.get(field.name) {
                None if field.required => Some(Err(vec![Problem::missing(value).under(field.name)])),
                None => None,
                Some(member) => Some(match coerce_field(&field, member) {
                    Ok(value) => Ok((Name::from(field.name), value)),
                    Err(found) => Err(all_under(found, field.name)),
                }),
            });
            all(read).map(Json::Dict)
        }
        Kind::AnyOf(kinds) => {
            let mut found = Vec::new();
            for kind in kinds {
                match coerce(*kind, value) {
                    Ok(value) => return Ok(value),
                    Err(problems) => found.extend(problems),
                }
            }
            Err(found)
        }
    }
}

fn as_is<T: Value>(value: &Json) -> Result<Json, Vec<Problem>> {
    T::read(value).map(|read| read.dump_as(super::Dump::SET))
}

/// All values, or all problems.
fn all<T>(read: impl Iterator<Item = Result<T, Vec<Problem>>>) -> Result<Vec<T>, Vec<Problem>> {
    let (mut values, mut problems) = (Vec::new(), Vec::new());
    for one in read {
        match one {
            Ok(value) => values.push(value),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

/// Words as the reference lists them.
fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{GenerateKeyRequest, Model as _};
    use latchkey_contract::json::{Limits, read, write};

    fn said(body: &str) -> Result<String, String> {
        let body = read(body.as_bytes(), &Limits::REQUEST).expect("JSON");
        match GenerateKeyRequest::read_body(Some(&body)) {
            Ok(request) => Ok(write(&Json::from(request.dump_set()))),
            Err(problems) => Err(problems.iter().map(Problem::line).collect::<Vec<_>>().join("; ")),
        }
    }

    #[test]
    fn values_are_converted_like_those_of_other_fields() {
        let asked = r#"{"tpd_limit":"5","auto_rotate":"true","mcp_rpm_limit":{"s":"3"},"agent_id":null,"budget_limits":[{"budget_duration":"1d","max_budget":"5","x":1}]}"#;
        let read = r#"{"agent_id":null,"tpd_limit":5,"budget_limits":[{"budget_duration":"1d","max_budget":5.0}],"auto_rotate":true,"mcp_rpm_limit":{"s":3}}"#;
        assert_eq!(said(asked), Ok(read.to_owned()));
    }

    #[test]
    fn every_problem_is_told_with_its_place() {
        for (asked, place, message) in [
            (r#"{"tpd_limit":"x"}"#, "body.tpd_limit", "Input should be a valid integer, unable to parse"),
            (r#"{"access_group_ids":[1]}"#, "body.access_group_ids.0", "Input should be a valid string"),
            (r#"{"mcp_rpm_limit":{"s":[]}}"#, "body.mcp_rpm_limit.s", "Input should be a valid integer"),
            (
                r#"{"budget_limits":[{"budget_duration":"1d"}]}"#,
                "body.budget_limits.0.max_budget",
                "Field required",
            ),
            (
                r#"{"budget_limits":[1]}"#,
                "body.budget_limits.0",
                "Input should be a valid dictionary or object",
            ),
            (
                r#"{"rpm_limit_type":"x"}"#,
                "body.rpm_limit_type",
                "Input should be 'guaranteed_throughput', 'best_effort_throughput' or 'dynamic'",
            ),
            (r#"{"object_permission":[]}"#, "body.object_permission", "Input should be a valid dictionary"),
        ] {
            let found = said(asked).expect_err(asked);
            assert!(found.contains(place) && found.contains(message), "{asked}: {found}");
        }
    }
}
