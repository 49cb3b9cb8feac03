//! The closed list of machine codes; the TypeScript union and `/openapi.json` come from it.

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident => $text:literal),+ $(,)?) => {
        /// Why a request was refused, for programs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code {
            $($(#[$doc])* $variant),+
        }

        impl Code {
            /// Every code's text.
            pub const WORDS: &[&str] = &[$($text),+];

            /// The code's text.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }
        }
    };
}

codes! {
    /// No route has this path.
    RouteUnknown => "route_unknown",
    /// The path exists, but not for this method.
    MethodNotAllowed => "method_not_allowed",
    /// The body is not JSON, or more than is accepted.
    BodyUnreadable => "body_unreadable",
    /// The body does not fit the operation's request model.
    RequestInvalid => "request_invalid",
    /// No key came with the request.
    KeyMissing => "key_missing",
    /// The authorization header has no usable key.
    KeyMalformed => "key_malformed",
    /// No such key.
    KeyUnknown => "key_unknown",
    /// The caller's key is blocked.
    KeyBlocked => "key_blocked",
    /// The caller's key has expired.
    KeyExpired => "key_expired",
    /// The caller's budget is spent.
    BudgetExceeded => "budget_exceeded",
    /// The caller's team is blocked.
    TeamBlocked => "team_blocked",
    /// The project of the caller's key is blocked.
    ProjectBlocked => "project_blocked",
    /// The caller's user was deactivated by the identity provider.
    UserDeactivated => "user_deactivated",
    /// The caller's role may not use this route.
    RouteForbidden => "route_forbidden",
    /// The caller may not do this for another user.
    OtherUser => "other_user",
    /// The caller may not do this for another team.
    OtherTeam => "other_team",
    /// A user is not a member of the team.
    NotTeamMember => "not_team_member",
    /// The caller's role in the team may not create keys.
    TeamRoleForbidden => "team_role_forbidden",
    /// The caller's role may not create personal keys.
    PersonalKeysForbidden => "personal_keys_forbidden",
    /// A field the operator requires is absent.
    ParamRequired => "param_required",
    /// The team does not exist.
    TeamUnknown => "team_unknown",
    /// The user does not exist.
    UserUnknown => "user_unknown",
    /// The budget does not exist.
    BudgetUnknown => "budget_unknown",
    /// The organization does not exist.
    OrganizationUnknown => "organization_unknown",
    /// The project does not exist.
    ProjectUnknown => "project_unknown",
    /// An object with this id exists already.
    IdTaken => "id_taken",
    /// A number is above the operator's upper bound.
    AboveUpperBound => "above_upper_bound",
    /// An amount is negative or not finite.
    AmountInvalid => "amount_invalid",
    /// A duration does not follow the grammar.
    DurationInvalid => "duration_invalid",
    /// A duration is zero.
    DurationZero => "duration_zero",
    /// A duration leaves the calendar.
    DurationTooLong => "duration_too_long",
    /// A budget by model does not have the right form.
    ModelBudgetInvalid => "model_budget_invalid",
    /// The feature needs an enterprise licence.
    LicenceRequired => "licence_required",
    /// Another key has this alias.
    AliasTaken => "alias_taken",
    /// A custom key has the wrong form.
    CustomKeyInvalid => "custom_key_invalid",
    /// A custom key exists already.
    KeyExists => "key_exists",
    /// Only a proxy admin may set this field.
    AdminField => "admin_field",
    /// A value cannot be stored.
    ValueUnstorable => "value_unstorable",
    /// The request asks for something the operation does not do.
    RequestUnsupported => "request_unsupported",
    /// The object is not the caller's to see or change.
    NotOwner => "not_owner",
    /// The operator's own rule refused.
    CustomRule => "custom_rule",
    /// The body names an upstream.
    UpstreamInBody => "upstream_in_body",
    /// The caller's key, user or team may not call the model.
    ModelForbidden => "model_forbidden",
    /// The caller's team may not choose guardrails.
    GuardrailsFixed => "guardrails_fixed",
    /// A row that the decision depends on is damaged in the store.
    RowUnreadable => "row_unreadable",
    /// The user or team has as many keys as there may be.
    TooManyKeys => "too_many_keys",
    /// A rule needs a fact that was not looked up.
    FactMissing => "fact_missing",
    /// Others changed the same rows at the same time, again and again.
    Conflict => "conflict",
    /// Rows of others refer to what is to be deleted.
    RowReferred => "row_referred",
    /// The server that answers all other routes cannot be reached.
    UpstreamAway => "upstream_away",
    /// The connection is to become one of another protocol.
    UpgradeUnsupported => "upgrade_unsupported",
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
