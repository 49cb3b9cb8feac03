//! Text: strings only.

use super::{Dump, Kind, Problem, Value, refuse};
use latchkey_contract::json::Json;

impl Value for String {
    const KIND: Kind = Kind::Text;

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        match input {
            Json::Str(text) => Ok(text.clone()),
            _ => refuse("string_type", "Input should be a valid string", input),
        }
    }

    fn dump_as(&self, _how: Dump) -> Json {
        Json::Str(self.clone())
    }

    fn into_json(self) -> Json {
        Json::Str(self)
    }
}
