//! The Node.js addon: argument passing, and nothing else. The only crate that knows napi.
//!
//! Its functions are not public API: `packages/native` checks, names and documents what users call. Declarations for it
//! are generated into `packages/native/src/binding.ts`.

#![cfg_attr(test, allow(dead_code, reason = "napi registers no function in a test build, which only lints make"))]

mod bytes;
mod cpu;
mod decode;
mod delivery;
mod flight;
mod json;
mod raw;
