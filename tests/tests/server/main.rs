//! The real binary under bad input, races and crashes. It is found as `latchkey_tests::implementation::binary` says.

mod bad_input;
mod browsers;
mod crash;
mod doctor;
mod forward;
#[cfg(target_os = "linux")]
mod log;
mod memory;
mod probes;
mod race;
mod start;
