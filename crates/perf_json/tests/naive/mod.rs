//! The validator and the index as one would write them without thinking of speed: recursive, a byte at a time, UTF-8 in
//! place.

pub mod find;

use perf_json::{JsonFault, Reason};

/// An entry of the index: offset and end.
pub type Entry = (u32, u32);

#[allow(dead_code, reason = "not every program that includes this file asks for verdicts alone")]
pub fn validate(bytes: &[u8], max_depth: u32) -> Result<(), JsonFault> {
    index(bytes, max_depth).map(drop)
}

pub fn index(bytes: &[u8], max_depth: u32) -> Result<Vec<Entry>, JsonFault> {
    let mut parser = Parser { bytes, at: 0, max_depth, entries: Vec::new() };
    parser.space();
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(JsonFault { offset: 0, reason: Reason::ByteOrderMark });
    }
    parser.value(0)?;
    parser.space();
    if parser.at == bytes.len() { Ok(parser.entries) } else { parser.fault(Reason::Trailing) }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    max_depth: u32,
    entries: Vec<Entry>,
}

type Outcome = Result<(), JsonFault>;

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, reason: Reason) -> Outcome {
        if self.eat(byte) { Ok(()) } else { self.fault(reason) }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// How long the well-formed character here is, if it is one.
    fn character(&self) -> Option<usize> {
        let rest = &self.bytes[self.at..];
        (1..=rest.len().min(4)).find(|&length| core::str::from_utf8(&rest[..length]).is_ok())
    }

    fn fault<T>(&self, reason: Reason) -> Result<T, JsonFault> {
        let reason = match self.peek() {
            None => Reason::End,
            Some(_) if self.character().is_none() => Reason::Utf8,
            Some(_) => reason,
        };
        Err(JsonFault { offset: self.at, reason })
    }

    fn value(&mut self, depth: u32) -> Outcome {
        let entry = self.entries.len();
        let start = self.at as u32;
        match self.peek() {
            Some(b'"') => return self.string(),
            Some(b'{' | b'[') if depth == self.max_depth => self.fault(Reason::Depth),
            Some(b'{') => self.list(b'}', |parser| {
                if parser.peek() != Some(b'"') {
                    return parser.fault(Reason::Key);
                }
                parser.string()?;
                parser.space();
                parser.expect(b':', Reason::Colon)?;
                parser.space();
                parser.value(depth + 1)
            }),
            Some(b'[') => self.list(b']', |parser| parser.value(depth + 1)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            _ => self.fault(Reason::Value),
        }?;
        if self.entries.len() == entry {
            self.entries.push((start, self.at as u32));
        } else {
            self.entries[entry].1 = self.entries.len() as u32;
        }
        Ok(())
    }

    fn list(&mut self, close: u8, member: impl Fn(&mut Self) -> Outcome) -> Outcome {
        self.entries.push((self.at as u32, 0));
        self.at += 1;
        self.space();
        if self.eat(close) {
            return Ok(());
        }
        loop {
            member(self)?;
            self.space();
            if self.eat(close) {
                return Ok(());
            }
            self.expect(b',', Reason::Separator)?;
            self.space();
        }
    }

    fn word(&mut self, word: &[u8]) -> Outcome {
        word.iter().try_for_each(|&letter| self.expect(letter, Reason::Literal))
    }

    fn number(&mut self) -> Outcome {
        self.eat(b'-');
        if self.eat(b'0') {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return self.fault(Reason::Number);
            }
        } else {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Outcome {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { self.fault(Reason::Number) } else { Ok(()) }
    }

    fn string(&mut self) -> Outcome {
        let start = self.at as u32;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.entries.push((start, self.at as u32));
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(byte) if byte < 0x20 => return self.fault(Reason::Control),
                _ => match self.character() {
                    Some(length) => self.at += length,
                    None => return self.fault(Reason::End),
                },
            }
        }
    }

    fn escape(&mut self) -> Outcome {
        self.at += 1;
        let Some(kind) = self.peek() else { return self.fault(Reason::Escape) };
        if !b"\"\\/bfnrtu".contains(&kind) {
            return self.fault(Reason::Escape);
        }
        self.at += 1;
        for _ in 0..if kind == b'u' { 4 } else { 0 } {
            if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                return self.fault(Reason::Escape);
            }
            self.at += 1;
        }
        Ok(())
    }
}
