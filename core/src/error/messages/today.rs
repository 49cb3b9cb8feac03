//! Texts of LiteLLM's release 1.109, whose rules release 1.60.8 does not have.

use super::names;

/// On a session that may only change a password.
pub(crate) const PASSWORD_RESET_REQUIRED: &str = "This account's password must be changed before the session can be used: it was either found in a known data breach or set by an admin. Change it via POST /user/password/change (UI: /ui/change-password), then log in again.";

/// On a team without a list of models that moves to an organization with one.
pub(crate) const MOVED_TEAM_HAS_ALL_MODELS: &str =
    "Cannot move team to organization. Team has access to all proxy models, but the organization does not.";

/// On a key that is not stored.
pub(crate) const INVALID_KEY: &str = "Invalid API key provided.";

/// On a blocked key.
pub(crate) const BLOCKED_KEY: &str = "Key is blocked. Update via `/key/unblock` if you're an admin.";

/// On permissions from others than proxy admins.
pub(crate) const ONLY_ADMINS_SET_PERMISSIONS: &str = "Only proxy admins can set `permissions`.";

/// On a key of the caller's own making that is too short.
pub(crate) const CUSTOM_KEY_TOO_SHORT: &str =
    "Invalid key format. LiteLLM Virtual Key must be at least 16 characters long.";

/// On a wanted secret of a key that is regenerated, which is too short.
pub(crate) const NEW_KEY_TOO_SHORT: &str = "New key must be at least 16 characters long.";

/// On one that begins otherwise.
pub(crate) const NEW_KEY_BEGINS_OTHERWISE: &str = "New key must start with 'sk-'. This is to distinguish a key hash \
     (used by litellm for logging / internal logic) from the actual key.";

/// On a key of the caller's own making that begins otherwise; LiteLLM shows some of it.
pub(crate) const CUSTOM_KEY_BEGINS_OTHERWISE: &str =
    "Invalid key format. LiteLLM Virtual Key must start with 'sk-'. Received: ****";

/// A user's id in a message about somebody's role: the first six and the last two characters, where it has more.
pub(crate) fn masked_user_id(user_id: &str) -> String {
    let length = user_id.chars().count();
    match length {
        0..=4 => "***".to_owned(),
        5..=8 => "*".repeat(length),
        _ => masked(user_id, 6, 2),
    }
}

/// A text with stars but for its beginning and its end.
pub(crate) fn masked(text: &str, prefix: usize, suffix: usize) -> String {
    let length = text.chars().count();
    let is_shown = |at: usize| at < prefix || at >= length.saturating_sub(suffix);
    text.chars().enumerate().map(|(at, letter)| if is_shown(at) { letter } else { '*' }).collect()
}

/// On a list of routes from others than proxy admins.
pub(crate) const ONLY_ADMINS_SET_ROUTES: &str = "Only proxy admins can set `allowed_routes` on a key. Use `key_type` to pick a preset route bucket instead.";

/// On an organization of a key from others than its members.
pub(crate) fn not_of_organization(id: &str) -> String {
    format!("Caller is not a member of organization_id={id}")
}

/// On an organization of a key that does not exist.
pub(crate) fn organization_not_in_db(id: &str) -> String {
    format!(
        "Organization doesn't exist in db. Organization={id}. Create organization via `/organization/new` call."
    )
}

/// On a key that is to go from one project to another.
pub(crate) const PROJECT_STAYS: &str = "Project reassignment is not supported. Use null to detach the key.";

/// On a project of a key that does not exist.
pub(crate) fn project_not_found(id: &str) -> String {
    format!("Project not found, project_id={id}")
}

/// On a project of another team than the key's.
pub(crate) fn project_of_other_team(id: &str, owner: &str, team_id: Option<&str>) -> String {
    let team_id = team_id.unwrap_or("no team");
    format!(
        "Project {id} belongs to team {owner}, but the key belongs to {team_id}. A key can only be attached to a project owned by its own team."
    )
}

/// On a model of a key that its project may not call; `models` is printed as a list.
pub(crate) fn model_not_of_project(model: &str, models: &str, id: &str) -> String {
    format!("Model '{model}' not in project's allowed models. Project allowed models={models}. Project: {id}")
}

/// On a budget of a key above that of its project.
pub(crate) fn key_above_project(own: &str, most: &str, id: &str) -> String {
    format!("Key max_budget ({own}) exceeds project's max_budget ({most}). Project: {id}")
}

/// On a budget of end users that does not exist.
pub(crate) fn end_user_budget_unknown(id: &str) -> String {
    format!("end_user_budget_id={id} does not match any budget.")
}

/// On groups of models for a key without a team; `groups` is printed as a list.
pub(crate) fn access_groups_without_team(groups: &str) -> String {
    format!(
        "Key is not in a team. Access groups cannot be assigned to personal keys by non-admin callers. Disallowed access groups: {groups}."
    )
}

/// On groups of models from members whose team does not permit it.
pub(crate) fn access_groups_not_permitted(team_id: &str) -> String {
    format!(
        "Team members cannot assign access groups to keys for team {team_id}. Ask a team or proxy admin to enable the '/key/access_group_assignment' team member permission to allow this."
    )
}

/// On a budget with a window above the budget of the calling key.
pub(crate) fn window_above_the_callers_budget(asked: &str, own: &str) -> String {
    format!("budget_limits entry max_budget ({asked}) cannot exceed the caller's own max_budget ({own}).")
}

/// On a soft budget that is not below the budget.
pub(crate) fn soft_budget_not_below(soft: &str, max: &str) -> String {
    format!("soft_budget ({soft}) must be strictly lower than max_budget ({max})")
}

/// On a budget that is not above the soft budget.
pub(crate) fn max_budget_not_above(max: &str, soft: &str) -> String {
    format!("max_budget ({max}) must be strictly greater than soft_budget ({soft})")
}

/// On a route that a key's list does not name.
pub(crate) fn key_route_not_allowed(allowed: &[String], route: &str) -> String {
    format!(
        "Virtual key is not allowed to call this route. Only allowed to call routes: {}. Tried to call route: {route}",
        names(allowed)
    )
}

/// On the key of a user whom the identity provider has deactivated.
pub(crate) fn user_deactivated(user_id: &str) -> String {
    format!("User={user_id} has been deactivated via SCIM. Keys owned by this user cannot be used.")
}

/// On a key of a blocked project.
pub(crate) fn project_blocked(project_id: &str) -> String {
    format!("Project={project_id} is blocked. Update via `/project/update` if you're an admin.")
}

/// On a key of a blocked team, with another ending than in release 1.60.8.
pub(crate) fn team_is_blocked(team_id: &str) -> String {
    format!("Team={team_id} is blocked. Update via `/team/unblock` if you're an admin.")
}

/// On a member of a team who may not do this with its keys.
pub(crate) fn member_not_permitted(endpoint: &str, allowed: &[String], team_id: &str) -> String {
    format!(
        "Team member does not have permissions for endpoint: {endpoint}. You only have access to the following endpoints: {} for team {team_id}. To create keys for this team, please ask your proxy admin to check the team member permission settings and update the settings to allow team member users to create keys.",
        names(allowed)
    )
}

/// On the owner of a team's key who is no member of the team.
pub(crate) fn member_of_other_team(user_id: &str, team_id: &str) -> String {
    format!(
        "User {user_id} does not belong to team {team_id}. Team-scoped key management endpoints can only be used for keys in your own team."
    )
}

/// On a new row of an organization that does not exist.
pub(crate) fn organization_not_found(id: &str) -> String {
    format!("Organization not found for organization_id={id}")
}

/// On a team that moves to an organization that does not exist.
pub(crate) fn organization_passed_not_found(id: &str) -> String {
    format!("Organization not found, passed organization_id={id}")
}

/// On a limit of a team above that of its organization.
pub(crate) fn team_above_organization(name: &str, wanted: &str, limit: &str, id: &str) -> String {
    format!("Team {name} ({wanted}) exceeds organization's {name} ({limit}). Organization: {id}")
}

/// On a model of a team that its organization may not call; `models` is printed as a list.
pub(crate) fn model_not_of_organization(model: &str, models: &str, id: &str) -> String {
    format!(
        "Model '{model}' not in organization's allowed models. Organization allowed models={models}. Organization: {id}"
    )
}

/// On a team with a limit above that of the organization that it moves to.
pub(crate) fn moved_team_above(name: &str, own: &str, limit: &str) -> String {
    format!(
        "Cannot move team to organization. Team has {name} {own} that is greater than the organization's {name} {limit}."
    )
}

/// On a key that moves into a team with a lower limit.
pub(crate) fn moved_key_above_team(token: &str, name: &str, own: i64, most: i64) -> String {
    format!("Key={token} has a {name}={own} which is greater than the team's {name}={most}.")
}

/// On a model that a row may not call.
pub(crate) fn model_not_available(model: &str) -> String {
    format!(
        "The requested model '{model}' is not available for this API key, or the model name is invalid. Check the models available to you and try again."
    )
}

/// On an alias with characters that no alias may have.
pub(crate) const INVALID_ALIAS: &str = "Invalid key_alias: must not contain control characters (such as tab or newline) or a \"..\" path segment";

/// On a caller who may not set back what a key has spent.
pub(crate) const SPEND_IS_FOR_ADMINS: &str = "You must be a proxy admin or team admin to reset key spend";

/// On a negative spend.
pub(crate) const RESET_BELOW_ZERO: &str = "reset_to must be >= 0";

/// On a caller who may not change several keys at once.
pub(crate) const BULK_IS_FOR_ADMINS: &str = "Only proxy admins can perform bulk key updates";

/// On a request that names none.
pub(crate) const NO_KEYS_TO_UPDATE: &str = "No keys provided for update";

/// On a caller who may not list users.
pub(crate) const USERS_ARE_FOR_ADMINS: &str = "Only proxy admins and organization admins can list users.";

/// On another state of teams.
pub(crate) const INVALID_TEAM_STATUS: &str = "Invalid status value. Currently only 'deleted' is supported.";

/// On a service account of a team that does not exist.
pub(crate) const SERVICE_ACCOUNT_OF_UNKNOWN_TEAM: &str =
    "team_id does not exist in the database. Please specify a valid `team_id` in the request body.";

/// On a spend above an amount.
pub(crate) fn reset_above(what: &str, reset_to: &str, amount: &str) -> String {
    format!("reset_to ({reset_to}) must be <= {what} ({amount})")
}

/// On more keys than one request may change.
pub(crate) fn too_many_keys(count: u64, what: &str) -> String {
    format!("Maximum 500 keys can be updated at once. Found {count} {what}.")
}

/// On a key that is not of the team.
pub(crate) fn key_not_in_team(team_id: &str) -> String {
    format!("Key not found in team {team_id}")
}

/// On a team without keys.
pub(crate) fn no_keys_in_team(team_id: &str) -> String {
    format!("No keys found for team {team_id}")
}

/// On a user who does not exist.
pub(crate) fn user_named_not_found(user_id: &str) -> String {
    format!("User not found: {user_id}")
}

/// On an alias that no key has.
pub(crate) fn no_key_with_alias(alias: &str) -> String {
    format!("Key not found. No key with key_alias='{alias}'.")
}

/// On an alias that names several keys.
pub(crate) fn keys_share_alias(alias: &str) -> String {
    format!("Multiple keys share key_alias='{alias}', so it cannot be used as an identifier.")
}

/// On a team that does not exist.
pub(crate) fn team_passed_not_found(team_id: &str) -> String {
    format!("Team not found, passed team_id={team_id}")
}

/// On a body that names another team than the path.
pub(crate) fn other_team_in_path(in_body: &str, in_path: &str) -> String {
    format!("team_id in body ({in_body}) does not match team_id in path ({in_path})")
}

/// On a state in which no key can be.
pub(crate) const INVALID_STATUS: &str =
    "Invalid status value. Supported: 'active', 'expired', 'revoked', 'deleted'.";

/// On another word for when keys expire.
pub(crate) const INVALID_EXPIRES: &str = "Invalid expires value. Supported: 'active', 'expired'.";

/// On another word for the direction of an order.
pub(crate) const INVALID_SORT_ORDER: &str = "Invalid sort order. Must be 'asc' or 'desc'";

/// On a column by which a listing is not sorted.
pub(crate) fn invalid_sort_column(columns: &[&str]) -> String {
    format!("Invalid sort column. Must be one of: {}", columns.join(", "))
}

/// On a request for members that names none.
pub(crate) const NO_MEMBERS_TO_ADD: &str = "At least one member is required";

/// On more members than may join by one request.
pub(crate) const TOO_MANY_MEMBERS: &str = "Maximum 500 members can be added at once";

/// On members who are all in the team.
pub(crate) fn all_in_team(members: &str) -> String {
    format!("All users are already in team. Existing members={members}")
}

/// On more guaranteed throughput than the team has left.
pub(crate) fn guaranteed_above_team(words: &str, allocated: i64, own: i64, most: i64) -> String {
    format!(
        "Allocated {words} limit={allocated} + Key {words} limit={own} is greater than team {words} limit={most}"
    )
}
