//! Inputs and indexes that end where usable memory ends: an access beyond the end of a slice is a crash here, not luck.
//!
//! A plain `main` without threads, as in `perf_simd/tests/kernels.rs`.

#![allow(clippy::print_stdout, reason = "says which paths ran: a path that the CPU lacks is not tested")]

#[cfg(all(target_os = "linux", target_pointer_width = "64", not(miri)))]
mod naive;
#[cfg(all(target_os = "linux", target_pointer_width = "64", not(miri)))]
mod rows;

fn main() {
    // Miri needs no such memory: it knows the bounds of every allocation.
    #[cfg(all(target_os = "linux", target_pointer_width = "64", not(miri)))]
    linux::main();
}

#[cfg(all(target_os = "linux", target_pointer_width = "64", not(miri)))]
mod linux {
    use core::cell::Cell;
    use core::ffi::{c_int, c_void};

    use perf_json::decode::{Outcome, Pieces, RowDecoder, Stop};
    use perf_json::{ANY_DEPTH, Finder, Indexer, JsonFault, Slots, Validator};
    use perf_simd::{Cpu, Isa, Kernel, Utf8Fault};

    use crate::naive;
    use crate::rows::{Memory, Row, decode, lines};

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

    /// Lines of rows with numbers of every reader: few digits and many, a point, an exponent, as text and not. The first two
    /// are written alike, so that the second is read by comparing it with what was expected.
    const LINES: &str = r#"{"T":1723161256299,"data":{"p":"61800.5","q":"0.002","m":true,"side":"BUY","the symbol of the instrument":"BTCUSDT","b":[["61800.0","12345678.125"]]},"level":0.125}
{"T":1723161256300,"data":{"p":"61801.0","q":"0.003","m":true,"side":"BUY","the symbol of the instrument":"BTCUSDT","b":[["61799.5","1.000"]]},"level":65.613616999999977}
 { "level": -12.5e-3 , "e":"\u00e9 \"\" 世界", "data":{"b":[[5e-1,1,[]],["0.5",12345678901.25]],"the symbol of the instrument":"a text that is longer than a head","side":"SELL","m":false,"q":1e-3,"p":-1.0}, "T":"-9223372036854775808" }  "#;

    pub(super) fn main() {
        // SAFETY: zero is an integer.
        let (page, offsets, ends) = unsafe { (guarded::<u8>(), guarded::<u32>(), guarded::<u32>()) };
        let document = DOCUMENT.as_bytes();
        for cpu in Cpu::supported() {
            loads_at_the_borders(cpu, page);
            rows_at_the_borders(RowDecoder::new(cpu), page);
            let validator = Validator::new(cpu);
            let indexer = Indexer::new(cpu);
            let finder = Finder::new(cpu);
            for start in 0..document.len() {
                // Heads, tails, and what begins with a value.
                let begins_value = start == 0 || matches!(document[start - 1], b'[' | b',' | b':');
                let from = if begins_value { start } else { document.len() };
                for end in from..=document.len() {
                    let plain = &document[start..end];
                    let expected = naive::validate(plain, ANY_DEPTH);
                    for at in [0, PAGE - plain.len()] {
                        let input = &mut page[at..at + plain.len()];
                        input.copy_from_slice(plain);
                        let verdict = validator.validate(input, ANY_DEPTH);
                        assert_eq!(verdict, expected);
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

    /// The vector at a position, whole or padded: the only operations that read memory of the caller.
    struct Load<'a> {
        bytes: &'a [u8],
        at: usize,
    }

    impl Kernel for Load<'_> {
        type Output = (usize, u64);

        #[inline(always)]
        fn run<I: Isa>(self, isa: I) -> Self::Output {
            let Self { bytes, at } = self;
            let padded = isa.non_digit(isa.load_padded(bytes, at));
            assert!(isa.load(bytes, at).is_none_or(|vector| isa.non_digit(vector) == padded));
            (I::BYTES, padded)
        }
    }

    fn loads_at_the_borders(cpu: Cpu, page: &mut [u8]) {
        for length in 0..=200 {
            for start in [0, PAGE - length] {
                let bytes = &mut page[start..start + length];
                bytes.fill(b'7');
                for at in 0..=length {
                    let (width, others) = cpu.run(Load { bytes, at });
                    // What is behind the end is zero, which is no digit.
                    let digits = (length - at).min(width);
                    assert_eq!(others.trailing_zeros() as usize, if digits == width { 64 } else { digits });
                }
            }
        }
    }

    /// Lines cut off anywhere: with the same answer as in memory that goes on, as lines and as documents.
    fn rows_at_the_borders(decoder: RowDecoder, page: &mut [u8]) {
        let whole = LINES.as_bytes();
        let [in_page, elsewhere] = [(); 2].map(|()| Memory::new(4, 8));
        let rows_of = |bytes: &[u8], pieces: Pieces, memory: &Memory| -> (Outcome, Vec<Row>) {
            let outcome = decode(decoder, bytes, pieces, memory, 0);
            (outcome, (0..outcome.rows).map(|row| memory.row(row)).collect())
        };
        let first_end = LINES.find('\n').unwrap_or(0);
        for length in 0..=whole.len() {
            let plain = &whole[..length];
            for start in [0, PAGE - length] {
                let input = &mut page[start..start + length];
                input.copy_from_slice(plain);
                let ends = [first_end, length].map(|end| Cell::new(end as u32));
                for pieces in [lines(0), Pieces::Documents { ends: &ends, first: 0 }] {
                    assert_eq!(rows_of(input, pieces, &in_page), rows_of(plain, pieces, &elsewhere));
                }
            }
        }
        let (outcome, _) = rows_of(whole, lines(0), &elsewhere);
        assert_eq!((outcome.stop, outcome.rows), (Stop::End, 3));
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
}
