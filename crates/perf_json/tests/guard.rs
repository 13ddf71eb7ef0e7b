//! Inputs that end where readable memory ends: a read past the end of a slice is a crash here, not luck.
//!
//! A plain `main` without threads, as in `perf_simd/tests/kernels.rs`.

#![allow(clippy::print_stdout, reason = "says which paths ran: a path that the CPU lacks is not tested")]

fn main() {
    #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
    linux::main();
}

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod linux {
    use core::ffi::{c_int, c_void};

    use perf_json::{ANY_DEPTH, Finder, Indexer, Slots, Validator};
    use perf_simd::{Cpu, Utf8Fault};

    const PAGE: usize = 65536;
    const READ_AND_WRITE: c_int = 3;
    const NOTHING: c_int = 0;
    const PRIVATE_ANONYMOUS: c_int = 0x22;

    unsafe extern "C" {
        fn mmap(at: *mut c_void, length: usize, rights: c_int, flags: c_int, file: c_int, offset: i64) -> *mut c_void;
        fn mprotect(at: *mut c_void, length: usize, rights: c_int) -> c_int;
    }

    /// A page that can be used, between two that cannot.
    fn guarded() -> &'static mut [u8] {
        // SAFETY: fresh memory, which nothing else knows of and which is never given back; a failure is -1, asserted.
        unsafe {
            let start = mmap(core::ptr::null_mut(), 3 * PAGE, READ_AND_WRITE, PRIVATE_ANONYMOUS, -1, 0);
            assert_ne!(start as isize, -1, "no memory");
            assert_eq!(mprotect(start, PAGE, NOTHING), 0);
            assert_eq!(mprotect(start.byte_add(2 * PAGE), PAGE, NOTHING), 0);
            core::slice::from_raw_parts_mut(start.byte_add(PAGE).cast(), PAGE)
        }
    }

    const DOCUMENT: &str = r#"{"s":"caf\u00e9 — 世界 😀 \"q\" back\\slash and text that is longer than the widest vector of all",
        "b":[["61800.20","0.002"],[-12.5e-3,true,false,null]],"o":{},"n":1234567890123456789012345678901234567890}  "#;

    pub(super) fn main() {
        let page = guarded();
        for cpu in Cpu::supported() {
            let validator = Validator::new(cpu);
            let indexer = Indexer::new(cpu);
            let finder = Finder::new(cpu);
            let document = DOCUMENT.as_bytes();
            let (mut offsets, mut ends) = (vec![0; document.len()], vec![0; document.len()]);
            for length in 0..=document.len() {
                for start in [0, document.len() - length] {
                    for at in [0, PAGE - length] {
                        let input = &mut page[at..at + length];
                        input.copy_from_slice(&document[start..start + length]);
                        let verdict = validator.validate(input, ANY_DEPTH);
                        let slots = Slots { offsets: &mut offsets, ends: &mut ends };
                        assert_eq!(indexer.index(input, ANY_DEPTH, slots).map(drop), verdict);
                        assert_eq!(verdict.is_ok(), core::str::from_utf8(input).is_ok() && is_whole(start, length));
                        let found = finder.find(input, b"/b/1/3").map(|range| &input[range]);
                        assert!(found.is_none_or(|value| b"null".starts_with(value)));
                        assert!(found.is_some() || verdict.is_err());
                        assert_eq!(cpu.run(Utf8Fault(input)).is_none(), core::str::from_utf8(input).is_ok());
                    }
                }
            }
            println!("guard pages: {} ok", cpu.path().name());
        }
    }

    /// The document ends in two spaces, and its tails that are documents are white space alone or nothing: none.
    fn is_whole(start: usize, length: usize) -> bool {
        start == 0 && length + 2 >= DOCUMENT.len()
    }
}
