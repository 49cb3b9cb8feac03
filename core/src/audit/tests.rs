use super::*;
use crate::caller::Role;
use crate::error::{Code, Refusal};
use crate::settings::{Profile, Settings};
use latchkey_contract::json::{Json, JsonText, Limits, Reader};
use latchkey_contract::tables::{AuditLog, Row, Table, Team, User, VirtualKey};
use latchkey_contract::wire::{Call, Fact, Facts, Query, changed, unchanged};

fn stored<T: Table>(query: Query, rows: &[T]) -> Fact {
    Fact { query, rows: rows.iter().map(|row| (row as &dyn Row).as_read()).collect(), total: None }
}

fn call(facts: Vec<Fact>, headers: &[(&str, &str)]) -> Call {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Call { facts: Facts(facts), now: 1_757_701_349_000, headers, ..Call::default() }
}

fn settings() -> Settings {
    Settings { store_audit_logs: true, ..Settings::default() }
}

fn recorded(call: &Call, operation: &str, writes: Vec<Write>) -> Result<Outcome, Halt> {
    let settings = settings();
    let cx = Context::new(call, b"", &settings);
    let caller = Caller {
        user_role: Some(Role::ProxyAdmin),
        user_id: Some("boss".to_owned()),
        token: Some("hash".to_owned()),
        ..Caller::default()
    };
    record(&cx, &caller, operation, Ok(Outcome { writes, ..Outcome::default() }))
}

/// The audit rows among writes.
fn logged(writes: &[Write]) -> Vec<AuditLog> {
    let row = |write: &Write| match write {
        Write::Insert { table, row, .. } if table == AuditLog::NAME => {
            let mut text = String::new();
            row.write(&mut text);
            AuditLog::read(&mut Reader::of_text(&text, &Limits::STORED)).ok()
        }
        _ => None,
    };
    writes.iter().filter_map(row).collect()
}

fn actions(operation: &str, old: &VirtualKey, new: &VirtualKey) -> Vec<String> {
    let call =
        call(vec![stored(Query::one::<VirtualKey>("token", &old.token), std::slice::from_ref(old))], &[]);
    let outcome = recorded(&call, operation, changed(old, new).into_iter().collect()).unwrap();
    logged(&outcome.writes).into_iter().map(|row| row.action).collect()
}

fn key(token: &str) -> VirtualKey {
    VirtualKey { token: token.to_owned(), ..VirtualKey::default() }
}

fn of(row: Option<&JsonText>, name: &str) -> Json {
    row.unwrap().value().get(name).unwrap().clone()
}

#[test]
fn a_change_is_told_with_actor_before_and_after() {
    let old = key("t");
    let new = VirtualKey { max_budget: Some(5.0), ..old.clone() };
    let call = call(vec![stored(Query::one::<VirtualKey>("token", "t"), std::slice::from_ref(&old))], &[]);
    let outcome = recorded(&call, "key_update", changed(&old, &new).into_iter().collect()).unwrap();
    let rows = logged(&outcome.writes);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.changed_by.as_str(), row.changed_by_api_key.as_str()), ("boss", "hash"));
    assert_eq!((row.action.as_str(), row.table_name.as_str()), ("updated", VirtualKey::NAME));
    assert_eq!((row.object_id.as_str(), row.updated_at.0), ("t", call.now));
    assert_eq!(of(row.before_value.as_ref(), "max_budget"), Json::Null);
    assert_eq!(of(row.updated_values.as_ref(), "max_budget"), Json::Float(5.0));
    assert_eq!(outcome.guards, [unchanged(&old)]);
}

#[test]
fn in_strict_nobody_acts_under_a_foreign_name_and_the_master_keys_hash_stays_out() {
    let told = |profile, caller: &Caller, headers: &[(&str, &str)]| {
        let (call, settings) = (call(Vec::new(), headers), Settings { profile, ..settings() });
        let cx = Context::new(&call, b"", &settings);
        let outcome = Outcome { writes: vec![insert(&key("a"))], ..Outcome::default() };
        let rows = logged(&record(&cx, caller, "key_generate", Ok(outcome)).unwrap().writes);
        (rows[0].changed_by.clone(), rows[0].changed_by_api_key.clone())
    };
    let pair = |actor: &str, key: &str| (actor.to_owned(), key.to_owned());
    let alice = [("litellm-changed-by", "alice")];
    let master = Caller::master("digest".to_owned());
    let of = |user_id: Option<&str>| Caller {
        user_role: Some(Role::InternalUser),
        user_id: user_id.map(str::to_owned),
        token: Some("hash".to_owned()),
        ..Caller::default()
    };
    for (caller, headers, reference, strict) in [
        (&of(Some("u")), &alice[..], pair("alice", "hash"), pair("u", "hash")),
        (&of(None), &alice[..], pair("alice", "hash"), pair("hash", "hash")),
        (&of(None), &[][..], pair("default_user_id", "hash"), pair("hash", "hash")),
        (&of(Some("")), &[][..], pair("default_user_id", "hash"), pair("hash", "hash")),
        (&master, &alice[..], pair("alice", "digest"), pair("alice", "master_key")),
        (&master, &[][..], pair("default_user_id", "digest"), pair("default_user_id", "master_key")),
    ] {
        assert_eq!(told(Profile::Litellm160, caller, headers), reference);
        assert_eq!(told(Profile::Strict, caller, headers), strict);
    }
}

#[test]
fn the_action_is_told_by_the_rows() {
    let old = key("t");
    let blocked = VirtualKey { blocked: Some(true), ..old.clone() };
    assert_eq!(actions("key_update", &old, &blocked), ["blocked"]);
    assert_eq!(actions("key_update", &blocked, &old), ["unblocked"]);
    assert_eq!(
        actions("key_regenerate", &blocked, &VirtualKey { token: "new".to_owned(), ..old.clone() }),
        ["regenerated"]
    );
    let again = VirtualKey { updated_at: Some(latchkey_contract::tables::Millis(9)), ..blocked.clone() };
    assert_eq!(actions("key_block", &blocked, &again), ["blocked"]);
    assert_eq!(actions("key_update", &blocked, &again), ["updated"]);
    assert_eq!(actions("key_update", &old, &old), Vec::<String>::new());
}

#[test]
fn a_row_that_was_not_read_is_asked_for_before_it_is_deleted_and_a_set_is_noted_by_the_store() {
    let writes = || vec![Write::delete::<VirtualKey>("team_id", "t"), Write::delete::<Team>("team_id", "t")];
    let settings = settings();
    let call_without = call(Vec::new(), &[]);
    let cx = Context::new(&call_without, b"", &settings);
    let outcome = Outcome { writes: writes(), ..Outcome::default() };
    let halted = record(&cx, &Caller::default(), "team_delete", Ok(outcome));
    assert!(matches!(halted, Err(Halt::Missing)));
    let team = Query::one::<Team>("team_id", "t");
    assert_eq!(cx.missing(), std::slice::from_ref(&team));

    let team_row = Team { team_id: "t".to_owned(), ..Team::default() };
    let outcome = recorded(&call(vec![stored(team, &[team_row])], &[]), "team_delete", writes()).unwrap();
    let rows = logged(&outcome.writes);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.action.as_str(), row.object_id.as_str()), ("deleted", "t"));
    assert!(row.updated_values.is_none() && row.before_value.is_some());
    let Write::Delete { noted: Some(note), .. } = &outcome.writes[0] else { panic!("{:?}", outcome.writes) };
    assert!(note.id < row.id, "what goes with the team is noted before it");
    let said = |name: &str| note.row.get(name).map(JsonText::value);
    assert_eq!(said("action"), Some("deleted".into()));
    assert_eq!(
        (said("changed_by"), said("table_name")),
        (Some("boss".into()), Some(VirtualKey::NAME.into()))
    );
    assert!(said("id").is_none() && said("object_id").is_none() && said("before_value").is_none());
    for name in ["token", "user_id", "max_budget", "expires"] {
        assert!(note.shown.iter().any(|shown| shown == name), "{name}");
    }
    for column in VirtualKey::SCHEMA.columns.iter().filter(|column| column.is_document()) {
        assert!(note.shown.iter().all(|shown| shown != column.name), "{} may hold secrets", column.name);
    }
    assert!(matches!(&outcome.writes[1], Write::Delete { noted: None, .. }));
}

#[test]
fn several_writes_to_one_object_are_one_change() {
    let (first, second) = (key("a"), VirtualKey { spend: 2.0, ..key("a") });
    let there_and_gone = vec![insert(&key("b")), Write::delete::<VirtualKey>("token", "b")];
    let facts = || vec![stored::<VirtualKey>(Query::one::<VirtualKey>("token", "b"), &[])];
    assert_eq!(logged(&recorded(&call(facts(), &[]), "x", there_and_gone).unwrap().writes), []);
    let made_and_changed = [vec![insert(&first)], changed(&first, &second).into_iter().collect()].concat();
    let facts = vec![stored::<VirtualKey>(Query::one::<VirtualKey>("token", "a"), &[])];
    let rows = logged(&recorded(&call(facts, &[]), "x", made_and_changed).unwrap().writes);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(
        (row.action.as_str(), of(row.updated_values.as_ref(), "spend")),
        ("created", Json::Float(2.0))
    );
}

#[test]
fn no_secret_gets_into_the_log() {
    let secret = "sk-0123456789abcdef";
    let metadata = JsonText::of(&latchkey_contract::dict! { "note" => secret });
    let user =
        User { user_id: "u".to_owned(), password: Some("hash".to_owned()), metadata, ..User::default() };
    let headers = [("litellm-changed-by", secret)];
    let rows =
        logged(&recorded(&call(Vec::new(), &headers), "user_new", vec![insert(&user)]).unwrap().writes);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.changed_by.as_str(), row.action.as_str()), ("sk-...cdef", "created"));
    assert_eq!(of(row.updated_values.as_ref(), "password"), Json::from("***"));
    assert!(!row.updated_values.as_ref().unwrap().as_str().contains(secret));
}

#[test]
fn what_a_refusal_leaves_behind_is_a_change_and_what_it_does_not_is_none() {
    let settings = settings();
    let call = call(Vec::new(), &[]);
    for (left_behind, expected) in [(vec![insert(&key("a"))], 1), (Vec::new(), 0)] {
        let refusal = Refusal { left_behind, ..Refusal::raised(Code::KeyUnknown, "no") };
        let cx = Context::new(&call, b"", &settings);
        match record(&cx, &Caller::default(), "x", Err(refusal.into())) {
            Err(Halt::Refused(refusal)) => assert_eq!(logged(&refusal.left_behind).len(), expected),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn nothing_is_logged_unless_the_settings_say_so() {
    let (call, settings) = (call(Vec::new(), &[]), Settings::default());
    let cx = Context::new(&call, b"", &settings);
    let outcome = Outcome { writes: vec![insert(&key("a"))], ..Outcome::default() };
    let recorded = record(&cx, &Caller::default(), "key_generate", Ok(outcome)).unwrap();
    assert_eq!(recorded.writes.len(), 1);
}
