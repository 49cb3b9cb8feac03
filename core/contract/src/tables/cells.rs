//! The cells of a row on its way to or from a store.

use crate::json::{JsonText, Name, Object, ReadError, Reader};

/// Values by column name, as JSON: timestamps in milliseconds, Json columns as JSON, lists of text as arrays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cells(Vec<(Name, JsonText)>);

impl Cells {
    /// No cells.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of the column called `name`.
    pub fn get(&self, name: &str) -> Option<&JsonText> {
        self.0.iter().find(|(column, _)| column == name).map(|(_, cell)| cell)
    }

    /// Sets the value of a column, in place if it has one.
    pub fn insert(&mut self, name: Name, cell: JsonText) {
        match self.0.iter_mut().find(|(column, _)| *column == name) {
            Some((_, old)) => *old = cell,
            None => self.0.push((name, cell)),
        }
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Columns and values.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &JsonText)> {
        self.0.iter().map(|(name, cell)| (name, cell))
    }

    /// Sets the values of the columns of `others`, too.
    pub fn overwrite(&mut self, others: &Self) {
        for (name, cell) in &others.0 {
            self.insert(name.clone(), cell.clone());
        }
    }

    /// Appends the cells as a JSON object.
    pub fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        for (name, cell) in &self.0 {
            object.member(name).push_str(cell.as_str());
        }
        object.end();
    }

    /// Reads a JSON object.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut cells = Self::new();
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            cells.0.push((Name::Owned(name.into_owned()), reader.text()?));
        }
        Ok(cells)
    }
}

impl FromIterator<(Name, JsonText)> for Cells {
    fn from_iter<I: IntoIterator<Item = (Name, JsonText)>>(cells: I) -> Self {
        Self(cells.into_iter().collect())
    }
}
