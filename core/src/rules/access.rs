//! Whom a change may name: the caller's own user and team, and groups of models that are licensed.

use crate::caller::Caller;
use crate::error::Refusal;
use crate::rules::{may_act_for, may_use_team, model_access_groups};
use crate::settings::Settings;
use latchkey_contract::json::Json;

/// Judges the user, the team and the models that `request`, an object of the fields it sets, gives a key. The
/// reference looks at nothing else: whose key it is does not matter to it.
pub(crate) fn access(settings: &Settings, caller: &Caller, request: &Json) -> Result<(), Refusal> {
    if let Some(user_id) = request.get("user_id").and_then(Json::as_str) {
        may_act_for(caller, user_id)?;
    }
    if let Some(team_id) = request.get("team_id").and_then(Json::as_str) {
        may_use_team(caller, team_id)?;
    }
    match request.get("models").and_then(Json::as_list) {
        Some(models) => model_access_groups::may_grant(settings, models),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::Role;
    use latchkey_contract::dict;

    #[test]
    fn a_change_names_only_the_callers_own_user_and_team() {
        let caller = Caller {
            user_role: Some(Role::InternalUser),
            user_id: Some("u1".to_owned()),
            team_id: Some("t1".to_owned()),
            ..Caller::default()
        };
        let settings = Settings::default();
        let judge = |request: Json| access(&settings, &caller, &request).map_err(|refusal| refusal.status);
        assert_eq!(judge(dict! { "user_id" => "u1", "team_id" => "t1" }), Ok(()));
        assert_eq!(judge(dict! { "user_id" => Json::Null, "team_id" => Json::Null }), Ok(()));
        assert_eq!(judge(dict! { "user_id" => "u2" }), Err(403));
        assert_eq!(judge(dict! { "team_id" => "t2" }), Err(403));
    }
}
