//! The operator's own rule, a module beside the server: what it is told, and what its answer means.
//!
//! Only a decision lets a key through: whatever goes wrong with the module is a refusal.

use crate::caller::Caller;
use crate::error::{Code, Refusal, messages};
use crate::redact;
use latchkey_contract::dict;
use latchkey_contract::json::{Json, Limits, read, write};
use latchkey_contract::wire::{RuleAnswer, RuleFailure};

const TRAPPED: &str = "the custom rule failed and decided nothing";
const OVERRAN: &str = "the custom rule ran longer than its deadline and decided nothing";
const SILENT: &str = "the custom rule decided nothing";
const MALFORMED: &str =
    "the custom rule decided nothing: its answer must be json, `decision` true or false and `message` text";

/// What the operator's rule judges.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    /// The operation's name.
    pub operation: &'static str,
    /// Who asks.
    pub caller: &'a Caller,
    /// The key as it is, in the form of `/key/info`; `null` for a new one.
    pub existing_key: Json,
    /// The key as it will be, in the same form.
    pub effective_key: Json,
    /// The fields the request sets.
    pub request: &'a Json,
}

impl Question<'_> {
    /// The question as JSON text, without a secret in it.
    pub(crate) fn input(&self) -> String {
        let caller = self.caller;
        let question = dict! {
            "operation" => self.operation,
            "caller" => dict! {
                "user_role" => caller.user_role.map(|role| role.as_str().to_owned()),
                "user_id" => caller.user_id.clone(),
                "team_id" => caller.team_id.clone(),
                "token" => caller.token.clone().filter(|_| !caller.is_master),
                "key_alias" => caller.key.as_ref().and_then(|key| key.key_alias.clone()),
            },
            "existing_key" => self.existing_key.clone(),
            "effective_key" => self.effective_key.clone(),
            "request" => self.request.clone(),
        };
        write(&redact::secrets(&question, self.plain_key()))
    }

    /// The key that the request names in plain text.
    fn plain_key(&self) -> Option<&str> {
        let key = self.request.get("key").and_then(Json::as_str)?;
        let is_token = latchkey_contract::mint::unhex(key).is_some() && self.operation != "key_generate";
        (!is_token && !key.is_empty()).then_some(key)
    }
}

/// Whether the operator's rule lets the key through; without an answer it does not.
pub(crate) fn judge(answer: Option<RuleAnswer>) -> Result<(), Refusal> {
    let said = match answer {
        Some(RuleAnswer::Answer(said)) => said,
        Some(RuleAnswer::Failed(RuleFailure::Trap)) => return Err(refused(TRAPPED)),
        Some(RuleAnswer::Failed(RuleFailure::Overrun)) => return Err(refused(OVERRAN)),
        Some(RuleAnswer::Failed(RuleFailure::Malformed)) => return Err(refused(MALFORMED)),
        None => return Err(refused(SILENT)),
    };
    let said = read(said.as_bytes(), &Limits::REQUEST).unwrap_or(Json::Null);
    match (said.get("decision"), said.get("message")) {
        (Some(Json::Bool(true)), _) => Ok(()),
        (Some(Json::Bool(false)), Some(Json::Str(message))) => Err(refused(message)),
        (Some(Json::Bool(false)), None | Some(Json::Null)) => Err(refused(messages::REFUSED_BY_CUSTOM_RULE)),
        (None, _) if said.as_dict().is_some() => Err(refused(SILENT)),
        _ => Err(refused(MALFORMED)),
    }
}

fn refused(message: &str) -> Refusal {
    Refusal::http(Code::CustomRule, 403, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(answer: RuleAnswer) -> Result<(), String> {
        judge(Some(answer)).map_err(|refusal| {
            assert_eq!((refusal.status, refusal.code), (403, Code::CustomRule));
            latchkey_contract::json::str_of(&refusal.message)
        })
    }

    fn answered(text: &str) -> Result<(), String> {
        judged(RuleAnswer::Answer(text.to_owned()))
    }

    #[test]
    fn only_a_decision_lets_a_key_through() {
        assert_eq!(answered(r#"{"decision":true}"#), Ok(()));
        assert_eq!(answered(r#"{"decision":true,"message":"x"}"#), Ok(()));
        for text in [
            "",
            "{",
            "[]",
            "true",
            r#"{"decision":1}"#,
            r#"{"decision":"true"}"#,
            r#"{"decision":false,"message":1}"#,
        ] {
            assert_eq!(answered(text), Err(MALFORMED.to_owned()), "{text}");
        }
        assert_eq!(answered("{}"), Err(SILENT.to_owned()));
        assert_eq!(judged(RuleAnswer::Failed(RuleFailure::Trap)), Err(TRAPPED.to_owned()));
        assert_eq!(judged(RuleAnswer::Failed(RuleFailure::Overrun)), Err(OVERRAN.to_owned()));
        assert_eq!(judged(RuleAnswer::Failed(RuleFailure::Malformed)), Err(MALFORMED.to_owned()));
        assert!(judge(None).is_err());
    }

    #[test]
    fn a_refusal_carries_the_operators_words() {
        assert_eq!(answered(r#"{"decision":false,"message":"No, so."}"#), Err("No, so.".to_owned()));
        assert_eq!(answered(r#"{"decision":false}"#), Err(messages::REFUSED_BY_CUSTOM_RULE.to_owned()));
    }

    #[test]
    fn the_question_names_keys_by_their_hashes_only() {
        let caller = Caller::master("digest-of-the-master-key".to_owned());
        let request = dict! { "key" => "sk-plain-text-abcd", "key_alias" => "a" };
        let question = Question {
            operation: "key_generate",
            caller: &caller,
            existing_key: Json::Null,
            effective_key: dict! { "token" => "t" },
            request: &request,
        };
        let input = question.input();
        assert!(!input.contains("plain") && !input.contains("digest-of"), "{input}");
        assert!(input.contains(r#""request":{"key":"sk-...abcd","key_alias":"a"}"#), "{input}");
        let token = "0".repeat(64);
        let request = dict! { "key" => token.clone() };
        let of_token = |operation| Question {
            operation,
            existing_key: Json::Null,
            effective_key: Json::Null,
            request: &request,
            ..question
        };
        assert!(of_token("key_update").input().contains(&token));
        assert!(!of_token("key_generate").input().contains(&token));
    }
}
