//! The policy module: the exports of `latchkey-core` for shells of any language. It moves bytes and decides nothing.
//!
//! The default build has plain exports and no imports (`wasm/README.md`); the feature `browser` builds typed
//! functions for wasm-bindgen instead.

#[cfg(all(target_arch = "wasm32", feature = "browser"))]
pub mod browser;
#[cfg(all(target_arch = "wasm32", not(feature = "browser")))]
mod exports;
#[cfg(all(target_arch = "wasm32", feature = "browser"))]
mod plain;
