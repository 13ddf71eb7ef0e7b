//! The operations that kernels are written in, one implementation per instruction set.

mod scalar;

#[cfg(target_arch = "aarch64")]
pub mod neon;
#[cfg(target_arch = "x86_64")]
pub mod x86_64;

pub use scalar::Scalar;

/// An instruction set that this machine has: a value is the proof, so the methods are safe to call.
///
/// Masks have one bit per byte of the vector, bit 0 for the first byte; bits from `BYTES` up are zero.
pub trait Isa: Copy {
    /// How many bytes a vector holds: 8, 16, 32 or 64.
    const BYTES: usize;

    /// `BYTES` bytes in a register.
    type Vector: Copy;

    /// The instruction set, if the CPU has it.
    fn detect() -> Option<Self>;

    /// The instruction set, unchecked.
    ///
    /// # Safety
    /// [`Isa::detect`] must have returned a value on this machine.
    unsafe fn assume() -> Self;

    /// Runs `kernel` in a function compiled for this instruction set.
    fn run<K: Kernel>(self, kernel: K) -> K::Output;

    /// The vector at `bytes[at..at + BYTES]`, or `None` when the slice ends before that.
    fn load(self, bytes: &[u8], at: usize) -> Option<Self::Vector>;

    /// The vector at `bytes[at..]` with zeros after the end of the slice.
    fn load_padded(self, bytes: &[u8], at: usize) -> Self::Vector;

    /// Bytes that end a run inside a JSON string: quote, backslash, control characters (below 0x20).
    fn string_stops(self, vector: Self::Vector) -> u64;

    /// Bytes that are not JSON white space (space, tab, line feed, carriage return).
    fn non_space(self, vector: Self::Vector) -> u64;

    /// Bytes that are not the digits `0` to `9`.
    fn non_digit(self, vector: Self::Vector) -> u64;

    /// Bytes from 0x80 up.
    fn non_ascii(self, vector: Self::Vector) -> u64;

    /// 64 bytes in registers, for masks that fill a word.
    type Block: Copy;

    /// The block of these bytes.
    fn block(self, bytes: &[u8; 64]) -> Self::Block;

    /// Bytes that are one of `wanted`.
    fn equal_any<const N: usize>(self, block: Self::Block, wanted: [u8; N]) -> u64;

    /// Bytes from `first` to `last`, both included.
    fn between(self, block: Self::Block, first: u8, last: u8) -> u64;

    /// JSON white space.
    fn space(self, block: Self::Block) -> u64;

    /// Bytes from 0x80 up.
    fn high(self, block: Self::Block) -> u64;

    /// Whether `block` has malformed UTF-8, or ends a sequence wrongly that `before`, the block before it, has begun. A
    /// sequence that `block` cuts off is not malformed yet.
    fn is_malformed(self, before: Self::Block, block: Self::Block) -> bool;

    /// Each bit xor all bits below it: from quotes to what is quoted.
    #[inline(always)]
    fn prefix_xor(self, mask: u64) -> u64 {
        let mut filled = mask;
        for distance in [1, 2, 4, 8, 16, 32] {
            filled ^= filled << distance;
        }
        filled
    }

    /// Writes the places of the set bits of `mask` in order, each moved by `base`. Behind them anything may be left.
    #[inline(always)]
    fn places(self, mut mask: u64, base: u32, places: &mut [u32; 64]) {
        // The number of bits differs from mask to mask, that of groups hardly.
        for group in places.as_chunks_mut::<4>().0 {
            for place in group {
                *place = base.wrapping_add(mask.trailing_zeros());
                mask &= mask.wrapping_sub(1);
            }
            if mask == 0 {
                break;
            }
        }
    }

    /// The offset of the first malformed UTF-8 sequence in `bytes`: that of its first byte.
    fn utf8_fault(self, bytes: &[u8]) -> Option<usize>;
}

/// An algorithm over any instruction set.
///
/// `run` must be `#[inline(always)]`, or it is compiled for the baseline and only its calls into `Isa` are not.
pub trait Kernel {
    /// What it computes.
    type Output;

    /// Computes it with the instructions of `isa`.
    fn run<I: Isa>(self, isa: I) -> Self::Output;
}

/// Copies the rest of a slice into zeros.
#[inline(always)]
pub(crate) fn padded<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut block = [0; N];
    let rest = &bytes[at.min(bytes.len())..];
    let count = rest.len().min(N);
    block[..count].copy_from_slice(&rest[..count]);
    block
}
