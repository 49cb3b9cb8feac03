//! What a write of a set of rows is about, as JSON in both directions.

use super::{Condition, Items, Note};
use crate::json::{Object, ReadError, Reader, read_list, read_text, read_texts, write_list, write_str};
use crate::tables::Cells;
use std::borrow::Cow;

/// A column and the values of which it has one.
type Among = (Cow<'static, str>, Vec<String>);

impl Condition {
    pub(super) fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        match self {
            Self::In { column, values } => {
                object.text("column", column);
                object.texts("values", values);
            }
            Self::Refers { column, table, of, member, rows } => {
                object.text("column", column);
                object.text("table", table);
                object.text("of", of);
                object.maybe("member", member.as_deref());
                write_list(object.member("rows"), rows, write_among);
            }
        }
        object.end();
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (mut column, mut values, mut table, mut of, mut rows) = (None, None, None, None, None);
        let mut member = None;
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            match &*name {
                "column" => column = Some(read_text(reader)?.into()),
                "values" => values = Some(read_texts(reader)?),
                "table" => table = Some(read_text(reader)?.into()),
                "of" => of = Some(read_text(reader)?.into()),
                "member" => member = if reader.null()? { None } else { Some(read_text(reader)?.into()) },
                "rows" => rows = Some(read_list(reader, read_among)?),
                _ => return reader.fail(),
            }
        }
        match (column, values, table, of, rows) {
            (Some(column), Some(values), None, None, None) if member.is_none() => {
                Ok(Self::In { column, values })
            }
            (Some(column), None, Some(table), Some(of), Some(rows)) => {
                Ok(Self::Refers { column, table, of, member, rows })
            }
            _ => reader.fail(),
        }
    }
}

fn write_among(out: &mut String, (column, values): &Among) {
    let mut object = Object::open(out);
    object.text("column", column);
    object.texts("values", values);
    object.end();
}

fn read_among(reader: &mut Reader<'_>) -> Result<Among, ReadError> {
    match Condition::read(reader)? {
        Condition::In { column, values } => Ok((column, values)),
        Condition::Refers { .. } => reader.fail(),
    }
}

impl Items {
    pub(super) fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        object.text("column", &self.column);
        object.maybe("member", self.member.as_deref());
        object.texts("values", &self.values);
        object.end();
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (mut column, mut member, mut values) = (None, None, None);
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            match &*name {
                "column" => column = Some(read_text(reader)?.into()),
                "member" => member = if reader.null()? { None } else { Some(read_text(reader)?.into()) },
                "values" => values = Some(read_texts(reader)?),
                _ => return reader.fail(),
            }
        }
        match (column, values) {
            (Some(column), Some(values)) => Ok(Self { column, member, values }),
            _ => reader.fail(),
        }
    }
}

impl Note {
    pub(super) fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        object.text("id", &self.id);
        self.row.write(object.member("row"));
        write_list(object.member("shown"), &self.shown, |out, name| write_str(out, name));
        object.end();
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (mut id, mut row, mut shown) = (None, None, Vec::new());
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            match &*name {
                "id" => id = Some(read_text(reader)?),
                "row" => row = Some(Cells::read(reader)?),
                "shown" => shown = read_texts(reader)?.into_iter().map(Cow::Owned).collect(),
                _ => return reader.fail(),
            }
        }
        match (id, row) {
            (Some(id), Some(row)) => Ok(Self { id, row, shown }),
            _ => reader.fail(),
        }
    }
}
