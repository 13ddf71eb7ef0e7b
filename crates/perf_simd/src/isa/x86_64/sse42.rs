//! SSE4.2: 16 bytes.

use core::arch::x86_64::*;
use std::is_x86_feature_detected;

use super::SPACE_BY_LOW_NIBBLE;
use crate::isa::{Isa, Kernel, padded};
use crate::utf8::{Lookup, is_malformed, utf8_fault_vector};

/// x86-64 with SSE4.2.
#[derive(Clone, Copy, Debug)]
pub struct Sse42(());

#[target_feature(enable = "sse4.2,popcnt")]
fn run_with_features<K: Kernel>(isa: Sse42, kernel: K) -> K::Output {
    kernel.run(isa)
}

impl Sse42 {
    #[inline(always)]
    fn table(bytes: &[u8; 16]) -> __m128i {
        // SAFETY: SSE2 is in the baseline of x86-64; the reference covers the 16 bytes, and alignment does not matter.
        unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn mask(vector: __m128i) -> u64 {
        // SAFETY: SSE2 is in the baseline of x86-64.
        u64::from(unsafe { _mm_movemask_epi8(vector) } as u32)
    }

    // No closures and no iterators in what works on blocks: unless inlined, and nothing forces that, they are compiled
    // without the features.

    /// A mask of 64 bytes from the high bits of four vectors.
    #[inline(always)]
    fn mask_block(self, found: [__m128i; 4]) -> u64 {
        Self::mask(found[0]) | Self::mask(found[1]) << 16 | Self::mask(found[2]) << 32 | Self::mask(found[3]) << 48
    }

    #[inline(always)]
    fn equals_any<const N: usize>(self, vector: __m128i, wanted: [u8; N]) -> __m128i {
        let mut found = self.splat(0);
        let mut index = 0;
        while index < N {
            // SAFETY: `self` exists, so the CPU has the instructions.
            found = self.or(found, unsafe { _mm_cmpeq_epi8(vector, self.splat(wanted[index])) });
            index += 1;
        }
        found
    }

    #[inline(always)]
    fn is_between(self, vector: __m128i, first: u8, last: u8) -> __m128i {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let value = _mm_sub_epi8(vector, self.splat(first));
            _mm_cmpeq_epi8(_mm_min_epu8(value, self.splat(last - first)), value)
        }
    }

    #[inline(always)]
    fn is_space(self, vector: __m128i) -> __m128i {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe { _mm_cmpeq_epi8(_mm_shuffle_epi8(Self::table(&SPACE_BY_LOW_NIBBLE), vector), vector) }
    }
}

impl Isa for Sse42 {
    const BYTES: usize = 16;

    type Vector = __m128i;

    #[inline]
    fn detect() -> Option<Self> {
        (is_x86_feature_detected!("sse4.2") && is_x86_feature_detected!("popcnt")).then_some(Self(()))
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
    fn load(self, bytes: &[u8], at: usize) -> Option<__m128i> {
        bytes.get(at..)?.first_chunk().map(Self::table)
    }

    #[inline(always)]
    fn load_padded(self, bytes: &[u8], at: usize) -> __m128i {
        Self::table(&padded(bytes, at))
    }

    #[inline(always)]
    fn string_stops(self, vector: __m128i) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let quote = _mm_cmpeq_epi8(vector, _mm_set1_epi8(b'"' as i8));
            let backslash = _mm_cmpeq_epi8(vector, _mm_set1_epi8(b'\\' as i8));
            let control = _mm_cmpeq_epi8(_mm_min_epu8(vector, _mm_set1_epi8(0x1f)), vector);
            Self::mask(_mm_or_si128(_mm_or_si128(quote, backslash), control))
        }
    }

    #[inline(always)]
    fn non_space(self, vector: __m128i) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let found = _mm_shuffle_epi8(Self::table(&SPACE_BY_LOW_NIBBLE), vector);
            Self::mask(_mm_cmpeq_epi8(found, vector)) ^ 0xffff
        }
    }

    #[inline(always)]
    fn non_digit(self, vector: __m128i) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let value = _mm_sub_epi8(vector, _mm_set1_epi8(b'0' as i8));
            Self::mask(_mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value)) ^ 0xffff
        }
    }

    #[inline(always)]
    fn non_ascii(self, vector: __m128i) -> u64 {
        Self::mask(vector)
    }

    type Block = [__m128i; 4];

    #[inline(always)]
    fn block(self, bytes: &[u8; 64]) -> Self::Block {
        let (parts, _) = bytes.as_chunks();
        [Self::table(&parts[0]), Self::table(&parts[1]), Self::table(&parts[2]), Self::table(&parts[3])]
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
        self.mask_block([
            self.is_space(block[0]),
            self.is_space(block[1]),
            self.is_space(block[2]),
            self.is_space(block[3]),
        ])
    }

    #[inline(always)]
    fn high(self, block: Self::Block) -> u64 {
        self.mask_block(block)
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

// SAFETY for every block below: a value of `Sse42` exists, so the CPU has the instructions; none of them touches memory.
impl Lookup for Sse42 {
    #[inline(always)]
    fn splat(self, byte: u8) -> __m128i {
        // SAFETY: as above.
        unsafe { _mm_set1_epi8(byte as i8) }
    }

    #[inline(always)]
    fn or(self, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: as above.
        unsafe { _mm_or_si128(a, b) }
    }

    #[inline(always)]
    fn and(self, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: as above.
        unsafe { _mm_and_si128(a, b) }
    }

    #[inline(always)]
    fn xor(self, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: as above.
        unsafe { _mm_xor_si128(a, b) }
    }

    #[inline(always)]
    fn saturating_sub(self, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: as above.
        unsafe { _mm_subs_epu8(a, b) }
    }

    #[inline(always)]
    fn is_zero(self, vector: __m128i) -> bool {
        // SAFETY: as above.
        unsafe { _mm_testz_si128(vector, vector) == 1 }
    }

    #[inline(always)]
    fn by_high_nibble(self, table: &[u8; 16], vector: __m128i) -> __m128i {
        // SAFETY: as above.
        unsafe { _mm_shuffle_epi8(Self::table(table), _mm_and_si128(_mm_srli_epi16::<4>(vector), _mm_set1_epi8(15))) }
    }

    #[inline(always)]
    fn by_low_nibble(self, table: &[u8; 16], vector: __m128i) -> __m128i {
        // SAFETY: as above.
        unsafe { _mm_shuffle_epi8(Self::table(table), _mm_and_si128(vector, _mm_set1_epi8(15))) }
    }

    #[inline(always)]
    fn shifted<const N: i32>(self, before: __m128i, current: __m128i) -> __m128i {
        // SAFETY: as above.
        unsafe {
            match N {
                1 => _mm_alignr_epi8::<15>(current, before),
                2 => _mm_alignr_epi8::<14>(current, before),
                3 => _mm_alignr_epi8::<13>(current, before),
                _ => unreachable!("the lookup needs one to three bytes"),
            }
        }
    }
}
