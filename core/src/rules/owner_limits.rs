//! The owner of a key may tighten what limits it, not loosen it.

use super::KeyDraft;
use super::owner_keeps::judge;
use crate::deviations::Hole;
use crate::rules::key_fields::KEY_FIELDS;
use crate::verdict::Said;
use latchkey_contract::json::Json;
use latchkey_contract::tables::VirtualKey;

/// No budget and no limit is raised or taken away, and no model is added.
pub(super) fn apply(change: &mut KeyDraft<'_>) -> Said {
    judge(change, |old, new, _| {
        let field =
            columns(change, old, new).or_else(|| metadata(&old.metadata.value(), &new.metadata.value()));
        field.map(|field| (field, "raise its budget or limits"))
    })
}

fn columns(change: &KeyDraft<'_>, old: &VirtualKey, new: &VirtualKey) -> Option<&'static str> {
    let keeps_config = change.closes(Hole::owners_keep_config_and_service_account);
    let fields = KEY_FIELDS.iter().filter(|field| keeps_config || field.name != "config");
    let mut loosened = fields.filter(|field| field.is_loosened(old, new, change.now));
    loosened.next().map(|field| field.name)
}

fn metadata(old: &Json, new: &Json) -> Option<&'static str> {
    KEY_FIELDS.iter().find(|field| field.is_member_loosened(old, new)).map(|field| field.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::key_fields::SERVICE_ACCOUNT;
    use latchkey_contract::dict;

    #[test]
    fn metadata_that_limits_stays() {
        let old = dict! { "guardrails" => vec!["a".to_owned()], "free" => 1 };
        assert_eq!(metadata(&old, &dict! { "guardrails" => vec!["b".to_owned(), "a".to_owned()] }), None);
        assert_eq!(metadata(&old, &Json::empty_dict()), Some("guardrails"));
        assert_eq!(
            metadata(&old, &dict! { "guardrails" => vec!["a".to_owned()], "temp_budget_increase" => 1 }),
            Some("temp_budget_increase")
        );
    }

    #[test]
    fn a_service_account_stays_one() {
        for id in [Json::Null, "a".into()] {
            let old = dict! { SERVICE_ACCOUNT => id };
            assert_eq!(metadata(&old, &Json::empty_dict()), Some(SERVICE_ACCOUNT));
            assert_eq!(metadata(&old, &old), None);
        }
        assert_eq!(metadata(&Json::empty_dict(), &dict! { SERVICE_ACCOUNT => "a" }), None);
    }
}
