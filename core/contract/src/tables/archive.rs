//! The archives of deleted keys and teams, as LiteLLM keeps them: the columns of the row that is gone, and who deleted it.

use super::table::column;
use super::{Cell, Column, Millis, Row, Schema, Table, Team, Told, VirtualKey};

/// States the archive of a table: a row has columns of its own and those of the deleted row, but for some that LiteLLM does
/// not archive.
macro_rules! archive {
    ($(#[$doc:meta])* $row:ident in $name:literal, of $of:ident as $gone:ident, indexed [$($indexed:literal),*],
        without [$($without:literal),*]) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $row {
            /// The id of the entry: a name may be used and deleted again.
            pub id: String,
            /// When it was deleted.
            pub deleted_at: Millis,
            /// Who deleted it.
            pub deleted_by: Option<String>,
            /// The token of the key that was used for it.
            pub deleted_by_api_key: Option<String>,
            /// For whom a proxy admin said to have done it.
            pub litellm_changed_by: Option<String>,
            /// The row as it was.
            pub $gone: $of,
        }

        impl $row {
            /// The columns of its own.
            const OWN: &'static [Column] = &[
                column!(id, String, false),
                column!(deleted_at, Millis, false),
                column!(deleted_by, Option<String>, false),
                column!(deleted_by_api_key, Option<String>, false),
                column!(litellm_changed_by, Option<String>, false),
            ];

            const COLUMNS: [Column; Self::OWN.len() + kept($of::SCHEMA.columns, &[$($without),*])] =
                together(Self::OWN, $of::SCHEMA.columns, &[$($without),*]);

            /// The columns that are copied from the row that goes.
            pub fn copied() -> impl Iterator<Item = &'static str> {
                Self::SCHEMA.columns.iter().skip(Self::OWN.len()).map(|column| column.name)
            }

            fn is_copied(column: &Column) -> bool {
                ![$($without),*].contains(&column.name)
            }
        }

        impl Table for $row {
            const NAME: &'static str = $name;
            const SCHEMA: Schema = Schema {
                name: $name,
                key: &["id"],
                indexed: &[$($indexed),*],
                dependents: &[],
                optional: true,
                columns: &Self::COLUMNS,
            };
        }

        impl Row for $row {
            fn schema(&self) -> &'static Schema {
                &<Self as Table>::SCHEMA
            }

            fn columns(&self) -> Vec<&dyn Cell> {
                let mut cells: Vec<&dyn Cell> = vec![
                    &self.id,
                    &self.deleted_at,
                    &self.deleted_by,
                    &self.deleted_by_api_key,
                    &self.litellm_changed_by,
                ];
                let gone = $of::SCHEMA.columns.iter().zip(self.$gone.columns());
                cells.extend(gone.filter(|(column, _)| Self::is_copied(column)).map(|(_, cell)| cell));
                cells
            }

            fn columns_mut(&mut self) -> (Vec<&mut dyn Cell>, &mut Told) {
                let (gone, told) = self.$gone.columns_mut();
                let mut cells: Vec<&mut dyn Cell> = vec![
                    &mut self.id,
                    &mut self.deleted_at,
                    &mut self.deleted_by,
                    &mut self.deleted_by_api_key,
                    &mut self.litellm_changed_by,
                ];
                let gone = $of::SCHEMA.columns.iter().zip(gone);
                cells.extend(gone.filter(|(column, _)| Self::is_copied(column)).map(|(_, cell)| cell));
                (cells, told)
            }

            fn key(&self) -> Vec<String> {
                vec![self.id.clone()]
            }

            fn told(&self) -> &Told {
                self.$gone.told()
            }
        }
    };
}

archive! {
    /// A key that was deleted. Its secret is never issued again.
    DeletedKey in "LiteLLM_DeletedVerificationToken", of VirtualKey as key,
        indexed ["token", "user_id", "team_id"], without ["budget_limits"]
}

archive! {
    /// A team that was deleted.
    DeletedTeam in "LiteLLM_DeletedTeamTable", of Team as team,
        indexed ["team_id"], without ["budget_limits", "default_team_member_models"]
}

/// How many of the columns are not named.
const fn kept(mut columns: &[Column], without: &[&str]) -> usize {
    let mut count = 0;
    while let [column, rest @ ..] = columns {
        count += !named(without, column.name) as usize;
        columns = rest;
    }
    count
}

/// The columns of both, but for those that are named.
const fn together<const N: usize>(own: &[Column], mut more: &[Column], without: &[&str]) -> [Column; N] {
    let mut out = [column!(id, String, false); N];
    let mut room: &mut [Column] = &mut out;
    let mut from = own;
    loop {
        if from.is_empty() {
            from = more;
            more = &[];
        }
        let [column, rest @ ..] = from else { break };
        from = rest;
        if !named(without, column.name) {
            room = match { room }.split_first_mut() {
                Some((slot, others)) => {
                    *slot = *column;
                    others
                }
                None => &mut [],
            };
        }
    }
    out
}

const fn named(mut names: &[&str], name: &str) -> bool {
    while let [one, rest @ ..] = names {
        let (mut one, mut other) = (one.as_bytes(), name.as_bytes());
        while let ([a, more @ ..], [b, others @ ..]) = (one, other)
            && *a == *b
        {
            (one, other) = (more, others);
        }
        if one.is_empty() && other.is_empty() {
            return true;
        }
        names = rest;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, Reader};

    #[test]
    fn an_archive_has_its_own_columns_and_those_of_the_deleted_row() {
        let names: Vec<&str> = DeletedKey::SCHEMA.columns.iter().map(|column| column.name).collect();
        assert_eq!(names[..3], ["id", "deleted_at", "deleted_by"]);
        assert!(names.contains(&"token") && names.contains(&"router_settings"));
        assert!(!names.contains(&"budget_limits"));
        assert_eq!(names.len(), VirtualKey::SCHEMA.columns.len() + 4);
        assert_eq!(DeletedTeam::copied().count(), Team::SCHEMA.columns.len() - 2);
    }

    #[test]
    fn an_archived_row_is_read_with_the_row_that_is_gone() {
        let text = r#"{"id":"1","deleted_at":5,"deleted_by":"u","token":"t","spend":0.5,"rotation_count":2}"#;
        let row = DeletedKey::read(&mut Reader::of_text(text, &Limits::STORED)).unwrap();
        assert_eq!((row.deleted_at, row.deleted_by.as_deref()), (Millis(5), Some("u")));
        assert_eq!((row.key.token.as_str(), row.key.spend, row.key.rotation_count), ("t", 0.5, Some(2)));
        let any: &dyn Row = &row;
        assert_eq!(any.cells().get("token").map(|cell| cell.as_str().to_owned()), Some("\"t\"".to_owned()));
        assert_eq!(any.columns().len(), DeletedKey::SCHEMA.columns.len());
    }
}
