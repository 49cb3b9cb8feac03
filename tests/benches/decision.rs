//! Each crossing of a `key_generate`, and the whole of it, on native core and under wasmtime.

use divan::Bencher;
use latchkey_core::Policy;
use latchkey_tests::decision::{Decision, key_generate};
use latchkey_tests::implementation::{Engine, Module};

fn main() {
    divan::main();
}

fn decision() -> Decision {
    key_generate().expect("a key is generated in memory")
}

fn native(decision: &Decision) -> Policy {
    Policy::configure(&decision.settings).0.expect("the settings are good")
}

fn wasmtime(decision: &Decision) -> Module {
    Module::load(decision.settings.clone()).expect("the settings are good")
}

/// Calls with the frames of some crossings, one after the other.
fn run(bencher: Bencher<'_, '_>, mut engine: impl Engine, frames: &[Vec<u8>]) {
    bencher.bench_local(|| {
        for frame in frames {
            divan::black_box(engine.handle(divan::black_box(frame)).expect("an answer"));
        }
    });
}

#[divan::bench(args = [0, 1])]
fn native_crossing(bencher: Bencher<'_, '_>, crossing: usize) {
    let decision = decision();
    run(bencher, native(&decision), &decision.frames[crossing..=crossing]);
}

#[divan::bench(args = [0, 1])]
fn wasmtime_crossing(bencher: Bencher<'_, '_>, crossing: usize) {
    let decision = decision();
    run(bencher, wasmtime(&decision), &decision.frames[crossing..=crossing]);
}

#[divan::bench]
fn native_key_generate(bencher: Bencher<'_, '_>) {
    let decision = decision();
    run(bencher, native(&decision), &decision.frames);
}

#[divan::bench]
fn wasmtime_key_generate(bencher: Bencher<'_, '_>) {
    let decision = decision();
    run(bencher, wasmtime(&decision), &decision.frames);
}
