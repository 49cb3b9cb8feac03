//! Pages of rows that a request asks for, as LiteLLM's newer lists print them.

use super::key::list::Page;
use crate::context::{Context, Halt};
use crate::error::Refusal;
use crate::http::request;
use crate::types::query;
use latchkey_contract::dict;
use latchkey_contract::json::Json;
use latchkey_contract::number::Integer;
use latchkey_contract::tables::Table;
use latchkey_contract::wire::{Condition, Items, KeyOrder, Query};

/// Bytes of the lists and documents of a page.
const BYTES: u64 = 256 << 10;

/// The page that a request asks for.
#[derive(Debug)]
pub(super) struct Asked {
    number: Integer,
    size: Integer,
    page: Page,
}

impl Asked {
    /// Reads `page` and the size of a page, a hundred rows at the most.
    pub(super) fn read(
        params: &[(String, String)],
        size_name: &'static str,
        size: i64,
    ) -> Result<Self, Refusal> {
        let number = query::integer(params, "page", 1, 1, None);
        let size = query::integer(params, size_name, size, 1, Some(100));
        match (number, size) {
            (Ok(number), Ok(size)) => Ok(Self { page: Page::of(&number, &size)?, number, size }),
            (number, size) => {
                let problems: Vec<_> = [number.err(), size.err()].into_iter().flatten().flatten().collect();
                Err(request::invalid(&problems))
            }
        }
    }

    /// The rows of the page that meet all conditions, by a column and whether its greatest comes first; and how many there
    /// are on all pages.
    pub(super) fn rows<T: Table>(
        &self,
        cx: &Context<'_>,
        rows: Vec<Condition>,
        having: Option<Items>,
        (column, descending): (&'static str, bool),
    ) -> Result<(Vec<T>, u64), Halt> {
        let order = KeyOrder { column: column.into(), descending };
        let (offset, limit) = (self.page.offset, self.page.size);
        let query = Query::Page { table: T::NAME.into(), rows, having, order, offset, limit, bytes: BYTES };
        cx.ask(&query, T::read)
    }

    /// What is on the page, under `name`, and where in the listing it stands.
    pub(super) fn reply(&self, name: &'static str, rows: Vec<Json>, total: u64) -> Json {
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        dict! {
            name => rows,
            "total" => number(total),
            "page" => Json::from(&self.number),
            "page_size" => Json::from(&self.size),
            "total_pages" => number(total.div_ceil(self.page.size.max(1))),
        }
    }
}

/// The column is one of these. No stored text holds NUL, and not every store takes a question that does.
pub(super) fn is<'v>(column: &'static str, values: impl IntoIterator<Item = &'v str>) -> Condition {
    let values = values.into_iter().filter(|value| !value.contains('\0')).map(str::to_owned).collect();
    Condition::In { column: column.into(), values }
}

/// One of the columns contains the text, in any case.
pub(super) fn contains(columns: &[&'static str], text: &str) -> Condition {
    let columns = columns.iter().map(|name| (*name).into()).collect();
    Condition::Contains { columns, text: text.to_owned() }
}
