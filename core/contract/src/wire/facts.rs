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

    /// Gives each row to `read`, and the number of those that it cannot read.
    pub fn each(
        &self,
        read: &mut dyn FnMut(&mut Reader<'_>) -> Result<(), ReadError>,
    ) -> Result<usize, ReadError> {
        let mut reader = Reader::of_text(self.as_str(), &Limits::STORED);
        let mut list = reader.list()?;
        let mut unread = 0;
        while reader.item(&mut list)? {
            let mut after = reader.clone();
            if read(&mut reader).is_err() {
                // a reader that failed stands within the row
                after.skip()?;
                reader = after;
                unread += 1;
            }
        }
        Ok(unread)
    }

    /// All rows, if all can be read.
    pub fn all<T>(&self, read: fn(&mut Reader<'_>) -> Result<T, ReadError>) -> Option<Vec<T>> {
        let mut rows = Vec::new();
        let unread = self.each(&mut |reader| {
            rows.push(read(reader)?);
            Ok(())
        });
        (unread == Ok(0)).then_some(rows)
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
        // each row is judged when it is read
        if reader.peek() == b'[' {
            reader.pass().map(|rows| Self::from(rows.to_owned()))
        } else {
            reader.fail()
        }
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
        let rows = Rows::from(r#"[1, {"a": ["]"]}, 2]"#.to_owned());
        let mut found = Vec::new();
        let unread = rows.each(&mut |reader| {
            found.push(reader.integer()?);
            Ok(())
        });
        assert_eq!((unread, found), (Ok(1), vec![1, 2]));
        assert_eq!(rows.all(|reader| reader.number().map(|(digits, _)| digits.to_owned())), None);
        assert!(Rows::from("[1".to_owned()).each(&mut |reader| reader.integer().map(drop)).is_err());
    }
}
