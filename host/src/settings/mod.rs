//! The settings: LiteLLM's config.yaml as JSON for the module, completed from the environment and the command line.

pub mod database;
pub mod environment;
mod include;
#[cfg(test)]
mod tests;
mod yaml;

pub use environment::Environment;
pub use yaml::parse;

use crate::engine::{EngineError, Module};
use crate::store::Database;
use environment::{Variables, resolve, said};
use latchkey_contract::json::{Json, write};
use latchkey_contract::tables::Lacking;
use latchkey_contract::wire::Report;
use std::path::{Path, PathBuf};

/// Who proves no key needs none: any digest will do where the settings have none.
pub const NO_KEY: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What the server is to run with.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// For the module.
    config: Json,
    /// Where the rows are.
    pub database: Database,
    /// The file they are from.
    pub file: Option<PathBuf>,
    /// What the operator should know of how they came together.
    pub warnings: Vec<String>,
}

impl Settings {
    /// Reads the file at `path`, or the one that `CONFIG_FILE_PATH` names, if there is one, and completes it. `database` wins
    /// over what the file names.
    pub fn load(
        path: Option<&Path>,
        database: Option<&str>,
        environment: Environment<'_>,
    ) -> Result<Self, String> {
        let mut warnings = Vec::new();
        let file = match path {
            Some(path) => Some(path.to_owned()),
            None if said(environment, "LITELLM_CONFIG_BUCKET_NAME").is_some() => {
                return Err("a configuration in a bucket (`LITELLM_CONFIG_BUCKET_NAME`) cannot be read: \
                            name a file with `--config`"
                    .to_owned());
            }
            None => said(environment, "CONFIG_FILE_PATH").map(PathBuf::from),
        };
        let merged = file.as_deref().map_or(Ok(Json::Null), |file| include::read(file, &mut warnings))?;
        let settings = Self::assemble(merged, database, environment, warnings)?;
        Ok(Self { file, ..settings })
    }

    /// Completes settings that were read.
    pub fn complete(
        config: Json,
        database: Option<&str>,
        environment: Environment<'_>,
    ) -> Result<Self, String> {
        let mut warnings = Vec::new();
        let config = include::with_included(config, Path::new(""), &mut warnings)?;
        Self::assemble(config, database, environment, warnings)
    }

    fn assemble(
        config: Json,
        database: Option<&str>,
        environment: Environment<'_>,
        mut warnings: Vec<String>,
    ) -> Result<Self, String> {
        let mut config = match config {
            Json::Null => Json::empty_dict(),
            Json::Dict(members) => Json::Dict(members),
            _ => return Err("the configuration is no mapping".to_owned()),
        };
        let variables = Variables::read(config.get("environment_variables"), environment, &mut warnings)?;
        let environment = &|name: &str| variables.get(environment, name);
        environment::judge(environment)?;
        let named = config.get("general_settings").and_then(|general| general.get("database_url"));
        let named = match named {
            None | Some(Json::Null) => None,
            Some(Json::Str(text)) => Some(text.as_str()),
            Some(_) => return Err("general_settings.database_url: must be text".to_owned()),
        };
        let database = database::choose(database, named, environment)?;
        resolve(&mut config, environment);
        let mut settings = Self { config, database, file: None, warnings };
        if let Some(key) = environment("LITELLM_MASTER_KEY").filter(|_| !settings.has_master_key()) {
            settings.set("general_settings", "master_key", Json::Str(key));
        }
        let own = settings.config.get("latchkey");
        let has_root_path = own.and_then(|own| own.get("root_path")).is_some_and(|path| !path.is_null());
        if let Some(path) = environment("SERVER_ROOT_PATH").filter(|_| !has_root_path) {
            settings.set("latchkey", "root_path", Json::Str(path));
        }
        settings.rotate_by(environment);
        Ok(settings)
    }

    /// What LiteLLM's variables say of keys that rotate by themselves, where the configuration does not.
    fn rotate_by(&mut self, environment: Environment<'_>) {
        type Read = fn(String) -> Json;
        let own = self.config.get("latchkey").and_then(|own| own.get("key_rotation"));
        let mut section = match own {
            None | Some(Json::Null) => Json::empty_dict(),
            Some(section) => section.clone(),
        };
        let number = |text: String| text.trim().parse().map_or(Json::Str(text), Json::Int);
        let variables: [(&str, &str, Read); 4] = [
            ("enabled", "LITELLM_KEY_ROTATION_ENABLED", |text| {
                Json::Bool(text.trim().eq_ignore_ascii_case("true"))
            }),
            ("check_interval_seconds", "LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS", number),
            ("lock_ttl_seconds", "LITELLM_KEY_ROTATION_LOCK_TTL_SECONDS", number),
            ("grace_period", "LITELLM_KEY_ROTATION_GRACE_PERIOD", Json::Str),
        ];
        let mut is_told = false;
        for (name, variable, read) in variables {
            if section.get(name).is_some_and(|value| !value.is_null()) {
                continue;
            }
            if let Some(text) = said(environment, variable) {
                section.set(name, read(text));
                is_told = true;
            }
        }
        if is_told {
            self.set("latchkey", "key_rotation", section);
        }
    }

    /// Whether a master key, or the digest of one, is among the settings.
    pub fn has_master_key(&self) -> bool {
        let is_set = |section, name| {
            let member = self.config.get(section).and_then(|section| section.get(name));
            member.is_some_and(|value| !value.is_null())
        };
        is_set("general_settings", "master_key") || is_set("latchkey", "master_key_sha256")
    }

    /// What the module says about the settings. A master key that is still to be made is not missed.
    pub fn judge(&self, module: &Module) -> Result<Report, EngineError> {
        let mut settings = self.clone();
        if !settings.has_master_key() {
            settings.set_master_key_digest(NO_KEY);
        }
        module.judge(&settings.to_json())
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

    /// Sets a member of a section. The module refuses a section that is not a mapping.
    fn set(&mut self, section: &'static str, name: &'static str, value: Json) {
        let mut members = match self.config.get(section) {
            None | Some(Json::Null) => Json::empty_dict(),
            Some(members) => members.clone(),
        };
        members.set(name, value);
        self.config.set(section, members);
    }
}
