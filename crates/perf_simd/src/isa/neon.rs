//! NEON: 16 bytes.

use core::arch::aarch64::*;
use std::arch::is_aarch64_feature_detected;

use super::{Isa, Kernel, padded};
use crate::utf8::{Lookup, is_malformed, utf8_fault_vector};

/// `AArch64` with NEON.
#[derive(Clone, Copy, Debug)]
pub struct Neon(());

#[target_feature(enable = "neon")]
fn run_with_features<K: Kernel>(isa: Neon, kernel: K) -> K::Output {
    kernel.run(isa)
}

const BIT_OF_BYTE: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];

impl Neon {
    #[inline(always)]
    fn vector(self, bytes: &[u8; 16]) -> uint8x16_t {
        // SAFETY: `self` exists, so the CPU has NEON; the reference covers the 16 bytes, and alignment does not matter.
        unsafe { vld1q_u8(bytes.as_ptr()) }
    }

    /// There is no movemask: each byte keeps its own bit of eight, and adding up each half collects them.
    #[inline(always)]
    fn mask(self, all_ones_or_zero: uint8x16_t) -> u64 {
        // SAFETY: `self` exists, so the CPU has NEON.
        unsafe {
            let bits = vandq_u8(all_ones_or_zero, self.vector(&BIT_OF_BYTE));
            u64::from(vaddv_u8(vget_low_u8(bits))) | u64::from(vaddv_u8(vget_high_u8(bits))) << 8
        }
    }

    // No closures and no iterators in what works on blocks: unless inlined, and nothing forces that, they are compiled
    // without the features.

    /// A mask of 64 bytes from the high bits of four vectors.
    #[inline(always)]
    fn mask_block(self, found: [uint8x16_t; 4]) -> u64 {
        // Pairs added up three times: each byte keeps its own bit of eight, and each word of the mask is eight bytes.
        // SAFETY: `self` exists, so the CPU has NEON.
        unsafe {
            let bit = self.vector(&BIT_OF_BYTE);
            let low = vpaddq_u8(vandq_u8(found[0], bit), vandq_u8(found[1], bit));
            let high = vpaddq_u8(vandq_u8(found[2], bit), vandq_u8(found[3], bit));
            let pairs = vpaddq_u8(low, high);
            vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)))
        }
    }

    #[inline(always)]
    fn equals_any<const N: usize>(self, vector: uint8x16_t, wanted: [u8; N]) -> uint8x16_t {
        let mut found = self.splat(0);
        let mut index = 0;
        while index < N {
            // SAFETY: `self` exists, so the CPU has the instructions.
            found = self.or(found, unsafe { vceqq_u8(vector, self.splat(wanted[index])) });
            index += 1;
        }
        found
    }

    #[inline(always)]
    fn is_between(self, vector: uint8x16_t, first: u8, last: u8) -> uint8x16_t {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let value = vsubq_u8(vector, self.splat(first));
            vceqq_u8(vminq_u8(value, self.splat(last - first)), value)
        }
    }
}

impl Isa for Neon {
    const BYTES: usize = 16;

    type Vector = uint8x16_t;

    #[inline]
    fn detect() -> Option<Self> {
        is_aarch64_feature_detected!("neon").then_some(Self(()))
    }

    #[inline(always)]
    unsafe fn assume() -> Self {
        Self(())
    }

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> K::Output {
        // SAFETY: `self` exists, so the CPU has the features.
        unsafe { run_with_features(self, kernel) }
    }

    #[inline(always)]
    fn load(self, bytes: &[u8], at: usize) -> Option<uint8x16_t> {
        bytes.get(at..)?.first_chunk().map(|chunk| self.vector(chunk))
    }

    #[inline(always)]
    fn load_padded(self, bytes: &[u8], at: usize) -> uint8x16_t {
        self.vector(&padded(bytes, at))
    }

    #[inline(always)]
    fn string_stops(self, vector: uint8x16_t) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        let stops = unsafe {
            let quote = vceqq_u8(vector, vdupq_n_u8(b'"'));
            let backslash = vceqq_u8(vector, vdupq_n_u8(b'\\'));
            vorrq_u8(vorrq_u8(quote, backslash), vcltq_u8(vector, vdupq_n_u8(0x20)))
        };
        self.mask(stops)
    }

    #[inline(always)]
    fn non_space(self, vector: uint8x16_t) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        let space = unsafe {
            let blank = vorrq_u8(vceqq_u8(vector, vdupq_n_u8(b' ')), vceqq_u8(vector, vdupq_n_u8(b'\t')));
            let line = vorrq_u8(vceqq_u8(vector, vdupq_n_u8(b'\n')), vceqq_u8(vector, vdupq_n_u8(b'\r')));
            vorrq_u8(blank, line)
        };
        self.mask(space) ^ 0xffff
    }

    #[inline(always)]
    fn non_digit(self, vector: uint8x16_t) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        self.mask(unsafe { vcgtq_u8(vsubq_u8(vector, vdupq_n_u8(b'0')), vdupq_n_u8(9)) })
    }

    #[inline(always)]
    fn non_ascii(self, vector: uint8x16_t) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        self.mask(unsafe { vcgeq_u8(vector, vdupq_n_u8(0x80)) })
    }

    type Block = [uint8x16_t; 4];

    #[inline(always)]
    fn block(self, bytes: &[u8; 64]) -> Self::Block {
        let (parts, _) = bytes.as_chunks();
        [self.vector(&parts[0]), self.vector(&parts[1]), self.vector(&parts[2]), self.vector(&parts[3])]
    }

    #[inline(always)]
    fn equal_any<const N: usize>(self, block: Self::Block, wanted: [u8; N]) -> u64 {
        self.mask_block([
            self.equals_any(block[0], wanted),
            self.equals_any(block[1], wanted),
            self.equals_any(block[2], wanted),
            self.equals_any(block[3], wanted),
        ])
    }

    #[inline(always)]
    fn between(self, block: Self::Block, first: u8, last: u8) -> u64 {
        self.mask_block([
            self.is_between(block[0], first, last),
            self.is_between(block[1], first, last),
            self.is_between(block[2], first, last),
            self.is_between(block[3], first, last),
        ])
    }

    #[inline(always)]
    fn space(self, block: Self::Block) -> u64 {
        self.equal_any(block, *b" \t\n\r")
    }

    #[inline(always)]
    fn high(self, block: Self::Block) -> u64 {
        self.between(block, 0x80, 0xff)
    }

    #[inline(always)]
    fn is_malformed(self, before: Self::Block, block: Self::Block) -> bool {
        is_malformed(self, before[3], block[0])
            || is_malformed(self, block[0], block[1])
            || is_malformed(self, block[1], block[2])
            || is_malformed(self, block[2], block[3])
    }

    #[inline(always)]
    fn utf8_fault(self, bytes: &[u8]) -> Option<usize> {
        utf8_fault_vector(self, bytes)
    }
}

// SAFETY for every block below: a value of `Neon` exists, so the CPU has the instructions; none of them touches memory.
impl Lookup for Neon {
    #[inline(always)]
    fn splat(self, byte: u8) -> uint8x16_t {
        // SAFETY: as above.
        unsafe { vdupq_n_u8(byte) }
    }

    #[inline(always)]
    fn or(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: as above.
        unsafe { vorrq_u8(a, b) }
    }

    #[inline(always)]
    fn and(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: as above.
        unsafe { vandq_u8(a, b) }
    }

    #[inline(always)]
    fn xor(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: as above.
        unsafe { veorq_u8(a, b) }
    }

    #[inline(always)]
    fn saturating_sub(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: as above.
        unsafe { vqsubq_u8(a, b) }
    }

    #[inline(always)]
    fn is_zero(self, vector: uint8x16_t) -> bool {
        // SAFETY: as above.
        unsafe { vmaxvq_u8(vector) == 0 }
    }

    #[inline(always)]
    fn by_high_nibble(self, table: &[u8; 16], vector: uint8x16_t) -> uint8x16_t {
        // SAFETY: as above.
        unsafe { vqtbl1q_u8(self.vector(table), vshrq_n_u8::<4>(vector)) }
    }

    #[inline(always)]
    fn by_low_nibble(self, table: &[u8; 16], vector: uint8x16_t) -> uint8x16_t {
        // SAFETY: as above.
        unsafe { vqtbl1q_u8(self.vector(table), vandq_u8(vector, vdupq_n_u8(15))) }
    }

    #[inline(always)]
    fn shifted<const N: i32>(self, before: uint8x16_t, current: uint8x16_t) -> uint8x16_t {
        // SAFETY: as above.
        unsafe {
            match N {
                1 => vextq_u8::<15>(before, current),
                2 => vextq_u8::<14>(before, current),
                3 => vextq_u8::<13>(before, current),
                _ => unreachable!("the lookup needs one to three bytes"),
            }
        }
    }
}
