use super::*;
use latchkey_contract::wire::{Configured, to_text};

/// A module of the contract that echoes, and traps, loops or grows when the input begins so.
const ECHO: &str = r#"(module
  (memory (export "memory") 2)
  (data (i32.const 1024) "REPORT")
  (global $calls (mut i32) (i32.const 0))
  (func (export "abi_version") (result i32) (i32.const ABI_VERSION))
  (func (export "alloc") (param i32) (result i32) (i32.const 4096))
  (func (export "free") (param i32 i32))
  (func (export "configure") (param i32 i32) (result i64) (i64.const PACKED))
  (func $answer (param i32 i32) (result i64)
    (if (i32.eq (i32.load8_u (local.get 0)) (i32.const 116)) (then unreachable))
    (if (i32.eq (i32.load8_u (local.get 0)) (i32.const 103)) (then (drop (memory.grow (i32.const 300)))))
    (if (i32.eq (i32.load8_u (local.get 0)) (i32.const 108)) (then (loop $on (br $on))))
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.store8 (local.get 0) (i32.add (global.get $calls) (i32.const 48)))
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))
  (export "handle" (func $answer))
  (export "check" (func $answer))
  (export "describe" (func $answer)))"#;

fn echo() -> Arc<Policy> {
    let deadline = Duration::from_millis(100);
    let limits = Limits { memory: 1 << 20, deadline, ..Limits::default() };
    Policy::load(&module(latchkey_contract::ABI_VERSION), b"{}".to_vec(), limits).unwrap()
}

fn module(version: u32) -> Vec<u8> {
    let report = Report { profile: "echo".to_owned(), ..Report::default() };
    let report = to_text(&Configured::Usable(Box::new(report)));
    let packed = (1024 << 32) | report.len();
    let module = ECHO
        .replace("ABI_VERSION", &version.to_string())
        .replace("PACKED", &packed.to_string())
        .replace("REPORT", &report.replace('"', "\\\""));
    wat::parse_str(module).unwrap()
}

#[test]
fn the_module_has_no_imports_and_the_exports_of_the_contract() {
    let engine = engine(&Limits::default()).unwrap();
    let module = wasmtime::Module::new(&engine, POLICY_WASM).unwrap();
    assert_eq!(module.imports().len(), 0);
    // the linker adds two of its own, `__data_end` and `__heap_base`
    let names = module.exports().map(|export| export.name());
    let mut exports: Vec<_> = names.filter(|name| !name.starts_with("__")).collect();
    exports.sort_unstable();
    assert_eq!(
        exports,
        ["abi_version", "alloc", "check", "configure", "describe", "free", "handle", "memory"]
    );
}

#[test]
fn an_instance_is_reused_and_a_trap_throws_it_away() {
    let policy = echo();
    assert_eq!(policy.report().profile, "echo");
    assert_eq!(policy.ask_now(Export::Handle, b"abc").unwrap(), b"1bc");
    assert_eq!(policy.ask_now(Export::Check, b"abc").unwrap(), b"2bc");
    assert!(matches!(policy.ask_now(Export::Handle, b"trap"), Err(Failed::Trap(_))));
    assert_eq!(policy.ask_now(Export::Handle, b"abc").unwrap(), b"1bc");
}

#[test]
fn an_evaluation_without_end_is_stopped_at_the_deadline() {
    let policy = echo();
    let began = std::time::Instant::now();
    assert_eq!(policy.ask_now(Export::Describe, b"loop"), Err(Failed::Overrun));
    assert!(began.elapsed() < Duration::from_secs(2));
    assert_eq!(policy.ask_now(Export::Handle, b"abc").unwrap(), b"1bc");
}

#[test]
fn more_input_than_memory_fails_alone() {
    let policy = echo();
    assert!(matches!(policy.ask_now(Export::Handle, &vec![b'a'; 200_000]), Err(Failed::Trap(_))));
    assert_eq!(policy.ask_now(Export::Handle, b"abc").unwrap(), b"1bc");
}

#[test]
fn an_instance_that_took_much_memory_is_not_kept() {
    let limits = Limits { memory: 32 << 20, ..Limits::default() };
    let policy = Policy::load(&module(latchkey_contract::ABI_VERSION), b"{}".to_vec(), limits).unwrap();
    for (input, answer) in [(b"abc", b"1bc"), (b"abc", b"2bc"), (b"gbc", b"3bc"), (b"abc", b"1bc")] {
        assert_eq!(policy.ask_now(Export::Handle, input).unwrap(), answer);
    }
}

#[test]
fn a_module_of_another_contract_is_refused() {
    let refused = Policy::load(&module(99), vec![], Limits::default()).unwrap_err();
    assert!(refused.to_string().contains("version 99"), "{refused}");
}

#[test]
fn unusable_settings_are_named() {
    let settings = br#"{"latchkey":{"profle":"strict","master_key_sha256":"00"}}"#.to_vec();
    let Err(EngineError::Settings(errors)) = Policy::load(POLICY_WASM, settings, Limits::default()) else {
        panic!("settings with an unknown name were taken");
    };
    assert!(errors.iter().any(|error| error.path.contains("profle")), "{errors:?}");
}
