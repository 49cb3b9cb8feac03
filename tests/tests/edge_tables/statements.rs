//! The JavaScript stores make of queries and commits the statements that the host makes: `js/test/statements.test.mjs` compares
//! with what this writes, `LATCHKEY_WRITE=1 cargo test -p latchkey-tests --test edge_tables`.

use latchkey_contract::dict;
use latchkey_contract::json::{Json, JsonText};
use latchkey_contract::sql::{Action, Parameter, Plan, Statement, guard, plan, templates, write};
use latchkey_contract::tables::{
    DeletedKey, Millis, Table, Team, TeamMembership, TeamModels, User, VirtualKey,
};
use latchkey_contract::wire::{
    AuditFilter, Condition, Guard, Items, KeyFilter, KeyOrder, Note, Query, StepHead, Visibility, Write,
    insert, present, to_text, unchanged,
};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn queries() -> Vec<Query> {
    let order = |column: &'static str, descending| KeyOrder { column: column.into(), descending };
    let keys = |filter, order, bytes| Query::Keys { filter, order, offset: 3, limit: 2, bytes };
    let any = KeyFilter::default;
    let sees = |user_id, team_ids, tokens| KeyFilter {
        visible_to: Some(Visibility { user_id, team_ids, tokens }),
        ..any()
    };
    let every = KeyFilter {
        user_id: text("u"),
        team_id: text("t"),
        key_alias: text("a"),
        budget_id: text("b"),
        token: text("k"),
        project_id: text("p"),
        agent_id: text("g"),
        search: text("s'"),
        alias_part: text("x"),
        owner_part: text("y"),
        blocked: Some(false),
        expired: Some((false, 5)),
        ..any()
    };
    let items = |column: &'static str, member: Option<&'static str>| Items {
        column: column.into(),
        member: member.map(Into::into),
        values: texts(&["a", "b"]),
    };
    let page = |table: &'static str, rows, having, bytes| Query::Page {
        table: table.into(),
        rows,
        having,
        order: order("created_at", false),
        offset: 3,
        limit: 2,
        bytes,
    };
    let part =
        Condition::Contains { columns: vec!["user_id".into(), "user_email".into()], text: "it's".to_owned() };
    let audit = |filter| Query::Audit { filter, offset: 3, limit: 2 };
    let changes = AuditFilter {
        object_ids: texts(&["a", "b"]),
        changed_by: text("c"),
        action: text("d"),
        table_name: text("e"),
        since: Some(1),
        until: Some(2),
    };
    vec![
        Query::Caller { token: "k".to_owned() },
        Query::one::<VirtualKey>("token", "k"),
        Query::one::<TeamModels>("id", "7"),
        Query::many::<User>("user_email", texts(&["é\"", "b"])),
        Query::many::<User>("user_id", vec![]),
        Query::brief::<VirtualKey>("team_id", texts(&["t"])),
        Query::brief::<VirtualKey>("team_id", texts(&["t", "s"])).up_to(2),
        Query::All { table: TeamMembership::NAME.into() },
        page(Team::NAME, vec![], None, 4001),
        page(Team::NAME, vec![], Some(items("members_with_roles", Some("user_id"))), 0),
        page(User::NAME, vec![Condition::is("user_id", "u"), part], Some(items("teams", None)), 1),
        keys(any(), order("token", false), None),
        keys(every, order("spend", true), Some(4096)),
        keys(sees(text("u"), texts(&["t", "s"]), texts(&["k"])), order("token", true), None),
        keys(sees(None, vec![], vec![]), order("created_at", false), Some(1)),
        keys(KeyFilter { expired: Some((true, 5)), ..any() }, order("expires", true), None),
        keys(KeyFilter { blocked: Some(true), ..any() }, order("token", true), None),
        keys(KeyFilter { without_team: text("d"), ..any() }, order("token", true), None),
        keys(
            KeyFilter { without_team: text("d"), user_id: text("u"), ..any() },
            order("token", true),
            Some(9),
        ),
        keys(
            KeyFilter { archived: true, deleted_since: Some(7), user_id: text("u"), ..any() },
            order("deleted_at", true),
            Some(9),
        ),
        keys(KeyFilter { archived: true, ..any() }, order("created_at", true), None),
        keys(KeyFilter { rotation_due: Some(7), ..any() }, order("key_rotation_at", false), None),
        audit(AuditFilter::default()),
        audit(AuditFilter { object_ids: texts(&["a"]), ..AuditFilter::default() }),
        audit(changes),
    ]
}

fn commit() -> (Vec<Write>, Vec<Guard>) {
    let key = VirtualKey {
        token: "k".to_owned(),
        key_alias: text("it's \"é\""),
        spend: 0.5,
        expires: Some(Millis(1_700_000_000_123)),
        blocked: Some(true),
        tpm_limit: Some(i64::MAX),
        models: texts(&["m"]),
        ..VirtualKey::default()
    };
    let absent = |except| Guard::Absent {
        table: User::NAME.into(),
        column: "user_email".into(),
        value: "A@b".to_owned(),
        except,
    };
    let membership = Guard::Present { table: TeamMembership::NAME.into(), key: texts(&["u", "t"]) };
    let set = || {
        let cells = [("updated_at".into(), Json::Int(9)), ("max_budget".into(), Json::Float(1.5))];
        cells.map(|(name, value)| (name, JsonText::of(&value))).into_iter().collect()
    };
    let refers = |of: &'static str, member: Option<&'static str>, rows| Condition::Refers {
        column: "user_id".into(),
        table: Team::NAME.into(),
        of: of.into(),
        member: member.map(Into::into),
        rows,
    };
    let some = vec![("team_id".into(), texts(&["t", "s"])), ("team_alias".into(), texts(&["x"]))];
    let items = |column: &'static str, member: Option<&'static str>| Items {
        column: column.into(),
        member: member.map(Into::into),
        values: texts(&["a", "b"]),
    };
    let note = |shown: &[&'static str]| Note {
        id: "n".to_owned(),
        row: [("updated_at", Json::Int(7)), ("changed_by", Json::from("boss"))]
            .map(|(name, value)| (name.into(), JsonText::of(&value)))
            .into_iter()
            .collect(),
        shown: shown.iter().map(|name| (*name).into()).collect(),
    };
    let change = |table: &'static str, rows, take, noted| Write::Change {
        table: table.into(),
        rows,
        set: set(),
        take,
        noted,
    };
    let writes = vec![
        insert(&key),
        Write::Update { table: TeamMembership::NAME.into(), key: texts(&["u", "t"]), set: nothing_spent() },
        change(User::NAME, vec![Condition::is("user_id", "u")], None, None),
        change(
            User::NAME,
            vec![refers("team_id", None, some.clone()), refers("members_with_roles", Some("user_id"), some)],
            Some(items("teams", None)),
            Some(note(&["user_id", "teams", "updated_at", "max_budget", "tpm_limit"])),
        ),
        change(Team::NAME, vec![], Some(items("members_with_roles", Some("user_id"))), None),
        change(Team::NAME, vec![], Some(items("metadata", Some("id"))), Some(note(&["metadata", "blocked"]))),
        Write::Copy {
            table: VirtualKey::NAME.into(),
            rows: vec![Condition::is("user_id", "u"), Condition::is("team_id", "t")],
            into: DeletedKey::NAME.into(),
            id: "n".to_owned(),
            columns: vec!["token".into(), "metadata".into()],
            set: [("deleted_at".into(), JsonText::of(&Json::Int(9)))].into_iter().collect(),
        },
        Write::Delete {
            table: TeamMembership::NAME.into(),
            rows: vec![Condition::is("user_id", "u"), refers("team_id", None, vec![])],
            noted: Some(note(&["user_id", "spend"])),
        },
        Write::delete::<User>("user_email", "A@b"),
    ];
    let guards =
        vec![absent(None), absent(text("u")), unchanged(&key), present::<VirtualKey>("k"), membership];
    (writes, guards)
}

fn nothing_spent() -> latchkey_contract::tables::Cells {
    let cells = dict! { "spend" => 0.5, "budget_id" => Json::Null };
    let cells = cells.as_dict().unwrap_or_default().iter();
    cells.map(|(name, value)| (name.clone(), JsonText::of(value))).collect()
}

/// Every step with its statements, as JSON.
pub(crate) fn steps() -> String {
    let mut steps = Vec::new();
    for query in queries() {
        let plan = plan(&query).unwrap();
        let head = StepHead::Read { queries: vec![query], lasting: false };
        steps.push(step(&head, &statements_of(plan)));
    }
    let (writes, guards) = commit();
    let actions = guards.iter().map(|one| guard(one).unwrap());
    let actions = actions.chain(writes.iter().flat_map(|one| write(one).unwrap()));
    let statements = actions.map(|action| match action {
        Action::Found(some) => within(templates::FAIL_UNLESS, some),
        Action::NotFound(some) => within(templates::FAIL_IF, some),
        Action::Run(statement) => statement,
    });
    let statements: Vec<_> = statements.collect();
    let head = StepHead::Write {
        operation: "x".into(),
        status: 200,
        headers: vec![],
        events: vec![],
        writes,
        guards,
        relies_on: vec![],
    };
    steps.push(step(&head, &statements));
    format!("[\n{}\n]\n", steps.join(",\n"))
}

fn statements_of(plan: Plan) -> Vec<Statement> {
    match plan {
        Plan::Rows(rows) => vec![rows.statement],
        Plan::Caller(parts) => parts.into_iter().map(|(_, select)| select.statement).collect(),
        Plan::Page { total, rows } => vec![total, rows.statement],
    }
}

fn within(template: &str, some: Statement) -> Statement {
    Statement { sql: template.replace("{some}", &some.sql), ..some }
}

fn step(head: &StepHead, statements: &[Statement]) -> String {
    let value = |parameter: &Parameter| match parameter {
        Parameter::Null => serde_json::Value::Null,
        Parameter::Integer(number) => number.to_string().into(),
        Parameter::Float(number) => number.to_string().into(),
        Parameter::Text(text) => text.clone().into(),
    };
    let statements: Vec<_> = statements
        .iter()
        .map(|statement| (&statement.sql, statement.parameters.iter().map(value).collect::<Vec<_>>()))
        .collect();
    serde_json::json!({ "head": to_text(head), "statements": statements }).to_string()
}
