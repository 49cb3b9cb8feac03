//! `GET /audit`

use super::coerce::choice;
use super::problem::all_under;
use super::query::{integer, text};
use super::{Problem, Value};
use crate::time::DateTime;
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;
use latchkey_contract::tables::Millis;

choice! {
    /// What was done to an object.
    AuditAction, listed as "'created', 'updated', 'deleted', 'blocked', 'unblocked' or 'regenerated'" {
        /// It is new.
        Created = "created",
        /// It has other values.
        Updated = "updated",
        /// It is gone.
        Deleted = "deleted",
        /// It was taken out of service.
        Blocked = "blocked",
        /// It was put back into service.
        Unblocked = "unblocked",
        /// It has a new secret.
        Regenerated = "regenerated",
    }
}

/// The parameters of a listing of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuditQuery {
    /// Which page, from 1 on.
    pub page: Integer,
    /// Rows on a page, 1 to 100.
    pub size: Integer,
    /// Changes of this object only.
    pub object_id: Option<String>,
    /// Changes by this actor only.
    pub changed_by: Option<String>,
    /// Changes of this sort only.
    pub action: Option<AuditAction>,
    /// Changes in this table only.
    pub table_name: Option<String>,
    /// Changes at or after this moment only.
    pub since: Option<Millis>,
    /// Changes before this moment only.
    pub until: Option<Millis>,
}

impl AuditQuery {
    /// The parameters there are.
    pub(crate) const NAMES: [&str; 8] =
        ["page", "size", "object_id", "changed_by", "action", "table_name", "since", "until"];

    /// Reads the decoded parameters, or tells all problems. Empty filters are none; unknown parameters are not its
    /// business.
    pub(crate) fn read(query: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut number = |name, default, most| {
            integer(query, name, default, 1, most).unwrap_or_else(|found| {
                problems.extend(found);
                Integer::from(default)
            })
        };
        let (page, size) = (number("page", 1, None), number("size", 10, Some(100)));
        let owned = |name| filled(query, name).map(str::to_owned);
        let asked = Self {
            page,
            size,
            object_id: owned("object_id"),
            changed_by: owned("changed_by"),
            action: value(query, "action", &mut problems),
            table_name: owned("table_name"),
            since: value(query, "since", &mut problems).map(|moment: DateTime| moment.to_millis()),
            until: value(query, "until", &mut problems).map(|moment: DateTime| moment.to_millis()),
        };
        if problems.is_empty() { Ok(asked) } else { Err(problems) }
    }
}

fn filled<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    text(query, name).filter(|text| !text.is_empty())
}

fn value<T: Value>(query: &[(String, String)], name: &'static str, problems: &mut Vec<Problem>) -> Option<T> {
    let read = T::read(&Json::from(filled(query, name)?));
    read.map_err(|found| problems.extend(all_under(all_under(found, name), "query"))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<AuditQuery, Vec<&'static str>> {
        let read = AuditQuery::read(&crate::http::request::query(query));
        read.map_err(|problems| problems.iter().map(|problem| problem.kind).collect())
    }

    #[test]
    fn moments_are_iso_8601_and_empty_filters_are_none() {
        let asked = read("since=2026-01-01T00:00:00Z&until=2026-01-02&action=blocked&object_id=").unwrap();
        assert_eq!(asked.since, Some(Millis(1_767_225_600_000)));
        assert_eq!(asked.until, Some(Millis(1_767_312_000_000)));
        assert_eq!((asked.action, asked.object_id), (Some(AuditAction::Blocked), None));
        assert_eq!((asked.page, asked.size), (Integer::from(1), Integer::from(10)));
    }

    #[test]
    fn every_wrong_parameter_is_told() {
        let wrong = read("page=0&size=101&action=burnt&since=yesterday");
        let kinds = ["greater_than_equal", "less_than_equal", "literal_error", "datetime_from_date_parsing"];
        assert_eq!(wrong, Err(kinds.to_vec()));
    }
}
