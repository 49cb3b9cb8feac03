//! What a table holds, as a number of rows and a digest that is the same in every store.

use latchkey_core::contract::Cells;
use latchkey_core::json::{Json, Limits, read, write_float, write_int, write_str};
use latchkey_core::tables::Schema;
use sha2::{Digest, Sha256};

/// 2^63, the first whole number that 64 bits do not hold.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;

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
            text.push_str(&canonical(row, column.name));
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

/// A cell in the one way of writing its value. PostgreSQL keeps documents as values: it sorts members and writes numbers its own way.
pub(super) fn canonical(row: &Cells, column: &str) -> String {
    let mut out = String::new();
    match row.get(column) {
        None => out.push_str("null"),
        Some(cell) => match read(cell.as_str().as_bytes(), &Limits::STORED) {
            Ok(value) => append(&mut out, &value),
            Err(_) => out.push_str(cell.as_str()),
        },
    }
    out
}

fn append(out: &mut String, value: &Json) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Int(number) => write_int(out, *number),
        Json::Big(digits) => write_float(out, digits.parse().unwrap_or(f64::NAN)),
        Json::Float(number) if number.fract() == 0.0 && number.abs() < BEYOND => {
            write_int(out, *number as i64);
        }
        Json::Float(number) => write_float(out, *number),
        Json::Str(text) => write_str(out, text),
        Json::List(items) => {
            out.push('[');
            for item in items {
                append(out, item);
                out.push(',');
            }
            out.push(']');
        }
        Json::Dict(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
            out.push('{');
            for (name, member) in sorted {
                write_str(out, name);
                out.push(':');
                append(out, member);
                out.push(',');
            }
            out.push('}');
        }
        Json::Raw(text) => out.push_str(text.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_core::json::JsonText;
    use latchkey_core::tables::{Table, VirtualKey};

    fn row(metadata: &str, spend: &str) -> Cells {
        let cell = |text: &str| JsonText::parse(text.to_owned()).unwrap();
        [("metadata", metadata), ("spend", spend), ("row_version", "\"7\"")]
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
    fn every_other_value_has_another_digest() {
        let rows = ["{}", "[]", "null", r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, r#"{"a":"1"}"#, r#"{"a":1}"#];
        let digests: std::collections::BTreeSet<String> =
            rows.iter().map(|metadata| tally(&[row(metadata, "1.0")]).digest()).collect();
        assert_eq!(digests.len(), rows.len());
        assert_ne!(tally(&[row("{}", "1.0")]), tally(&[row("{}", "1.0"), row("{}", "1.0")]));
    }
}
