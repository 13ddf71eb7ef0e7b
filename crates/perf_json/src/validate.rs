//! The validator: one pass over the grammar, then one over the UTF-8.
//!
//! Two passes because the second is several times faster than the first can be, and because the grammar only ever looks
//! at ASCII: a malformed sequence is a fault of its own and its place is found independently.

use perf_simd::{Cpu, Isa, Kernel, Path, Scalar, utf8_fault_scalar};

#[cfg(target_arch = "aarch64")]
use perf_simd::Neon;
#[cfg(target_arch = "x86_64")]
use perf_simd::{Avx2, Avx512, Sse42};

use crate::fault::{JsonFault, Reason};
use crate::nesting::Nesting;
use crate::scan::{byte, literal, number, skip_space, string};

/// The depth limit that accepts whatever fits in memory: one bit per open bracket is kept.
pub const ANY_DEPTH: u32 = u32::MAX;

/// A validator for one CPU path: the choice is made when it is created, a call is one indirect jump.
#[derive(Clone, Copy, Debug)]
pub struct Validator {
    cpu: Cpu,
    // Never to be called on a machine without the path of `cpu`.
    entry: unsafe fn(&[u8], u32) -> Result<(), JsonFault>,
}

/// # Safety
/// The machine must have the instruction set `I`.
unsafe fn entry<I: Isa>(bytes: &[u8], max_depth: u32) -> Result<(), JsonFault> {
    // SAFETY: passed on to the caller.
    unsafe { I::assume() }.run(Validate { bytes, max_depth })
}

impl Validator {
    /// The validator that uses what `cpu` stands for.
    #[must_use]
    pub fn new(cpu: Cpu) -> Self {
        let entry = match cpu.path() {
            #[cfg(target_arch = "x86_64")]
            Path::Sse42 => entry::<Sse42>,
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => entry::<Avx2>,
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => entry::<Avx512>,
            #[cfg(target_arch = "aarch64")]
            Path::Neon => entry::<Neon>,
            _ => entry::<Scalar>,
        };
        Self { cpu, entry }
    }

    /// The CPU path in use.
    #[must_use]
    pub const fn path(&self) -> Path {
        self.cpu.path()
    }

    /// Checks that `bytes` are one JSON document with at most `max_depth` brackets open at once.
    ///
    /// O(length), no recursion, allocates nothing below depth 65.
    ///
    /// # Errors
    /// The first byte that makes the document invalid; see [`JsonFault`].
    ///
    /// ```
    /// use perf_json::{ANY_DEPTH, JsonFault, Reason, Validator};
    ///
    /// let validator = Validator::new(perf_simd::Cpu::best());
    /// assert_eq!(validator.validate(br#"{"price": "61800.20"}"#, ANY_DEPTH), Ok(()));
    /// assert_eq!(
    ///     validator.validate(b"[1,2,]", ANY_DEPTH),
    ///     Err(JsonFault { offset: 5, reason: Reason::Value })
    /// );
    /// ```
    #[inline]
    pub fn validate(&self, bytes: &[u8], max_depth: u32) -> Result<(), JsonFault> {
        // SAFETY: `new` chose the entry by a `Cpu`, and only detection makes those.
        unsafe { (self.entry)(bytes, max_depth) }
    }
}

#[derive(Clone, Copy)]
struct Validate<'a> {
    bytes: &'a [u8],
    max_depth: u32,
}

impl Kernel for Validate<'_> {
    type Output = Result<(), JsonFault>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { bytes, max_depth } = self;
        let grammar = document(isa, bytes, max_depth);
        // Behind the first fault of the grammar nothing matters any more.
        let end = grammar.map_or_else(|fault| fault.offset, |()| bytes.len());
        let malformed = isa.utf8_fault(&bytes[..end]).or_else(|| {
            let sequence = &bytes[end..bytes.len().min(end + 4)];
            (utf8_fault_scalar(sequence, 0) == Some(0)).then_some(end)
        });
        malformed.map_or(grammar, |offset| Err(JsonFault { offset, reason: Reason::Utf8 }))
    }
}

#[inline(always)]
fn document<I: Isa>(isa: I, bytes: &[u8], max_depth: u32) -> Result<(), JsonFault> {
    let mut nesting = Nesting::new();
    let mut at = skip_space(isa, bytes, 0);
    'value: loop {
        at = match byte(bytes, at) {
            b'"' => string(isa, bytes, at + 1)?,
            open @ (b'{' | b'[') => {
                if nesting.depth() == max_depth {
                    return Err(JsonFault::at(bytes, at, Reason::Depth));
                }
                let object = open == b'{';
                at = skip_space(isa, bytes, at + 1);
                // '{' and '}', '[' and ']' are two apart.
                if byte(bytes, at) == open + 2 {
                    at + 1
                } else {
                    nesting.open(object);
                    if object {
                        at = key(isa, bytes, at)?;
                    }
                    continue 'value;
                }
            }
            b'-' | b'0'..=b'9' => number(isa, bytes, at)?,
            b't' => literal(bytes, at, b"true")?,
            b'f' => literal(bytes, at, b"false")?,
            b'n' => literal(bytes, at, b"null")?,
            _ => return Err(no_value(bytes, at)),
        };
        loop {
            at = skip_space(isa, bytes, at);
            if nesting.depth() == 0 {
                return if at == bytes.len() { Ok(()) } else { Err(JsonFault::at(bytes, at, Reason::Trailing)) };
            }
            let object = nesting.in_object();
            let found = byte(bytes, at);
            if found == b',' {
                at = skip_space(isa, bytes, at + 1);
                if object {
                    at = key(isa, bytes, at)?;
                }
                continue 'value;
            }
            if found != if object { b'}' } else { b']' } {
                return Err(JsonFault::at(bytes, at, Reason::Separator));
            }
            nesting.close();
            at += 1;
        }
    }
}

/// A key with its colon and the white space around that: the position of the value.
#[inline(always)]
fn key<I: Isa>(isa: I, bytes: &[u8], at: usize) -> Result<usize, JsonFault> {
    if byte(bytes, at) != b'"' {
        return Err(JsonFault::at(bytes, at, Reason::Key));
    }
    let at = string(isa, bytes, at + 1)?;
    let at = skip_space(isa, bytes, at);
    if byte(bytes, at) != b':' {
        return Err(JsonFault::at(bytes, at, Reason::Colon));
    }
    Ok(skip_space(isa, bytes, at + 1))
}

#[cold]
fn no_value(bytes: &[u8], at: usize) -> JsonFault {
    let mark = at == 0 && bytes.starts_with(b"\xef\xbb\xbf");
    JsonFault::at(bytes, at, if mark { Reason::ByteOrderMark } else { Reason::Value })
}
