//! AVX-512: 64 bytes.

use core::arch::x86_64::*;
use std::is_x86_feature_detected;

use super::{Avx2, SPACE_BY_LOW_NIBBLE};
use crate::isa::{Isa, Kernel};
use crate::utf8::{Lookup, is_malformed, utf8_fault_vector};

/// x86-64 with AVX-512 F, BW and VBMI2, and with what `Avx2` needs: Ice Lake, Zen 4 and what came after.
#[derive(Clone, Copy, Debug)]
pub struct Avx512(());

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt,pclmulqdq")]
fn run_with_features<K: Kernel>(isa: Avx512, kernel: K) -> K::Output {
    kernel.run(isa)
}

/// 0 to 63.
const INDEXES: [u8; 64] = {
    let mut indexes = [0; 64];
    let mut index = 0;
    while index < 64 {
        indexes[index] = index as u8;
        index += 1;
    }
    indexes
};

impl Avx512 {
    #[inline(always)]
    fn vector(self, bytes: &[u8; 64]) -> __m512i {
        // SAFETY: `self` exists, so the CPU has AVX-512; the reference covers the 64 bytes, and alignment does not matter.
        unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
    }

    /// The same 16 bytes in all four lanes: shuffles do not cross them.
    #[inline(always)]
    fn table(self, bytes: &[u8; 16]) -> __m512i {
        // SAFETY: `self` exists, so the CPU has AVX-512; the reference covers the 16 bytes, and alignment does not matter.
        unsafe { _mm512_broadcast_i32x4(_mm_loadu_si128(bytes.as_ptr().cast())) }
    }

    /// Bytes as words, each moved by `base`.
    #[inline(always)]
    fn widen(self, bytes: __m128i, base: u32, words: &mut [u32; 16]) {
        // SAFETY: `self` exists, so the CPU has AVX-512; the reference covers the 64 bytes that are written, and alignment
        // does not matter.
        unsafe {
            let moved = _mm512_add_epi32(_mm512_cvtepu8_epi32(bytes), _mm512_set1_epi32(base as i32));
            _mm512_storeu_si512(words.as_mut_ptr().cast(), moved);
        }
    }
}

impl Isa for Avx512 {
    const BYTES: usize = 64;

    type Vector = __m512i;

    #[inline]
    fn detect() -> Option<Self> {
        let found = Avx2::detect().is_some()
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi2");
        found.then_some(Self(()))
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
    fn load(self, bytes: &[u8], at: usize) -> Option<__m512i> {
        bytes.get(at..)?.first_chunk().map(|chunk| self.vector(chunk))
    }

    #[inline(always)]
    fn load_padded(self, bytes: &[u8], at: usize) -> __m512i {
        let rest = &bytes[at.min(bytes.len())..];
        let wanted = if rest.len() < 64 { (1 << rest.len()) - 1 } else { u64::MAX };
        // SAFETY: `self` exists, so the CPU has AVX-512. A masked load touches only the bytes whose mask bit is set, and
        // those are inside `rest`.
        unsafe { _mm512_maskz_loadu_epi8(wanted, rest.as_ptr().cast()) }
    }

    #[inline(always)]
    fn string_stops(self, vector: __m512i) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let quote = _mm512_cmpeq_epi8_mask(vector, _mm512_set1_epi8(b'"' as i8));
            let backslash = _mm512_cmpeq_epi8_mask(vector, _mm512_set1_epi8(b'\\' as i8));
            quote | backslash | _mm512_cmplt_epu8_mask(vector, _mm512_set1_epi8(0x20))
        }
    }

    #[inline(always)]
    fn non_space(self, vector: __m512i) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let found = _mm512_shuffle_epi8(self.table(&SPACE_BY_LOW_NIBBLE), vector);
            _mm512_cmpneq_epi8_mask(found, vector)
        }
    }

    #[inline(always)]
    fn non_digit(self, vector: __m512i) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let value = _mm512_sub_epi8(vector, _mm512_set1_epi8(b'0' as i8));
            _mm512_cmpgt_epu8_mask(value, _mm512_set1_epi8(9))
        }
    }

    #[inline(always)]
    fn non_ascii(self, vector: __m512i) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe { _mm512_movepi8_mask(vector) }
    }

    type Block = __m512i;

    #[inline(always)]
    fn block(self, bytes: &[u8; 64]) -> __m512i {
        self.vector(bytes)
    }

    #[inline(always)]
    fn equal_any<const N: usize>(self, block: __m512i, wanted: [u8; N]) -> u64 {
        let mut found = 0;
        let mut index = 0;
        while index < N {
            // SAFETY: `self` exists, so the CPU has the instructions.
            found |= unsafe { _mm512_cmpeq_epi8_mask(block, self.splat(wanted[index])) };
            index += 1;
        }
        found
    }

    #[inline(always)]
    fn between(self, block: __m512i, first: u8, last: u8) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe { _mm512_cmple_epu8_mask(_mm512_sub_epi8(block, self.splat(first)), self.splat(last - first)) }
    }

    #[inline(always)]
    fn space(self, block: __m512i) -> u64 {
        !self.non_space(block)
    }

    #[inline(always)]
    fn high(self, block: __m512i) -> u64 {
        self.non_ascii(block)
    }

    #[inline(always)]
    fn is_malformed(self, before: __m512i, block: __m512i) -> bool {
        is_malformed(self, before, block)
    }

    #[inline(always)]
    fn prefix_xor(self, mask: u64) -> u64 {
        // A product without carries with all ones: every bit is added up to all places above it.
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let ones = _mm_set1_epi8(-1);
            _mm_cvtsi128_si64(_mm_clmulepi64_si128::<0>(_mm_cvtsi64_si128(mask as i64), ones)) as u64
        }
    }

    #[inline(always)]
    fn places(self, mask: u64, base: u32, places: &mut [u32; 64]) {
        let (groups, _) = places.as_chunks_mut();
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let indexes = _mm512_maskz_compress_epi8(mask, self.vector(&INDEXES));
            self.widen(_mm512_castsi512_si128(indexes), base, &mut groups[0]);
            if mask.count_ones() > 16 {
                self.widen(_mm512_extracti32x4_epi32::<1>(indexes), base, &mut groups[1]);
                self.widen(_mm512_extracti32x4_epi32::<2>(indexes), base, &mut groups[2]);
                self.widen(_mm512_extracti32x4_epi32::<3>(indexes), base, &mut groups[3]);
            }
        }
    }

    #[inline(always)]
    fn utf8_fault(self, bytes: &[u8]) -> Option<usize> {
        utf8_fault_vector(self, bytes)
    }
}

// SAFETY for every block below: a value of `Avx512` exists, so the CPU has the instructions; none of them touches memory.
impl Lookup for Avx512 {
    #[inline(always)]
    fn splat(self, byte: u8) -> __m512i {
        // SAFETY: as above.
        unsafe { _mm512_set1_epi8(byte as i8) }
    }

    #[inline(always)]
    fn or(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: as above.
        unsafe { _mm512_or_si512(a, b) }
    }

    #[inline(always)]
    fn and(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: as above.
        unsafe { _mm512_and_si512(a, b) }
    }

    #[inline(always)]
    fn xor(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: as above.
        unsafe { _mm512_xor_si512(a, b) }
    }

    #[inline(always)]
    fn saturating_sub(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: as above.
        unsafe { _mm512_subs_epu8(a, b) }
    }

    #[inline(always)]
    fn is_zero(self, vector: __m512i) -> bool {
        // SAFETY: as above.
        unsafe { _mm512_test_epi8_mask(vector, vector) == 0 }
    }

    #[inline(always)]
    fn by_high_nibble(self, table: &[u8; 16], vector: __m512i) -> __m512i {
        // SAFETY: as above.
        unsafe {
            _mm512_shuffle_epi8(
                self.table(table),
                _mm512_and_si512(_mm512_srli_epi16::<4>(vector), _mm512_set1_epi8(15)),
            )
        }
    }

    #[inline(always)]
    fn by_low_nibble(self, table: &[u8; 16], vector: __m512i) -> __m512i {
        // SAFETY: as above.
        unsafe { _mm512_shuffle_epi8(self.table(table), _mm512_and_si512(vector, _mm512_set1_epi8(15))) }
    }

    #[inline(always)]
    fn shifted<const N: i32>(self, before: __m512i, current: __m512i) -> __m512i {
        // SAFETY: as above.
        unsafe {
            // The last lane of `before` and the first three of `current`: what stands before each lane of `current`.
            let across = _mm512_alignr_epi32::<12>(current, before);
            match N {
                1 => _mm512_alignr_epi8::<15>(current, across),
                2 => _mm512_alignr_epi8::<14>(current, across),
                3 => _mm512_alignr_epi8::<13>(current, across),
                _ => unreachable!("the lookup needs one to three bytes"),
            }
        }
    }
}
