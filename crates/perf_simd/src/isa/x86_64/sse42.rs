//! SSE4.2: 16 bytes.

use core::arch::x86_64::*;
use std::is_x86_feature_detected;

use super::SPACE_BY_LOW_NIBBLE;
use crate::isa::{Isa, Kernel, padded};
use crate::utf8::{Lookup, utf8_fault_vector};

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
