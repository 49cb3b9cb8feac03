//! Who may create keys, and within which bounds (`litellm_settings`).

use super::section::Section;
use crate::caller::Role;
use crate::types::MemberRole;
use latchkey_contract::environment::FROM_ENVIRONMENT;
use latchkey_contract::json::Json;
use latchkey_contract::nearest::nearest;
use latchkey_contract::number::Integer;

/// `key_generation_settings`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyGeneration {
    /// `team_key_generation`; without it members of every role may create keys of their team.
    pub team: Option<TeamKeys>,
    /// `personal_key_generation`; without it everyone may create keys.
    pub personal: Option<PersonalKeys>,
}

/// `team_key_generation`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamKeys {
    /// Roles within the team whose holders may create keys; absent means all.
    pub allowed_team_member_roles: Option<Vec<String>>,
    /// Fields a request must have.
    pub required_params: Vec<String>,
}

/// `personal_key_generation`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonalKeys {
    /// Roles whose holders may create personal keys; absent means all.
    pub allowed_user_roles: Option<Vec<String>>,
    /// Fields a request must have.
    pub required_params: Vec<String>,
}

/// `upperbound_key_generate_params`
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UpperBounds {
    /// Dollars.
    pub max_budget: Option<f64>,
    /// Longest budget window.
    pub budget_duration: Option<String>,
    /// Longest life of a key.
    pub duration: Option<String>,
    /// Requests at a time.
    pub max_parallel_requests: Option<Integer>,
    /// Tokens a minute.
    pub tpm_limit: Option<Integer>,
    /// Requests a minute.
    pub rpm_limit: Option<Integer>,
}

impl KeyGeneration {
    pub(super) fn read(section: &Section<'_>, strict: bool) -> Option<Self> {
        section.present().then(|| {
            let team = section.section("team_key_generation");
            let personal = section.section("personal_key_generation");
            if strict {
                section.only(&["team_key_generation", "personal_key_generation"]);
                team.only(&["allowed_team_member_roles", "required_params"]);
                personal.only(&["allowed_user_roles", "required_params"]);
                let roles = [MemberRole::Admin, MemberRole::User].map(MemberRole::as_str);
                only_roles(&team, "allowed_team_member_roles", &roles);
                let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
                only_roles(&personal, "allowed_user_roles", &roles);
            }
            Self::of(&team, &personal)
        })
    }

    /// What the section says, whether or not it can be meant.
    pub(super) fn written(section: &Section<'_>) -> Option<Self> {
        let of =
            || Self::of(&section.section("team_key_generation"), &section.section("personal_key_generation"));
        section.present().then(of)
    }

    fn of(team: &Section<'_>, personal: &Section<'_>) -> Self {
        Self {
            team: team.present().then(|| TeamKeys {
                allowed_team_member_roles: team.listed("allowed_team_member_roles"),
                required_params: team.texts("required_params").unwrap_or_default(),
            }),
            personal: personal.present().then(|| PersonalKeys {
                allowed_user_roles: personal.listed("allowed_user_roles"),
                required_params: personal.texts("required_params").unwrap_or_default(),
            }),
        }
    }
}

/// Complains about names in a list of roles that no role has: it would keep out whoever was to be let in.
fn only_roles(section: &Section<'_>, list: &str, roles: &[&str]) {
    let names = section.written(list).and_then(Json::as_list).unwrap_or_default();
    for (at, name) in names.iter().enumerate() {
        // what is no text, or in a variable that is not set, is told by who reads the list
        let Some(name) = name.as_str().filter(|name| !name.starts_with(FROM_ENVIRONMENT)) else { continue };
        if !roles.contains(&name) {
            let nearest = nearest(name, roles.iter().copied()).unwrap_or_default();
            let message = format!("there is no role `{name}`, did you mean `{nearest}`");
            section.complain(&format!("{list}.{at}"), message);
        }
    }
}
