//! Queries and commits as statements of SQLite, for every store over it. Nothing is run here.
//!
//! All SQL stands in [`templates`]. The host fills it in with the functions beside it; the npm package has the same templates
//! in a written file, since the functions as a part of the module would make it a twentieth larger.

mod action;
mod audit;
mod cells;
mod listing;
mod plan;
mod select;
mod sets;
mod statement;
pub mod templates;
#[cfg(test)]
mod tests;

pub use action::{guard, write};
pub use listing::Listing;
pub use plan::{Plan, plan};
pub use select::Select;
pub use statement::{Action, Parameter, Statement, Unknown};
