//! What a table holds, as a number of rows and a digest that is the same in every store.

use latchkey_contract::json::{Limits, ReadError, Reader, write_str};
use latchkey_contract::tables::{Cells, Column, ColumnType, Schema};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Rows of a table, counted, with the sum of their hashes: their order does not matter, and neither do row versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) rows: u64,
    sum: [u64; 4],
}

impl Tally {
    /// Counts a row of `table` in.
    pub(super) fn add(&mut self, table: &Schema, row: &Cells) {
        let mut text = String::new();
        for column in table.columns {
            text.push_str(&canonical(row, column));
            text.push('\n');
        }
        let hash = Sha256::digest(text.as_bytes());
        for (sum, part) in self.sum.iter_mut().zip(hash.chunks_exact(8)) {
            *sum = sum.wrapping_add(part.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)));
        }
        self.rows += 1;
    }

    /// The digest, lower-case hex.
    pub(super) fn digest(&self) -> String {
        self.sum.iter().map(|part| format!("{part:016x}")).collect()
    }
}

/// A cell in the one way of writing its value. PostgreSQL keeps documents as values: it sorts members and writes numbers
/// its own way. A list that is null means the empty one to LiteLLM.
pub(super) fn canonical(row: &Cells, column: &Column) -> String {
    let cell = row.get(column.name).filter(|cell| cell.as_str() != "null");
    let Some(cell) = cell else {
        return if column.kind == ColumnType::TextList { "[]" } else { "null" }.to_owned();
    };
    let mut out = String::new();
    let mut reader = Reader::of_text(cell.as_str(), &Limits::STORED);
    match append(&mut out, &mut reader) {
        Ok(()) => out,
        Err(_) => cell.as_str().to_owned(),
    }
}

fn append(out: &mut String, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    match reader.peek() {
        b'"' => write_str(out, &reader.string()?),
        b'[' => {
            let mut list = reader.list()?;
            out.push('[');
            while reader.item(&mut list)? {
                append(out, reader)?;
                out.push(',');
            }
            out.push(']');
        }
        b'{' => {
            let mut dict = reader.dict()?;
            // of two members with one name the last one counts
            let mut members = BTreeMap::new();
            while let Some(name) = reader.member(&mut dict)? {
                let mut member = String::new();
                append(&mut member, reader)?;
                members.insert(name, member);
            }
            out.push('{');
            for (name, member) in members {
                write_str(out, &name);
                out.push(':');
                out.push_str(&member);
                out.push(',');
            }
            out.push('}');
        }
        b'n' => {
            reader.null()?;
            out.push_str("null");
        }
        b't' | b'f' => out.push_str(if reader.boolean()? { "true" } else { "false" }),
        _ => out.push_str(&plain(reader.number()?.0)),
    }
    Ok(())
}

/// A number as its digits without zeros at either end, and the power of ten that they are multiplied with.
fn plain(number: &str) -> String {
    let (mantissa, power) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let Ok(power) = power.parse::<i64>() else { return number.to_owned() };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{part}");
    let short = digits.trim_end_matches('0');
    let zeros = digits.len() - short.len();
    match short.trim_start_matches('0') {
        "" => "0".to_owned(),
        short => format!("{sign}{short}e{}", power - part.len() as i64 + zeros as i64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::json::JsonText;
    use latchkey_contract::tables::{Table, VirtualKey};

    fn row(metadata: &str, spend: &str) -> Cells {
        let cell = |text: &str| JsonText::parse(text.to_owned()).unwrap();
        [("metadata", metadata), ("spend", spend), ("cut", "false")]
            .map(|(name, text)| (name.into(), cell(text)))
            .into_iter()
            .collect()
    }

    fn tally(rows: &[Cells]) -> Tally {
        let mut tally = Tally::default();
        rows.iter().for_each(|row| tally.add(&VirtualKey::SCHEMA, row));
        tally
    }

    #[test]
    fn one_value_written_in_two_ways_has_one_digest() {
        let one = row(r#"{"b":[1e2,12345678901234567890123],"a":1.50}"#, "1.0");
        let other = row(r#"{"a": 1.5, "b": [100, 12345678901234567890123]}"#, "1");
        assert_eq!(tally(std::slice::from_ref(&one)), tally(std::slice::from_ref(&other)));
        let both = [one, row("{}", "2.5")];
        let turned = [both[1].clone(), other];
        assert_eq!(tally(&both), tally(&turned));
    }

    #[test]
    fn a_number_is_what_it_says_however_it_is_written() {
        for (one, other) in [("1e30", "1000000000000000000000000000000"), ("-0.0", "0"), ("0.00120", "12E-4")]
        {
            assert_eq!(plain(one), plain(other));
        }
        for (one, other) in [("12345678901234567890", "12345678901234567891"), ("10", "1"), ("0.1", "-0.1")] {
            assert_ne!(plain(one), plain(other));
        }
        let twice = row(r#"{"a":1,"a":2}"#, "1");
        assert_eq!(tally(&[twice]), tally(&[row(r#"{"a":2}"#, "1")]));
    }

    #[test]
    fn every_other_value_has_another_digest() {
        let rows = ["{}", "[]", "null", r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, r#"{"a":"1"}"#, r#"{"a":1}"#];
        let digests: std::collections::BTreeSet<String> =
            rows.iter().map(|metadata| tally(&[row(metadata, "1.0")]).digest()).collect();
        assert_eq!(digests.len(), rows.len());
        assert_ne!(tally(&[row("{}", "1.0")]), tally(&[row("{}", "1.0"), row("{}", "1.0")]));
    }
}
