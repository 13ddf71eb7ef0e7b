//! The open brackets of a document, one bit each, so that depth costs memory and no stack.
//!
//! ```text
//!   depth 130:   words [ 1..64 ][ 65..128 ]   top [ 129, 130 ]   (bit 0 is the innermost bracket; 1 is an object)
//! ```

/// A stack of open arrays and objects.
pub(crate) struct Nesting {
    words: Vec<u64>,
    top: u64,
    depth: u32,
}

impl Nesting {
    /// Allocates nothing before depth 65.
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self { words: Vec::new(), top: 0, depth: 0 }
    }

    #[inline(always)]
    pub(crate) const fn depth(&self) -> u32 {
        self.depth
    }

    /// Whether the innermost open bracket is an object's. Meaningless at depth 0.
    #[inline(always)]
    pub(crate) const fn in_object(&self) -> bool {
        self.top & 1 == 1
    }

    #[inline(always)]
    pub(crate) fn open(&mut self, object: bool) {
        if self.depth.is_multiple_of(64) {
            self.spill();
        }
        self.top = self.top << 1 | u64::from(object);
        self.depth += 1;
    }

    #[inline(always)]
    pub(crate) fn close(&mut self) {
        self.depth -= 1;
        self.top >>= 1;
        if self.depth.is_multiple_of(64) {
            self.restore();
        }
    }

    #[cold]
    fn spill(&mut self) {
        if self.depth > 0 {
            self.words.push(self.top);
        }
    }

    #[cold]
    fn restore(&mut self) {
        self.top = self.words.pop().unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::Nesting;

    #[test]
    fn remembers_every_bracket_across_word_borders() {
        let mut nesting = Nesting::new();
        let kind = |depth: u32| depth.is_multiple_of(3) || depth.is_multiple_of(64);
        for depth in 0..1000 {
            nesting.open(kind(depth));
            assert_eq!(nesting.in_object(), kind(depth));
        }
        for depth in (0..1000).rev() {
            assert_eq!(nesting.depth(), depth + 1);
            assert_eq!(nesting.in_object(), kind(depth), "depth {depth}");
            nesting.close();
        }
        assert_eq!(nesting.depth(), 0);
    }
}
