//! The rules, one file each, and the tables that give their order.
//!
//! A rule looks at a [`KeyDraft`], may change it, and passes or refuses. The server stops at the first refusal;
//! `check` goes on and reports all of them.

mod alias_unique;
pub(crate) mod allowed_routes;
mod amounts;
mod budget_bounds;
mod budget_known;
mod caller_budget;
mod caller_limits;
mod compare;
mod custom_key;
pub mod custom_rule;
mod default_params;
pub mod delete;
mod durations;
mod enforced_params;
mod grace;
mod key_count;
mod key_draft;
mod looser;
mod manage_key;
pub mod member_permissions;
mod metadata_fields;
mod model_access_groups;
mod model_max_budget;
mod organization_bounds;
mod own_team;
mod own_user;
mod owner;
mod permissions;
mod personal_keys;
mod required_params;
mod reserved_metadata;
mod reserved_user;
mod see_key;
mod service_account;
mod sizes;
mod soft_budget;
mod storable_key;
mod tags;
mod team_keys;
mod team_known;
mod temporary_budget;
mod time_span;
pub mod update;
mod upper_bounds;

pub(crate) use amounts::judge as judge_amount;
pub(crate) use budget_bounds::judge as judge_budget;
pub(crate) use budget_known::unknown as unknown_budget;
pub(crate) use caller_limits::{may_hold as may_hold_within_limits, shown as shown_limits};
pub(crate) use compare::compare;
pub(crate) use default_params::{FIELDS as DEFAULT_FIELDS, effective as effective_defaults};
pub(crate) use grace::works_until as grace_end;
pub use key_count::Counts;
pub use key_draft::{KeyDraft, Known, Source};
pub use manage_key::{Standing, may_hold, may_manage, may_manage_if_known, unknown_key};
pub(crate) use manage_key::{is_plain, may_administer, not_for_owners};
pub use model_max_budget::validate as validate_model_max_budget;
pub use organization_bounds::OrganizationBounds;
pub use own_team::may_use_team;
pub use own_user::may_act_for;
pub(crate) use required_params::is_invisible;
pub(crate) use reserved_metadata::{Entity, judge as judge_reserved};
pub use see_key::{administers, may_see_key, owns};
pub(crate) use sizes::{NAME_BYTES, judge_writes};
pub(crate) use team_known::as_seen_by;
pub(crate) use temporary_budget::in_force as temporary_increase_fits;
pub use time_span::seconds as duration_seconds;
pub(crate) use upper_bounds::is_above;

use crate::error::{Code, Kind, Refusal};
use crate::json::Json;

/// What a rule that did not refuse has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// Nothing to object.
    Allowed,
    /// The rule does not concern this request.
    NotApplicable,
    /// The rule changed the draft.
    Changed,
    /// What the rule must know is not known here, as when a form is checked without a store.
    Unknown,
}

/// The answer of a rule.
pub type Verdict = Result<Passed, Refusal>;

/// What the rule called `rule` said, where it decides. A rule that misses a fact refuses then: only `check` and `describe`,
/// which have no store, may leave a question open.
pub(crate) fn decided(rule: &str, said: Verdict) -> Result<(), Refusal> {
    match said? {
        Passed::Allowed | Passed::NotApplicable | Passed::Changed => Ok(()),
        Passed::Unknown => {
            let message = format!("nothing was decided: a fact is missing that rule `{rule}` needs");
            Err(Refusal::error(Code::FactMissing, 409, Kind::BadRequestError, Json::Null, message))
        }
    }
}

/// One rule on a key that is about to be made.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name in traces and verdicts.
    pub name: &'static str,
    /// The rule.
    pub apply: fn(&mut KeyDraft<'_>) -> Verdict,
}

macro_rules! rules {
    ($($module:ident :: $function:ident as $name:literal),+ $(,)?) => {
        &[$(Rule { name: $name, apply: $module::$function }),+]
    };
}

/// The rules on a new key in profile `litellm-1.60`, in the order in which release 1.60.8 comes to them.
pub const GENERATE_LITELLM: &[Rule] = rules![
    team_known::if_restricted as "team_known",
    team_keys::assigned_user as "team_keys_assigned_user",
    team_keys::asking_user as "team_keys_asking_user",
    team_keys::required_params as "team_keys_required_params",
    personal_keys::allowed_roles as "personal_keys_allowed_roles",
    personal_keys::required_params as "personal_keys_required_params",
    own_user::apply as "own_user",
    own_team::apply as "own_team",
    model_access_groups::apply as "model_access_groups",
    default_params::apply as "default_params",
    upper_bounds::apply as "upper_bounds",
    soft_budget::apply as "soft_budget",
    tags::as_the_reference as "tags",
    alias_unique::apply as "alias_unique",
    enforced_params::unsupported as "enforced_params",
    durations::expires as "expires",
    durations::budget_reset_at as "budget_reset_at",
    metadata_fields::apply as "metadata_fields",
    model_max_budget::apply as "model_max_budget",
    permissions::spend_routes as "spend_routes",
    reserved_user::apply as "reserved_user",
    custom_key::apply as "custom_key",
    budget_known::apply as "budget_known",
    storable_key::apply as "storable",
];

/// The rules on a new key in profile `strict`: defaults come first, so that they are judged like what was sent.
pub const GENERATE_STRICT: &[Rule] = rules![
    sizes::asked as "sizes_asked",
    default_params::apply as "default_params",
    owner::apply as "owner",
    amounts::apply as "amounts",
    custom_key::well_formed as "custom_key_form",
    team_known::always as "team_known",
    own_user::apply as "own_user",
    team_keys::asking_user as "team_keys_asking_user",
    member_permissions::generate as "member_permissions",
    team_keys::assigned_user as "team_keys_assigned_user",
    team_keys::required_params as "team_keys_required_params",
    personal_keys::allowed_roles as "personal_keys_allowed_roles",
    personal_keys::required_params as "personal_keys_required_params",
    own_team::strict as "own_team",
    model_access_groups::apply as "model_access_groups",
    permissions::admin_only as "permissions",
    permissions::config_admin_only as "config",
    reserved_metadata::draft as "reserved_metadata",
    budget_bounds::admin_only as "budget_admin",
    permissions::spend_routes as "spend_routes",
    upper_bounds::apply as "upper_bounds",
    caller_budget::apply as "caller_budget",
    soft_budget::apply as "soft_budget",
    tags::apply as "tags",
    enforced_params::apply as "enforced_params",
    alias_unique::apply as "alias_unique",
    member_permissions::duration as "member_key_duration",
    allowed_routes::handed_on as "allowed_routes",
    durations::expires as "expires",
    durations::budget_reset_at as "budget_reset_at",
    metadata_fields::apply as "metadata_fields",
    temporary_budget::apply as "temporary_budget",
    model_max_budget::apply as "model_max_budget",
    reserved_user::apply as "reserved_user",
    custom_key::unused as "custom_key",
    budget_known::apply as "budget_known",
    budget_bounds::apply as "budget_bounds",
    storable_key::apply as "storable",
    caller_limits::draft as "caller_limits",
    service_account::draft as "service_account",
    key_count::draft as "key_count",
    sizes::draft as "sizes",
];

/// The rules on the key that comes with a new user, in profile `litellm-1.60`.
pub const USER_LITELLM: &[Rule] = rules![
    durations::expires as "expires",
    durations::budget_reset_at as "budget_reset_at",
    metadata_fields::apply as "metadata_fields",
    model_max_budget::apply as "model_max_budget",
    permissions::spend_routes as "spend_routes",
];

/// The rules on a new user and the key that comes with it, in profile `strict`: those on every new key.
pub const USER_STRICT: &[Rule] = rules![
    sizes::asked as "sizes_asked",
    amounts::apply as "amounts",
    reserved_metadata::draft as "reserved_metadata",
    service_account::draft as "service_account",
    team_known::always as "team_known",
    permissions::spend_routes as "spend_routes",
    upper_bounds::apply as "upper_bounds",
    alias_unique::apply as "alias_unique",
    member_permissions::duration as "member_key_duration",
    allowed_routes::handed_on as "allowed_routes",
    durations::expires as "expires",
    durations::budget_reset_at as "budget_reset_at",
    metadata_fields::apply as "metadata_fields",
    temporary_budget::apply as "temporary_budget",
    model_max_budget::apply as "model_max_budget",
    reserved_user::apply as "reserved_user",
    storable_key::apply as "storable",
    sizes::draft as "sizes",
];
