//! Inputs and indexes that end where usable memory ends: an access beyond the end of a slice is a crash here, not luck.
//!
//! A plain `main` without threads, as in `perf_simd/tests/kernels.rs`.

#![allow(clippy::print_stdout, reason = "says which paths ran: a path that the CPU lacks is not tested")]

fn main() {
    // Miri needs no such memory: it knows the bounds of every allocation.
    #[cfg(all(target_os = "linux", target_pointer_width = "64", not(miri)))]
    linux::main();
}

#[cfg(all(target_os = "linux", target_pointer_width = "64", not(miri)))]
mod linux {
    use core::ffi::{c_int, c_void};

    use perf_json::{ANY_DEPTH, Finder, Indexer, JsonFault, Slots, Validator};
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
    ///
    /// # Safety
    /// Zeros must be a `T`.
    unsafe fn guarded<T>() -> &'static mut [T] {
        // SAFETY: fresh memory, which nothing else knows of and which is never given back; a failure is -1, asserted.
        unsafe {
            let start = mmap(core::ptr::null_mut(), 3 * PAGE, READ_AND_WRITE, PRIVATE_ANONYMOUS, -1, 0);
            assert_ne!(start as isize, -1, "no memory");
            assert_eq!(mprotect(start, PAGE, NOTHING), 0);
            assert_eq!(mprotect(start.byte_add(2 * PAGE), PAGE, NOTHING), 0);
            core::slice::from_raw_parts_mut(start.byte_add(PAGE).cast(), PAGE / size_of::<T>())
        }
    }

    const DOCUMENT: &str = r#"{"s":"caf\u00e9 — 世界 😀 \"q\" back\\slash and text that is longer than the widest vector of all",
        "b":[["61800.20","0.002"],[-12.5e-3,true,false,null]],"o":{},"n":1234567890123456789012345678901234567890}  "#;

    /// To the whole, to each kind of value, and to what is looked for until the end.
    const POINTERS: [&[u8]; 7] = [b"", b"/s", b"/b/0", b"/b/1/3", b"/n", b"/b/9", b"/x"];

    pub(super) fn main() {
        // SAFETY: zero is an integer.
        let (page, offsets, ends) = unsafe { (guarded::<u8>(), guarded::<u32>(), guarded::<u32>()) };
        let document = DOCUMENT.as_bytes();
        for cpu in Cpu::supported() {
            let validator = Validator::new(cpu);
            let indexer = Indexer::new(cpu);
            let finder = Finder::new(cpu);
            for length in 0..=document.len() {
                for start in [0, document.len() - length] {
                    let plain = &document[start..start + length];
                    for at in [0, PAGE - length] {
                        let input = &mut page[at..at + length];
                        input.copy_from_slice(plain);
                        let verdict = validator.validate(input, ANY_DEPTH);
                        assert_eq!(verdict.is_ok(), core::str::from_utf8(input).is_ok() && is_whole(start, length));
                        assert_eq!(cpu.run(Utf8Fault(input)).is_none(), core::str::from_utf8(input).is_ok());
                        index_at_the_borders(indexer, input, verdict, offsets, ends);
                        for pointer in POINTERS {
                            assert_eq!(finder.find(input, pointer), finder.find(plain, pointer));
                        }
                    }
                }
            }
            println!("guard pages: {} ok", cpu.path().name());
        }
    }

    /// Both arrays at the start and at the end of their pages, with all the room that is needed, and with less.
    fn index_at_the_borders(
        indexer: Indexer,
        input: &[u8],
        verdict: Result<(), JsonFault>,
        offsets: &mut [u32],
        ends: &mut [u32],
    ) {
        let (until_offsets, until_ends) = (offsets.len(), ends.len());
        let most = input.len();
        let needed = indexer.index(input, ANY_DEPTH, Slots { offsets: &mut offsets[..most], ends: &mut ends[..most] });
        assert_eq!(needed.map(drop), verdict);
        for room in [needed.unwrap_or(most / 2), needed.unwrap_or(most) / 2, 1, 0] {
            let slots = Slots { offsets: &mut offsets[until_offsets - room..], ends: &mut ends[until_ends - room..] };
            assert_eq!(indexer.index(input, ANY_DEPTH, slots), needed);
        }
    }

    /// The document ends in two spaces, and its tails that are documents are white space alone or nothing: none.
    fn is_whole(start: usize, length: usize) -> bool {
        start == 0 && length + 2 >= DOCUMENT.len()
    }
}
