//! A custom rule for Latchkey: the alias of a team's key begins with the team's id and a dash.

use serde_json::{Value, json};

/// Room for `length` bytes of input. Each question gets a fresh instance, so that nothing need be freed.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(length: usize) -> *mut u8 {
    vec![0; length].leak().as_mut_ptr()
}

/// Judges the question at `at`; the answer's address in the high, its length in the low 32 bits.
///
/// # Safety
/// `at` came from [`alloc`] with this `length`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn decide(at: *const u8, length: usize) -> u64 {
    // SAFETY: the caller wrote the question to where `alloc` told it to
    let question = unsafe { std::slice::from_raw_parts(at, length) };
    let answer = judge(question).into_bytes().leak();
    ((answer.as_ptr() as u64) << 32) | answer.len() as u64
}

fn judge(question: &[u8]) -> String {
    // a question that cannot be read is not answered, and no answer is a refusal
    let Ok(question) = serde_json::from_slice::<Value>(question) else { return String::new() };
    match objection(&question["effective_key"]) {
        None => json!({ "decision": true }).to_string(),
        Some(message) => json!({ "decision": false, "message": message }).to_string(),
    }
}

fn objection(key: &Value) -> Option<String> {
    let team = key["team_id"].as_str()?;
    let alias = key["key_alias"].as_str().unwrap_or_default();
    let prefix = format!("{team}-");
    (!alias.starts_with(&prefix))
        .then(|| format!("the alias of a key of team {team} must begin with {prefix}"))
}
