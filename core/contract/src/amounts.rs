//! Which fields and columns hold amounts.

/// Whether a field or column of this name is an amount or a limit.
pub fn is_amount(name: &str) -> bool {
    matches!(
        name,
        "max_budget"
            | "soft_budget"
            | "spend"
            | "max_parallel_requests"
            | "tpm_limit"
            | "rpm_limit"
            | "max_budget_in_team"
    )
}
