//! The indexer on every CPU path against the naive twin, with room for the whole index and for part of it.

#![no_main]

#[path = "../../perf_json/tests/naive/mod.rs"]
mod naive;

use libfuzzer_sys::fuzz_target;
use perf_json::{ANY_DEPTH, Indexer, Slots};
use perf_simd::Cpu;

/// The twin recurses, so the input must not nest deeper than its stack: every level is a byte.
const MAX_LENGTH: usize = 4096;

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_LENGTH {
        return;
    }
    for max_depth in [ANY_DEPTH, 3] {
        let expected = naive::index(bytes, max_depth);
        for cpu in Cpu::supported() {
            let name = cpu.path().name();
            for room in [bytes.len(), bytes.len() / 8] {
                let (mut offsets, mut ends) = (vec![7; room], vec![7; room]);
                let slots = Slots { offsets: &mut offsets, ends: &mut ends };
                let count = Indexer::new(cpu).index(bytes, max_depth, slots);
                assert_eq!(count, expected.as_ref().map(Vec::len).map_err(|&fault| fault), "{name}");
                if count.is_ok_and(|count| count <= room) {
                    let entries = offsets.into_iter().zip(ends).take(count.unwrap_or(0)).collect();
                    assert_eq!(Ok(entries), expected, "{name}");
                }
            }
        }
    }
});
