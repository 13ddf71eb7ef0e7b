//! The validator and the indexer on every CPU path that this machine has: a table of faults, and mutations against a naive twin.
//!
//! A plain `main` without threads, as in `perf_simd/tests/kernels.rs`. `PERF_ROUNDS` sets the number of mutations.

#![allow(clippy::disallowed_methods, reason = "a test reads its own environment")]
#![allow(clippy::print_stdout, reason = "says which paths ran: a path that the CPU lacks is not tested")]

mod naive;

use perf_json::{ANY_DEPTH, Finder, Indexer, JsonFault, Reason, Slots, Validator};
use perf_simd::Cpu;

fn main() {
    let rounds = std::env::var("PERF_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    for cpu in Cpu::supported() {
        let subject = &Subject { validator: Validator::new(cpu), indexer: Indexer::new(cpu) };
        assert_eq!((subject.validator.path(), subject.indexer.path()), (cpu.path(), cpu.path()));
        faults_are_where_the_table_says(subject);
        accepts_what_the_engine_accepts(subject);
        every_length_and_alignment_agrees_with_the_twin(subject);
        mutations_agree_with_the_twin(subject, rounds);
        borders_of_blocks_agree_with_the_twin(subject);
        depth_is_bounded_by_memory_only(subject);
        counts_what_does_not_fit(subject.indexer);
        finds_every_value_of_the_index(Finder::new(cpu));
        finds_by_rfc_6901(Finder::new(cpu));
        finds_nothing_outside_of_broken_documents(Finder::new(cpu), rounds);
        println!("validator and indexer: {} ok, {rounds} mutations", cpu.path().name());
    }
}

struct Subject {
    validator: Validator,
    indexer: Indexer,
}

impl Subject {
    /// The validator's verdict, which must be the indexer's and the twin's, as must be the index.
    fn verdict(&self, bytes: &[u8], max_depth: u32) -> Result<(), JsonFault> {
        let expected = naive::index(bytes, max_depth);
        let verdict = self.validator.validate(bytes, max_depth);
        assert_eq!(verdict, expected.clone().map(drop), "depth {max_depth}: {}", bytes.escape_ascii());
        assert_eq!(self.index(bytes, max_depth), expected, "depth {max_depth}: {}", bytes.escape_ascii());
        verdict
    }

    fn index(&self, bytes: &[u8], max_depth: u32) -> Result<Vec<naive::Entry>, JsonFault> {
        // No document has more entries than bytes. What stands there before must not matter.
        let (mut offsets, mut ends) = (vec![7; bytes.len() + 1], vec![7; bytes.len() + 1]);
        let slots = Slots { offsets: &mut offsets, ends: &mut ends };
        let count = self.indexer.index(bytes, max_depth, slots)?;
        assert!(offsets[count..].iter().chain(&ends[count..]).all(|&slot| slot == 7), "wrote behind the index");
        Ok(offsets.into_iter().zip(ends).take(count).collect())
    }
}

/// Splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

const FAULTS: &[(&[u8], usize, Reason)] = &[
    (b"", 0, Reason::End),
    (b"  ", 2, Reason::End),
    (b"\xef\xbb\xbf1", 0, Reason::ByteOrderMark),
    (b"\xef\xbb", 0, Reason::Utf8),
    (b"\xff\xfe1\0", 0, Reason::Utf8),
    (b" \xef\xbb\xbf1", 1, Reason::Value),
    (b"\0", 0, Reason::Value),
    (b"1 2", 2, Reason::Trailing),
    (b"1,", 1, Reason::Trailing),
    (b"1\0", 1, Reason::Trailing),
    (b"[", 1, Reason::End),
    (b"[1", 2, Reason::End),
    (b"[1,", 3, Reason::End),
    (b"[1,]", 3, Reason::Value),
    (b"[,1]", 1, Reason::Value),
    (b"[1 2]", 3, Reason::Separator),
    (b"[1}", 2, Reason::Separator),
    (b"{\"a\":1]", 6, Reason::Separator),
    (b"{", 1, Reason::End),
    (b"{1:2}", 1, Reason::Key),
    (b"{,}", 1, Reason::Key),
    (b"{\"a\":1,}", 7, Reason::Key),
    (b"{\"a\" 1}", 5, Reason::Colon),
    (b"{\"a\"", 4, Reason::End),
    (b"{\"a\":}", 5, Reason::Value),
    (b"{\"a\":1 \"b\":2}", 7, Reason::Separator),
    (b"]", 0, Reason::Value),
    (b"tru", 3, Reason::End),
    (b"trux", 3, Reason::Literal),
    (b"nul ", 3, Reason::Literal),
    (b"fals\0", 4, Reason::Literal),
    (b"truex", 4, Reason::Trailing),
    (b"True", 0, Reason::Value),
    (b"NaN", 0, Reason::Value),
    (b"-", 1, Reason::End),
    (b"-x", 1, Reason::Number),
    (b"--1", 1, Reason::Number),
    (b"+1", 0, Reason::Value),
    (b".5", 0, Reason::Value),
    (b"01", 1, Reason::Number),
    (b"-012", 2, Reason::Number),
    (b"1.", 2, Reason::End),
    (b"1.x", 2, Reason::Number),
    (b"[1.]", 3, Reason::Number),
    (b"1.5.3", 3, Reason::Trailing),
    (b"1e", 2, Reason::End),
    (b"1e+", 3, Reason::End),
    (b"[1e+]", 4, Reason::Number),
    (b"[1ee1]", 3, Reason::Number),
    (b"0x1", 1, Reason::Trailing),
    (b"\"", 1, Reason::End),
    (b"\"abc", 4, Reason::End),
    (b"\"\\", 2, Reason::End),
    (b"\"\\x\"", 2, Reason::Escape),
    (b"\"\\u12", 5, Reason::End),
    (b"\"\\u12g4\"", 5, Reason::Escape),
    (b"\"\\u123\"", 6, Reason::Escape),
    (b"\"\n\"", 1, Reason::Control),
    (b"\"\x1f\"", 1, Reason::Control),
    (b"\"a\0b\"", 2, Reason::Control),
    (b"\"\xc3\"", 1, Reason::Utf8),
    (b"\"\xc3\x28\"", 1, Reason::Utf8),
    (b"\"\xed\xa0\x80\"", 1, Reason::Utf8),
    (b"\"\xc0\x80\"", 1, Reason::Utf8),
    (b"\"\xf4\x90\x80\x80\"", 1, Reason::Utf8),
    (b"\"\x80\"", 1, Reason::Utf8),
    (b"\"\xe2\x82", 1, Reason::Utf8),
    (b"\"\xe2\x82\n", 1, Reason::Utf8),
    (b"\"\n\xff", 1, Reason::Control),
    (b"[\xc3\xa9]", 1, Reason::Value),
    (b"[\xc3]", 1, Reason::Utf8),
    (b"\"\\\xc3\xa9\"", 2, Reason::Escape),
    (b"\"\\\xc3\"", 2, Reason::Utf8),
    (b"'a'", 0, Reason::Value),
    (b"[1]\xa0", 3, Reason::Utf8),
    (b"[1]\xc2\xa0", 3, Reason::Trailing),
    (b"/* */ 1", 0, Reason::Value),
];

fn faults_are_where_the_table_says(subject: &Subject) {
    for &(input, offset, reason) in FAULTS {
        let expected = Err(JsonFault { offset, reason });
        assert_eq!(subject.verdict(input, ANY_DEPTH), expected, "{:?}", input.escape_ascii().to_string());
        // White space before moves the place and nothing else, whichever vector it falls into.
        if reason != Reason::ByteOrderMark {
            for shift in [1, 7, 15, 31, 60, 64, 100] {
                let moved = [vec![b'\n'; shift], input.to_vec()].concat();
                let reason = if input.starts_with(b"\xef\xbb\xbf") { Reason::Value } else { reason };
                let expected = Err(JsonFault { offset: offset + shift, reason });
                assert_eq!(subject.verdict(&moved, ANY_DEPTH), expected);
            }
        }
    }
}

const ACCEPTED: &[&str] = &[
    "0",
    "-0",
    "1e400",
    "-1E-400",
    "1.5e+3",
    "true",
    " false ",
    "null",
    "\"\"",
    "[]",
    "{}",
    "[ ]",
    "{ \t\r\n}",
    r#""\ud800""#,
    r#""\udc00\ud800""#,
    r#""\u0000""#,
    r#""\"\\\/\b\f\n\r\t\uABCD""#,
    "\"\u{7f}\u{80}\u{2028}\u{10ffff}\"",
    r#"{"":{"":[]},"":0}"#,
    r#"{"a":1,"a":2,"__proto__":[{}]}"#,
    "[[[[]]],[]]",
    "\"\u{feff}\"",
    "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890",
    "[0.000000000000000000000000000000000000000000000000000000000000000000000000000000000001e-10]",
];

fn accepts_what_the_engine_accepts(subject: &Subject) {
    for text in ACCEPTED {
        assert_eq!(subject.verdict(text.as_bytes(), ANY_DEPTH), Ok(()), "{text}");
    }
}

const DOCUMENT: &str = r#" { "stream" : "btcusdt@depth@0ms", "data":{"e":"depthUpdate","E":1723161255030,"U":5123107852949,
	"b":[["61800.20","0.002"],["61799.90","1.500"]],"a":[ ], "n":-12.5e-3,"t":true,"f":false,"z":null,"o":{},
    "text":"caf\u00e9 — 世界 \ud83d\ude00 😀 \"quoted\" back\\slash / line\nend","deep":[[[[{"x":[0]}]]]]},"long":"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"} "#;

fn every_length_and_alignment_agrees_with_the_twin(subject: &Subject) {
    let document = DOCUMENT.as_bytes();
    let mut store = vec![b'"'; document.len() + 64];
    for alignment in 0..64 {
        store[alignment..][..document.len()].copy_from_slice(document);
        for length in 0..=document.len() {
            let input = &store[alignment..][..length];
            let _ = subject.verdict(input, ANY_DEPTH);
        }
    }
}

fn mutations_agree_with_the_twin(subject: &Subject, rounds: usize) {
    let mut random = Random(7);
    let bytes =
        b"{}[]:,\"\\/ \t\n\r\0\x1f0123456789-+.eEtrufalsn\x7f\x80\xbf\xc3\xa9\xe2\x82\xac\xed\xa0\xf0\x9f\x98\xff";
    for round in 0..rounds {
        let seed = if round % 3 == 0 { ACCEPTED[random.below(ACCEPTED.len())] } else { DOCUMENT };
        let mut input = seed.as_bytes().to_vec();
        for _ in 0..=random.below(3) {
            let place = random.below(input.len() + 1);
            let byte = bytes[random.below(bytes.len())];
            match random.below(4) {
                0 => input.insert(place, byte),
                1 if place < input.len() => input[place] = byte,
                2 if place < input.len() => drop(input.remove(place)),
                _ => {
                    let from = random.below(input.len() + 1);
                    let until = input.len().min(from + random.below(40));
                    let piece = input[from..until].to_vec();
                    input.splice(place..place, piece);
                }
            }
        }
        let max_depth = if random.below(4) == 0 { random.below(8) as u32 } else { ANY_DEPTH };
        let _ = subject.verdict(&input, max_depth);
    }
}

/// Every piece at every place around the borders of a 64-byte block, within an array and within an object.
fn borders_of_blocks_agree_with_the_twin(subject: &Subject) {
    for piece in PIECES {
        for (before, after) in [("[", "]"), ("{\"k\":", "}"), ("{", ":0}"), ("[[1,", ",{}]]"), ("", "")] {
            for shift in (0..70).chain([120, 126, 127, 128, 129, 190, 191, 192]) {
                for filler in [b' ', b'7'] {
                    let mut input = before.as_bytes().to_vec();
                    input.resize(input.len() + shift, filler);
                    input.extend_from_slice(piece);
                    input.extend_from_slice(after.as_bytes());
                    let _ = subject.verdict(&input, ANY_DEPTH);
                }
            }
        }
    }
}

const PIECES: &[&[u8]] = &[
    b"1",
    b"-1",
    b"-",
    b"01",
    b"-0",
    b"-01",
    b"00",
    b"1.5",
    b"1.",
    b".5",
    b"1.5.5",
    b"1.5e5",
    b"1e5",
    b"1e+5",
    b"1e-5",
    b"1E",
    b"1e+",
    b"1e5.5",
    b"1e5e5",
    b"1e+-5",
    b"1-1",
    b"1+1",
    b"+1",
    b"--1",
    b"0.0",
    b"0e0",
    b"0x1",
    b"1_",
    b"1e05",
    b"1.05",
    b"10",
    b"true",
    b"false",
    b"null",
    b"tru",
    b"truex",
    b"true1",
    b"true false",
    b"nulll",
    b"1true",
    b"true\"\"",
    b"\"\"",
    b"\"\"1",
    b"\"a\"",
    b"\"\\\"\"",
    b"\"\\\\\"",
    b"\"\\\\\\\"\"",
    b"\"\\u12aF\"",
    b"\"\\u12g4\"",
    b"\"\\u123\"",
    b"\"\\n\\x\"",
    b"\"\\",
    b"\"\\\\",
    b"\\",
    b"\"\t\"",
    b"\"\x7f\"",
    b"\x7f",
    b"\x0b",
    b"\t",
    b"\xa0",
    b"\"\xc3\xa9\"",
    b"\"\xf0\x9f\x98\x80\"",
    b"\"\xf0\x9f\x98\"",
    b"\xc3\xa9",
    b"{}",
    b"[]",
    b"[1]",
    b"{\"a\":1}",
    b"{\"a\"}",
    b"{\"a\",1}",
    b"{1:1}",
    b"{\"a\":1,}",
    b"{\"a\":1,2}",
    b"[1,]",
    b"[,]",
    b"[,1]",
    b"[1 1]",
    b"[1:1]",
    b"[\"a\":1]",
    b"[}",
    b"{]",
    b"]",
    b"}",
    b"]]",
    b"[[",
    b"{\"a\":[}",
    b",",
    b":",
    b",,",
    b"1,",
    b"1,2",
    b"1:2",
    b"\"a\":1",
    b"\"a\":1,\"b\":2",
    b"\"a\":1,\"b\"",
    b"\"a\"::1",
    b"\"a\":,",
    b"{}{}",
    b"[][]",
    b"{},{}",
    b"[1]2",
    b"1[2]",
    b"\"a\"[]",
    b"{\"a\":{\"b\":[{\"c\":[]},[[]]]}}",
    b"'a'",
    b"NaN",
    b"/**/",
];

/// Whatever the room, what comes back is the number of entries, and with room for them the index.
fn counts_what_does_not_fit(indexer: Indexer) {
    let expected = naive::index(DOCUMENT.as_bytes(), ANY_DEPTH).expect("it is valid");
    for room in 0..expected.len() {
        for (more, further) in [(0, 0), (3, 0), (0, 3)] {
            let (mut offsets, mut ends) = (vec![3; room + more], vec![3; room + further]);
            let slots = Slots { offsets: &mut offsets, ends: &mut ends };
            assert_eq!(indexer.index(DOCUMENT.as_bytes(), ANY_DEPTH, slots), Ok(expected.len()), "room {room}");
        }
    }
}

fn depth_is_bounded_by_memory_only(subject: &Subject) {
    let depth = 1_000_000;
    let mut input = vec![b'['; depth];
    assert_eq!(subject.validator.validate(&input, ANY_DEPTH), Err(JsonFault { offset: depth, reason: Reason::End }));
    input.extend(vec![b']'; depth]);
    assert_eq!(subject.validator.validate(&input, ANY_DEPTH), Ok(()));
    assert_eq!(subject.validator.validate(&input, depth as u32), Ok(()));
    let index = subject.index(&input, ANY_DEPTH).expect("it is valid");
    assert!(index.iter().enumerate().all(|(at, &entry)| entry == (at as u32, depth as u32)));
    let fault = JsonFault { offset: depth - 1, reason: Reason::Depth };
    assert_eq!(subject.validator.validate(&input, depth as u32 - 1), Err(fault));
    assert_eq!(subject.validator.validate(b"1", 0), Ok(()));
    assert_eq!(subject.validator.validate(b" []", 0), Err(JsonFault { offset: 1, reason: Reason::Depth }));
}

/// Every pointer to a container or leaf of an index finds the same bytes, at every alignment to a block.
fn finds_every_value_of_the_index(finder: Finder) {
    let mut input = DOCUMENT.as_bytes().to_vec();
    for _ in 0..70 {
        input.insert(1, b' ');
        let entries = naive::index(&input, ANY_DEPTH).expect("it is valid");
        let mut visited = 0;
        visit(&input, &entries, 0, &mut Vec::new(), &mut |pointer, range| {
            visited += 1;
            assert_eq!(finder.find(&input, pointer), Some(range), "{}", pointer.escape_ascii());
        });
        assert!(visited > 25, "{visited}");
    }
}

fn visit(
    bytes: &[u8],
    entries: &[naive::Entry],
    entry: usize,
    pointer: &mut Vec<u8>,
    told: &mut dyn FnMut(&[u8], core::ops::Range<usize>),
) {
    let (offset, end) = (entries[entry].0 as usize, entries[entry].1 as usize);
    let kind = bytes[offset];
    if kind != b'{' && kind != b'[' {
        return told(pointer, offset..end + usize::from(kind == b'"'));
    }
    let text = core::str::from_utf8(bytes).expect("it is valid");
    let length = (offset + 1..=bytes.len())
        .find(|&until| text.get(offset..until).is_some_and(|part| naive::validate(part.as_bytes(), ANY_DEPTH).is_ok()));
    told(pointer, offset..length.expect("it closes"));
    let mut child = entry + 1;
    let mut index = 0;
    while child < end {
        let before = pointer.len();
        pointer.push(b'/');
        if kind == b'{' {
            pointer.extend_from_slice(&bytes[entries[child].0 as usize + 1..entries[child].1 as usize]);
            child += 1;
        } else {
            pointer.extend_from_slice(index.to_string().as_bytes());
        }
        visit(bytes, entries, child, pointer, told);
        pointer.truncate(before);
        index += 1;
        child = if b"{[".contains(&bytes[entries[child].0 as usize]) { entries[child].1 as usize } else { child + 1 };
    }
}

fn finds_by_rfc_6901(finder: Finder) {
    let document = br#" {"":0,"a/b":1,"m~n":2," ":3,"k\u00e9y":4,"\ud83d\ude00":5,"q\"":6,"a":[7,{"b":8}],"a":9,"\ud800":10,"n":-1.5e3 } "#;
    let found = |pointer: &str| {
        finder.find(document, pointer.as_bytes()).map(|range| document[range].escape_ascii().to_string())
    };
    let cases = [
        ("/", Some("0")),
        ("/a~1b", Some("1")),
        ("/m~0n", Some("2")),
        ("/ ", Some("3")),
        ("/k\u{e9}y", Some("4")),
        ("/\u{1f600}", Some("5")),
        ("/q\"", Some("6")),
        ("/a/0", Some("7")),
        ("/a/1/b", Some("8")),
        ("/n", Some("-1.5e3")),
        ("/a/2", None),
        ("/a/-", None),
        ("/a/00", None),
        ("/a/", None),
        ("/a/1/c", None),
        ("/a/0/x", None),
        ("/A", None),
        ("a", None),
        ("/a/99999999999999999999999", None),
    ];
    for (pointer, expected) in cases {
        assert_eq!(found(pointer).as_deref(), expected, "{pointer}");
    }
    assert_eq!(finder.find(document, b""), Some(1..document.len() - 1));
    assert_eq!(finder.find(b" 12 ", b""), Some(1..3));
    assert_eq!((finder.find(b"", b""), finder.find(b"[]", b"/0")), (None, None));
}

fn finds_nothing_outside_of_broken_documents(finder: Finder, rounds: usize) {
    let mut random = Random(11);
    for _ in 0..rounds {
        let mut input = DOCUMENT.as_bytes()[..random.below(DOCUMENT.len() + 1)].to_vec();
        for _ in 0..random.below(4) {
            let place = random.below(input.len() + 1);
            input.insert(place, b"{}[]:,\"\\ 1"[random.below(10)]);
        }
        for pointer in ["", "/data/deep/0/0/0/0/x/0", "/data/b/1/1", "/long", "/data/text"] {
            if let Some(range) = finder.find(&input, pointer.as_bytes()) {
                assert!(range.start < range.end && range.end <= input.len(), "{}", input.escape_ascii());
            }
        }
    }
}
