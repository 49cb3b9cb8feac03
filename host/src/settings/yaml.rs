//! YAML, and so JSON, with members in their order.

use latchkey_contract::json::{Json, Name};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Sections in which a repeated name would drop its first value: a limit, or who gets in.
const OURS: &[&str] = &["general_settings", "litellm_settings", "latchkey", "environment_variables"];

/// Reads YAML. In the sections that count no name may be repeated; elsewhere the last value counts, as for PyYAML, by which
/// LiteLLM reads it.
pub fn parse(text: &str) -> Result<Json, String> {
    if text.trim().is_empty() {
        return Ok(Json::Null);
    }
    // an anchor may be used however often
    let options = serde_saphyr::options! {
        with_snippet: false,
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::PassThrough,
        budget: serde_saphyr::budget! { enforce_alias_anchor_ratio: false },
    };
    let Yaml(mut value) = serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| error.to_string().split_whitespace().collect::<Vec<_>>().join(" "))?;
    let mut repeated = Vec::new();
    last_wins(&mut value, "", &mut repeated);
    let counts = |path: &&String| {
        let (section, inner) = path.split_once('.').unwrap_or((path, ""));
        inner.is_empty() || OURS.contains(&section)
    };
    match repeated.iter().find(counts) {
        Some(path) => Err(format!("`{path}` stands there twice: keep one of them")),
        None => Ok(value),
    }
}

/// Keeps the last value of a repeated name, at the place of its first mention, and notes the name.
fn last_wins(value: &mut Json, path: &str, repeated: &mut Vec<String>) {
    let within = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Json::List(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                last_wins(item, &within(&at.to_string()), repeated);
            }
        }
        Json::Dict(members) => {
            let mut kept: Vec<(Name, Json)> = Vec::with_capacity(members.len());
            let mut places = std::collections::HashMap::new();
            for (name, mut value) in std::mem::take(members) {
                let path = within(&name);
                last_wins(&mut value, &path, repeated);
                match places.get(&name).and_then(|at: &usize| kept.get_mut(*at)) {
                    Some((_, earlier)) => {
                        repeated.push(path);
                        *earlier = value;
                    }
                    None => {
                        places.insert(name.clone(), kept.len());
                        kept.push((name, value));
                    }
                }
            }
            *members = kept;
        }
        _ => {}
    }
}

/// A YAML value as JSON, members in their order.
struct Yaml(Json);

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlVisitor).map(Self)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_none<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or_else(|_| Json::Big(value.to_string()), Json::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(Yaml(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut dict = Vec::new();
        // read as text: a name like `y` or `1` is neither a truth value nor a number
        while let Some((name, Yaml(value))) = members.next_entry::<String, Yaml>()? {
            dict.push((name.into(), value));
        }
        Ok(Json::Dict(dict))
    }
}
