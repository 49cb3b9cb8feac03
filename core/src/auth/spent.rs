//! What the holder of a key may do in strict although a budget is spent: look at it, take it out of service, and give it
//! another secret. None of this gives it anything to spend.

use super::routes::is_regenerate;
use crate::context::Context;
use crate::deviations::Hole;
use latchkey_contract::json::Json;
use latchkey_contract::mint;
use latchkey_contract::tables::VirtualKey;

/// Routes that show, block and delete.
const HARMLESS: &[&str] = &[
    "/key/info",
    "/v2/key/info",
    "/key/list",
    "/key/health",
    "/key/block",
    "/key/delete",
    "/user/info",
    "/team/info",
    "/team/list",
    "/key/aliases",
    "/v2/user/info",
    "/user/list",
    "/user/filter/ui",
    "/v2/team/list",
    "/team/available",
    "/team/permissions_list",
    "/budget/list",
    "/budget/info",
    "/organization/info",
    "/organization/list",
];

/// What a rotation may ask for besides another secret.
const OF_A_ROTATION: [&str; 4] = ["key", "grace_period", "duration", "new_key"];

/// Whether the holder of `key` may call `route` with this body whatever has been spent. Before the body has been read, a
/// rotation may be one.
pub(super) fn may_call(cx: &Context<'_>, key: &VirtualKey, route: &str, sent: Option<&Json>) -> bool {
    let rotates = || sent.map_or_else(|| is_regenerate(route), |body| rotates(key, route, body));
    cx.closes(Hole::spent_keys_are_looked_at) && (HARMLESS.contains(&route) || rotates())
}

/// Whether the request gives the key in use another secret and nothing else.
fn rotates(key: &VirtualKey, route: &str, body: &Json) -> bool {
    if !is_regenerate(route) {
        return false;
    }
    let in_path = route.strip_prefix("/key/").and_then(|rest| rest.strip_suffix("/regenerate"));
    let named = in_path.or_else(|| body.get("key").and_then(Json::as_str)).unwrap_or_default();
    let says_no_more = body.as_dict().unwrap_or_default().iter().all(|(name, value)| {
        OF_A_ROTATION.contains(&&**name) || value.is_null() || value.as_str() == Some("")
    });
    says_no_more && mint::token_if_key(named) == key.token
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    #[test]
    fn a_rotation_of_the_key_in_use_asks_for_no_money() {
        let key = VirtualKey { token: mint::token("sk-1"), ..VirtualKey::default() };
        let plain =
            dict! { "key" => "sk-1", "grace_period" => "1h", "max_budget" => "", "team_id" => Json::Null };
        assert!(rotates(&key, "/key/regenerate", &plain));
        assert!(rotates(&key, "/key/sk-1/regenerate", &Json::empty_dict()));
        assert!(!rotates(&key, "/key/sk-2/regenerate", &plain));
        assert!(!rotates(&key, "/key/regenerate", &dict! { "key" => "sk-2" }));
        assert!(!rotates(&key, "/key/regenerate", &dict! { "key" => "sk-1", "max_budget" => 5 }));
        assert!(!rotates(&key, "/key/update", &plain));
    }
}
