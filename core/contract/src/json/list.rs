//! Arrays item by item, without a tree of them.

use super::{ReadError, Reader};
use std::borrow::Cow;

/// Appends an array whose items `write` appends.
pub(crate) fn write_list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// A text.
pub(crate) fn read_text(reader: &mut Reader<'_>) -> Result<String, ReadError> {
    reader.string().map(Cow::into_owned)
}

/// A list of text.
pub(crate) fn read_texts(reader: &mut Reader<'_>) -> Result<Vec<String>, ReadError> {
    let mut within = reader.list()?;
    let mut texts = Vec::new();
    while reader.item(&mut within)? {
        texts.push(read_text(reader)?);
    }
    Ok(texts)
}
