//! The texts of LiteLLM on users, teams and budgets; they stay exact.

use super::NOT_PREMIUM;
use crate::caller::or_none;
use latchkey_contract::json::repr;

/// Before the text of a plain exception, on endpoints that call it internal.
pub(crate) const INTERNAL_ERROR_PREFIX: &str = "Internal Server Error, ";

/// Before the text of a plain exception, on endpoints that call it authentication.
pub(crate) const AUTHENTICATION_ERROR_PREFIX: &str = "Authentication Error, ";

/// On a team's id that is in use.
pub(crate) fn team_id_exists(team_id: &str) -> String {
    format!("Team id = {team_id} already exists. Please use a different team id.")
}

/// On a team with a higher limit than its creator has.
pub(crate) fn team_limit_above_own(words: &str, own: &str, role: &str) -> String {
    format!("{words} higher than user max. User {words}={own}. User role={role}")
}

/// On a team with a model that its creator may not call.
pub(crate) fn team_model_not_own(models: &[String], user_id: Option<&str>) -> String {
    let user_id = or_none(user_id);
    format!(
        "Model not in allowed user models. User allowed models={}. User id={user_id}",
        repr(&models.to_vec().into())
    )
}

/// On features LiteLLM sells, where they are no fields of keys.
pub(crate) fn feature_not_premium() -> String {
    format!("This feature is only available for LiteLLM Enterprise users. {NOT_PREMIUM}")
}

/// On a team admin without a licence.
pub(crate) fn team_admin_not_premium() -> String {
    format!("Assigning team admins is a premium feature. {NOT_PREMIUM}")
}

/// On a team admin without a licence, among several members.
pub(crate) fn team_admin_in_list_not_premium(member: &str) -> String {
    format!("Assigning team admins is a premium feature. Got={member}. {NOT_PREMIUM}. ")
}

/// On a member who joins again.
pub(crate) fn already_in_team(user_id: &str, members: &str) -> String {
    format!("User={user_id} already in team. Existing members={members}")
}

/// On a member who cannot join.
pub(crate) fn unable_to_add(who: &str, team_id: &str, why: &str) -> String {
    format!("Unable to add user - {who}, to team - {team_id}, for reason - {why}")
}

/// On an e-mail address that several users have, as Python prints the exception.
pub(crate) fn ambiguous_email() -> String {
    let message = "Multiple users with this email found in db. Please use 'user_id' instead.";
    format!("400: {{'error': {}}}", repr(&message.into()))
}

/// On a caller who does not manage the team.
pub(crate) fn not_team_admin(route: &str, team_id: &str) -> String {
    format!("Call not allowed. User not proxy admin OR team admin. route={route}, team_id={team_id}")
}

/// On a team that is not named.
pub(crate) const NO_TEAM_ID: &str = "Malformed request. No team id passed in.";

/// On a team that is not in the store.
pub(crate) fn team_not_found(team_id: &str) -> String {
    format!("Team not found, passed team id: {team_id}.")
}

/// On a team that is not the caller's to see.
pub(crate) fn may_not_see_team(own: &str, team_id: &str) -> String {
    format!("key not allowed to access this team's info. Key team_id={own}, Requested team_id={team_id}")
}

/// On an invitation without a way to send it.
pub(crate) const NO_EMAIL_ALERTING: &str = "Email alerting not setup on config.yaml. Please set `alerting=['email']. \nDocs: https://docs.litellm.ai/docs/proxy/email`";

/// On a budget that is not named.
pub(crate) const NO_BUDGET_ID: &str = "budget_id is required";

/// On an empty list of budgets.
pub(crate) const NO_BUDGETS: &str = "Specify list of budget id's to query. Passed in=[]";

/// On what only a proxy admin may do.
pub(crate) fn admin_only(role: &str) -> String {
    format!("Admin-only endpoint. Not allowed to access this., your role={role}")
}

/// On teams that are not the caller's to see.
pub(crate) fn other_teams(role: &str) -> String {
    format!("Only admin users can query all teams/other teams. Your user role={role}")
}

/// On a user who cannot be deleted because there is none.
pub(crate) fn user_not_found(user_id: &str) -> String {
    format!("User not found, passed user_id={user_id}")
}

/// On a team that cannot be changed or deleted because there is none.
pub(crate) fn team_id_not_found(team_id: &str) -> String {
    format!("Team not found, passed team_id={team_id}")
}

/// On a team whose members cannot be changed because there is none.
pub(crate) fn no_such_team(team_id: &str) -> String {
    format!("Team id={team_id} does not exist in db")
}

/// On a user who is not in the team they should leave.
pub(crate) const NOT_IN_TEAM: &str = "User not found in team";

/// On a user who is not in the team within which they should be changed.
pub(crate) fn user_not_in_team_table(request: &str) -> String {
    format!("User id doesn't exist in team table. Data={request}")
}
