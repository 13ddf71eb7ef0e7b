//! AVX2: 32 bytes.

use core::arch::x86_64::*;
use std::is_x86_feature_detected;

use super::SPACE_BY_LOW_NIBBLE;
use crate::isa::{Isa, Kernel, padded};
use crate::utf8::{Lookup, is_malformed, utf8_fault_vector};

/// x86-64 with AVX2, BMI1, BMI2, LZCNT, POPCNT and PCLMULQDQ: what every CPU with AVX2 has but some virtual ones hide.
#[derive(Clone, Copy, Debug)]
pub struct Avx2(());

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,pclmulqdq")]
fn run_with_features<K: Kernel>(isa: Avx2, kernel: K) -> K::Output {
    kernel.run(isa)
}

impl Avx2 {
    #[inline(always)]
    fn vector(self, bytes: &[u8; 32]) -> __m256i {
        // SAFETY: `self` exists, so the CPU has AVX2; the reference covers the 32 bytes, and alignment does not matter.
        unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
    }

    /// The same 16 bytes in both halves: shuffles do not cross them.
    #[inline(always)]
    fn table(self, bytes: &[u8; 16]) -> __m256i {
        // SAFETY: `self` exists, so the CPU has AVX2; the reference covers the 16 bytes, and alignment does not matter.
        unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(bytes.as_ptr().cast())) }
    }

    #[inline(always)]
    fn mask(self, vector: __m256i) -> u64 {
        // SAFETY: `self` exists, so the CPU has AVX2.
        u64::from(unsafe { _mm256_movemask_epi8(vector) } as u32)
    }

    // No closures and no iterators in what works on blocks: unless inlined, and nothing forces that, they are compiled
    // without the features.

    /// A mask of 64 bytes from the high bits of two vectors.
    #[inline(always)]
    fn mask_block(self, found: [__m256i; 2]) -> u64 {
        self.mask(found[0]) | self.mask(found[1]) << 32
    }

    #[inline(always)]
    fn equals_any<const N: usize>(self, vector: __m256i, wanted: [u8; N]) -> __m256i {
        let mut found = self.splat(0);
        let mut index = 0;
        while index < N {
            // SAFETY: `self` exists, so the CPU has the instructions.
            found = self.or(found, unsafe { _mm256_cmpeq_epi8(vector, self.splat(wanted[index])) });
            index += 1;
        }
        found
    }

    #[inline(always)]
    fn is_between(self, vector: __m256i, first: u8, last: u8) -> __m256i {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let value = _mm256_sub_epi8(vector, self.splat(first));
            _mm256_cmpeq_epi8(_mm256_min_epu8(value, self.splat(last - first)), value)
        }
    }

    #[inline(always)]
    fn is_space(self, vector: __m256i) -> __m256i {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe { _mm256_cmpeq_epi8(_mm256_shuffle_epi8(self.table(&SPACE_BY_LOW_NIBBLE), vector), vector) }
    }
}

impl Isa for Avx2 {
    const BYTES: usize = 32;

    type Vector = __m256i;

    #[inline]
    fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
            && is_x86_feature_detected!("pclmulqdq");
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
    fn load(self, bytes: &[u8], at: usize) -> Option<__m256i> {
        bytes.get(at..)?.first_chunk().map(|chunk| self.vector(chunk))
    }

    #[inline(always)]
    fn load_padded(self, bytes: &[u8], at: usize) -> __m256i {
        self.vector(&padded(bytes, at))
    }

    #[inline(always)]
    fn string_stops(self, vector: __m256i) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let quote = _mm256_cmpeq_epi8(vector, _mm256_set1_epi8(b'"' as i8));
            let backslash = _mm256_cmpeq_epi8(vector, _mm256_set1_epi8(b'\\' as i8));
            let control = _mm256_cmpeq_epi8(_mm256_min_epu8(vector, _mm256_set1_epi8(0x1f)), vector);
            self.mask(_mm256_or_si256(_mm256_or_si256(quote, backslash), control))
        }
    }

    #[inline(always)]
    fn non_space(self, vector: __m256i) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let found = _mm256_shuffle_epi8(self.table(&SPACE_BY_LOW_NIBBLE), vector);
            self.mask(_mm256_cmpeq_epi8(found, vector)) ^ 0xffff_ffff
        }
    }

    #[inline(always)]
    fn non_digit(self, vector: __m256i) -> u64 {
        // SAFETY: `self` exists, so the CPU has the instructions.
        unsafe {
            let value = _mm256_sub_epi8(vector, _mm256_set1_epi8(b'0' as i8));
            self.mask(_mm256_cmpeq_epi8(_mm256_min_epu8(value, _mm256_set1_epi8(9)), value)) ^ 0xffff_ffff
        }
    }

    #[inline(always)]
    fn non_ascii(self, vector: __m256i) -> u64 {
        self.mask(vector)
    }

    type Block = [__m256i; 2];

    #[inline(always)]
    fn block(self, bytes: &[u8; 64]) -> Self::Block {
        let (parts, _) = bytes.as_chunks();
        [self.vector(&parts[0]), self.vector(&parts[1])]
    }

    #[inline(always)]
    fn equal_any<const N: usize>(self, block: Self::Block, wanted: [u8; N]) -> u64 {
        self.mask_block([self.equals_any(block[0], wanted), self.equals_any(block[1], wanted)])
    }

    #[inline(always)]
    fn between(self, block: Self::Block, first: u8, last: u8) -> u64 {
        self.mask_block([self.is_between(block[0], first, last), self.is_between(block[1], first, last)])
    }

    #[inline(always)]
    fn space(self, block: Self::Block) -> u64 {
        self.mask_block([self.is_space(block[0]), self.is_space(block[1])])
    }

    #[inline(always)]
    fn high(self, block: Self::Block) -> u64 {
        self.mask_block(block)
    }

    #[inline(always)]
    fn is_malformed(self, before: Self::Block, block: Self::Block) -> bool {
        is_malformed(self, before[1], block[0]) || is_malformed(self, block[0], block[1])
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
    fn utf8_fault(self, bytes: &[u8]) -> Option<usize> {
        utf8_fault_vector(self, bytes)
    }
}

// SAFETY for every block below: a value of `Avx2` exists, so the CPU has the instructions; none of them touches memory.
impl Lookup for Avx2 {
    #[inline(always)]
    fn splat(self, byte: u8) -> __m256i {
        // SAFETY: as above.
        unsafe { _mm256_set1_epi8(byte as i8) }
    }

    #[inline(always)]
    fn or(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: as above.
        unsafe { _mm256_or_si256(a, b) }
    }

    #[inline(always)]
    fn and(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: as above.
        unsafe { _mm256_and_si256(a, b) }
    }

    #[inline(always)]
    fn xor(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: as above.
        unsafe { _mm256_xor_si256(a, b) }
    }

    #[inline(always)]
    fn saturating_sub(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: as above.
        unsafe { _mm256_subs_epu8(a, b) }
    }

    #[inline(always)]
    fn is_zero(self, vector: __m256i) -> bool {
        // SAFETY: as above.
        unsafe { _mm256_testz_si256(vector, vector) == 1 }
    }

    #[inline(always)]
    fn by_high_nibble(self, table: &[u8; 16], vector: __m256i) -> __m256i {
        // SAFETY: as above.
        unsafe {
            _mm256_shuffle_epi8(
                self.table(table),
                _mm256_and_si256(_mm256_srli_epi16::<4>(vector), _mm256_set1_epi8(15)),
            )
        }
    }

    #[inline(always)]
    fn by_low_nibble(self, table: &[u8; 16], vector: __m256i) -> __m256i {
        // SAFETY: as above.
        unsafe { _mm256_shuffle_epi8(self.table(table), _mm256_and_si256(vector, _mm256_set1_epi8(15))) }
    }

    #[inline(always)]
    fn shifted<const N: i32>(self, before: __m256i, current: __m256i) -> __m256i {
        // SAFETY: as above.
        unsafe {
            // The upper half of `before` and the lower half of `current`: what stands before each half of `current`.
            let across = _mm256_permute2x128_si256::<0x21>(before, current);
            match N {
                1 => _mm256_alignr_epi8::<15>(current, across),
                2 => _mm256_alignr_epi8::<14>(current, across),
                3 => _mm256_alignr_epi8::<13>(current, across),
                _ => unreachable!("the lookup needs one to three bytes"),
            }
        }
    }
}
