//! The finder on every CPU path: in a document what the naive twin finds, in anything else something inside it or nothing.

#![no_main]

#[path = "../../perf_json/tests/naive/mod.rs"]
mod naive;

use libfuzzer_sys::fuzz_target;
use perf_json::{ANY_DEPTH, Finder};
use perf_simd::Cpu;

/// The twin recurses, so the input must not nest deeper than its stack: every level is a byte.
const MAX_LENGTH: usize = 4096;

/// Each of them costs the twin a pass over the document.
const MAX_POINTERS: usize = 8;

fuzz_target!(|input: (&str, &[u8])| {
    let (given, bytes) = input;
    if bytes.len() > MAX_LENGTH {
        return;
    }
    let is_document = naive::validate(bytes, ANY_DEPTH).is_ok();
    let mut pointers = vec![given.to_owned(), String::new(), "/0".to_owned(), "/a".to_owned()];
    if is_document {
        pointers.extend(naive::find::pointers(bytes).into_iter().map(|(pointer, _)| pointer).take(MAX_POINTERS));
    }
    for pointer in pointers {
        let expected = if is_document { naive::find::find(bytes, &pointer) } else { None };
        for cpu in Cpu::supported() {
            let found = Finder::new(cpu).find(bytes, pointer.as_bytes());
            if is_document {
                assert_eq!(found, expected, "{} {pointer}", cpu.path().name());
            } else {
                assert!(found.is_none_or(|range| range.start < range.end && range.end <= bytes.len()));
            }
        }
    }
});
