//! Requests about teams.

use super::model::request_model;
use super::team_fields::{TeamFields, TeamThroughput};
use super::{Dict, Member};
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;

request_model! {
    /// `POST /team/new`
    #[derive(Default)]
    pub(crate) NewTeamRequest {
        extends fields: TeamFields;
        /// A name for people.
        team_alias: optional String,
        /// The id, made up when absent.
        team_id: optional String,
        /// The organization.
        organization_id: optional String,
        /// Admins (deprecated).
        admins: plain Vec<Json> = Json::List(vec![]),
        /// Members (deprecated).
        members: plain Vec<Json> = Json::List(vec![]),
        /// Members with their roles.
        members_with_roles: plain Vec<Member> = Json::List(vec![]),
        /// Free data.
        metadata: optional Dict,
        /// Tokens a minute.
        tpm_limit: optional Integer,
        /// Requests a minute.
        rpm_limit: optional Integer,
        /// Dollars that may be spent.
        max_budget: optional f64,
        /// After which time the budget is reset.
        budget_duration: optional String,
        /// Models that may be called; empty means all.
        models: plain Vec<Json> = Json::List(vec![]),
        /// Whether it is blocked.
        blocked: plain bool = false,
        /// Model aliases.
        model_aliases: optional Dict,
        /// Tags for tracking spend and routing.
        tags: optional Vec<Json>,
        /// Guardrails that run on every request.
        guardrails: optional Vec<String>,
        /// Routes about the team's keys that members may call.
        team_member_permissions: recent Vec<String>,
        /// What LiteLLM is told of `rpm_limit` within the organization.
        rpm_limit_type: recent TeamThroughput,
        /// What LiteLLM is told of `tpm_limit` within the organization.
        tpm_limit_type: recent TeamThroughput,
    }
}

request_model! {
    /// `POST /team/update`
    pub(crate) UpdateTeamRequest {
        extends fields: TeamFields;
        /// The team.
        team_id: required String,
    } listed values {
        /// A name for people.
        team_alias: String,
        /// The organization.
        organization_id: String,
        /// Free data.
        metadata: Dict,
        /// Tokens a minute.
        tpm_limit: Integer,
        /// Requests a minute.
        rpm_limit: Integer,
        /// Dollars that may be spent.
        max_budget: f64,
        /// Models that may be called; empty means all.
        models: Vec<Json>,
        /// Whether it is blocked.
        blocked: bool,
        /// After which time the budget is reset.
        budget_duration: String,
        /// Tags for tracking spend and routing.
        tags: Vec<Json>,
        /// Model aliases.
        model_aliases: Dict,
        /// Guardrails that run on every request.
        guardrails: Vec<String>,
    }
}

request_model! {
    /// `POST /team/delete`
    pub(crate) DeleteTeamRequest {
        /// The teams.
        team_ids: required Vec<String>,
    }
}

request_model! {
    /// `POST /team/block` and `POST /team/unblock`
    pub(crate) BlockTeamRequest {
        /// The team.
        team_id: required String,
    }
}

request_model! {
    /// `POST /team/model/add` and `POST /team/model/delete`
    pub(crate) TeamModelRequest {
        /// The team.
        team_id: required String,
        /// The models.
        models: required Vec<String>,
    }
}

request_model! {
    /// `POST /team/permissions_update`
    pub(crate) TeamPermissionsRequest {
        /// The team.
        team_id: required String,
        /// What members without a further role may do.
        team_member_permissions: required Vec<String>,
    }
}

// recorded, and read by no operation yet
#[cfg(test)]
request_model! {
    /// Others that name teams only
    pub(crate) TeamRequest {
        /// The teams.
        teams: required Vec<String>,
    }
}
