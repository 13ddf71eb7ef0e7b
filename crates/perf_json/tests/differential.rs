//! The validator, the indexer and the finder on every CPU path that this machine has: a table of faults, and mutations against
//! a naive twin.
//!
//! A plain `main` without threads, as in `perf_simd/tests/kernels.rs`. `PERF_ROUNDS` sets the number of mutations, `PERF_STRIDE`
//! thins out what is exhaustive.

#![allow(clippy::print_stdout, reason = "says which paths ran: a path that the CPU lacks is not tested")]

mod cases;
mod naive;

use cases::testing::{Random, rounds, stride};
use cases::{ACCEPTED, DOCUMENT, FAULTS, PIECES, mutated};
use perf_json::{ANY_DEPTH, Finder, Indexer, JsonFault, Reason, Slots, Validator};
use perf_simd::Cpu;

fn main() {
    let rounds = rounds(20_000);
    for cpu in Cpu::supported() {
        let subject = &Subject { validator: Validator::new(cpu), indexer: Indexer::new(cpu) };
        let finder = Finder::new(cpu);
        assert_eq!(
            (subject.validator.path(), subject.indexer.path(), finder.path()),
            (cpu.path(), cpu.path(), cpu.path())
        );
        faults_are_where_the_table_says(subject);
        accepts_what_the_engine_accepts(subject);
        every_length_and_alignment_agrees_with_the_twin(subject);
        mutations_agree_with_the_twin(subject, rounds);
        borders_of_blocks_agree_with_the_twin(subject);
        depth_is_bounded_by_memory_only(subject, finder);
        counts_what_does_not_fit(subject.indexer);
        finds_every_value_of_the_index(finder);
        finds_by_rfc_6901(finder);
        finds_in_mutations_what_the_twin_finds(finder, rounds);
        finds_nothing_outside_of_broken_documents(finder, rounds);
        println!("validator, indexer and finder: {} ok, {rounds} mutations", cpu.path().name());
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
        Ok(offsets.into_iter().zip(ends).take(count).collect())
    }
}

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

fn accepts_what_the_engine_accepts(subject: &Subject) {
    for text in ACCEPTED {
        assert_eq!(subject.verdict(text.as_bytes(), ANY_DEPTH), Ok(()), "{text}");
    }
}

fn every_length_and_alignment_agrees_with_the_twin(subject: &Subject) {
    let document = DOCUMENT.as_bytes();
    let lengths = document.len() + 1;
    let mut store = vec![b'"'; document.len() + 64];
    for case in (0..64 * lengths).step_by(stride()) {
        let (alignment, length) = (case / lengths, case % lengths);
        store[alignment..][..document.len()].copy_from_slice(document);
        let _ = subject.verdict(&store[alignment..][..length], ANY_DEPTH);
    }
}

fn mutations_agree_with_the_twin(subject: &Subject, rounds: usize) {
    let mut random = Random(7);
    for round in 0..rounds {
        let seed = if round % 3 == 0 { ACCEPTED[random.below(ACCEPTED.len())] } else { DOCUMENT };
        let input = mutated(seed.as_bytes(), &mut random);
        let max_depth = if random.below(4) == 0 { random.below(8) as u32 } else { ANY_DEPTH };
        let _ = subject.verdict(&input, max_depth);
    }
}

/// Every piece at every place around the borders of a 64-byte block, within an array and within an object.
fn borders_of_blocks_agree_with_the_twin(subject: &Subject) {
    let around = [("[", "]"), ("{\"k\":", "}"), ("{", ":0}"), ("[[1,", ",{}]]"), ("", "")];
    let shifts: Vec<usize> = (0..70).chain([120, 126, 127, 128, 129, 190, 191, 192]).collect();
    let fillers = [b' ', b'7'];
    for case in (0..PIECES.len() * around.len() * shifts.len() * fillers.len()).step_by(stride()) {
        let (case, filler) = (case / fillers.len(), fillers[case % fillers.len()]);
        let (case, shift) = (case / shifts.len(), shifts[case % shifts.len()]);
        let (piece, (before, after)) = (PIECES[case / around.len()], around[case % around.len()]);
        let mut input = before.as_bytes().to_vec();
        input.resize(input.len() + shift, filler);
        input.extend_from_slice(piece);
        input.extend_from_slice(after.as_bytes());
        let _ = subject.verdict(&input, ANY_DEPTH);
    }
}

/// Whatever the room, what comes back is the number of entries, and with room for them the index.
fn counts_what_does_not_fit(indexer: Indexer) {
    let expected = naive::index(DOCUMENT.as_bytes(), ANY_DEPTH).expect("it is valid");
    for room in (0..expected.len()).step_by(stride()) {
        for (more, further) in [(0, 0), (3, 0), (0, 3)] {
            let (mut offsets, mut ends) = (vec![3; room + more], vec![3; room + further]);
            let slots = Slots { offsets: &mut offsets, ends: &mut ends };
            assert_eq!(indexer.index(DOCUMENT.as_bytes(), ANY_DEPTH, slots), Ok(expected.len()), "room {room}");
        }
    }
}

fn depth_is_bounded_by_memory_only(subject: &Subject, finder: Finder) {
    let depth = if cfg!(miri) { 1000 } else { 1_000_000 };
    let mut input = vec![b'['; depth];
    assert_eq!(subject.validator.validate(&input, ANY_DEPTH), Err(JsonFault { offset: depth, reason: Reason::End }));
    assert_eq!((finder.find(&input, b""), finder.find(&input, b"/0")), (None, None));
    input.extend(vec![b']'; depth]);
    assert_eq!(subject.validator.validate(&input, ANY_DEPTH), Ok(()));
    assert_eq!(subject.validator.validate(&input, depth as u32), Ok(()));
    let index = subject.index(&input, ANY_DEPTH).expect("it is valid");
    assert!(index.iter().enumerate().all(|(at, &entry)| entry == (at as u32, depth as u32)));
    assert_eq!(finder.find(&input, b"/0/0"), Some(2..2 * depth - 2));
    let fault = JsonFault { offset: depth - 1, reason: Reason::Depth };
    assert_eq!(subject.validator.validate(&input, depth as u32 - 1), Err(fault));
    assert_eq!(subject.validator.validate(b"1", 0), Ok(()));
    assert_eq!(subject.validator.validate(b" []", 0), Err(JsonFault { offset: 1, reason: Reason::Depth }));
}

/// Every pointer to a container or leaf of an index finds the same bytes, at every alignment to a block.
fn finds_every_value_of_the_index(finder: Finder) {
    for spaces in (1..=70).step_by(stride()) {
        let input = [vec![b' '; spaces], DOCUMENT.trim_ascii().as_bytes().to_vec()].concat();
        let pointers = naive::find::pointers(&input);
        assert!(pointers.len() > 25, "{}", pointers.len());
        for (pointer, range) in pointers {
            assert_eq!(finder.find(&input, pointer.as_bytes()), Some(range), "{pointer}");
        }
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
        assert_eq!(finder.find(document, pointer.as_bytes()), naive::find::find(document, pointer), "{pointer}");
    }
    assert_eq!(finder.find(document, b""), Some(1..document.len() - 1));
    assert_eq!(finder.find(b" 12 ", b""), Some(1..3));
    assert_eq!((finder.find(b"", b""), finder.find(b"[]", b"/0")), (None, None));
}

/// What is still a document after edits has the same values, its own pointers and those of the original alike.
fn finds_in_mutations_what_the_twin_finds(finder: Finder, rounds: usize) {
    let mut random = Random(13);
    let usual: Vec<String> =
        naive::find::pointers(DOCUMENT.as_bytes()).into_iter().map(|(pointer, _)| pointer).collect();
    for _ in 0..rounds.div_ceil(10) {
        let input = mutated(DOCUMENT.as_bytes(), &mut random);
        if naive::validate(&input, ANY_DEPTH).is_err() {
            continue;
        }
        let own = naive::find::pointers(&input);
        let pointer =
            if random.below(2) == 0 { &usual[random.below(usual.len())] } else { &own[random.below(own.len())].0 };
        let expected = naive::find::find(&input, pointer);
        assert_eq!(finder.find(&input, pointer.as_bytes()), expected, "{pointer} in {}", input.escape_ascii());
    }
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
