//! How a table is stated.

/// States a table: the row type with its columns and their types, the primary key and the indexed columns. A table marked
/// `optional`, and the columns of the block `optional`, are there in some stores and not in others.
macro_rules! table {
    (@optional) => { false };
    (@optional optional) => { true };
    ($(#[$doc:meta])* $row:ident in $name:literal $($is_optional:ident)?, key [$($key:ident),+],
        indexed [$($indexed:literal),*] $(, dependents [$($dependent:tt),*])? {
        $($(#[$column_doc:meta])* $column:ident: $type:ty),+ $(,)?
    } $(optional {
        $($(#[$optional_doc:meta])* $optional:ident: $optional_type:ty),+ $(,)?
    })?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $row {
            $($(#[$column_doc])* pub $column: $type,)+
            $($($(#[$optional_doc])* pub $optional: $optional_type,)+)?
            /// How it came from a store.
            pub told: $crate::tables::Told,
        }

        impl $crate::tables::Table for $row {
            const NAME: &'static str = $name;
            const SCHEMA: $crate::tables::Schema = $crate::tables::Schema {
                name: $name,
                key: &[$(stringify!($key)),+],
                indexed: &[$($indexed),*],
                dependents: &[$($($dependent),*)?],
                optional: table!(@optional $($is_optional)?),
                columns: &[
                    $($crate::tables::table::column!($column, $type, false),)+
                    $($($crate::tables::table::column!($optional, $optional_type, true),)+)?
                ],
            };
        }

        impl $crate::tables::Row for $row {
            fn schema(&self) -> &'static $crate::tables::Schema {
                &<Self as $crate::tables::Table>::SCHEMA
            }

            fn columns(&self) -> Vec<&dyn $crate::tables::Cell> {
                vec![$(&self.$column,)+ $($(&self.$optional,)+)?]
            }

            fn columns_mut(&mut self) -> (Vec<&mut dyn $crate::tables::Cell>, &mut $crate::tables::Told) {
                (vec![$(&mut self.$column,)+ $($(&mut self.$optional,)+)?], &mut self.told)
            }

            fn key(&self) -> Vec<String> {
                vec![$(self.$key.to_string()),+]
            }

            fn told(&self) -> &$crate::tables::Told {
                &self.told
            }
        }
    };
}
pub(crate) use table;

/// A column: its name and its Rust type.
macro_rules! column {
    ($column:ident, $type:ty, $optional:literal) => {
        $crate::tables::Column {
            name: stringify!($column),
            kind: <$type as $crate::tables::ColumnValue>::KIND,
            nullable: <$type as $crate::tables::ColumnValue>::NULLABLE,
            optional: $optional,
        }
    };
}
pub(crate) use column;
