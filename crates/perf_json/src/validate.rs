//! The validator: a verdict, and nothing written.

use perf_simd::{Cpu, Isa, Kernel, Path, entry_for};

use crate::blocks::{BLOCKS_FROM_BYTES, is_document, is_scalar};
use crate::fault::JsonFault;
use crate::nesting::Nesting;
use crate::walk::walk;

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
        Self { cpu, entry: entry_for!(cpu, entry) }
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
        if I::BYTES >= BLOCKS_FROM_BYTES && is_document(isa, bytes, max_depth, &mut ()) {
            return Ok(());
        }
        let verdict = walk(isa, bytes, max_depth, &mut Nesting::new());
        debug_assert!(verdict.is_err() || I::BYTES < BLOCKS_FROM_BYTES || is_scalar(bytes), "masks say invalid");
        verdict
    }
}
