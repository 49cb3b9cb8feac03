//! Texts of LiteLLM's release 1.109 on organizations.

/// Without a licence.
pub(crate) const ORGANIZATIONS_NOT_PREMIUM: &str = "Organizations are only available for LiteLLM Enterprise users. You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. Get a 7 day trial key here: https://www.litellm.ai/enterprise#trial. \nPricing: https://www.litellm.ai/#pricing";

/// On a caller who makes no organizations.
pub(crate) fn only_admins_make_organizations(role: &str) -> String {
    format!("Only proxy admins can create new organizations. You are {role}")
}

/// On a caller who deletes none.
pub(crate) const ONLY_ADMINS_DELETE_ORGANIZATIONS: &str = "Only proxy admins can delete organizations";

/// On a request that names no organization, from others than proxy admins.
pub(crate) const NO_ORGANIZATION_PASSED: &str =
    "Passed organization_id is None, please pass an organization_id in your request";

/// On a caller who is not a member of the organization.
pub(crate) fn no_role_in_organization(id: &str) -> String {
    format!(
        "You do not have a role within the selected organization. Passed organization_id: {id}. Please contact the organization admin to request access."
    )
}

/// On a member who does not administer the organization.
pub(crate) fn other_role_in_organization(route: &str, id: &str, role: &str) -> String {
    format!(
        "You do not have the required role to perform {route} in Organization {id}. Your role is {role} in Organization {id}"
    )
}

/// On models that a caller with a list of models gives to an organization.
pub(crate) const ORGANIZATION_GETS_ALL_MODELS: &str =
    "User not allowed to give access to all models. Select models you want org to have access to.";

/// On a change that names no organization.
pub(crate) const ORGANIZATION_ID_REQUIRED: &str = "organization_id is required";

/// On an organization that does not exist.
pub(crate) const ORGANIZATION_UNKNOWN: &str = "Organization not found";

/// On an organization to be deleted that does not exist.
pub(crate) fn organization_to_delete_unknown(id: &str) -> String {
    format!("Organization={id} not found")
}

/// On a request for no organization.
pub(crate) const NO_ORGANIZATIONS: &str = "Specify list of organization id's to query. Passed in=[]";

/// On an address that no user has, or several.
pub(crate) fn address_not_unique(address: &str) -> String {
    format!(
        "Unique user not found for user_email={address}. Potential duplicate OR non-existent user_email in LiteLLM_UserTable. Use 'user_id' instead."
    )
}

/// On a user who is not a member of the organization.
pub(crate) fn not_in_organization(user_id: &str) -> String {
    format!("Member not found in organization for user_id={user_id}")
}

/// On a proxy admin whose role others would change.
pub(crate) const ADMINS_ROLE_IN_ORGANIZATION: &str =
    "Only PROXY_ADMIN may modify the organization role of a user who is a global PROXY_ADMIN.";
