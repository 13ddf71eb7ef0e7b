//! The finder as one would write it without thinking of speed: over the index, with keys as UTF-16.

#![allow(dead_code, reason = "not every program that includes this file finds values")]

use std::ops::Range;

use perf_json::ANY_DEPTH;

use super::{Entry, index, validate};

/// The bytes of the value that a pointer names in a document, `None` also for what is no document. Of equal keys the first.
pub fn find(bytes: &[u8], pointer: &str) -> Option<Range<usize>> {
    let entries = index(bytes, ANY_DEPTH).ok()?;
    let mut tokens = pointer.split('/');
    if tokens.next() != Some("") {
        return None;
    }
    let mut entry = 0;
    for token in tokens {
        let wanted = token.replace("~1", "/").replace("~0", "~");
        let members = children(bytes, &entries, entry);
        entry = members.into_iter().find(|(key, _)| key.as_deref() == Some(&*wanted))?.1;
    }
    Some(span(bytes, &entries, entry))
}

/// Pointers into a document with what each of them finds: everything that has one and is not hidden by an equal key before it.
pub fn pointers(bytes: &[u8]) -> Vec<(String, Range<usize>)> {
    let entries = index(bytes, ANY_DEPTH).expect("it is valid");
    let mut found = Vec::new();
    let mut left = vec![(String::new(), 0)];
    while let Some((pointer, entry)) = left.pop() {
        let mut seen = Vec::new();
        for (key, child) in children(bytes, &entries, entry) {
            let Some(key) = key.filter(|key| !seen.contains(key)) else { continue };
            left.push((format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), child));
            seen.push(key);
        }
        found.push((pointer, span(bytes, &entries, entry)));
    }
    found
}

/// What a container has in it, under keys or places; `None` for a key that is not well-formed Unicode.
fn children(bytes: &[u8], entries: &[Entry], container: usize) -> Vec<(Option<String>, usize)> {
    let kind = bytes[entries[container].0 as usize];
    let mut members = Vec::new();
    let end = if is_container(kind) { entries[container].1 as usize } else { 0 };
    let mut entry = container + 1;
    while entry < end {
        let mut key = Some(members.len().to_string());
        if kind == b'{' {
            key = unescaped(&bytes[entries[entry].0 as usize + 1..entries[entry].1 as usize]);
            entry += 1;
        }
        members.push((key, entry));
        entry = if is_container(bytes[entries[entry].0 as usize]) { entries[entry].1 as usize } else { entry + 1 };
    }
    members
}

/// The bytes of a value.
pub fn span(bytes: &[u8], entries: &[Entry], entry: usize) -> Range<usize> {
    let (start, end) = (entries[entry].0 as usize, entries[entry].1 as usize);
    match bytes[start] {
        b'"' => start..end + 1,
        first if is_container(first) => {
            // It closes somewhere behind the start of the last token in it.
            let last = entries[end - 1].0 as usize;
            let until = (last + 1..=bytes.len()).find(|&until| validate(&bytes[start..until], ANY_DEPTH).is_ok());
            start..until.expect("it closes")
        }
        _ => start..end,
    }
}

fn is_container(byte: u8) -> bool {
    byte == b'{' || byte == b'['
}

fn unescaped(key: &[u8]) -> Option<String> {
    let mut units = Vec::new();
    let mut characters = core::str::from_utf8(key).ok()?.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
            continue;
        }
        units.push(match characters.next()? {
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'u' => u16::from_str_radix(&characters.by_ref().take(4).collect::<String>(), 16).ok()?,
            other => u16::try_from(u32::from(other)).ok()?,
        });
    }
    String::from_utf16(&units).ok()
}
