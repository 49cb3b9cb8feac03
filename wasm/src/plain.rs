//! What the rules say as plain objects of JavaScript.

use latchkey_contract::json::{Json, Limits, read};
use latchkey_contract::number::parse_float;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use wasm_bindgen::prelude::JsValue;

/// The largest integer that JavaScript's numbers keep apart from its neighbours: 2^53 - 1.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// The value of JavaScript. Integers beyond 2^53 become the nearest number, as with `JSON.parse`.
pub(crate) fn plain(value: &Json) -> JsValue {
    Plain(value).serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

struct Plain<'a>(&'a Json);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Int(value) if value.unsigned_abs() <= MAX_SAFE => serializer.serialize_i64(*value),
            Json::Int(value) => serializer.serialize_f64(*value as f64),
            Json::Big(digits) => serializer.serialize_f64(parse_float(digits).unwrap_or(f64::NAN)),
            Json::Float(value) => serializer.serialize_f64(*value),
            Json::Str(text) => serializer.serialize_str(text),
            Json::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Plain(item))?;
                }
                list.end()
            }
            Json::Dict(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, &Plain(value))?;
                }
                map.end()
            }
            Json::Raw(text) => match read(text.as_str().as_bytes(), &Limits::STORED) {
                Ok(value) => Plain(&value).serialize(serializer),
                Err(error) => Err(serde::ser::Error::custom(error)),
            },
        }
    }
}
