//! The store's answers.

use super::message::message;
use super::schema::Schemas;
use super::{Message, Query, of_text, to_text};
use crate::dict;
use crate::json::{Json, JsonText, Limits, ReadError, Reader};

message! {
    /// One answered query.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Fact {
        /// The query, as it was asked.
        pub query: Query,
        /// The rows found: objects by column name, timestamps in milliseconds, Json columns as JSON.
        pub rows: Rows,
        /// How many rows match in all, where the query asked for a page.
        pub total: Option<u64>,
    }
}

/// Rows as the text of a JSON array: what is stored as JSON stands in it as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows(JsonText);

/// All answers so far.
#[derive(Debug, Clone, Default)]
pub struct Facts(pub Vec<Fact>);

impl Rows {
    /// The array.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.as_str() == "[]"
    }

    /// A message of the shell as the only row.
    pub fn of_message(message: &impl Message) -> Self {
        Self::from(format!("[{}]", to_text(message)))
    }

    /// The only row, as the message of a shell; nothing if the rows are others.
    pub fn message<T: Message>(&self) -> Option<T> {
        let [message] = of_text::<Vec<T>>(self.as_str().as_bytes()).ok()?.try_into().ok()?;
        Some(message)
    }

    /// What `read` makes of each row.
    pub fn each<T>(
        &self,
        read: impl Fn(&mut Reader<'_>) -> Result<T, ReadError>,
    ) -> Result<Vec<Result<T, ReadError>>, ReadError> {
        let mut reader = Reader::of_text(self.as_str(), &Limits::STORED);
        let mut list = reader.list()?;
        let mut rows = Vec::new();
        while reader.item(&mut list)? {
            let mut after = reader.clone();
            let row = read(&mut reader);
            if row.is_err() {
                // a reader that failed stands within the row
                after.skip()?;
                reader = after;
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

/// None.
impl Default for Rows {
    fn default() -> Self {
        Self::from("[]".to_owned())
    }
}

/// What a store has put together.
impl From<String> for Rows {
    fn from(array: String) -> Self {
        Self(JsonText::written(array))
    }
}

impl FromIterator<JsonText> for Rows {
    fn from_iter<I: IntoIterator<Item = JsonText>>(rows: I) -> Self {
        let mut array = String::from("[");
        for (at, row) in rows.into_iter().enumerate() {
            if at > 0 {
                array.push(',');
            }
            array.push_str(row.as_str());
        }
        array.push(']');
        Self::from(array)
    }
}

impl Message for Rows {
    fn write(&self, out: &mut String) {
        self.0.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        if reader.peek() == b'[' { reader.text().map(Self) } else { reader.fail() }
    }

    fn schema(known: &mut Schemas) -> Json {
        let lines = ["Rows, each as it was written: objects by column name, or the message of a shell."];
        let rows = || dict! { "type" => "array", "items" => dict! { "type" => "object" } };
        known.named("Rows", &lines, |_| rows())
    }
}

impl Message for Facts {
    fn write(&self, out: &mut String) {
        self.0.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        Vec::read(reader).map(Self)
    }

    fn schema(known: &mut Schemas) -> Json {
        Vec::<Fact>::schema(known)
    }
}

impl Facts {
    /// The answer to `query`, if it was given.
    pub fn answer(&self, query: &Query) -> Option<&Fact> {
        self.0.iter().find(|answer| answer.query == *query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_cannot_be_read_hides_no_other() {
        let read = |rows: &str| Rows::from(rows.to_owned()).each(|reader| reader.integer());
        let found = read(r#"[1, {"a": ["]"]}, 2]"#).unwrap();
        assert_eq!(found.into_iter().map(Result::ok).collect::<Vec<_>>(), [Some(1), None, Some(2)]);
        assert!(read("[1").is_err());
    }
}
