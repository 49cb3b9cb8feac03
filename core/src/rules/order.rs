//! The rules of each operation on keys, in their order.
//!
//! A rule looks at a [`KeyDraft`], may change it, and passes or refuses. The server stops at the first refusal; `check` and
//! dry runs go on and report all of them.

use super::{
    KeyDraft, access_groups, alias_form, alias_unique, allowed_routes, amounts, budget_bounds, budget_known,
    budget_windows, caller_budget, caller_limits, changed_columns, custom_key, default_params, durations,
    end_user_budget, enforced_params, guaranteed_limits, key_count, key_organization, key_project, key_type,
    manage_key, member_permissions, metadata_fields, model_access_groups, model_max_budget,
    object_permission, own_team, own_user, owner, owner_keeps, owner_limits, permissions, personal_keys,
    required_kept, reserved_metadata, reserved_user, rotation, service_account, sizes, soft_budget,
    storable_key, tags, team_keys, team_known, team_move, temporary_budget, unsupported, upper_bounds,
};
use crate::context::{Context, Halt};
use crate::deviations::Hole;
use crate::error::Refusal;
use crate::verdict::{Passed, Said, decided};

/// A table of rules, each with the hole that it closes where release 1.60.8 has no such rule.
macro_rules! rules {
    (@closes) => { None };
    (@closes $hole:ident) => { Some(Hole::$hole) };
    ($($apply:path as $name:literal $(closes $hole:ident)?),+ $(,)?) => {
        &[$(Rule { name: $name, closes: rules!(@closes $($hole)?), apply: $apply }),+]
    };
}

/// One rule on a key that is about to be made or changed.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name in traces and verdicts.
    pub name: &'static str,
    /// The hole that it closes, where release 1.60.8 has no such rule.
    pub(crate) closes: Option<Hole>,
    /// The rule.
    pub apply: fn(&mut KeyDraft<'_>) -> Said,
}

impl Rule {
    /// What the rule says, unless the hole that it closes stays open in this profile.
    pub(crate) fn judge(&self, draft: &mut KeyDraft<'_>) -> Said {
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

    /// Applies the rules of an operation in order: it stops at the first refusal, its dry run hears all of them.
    pub(crate) fn judge_in(
        &mut self,
        cx: &Context<'_>,
        rules: &[Rule],
        wrap: fn(Refusal) -> Refusal,
    ) -> Result<(), Refusal> {
        rules.iter().try_for_each(|rule| cx.judge_as(rule.name, rule.judge(self), wrap))
    }

    /// Ends a dry run that some rule refuses; one that goes on shows the draft.
    pub(crate) fn settle(&self, cx: &Context<'_>) -> Result<(), Halt> {
        cx.conclude(|verdict| {
            if self.settings.custom_rule.is_some() && !verdict.is_allowed() {
                // it is not asked about what other rules refuse
                verdict.heard("custom_rule", Ok(Passed::Unknown));
            }
            self.conclude(verdict);
        });
        cx.settled()
    }

    /// The rules on a new key, or on a change, in the profile in force.
    pub const fn rules(&self) -> &'static [Rule] {
        match (self.before.is_some(), self.closes(Hole::defaults_are_judged)) {
            (false, true) => GENERATE_STRICT,
            (false, false) => GENERATE_LITELLM,
            (true, true) => UPDATE_STRICT,
            (true, false) => UPDATE_LITELLM,
        }
    }
}

/// The rules on a new key in profile `litellm-1.60`, in the order in which release 1.60.8 comes to them.
pub(crate) const GENERATE_LITELLM: &[Rule] = rules![
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
    sizes::asked as "sizes_asked" closes columns_are_bounded,
    default_params::apply as "default_params",
    owner::apply as "owner" closes key_has_an_owner,
    amounts::apply as "amounts" closes amounts_are_finite_and_not_negative,
    custom_key::well_formed as "custom_key_form" closes custom_key_has_a_form,
    team_known::apply as "team_known",
    own_user::apply as "own_user",
    team_keys::asking_user as "team_keys_asking_user",
    member_permissions::apply as "member_permissions" closes members_need_their_teams_permission,
    team_keys::assigned_user as "team_keys_assigned_user",
    team_keys::required_params as "team_keys_required_params",
    personal_keys::allowed_roles as "personal_keys_allowed_roles",
    personal_keys::required_params as "personal_keys_required_params",
    own_team::apply as "own_team",
    model_access_groups::apply as "model_access_groups",
    permissions::admin_only as "permissions" closes permissions_need_an_admin,
    permissions::config_admin_only as "config" closes configurations_need_an_admin,
    reserved_metadata::apply as "reserved_metadata" closes reserved_metadata_is_for_admins,
    budget_bounds::admin_only as "budget_admin" closes attached_budgets_are_bounded,
    key_type::routes_admin_only as "routes_admin" closes routes_of_keys_come_from_admins,
    key_organization::apply as "organization" closes organizations_of_keys_are_joined,
    key_project::apply as "project" closes projects_bound_their_keys,
    access_groups::apply as "access_groups" closes access_groups_need_a_permission,
    end_user_budget::apply as "end_user_budget" closes fields_of_today_are_kept,
    key_type::apply as "key_type" closes fields_of_today_are_kept,
    permissions::spend_routes as "spend_routes",
    upper_bounds::apply as "upper_bounds",
    caller_budget::apply as "caller_budget" closes keys_hand_on_no_larger_budget,
    soft_budget::apply as "soft_budget",
    tags::apply as "tags",
    enforced_params::apply as "enforced_params",
    alias_form::apply as "alias_form" closes aliases_have_a_form,
    alias_unique::apply as "alias_unique",
    member_permissions::duration as "member_key_duration" closes keys_of_members_end_in_time,
    allowed_routes::handed_on as "allowed_routes" closes keys_hand_on_their_routes,
    durations::expires as "expires",
    durations::budget_reset_at as "budget_reset_at",
    budget_windows::apply as "budget_windows" closes fields_of_today_are_kept,
    rotation::apply as "rotation" closes fields_of_today_are_kept,
    object_permission::apply as "object_permission" closes object_permissions_come_from_admins,
    metadata_fields::apply as "metadata_fields",
    temporary_budget::apply as "temporary_budget" closes temporary_budgets_are_bounded,
    model_max_budget::apply as "model_max_budget",
    reserved_user::apply as "reserved_user",
    custom_key::apply as "custom_key",
    budget_known::apply as "budget_known",
    budget_bounds::apply as "budget_bounds" closes attached_budgets_are_bounded,
    storable_key::apply as "storable",
    caller_limits::of_new as "caller_limits" closes keys_hand_on_their_limits,
    service_account::apply as "service_account" closes service_accounts_are_of_teams,
    key_count::apply as "key_count" closes keys_are_counted,
    guaranteed_limits::apply as "guaranteed_limits" closes guaranteed_limits_fit_their_team,
    sizes::stored as "sizes" closes columns_are_bounded,
];

/// The rules on the key that comes with a new user, in profile `litellm-1.60`.
pub(crate) const USER_LITELLM: &[Rule] = rules![
    durations::expires as "expires",
    durations::budget_reset_at as "budget_reset_at",
    metadata_fields::apply as "metadata_fields",
    model_max_budget::apply as "model_max_budget",
    permissions::spend_routes as "spend_routes",
];

/// The rules on a new user and the key that comes with it, in profile `strict`: those on every new key.
pub(crate) const USER_STRICT: &[Rule] = rules![
    sizes::asked as "sizes_asked" closes columns_are_bounded,
    amounts::apply as "amounts" closes amounts_are_finite_and_not_negative,
    reserved_metadata::apply as "reserved_metadata" closes reserved_metadata_is_for_admins,
    service_account::apply as "service_account" closes service_accounts_are_of_teams,
    team_known::apply as "team_known" closes teams_of_new_users_exist,
    permissions::spend_routes as "spend_routes",
    upper_bounds::apply as "upper_bounds" closes new_users_are_bounded,
    alias_form::apply as "alias_form" closes aliases_have_a_form,
    alias_unique::apply as "alias_unique" closes new_users_are_bounded,
    member_permissions::duration as "member_key_duration" closes keys_of_members_end_in_time,
    allowed_routes::handed_on as "allowed_routes" closes keys_hand_on_their_routes,
    durations::expires as "expires",
    durations::budget_reset_at as "budget_reset_at",
    budget_windows::apply as "budget_windows" closes fields_of_today_are_kept,
    metadata_fields::apply as "metadata_fields",
    temporary_budget::apply as "temporary_budget" closes temporary_budgets_are_bounded,
    model_max_budget::apply as "model_max_budget",
    reserved_user::apply as "reserved_user" closes new_users_are_bounded,
    object_permission::apply as "object_permission" closes object_permissions_come_from_admins,
    storable_key::apply as "storable" closes new_users_are_bounded,
    guaranteed_limits::apply as "guaranteed_limits" closes guaranteed_limits_fit_their_team,
    sizes::stored as "sizes" closes columns_are_bounded,
];

/// The rules on a change in profile `strict`.
pub const UPDATE_STRICT: &[Rule] = rules![
    manage_key::apply as "manage_key" closes keys_are_changed_by_their_own,
    member_permissions::apply as "member_permissions" closes members_need_their_teams_permission,
    sizes::asked as "sizes_asked" closes columns_are_bounded,
    amounts::apply as "amounts" closes changed_amounts_are_judged,
    team_known::apply as "team_known" closes changed_keys_have_known_teams,
    team_move::apply as "own_team" closes keys_leave_teams_as_new_ones,
    own_user::of_change as "own_user" closes keys_keep_an_owner,
    team_keys::assigned_user as "assigned_user" closes changed_keys_have_known_teams,
    model_access_groups::apply as "model_access_groups",
    permissions::admin_only as "permissions" closes permissions_need_an_admin,
    permissions::config_admin_only as "config" closes configurations_need_an_admin,
    budget_bounds::admin_only as "budget_admin" closes attached_budgets_are_bounded,
    key_type::routes_admin_only as "routes_admin" closes routes_of_keys_come_from_admins,
    key_organization::apply as "organization" closes organizations_of_keys_are_joined,
    key_project::apply as "project" closes projects_bound_their_keys,
    access_groups::apply as "access_groups" closes access_groups_need_a_permission,
    end_user_budget::apply as "end_user_budget" closes fields_of_today_are_kept,
    permissions::spend_routes as "spend_routes" closes licences_hold_for_changes,
    tags::apply as "tags" closes licences_hold_for_changes,
    upper_bounds::apply as "upper_bounds" closes bounds_hold_for_changes,
    changed_columns::apply as "changes",
    soft_budget::of_change as "soft_budget" closes fields_of_today_are_kept,
    budget_windows::apply as "budget_windows" closes fields_of_today_are_kept,
    rotation::apply as "rotation" closes fields_of_today_are_kept,
    object_permission::apply as "object_permission" closes object_permissions_come_from_admins,
    reserved_metadata::apply as "reserved_metadata" closes reserved_metadata_is_for_admins,
    service_account::apply as "service_account" closes service_accounts_are_of_teams,
    temporary_budget::apply as "temporary_budget" closes bounds_hold_for_changes,
    sizes::stored as "sizes" closes columns_are_bounded,
    storable_key::apply as "storable",
    team_move::within_limits as "team_limits" closes moved_keys_fit_their_team,
    member_permissions::duration as "member_key_duration" closes keys_of_members_end_in_time,
    required_kept::apply as "required_params" closes required_params_hold_for_changes,
    owner_keeps::place as "owner_moves_nothing" closes owners_loosen_nothing,
    owner_keeps::block as "owner_unblocks_nothing" closes owners_loosen_nothing,
    owner_keeps::expiry as "owner_revives_nothing" closes owners_loosen_nothing,
    owner_keeps::spend as "owner_keeps_spend" closes owners_loosen_nothing,
    owner_limits::apply as "owner_keeps_limits" closes owners_loosen_nothing,
    caller_limits::of_change as "caller_limits" closes keys_hand_on_their_limits,
    key_count::apply as "key_count" closes keys_are_counted,
    guaranteed_limits::apply as "guaranteed_limits" closes guaranteed_limits_fit_their_team,
    alias_form::apply as "alias_form" closes aliases_have_a_form,
    alias_unique::apply as "alias_unique",
    budget_known::apply as "budget_known",
    budget_bounds::apply as "budget_bounds" closes attached_budgets_are_bounded,
];

/// The rules on a change in profile `litellm-1.60`, after [`super::access`].
pub(crate) const UPDATE_LITELLM: &[Rule] = rules![
    changed_columns::apply as "changes",
    alias_unique::apply as "alias_unique",
    budget_known::as_the_database as "budget_known",
    storable_key::apply as "storable",
];

/// The rules on the new values of a regenerated key in profile `litellm-1.60`: nothing looks at the alias.
pub(crate) const REGENERATE_LITELLM: &[Rule] = rules![
    changed_columns::apply as "changes",
    unsupported::by_the_reference as "unsupported",
    budget_known::as_the_database as "budget_known",
    storable_key::apply as "storable",
];

#[cfg(test)]
mod tests {
    use super::*;

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
        // which the reference judges before it knows the key, see `rules::access`
        assert_eq!(unnamed(&strict, &reference), ["model_access_groups"]);
    }
}
