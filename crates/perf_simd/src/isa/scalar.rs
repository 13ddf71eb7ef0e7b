//! Eight bytes in a general register. The reference for the other paths, and the path of machines without them.

use super::{Isa, Kernel, padded};
use crate::utf8::{is_cut_off, utf8_fault_scalar};

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// No vector instructions at all.
#[derive(Clone, Copy, Debug)]
pub struct Scalar;

/// Gathers the high bit of each byte into the low eight bits. The multiplication moves bit 8k to bit 56 + k.
const fn gather(high_bits: u64) -> u64 {
    ((high_bits >> 7).wrapping_mul(0x0102_0408_1020_4080)) >> 56
}

/// The high bit of each byte that is zero. Exact for every byte: no borrow crosses from one to the next.
const fn zeros(word: u64) -> u64 {
    !(((word & !HIGH) + !HIGH) | word | !HIGH)
}

/// The high bit of each byte that is below `bound`, which must not exceed 0x80.
const fn below(word: u64, bound: u8) -> u64 {
    let bound = LOW * bound as u64;
    // With the high bit set beforehand, the subtraction clears it exactly where the low seven bits are smaller.
    let smaller = !((word | HIGH) - bound) & HIGH;
    smaller & !word
}

const fn equal(word: u64, byte: u8) -> u64 {
    zeros(word ^ (LOW * byte as u64))
}

/// A mask of 64 bytes from the high bits that `find` leaves in each word.
#[inline(always)]
fn gather_block(block: [u64; 8], find: impl Fn(u64) -> u64) -> u64 {
    block.iter().rev().fold(0, |mask, &word| mask << 8 | gather(find(word)))
}

impl Isa for Scalar {
    const BYTES: usize = 8;

    type Vector = u64;

    #[inline(always)]
    fn detect() -> Option<Self> {
        Some(Self)
    }

    #[inline(always)]
    unsafe fn assume() -> Self {
        Self
    }

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> K::Output {
        kernel.run(self)
    }

    #[inline(always)]
    fn load(self, bytes: &[u8], at: usize) -> Option<u64> {
        bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
    }

    #[inline(always)]
    fn load_padded(self, bytes: &[u8], at: usize) -> u64 {
        u64::from_le_bytes(padded(bytes, at))
    }

    #[inline(always)]
    fn string_stops(self, vector: u64) -> u64 {
        gather(equal(vector, b'"') | equal(vector, b'\\') | below(vector, 0x20))
    }

    #[inline(always)]
    fn non_space(self, vector: u64) -> u64 {
        let space = equal(vector, b' ') | equal(vector, b'\t') | equal(vector, b'\n') | equal(vector, b'\r');
        gather(space ^ HIGH)
    }

    #[inline(always)]
    fn non_digit(self, vector: u64) -> u64 {
        gather((below(vector, b'9' + 1) & !below(vector, b'0')) ^ HIGH)
    }

    #[inline(always)]
    fn non_ascii(self, vector: u64) -> u64 {
        gather(vector & HIGH)
    }

    type Block = [u64; 8];

    #[inline(always)]
    fn block(self, bytes: &[u8; 64]) -> [u64; 8] {
        let (words, _) = bytes.as_chunks();
        core::array::from_fn(|index| u64::from_le_bytes(words[index]))
    }

    #[inline(always)]
    fn equal_any<const N: usize>(self, block: [u64; 8], wanted: [u8; N]) -> u64 {
        gather_block(block, |word| wanted.iter().fold(0, |found, &byte| found | equal(word, byte)))
    }

    #[inline(always)]
    fn between(self, block: [u64; 8], first: u8, last: u8) -> u64 {
        gather_block(block, |word| below(word, last + 1) & !below(word, first))
    }

    #[inline(always)]
    fn space(self, block: [u64; 8]) -> u64 {
        self.equal_any(block, *b" \t\n\r")
    }

    #[inline(always)]
    fn high(self, block: [u64; 8]) -> u64 {
        gather_block(block, |word| word & HIGH)
    }

    fn is_malformed(self, before: [u64; 8], block: [u64; 8]) -> bool {
        let words = [before, block].concat();
        let bytes: Vec<u8> = words.into_iter().flat_map(u64::to_le_bytes).collect();
        // From a lead in the last three bytes before, or else from the block itself.
        let from = (61..64).find(|&at| bytes[at] >= 0xc0).unwrap_or(64);
        utf8_fault_scalar(&bytes, from).is_some_and(|at| !is_cut_off(&bytes[at..]))
    }

    fn utf8_fault(self, bytes: &[u8]) -> Option<usize> {
        utf8_fault_scalar(bytes, 0)
    }
}
