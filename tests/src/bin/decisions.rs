//! Makes the decision that is measured as often as its argument says, natively: `tests/bench instructions` counts what one
//! more of them costs.

use latchkey_core::Policy;
use latchkey_tests::decision::key_generate;

fn main() -> Result<(), String> {
    let count: u32 = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .ok_or("usage: decisions COUNT, a number of decisions")?;
    let decision = key_generate()?;
    let policy = Policy::configure(&decision.settings).0.ok_or("the settings are refused")?;
    for _ in 0..count {
        for frame in &decision.frames {
            std::hint::black_box(policy.handle(std::hint::black_box(frame)));
        }
    }
    Ok(())
}
