//! The validator on every CPU path against the naive twin, at a depth limit and without.

#![no_main]

#[path = "../../perf_json/tests/naive/mod.rs"]
mod naive;

use libfuzzer_sys::fuzz_target;
use perf_json::{ANY_DEPTH, Validator};
use perf_simd::Cpu;

/// The twin recurses, so the input must not nest deeper than its stack: every level is a byte.
const MAX_LENGTH: usize = 4096;

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_LENGTH {
        return;
    }
    for max_depth in [ANY_DEPTH, 3] {
        let expected = naive::validate(bytes, max_depth);
        for cpu in Cpu::supported() {
            assert_eq!(Validator::new(cpu).validate(bytes, max_depth), expected, "{}", cpu.path().name());
        }
    }
});
