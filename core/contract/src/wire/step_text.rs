//! Steps, writes and guards as JSON, in both directions.

use super::headers::{read_headers, write_headers};
use super::{Condition, Event, Guard, Items, Note, Query, StepHead, Write};
use crate::json::{Limits, Object, ReadError, Reader, read_list, read_text, read_texts, write_list};
use crate::tables::Cells;

impl Write {
    fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        match self {
            Self::Insert { table, row, like } => {
                object.text("write", "insert");
                object.text("table", table);
                row.write(object.member("row"));
                if let Some(key) = like {
                    object.texts("like", key);
                }
            }
            Self::Update { table, key, set } => {
                object.text("write", "update");
                object.text("table", table);
                object.texts("key", key);
                set.write(object.member("set"));
            }
            Self::Change { table, rows, set, take, noted } => {
                object.text("write", "change");
                object.text("table", table);
                write_list(object.member("rows"), rows, |out, condition| condition.write(out));
                set.write(object.member("set"));
                if let Some(item) = take {
                    item.write(object.member("take"));
                }
                write_note(&mut object, noted.as_ref());
            }
            Self::Delete { table, rows, noted } => {
                object.text("write", "delete");
                object.text("table", table);
                write_list(object.member("rows"), rows, |out, condition| condition.write(out));
                write_note(&mut object, noted.as_ref());
            }
        }
        object.end();
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (mut kind, mut table) = (String::new(), None);
        let (mut row, mut key, mut set) = (None, None, None);
        let (mut rows, mut take, mut noted, mut like) = (None, None, None, None);
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            match &*name {
                "write" => kind = read_text(reader)?,
                "table" => table = Some(read_text(reader)?.into()),
                "row" => row = Some(Cells::read(reader)?),
                "key" => key = Some(read_texts(reader)?),
                "set" => set = Some(Cells::read(reader)?),
                "rows" => rows = Some(read_list(reader, Condition::read)?),
                "take" => take = Some(Items::read(reader)?),
                "noted" => noted = Some(Note::read(reader)?),
                "like" => like = Some(read_texts(reader)?),
                _ => return reader.fail(),
            }
        }
        let of_set = take.is_some() || noted.is_some();
        if like.is_some() && kind != "insert" {
            return reader.fail();
        }
        match (kind.as_str(), table, row, key, set, rows) {
            ("insert", Some(table), Some(row), None, None, None) if !of_set => {
                Ok(Self::Insert { table, row, like })
            }
            ("update", Some(table), None, Some(key), Some(set), None) if !of_set => {
                Ok(Self::Update { table, key, set })
            }
            ("change", Some(table), None, None, Some(set), Some(rows))
                if take.is_some() || !rows.is_empty() =>
            {
                Ok(Self::Change { table, rows, set, take, noted })
            }
            ("delete", Some(table), None, None, None, Some(rows)) if take.is_none() && !rows.is_empty() => {
                Ok(Self::Delete { table, rows, noted })
            }
            _ => reader.fail(),
        }
    }
}

impl Guard {
    fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        match self {
            Self::Absent { table, column, value, except } => {
                object.text("guard", "absent");
                object.text("table", table);
                object.text("column", column);
                object.text("value", value);
                if let Some(except) = except {
                    object.text("except", except);
                }
            }
            Self::Same { table, key, row } => {
                object.text("guard", "same");
                object.text("table", table);
                object.texts("key", key);
                object.member("row").push_str(row.as_str());
            }
            Self::Present { table, key } => {
                object.text("guard", "present");
                object.text("table", table);
                object.texts("key", key);
            }
        }
        object.end();
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (mut kind, mut table) = (String::new(), None);
        let (mut column, mut value, mut except, mut key, mut row) = (None, None, None, None, None);
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            match &*name {
                "guard" => kind = read_text(reader)?,
                "table" => table = Some(read_text(reader)?.into()),
                "column" => column = Some(read_text(reader)?.into()),
                "value" => value = Some(read_text(reader)?),
                "except" => except = if reader.null()? { None } else { Some(read_text(reader)?) },
                "key" => key = Some(read_texts(reader)?),
                "row" => row = Some(reader.text()?),
                _ => return reader.fail(),
            }
        }
        match (kind.as_str(), table, column, value, key, row) {
            ("absent", Some(table), Some(column), Some(value), None, None) => {
                Ok(Self::Absent { table, column, value, except })
            }
            ("same", Some(table), None, None, Some(key), Some(row)) if except.is_none() => {
                Ok(Self::Same { table, key, row })
            }
            ("present", Some(table), None, None, Some(key), None) if except.is_none() => {
                Ok(Self::Present { table, key })
            }
            _ => reader.fail(),
        }
    }
}

impl Event {
    fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        object.text("event", &self.event);
        object.text("object", &self.object);
        object.end();
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (mut event, mut object) = (String::new(), String::new());
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            match &*name {
                "event" => event = read_text(reader)?,
                "object" => object = read_text(reader)?,
                _ => reader.skip()?,
            }
        }
        Ok(Self { event: event.into(), object })
    }
}

impl StepHead {
    /// The head as JSON.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(1024);
        let mut object = Object::open(&mut out);
        match self {
            Self::Read { queries, lasting } => {
                object.text("step", "read");
                write_list(object.member("queries"), queries, |out, query| query.write(out));
                write_lasting(&mut object, *lasting);
            }
            Self::Body { sender } => {
                object.text("step", "body");
                object.maybe("sender", sender.as_deref());
            }
            Self::Reply { operation, status, headers, events, lasting } => {
                object.text("step", "reply");
                object.text("operation", operation);
                object.int("status", (*status).into());
                write_headers(object.member("headers"), headers);
                write_list(object.member("events"), events, |out, event| event.write(out));
                write_lasting(&mut object, *lasting);
            }
            Self::Write { operation, status, headers, events, writes, guards } => {
                object.text("step", "write");
                object.text("operation", operation);
                object.int("status", (*status).into());
                write_headers(object.member("headers"), headers);
                write_list(object.member("events"), events, |out, event| event.write(out));
                write_list(object.member("writes"), writes, |out, write| write.write(out));
                write_list(object.member("guards"), guards, |out, guard| guard.write(out));
            }
        }
        object.end();
        out
    }

    /// Reads the head of an answer.
    pub fn read(head: &[u8]) -> Result<Self, ReadError> {
        let reader = &mut Reader::of(head, &Limits::STORED)?;
        let (mut step, mut operation, mut status) = (String::new(), String::new(), 0);
        let (mut queries, mut headers, mut events) = (Vec::new(), Vec::new(), Vec::new());
        let (mut writes, mut guards, mut lasting) = (Vec::new(), Vec::new(), false);
        let mut sender = None;
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            match &*name {
                "step" => step = read_text(reader)?,
                "queries" => queries = read_list(reader, Query::read)?,
                "operation" => operation = read_text(reader)?,
                "status" => status = reader.integer()?.try_into().or_else(|_| reader.fail())?,
                "headers" => headers = read_headers(reader)?,
                "events" => events = read_list(reader, Event::read)?,
                "writes" => writes = read_list(reader, Write::read)?,
                "guards" => guards = read_list(reader, Guard::read)?,
                "lasting" => lasting = reader.boolean()?,
                "sender" => sender = if reader.null()? { None } else { Some(read_text(reader)?) },
                _ => reader.skip()?,
            }
        }
        reader.end()?;
        let operation = operation.into();
        match step.as_str() {
            "read" => Ok(Self::Read { queries, lasting }),
            "body" => Ok(Self::Body { sender }),
            "reply" => Ok(Self::Reply { operation, status, headers, events, lasting }),
            "write" => Ok(Self::Write { operation, status, headers, events, writes, guards }),
            _ => reader.fail(),
        }
    }
}

fn write_note(object: &mut Object<'_>, noted: Option<&Note>) {
    if let Some(note) = noted {
        note.write(object.member("noted"));
    }
}

fn write_lasting(object: &mut Object<'_>, lasting: bool) {
    if lasting {
        object.member("lasting").push_str("true");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Json, JsonText};

    #[test]
    fn a_step_with_writes_reads_back_equal() {
        let mut row = Cells::new();
        row.insert("spend".into(), JsonText::of(&Json::Float(1.0)));
        row.insert("metadata".into(), JsonText::of(&Json::Big("99999999999999999999".to_owned())));
        let absent = |except: Option<&str>| Guard::Absent {
            table: "a".into(),
            column: "b".into(),
            value: "c".to_owned(),
            except: except.map(str::to_owned),
        };
        let key = || vec!["1".to_owned()];
        let row_read = JsonText::of(&crate::dict! { "b" => 1.5, "c" => Json::Null });
        let same = Guard::Same { table: "a".into(), key: key(), row: row_read };
        let refers = |member: Option<&'static str>| Condition::Refers {
            column: "b".into(),
            table: "c".into(),
            of: "d".into(),
            member: member.map(Into::into),
            rows: vec![("e".into(), key())],
        };
        let item = |member: Option<&'static str>| Items {
            column: "b".into(),
            member: member.map(Into::into),
            values: key(),
        };
        let change = |take| Write::Change {
            table: "a".into(),
            rows: vec![Condition::is("b", "c")],
            set: row.clone(),
            take,
            noted: None,
        };
        let note = Note { id: "n".to_owned(), row: row.clone(), shown: vec!["b".into()] };
        let head = StepHead::Write {
            operation: "key_generate".into(),
            status: 200,
            headers: vec![("content-type".into(), "application/json".into())],
            events: vec![Event { event: "key_created".into(), object: "t".to_owned() }],
            writes: vec![
                change(None),
                change(Some(item(None))),
                change(Some(item(Some("m")))),
                Write::Delete {
                    table: "a".into(),
                    rows: vec![refers(None), refers(Some("f"))],
                    noted: Some(note),
                },
                Write::Insert { table: "a".into(), row: row.clone(), like: None },
                Write::Insert { table: "a".into(), row: row.clone(), like: Some(key()) },
                Write::Update { table: "a".into(), key: key(), set: row },
            ],
            guards: vec![
                absent(None),
                absent(Some("d")),
                same,
                Guard::Present { table: "a".into(), key: key() },
            ],
        };
        assert_eq!(StepHead::read(head.to_json().as_bytes()), Ok(head));
        for lasting in [true, false] {
            let head = StepHead::Read { queries: vec![Query::All { table: "a".into() }], lasting };
            assert_eq!(StepHead::read(head.to_json().as_bytes()), Ok(head));
        }
        for sender in [None, Some("user u\"".to_owned())] {
            let head = StepHead::Body { sender };
            assert_eq!(StepHead::read(head.to_json().as_bytes()), Ok(head));
        }
        for wrong in [
            r#"{"write":"insert","table":"a","key":[]}"#,
            r#"{"write":"delete","table":"a","rows":[]}"#,
            r#"{"write":"change","table":"a","rows":[],"set":{"b":1}}"#,
        ] {
            assert!(Write::read(&mut Reader::of_text(wrong, &Limits::STORED)).is_err(), "{wrong}");
        }
    }
}
