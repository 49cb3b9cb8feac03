//! The rules, one file each, and the tables that give their order.
//!
//! A rule looks at a [`KeyDraft`], may change it, and passes or refuses. The server stops at the first refusal;
//! `check` goes on and reports all of them.

/// The rules of a table, in their order, with the hole that each closes which release 1.60.8 does not have.
macro_rules! rules {
    (@closes) => { None };
    (@closes $hole:ident) => { Some(crate::deviations::Hole::$hole) };
    ($rule:ident: $($apply:path as $name:literal $(closes $hole:ident)?),+ $(,)?) => {
        &[$($rule { name: $name, closes: rules!(@closes $($hole)?), apply: $apply }),+]
    };
}

mod alias_unique;
pub(crate) mod allowed_routes;
mod amounts;
mod budget_bounds;
mod budget_known;
mod caller_budget;
mod caller_limits;
mod compare;
mod custom_key;
pub(crate) mod custom_rule;
mod default_params;
pub(crate) mod delete;
mod durations;
mod enforced_params;
mod grace;
mod key_count;
mod key_draft;
pub(crate) mod key_fields;
mod key_route;
mod known;
mod manage_key;
pub(crate) mod member_permissions;
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
pub(crate) mod update;
mod upper_bounds;
mod verdict;

pub(crate) use amounts::{judge as judge_amount, judge_positive};
pub(crate) use budget_bounds::judge as judge_budget;
pub(crate) use budget_known::unknown as unknown_budget;
pub(crate) use caller_limits::{may_hold as may_hold_within_limits, shown as shown_limits};
pub(crate) use compare::compare;
pub(crate) use default_params::effective as effective_defaults;
pub(crate) use grace::works_until as grace_end;
pub use key_draft::{KeyDraft, Source};
pub(crate) use key_route::KeyRoute;
pub(crate) use known::{Counts, Known};
pub use manage_key::Standing;
pub(crate) use manage_key::{is_plain, may_administer, not_for_owners};
pub(crate) use manage_key::{may_hold, may_manage, may_manage_if_known, unknown_key};
pub(crate) use model_max_budget::validate as validate_model_max_budget;
pub(crate) use organization_bounds::OrganizationBounds;
pub(crate) use own_team::may_use_team;
pub(crate) use own_user::may_act_for;
pub(crate) use required_params::is_invisible;
pub(crate) use reserved_metadata::{Entity, judge as judge_reserved};
pub(crate) use see_key::{administers, may_see_key, owns};
pub(crate) use sizes::{NAME_BYTES, bounded};
pub(crate) use team_known::as_seen_by;
pub(crate) use temporary_budget::in_force as temporary_increase_fits;
pub(crate) use time_span::seconds as duration_seconds;
pub(crate) use upper_bounds::is_above;
pub(crate) use verdict::decided;
pub(crate) use verdict::{Passed, Verdict};

use crate::deviations::Hole;
use crate::error::Refusal;

/// One rule on a key that is about to be made.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name in traces and verdicts.
    pub name: &'static str,
    /// The hole that it closes, where release 1.60.8 has no such rule.
    pub(crate) closes: Option<Hole>,
    /// The rule.
    pub apply: fn(&mut KeyDraft<'_>) -> Verdict,
}

impl Rule {
    /// What the rule says, unless the hole that it closes stands open.
    pub(crate) fn judge(&self, draft: &mut KeyDraft<'_>) -> Verdict {
        match self.closes {
            Some(hole) if !draft.closes(hole) => Ok(Passed::NotApplicable),
            _ => (self.apply)(draft),
        }
    }
}

impl KeyDraft<'_> {
    /// Applies the rules in order and stops at the first refusal; all facts are there.
    pub fn judge(&mut self, rules: &[Rule]) -> Result<(), Refusal> {
        rules.iter().try_for_each(|rule| decided(rule.name, rule.judge(self)))
    }

    /// The rules on a new key in the profile in force.
    pub const fn rules(&self) -> &'static [Rule] {
        match self.closes(Hole::defaults_are_judged) {
            true => GENERATE_STRICT,
            false => GENERATE_LITELLM,
        }
    }
}

/// The rules on a new key in profile `litellm-1.60`, in the order in which release 1.60.8 comes to them.
pub(crate) const GENERATE_LITELLM: &[Rule] = rules![
    Rule:
    team_known::apply as "team_known",
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
    tags::apply as "tags",
    alias_unique::apply as "alias_unique",
    enforced_params::apply as "enforced_params",
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
    Rule:
    sizes::asked as "sizes_asked" closes columns_are_bounded,
    default_params::apply as "default_params",
    owner::apply as "owner" closes key_has_an_owner,
    amounts::apply as "amounts" closes amounts_are_finite_and_not_negative,
    custom_key::well_formed as "custom_key_form" closes custom_key_has_a_form,
    team_known::apply as "team_known",
    own_user::apply as "own_user",
    team_keys::asking_user as "team_keys_asking_user",
    member_permissions::generate as "member_permissions" closes members_need_their_teams_permission,
    team_keys::assigned_user as "team_keys_assigned_user",
    team_keys::required_params as "team_keys_required_params",
    personal_keys::allowed_roles as "personal_keys_allowed_roles",
    personal_keys::required_params as "personal_keys_required_params",
    own_team::apply as "own_team",
    model_access_groups::apply as "model_access_groups",
    permissions::admin_only as "permissions" closes permissions_need_an_admin,
    permissions::config_admin_only as "config" closes configurations_need_an_admin,
    reserved_metadata::draft as "reserved_metadata" closes reserved_metadata_is_for_admins,
    budget_bounds::admin_only as "budget_admin" closes attached_budgets_are_bounded,
    permissions::spend_routes as "spend_routes",
    upper_bounds::apply as "upper_bounds",
    caller_budget::apply as "caller_budget" closes keys_hand_on_no_larger_budget,
    soft_budget::apply as "soft_budget",
    tags::apply as "tags",
    enforced_params::apply as "enforced_params",
    alias_unique::apply as "alias_unique",
    member_permissions::duration as "member_key_duration" closes keys_of_members_end_in_time,
    allowed_routes::handed_on as "allowed_routes" closes keys_hand_on_their_routes,
    durations::expires as "expires",
    durations::budget_reset_at as "budget_reset_at",
    metadata_fields::apply as "metadata_fields",
    temporary_budget::apply as "temporary_budget" closes temporary_budgets_are_bounded,
    model_max_budget::apply as "model_max_budget",
    reserved_user::apply as "reserved_user",
    custom_key::apply as "custom_key",
    budget_known::apply as "budget_known",
    budget_bounds::apply as "budget_bounds" closes attached_budgets_are_bounded,
    storable_key::apply as "storable",
    caller_limits::draft as "caller_limits" closes keys_hand_on_their_limits,
    service_account::draft as "service_account" closes service_accounts_are_of_teams,
    key_count::draft as "key_count" closes keys_are_counted,
    sizes::draft as "sizes" closes columns_are_bounded,
];

/// The rules on the key that comes with a new user, in profile `litellm-1.60`.
pub(crate) const USER_LITELLM: &[Rule] = rules![
    Rule:
    durations::expires as "expires",
    durations::budget_reset_at as "budget_reset_at",
    metadata_fields::apply as "metadata_fields",
    model_max_budget::apply as "model_max_budget",
    permissions::spend_routes as "spend_routes",
];

/// The rules on a new user and the key that comes with it, in profile `strict`: those on every new key.
pub(crate) const USER_STRICT: &[Rule] = rules![
    Rule:
    sizes::asked as "sizes_asked" closes columns_are_bounded,
    amounts::apply as "amounts" closes amounts_are_finite_and_not_negative,
    reserved_metadata::draft as "reserved_metadata" closes reserved_metadata_is_for_admins,
    service_account::draft as "service_account" closes service_accounts_are_of_teams,
    team_known::apply as "team_known" closes teams_of_new_users_exist,
    permissions::spend_routes as "spend_routes",
    upper_bounds::apply as "upper_bounds" closes new_users_are_bounded,
    alias_unique::apply as "alias_unique" closes new_users_are_bounded,
    member_permissions::duration as "member_key_duration" closes keys_of_members_end_in_time,
    allowed_routes::handed_on as "allowed_routes" closes keys_hand_on_their_routes,
    durations::expires as "expires",
    durations::budget_reset_at as "budget_reset_at",
    metadata_fields::apply as "metadata_fields",
    temporary_budget::apply as "temporary_budget" closes temporary_budgets_are_bounded,
    model_max_budget::apply as "model_max_budget",
    reserved_user::apply as "reserved_user" closes new_users_are_bounded,
    storable_key::apply as "storable" closes new_users_are_bounded,
    sizes::draft as "sizes" closes columns_are_bounded,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::update::{UPDATE_LITELLM, UPDATE_STRICT};

    /// The rules that close nothing and have no counterpart of this name in the reference.
    fn unnamed(strict: &[(&'static str, Option<Hole>)], reference: &[&str]) -> Vec<&'static str> {
        let is_unnamed =
            |(name, closes): &&(&str, Option<Hole>)| closes.is_none() && !reference.contains(name);
        strict.iter().filter(is_unnamed).map(|(name, _)| *name).collect()
    }

    #[test]
    fn a_rule_that_the_reference_does_not_have_closes_a_hole() {
        for (strict, reference) in [(GENERATE_STRICT, GENERATE_LITELLM), (USER_STRICT, USER_LITELLM)] {
            let strict: Vec<_> = strict.iter().map(|rule| (rule.name, rule.closes)).collect();
            let reference: Vec<_> = reference.iter().map(|rule| rule.name).collect();
            assert_eq!(unnamed(&strict, &reference), Vec::<&str>::new());
        }
        let strict: Vec<_> = UPDATE_STRICT.iter().map(|rule| (rule.name, rule.closes)).collect();
        let reference: Vec<_> = UPDATE_LITELLM.iter().map(|rule| rule.name).collect();
        // which the reference judges before it knows the key, see `update::access`
        assert_eq!(unnamed(&strict, &reference), ["model_access_groups"]);
    }
}
