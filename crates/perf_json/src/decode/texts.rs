//! Texts and the integers that stand for them, found by their bytes.

use super::prefix::Prefix;

/// The texts of an enum or a dictionary: the first is 0.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    bytes: Vec<u8>,
    /// Where each text ends in `bytes`.
    ends: Vec<usize>,
    /// Each with its quotes, unless it never stands in a document as it is.
    quoted: Vec<Option<Prefix>>,
    /// Open addressing: an integer plus one, or 0. At most half full.
    slots: Vec<u32>,
}

const FIRST_SLOTS: usize = 16;
/// An odd number without a pattern (the golden ratio in 64 bits).
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl Texts {
    /// No texts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds a text (in UTF-8, without quotes and escapes) as the next integer. Of equal texts the first is found.
    pub fn add(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        let is_plain = !text.iter().any(|byte| matches!(byte, 0..=0x1f | b'"' | b'\\'));
        self.quoted.push(is_plain.then(|| Prefix::new(&[b"\"", text, b"\""].concat())));
        if self.slots.len() < 2 * self.len() {
            self.slots = vec![0; (2 * self.slots.len()).max(FIRST_SLOTS)];
            for index in 0..self.len() {
                self.enter(index);
            }
        } else {
            self.enter(self.len() - 1);
        }
    }

    fn enter(&mut self, index: usize) {
        let mask = self.slots.len() - 1;
        let mut slot = hash(self.text(index)) & mask;
        while self.slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = index as u32 + 1;
    }

    fn text(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..self.ends[index]]
    }

    /// The integer of a text.
    pub(crate) fn find(&self, text: &[u8]) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash(text) & mask;
        loop {
            let index = (self.slots[slot] as usize).checked_sub(1)?;
            if self.text(index) == text {
                return Some(index);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Where the text of an integer ends, quotes included, if it stands at `at`.
    #[inline(always)]
    pub(crate) fn end_of(&self, index: usize, bytes: &[u8], at: usize) -> Option<usize> {
        let quoted = self.quoted.get(index)?.as_ref()?;
        quoted.stands(bytes, at).then(|| at + quoted.len())
    }
}

fn hash(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks();
    let mut tail = [0; 8];
    tail[..rest.len()].copy_from_slice(rest);
    let mut hash = text.len() as u64;
    for word in words.iter().chain([&tail]) {
        hash = (hash.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
    }
    // The upper bits are the mixed ones.
    (hash >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn are_found_by_their_bytes() {
        // Few where Miri interprets them; the table is made anew often enough.
        let count = if cfg!(miri) { 200 } else { 5000 };
        let mut texts = Texts::new();
        assert!(texts.is_empty());
        assert_eq!(texts.find(b""), None);
        let name = |index: usize| format!("{}{index}", "X".repeat(index % 40));
        for index in 0..count {
            texts.add(name(index).as_bytes());
        }
        assert_eq!(texts.len(), count);
        for index in 0..count {
            assert_eq!(texts.find(name(index).as_bytes()), Some(index));
        }
        assert_eq!(texts.find(b"5000"), None);
        assert_eq!(texts.find(b""), None);
        texts.add(b"");
        assert_eq!(texts.find(b""), Some(count));
    }

    #[test]
    fn the_first_of_equal_texts_is_found() {
        let mut texts = Texts::new();
        for text in ["A", "B", "A", "B"] {
            texts.add(text.as_bytes());
        }
        assert_eq!((texts.find(b"A"), texts.find(b"B")), (Some(0), Some(1)));
    }

    #[test]
    fn texts_that_need_escapes_are_not_recognised_without() {
        let mut texts = Texts::new();
        for (index, text) in ["a\"b", "x\\y", "\n"].iter().enumerate() {
            texts.add(text.as_bytes());
            assert_eq!(texts.end_of(index, format!("\"{text}\"                ").as_bytes(), 0), None);
        }
    }

    #[test]
    fn are_recognised_with_their_quotes() {
        let mut texts = Texts::new();
        texts.add(b"BTC");
        let bytes = br#""BTC","BTCUSDT"              "#;
        assert_eq!(texts.end_of(0, bytes, 0), Some(5));
        assert_eq!(texts.end_of(0, bytes, 6), None);
        assert_eq!(texts.end_of(1, bytes, 0), None);
    }
}
