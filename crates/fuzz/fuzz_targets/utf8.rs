//! UTF-8 validation on every CPU path against the standard library.

#![no_main]

use libfuzzer_sys::fuzz_target;
use perf_simd::{Cpu, Utf8Fault};

fuzz_target!(|bytes: &[u8]| {
    let expected = core::str::from_utf8(bytes).err().map(|error| error.valid_up_to());
    for cpu in Cpu::supported() {
        assert_eq!(cpu.run(Utf8Fault(bytes)), expected, "{}", cpu.path().name());
    }
});
