//! What the test programs of the pure crates share.

#![allow(dead_code, reason = "not every program needs all of it")]
#![allow(clippy::disallowed_methods, reason = "a test reads its own environment")]

/// Splitmix64: a stream of numbers that is the same everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// How many random cases: `PERF_ROUNDS`, or what is usual; few where Miri interprets them.
pub fn rounds(usual: usize) -> usize {
    setting("PERF_ROUNDS", if cfg!(miri) { usual.div_ceil(1000) } else { usual })
}

/// Loops over all cases of a kind take every so-manieth: `PERF_STRIDE`, or all; few under Miri. It should be a prime, so that
/// no place in a vector or a block is left out for good.
pub fn stride() -> usize {
    setting("PERF_STRIDE", if cfg!(miri) { 499 } else { 1 })
}

fn setting(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}
