//! The settings: LiteLLM's config.yaml as it is, and a section of our own called `latchkey`.

pub(crate) mod alone;
mod bounds;
pub(crate) mod defaults;
mod key_generation;
pub(crate) mod key_rotation;
mod master_key;
mod names;
mod objections;
mod placement;
mod probes;
pub(crate) mod read;
pub(crate) mod routes;
mod section;
mod serving;
mod shown;
#[cfg(test)]
mod tests;
mod upstream;
mod wrapped;

pub(crate) use key_generation::{KeyGeneration, PersonalKeys, TeamKeys, UpperBounds};
pub(crate) use key_rotation::KeyRotation;
pub(crate) use probes::LANGFUSE_HOST;
pub(crate) use probes::Probes;
pub(crate) use section::Problem;
pub(crate) use serving::{FIRST_SEGMENTS, InFlight, Serving};

use crate::deviations::{Hole, NAMES};
use crate::types::FieldInfo;
use latchkey_contract::json::{Json, Name};
use latchkey_contract::tables::{Column, Lacking, Schema, Table};

/// Which answers the rules give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// LiteLLM's routes, shapes and messages, with its holes closed.
    #[default]
    Strict,
    /// What release 1.60.8 answers, holes included.
    Litellm160,
}

impl Profile {
    /// The name in the settings and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Litellm160 => "litellm-1.60",
        }
    }

    /// Whether this hole is closed.
    pub(crate) const fn closes(self, _hole: Hole) -> bool {
        self.is_strict()
    }

    /// Whether there are the routes and parameters that release 1.60.8 does not have: they close no hole of it.
    pub(crate) const fn has_own_routes(self) -> bool {
        self.is_strict()
    }

    /// Whether the holes are closed: beside the reader of the settings, whose start is as tolerant as the release's in
    /// profile `litellm-1.60`, nobody asks for more than one hole.
    const fn is_strict(self) -> bool {
        matches!(self, Self::Strict)
    }
}

/// All settings in force.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Which answers the rules give.
    pub profile: Profile,
    /// Whether features count as licensed that LiteLLM sells.
    pub premium_user: bool,
    /// SHA-256 of the master key.
    pub master_key_sha256: [u8; 32],
    /// The header that carries the key instead of `Authorization`, in lower case.
    pub key_header_name: Option<String>,
    /// Routes only for proxy admins (`general_settings.admin_only_routes`).
    pub admin_only_routes: Option<Vec<String>>,
    /// The only routes there are (`general_settings.allowed_routes`).
    pub allowed_routes: Option<Vec<String>>,
    /// Routes without authentication (`general_settings.public_routes`, licensed).
    pub public_routes: Vec<String>,
    /// Whether a body may name an upstream (`general_settings.allow_client_side_credentials`).
    pub allow_client_side_credentials: bool,
    /// What requests of service accounts must name (`general_settings.service_account_settings.enforced_params`).
    pub service_account_params: Vec<String>,
    /// Whether e-mail alerting is set up (`general_settings.alerting`).
    pub email_alerting: bool,
    /// Whether each change leaves an audit row.
    pub store_audit_logs: bool,
    /// The module with the operator's own rule (`general_settings.custom_key_generate`).
    pub custom_rule: Option<String>,
    /// Whether no key may bring its own secret (`general_settings.disable_custom_api_keys`).
    pub disable_custom_keys: bool,
    /// Who may create which keys.
    pub key_generation: Option<KeyGeneration>,
    /// Values for fields that a request for a key leaves out; null members are absent.
    pub default_key_params: Option<Vec<(Name, Json)>>,
    /// Upper bounds of a key's fields.
    pub upper_bounds: Option<UpperBounds>,
    /// Values for fields that a request for an internal user leaves out.
    pub default_user_params: Vec<(Name, Json)>,
    /// The budget of an internal user who gets none (`max_internal_user_budget`).
    pub max_user_budget: Option<f64>,
    /// The budget duration of an internal user who gets none (`internal_user_budget_duration`).
    pub user_budget_duration: Option<String>,
    /// Keys that a user may have, but for those a proxy admin makes.
    pub max_keys_per_user: KeyLimit,
    /// Keys that a team may have, but for those a proxy admin makes.
    pub max_keys_per_team: KeyLimit,
    /// What `/key/health` may send where.
    pub probes: Option<Probes>,
    /// How keys get another secret by themselves, if they do.
    pub key_rotation: Option<KeyRotation>,
    /// The models of `model_list`.
    pub models: Vec<Model>,
    /// What the operator should know of these settings.
    pub warnings: Vec<Problem>,
    /// How the API is served.
    pub serving: Serving,
    /// Which tables and columns the store does not have (`latchkey.store_lacks`, which the shell sets).
    pub lacking: Lacking,
}

/// How many keys one user or team may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyLimit(pub u64);

impl Default for KeyLimit {
    fn default() -> Self {
        Self(10_000)
    }
}

/// One entry of `model_list`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    /// The name clients call it by; `*` stands for any text.
    pub name: String,
    /// The access groups it is in.
    pub access_groups: Vec<String>,
}

impl Settings {
    /// The operator's default team, which strict judges like one that was asked for.
    pub(crate) fn default_team(&self) -> Option<&str> {
        let is_judged = self.closes(Hole::defaults_are_judged);
        let defaults = self.default_key_params.as_deref().filter(|_| is_judged)?;
        defaults.iter().find(|(name, _)| name == "team_id").and_then(|(_, value)| value.as_str())
    }

    /// Whether `group` is a model access group with a wildcard model in it (`openai/*`).
    pub fn is_wildcard_access_group(&self, group: &str) -> bool {
        self.models
            .iter()
            .any(|model| model.name.contains('*') && model.access_groups.iter().any(|name| name == group))
    }

    /// Whether this hole of the reference is closed.
    pub(crate) const fn closes(&self, hole: Hole) -> bool {
        self.profile.closes(hole)
    }

    /// Whether requests have this field in the profile.
    pub(crate) const fn knows(&self, field: &FieldInfo) -> bool {
        !field.recent || self.closes(Hole::fields_of_today_are_kept)
    }

    /// Whether the profile knows an optional column of table `T` and the store has it.
    pub(crate) fn keeps<T: Table>(&self, column: &str) -> bool {
        self.closes(Hole::fields_of_today_are_kept) && self.lacking.has_column::<T>(column)
    }

    /// Whether the profile knows the column and the store has it. Release 1.60.8 has no column that is optional.
    pub(crate) fn has(&self, table: &Schema, column: &Column) -> bool {
        let is_known = self.closes(Hole::fields_of_today_are_kept);
        !column.optional || (is_known && !self.lacking.lacks_column(table, column.name))
    }

    /// The names of the holes of the reference that are open.
    pub fn open_holes(&self) -> Vec<&'static str> {
        if self.profile.is_strict() {
            return Vec::new();
        }
        NAMES.to_vec()
    }
}
