//! Bytes that are expected, compared sixteen at a time.

/// A text to be recognised where it stands, quotes and all: most keys of feeds and most texts of dictionaries are one
/// comparison of two words, without looking for their ends.
#[derive(Clone, Debug)]
pub(crate) struct Prefix {
    head: u128,
    mask: u128,
    length: usize,
    rest: Box<[u8]>,
}

const HEAD: usize = size_of::<u128>();

impl Prefix {
    pub(crate) fn new(expected: &[u8]) -> Self {
        let count = expected.len().min(HEAD);
        let (mut head, mut mask) = ([0; HEAD], [0; HEAD]);
        head[..count].copy_from_slice(&expected[..count]);
        mask[..count].fill(0xff);
        Self {
            head: u128::from_le_bytes(head),
            mask: u128::from_le_bytes(mask),
            length: expected.len(),
            rest: expected[count..].into(),
        }
    }

    #[inline(always)]
    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    /// Whether it stands at `at`. Closer to the end of `bytes` than a head it is not recognised: then others look.
    #[inline(always)]
    pub(crate) fn stands(&self, bytes: &[u8], at: usize) -> bool {
        let Some(found) = bytes.get(at..).and_then(<[u8]>::first_chunk) else { return false };
        (u128::from_le_bytes(*found) ^ self.head) & self.mask == 0
            && (self.rest.is_empty() || bytes[at + HEAD..].starts_with(&self.rest))
    }
}

#[cfg(test)]
mod tests {
    use super::Prefix;

    #[test]
    fn is_recognised_at_any_length() {
        let text: Vec<u8> = (b'!'..=b'~').collect();
        for length in 0..40 {
            let prefix = Prefix::new(&text[5..5 + length]);
            assert_eq!(prefix.len(), length);
            assert!(prefix.stands(&text, 5));
            assert_eq!(prefix.stands(&text, 4), length == 0);
            if length > 0 {
                let mut other = text.clone();
                other[5 + length - 1] ^= 1;
                assert!(!prefix.stands(&other, 5));
            }
        }
    }

    #[test]
    fn is_not_recognised_where_there_is_no_whole_head() {
        assert!(!Prefix::new(b"\"a\":").stands(b"\"a\":1}", 0));
        assert!(!Prefix::new(b"").stands(b"", 7));
    }
}
