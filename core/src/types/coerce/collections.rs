//! Arrays and objects.

use super::{Dump, Kind, Problem, Value, refuse};
use crate::types::problem::all_under;
use latchkey_contract::json::{Json, Name};

impl<T: Value> Value for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        let Json::List(items) = input else {
            return refuse("list_type", "Input should be a valid list", input);
        };
        let mut values = Self::with_capacity(items.len());
        let mut problems = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match T::read(item) {
                Ok(value) => values.push(value),
                Err(found) => problems.extend(found.into_iter().map(|problem| problem.at(index))),
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(problems) }
    }

    fn dump_as(&self, how: Dump) -> Json {
        Json::List(self.iter().map(|item| item.dump_as(how)).collect())
    }

    fn into_json(self) -> Json {
        Json::List(self.into_iter().map(T::into_json).collect())
    }
}

/// An object with any names, in the order of the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Dict<T = Json>(pub Vec<(String, T)>);

impl<T> Dict<T> {
    /// The value of `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

impl<T: Value> Value for Dict<T> {
    const KIND: Kind = Kind::Dict(&T::KIND);

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        let Json::Dict(members) = input else {
            return refuse("dict_type", "Input should be a valid dictionary", input);
        };
        let mut values = Vec::with_capacity(members.len());
        let mut problems = Vec::new();
        for (name, member) in members {
            match T::read(member) {
                Ok(value) => values.push((name.to_string(), value)),
                Err(found) => problems.extend(all_under(found, name.clone())),
            }
        }
        if problems.is_empty() { Ok(Self(values)) } else { Err(problems) }
    }

    fn dump_as(&self, how: Dump) -> Json {
        Json::Dict(
            self.0.iter().map(|(name, value)| (Name::Owned(name.clone()), value.dump_as(how))).collect(),
        )
    }

    fn into_json(self) -> Json {
        Json::Dict(self.0.into_iter().map(|(name, value)| (Name::Owned(name), value.into_json())).collect())
    }
}
