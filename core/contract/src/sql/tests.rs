use super::*;
use crate::json::{Json, JsonText};
use crate::tables::{DeletedKey, Table, Team, TeamModels, User, VirtualKey};
use crate::wire::{
    AuditFilter, Condition, Guard, Items, KeyFilter, KeyOrder, Note, Query, Visibility, Write, insert,
};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The end of a statement, from its condition on.
fn end(statement: &Statement) -> &str {
    statement.sql.find("WHERE").map_or("", |at| &statement.sql[at..])
}

fn rows(query: &Query) -> Select {
    match plan(query).unwrap() {
        Plan::Rows(select) | Plan::Page { rows: select, .. } => select,
        Plan::Caller(mut parts) => parts.remove(0).1,
    }
}

#[test]
fn values_stand_in_the_order_of_their_marks() {
    let visible_to =
        Visibility { user_id: Some("u".to_owned()), team_ids: texts(&["a", "b"]), tokens: vec![] };
    let filter = KeyFilter {
        team_id: Some("t".to_owned()),
        search: Some("s".to_owned()),
        visible_to: Some(visible_to),
        blocked: Some(false),
        expired: Some((false, 5)),
        ..KeyFilter::default()
    };
    let order = KeyOrder { column: "spend".into(), descending: true };
    let query = Query::Keys { filter, order, offset: 20, limit: 10, bytes: None };
    let page = Listing::of(&query).unwrap().unwrap();
    let total = page.total();
    assert_eq!(
        end(&total),
        "WHERE \"team_id\" = ? AND (\"token\" = ? OR instr(lower(\"key_alias\"), lower(?)) > 0) AND \
         (\"user_id\" = ? OR \"team_id\" IN (SELECT value FROM json_each(?))) AND \
         \"blocked\" IS NOT 1 AND (\"expires\" IS NULL OR \"expires\" > ?)"
    );
    let text = |text: &str| Parameter::Text(text.to_owned());
    let values =
        vec![text("t"), text("s"), text("s"), text("u"), text("[\"a\",\"b\"]"), Parameter::Integer(5)];
    assert_eq!(total.parameters, values);
    let bounds = |total| page.rows(total).unwrap().statement.parameters[6..].to_vec();
    assert_eq!(bounds(None), [Parameter::Integer(10), Parameter::Integer(20)]);
    assert_eq!(bounds(Some(25)), [Parameter::Integer(5), Parameter::Integer(0)], "from the end");
    let from_end = page.rows(Some(25)).unwrap().statement.sql;
    assert!(
        from_end.contains("ORDER BY \"spend\" ASC NULLS FIRST, \"token\" ASC LIMIT ? OFFSET ?"),
        "{from_end}"
    );
    assert!(from_end.ends_with("ORDER BY \"spend\" DESC NULLS LAST, \"token\" DESC"), "{from_end}");
}

#[test]
fn what_is_not_wanted_is_counted_alone() {
    let filter = KeyFilter { without_team: Some("d".to_owned()), ..KeyFilter::default() };
    let order = KeyOrder { column: "created_at".into(), descending: true };
    let query = Query::Keys { filter, order, offset: 0, limit: 10, bytes: None };
    let page = Listing::of(&query).unwrap().unwrap();
    let (table, unwanted) = page.all_but().expect("nothing else is asked");
    assert_eq!((table, unwanted.unwrap().parameters.len()), (VirtualKey::NAME, 1));
    assert!(page.total().sql.starts_with("SELECT (SELECT COUNT(*)"), "{:?}", page.total());
    let rows = page.rows(None).unwrap().statement;
    assert!(rows.sql.contains("WHERE (\"team_id\" = ?) IS NOT 1 ORDER BY"), "{rows:?}");
}

#[test]
fn equal_questions_have_one_text() {
    let text = |query: &Query| rows(query).statement.sql;
    let one = |value: &str| text(&Query::one::<User>("user_email", value));
    assert_eq!(one("a"), one("b"));
    assert!(one("a").ends_with("WHERE \"user_email\" COLLATE NOCASE = ? ORDER BY rowid"));
    let many = |values| text(&Query::many::<User>("user_id", values));
    assert_eq!(many(texts(&["a", "b"])), many(texts(&["a", "b", "c"])));
    assert_eq!(many(vec![]), many(texts(&["a", "b"])));
    let first = |limit| text(&Query::brief::<User>("user_id", vec![]).up_to(limit));
    assert_eq!(first(1), first(2));
}

#[test]
fn a_row_without_documents_says_so() {
    let brief = rows(&Query::brief::<VirtualKey>("token", texts(&["t"])));
    assert!(brief.may_be_cut && brief.columns.iter().all(|column| !column.is_document()));
    let member =
        Items { column: "members_with_roles".into(), member: Some("user_id".into()), values: texts(&["u"]) };
    let teams = rows(&Query::Page {
        table: Team::NAME.into(),
        rows: vec![],
        having: Some(member),
        order: KeyOrder { column: "created_at".into(), descending: false },
        offset: 0,
        limit: 10,
        bytes: 4000,
    });
    assert!(teams.may_be_cut && teams.columns.len() == Team::SCHEMA.columns.len());
    assert!(teams.statement.sql.contains("\"size\" > 1000 OR"), "a quarter of the bytes");
    assert!(!rows(&Query::All { table: Team::NAME.into() }).may_be_cut);
}

#[test]
fn what_is_no_table_and_no_column_stands_in_no_statement() {
    let unknown = |query| plan(&query).unwrap_err().0;
    assert_eq!(unknown(Query::All { table: "sqlite_master".into() }), "table `sqlite_master`");
    let rowid = Query::Rows { table: User::NAME.into(), column: "rowid".into(), values: vec![] };
    assert_eq!(unknown(rowid), "column `rowid` in `LiteLLM_UserTable`");
    let order = KeyOrder { column: "1; --".into(), descending: true };
    let filter = KeyFilter::default();
    assert!(unknown(Query::Keys { filter, order, offset: 0, limit: 1, bytes: None }).contains("column"));
    let all = Write::delete_all::<VirtualKey>(vec![]);
    assert_eq!(write(&all).unwrap_err().0, "write of all rows");
    let key = Guard::Present { table: VirtualKey::NAME.into(), key: vec![] };
    assert!(guard(&key).unwrap_err().0.contains("primary key of 0 values"));
    let row = JsonText::parse("[]".to_owned()).unwrap();
    let same = Guard::Same { table: VirtualKey::NAME.into(), key: texts(&["t"]), row, counters: false };
    assert_eq!(guard(&same).unwrap_err().0, "guard that is no row");
}

#[test]
fn a_guard_compares_no_counter_and_nothing_that_is_no_column() {
    let row = JsonText::of(
        &crate::dict! { "spend" => 1.5, "tpm_limit" => 7, "cut" => true, "blocked" => Json::Null },
    );
    let same = Guard::Same { table: VirtualKey::NAME.into(), key: texts(&["t"]), row, counters: false };
    let Action::Found(found) = guard(&same).unwrap() else { panic!("it must be found") };
    assert_eq!(end(&found), "WHERE \"token\" = ? AND \"tpm_limit\" IS ? AND \"blocked\" IS ?");
    assert_eq!(found.parameters[1..], [Parameter::Integer(7), Parameter::Null]);
    let absent = |table: &'static str, column: &'static str| Guard::Absent {
        table: table.into(),
        column: column.into(),
        value: "v".to_owned(),
        except: Some("e".to_owned()),
    };
    let Action::NotFound(found) = guard(&absent(User::NAME, "user_email")).unwrap() else {
        panic!("it must not be found")
    };
    assert_eq!(end(&found), "WHERE \"user_email\" COLLATE NOCASE = ? AND \"user_id\" <> ?");
    assert!(guard(&absent("LiteLLM_TeamMembership", "user_id")).is_err());
}

#[test]
fn a_row_that_is_changed_must_be_there_and_one_that_is_stored_must_fit() {
    let set = |cell: JsonText| Write::Update {
        table: VirtualKey::NAME.into(),
        key: texts(&["t"]),
        set: [("spend".into(), cell)].into_iter().collect(),
    };
    let actions = write(&set(JsonText::of(&Json::Float(0.5)))).unwrap();
    let [Action::Found(_), Action::Run(update)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!(update.sql, "UPDATE \"LiteLLM_VerificationToken\" SET \"spend\" = ? WHERE \"token\" = ?");
    assert_eq!(update.parameters, [Parameter::Float(0.5), Parameter::Text("t".to_owned())]);
    assert!(write(&set(JsonText::of(&Json::from("much")))).is_err());
    let actions = write(&insert(&TeamModels { id: i32::MAX, ..TeamModels::default() })).unwrap();
    let [Action::Run(row)] = actions.as_slice() else { panic!("{actions:?}") };
    assert!(row.parameters.contains(&Parameter::Integer(i32::MAX.into())), "{row:?}");
}

#[test]
fn a_set_is_noted_before_it_is_changed() {
    let refers = |member: Option<&'static str>| Condition::Refers {
        column: "user_id".into(),
        table: Team::NAME.into(),
        of: if member.is_some() { "members_with_roles".into() } else { "team_id".into() },
        member: member.map(Into::into),
        rows: vec![("team_id".into(), texts(&["a"]))],
    };
    let items = Items { column: "teams".into(), member: None, values: texts(&["t"]) };
    let note = Note {
        id: "n".to_owned(),
        row: [("updated_at".into(), JsonText::of(&Json::Int(7)))].into_iter().collect(),
        shown: ["user_id", "teams", "max_parallel_requests", "updated_at", "max_budget"]
            .map(Into::into)
            .to_vec(),
    };
    let change = Write::Change {
        table: User::NAME.into(),
        rows: vec![refers(None), refers(Some("user_id"))],
        set: [("updated_at".into(), JsonText::of(&Json::Int(9)))].into_iter().collect(),
        take: Some(items),
        noted: Some(note),
    };
    let actions = write(&change).unwrap();
    let [Action::Run(noted), Action::Run(changed)] = actions.as_slice() else { panic!("{actions:?}") };
    assert!(noted.sql.starts_with("INSERT INTO \"LiteLLM_AuditLog\" (\"id\", \"object_id\""), "{noted:?}");
    assert!(
        changed.sql.starts_with("UPDATE \"LiteLLM_UserTable\" SET \"updated_at\" = ?, \"teams\" = (SELECT")
    );
    for statement in [noted, changed] {
        assert_eq!(statement.sql.matches('?').count(), statement.parameters.len(), "{statement:?}");
    }
}

#[test]
fn copies_are_numbered_and_deleted_keys_are_listed_in_their_archive() {
    let copy = Write::Copy {
        table: VirtualKey::NAME.into(),
        rows: vec![Condition::is("team_id", "t")],
        into: DeletedKey::NAME.into(),
        id: "n".to_owned(),
        columns: vec!["token".into(), "models".into()],
        set: [("deleted_at".into(), JsonText::of(&Json::Int(7)))].into_iter().collect(),
    };
    let actions = write(&copy).unwrap();
    let [Action::Run(copied)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!(
        copied.sql,
        "INSERT INTO \"LiteLLM_DeletedVerificationToken\" (\"id\", \"token\", \"models\", \"deleted_at\") \
         SELECT ? || printf('%012x', row_number() OVER (ORDER BY \"token\")), \"token\", \"models\", ? \
         FROM \"LiteLLM_VerificationToken\" WHERE \"team_id\" = ?"
    );
    assert_eq!(copied.parameters.len(), 3);
    let filter = KeyFilter {
        archived: true,
        deleted_since: Some(5),
        without_team: Some("d".to_owned()),
        ..KeyFilter::default()
    };
    let order = KeyOrder { column: "created_at".into(), descending: true };
    let query = Query::Keys { filter, order, offset: 0, limit: 10, bytes: None };
    let rows = rows(&query).statement.sql;
    assert!(
        rows.contains("FROM \"LiteLLM_DeletedVerificationToken\" WHERE \"deleted_at\" >= ? AND"),
        "{rows}"
    );
    assert!(rows.ends_with("ORDER BY \"created_at\" DESC NULLS LAST, \"id\" DESC"), "{rows}");
}

#[test]
fn an_empty_filter_has_no_condition() {
    let query = Query::Audit { filter: AuditFilter::default(), offset: 0, limit: 1 };
    let Plan::Page { total, .. } = plan(&query).unwrap() else { panic!("a page") };
    assert_eq!(total.sql, "SELECT COUNT(*) AS \"total\" FROM \"LiteLLM_AuditLog\" ");
    let Plan::Caller(parts) = plan(&Query::Caller { token: "t".to_owned() }).unwrap() else {
        panic!("a caller")
    };
    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["key", "user", "team", "team_models", "membership", "budget", "project"]);
}
