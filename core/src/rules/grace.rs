//! How long the former secret of a regenerated key goes on working.

use super::time_span;
use crate::error::Refusal;
use crate::settings::Profile;
use latchkey_contract::tables::{Millis, VirtualKey};

/// The moment at which the secret of `key` stops working when the key becomes `renewed` with this grace period: never
/// after the key itself ends, before or after the change. `None` where it stops at once.
pub(crate) fn works_until(
    grace_period: Option<&str>,
    now: Millis,
    key: &VirtualKey,
    renewed: &VirtualKey,
) -> Result<Option<Millis>, Refusal> {
    let Some(text) = grace_period else { return Ok(None) };
    let asked = time_span::after(Profile::Strict, text, now).map_err(|refusal| refusal.on("grace_period"))?;
    let ends = [key.expires, renewed.expires].into_iter().flatten();
    let until = ends.fold(asked, Millis::min);
    Ok((until > now).then_some(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(expires: Option<i64>) -> VirtualKey {
        VirtualKey { expires: expires.map(Millis), ..VirtualKey::default() }
    }

    #[test]
    fn grace_ends_with_the_key_and_revives_nothing() {
        let until = |grace, old, new| works_until(grace, Millis(1_000), &key(old), &key(new)).ok();
        assert_eq!(until(Some("1h"), None, None), Some(Some(Millis(3_601_000))));
        assert_eq!(until(Some("1h"), Some(5_000), None), Some(Some(Millis(5_000))));
        assert_eq!(until(Some("1h"), Some(5_000), Some(4_000)), Some(Some(Millis(4_000))));
        assert_eq!(until(Some("1h"), Some(999), Some(9_000)), Some(None));
        assert_eq!(until(None, None, None), Some(None));
        assert_eq!(until(Some("soon"), None, None), None);
    }
}
