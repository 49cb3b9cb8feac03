//! Standard output.

use std::io::Write as _;

/// Prints `text`; standard output may be closed.
pub(crate) fn say(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
