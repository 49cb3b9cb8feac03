//! Requests about organizations and their members.

use super::coerce::choice;
use super::member::object_names_a_user;
use super::model::request_model;
use super::problem::all_under;
use super::{BudgetConfig, Dict, Dump, Kind, Model, Problem, Value};
use crate::caller::Role;
use crate::time::DateTime;
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;
use std::borrow::Cow;

request_model! {
    /// The limits of an organization, which its budget holds.
    #[derive(Default)]
    pub(crate) OrganizationLimits {
        /// Dollars from which on alerts are sent.
        soft_budget: optional f64,
        /// Dollars that may be spent.
        max_budget: optional f64,
        /// Requests at a time.
        max_parallel_requests: optional Integer,
        /// Tokens a minute.
        tpm_limit: optional Integer,
        /// Requests a minute.
        rpm_limit: optional Integer,
        /// Tokens a day.
        tpd_limit: optional Integer,
        /// Budgets by model.
        model_max_budget: optional Dict<BudgetConfig>,
        /// After which time the budget is reset.
        budget_duration: optional String,
        /// Models that each member may call; empty means all of the organization's.
        allowed_models: optional Vec<String>,
        /// Dollars that are granted on top for a time.
        temp_budget_increase: optional f64,
        /// Until when they are.
        temp_budget_expiry: optional DateTime,
    }
}

request_model! {
    /// `POST /organization/new`
    pub(crate) NewOrganizationRequest {
        extends limits: OrganizationLimits;
        /// The id, made up when absent.
        organization_id: optional String,
        /// A name for people.
        organization_alias: required String,
        /// Models that its teams may call; empty means all.
        models: plain Vec<String> = Json::List(vec![]),
        /// The budget, made of the limits when absent.
        budget_id: optional String,
        /// Free data.
        metadata: optional Dict,
        /// Requests a minute by model.
        model_rpm_limit: optional Dict<Integer>,
        /// Tokens a minute by model.
        model_tpm_limit: optional Dict<Integer>,
    }
}

request_model! {
    /// `PATCH /organization/update`
    pub(crate) UpdateOrganizationRequest {
        extends limits: OrganizationLimits;
        /// The organization.
        organization_id: optional String,
        /// A name for people.
        organization_alias: optional String,
        /// The budget that it has.
        budget_id: optional String,
        /// Spent so far, in dollars.
        spend: optional f64,
        /// Free data that is added to what is there.
        metadata: optional Dict,
        /// Models that its teams may call; empty means all.
        models: optional Vec<String>,
        /// Requests a minute by model.
        model_rpm_limit: optional Dict<Integer>,
        /// Tokens a minute by model.
        model_tpm_limit: optional Dict<Integer>,
        /// The limits, as the dashboard sends them; they win over those beside them.
        litellm_budget_table: optional OrganizationLimits,
    }
}

request_model! {
    /// `POST /organization/info`
    pub(crate) OrganizationRequest {
        /// The organizations.
        organizations: required Vec<String>,
    }
}

request_model! {
    /// `DELETE /organization/delete`
    pub(crate) DeleteOrganizationRequest {
        /// The organizations.
        organization_ids: required Vec<String>,
    }
}

choice! {
    /// A role within an organization.
    OrganizationRole, listed as "<LitellmUserRoles.ORG_ADMIN: 'org_admin'>, <LitellmUserRoles.INTERNAL_USER: 'internal_user'> or <LitellmUserRoles.INTERNAL_USER_VIEW_ONLY: 'internal_user_viewer'>" {
        /// Manages its members.
        Admin = "org_admin",
        /// Belongs to it.
        User = "internal_user",
        /// Belongs to it and changes nothing.
        Viewer = "internal_user_viewer",
    }
}

/// A role within an organization, where any other role of a user is refused by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChangedRole(pub OrganizationRole);

impl Value for ChangedRole {
    const KIND: Kind = OrganizationRole::KIND;

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        if let Ok(role) = OrganizationRole::read(input) {
            return Ok(Self(role));
        }
        if input.as_str().and_then(Role::named).is_some() {
            let message =
                "Invalid role. Must be one of: ['org_admin', 'internal_user', 'internal_user_viewer']";
            return Err(vec![Problem::rule(message, input)]);
        }
        let names = "'proxy_admin', 'proxy_admin_viewer', 'org_admin', 'internal_user', \
                     'internal_user_viewer', 'team' or 'customer'";
        let problem = Problem::new("enum", format!("Input should be {names}"), input);
        Err(vec![problem.with(latchkey_contract::dict! { "expected" => names })])
    }

    fn dump_as(&self, how: Dump) -> Json {
        self.0.dump_as(how)
    }
}

request_model! {
    /// A member of an organization, named by id or e-mail address.
    pub(crate) OrgMember {
        before super::member::names_a_user;
        /// The user's id.
        user_id: optional String,
        /// The user's e-mail address.
        user_email: optional String,
        /// The role.
        role: required OrganizationRole,
    }
}

/// One member, or several at once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum OrgMembers {
    /// One.
    One(OrgMember),
    /// Any number.
    Many(Vec<OrgMember>),
}

impl OrgMembers {
    /// The members in order.
    pub(crate) fn as_slice(&self) -> &[OrgMember] {
        match self {
            Self::One(member) => std::slice::from_ref(member),
            Self::Many(members) => members,
        }
    }
}

impl Value for OrgMembers {
    const KIND: Kind = Kind::AnyOf(&[<Vec<OrgMember>>::KIND, OrgMember::KIND]);

    fn read(input: &Json) -> Result<Self, Vec<Problem>> {
        let of_a_list = match input.as_list() {
            Some(_) => match <Vec<OrgMember>>::read(input) {
                Ok(members) => return Ok(Self::Many(members)),
                Err(found) => found,
            },
            None => vec![Problem::new("list_type", "Input should be a valid list", input)],
        };
        OrgMember::read(input).map(Self::One).map_err(|found| {
            let mut problems = all_under(of_a_list, "list[OrgMember]");
            problems.extend(all_under(found, "OrgMember"));
            problems
        })
    }

    fn dump_as(&self, how: Dump) -> Json {
        match self {
            Self::One(member) => member.dump_as(how),
            Self::Many(members) => members.dump_as(how),
        }
    }
}

request_model! {
    /// `POST /organization/member_add`
    pub(crate) OrganizationMemberAddRequest {
        prepare members_first;
        /// Who joins.
        member: required OrgMembers,
        /// The organization.
        organization_id: required String,
        /// Dollars each of them may spend within the organization.
        max_budget_in_organization: optional f64,
    }
}

/// LiteLLM reads the members before it reads the request: the first wrong one is the only problem then, and its place does not
/// say which one it is.
fn members_first(input: &Json) -> Result<Cow<'_, Json>, Vec<Problem>> {
    let items = match input.get("member") {
        Some(item @ Json::Dict(_)) => std::slice::from_ref(item),
        Some(Json::List(items)) if items.iter().all(|item| item.as_dict().is_some()) => items,
        _ => return Ok(Cow::Borrowed(input)),
    };
    items.iter().try_for_each(|item| OrgMember::read_model(item).map(drop))?;
    Ok(Cow::Borrowed(input))
}

request_model! {
    /// `PATCH /organization/member_update`
    pub(crate) OrganizationMemberUpdateRequest {
        before object_names_a_user;
        /// The user's id.
        user_id: optional String,
        /// The user's e-mail address.
        user_email: optional String,
        /// The organization.
        organization_id: required String,
        /// Dollars the user may spend within the organization.
        max_budget_in_organization: optional f64,
        /// The role.
        role: optional ChangedRole,
    }
}

request_model! {
    /// `DELETE /organization/member_delete`
    pub(crate) OrganizationMemberDeleteRequest {
        before object_names_a_user;
        /// The user's id.
        user_id: optional String,
        /// The user's e-mail address.
        user_email: optional String,
        /// The organization.
        organization_id: required String,
    }
}
