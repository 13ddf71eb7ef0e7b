//! What other parsers refuse in a document: found the slow way.

/// The most brackets that are open at once, in anything.
pub fn deepest(bytes: &[u8]) -> usize {
    let (mut deepest, mut depth) = (0, 0_usize);
    for byte in outside_strings(bytes) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// An escape of half a pair, or of a pair: whether it is whole is not looked at.
pub fn has_surrogate_escape(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|four| {
        four.starts_with(b"\\u") && matches!(four[2..], [b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F'])
    })
}

/// A number beyond the doubles, or an integer beyond 64 bits.
pub fn has_number_out_of_range(bytes: &[u8]) -> bool {
    let text: Vec<u8> = outside_strings(bytes).collect();
    let numbers = text.split(|byte| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    numbers.filter_map(|number| core::str::from_utf8(number).ok()).any(|number| {
        let is_integer = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let fits = number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
        number.parse::<f64>().is_ok_and(|double| double.is_infinite() || (is_integer && !fits))
    })
}

/// The bytes that belong to no string; one space for each of those.
fn outside_strings(bytes: &[u8]) -> impl Iterator<Item = u8> {
    let mut at = 0;
    core::iter::from_fn(move || {
        let &byte = bytes.get(at)?;
        at += 1;
        if byte != b'"' {
            return Some(byte);
        }
        while let Some(&inside) = bytes.get(at) {
            at += if inside == b'\\' { 2 } else { 1 };
            if inside == b'"' {
                break;
            }
        }
        Some(b' ')
    })
}
