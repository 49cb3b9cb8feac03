//! Queries as JSON, in both directions.

use super::member::{has_only, maybe_text, number, number_or_none, text, texts};
use super::{AuditFilter, KeyFilter, KeyOrder, Probe, Query, Visibility};
use crate::json::{Json, Object, ReadError, Reader, write_int};

impl Query {
    /// Appends the query as JSON.
    pub fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        match self {
            Self::Caller { token } => {
                object.text("query", "caller");
                object.text("token", token);
            }
            Self::Rows { table, column, values } => {
                object.text("query", "rows");
                object.text("table", table);
                object.text("column", column);
                object.texts("values", values);
            }
            Self::Brief { table, column, values, limit } => {
                object.text("query", "brief");
                object.text("table", table);
                object.text("column", column);
                object.texts("values", values);
                maybe_number(&mut object, "limit", *limit);
            }
            Self::All { table } => {
                object.text("query", "all");
                object.text("table", table);
            }
            Self::Teams { member, bytes } => {
                object.text("query", "teams");
                object.maybe("member", member.as_deref());
                object.int("bytes", whole(*bytes));
            }
            Self::Keys { filter, order, offset, limit, bytes } => {
                object.text("query", "keys");
                filter.write(object.member("filter"));
                order.write(object.member("order"));
                page(&mut object, *offset, *limit);
                maybe_number(&mut object, "bytes", *bytes);
            }
            Self::Audit { filter, offset, limit } => {
                object.text("query", "audit");
                filter.write(object.member("filter"));
                page(&mut object, *offset, *limit);
            }
            Self::CustomRule { input } => {
                object.text("query", "custom_rule");
                object.text("input", input);
            }
            Self::Probe { probe } => {
                object.text("query", "probe");
                probe.write(object.member("probe"));
            }
        }
        object.end();
    }

    /// Reads a query.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        match Self::of(&reader.value()?) {
            Some(query) => Ok(query),
            None => reader.fail(),
        }
    }

    fn of(value: &Json) -> Option<Self> {
        let kind = value.get("query")?.as_str()?;
        let (query, members) = match kind {
            "caller" => (Self::Caller { token: text(value, "token")? }, 2),
            "rows" | "brief" => {
                let (table, column) = (text(value, "table")?.into(), text(value, "column")?.into());
                let values = texts(value, "values")?;
                match kind {
                    "rows" => (Self::Rows { table, column, values }, 4),
                    _ => (Self::Brief { table, column, values, limit: number_or_none(value, "limit")? }, 5),
                }
            }
            "all" => (Self::All { table: text(value, "table")?.into() }, 2),
            "teams" => {
                let (member, bytes) = (maybe_text(value, "member")?, number(value, "bytes")?);
                (Self::Teams { member, bytes }, 3)
            }
            "keys" => {
                let (filter, order) =
                    (KeyFilter::of(value.get("filter")?)?, KeyOrder::of(value.get("order")?)?);
                let (offset, limit) = (number(value, "offset")?, number(value, "limit")?);
                let bytes = number_or_none(value, "bytes")?;
                (Self::Keys { filter, order, offset, limit, bytes }, 6)
            }
            "audit" => {
                let filter = AuditFilter::of(value.get("filter")?)?;
                let (offset, limit) = (number(value, "offset")?, number(value, "limit")?);
                (Self::Audit { filter, offset, limit }, 4)
            }
            "custom_rule" => (Self::CustomRule { input: text(value, "input")? }, 2),
            "probe" => (Self::Probe { probe: Probe::of(value.get("probe")?)? }, 2),
            _ => return None,
        };
        has_only(value, members).then_some(query)
    }
}

impl KeyFilter {
    fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        object.maybe("user_id", self.user_id.as_deref());
        object.maybe("team_id", self.team_id.as_deref());
        object.maybe("key_alias", self.key_alias.as_deref());
        object.maybe("budget_id", self.budget_id.as_deref());
        object.maybe("token", self.token.as_deref());
        object.maybe("search", self.search.as_deref());
        let out = object.member("visible_to");
        match &self.visible_to {
            Some(visible) => visible.write(out),
            None => out.push_str("null"),
        }
        let out = object.member("status");
        match &self.status {
            Some((status, now)) => {
                out.push_str("[\"");
                out.push_str(status);
                out.push_str("\",");
                write_int(out, *now);
                out.push(']');
            }
            None => out.push_str("null"),
        }
        object.end();
    }

    fn of(value: &Json) -> Option<Self> {
        let visible_to = match value.get("visible_to") {
            None | Some(Json::Null) => None,
            Some(visible) => Some(Visibility::of(visible)?),
        };
        let status = match value.get("status") {
            None | Some(Json::Null) => None,
            Some(status) => match status.as_list()? {
                [Json::Str(status), Json::Int(now)] => Some((status.clone(), *now)),
                _ => return None,
            },
        };
        let text = |name| maybe_text(value, name);
        let (user_id, team_id, key_alias) = (text("user_id")?, text("team_id")?, text("key_alias")?);
        let (budget_id, token, search) = (text("budget_id")?, text("token")?, text("search")?);
        Some(Self { user_id, team_id, key_alias, budget_id, token, search, visible_to, status })
    }
}

impl Visibility {
    fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        object.maybe("user_id", self.user_id.as_deref());
        object.texts("team_ids", &self.team_ids);
        object.texts("tokens", &self.tokens);
        object.end();
    }

    fn of(value: &Json) -> Option<Self> {
        let (team_ids, tokens) = (texts(value, "team_ids")?, texts(value, "tokens")?);
        Some(Self { user_id: maybe_text(value, "user_id")?, team_ids, tokens })
    }
}

impl KeyOrder {
    fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        object.text("column", &self.column);
        object.member("descending").push_str(if self.descending { "true" } else { "false" });
        object.end();
    }

    fn of(value: &Json) -> Option<Self> {
        match value.get("descending")? {
            Json::Bool(descending) => {
                Some(Self { column: text(value, "column")?.into(), descending: *descending })
            }
            _ => None,
        }
    }
}

impl AuditFilter {
    fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        object.texts("object_ids", &self.object_ids);
        object.maybe("changed_by", self.changed_by.as_deref());
        object.maybe("action", self.action.as_deref());
        object.maybe("table_name", self.table_name.as_deref());
        for (name, moment) in [("since", self.since), ("until", self.until)] {
            match moment {
                Some(moment) => object.int(name, moment),
                None => object.maybe(name, None),
            }
        }
        object.end();
    }

    fn of(value: &Json) -> Option<Self> {
        let moment = |name| match value.get(name) {
            None | Some(Json::Null) => Some(None),
            Some(Json::Int(moment)) => Some(Some(*moment)),
            Some(_) => None,
        };
        let text = |name| maybe_text(value, name);
        let (changed_by, action, table_name) = (text("changed_by")?, text("action")?, text("table_name")?);
        let (since, until) = (moment("since")?, moment("until")?);
        Some(Self { object_ids: texts(value, "object_ids")?, changed_by, action, table_name, since, until })
    }
}

fn page(object: &mut Object<'_>, offset: u64, limit: u64) {
    object.int("offset", whole(offset));
    object.int("limit", whole(limit));
}

fn whole(number: u64) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

fn maybe_number(object: &mut Object<'_>, name: &str, number: Option<u64>) {
    match number {
        Some(number) => object.int(name, whole(number)),
        None => object.maybe(name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Limits;

    fn read(text: &str) -> Result<Query, ReadError> {
        Query::read(&mut Reader::of_text(text, &Limits::STORED))
    }

    #[test]
    fn a_query_reads_back_equal() {
        let some = || Some("x\"".to_owned());
        let visible_to = Visibility { user_id: some(), team_ids: vec!["t".to_owned()], tokens: vec![] };
        let filter = KeyFilter {
            search: some(),
            visible_to: Some(visible_to),
            status: Some(("active".to_owned(), -1)),
            ..KeyFilter::default()
        };
        let keys = |bytes| Query::Keys {
            filter: filter.clone(),
            order: KeyOrder { column: "spend".into(), descending: true },
            offset: 3,
            limit: 4,
            bytes,
        };
        for query in [
            Query::Caller { token: "é".to_owned() },
            Query::Rows { table: "a".into(), column: "b".into(), values: vec![String::new()] },
            Query::Brief { table: "a".into(), column: "b".into(), values: vec!["c".to_owned()], limit: None },
            Query::Brief { table: "a".into(), column: "b".into(), values: vec![], limit: Some(6) },
            Query::All { table: "a".into() },
            Query::Teams { member: some(), bytes: 7 },
            Query::Teams { member: None, bytes: 0 },
            keys(Some(5)),
            keys(None),
            Query::Audit {
                filter: AuditFilter { action: some(), until: Some(5), ..AuditFilter::default() },
                offset: 0,
                limit: 1,
            },
            Query::CustomRule { input: "{}".to_owned() },
            Query::Probe {
                probe: Probe {
                    method: "POST".to_owned(),
                    url: "https://a".to_owned(),
                    headers: vec![("b".to_owned(), "c".to_owned())],
                    body: String::new(),
                },
            },
        ] {
            let mut text = String::new();
            query.write(&mut text);
            assert_eq!(read(&text), Ok(query), "{text}");
        }
    }

    #[test]
    fn a_query_with_a_member_of_another_is_none() {
        assert!(read(r#"{"query":"all","table":"a","values":[]}"#).is_err());
        assert!(read(r#"{"query":"none"}"#).is_err());
        assert!(read(r#"{"query":"rows","table":"a","column":"b","values":[1]}"#).is_err());
    }
}
