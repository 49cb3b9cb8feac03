//! The store's answers.

use super::Query;
use crate::json::{JsonText, Object, ReadError, Reader, read_list, write_list};

/// One answered query.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The query, as it was asked.
    pub query: Query,
    /// The rows found: objects by column name, timestamps in milliseconds, Json columns as JSON.
    pub rows: Vec<JsonText>,
    /// How many rows match in all, where the query asked for a page.
    pub total: Option<u64>,
}

/// All answers so far.
#[derive(Debug, Clone, Default)]
pub struct Facts(pub Vec<Answer>);

impl Answer {
    /// Reads a fact.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (mut query, mut rows, mut total) = (None, Vec::new(), None);
        let mut members = reader.dict()?;
        while let Some(name) = reader.member(&mut members)? {
            match &*name {
                "query" => query = Some(Query::read(reader)?),
                "rows" => rows = read_list(reader, Reader::text)?,
                "total" => total = u64::try_from(reader.integer()?).ok(),
                _ => reader.skip()?,
            }
        }
        match query {
            Some(query) => Ok(Self { query, rows, total }),
            None => reader.fail(),
        }
    }

    fn write(&self, out: &mut String) {
        let mut object = Object::open(out);
        self.query.write(object.member("query"));
        write_list(object.member("rows"), &self.rows, |out, row| out.push_str(row.as_str()));
        if let Some(total) = self.total {
            object.int("total", total.try_into().unwrap_or(i64::MAX));
        }
        object.end();
    }
}

impl Facts {
    /// Reads a list of facts.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        read_list(reader, Answer::read).map(Self)
    }

    /// Appends the facts as a JSON array.
    pub fn write(&self, out: &mut String) {
        write_list(out, &self.0, |out, answer| answer.write(out));
    }

    /// The answer to `query`, if it was given.
    pub fn answer(&self, query: &Query) -> Option<&Answer> {
        self.0.iter().find(|answer| answer.query == *query)
    }
}
