//! Statements that select rows of a table.

use super::statement::{Piece, Statement, fill};
use super::templates;
use crate::tables::{Column, Schema};
use Piece::{Name, Part};

/// A statement that selects rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// The statement.
    pub statement: Statement,
    /// What its columns hold, in their order.
    pub columns: Vec<&'static Column>,
    /// Whether one more column says if a row comes without its lists and documents.
    pub may_be_cut: bool,
}

impl Select {
    /// Rows with all columns; `rest` is what follows the table's name.
    pub(super) fn whole(table: &'static Schema, rest: &Statement) -> Self {
        let columns: Vec<&Column> = table.columns.iter().collect();
        let list = listed(columns.iter().map(|column| quoted(column.name)));
        let pieces = [("columns", Name(&list)), ("table", Name(table.name)), ("rest", Part(rest))];
        Self { statement: fill(templates::SELECT, &pieces), columns, may_be_cut: false }
    }

    /// The same without lists and documents.
    pub(super) fn brief(table: &'static Schema, rest: &Statement) -> Self {
        let columns: Vec<&Column> = table.columns.iter().filter(|column| !column.is_document()).collect();
        let list = listed(columns.iter().map(|column| quoted(column.name)));
        let pieces = [("columns", Name(&list)), ("table", Name(table.name)), ("rest", Part(rest))];
        Self { statement: fill(templates::SELECT_BRIEF, &pieces), columns, may_be_cut: true }
    }

    /// The same with lists and documents as far as they have room in so many bytes: no row's take more than a quarter. `page`
    /// is what follows the table's name, `order` its order.
    pub(super) fn within(table: &'static Schema, page: &Statement, order: &str, bytes: u64) -> Self {
        let columns: Vec<&Column> = table.columns.iter().collect();
        let (documents, small): (Vec<&Column>, Vec<&Column>) =
            columns.iter().copied().partition(|column| column.is_document());
        let sizes = documents.iter().map(|column| fill(templates::SIZE, &[("column", Name(column.name))]));
        let list = listed(columns.iter().map(|column| match column.is_document() {
            true => {
                let pieces = [("table", Name(table.name)), ("column", Name(column.name))];
                fill(templates::UNLESS_CUT, &pieces).sql
            }
            false => format!("sized.{}", quoted(column.name)),
        }));
        let statement = fill(
            templates::SELECT_WITHIN,
            &[
                ("table", Name(table.name)),
                ("small", Name(&listed(small.iter().map(|column| quoted(column.name))))),
                ("size", Part(&Statement::joined(sizes, " + "))),
                ("columns", Name(&list)),
                ("page", Part(page)),
                ("order", Name(order)),
                ("most", Name(&(bytes / 4).to_string())),
                ("bytes", Name(&bytes.to_string())),
            ],
        );
        Self { statement, columns, may_be_cut: true }
    }
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

pub(super) fn listed(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
