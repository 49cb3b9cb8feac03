//! What the operations answer with, as models: rows by their tables, and what each operation adds or leaves out.

use crate::error::Code;
use crate::types::{FieldInfo, Kind};
use latchkey_contract::json::Json;
use latchkey_contract::tables::{
    AuditLog, Budget, Column, ColumnType, Organization, OrganizationMembership, Table, Team, TeamMembership,
    User, VirtualKey,
};

/// States a reply model: its name, and its members as a list of fields.
macro_rules! replies {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $fields:expr;)+) => {
        $($(#[$doc])* pub(crate) const $constant: Kind = Kind::Model($name, || $fields);)+
    };
}

replies! {
    /// A key that was made, with its secret.
    ISSUED_KEY = "IssuedKey", issued_key();
    /// A key with its new secret; the id that stays through all regenerations is strict's own.
    RENEWED_KEY = "RenewedKey", with(issued_key(), [FieldInfo { required: false, ..always("key_id", Kind::Text) }]);
    /// A key as it is stored, with its budget.
    KEY = "Key", key(&[]);
    /// A key without its token.
    SHOWN_KEY = "ShownKey", with(key(&["token"]), [
        FieldInfo { required: false, ..always("status", Kind::Choice(&["active", "expired", "revoked"])) },
        FieldInfo { required: false, ..maybe("object_permission", OBJECT) },
    ]);
    /// A key with the text the request named it by.
    CHANGED_KEY = "ChangedKey", with(key(&[]), [always("key", Kind::Text)]);
    /// A key whose mark was changed.
    BLOCKED_KEY = "BlockedKey", key(&["budget_id"]);
    /// One key.
    KEY_INFO = "KeyInfo", vec![always("key", Kind::Text), always("info", SHOWN_KEY)];
    /// Several keys.
    KEY_INFOS = "KeyInfos", vec![maybe("key", TEXTS), always("info", Kind::List(&KEY))];
    /// What was deleted.
    DELETED_KEYS = "DeletedKeys", vec![always("deleted_keys", TEXTS)];
    /// A page of a listing.
    KEY_PAGE = "KeyPage", vec![
        always("keys", Kind::List(&Kind::AnyOf(&[Kind::Text, KEY_ROW]))),
        always("total_count", Kind::Integer),
        always("current_page", Kind::Integer),
        always("total_pages", Kind::Integer),
    ];
    /// A page of aliases.
    ALIAS_PAGE = "AliasPage", vec![
        always("aliases", TEXTS),
        always("total_count", Kind::Integer),
        always("current_page", Kind::Integer),
        always("total_pages", Kind::Integer),
        always("size", Kind::Integer),
    ];
    /// A page of users.
    USER_PAGE = "UserPage", page("users", Kind::List(&OBJECT));
    /// A page of teams.
    TEAM_PAGE = "TeamPage", page("teams", Kind::List(&OBJECT));
    /// What a key has spent from now on.
    RESET_SPEND = "ResetSpend", vec![
        always("key_hash", Kind::Text),
        always("spend", Kind::Number),
        always("previous_spend", Kind::Number),
        maybe("max_budget", Kind::Number),
        maybe("budget_reset_at", Kind::Text),
    ];
    /// Which keys were changed, and which could not be.
    CHANGED_KEYS = "ChangedKeys", vec![
        always("total_requested", Kind::Integer),
        always("successful_updates", Kind::List(&OBJECT)),
        always("failed_updates", Kind::List(&OBJECT)),
    ];
    /// What members of a team may do.
    PERMISSIONS = "TeamPermissions", vec![
        always("team_id", Kind::Text),
        always("team_member_permissions", TEXTS),
        always("all_available_permissions", TEXTS),
    ];
    /// A user by what names them.
    FOUND_USER = "FoundUser", vec![always("user_id", Kind::Text), maybe("user_email", Kind::Text)];
    /// A page of the audit log.
    AUDIT_PAGE = "AuditPage", vec![
        always("audit_logs", Kind::List(&AUDIT_LOG)),
        always("total_count", Kind::Integer),
        always("current_page", Kind::Integer),
        always("total_pages", Kind::Integer),
    ];
    /// One change of one object.
    AUDIT_LOG = "AuditLog", row::<AuditLog>(&[]);
    /// A key as it is stored.
    KEY_ROW = "KeyRow", row::<VirtualKey>(&[]);
    /// What a dry run answers.
    VERDICT = "Verdict", vec![
        always("allowed", Kind::Boolean),
        always("violations", Kind::List(&VIOLATION)),
        always("effective", Kind::Any),
        always("provenance", Kind::Dict(&Kind::Text)),
        always("trace", Kind::List(&RULE_TRACE)),
    ];
    /// One reason to refuse.
    VIOLATION = "Violation", vec![
        always("rule", Kind::Text),
        always("code", Kind::Choice(Code::WORDS)),
        always("status", Kind::Integer),
        maybe("type", Kind::Text),
        maybe("param", Kind::Any),
        maybe("field", Kind::Text),
        always("message", Kind::Any),
    ];
    /// What one rule said.
    RULE_TRACE = "RuleTrace", vec![always("rule", Kind::Text), always("outcome", Kind::Text)];
    /// Whether the key's logging works.
    KEY_HEALTH = "KeyHealth", vec![
        always("key", Kind::Choice(&["healthy", "unhealthy"])),
        maybe("logging_callbacks", LOGGING),
    ];
    /// The callbacks of a key.
    LOGGING = "LoggingCallbacks", vec![
        always("callbacks", Kind::List(&Kind::Any)),
        always("status", Kind::Choice(&["healthy", "unhealthy"])),
        always("details", Kind::Text),
    ];
    /// A budget.
    BUDGET = "Budget", row::<Budget>(&[]);
    /// A user who was made, with the key if one was.
    NEW_USER = "NewUser", new_user();
    /// A user who joined a team.
    JOINED_USER = "JoinedUser", columns::<User>(&[
        "user_id", "max_budget", "spend", "model_max_budget", "model_spend", "user_email", "models",
        "tpm_limit", "rpm_limit", "user_role", "teams", "sso_user_id",
    ]);
    /// A team.
    TEAM = "Team", team();
    /// A team, and who joined.
    ENLARGED_TEAM = "EnlargedTeam", with(team(), [
        always("updated_users", Kind::List(&JOINED_USER)),
        always("updated_team_memberships", Kind::List(&MEMBERSHIP)),
    ]);
    /// Who joined a team, and who did not.
    JOINED_MEMBERS = "JoinedMembers", vec![
        always("team_id", Kind::Text),
        always("total_requested", Kind::Integer),
        always("successful_additions", Kind::Integer),
        always("failed_additions", Kind::Integer),
        always("results", Kind::List(&OBJECT)),
        maybe("updated_team", ENLARGED_TEAM),
    ];
    /// A user's budget within a team.
    MEMBERSHIP = "TeamMembership", with(row::<TeamMembership>(&["spend"]), [
        maybe("litellm_budget_table", MEMBER_BUDGET),
    ]);
    /// What a member may spend.
    MEMBER_BUDGET = "MemberBudget", columns::<Budget>(&[
        "soft_budget", "max_budget", "max_parallel_requests", "tpm_limit", "rpm_limit", "model_max_budget",
        "budget_duration",
    ]);
    /// A team, its keys and its members' budgets.
    TEAM_INFO = "TeamInfo", vec![
        always("team_id", Kind::Text),
        always("team_info", TEAM),
        always("keys", Kind::List(&KEY)),
        always("team_memberships", Kind::List(&MEMBERSHIP)),
    ];
    /// A team as a listing shows it.
    LISTED_TEAM = "ListedTeam", with(team(), [
        always("team_memberships", Kind::List(&MEMBERSHIP)),
        always("keys", Kind::List(&KEY)),
    ]);
    /// A team as it is stored.
    TEAM_ROW = "TeamRow", with(row::<Team>(&[]), [maybe("litellm_model_table", OBJECT)]);
    /// A team that was changed.
    CHANGED_TEAM = "ChangedTeam", vec![always("team_id", Kind::Text), always("data", TEAM_ROW)];
    /// Which teams were deleted.
    DELETED_TEAMS = "DeletedTeams", vec![always("deleted_teams", TEXTS)];
    /// A member who was changed.
    CHANGED_MEMBER = "ChangedMember", vec![
        always("user_id", Kind::Text),
        maybe("user_email", Kind::Text),
        always("team_id", Kind::Text),
        maybe("max_budget_in_team", Kind::Number),
    ];
    /// A user as they are stored.
    USER = "User", row::<User>(&[]);
    /// A user who was changed, under their id.
    USER_DATA = "ChangedUser", vec![always("user_id", Kind::Text), always("data", USER)];
    /// A user with their keys and teams.
    USER_INFO = "UserInfo", vec![
        maybe("user_id", Kind::Text),
        maybe("user_info", OBJECT),
        always("keys", Kind::List(&USER_KEY)),
        always("teams", Kind::List(&USER_TEAM)),
    ];
    /// A key of a user; its times may come without a zone.
    USER_KEY = "UserKey", with(times_as_texts(row::<VirtualKey>(&["budget_id"])), [
        maybe("team_alias", Kind::Text),
    ]);
    /// A team of a user; its times may come without a zone.
    USER_TEAM = "UserTeam", times_as_texts(row::<Team>(&["updated_at", "model_spend", "model_max_budget"]));
    /// An organization with its budget.
    ORGANIZATION = "Organization", with(row::<Organization>(&[]), [maybe("litellm_budget_table", LIMITS)]);
    /// An organization with its members and teams, as far as they are shown.
    WHOLE_ORGANIZATION = "WholeOrganization", with(row::<Organization>(&[]), [
        maybe("litellm_budget_table", LIMITS),
        always("members", Kind::List(&ORGANIZATION_MEMBER)),
        always("teams", Kind::List(&TEAM)),
    ]);
    /// An organization as it is stored, with its budget.
    ORGANIZATION_ROW = "OrganizationRow", with(row::<Organization>(&[]), [
        maybe("litellm_budget_table", BUDGET),
    ]);
    /// What an organization, or a member of one, may spend.
    LIMITS = "OrganizationBudget", columns::<Budget>(&[
        "budget_id", "soft_budget", "max_budget", "max_parallel_requests", "tpm_limit", "rpm_limit",
        "tpd_limit", "model_max_budget", "budget_duration", "allowed_models", "temp_budget_increase",
        "temp_budget_expiry",
    ]);
    /// A member of an organization.
    ORGANIZATION_MEMBER = "OrganizationMember", with(row::<OrganizationMembership>(&["spend"]), [
        always("spend", Kind::Number),
        maybe("user_email", Kind::Text),
        maybe("user", OBJECT),
        maybe("litellm_budget_table", LIMITS),
    ]);
    /// A user who has left an organization.
    FORMER_ORGANIZATION_MEMBER = "FormerOrganizationMember", row::<OrganizationMembership>(&[]);
    /// Who joined an organization.
    ENLARGED_ORGANIZATION = "EnlargedOrganization", vec![
        always("organization_id", Kind::Text),
        always("updated_users", Kind::List(&OBJECT)),
        always("updated_organization_memberships", Kind::List(&ORGANIZATION_MEMBER)),
    ];
    /// The rules in force.
    POLICY = "Policy", vec![
        always("profile", Kind::Text),
        always("rules_digest", Kind::Text),
        always("settings", OBJECT),
    ];
    /// The server works.
    READINESS = "Readiness", ["status", "db", "litellm_version", "latchkey_version", "rules_digest"]
        .map(|name| always(name, Kind::Text))
        .to_vec();
}

/// Organizations with their members and teams.
pub(crate) const ORGANIZATION_LIST: Kind = Kind::List(&WHOLE_ORGANIZATION);

/// Organizations as they are stored.
pub(crate) const ORGANIZATION_ROWS: Kind = Kind::List(&ORGANIZATION_ROW);

/// Teams with their keys.
pub(crate) const TEAM_LIST: Kind = Kind::List(&LISTED_TEAM);

/// A user who was changed; the reference shows one it made as they are stored.
pub(crate) const CHANGED_USER: Kind = Kind::AnyOf(&[USER_DATA, USER]);

/// Users by what names them.
pub(crate) const FOUND_USERS: Kind = Kind::List(&FOUND_USER);

/// Budgets.
pub(crate) const BUDGETS: Kind = Kind::List(&BUDGET);

/// Texts.
pub(crate) const TEXTS: Kind = Kind::List(&Kind::Text);

/// An object nobody says more about.
pub(crate) const OBJECT: Kind = Kind::Dict(&Kind::Any);

fn key(without: &[&str]) -> Vec<FieldInfo> {
    with(row::<VirtualKey>(without), [maybe("litellm_budget_table", BUDGET)])
}

fn issued_key() -> Vec<FieldInfo> {
    let row = row::<VirtualKey>(&[
        "token",
        "soft_budget_cooldown",
        "budget_reset_at",
        "model_spend",
        "created_at",
        "updated_at",
        // those of a key are in its free data
        "policies",
    ]);
    with(
        row,
        [
            always("key", Kind::Text),
            always("token_id", Kind::Text),
            maybe("token", Kind::Text),
            maybe("litellm_budget_table", BUDGET),
            FieldInfo { required: false, ..maybe("created_at", Kind::Time) },
            FieldInfo { required: false, ..maybe("updated_at", Kind::Time) },
        ],
    )
}

/// The reply repeats what was asked for, whatever the columns can hold.
fn new_user() -> Vec<FieldInfo> {
    let asked = ["models", "metadata", "tpm_limit", "rpm_limit", "teams", "model_max_budget"];
    let texts = ["user_id", "team_id", "budget_duration", "user_email", "user_role", "user_alias"];
    let mut fields = vec![always("key", Kind::Text), maybe("expires", Kind::Time)];
    fields.push(maybe("max_budget", Kind::Number));
    fields.extend(texts.map(|name| maybe(name, Kind::Text)));
    fields.extend(asked.map(|name| maybe(name, Kind::Any)));
    fields
}

fn team() -> Vec<FieldInfo> {
    with(
        row::<Team>(&["updated_at", "model_spend", "model_max_budget"]),
        [maybe("litellm_model_table", OBJECT)],
    )
}

/// The columns of a table, but for some.
fn row<T: Table>(without: &[&str]) -> Vec<FieldInfo> {
    let columns = T::SCHEMA.columns.iter().filter(|column| !without.contains(&column.name));
    let shown = |column: &Column| FieldInfo {
        required: !column.optional,
        ..field(column.name, kind(column.kind), column.nullable)
    };
    columns.map(shown).collect()
}

/// The same fields, the times as texts that may come without a zone.
fn times_as_texts(mut fields: Vec<FieldInfo>) -> Vec<FieldInfo> {
    for field in fields.iter_mut().filter(|field| matches!(field.kind, Kind::Time)) {
        (field.kind, field.nullable) = (Kind::Text, true);
    }
    fields
}

/// Some columns of a table.
fn columns<T: Table>(names: &[&str]) -> Vec<FieldInfo> {
    row::<T>(&[]).into_iter().filter(|field| names.contains(&field.name)).collect()
}

const fn kind(column: ColumnType) -> Kind {
    match column {
        ColumnType::Text => Kind::Text,
        ColumnType::Int4 | ColumnType::Int8 => Kind::Integer,
        ColumnType::Float => Kind::Number,
        ColumnType::Bool => Kind::Boolean,
        ColumnType::Time => Kind::Time,
        ColumnType::Json => Kind::Any,
        ColumnType::TextList => TEXTS,
    }
}

/// A page of a listing, as the newer lists print it.
fn page(name: &'static str, rows: Kind) -> Vec<FieldInfo> {
    let mut fields = vec![always(name, rows)];
    fields.extend(["total", "page", "page_size", "total_pages"].map(|name| always(name, Kind::Integer)));
    fields
}

fn with<const N: usize>(mut fields: Vec<FieldInfo>, more: [FieldInfo; N]) -> Vec<FieldInfo> {
    fields.extend(more);
    fields
}

fn always(name: &'static str, kind: Kind) -> FieldInfo {
    field(name, kind, false)
}

fn maybe(name: &'static str, kind: Kind) -> FieldInfo {
    field(name, kind, true)
}

fn field(name: &'static str, kind: Kind, nullable: bool) -> FieldInfo {
    FieldInfo { name, kind, nullable, required: true, recent: false, default: || Json::Null, about: "" }
}
