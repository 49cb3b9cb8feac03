//! The texts of LiteLLM that clients see and may compare; they stay exact.

mod organizations;
mod teams;
mod today;

pub(crate) use organizations::*;
pub(crate) use teams::*;
pub(crate) use today::*;

/// FastAPI on an unknown path.
pub(crate) const NOT_FOUND: &str = "Not Found";

/// FastAPI on a path that exists for other methods.
pub(crate) const METHOD_NOT_ALLOWED: &str = "Method Not Allowed";

/// FastAPI on a body that is not in the encoding of JSON.
pub(crate) const BODY_UNPARSED: &str = "There was an error parsing the body";

/// On features LiteLLM sells.
pub(crate) const NOT_PREMIUM: &str = "You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/#trial. \nPricing: https://www.litellm.ai/#pricing";

/// On a key that brings its own secret where the operator wants none.
pub(crate) const CUSTOM_KEYS_DISABLED: &str =
    "Custom API key values are disabled by your administrator. Keys must be auto-generated.";

/// On a key that is not in the store.
pub(crate) const KEY_NOT_FOUND: &str = "Key not found in database";

/// On a refusal by the operator's own rule that gives no message.
pub(crate) const REFUSED_BY_CUSTOM_RULE: &str = "Authentication Failed - Custom Auth Rule";

/// A list of names as Python prints it.
fn names(list: &[String]) -> String {
    latchkey_contract::json::repr(&list.to_vec().into())
}

/// On a key for a team that is not in the store.
pub(crate) fn team_not_in_database(team_id: &str) -> String {
    format!("Unable to find team object in database. Team ID: {team_id}")
}

/// On a team that is called like that of the dashboard's session keys.
pub(crate) fn reserved_team(field: &str, name: &str) -> String {
    format!(
        "{field} '{name}' is reserved for LiteLLM UI dashboard sessions and cannot be used for a real team. Please use a different team id."
    )
}

/// On an e-mail address that another user has.
pub(crate) fn email_exists(address: &str) -> String {
    format!("User with email {address} already exists")
}

/// On a member who is named by the id of one user and the address of another.
pub(crate) fn not_one_user(address: &str, user_id: &str) -> String {
    format!("user_email '{address}' and user_id '{user_id}' do not belong to the same user.")
}

/// On a user who is not a member.
pub(crate) fn user_not_in_team(user_id: &str, team_id: &str) -> String {
    format!("User={user_id} not assigned to team={team_id}")
}

/// On a member whose role in the team does not suffice.
pub(crate) fn team_role_not_allowed(role: &str, allowed: &[String]) -> String {
    format!("Team member role {role} not in allowed_team_member_roles={}", names(allowed))
}

/// On a caller who may not create keys without a team.
pub(crate) fn personal_keys_restricted(allowed: &[String], role: &str) -> String {
    format!(
        "Personal key creation has been restricted by admin. Allowed roles={}. Your role={role}",
        names(allowed)
    )
}

/// On a field the operator requires.
pub(crate) fn required_param(name: &str) -> String {
    format!("Required param {name} not in data")
}

/// On a key for somebody else.
pub(crate) fn only_for_themselves(user_id: &str, own: &str) -> String {
    format!("User can only create keys for themselves. Got user_id={user_id}, Your ID={own}")
}

/// On a key for another team.
pub(crate) fn only_for_own_team(team_id: &str, own: &str) -> String {
    format!("User can only create keys for their own team. Got={team_id}, Your Team ID={own}")
}

/// On a wildcard access group without a licence.
pub(crate) fn wildcard_access_group() -> String {
    format!(
        "Setting a model access group on a wildcard model is only available for LiteLLM Enterprise users.{NOT_PREMIUM}"
    )
}

/// On a value above the operator's bound.
pub(crate) fn over_max_limit(field: &str, value: &str, bound: &str) -> String {
    format!("{field} is over max limit set in config - user_value={value}; max_value={bound}")
}

/// On tags without a licence.
pub(crate) fn tags_not_premium() -> String {
    format!("Only premium users can add tags to keys. {NOT_PREMIUM}")
}

/// On budgets by model without a licence.
pub(crate) fn model_max_budget_not_premium() -> String {
    format!("You must have an enterprise license to set model_max_budget. {NOT_PREMIUM}")
}

/// On budgets by model of the wrong form.
pub(crate) fn invalid_model_max_budget(why: &str) -> String {
    format!(
        "Invalid model_max_budget: {why}. Example of valid model_max_budget: https://docs.litellm.ai/docs/proxy/users"
    )
}

/// On the permission for spending reports without a licence.
pub(crate) const SPEND_ROUTES_NOT_PREMIUM: &str =
    "get_spend_routes permission is only available for LiteLLM Enterprise users";

/// On an alias that another key has.
pub(crate) fn alias_exists(alias: &str) -> String {
    format!("Key with alias '{alias}' already exists. Unique key aliases across all keys are required.")
}

/// On a member of free data that only proxy admins set, of a key or a team (`entity`).
pub(crate) fn only_admins_set(member: &str, entity: &str) -> String {
    format!("Only proxy admins can set {member} on a {entity}.")
}

/// On the output tokens that the rate limiter reserves.
pub(crate) fn only_admins_estimate(entity: &str) -> String {
    let members = "default_estimated_output_tokens or default_estimated_output_tokens_per_model";
    let why =
        "They decide how many output tokens the rate limiter reserves for a request that omits max_tokens.";
    format!("{} {why}", only_admins_set(members, entity))
}

/// On a key that is slowed down instead of stopped.
pub(crate) fn only_admins_throttle(entity: &str) -> String {
    format!("Only proxy admins can enable throttle_on_budget_exceeded on a {entity}.")
}

/// On what a key may do in batches, which LiteLLM asks before its other limits.
pub(crate) fn only_admins_set_batches(name: &str, entity: &str) -> String {
    format!(
        "Only proxy admins can set {name} on a {entity}. It limits what the holder can do with batches, so the \
         holder cannot raise it."
    )
}

/// On a service account without a team.
pub(crate) const SERVICE_ACCOUNT_WITHOUT_TEAM: &str =
    "team_id is required for service account keys. Please specify `team_id` in the request body.";

/// On another name for a service account.
pub(crate) const SERVICE_ACCOUNT_STAYS: &str =
    "service_account_id is immutable once set and cannot be changed via update.";

/// On taking a key from its owner.
pub(crate) const MAY_NOT_REMOVE_OWNER: &str = "Non-admin users cannot remove the user_id from a key.";

/// On a key that is not the caller's to see.
pub(crate) fn may_not_see_key(role: &str) -> String {
    format!("You are not allowed to access this key's info. Your role={role}")
}

/// On a key of a team that is not in the store.
pub(crate) fn team_not_in_db(team_id: &str) -> String {
    format!("Team doesn't exist in db. Team={team_id}. Create team via `/team/new` call.")
}

/// On a request without a key.
pub(crate) const NO_KEY: &str = "No api key passed in.";

/// The same, and where the key is looked for.
pub(crate) fn no_key_in(headers: &[&str]) -> String {
    format!("{NO_KEY} Send it in one of these headers: {}", headers.join(", "))
}

/// On a key that begins as keys do but is not stored.
pub(crate) const UNKNOWN_KEY: &str = "Invalid proxy server token passed. valid_token=None.";

/// On a blocked key.
pub(crate) const KEY_BLOCKED: &str = "Key is blocked. Update via `/key/unblock` if you're admin.";

/// On a request that changes guardrails although the team may not.
pub(crate) const GUARDRAILS_FIXED: &str = "Your team does not have permission to modify guardrails.";

/// On an authorization header that names no known scheme, with what was passed.
pub(crate) fn malformed_key(passed: &str) -> String {
    format!("Malformed API Key passed in. Ensure Key has `Bearer ` prefix. Passed in: {passed}")
}

/// On a key that does not begin as keys do.
pub(crate) fn not_a_virtual_key(received: &str) -> String {
    format!("LiteLLM Virtual Key expected. Received={received}, expected to start with 'sk-'.")
}

/// On an expired key, with both moments as Python prints them.
pub(crate) fn expired_key(expiry: &str, now: &str) -> String {
    format!("Authentication Error - Expired Key. Key Expiry time {expiry} and current time {now}")
}

/// On a spent budget, with amounts as Python prints them.
pub(crate) fn budget_exceeded(spend: &str, max_budget: &str) -> String {
    format!("Budget has been exceeded! Current cost: {spend}, Max budget: {max_budget}")
}

/// On a team's spent budget.
pub(crate) fn team_budget_exceeded(team_id: &str, spend: &str, max_budget: &str) -> String {
    format!("Budget has been exceeded! Team={team_id} Current cost: {spend}, Max budget: {max_budget}")
}

/// On a user's spent budget.
pub(crate) fn user_budget_exceeded(user_id: &str, spend: &str, max_budget: &str) -> String {
    format!("ExceededBudget: User={user_id} over budget. Spend={spend}, Budget={max_budget}")
}

/// On a blocked team.
pub(crate) fn team_blocked(team_id: &str) -> String {
    format!("Team={team_id} is blocked. Update via `/team/unblock` if your admin.")
}

/// On a model the key or its user may not call.
pub(crate) fn model_forbidden(models: &str, model: &str) -> String {
    format!(
        "API Key not allowed to access model. This token can only access models={models}. Tried to access {model}"
    )
}

/// On a model the team may not call.
pub(crate) fn team_model_forbidden(team_id: &str, model: &str, models: &str) -> String {
    format!("Team not allowed to access model. Team={team_id}, Model={model}. Allowed team models = {models}")
}

/// On a model the operator does not offer.
pub(crate) fn invalid_model_name(model: &str) -> String {
    format!(
        "/chat/completions: Invalid model name passed in model={model}. Call `/v1/models` to view available models for your key."
    )
}

/// On a service account's request without a parameter that the operator wants.
pub(crate) fn service_account_param(param: &str) -> String {
    format!(
        "BadRequest please pass param={param} in request body. This is a required param for service account"
    )
}

/// On a body that names an upstream.
pub(crate) fn upstream_in_body(param: &str) -> String {
    format!(
        "Rejected Request: {param} is not allowed in request body. Enable with `general_settings::allow_client_side_credentials` on proxy config.yaml. Relevant Issue: https://huntr.com/bounties/4001e1a2-7b7a-4776-a3ae-e6692ec3d997"
    )
}

/// On a route outside `general_settings.allowed_routes`.
pub(crate) fn route_not_allowed(route: &str) -> String {
    format!("Access forbidden: Route {route} not allowed")
}

/// On a route that only the master key opens.
pub(crate) fn master_key_only(route: &str) -> String {
    format!("Tried to access route={route}, which is only for MASTER KEY")
}

/// On a route of `general_settings.admin_only_routes`.
pub(crate) fn admin_only_route(route: &str) -> String {
    format!("user not allowed to access this route. Route={route} is an admin only route")
}

/// On a route that is closed to the caller's role.
pub(crate) fn only_proxy_admin(route: &str, role: &str, user_id: &str) -> String {
    format!(
        "Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route={route}. Your role={role}. Your user_id={user_id}"
    )
}

/// On a change asked for by the viewing admin.
pub(crate) fn role_forbidden(role: &str, route: &str) -> String {
    format!("user not allowed to access this route, role= {role}. Trying to access: {route}")
}

/// On a change of the own user that the viewing admin may not make.
pub(crate) fn viewer_param(role: &str, route: &str, param: &str) -> String {
    let forbidden = role_forbidden(role, route);
    format!("{forbidden} and updating invalid param: {param}. only user_email and password can be updated")
}

/// On a look at another user.
pub(crate) fn other_users_info(user_id: &str, key_user_id: &str) -> String {
    format!("key not allowed to access this user's info. user_id={user_id}, key's user_id={key_user_id}")
}

/// On a change of a key that is not in the store.
pub(crate) fn user_key_not_in_db(key: &str) -> String {
    format!("Authentication Error: invalid user key - user key does not exist in db. User Key={key}")
}

/// On blocking a key that is not in the store.
pub(crate) fn key_not_found(key: &str) -> String {
    format!("Key {key} not found")
}

/// On deleting a key that is not the caller's.
pub(crate) const MAY_NOT_DELETE: &str = "You are not authorized to delete this key";

/// On keys that could not be deleted, by their hashes.
pub(crate) fn failed_to_delete(tokens: &[String]) -> String {
    format!("Failed to delete all tokens. Failed to delete tokens: {}", names(tokens))
}

/// On a request for the information on keys that names none.
pub(crate) const NO_KEYS_PASSED: &str = "Malformed request. No keys passed in.";

/// On regenerating a key without a licence.
pub(crate) fn regenerate_not_premium() -> String {
    format!("Regenerating Virtual Keys is an Enterprise feature, {NOT_PREMIUM}")
}

/// On regenerating a key that is not in the store.
pub(crate) fn regenerated_key_not_found(key: &str) -> String {
    format!("Key {key} not found.")
}

/// On query parameters that there are none of.
pub(crate) fn unsupported_parameters(names: &str, supported: &str) -> String {
    format!("Unsupported parameter(s): {names}. Supported parameters: {supported}")
}

/// On a logging callback without a name.
pub(crate) const CALLBACK_NAME_REQUIRED: &str = "callback_name is required in key_logging";

/// On a new key with a larger budget than the key that asks for it; worded as by later releases.
pub(crate) fn above_the_callers_budget(asked: &str, own: &str) -> String {
    format!("max_budget ({asked}) cannot exceed the caller's own max_budget ({own}).")
}

/// On logging callbacks that raised something: `log` is what they logged.
pub(crate) fn logging_unhealthy(log: &str) -> String {
    format!("Logger exceptions triggered, system is unhealthy: {log}")
}

/// On logging callbacks that raised nothing, `names` as Python prints a list.
pub(crate) fn logging_healthy(names: &str) -> String {
    format!("No logger exceptions triggered, system is healthy. Manually check if logs were sent to {names} ")
}
