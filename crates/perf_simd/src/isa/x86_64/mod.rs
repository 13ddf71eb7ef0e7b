//! SSE4.2, AVX2 and AVX-512.
//!
//! The methods are `#[inline(always)]` and carry no target feature themselves: they are compiled with the features of the
//! function that `Isa::run` enters, which is the only caller that matters. Called from elsewhere (a debug build) they
//! are slow and still right.

mod avx2;
mod avx512;
mod sse42;

pub use avx2::Avx2;
pub use avx512::Avx512;
pub use sse42::Sse42;

/// White space at the place of its own low nibble, anything else at a place that no other byte of that nibble equals:
/// a byte is white space when the table, looked up by its low nibble, gives the byte back. The shuffle gives 0 for bytes
/// from 0x80 up, and 0 itself meets the space at place 0.
const SPACE_BY_LOW_NIBBLE: [u8; 16] = [b' ', 0, 0, 0, 0, 0, 0, 0, 0, b'\t', b'\n', 0, 0, b'\r', 0, 0];
