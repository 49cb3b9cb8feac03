//! Request models: what members a body may have, stated once for reading, dumping and describing.

use super::problem::all_under;
use super::{Dump, Field, FieldInfo, Problem, Value};
use latchkey_contract::json::Json;
use std::borrow::Cow;

/// A request model.
pub trait Model: Sized {
    /// The name in the reference, also in OpenAPI.
    const NAME: &'static str;

    /// All fields in the order of declaration, which is the order of problems and of dumps.
    fn fields() -> Vec<FieldInfo>;

    /// Reads the members of an object. Problems are added, then the answer is `None`.
    fn read_members(body: &Json, problems: &mut Vec<Problem>) -> Option<Self>;

    /// The field called `name` as JSON, `None` if there is none of this name.
    fn get_as(&self, name: &str, how: Dump) -> Option<Field<Json>>;

    /// [`Model::get_as`] with all fields of models within it.
    fn get(&self, name: &str) -> Option<Field<Json>> {
        self.get_as(name, Dump::ALL)
    }

    /// Adds the fields the request mentions to `set`.
    fn add_set(self, set: &mut Vec<(&'static str, Json)>);

    /// Converts `value` and gives it to the field called `name`; `None` if there is none of this name.
    fn put(&mut self, name: &str, value: &Json) -> Option<Result<(), Vec<Problem>>>;

    /// What is done with the input before anything is checked.
    fn prepare(input: &Json) -> Result<Cow<'_, Json>, Vec<Problem>> {
        Ok(Cow::Borrowed(input))
    }

    /// A rule about the input as a whole, checked before the fields.
    fn before(_input: &Json) -> Result<(), &'static str> {
        Ok(())
    }

    /// A rule about the model as a whole, checked when all fields are right.
    fn after(&self) -> Result<(), &'static str> {
        Ok(())
    }

    /// Reads a model, or tells all problems, their places relative to `input`.
    fn read_model(input: &Json) -> Result<Self, Vec<Problem>> {
        let input = &*Self::prepare(input)?;
        Self::before(input).map_err(|message| vec![Problem::rule(message, input)])?;
        if input.as_dict().is_none() {
            return Err(vec![Problem::not_a_model(input)]);
        }
        let mut problems = Vec::new();
        let model = Self::read_members(input, &mut problems).ok_or(problems)?;
        model.after().map_err(|message| vec![Problem::rule(message, input)])?;
        Ok(model)
    }

    /// Reads a model from a request's body, `None` being no body. The answer is `None` where the body is absent or
    /// `null`.
    fn read_optional(body: Option<&Json>) -> Result<Option<Self>, Vec<Problem>> {
        match body {
            None | Some(Json::Null) => Ok(None),
            Some(body) => Self::read_model(body).map(Some).map_err(|found| all_under(found, "body")),
        }
    }

    /// Reads a model from a request's body that must be there, `None` being no body.
    fn read_body(body: Option<&Json>) -> Result<Self, Vec<Problem>> {
        Self::read_optional(body)?.ok_or_else(|| vec![Problem::missing(&Json::Null).under("body")])
    }

    /// Whether the request mentions the field called `name`, be it with `null`.
    fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some_and(|field| field.is_set())
    }

    /// The fields with their values, in the order of declaration.
    fn dump_fields(&self, how: Dump) -> Vec<(&'static str, Json)> {
        let effective = |info: FieldInfo| {
            let value = match self.get_as(info.name, how)? {
                Field::Value(value) => value,
                Field::Null => Json::Null,
                Field::Absent if how.without_unset => return None,
                Field::Absent => (info.default)(),
            };
            (!how.without_null || !value.is_null()).then_some((info.name, value))
        };
        Self::fields().into_iter().filter_map(effective).collect()
    }

    /// The fields the request mentions, in the order of declaration.
    fn dump_set(&self) -> Vec<(&'static str, Json)> {
        self.dump_fields(Dump::SET)
    }

    /// [`Model::dump_set`] of a request that is not needed any more: no value is copied.
    fn into_set(self) -> Vec<(&'static str, Json)> {
        let mut set = Vec::with_capacity(16);
        self.add_set(&mut set);
        set
    }

    /// The fields the request mentions and does not set to `null`, in the order of declaration.
    fn dump_values(&self) -> Vec<(&'static str, Json)> {
        self.dump_fields(Dump::GIVEN)
    }

    /// All fields with their effective values, in the order of declaration.
    fn dump(&self) -> Vec<(&'static str, Json)> {
        self.dump_fields(Dump::ALL)
    }
}

/// Reads the member `name`, which may be absent.
pub(crate) fn optional<T: Value>(
    body: &Json,
    name: &'static str,
    nullable: bool,
    problems: &mut Vec<Problem>,
) -> Option<Field<T>> {
    match body.get(name) {
        None => Some(Field::Absent),
        Some(Json::Null) if nullable => Some(Field::Null),
        Some(value) => read_into(value, name, problems).map(Field::Value),
    }
}

/// Reads the member `name`, which must be there.
pub(crate) fn required<T: Value>(body: &Json, name: &'static str, problems: &mut Vec<Problem>) -> Option<T> {
    if let Some(value) = body.get(name) {
        return read_into(value, name, problems);
    }
    problems.push(Problem::missing(body).under(name));
    None
}

fn read_into<T: Value>(value: &Json, name: &'static str, problems: &mut Vec<Problem>) -> Option<T> {
    T::read(value).map_err(|found| problems.extend(all_under(found, name))).ok()
}

/// States a request model once.
///
/// A field is `required T`, `optional T` (absent, `null` or a value; default `null` unless stated) or `plain T` (absent
/// or a value); `recent T` is optional, and only profile strict knows it: LiteLLM 1.60.8 ignores it. A block `listed` or
/// `recent` has such fields in a table, see [`super::Values`]. `extends name: Model` puts the fields of another model in front; `null by default` lists fields of
/// that model whose default is `null` here. `prepare`, `before` and `after` name the functions of [`Model`].
macro_rules! request_model {
    ($(#[$doc:meta])* $vis:vis $model:ident {
        $(extends $base:ident: $base_type:ident $(, null by default [$($nulled:literal),+])?;)?
        $(prepare $prepare:path;)?
        $(before $before:path;)?
        $(after $after:path;)?
        $(#[doc = $about:literal] $field:ident: $mode:ident $type:ty $(= $default:expr)?),* $(,)?
    } $($block:ident $values:ident {
        $(#[doc = $listed_about:literal] $listed:ident: $listed_type:ty $(= $listed_default:expr)?),+ $(,)?
    })?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        $vis struct $model {
            $(#[doc = concat!("The fields of [`", stringify!($base_type), "`].")] pub(crate) $base: $base_type,)?
            $(#[doc = $about] pub(crate) $field: $crate::types::model::field_type!($mode $type),)*
            $(/// The fields that stand in a table.
            pub(crate) $values: $crate::types::Values,)?
        }

        impl $model {
            /// The fields that stand in a table, all of them optional.
            const LISTED: &[$crate::types::FieldInfo] = &[$($($crate::types::FieldInfo {
                name: stringify!($listed),
                kind: <$listed_type as $crate::types::Value>::KIND,
                nullable: true,
                required: false,
                recent: $crate::types::model::is_mode!(recent $block),
                default: || $crate::types::model::default_of!($($listed_default)?),
                about: $listed_about.trim_ascii(),
            }),+)?];
        }

        impl $crate::types::Model for $model {
            const NAME: &'static str = stringify!($model);

            fn fields() -> Vec<$crate::types::FieldInfo> {
                #[allow(unused_mut, unused_assignments, reason = "a model may have no base")]
                let mut fields: Vec<$crate::types::FieldInfo> = Vec::new();
                $(
                    fields = <$base_type as $crate::types::Model>::fields();
                    $(for field in fields.iter_mut().filter(|field| [$($nulled),+].contains(&field.name)) {
                        field.default = || latchkey_contract::json::Json::Null;
                    })?
                )?
                let own: &[$crate::types::FieldInfo] = &[$($crate::types::FieldInfo {
                    name: stringify!($field),
                    kind: <$type as $crate::types::Value>::KIND,
                    nullable: $crate::types::model::is_mode!(optional $mode) || $crate::types::model::is_mode!(recent $mode),
                    required: $crate::types::model::is_mode!(required $mode),
                    recent: $crate::types::model::is_mode!(recent $mode),
                    default: || $crate::types::model::default_of!($($default)?),
                    about: $about.trim_ascii(),
                }),*];
                fields.reserve_exact(own.len() + Self::LISTED.len());
                fields.extend_from_slice(own);
                fields.extend_from_slice(Self::LISTED);
                fields
            }

            fn read_members(body: &latchkey_contract::json::Json, problems: &mut Vec<$crate::types::Problem>) -> Option<Self> {
                $(let $base = <$base_type as $crate::types::Model>::read_members(body, problems);)?
                $(let $field = $crate::types::model::read_field!($mode $type, body, stringify!($field), problems);)*
                $(let $values = $crate::types::Values::read(Self::LISTED, body, problems);)?
                Some(Self { $($base: $base?,)? $($field: $field?,)* $($values: $values?,)? })
            }

            fn get_as(
                &self,
                name: &str,
                how: $crate::types::Dump,
            ) -> Option<$crate::types::Field<latchkey_contract::json::Json>> {
                $(if let Some(field) = $crate::types::Model::get_as(&self.$base, name, how) {
                    return Some(field);
                })?
                // a model may have fields of the table alone
                let _ = how;
                $(if let Some(field) = self.$values.get(Self::LISTED, name) {
                    return Some(field);
                })?
                match name {
                    $(stringify!($field) => Some($crate::types::model::get_field!($mode self.$field, how)),)*
                    _ => None,
                }
            }

            fn add_set(self, set: &mut Vec<(&'static str, latchkey_contract::json::Json)>) {
                $($crate::types::Model::add_set(self.$base, set);)?
                $($crate::types::model::add_field!($mode self.$field, stringify!($field), set);)*
                $(self.$values.add_to(set);)?
            }

            fn put(&mut self, name: &str, value: &latchkey_contract::json::Json) -> Option<Result<(), Vec<$crate::types::Problem>>> {
                $(if let Some(done) = $crate::types::Model::put(&mut self.$base, name, value) {
                    return Some(done);
                })?
                $(if let Some(done) = self.$values.put(Self::LISTED, name, value) {
                    return Some(done);
                })?
                match name {
                    $(stringify!($field) => Some(
                        $crate::types::model::put_field!($mode $type, self.$field, value),
                    ),)*
                    _ => None,
                }
            }

            $(fn prepare(
                input: &latchkey_contract::json::Json,
            ) -> Result<std::borrow::Cow<'_, latchkey_contract::json::Json>, Vec<$crate::types::Problem>> {
                $prepare(input)
            })?

            $(fn before(input: &latchkey_contract::json::Json) -> Result<(), &'static str> {
                $before(input)
            })?

            $(fn after(&self) -> Result<(), &'static str> {
                $after(self)
            })?
        }

        impl $crate::types::Value for $model {
            const KIND: $crate::types::Kind =
                $crate::types::Kind::Model(stringify!($model), <Self as $crate::types::Model>::fields);

            fn read(input: &latchkey_contract::json::Json) -> Result<Self, Vec<$crate::types::Problem>> {
                <Self as $crate::types::Model>::read_model(input)
            }

            fn dump_as(&self, how: $crate::types::Dump) -> latchkey_contract::json::Json {
                $crate::types::Model::dump_fields(self, how).into()
            }
        }
    };
}

macro_rules! field_type {
    (required $type:ty) => { $type };
    ($mode:ident $type:ty) => { $crate::types::Field<$type> };
}

macro_rules! is_mode {
    (required required) => {
        true
    };
    (recent recent) => {
        true
    };
    (optional optional) => {
        true
    };
    ($wanted:ident $mode:ident) => {
        false
    };
}

macro_rules! default_of {
    () => {
        latchkey_contract::json::Json::Null
    };
    ($default:expr) => {
        latchkey_contract::json::Json::from($default)
    };
}

macro_rules! read_field {
    (required $type:ty, $body:expr, $name:expr, $problems:expr) => {
        $crate::types::model::required::<$type>($body, $name, $problems)
    };
    (optional $type:ty, $body:expr, $name:expr, $problems:expr) => {
        $crate::types::model::optional::<$type>($body, $name, true, $problems)
    };
    (plain $type:ty, $body:expr, $name:expr, $problems:expr) => {
        $crate::types::model::optional::<$type>($body, $name, false, $problems)
    };
    (recent $type:ty, $body:expr, $name:expr, $problems:expr) => {
        $crate::types::model::optional::<$type>($body, $name, true, $problems)
    };
}

macro_rules! get_field {
    (required $place:expr, $how:expr) => {
        $crate::types::Field::Value($crate::types::Value::dump_as(&$place, $how))
    };
    ($mode:ident $place:expr, $how:expr) => {
        $place.as_ref().map(|value| $crate::types::Value::dump_as(value, $how))
    };
}

macro_rules! add_field {
    (required $place:expr, $name:expr, $set:expr) => {
        $set.push(($name, $crate::types::Value::into_json($place)))
    };
    ($mode:ident $place:expr, $name:expr, $set:expr) => {
        if let Some(value) = $place.set() {
            let value = value.map_or(latchkey_contract::json::Json::Null, $crate::types::Value::into_json);
            $set.push(($name, value));
        }
    };
}

macro_rules! put_field {
    (required $type:ty, $place:expr, $value:expr) => {
        <$type as $crate::types::Value>::read($value).map(|value| $place = value)
    };
    (recent $type:ty, $place:expr, $value:expr) => {
        $crate::types::model::put_field!(optional $type, $place, $value)
    };
    (optional $type:ty, $place:expr, $value:expr) => {
        if $value.is_null() {
            $place = $crate::types::Field::Null;
            Ok(())
        } else {
            <$type as $crate::types::Value>::read($value)
                .map(|value| $place = $crate::types::Field::Value(value))
        }
    };
    (plain $type:ty, $place:expr, $value:expr) => {
        <$type as $crate::types::Value>::read($value).map(|value| $place = $crate::types::Field::Value(value))
    };
}

pub(crate) use {
    add_field, default_of, field_type, get_field, is_mode, put_field, read_field, request_model,
};
