//! A rule that does what a word in its question says.

/// The module. Without any of the words it allows everything.
pub(crate) fn module() -> Vec<u8> {
    wat::parse_str(text()).expect("the test's module")
}

fn text() -> String {
    let on = |word: &[u8; 4], then: &str| {
        let word = i32::from_le_bytes(*word);
        format!("(if (call $has (local.get 0) (local.get 1) (i32.const {word})) (then {then}))")
    };
    let answer = |at: u64, length: usize| format!("(return (i64.const {}))", (at << 32) | length as u64);
    let branches = [
        on(b"loop", "(loop $on (br $on))"),
        on(b"trap", "unreachable"),
        on(
            b"grow",
            "(loop $on (br_if $on (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) unreachable",
        ),
        on(b"none", &answer(16, 2)),
        on(b"junk", &answer(32, 4)),
        on(b"away", &answer(0x7fff_0000, 64)),
        on(b"deny", &answer(64, 44)),
        on(b"echo", "(return (call $echo (local.get 0) (local.get 1)))"),
    ];
    format!(
        r#"(module
  (memory (export "memory") 32)
  (data (i32.const 16) "{{}}")
  (data (i32.const 32) "junk")
  (data (i32.const 64) "{{\"decision\":false,\"message\":\"Denied, alas.\"}}")
  (data (i32.const 128) "{{\"decision\":true}}")
  (data (i32.const 1048576) "{{\"decision\":false,\"message\":\"")
  (func (export "alloc") (param i32) (result i32) (i32.const 4096))
  (func $has (param $at i32) (param $length i32) (param $word i32) (result i32)
    (local $end i32)
    (local.set $end (i32.sub (i32.add (local.get $at) (local.get $length)) (i32.const 4)))
    (loop $on
      (if (i32.eq (i32.load (local.get $at)) (local.get $word)) (then (return (i32.const 1))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $on (i32.le_u (local.get $at) (local.get $end))))
    (i32.const 0))
  ;; the question as message, quotes as apostrophes
  (func $echo (param $at i32) (param $length i32) (result i64)
    (local $end i32) (local $to i32) (local $byte i32)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (local.set $to (i32.const 1048605))
    (loop $on
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.eq (local.get $byte) (i32.const 0x22)) (then (local.set $byte (i32.const 0x27))))
      (if (i32.eq (local.get $byte) (i32.const 0x5c)) (then (local.set $byte (i32.const 0x2f))))
      (i32.store8 (local.get $to) (local.get $byte))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (br_if $on (i32.lt_u (local.get $at) (local.get $end))))
    (i32.store16 (local.get $to) (i32.const 0x7d22))
    (i64.or (i64.shl (i64.const 1048576) (i64.const 32))
      (i64.extend_i32_u (i32.sub (i32.add (local.get $to) (i32.const 2)) (i32.const 1048576)))))
  (func (export "decide") (param i32 i32) (result i64)
    {}
    (i64.const {})))"#,
        branches.join("\n    "),
        (0x80_u64 << 32) | 0x11,
    )
}
