//! The tests of Latchkey as a whole: one corpus of recorded answers, played on every implementation of the rules.

pub mod corpus;
pub mod decision;
pub mod implementation;
pub mod postgres;
pub mod report;
pub mod scenario;
pub mod scope;
pub mod today;
pub mod vectors;
pub mod world;
