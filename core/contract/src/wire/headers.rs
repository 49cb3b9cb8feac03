//! Headers: pairs of name and value.

use crate::json::{ReadError, Reader, read_texts, write_list, write_str};

/// A list of pairs of name and value.
pub(super) fn read_headers<T: From<String>>(reader: &mut Reader<'_>) -> Result<Vec<(T, T)>, ReadError> {
    let mut headers = Vec::new();
    let mut list = reader.list()?;
    while reader.item(&mut list)? {
        match <[String; 2]>::try_from(read_texts(reader)?) {
            Ok([name, value]) => headers.push((name.into(), value.into())),
            Err(_) => return reader.fail(),
        }
    }
    Ok(headers)
}

/// Appends a list of pairs of name and value.
pub(super) fn write_headers<T: AsRef<str>>(out: &mut String, headers: &[(T, T)]) {
    write_list(out, headers, |out, (name, value)| {
        write_list(out, &[name.as_ref(), value.as_ref()], |out, text| write_str(out, text));
    });
}
