//! Reading steps and writes. serde reads a tagged enum through a buffer that cannot hold a cell's text as it was
//! written; these structs with the members of all variants are read straight from the text.

use super::{Cells, Event, Guard, Query};
use serde::Deserialize;
use std::borrow::Cow;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Write {
    write: String,
    table: Cow<'static, str>,
    row: Option<Cells>,
    key: Option<Vec<String>>,
    set: Option<Cells>,
    column: Option<Cow<'static, str>>,
    value: Option<String>,
}

impl TryFrom<Write> for super::Write {
    type Error = String;

    fn try_from(flat: Write) -> Result<Self, String> {
        let Write { write, table, row, key, set, column, value } = flat;
        match (write.as_str(), row, key, set, column, value) {
            ("insert", Some(row), None, None, None, None) => Ok(Self::Insert { table, row }),
            ("update", None, Some(key), Some(set), None, None) => Ok(Self::Update { table, key, set }),
            ("delete", None, None, None, Some(column), Some(value)) => {
                Ok(Self::Delete { table, column, value })
            }
            _ => Err(format!("no write `{write}` with these members")),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct StepHead {
    step: String,
    #[serde(default)]
    queries: Vec<Query>,
    #[serde(default)]
    operation: Cow<'static, str>,
    #[serde(default)]
    status: u16,
    #[serde(default)]
    headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    #[serde(default)]
    events: Vec<Event>,
    #[serde(default)]
    writes: Vec<super::Write>,
    #[serde(default)]
    guards: Vec<Guard>,
}

impl TryFrom<StepHead> for super::StepHead {
    type Error = String;

    fn try_from(flat: StepHead) -> Result<Self, String> {
        let StepHead { step, queries, operation, status, headers, events, writes, guards } = flat;
        match step.as_str() {
            "read" => Ok(Self::Read { queries }),
            "reply" => Ok(Self::Reply { operation, status, headers, events }),
            "write" => Ok(Self::Write { operation, status, headers, events, writes, guards }),
            _ => Err(format!("no step `{step}`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Cells, Guard, StepHead, Write};
    use crate::json::{Json, JsonText};

    #[test]
    fn a_step_with_writes_reads_back_equal() {
        let mut row = Cells::new();
        row.insert("spend".into(), JsonText::of(&Json::Float(1.0)));
        row.insert("metadata".into(), JsonText::of(&Json::Big("99999999999999999999".to_owned())));
        let head = StepHead::Write {
            operation: "key_generate".into(),
            status: 200,
            headers: vec![("content-type".into(), "application/json".into())],
            events: vec![],
            writes: vec![
                Write::Insert { table: "a".into(), row: row.clone() },
                Write::Update { table: "a".into(), key: vec!["1".to_owned()], set: row },
                Write::Delete { table: "a".into(), column: "b".into(), value: "c".to_owned() },
            ],
            guards: vec![Guard::Absent {
                table: "a".into(),
                column: "b".into(),
                value: "c".to_owned(),
                except: None,
            }],
        };
        let text = serde_json::to_string(&head).unwrap();
        assert_eq!(serde_json::from_str::<StepHead>(&text).unwrap(), head);
        assert!(serde_json::from_str::<Write>(r#"{"write":"insert","table":"a","key":[]}"#).is_err());
    }
}
