use super::*;
use crate::json::Json;
use crate::wire::{of_text, to_text};

fn read(text: &str) -> Result<StepHead, crate::json::ReadError> {
    of_text(text.as_bytes())
}

/// Asserts that the head is written in this way, and read again from it.
fn assert_text(head: &StepHead, text: &str) {
    assert_eq!(to_text(head), text);
    assert_eq!(read(text).unwrap(), *head);
}

fn row() -> Cells {
    let cells = [
        ("spend", JsonText::of(&Json::Float(1.0))),
        ("metadata", JsonText::parse(r#"{"b": 1.50, "a": 99999999999999999999}"#.to_owned()).unwrap()),
    ];
    cells.into_iter().map(|(name, cell)| (name.into(), cell)).collect()
}

const ROW: &str = r#"{"spend":1.0,"metadata":{"b": 1.50, "a": 99999999999999999999}}"#;

fn key() -> Vec<String> {
    vec!["1".to_owned()]
}

fn written(write: Write, guards: Vec<Guard>) -> StepHead {
    StepHead::Write {
        operation: "o".into(),
        status: 200,
        headers: vec![("a".into(), "b\"".into())],
        events: vec![Event { event: "key_created".into(), object: "t".to_owned() }],
        writes: vec![write],
        guards,
        relies_on: vec![RowName { table: "t".into(), key: key() }],
    }
}

fn text(write: &str, guards: &str) -> String {
    format!(
        r#"{{"write":{{"operation":"o","status":200,"headers":[["a","b\""]],"events":[{{"event":"key_created","object":"t"}}],"writes":[{write}],"guards":[{guards}],"relies_on":[{{"table":"t","key":["1"]}}]}}}}"#
    )
}

#[test]
fn a_write_is_read_as_it_was_written_and_its_cells_keep_their_digits() {
    let refers = |member: Option<&'static str>| Condition::Refers {
        column: "b".into(),
        table: "c".into(),
        of: "d".into(),
        member: member.map(Into::into),
        rows: vec![("e".into(), key())],
    };
    let take = Some(Items { column: "b".into(), member: Some("m".into()), values: key() });
    let note = Note { id: "n".to_owned(), row: row(), shown: vec!["b".into()] };
    for (write, wanted) in [
        (
            Write::Insert { table: "t".into(), row: row(), like: None },
            format!(r#"{{"insert":{{"table":"t","row":{ROW},"like":null}}}}"#),
        ),
        (
            Write::Insert { table: "t".into(), row: Cells::new(), like: Some(key()) },
            r#"{"insert":{"table":"t","row":{},"like":["1"]}}"#.to_owned(),
        ),
        (
            Write::Update { table: "t".into(), key: key(), set: row() },
            format!(r#"{{"update":{{"table":"t","key":["1"],"set":{ROW}}}}}"#),
        ),
        (
            Write::Copy {
                table: "t".into(),
                rows: vec![Condition::is("b", "c")],
                into: "o".into(),
                id: "n".to_owned(),
                columns: vec!["b".into()],
                set: row(),
            },
            format!(
                r#"{{"copy":{{"table":"t","rows":[{{"in":{{"column":"b","values":["c"]}}}}],"into":"o","id":"n","columns":["b"],"set":{ROW}}}}}"#
            ),
        ),
        (
            Write::Change {
                table: "t".into(),
                rows: vec![Condition::is("b", "c")],
                set: row(),
                take: None,
                noted: None,
            },
            format!(
                r#"{{"change":{{"table":"t","rows":[{{"in":{{"column":"b","values":["c"]}}}}],"set":{ROW},"take":null,"noted":null}}}}"#
            ),
        ),
        (
            Write::Change { table: "t".into(), rows: vec![], set: Cells::new(), take, noted: None },
            r#"{"change":{"table":"t","rows":[],"set":{},"take":{"column":"b","member":"m","values":["1"]},"noted":null}}"#
                .to_owned(),
        ),
        (
            Write::Delete { table: "t".into(), rows: vec![refers(None), refers(Some("f"))], noted: Some(note) },
            format!(
                r#"{{"delete":{{"table":"t","rows":[{},{}],"noted":{{"id":"n","row":{ROW},"shown":["b"]}}}}}}"#,
                r#"{"refers":{"column":"b","table":"c","of":"d","member":null,"rows":[["e",["1"]]]}}"#,
                r#"{"refers":{"column":"b","table":"c","of":"d","member":"f","rows":[["e",["1"]]]}}"#
            ),
        ),
    ] {
        assert_text(&written(write, Vec::new()), &text(&wanted, ""));
    }
}

#[test]
fn a_guard_is_read_as_it_was_written() {
    let delete = || Write::delete_all::<Team>(vec![Condition::is("b", "c")]);
    let wanted = r#"{"delete":{"table":"LiteLLM_TeamTable","rows":[{"in":{"column":"b","values":["c"]}}],"noted":null}}"#;
    let absent = |except: Option<&str>| Guard::Absent {
        table: "t".into(),
        column: "b".into(),
        value: "c".to_owned(),
        except: except.map(str::to_owned),
    };
    let same = JsonText::parse(ROW.to_owned()).unwrap();
    for (guard, guards) in [
        (absent(None), r#"{"absent":{"table":"t","column":"b","value":"c","except":null}}"#.to_owned()),
        (absent(Some("d")), r#"{"absent":{"table":"t","column":"b","value":"c","except":"d"}}"#.to_owned()),
        (
            Guard::Same { table: "t".into(), key: key(), row: same, counters: true },
            format!(r#"{{"same":{{"table":"t","key":["1"],"row":{ROW},"counters":true}}}}"#),
        ),
        (
            Guard::Present { table: "t".into(), key: key() },
            r#"{"present":{"table":"t","key":["1"]}}"#.to_owned(),
        ),
    ] {
        assert_text(&written(delete(), vec![guard]), &text(wanted, &guards));
    }
}

#[test]
fn other_steps_are_read_as_they_were_written() {
    let read = |lasting| StepHead::Read { queries: vec![Query::All { table: "a".into() }], lasting };
    assert_text(&read(false), r#"{"read":{"queries":[{"all":{"table":"a"}}],"lasting":false}}"#);
    assert_text(&read(true), r#"{"read":{"queries":[{"all":{"table":"a"}}],"lasting":true}}"#);
    let forward = StepHead::Forward {
        operation: "forward".into(),
        base: "http://a:1".to_owned(),
        status: 502,
        headers: Vec::new(),
        events: Vec::new(),
    };
    let text =
        r#"{"forward":{"operation":"forward","base":"http://a:1","status":502,"headers":[],"events":[]}}"#;
    assert_text(&forward, text);
    assert_text(&StepHead::Body { sender: None }, r#"{"body":{"sender":null}}"#);
    let sender = Some("user u\"".to_owned());
    assert_text(&StepHead::Body { sender }, r#"{"body":{"sender":"user u\""}}"#);
}

#[test]
fn a_write_of_all_rows_or_with_a_member_of_another_is_refused() {
    for wrong in [
        r#"{"insert":{"table":"a","row":{},"key":[]}}"#,
        r#"{"update":{"table":"a","key":[]}}"#,
        r#"{"delete":{"table":"a","rows":[]}}"#,
        r#"{"change":{"table":"a","rows":[],"set":{"b":1}}}"#,
        r#"{"drop":{"table":"a"}}"#,
    ] {
        assert!(read(&text(wrong, "")).is_err(), "{wrong}");
    }
}
