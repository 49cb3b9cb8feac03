//! One decision, natively and under wasmtime, and the size of the module.

use crate::{Line, median};
use latchkey::engine::POLICY_WASM;
use latchkey_core::Policy;
use latchkey_tests::decision::key_generate;
use latchkey_tests::implementation::{Engine, Module};
use std::io::Write;
use std::time::Instant;

const ROUNDS: usize = 300;
/// Calls of one side in a round.
const CALLS: u32 = 100;

pub(crate) fn lines() -> Result<Vec<Line>, String> {
    let decision = key_generate()?;
    let mut native = Policy::configure(&decision.settings).0.ok_or("the settings are refused")?;
    let mut module = Module::load(decision.settings.clone())?;
    let mut lines = Vec::new();
    for (number, frame) in decision.frames.iter().enumerate() {
        let frames = std::slice::from_ref(frame);
        let (linked, wasm, ratio) = compare(&mut native, &mut module, frames)?;
        let crossing = format!("`key_generate`, crossing {}: native, wasmtime", number + 1);
        lines.push((crossing, format!("{linked:.1} µs, {wasm:.1} µs ({ratio:.2})"), ""));
    }
    let (linked, wasm, ratio) = compare(&mut native, &mut module, &decision.frames)?;
    let whole = format!("`key_generate`, whole decision ({} crossings): native", decision.frames.len());
    lines.push((whole, format!("{linked:.1} µs"), ""));
    lines.push(("the same under wasmtime".to_owned(), format!("{wasm:.1} µs"), "≤ 25 µs"));
    lines.push(("wasmtime ÷ native, same decision".to_owned(), format!("{ratio:.2}"), "≤ 1.3"));
    let packed = brotli_size(POLICY_WASM)?;
    let size = format!("{} KB, {} KB", POLICY_WASM.len().div_ceil(1024), packed.div_ceil(1024));
    lines.push(("`policy.wasm`: raw, brotli".to_owned(), size, "≤ 160 KB brotli"));
    Ok(lines)
}

/// Median microseconds of both sides, and the median of the ratios of the rounds.
fn compare(native: &mut Policy, module: &mut Module, frames: &[Vec<u8>]) -> Result<(f64, f64, f64), String> {
    let (mut linked, mut wasm, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let one = time(native, frames)?;
        let other = time(module, frames)?;
        linked.push(one);
        wasm.push(other);
        ratios.push(other / one);
    }
    Ok((median(linked), median(wasm), median(ratios)))
}

/// Microseconds that all `frames` take together.
fn time(engine: &mut dyn Engine, frames: &[Vec<u8>]) -> Result<f64, String> {
    let started = Instant::now();
    for _ in 0..CALLS {
        for frame in frames {
            std::hint::black_box(engine.handle(std::hint::black_box(frame))?);
        }
    }
    Ok(started.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS))
}

fn brotli_size(bytes: &[u8]) -> Result<usize, String> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
    writer.write_all(bytes).and_then(|()| writer.flush()).map_err(|error| error.to_string())?;
    drop(writer);
    Ok(packed.len())
}
