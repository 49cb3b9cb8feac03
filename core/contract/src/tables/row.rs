//! Rows in memory.

use super::{Cell, Cells, Misfit, Schema};
use crate::json::{Json, JsonText, Limits, ReadError, Reader, read};
use std::borrow::Cow;

/// A row in memory, of whichever table.
pub trait Row {
    /// Its table.
    fn schema(&self) -> &'static Schema;
    /// The values of all columns, in the order of the schema.
    fn columns(&self) -> Vec<&dyn Cell>;
    /// The same to be changed, and what the store told.
    fn columns_mut(&mut self) -> (Vec<&mut dyn Cell>, &mut Told);
    /// The values of the primary key's columns.
    fn key(&self) -> Vec<String>;
    /// How the row came from a store.
    fn told(&self) -> &Told;
}

/// How a row came from a store, which is no part of its value. Copies of a row share it.
#[derive(Debug, Clone, Default)]
pub struct Told {
    text: Option<JsonText>,
    /// Whether its lists and documents were left out.
    pub is_cut: bool,
}

impl PartialEq for Told {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A row type.
pub trait Table: Row + Default {
    /// The table's name in the store.
    const NAME: &'static str;
    /// The whole description.
    const SCHEMA: Schema;

    /// Reads a row as a store tells it; columns that are left out get their default.
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut row = Self::default();
        let any: &mut dyn Row = &mut row;
        any.read(reader)?;
        Ok(row)
    }
}

impl dyn Row + '_ {
    /// All columns with their values.
    pub fn cells(&self) -> Cells {
        let columns = self.schema().columns.iter().zip(self.columns());
        columns.map(|(column, cell)| (Cow::Borrowed(column.name), cell.text())).collect()
    }

    /// The row as the store told it, or all columns as a JSON object.
    pub fn as_read(&self) -> JsonText {
        self.told().text.clone().unwrap_or_else(|| {
            let mut out = String::new();
            self.cells().write(&mut out);
            JsonText::written(out)
        })
    }

    /// The cells of `new` that hold another value than those of this row.
    pub(crate) fn changes(&self, new: &dyn Row) -> Cells {
        let both = self.columns().into_iter().zip(new.columns());
        let values = new.schema().columns.iter().zip(both);
        let texts = values.map(|(column, (old, new))| (column.name, old.text(), new.text()));
        let differing = texts.filter(|(_, old, new)| differ(old, new));
        differing.map(|(name, _, new)| (Cow::Borrowed(name), new)).collect()
    }

    /// Takes the row as a store tells it: names that are no columns are passed over, columns that are left out stay.
    pub fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let names = self.schema().columns;
        let (mut cells, told) = self.columns_mut();
        reader.peek();
        let start = reader.at();
        let mut members = reader.dict()?;
        let mut expected = 0;
        loop {
            // stores tell the columns in their order, mostly
            if let (Some(column), Some(cell)) = (names.get(expected), cells.get_mut(expected))
                && reader.is_member(&mut members, column.name)?
            {
                cell.read(reader)?;
                expected += 1;
                continue;
            }
            let Some(name) = reader.member(&mut members)? else { break };
            let at = names.iter().position(|column| column.name == name);
            match at.and_then(|at| cells.get_mut(at)) {
                Some(cell) => cell.read(reader)?,
                None if name == "cut" => told.is_cut = reader.boolean()?,
                None => reader.skip()?,
            }
            expected = at.map_or(expected, |at| at + 1);
        }
        told.text = Some(JsonText::checked(reader.since(start)));
        Ok(())
    }

    /// Takes values of a request, an object by column name; moments are milliseconds. The first value, in their order,
    /// that does not fit is refused; names that are no columns are passed over, columns that are left out stay.
    pub(crate) fn take(&mut self, values: &Json) -> Result<(), Misfit> {
        let names = self.schema().columns;
        let (mut cells, _) = self.columns_mut();
        for (name, value) in values.as_dict().unwrap_or_default() {
            let at = names.iter().position(|column| column.name == name);
            if let Some(cell) = at.and_then(|at| cells.get_mut(at)) {
                cell.fit(name, value)?;
            }
        }
        Ok(())
    }

    /// The same, where of several values of a name the first counts; the first that does not fit, in the order of the columns, is
    /// refused.
    pub(crate) fn amend(&mut self, values: &mut dyn Iterator<Item = (&str, &Json)>) -> Result<(), Misfit> {
        let names = self.schema().columns;
        let mut by_column = vec![None; names.len()];
        for (name, value) in values {
            let at = names.iter().position(|column| column.name == name);
            if let Some(place) = at.and_then(|at| by_column.get_mut(at)) {
                place.get_or_insert(value);
            }
        }
        let (cells, _) = self.columns_mut();
        for ((column, cell), value) in names.iter().zip(cells).zip(by_column) {
            if let Some(value) = value {
                cell.fit(column.name, value)?;
            }
        }
        Ok(())
    }
}

/// Whether two cells hold different values: `1.50` that was read and written as `1.5` is no change.
fn differ(old: &JsonText, new: &JsonText) -> bool {
    let value = |cell: &JsonText| read(cell.as_str().as_bytes(), &Limits::STORED).ok();
    old != new && (value(old).is_none() || value(old) != value(new))
}
