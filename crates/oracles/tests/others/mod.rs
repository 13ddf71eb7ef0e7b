//! The other parsers, and for what they refuse documents.

mod reasons;

use std::collections::BTreeMap;
use std::fmt;

use serde::de::IgnoredAny;
use simdjson_sys::{SIMDJSON_MAXSIZE_BYTES, dom_ffi};
use sonic_rs::{PointerNode, Value};

use reasons::{deepest, has_number_out_of_range, has_surrogate_escape};

/// sonic-rs recurses without a limit, and ends the process where the stack does.
const SONIC_DEPTH: usize = 512;
/// simdjson refuses more open brackets than this.
const SIMDJSON_DEPTH: usize = 1024;
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Strict UTF-8 and the grammar. `serde_json` neither recurses nor reads a number where it ignores a value, and leaves the UTF-8 of
/// strings alone.
pub fn serde_accepts(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes).is_ok() && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
}

/// The text of the value of a pointer in a document, or `None` where sonic-rs is not to be asked.
pub fn sonic_finds(bytes: &[u8], pointer: &str) -> Option<Vec<u8>> {
    if deepest(bytes) > SONIC_DEPTH {
        return None;
    }
    let mut path = Vec::new();
    let mut value = bytes.to_vec();
    for token in pointer.split('/').skip(1) {
        // What a token means depends on what it is a token of.
        let is_array = value.trim_ascii_start().first() == Some(&b'[');
        let key = token.replace("~1", "/").replace("~0", "~");
        path.push(if is_array { PointerNode::Index(key.parse().ok()?) } else { PointerNode::Key(key.into()) });
        let found = sonic_rs::get_from_slice(bytes, &path);
        value = found
            .unwrap_or_else(|error| panic!("sonic-rs does not find {pointer}: {error}"))
            .as_raw_str()
            .as_bytes()
            .to_vec();
    }
    Some(value.trim_ascii().to_vec())
}

/// For what reason the other parsers said otherwise.
#[derive(Default)]
pub struct Differences {
    sonic: Option<&'static str>,
    simdjson: Option<&'static str>,
}

pub struct Others {
    /// simdjson: its error code.
    parse: Box<dyn FnMut(&[u8]) -> i32>,
}

impl Others {
    pub fn new() -> Self {
        let mut parser = dom_ffi::parser_new(SIMDJSON_MAXSIZE_BYTES);
        // SAFETY: the last argument has simdjson copy the input to memory with the padding that it reads.
        let verdict = move |bytes: &[u8]| unsafe { dom_ffi::parser_parse(parser.pin_mut(), bytes, true) };
        Self { parse: Box::new(verdict) }
    }

    /// Where they differ from the expected verdict for a reason that is known and there; otherwise what they said.
    pub fn differences(&mut self, bytes: &[u8], expected: bool) -> Result<Differences, String> {
        Ok(Differences { sonic: sonic(bytes, expected)?, simdjson: self.simdjson(bytes, expected)? })
    }

    fn simdjson(&mut self, bytes: &[u8], expected: bool) -> Result<Option<&'static str>, String> {
        match ((self.parse)(bytes), expected) {
            (0, true) | (1.., false) => Ok(None),
            // It skips the mark.
            (0, false) if bytes.strip_prefix(MARK).is_some_and(serde_accepts) => Ok(Some("a byte order mark")),
            (4, true) if deepest(bytes) >= SIMDJSON_DEPTH => Ok(Some("depth")),
            (5, true) if has_surrogate_escape(bytes) => Ok(Some("a surrogate")),
            (9 | 10, true) if has_number_out_of_range(bytes) => Ok(Some("a number")),
            (code, _) => Err(format!("simdjson: code {code}")),
        }
    }
}

/// Its documents, not its lazy values: those leave the digits of an escape alone.
fn sonic(bytes: &[u8], expected: bool) -> Result<Option<&'static str>, String> {
    if deepest(bytes) > SONIC_DEPTH {
        return Ok(Some("depth (not asked)"));
    }
    match (sonic_rs::from_slice::<Value>(bytes), expected) {
        (Ok(_), true) | (Err(_), false) => Ok(None),
        (Err(_), true) if has_surrogate_escape(bytes) => Ok(Some("a surrogate")),
        (Err(_), true) if has_number_out_of_range(bytes) => Ok(Some("a number")),
        (verdict, _) => Err(format!("sonic-rs: {:?}", verdict.map(drop))),
    }
}

/// What was compared.
#[derive(Default)]
pub struct Tally {
    accepted: usize,
    refused: usize,
    pub found: usize,
    sonic: BTreeMap<&'static str, usize>,
    simdjson: BTreeMap<&'static str, usize>,
}

impl Tally {
    pub fn add(&mut self, is_document: bool, differences: &Differences) {
        self.accepted += usize::from(is_document);
        self.refused += usize::from(!is_document);
        for (reason, counts) in [(differences.sonic, &mut self.sonic), (differences.simdjson, &mut self.simdjson)] {
            if let Some(reason) = reason {
                *counts.entry(reason).or_default() += 1;
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, refused, found, sonic, simdjson } = self;
        write!(formatter, "{accepted} accepted, {refused} refused, {found} values found; serde_json the same, ")?;
        write!(formatter, "sonic-rs but for {sonic:?}, simdjson but for {simdjson:?}")
    }
}
