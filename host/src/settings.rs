//! The settings: LiteLLM's config.yaml as JSON for the module, completed from the environment and the command line.

use crate::store::Database;
use latchkey_core::json::{Json, write};
use latchkey_core::settings::FROM_ENVIRONMENT;
use latchkey_core::tables::Lacking;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::path::{Path, PathBuf};

/// The database where none is named.
const DATABASE: &str = "latchkey.sqlite3";

/// What the server is to run with.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// For the module.
    config: Json,
    /// Where the rows are.
    pub database: Database,
    /// What names a variable of the environment that is not set.
    pub unset: Vec<String>,
}

/// Looks up a variable of the environment.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Settings {
    /// Reads the file at `path`, if there is one, and completes it. `database` wins over what the file names.
    pub fn load(
        path: Option<&Path>,
        database: Option<&str>,
        environment: Environment<'_>,
    ) -> Result<Self, String> {
        let text = match path {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| format!("the configuration `{}` cannot be read: {error}", path.display()))?,
            None => String::new(),
        };
        let parsed = parse(&text).map_err(|why| {
            format!("the configuration `{}` is no YAML: {why}", path.unwrap_or(Path::new("")).display())
        })?;
        Self::complete(parsed, database, environment)
    }

    /// Completes settings that were read.
    pub fn complete(
        config: Json,
        database: Option<&str>,
        environment: Environment<'_>,
    ) -> Result<Self, String> {
        let mut config = match config {
            Json::Null => Json::empty_dict(),
            Json::Dict(members) => Json::Dict(members),
            _ => return Err("the configuration is no mapping".to_owned()),
        };
        let unset = resolve(&mut config, environment, "");
        let mut settings = Self { config, database: Database::File(PathBuf::new()), unset };
        if let Some(key) = environment("LITELLM_MASTER_KEY").filter(|_| !settings.has_master_key()) {
            settings.set("general_settings", "master_key", Json::Str(key));
        }
        let named =
            settings.get("general_settings", "database_url").and_then(Json::as_str).map(str::to_owned);
        let named = database.map(str::to_owned).or(named).or_else(|| environment("DATABASE_URL"));
        let mut named = Json::Str(named.unwrap_or_else(|| DATABASE.to_owned()));
        let unset = resolve(&mut named, environment, "the database");
        if let Some(what) = unset.first() {
            return Err(what.clone());
        }
        settings.database = Database::named(named.as_str().unwrap_or_default())?;
        Ok(settings)
    }

    /// Whether a master key, or the digest of one, is among the settings.
    pub fn has_master_key(&self) -> bool {
        let is_set = |section, name| self.get(section, name).is_some_and(|value| !value.is_null());
        is_set("general_settings", "master_key") || is_set("latchkey", "master_key_sha256")
    }

    /// Puts the digest of a master key (lower-case hex of SHA-256) in.
    pub fn set_master_key_digest(&mut self, digest: &str) {
        self.set("latchkey", "master_key_sha256", Json::from(digest));
    }

    /// Puts in what the store lacks.
    pub fn set_store_lacks(&mut self, lacking: &Lacking) {
        let names = lacking.names().iter().map(|name| Json::from(name.as_str())).collect();
        self.set("latchkey", "store_lacks", Json::List(names));
    }

    /// The settings as the module reads them.
    pub fn to_json(&self) -> Vec<u8> {
        write(&self.config).into_bytes()
    }

    fn get(&self, section: &str, name: &str) -> Option<&Json> {
        self.config.get(section)?.get(name)
    }

    /// Sets a member of a section. A section that is no mapping is left for the module to refuse.
    fn set(&mut self, section: &'static str, name: &'static str, value: Json) {
        let mut members = match self.config.get(section) {
            None | Some(Json::Null) => Json::empty_dict(),
            Some(members) => members.clone(),
        };
        members.set(name, value);
        self.config.set(section, members);
    }
}

/// Reads YAML, and so JSON.
pub fn parse(text: &str) -> Result<Json, String> {
    if text.trim().is_empty() {
        return Ok(Json::Null);
    }
    // as PyYAML, by which LiteLLM reads it: the last of several members with one name counts, and an anchor may be used
    // however often
    let options = serde_saphyr::options! {
        with_snippet: false,
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::LastWins,
        budget: serde_saphyr::budget! { enforce_alias_anchor_ratio: false },
    };
    serde_saphyr::from_str_with_options(text, options)
        .map(|Yaml(value)| value)
        .map_err(|error| error.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What a word of the command line says, which may be `os.environ/NAME` as well: a password is not for everybody to see.
pub fn from_environment(word: &str) -> Result<String, String> {
    let mut value = Json::from(word);
    let unset = resolve(&mut value, &|name| std::env::var(name).ok(), "the database");
    match (unset.into_iter().next(), value) {
        (None, Json::Str(text)) => Ok(text),
        (unset, _) => Err(unset.unwrap_or_default()),
    }
}

/// Replaces each `os.environ/NAME` by the variable's value, and tells of those that are not set, which stay. `place` is
/// where the value stands, for people.
fn resolve(value: &mut Json, environment: Environment<'_>, place: &str) -> Vec<String> {
    let within = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    match value {
        Json::Str(text) => {
            let Some(name) = text.strip_prefix(FROM_ENVIRONMENT) else { return Vec::new() };
            match environment(name) {
                Some(found) => *text = found,
                None => return vec![format!("{place}: the variable `{name}` of the environment is not set")],
            }
            Vec::new()
        }
        Json::List(items) => {
            let items = items.iter_mut().enumerate();
            items.flat_map(|(at, item)| resolve(item, environment, &within(&at.to_string()))).collect()
        }
        Json::Dict(members) => {
            let members = members.iter_mut();
            members.flat_map(|(name, item)| resolve(item, environment, &within(name))).collect()
        }
        _ => Vec::new(),
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
        let mut dict = Json::empty_dict();
        // read as text: a name like `y` or `1` is no truth value and no number
        while let Some((name, Yaml(value))) = members.next_entry::<String, Yaml>()? {
            dict.set(name, value);
        }
        Ok(dict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, database: Option<&str>) -> Result<Settings, String> {
        let environment = |name: &str| match name {
            "LITELLM_MASTER_KEY" => Some("sk-env".to_owned()),
            "PROFILE" => Some("strict".to_owned()),
            _ => None,
        };
        Settings::complete(parse(text)?, database, &environment)
    }

    #[test]
    fn what_the_file_says_wins_over_the_environment() {
        let settings = load("general_settings: {master_key: sk-file}\n", None).unwrap();
        assert_eq!(settings.to_json(), br#"{"general_settings":{"master_key":"sk-file"}}"#);
        let settings = load("", None).unwrap();
        assert_eq!(settings.to_json(), br#"{"general_settings":{"master_key":"sk-env"}}"#);
        assert_eq!(settings.database, Database::File(DATABASE.into()));
    }

    #[test]
    fn yaml_becomes_json_with_its_order_and_its_kinds() {
        let text = "b: 1\na: [1.0, yes, 'yes', null, 12345678901234567890, os.environ/PROFILE, os.environ/NONE]\n\
                    x: &x {k: v}\ny: {<<: *x}\n1: ~\ngeneral_settings: {master_key: sk-a}";
        let settings = load(text, None).unwrap();
        assert_eq!(
            String::from_utf8(settings.to_json()).unwrap(),
            r#"{"b":1,"a":[1.0,true,"yes",null,12345678901234567890,"strict","os.environ/NONE"],"x":{"k":"v"},"y":{"k":"v"},"1":null,"general_settings":{"master_key":"sk-a"}}"#
        );
    }

    #[test]
    fn what_pyyaml_reads_is_read() {
        let mut text = String::from("x: &x {model: a}\nmodel_list:\n");
        for number in 0..150 {
            text.push_str(&format!("  - {{model_name: m{number}, litellm_params: {{<<: *x}}}}\n"));
        }
        text.push_str(
            "litellm_settings: {store_audit_logs: false}\nlitellm_settings: {store_audit_logs: true}\n",
        );
        let settings = load(&text, None).unwrap();
        let models = settings.config.get("model_list").and_then(Json::as_list);
        assert_eq!(models.map(<[Json]>::len), Some(150));
        assert_eq!(settings.get("litellm_settings", "store_audit_logs"), Some(&Json::Bool(true)));
    }

    #[test]
    fn a_variable_that_is_not_set_is_told_with_its_place() {
        let text = "general_settings: {litellm_key_header_name: os.environ/NONE, list: [os.environ/PROFILE, os.environ/NOT]}";
        let unset = load(text, None).unwrap().unset;
        assert_eq!(unset.len(), 2);
        assert!(unset[0].contains("general_settings.litellm_key_header_name") && unset[0].contains("`NONE`"));
        assert!(unset[1].contains("general_settings.list.1"), "{unset:?}");
        for (text, database) in
            [("", Some("os.environ/NONE")), ("general_settings: {database_url: os.environ/NONE}", None)]
        {
            assert!(load(text, database).unwrap_err().contains("`NONE`"));
        }
    }

    #[test]
    fn the_command_line_names_the_database_before_the_file() {
        let text = "general_settings: {database_url: 'postgresql://u:secret@h/d'}";
        assert_eq!(load(text, Some("sqlite:x.db")).unwrap().database, Database::File("x.db".into()));
        assert_eq!(load(text, None).unwrap().database.to_string(), "postgresql://h/d");
    }

    #[test]
    fn what_is_no_mapping_is_refused() {
        assert!(load("- a", None).is_err());
        assert!(load("a: [", None).is_err());
    }
}
