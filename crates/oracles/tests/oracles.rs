//! The validator, the indexer and the finder against `serde_json`, `sonic-rs` and C++ simdjson, on every CPU path that this
//! machine has.
//!
//! `serde_json` has the last word: skipping a value it checks the grammar and nothing else, which beside strict UTF-8 is what the
//! core promises. The other two refuse some documents more, each for a reason that has to be found in the document.
//!
//! A plain `main` without threads, as the other tests of the core. `PERF_ROUNDS` sets the number of mutations.

#![allow(clippy::print_stdout, reason = "says which paths and documents took part: what is missing is not tested")]

#[path = "../../perf_json/tests/cases/mod.rs"]
mod cases;
mod corpora;
#[path = "../../perf_json/tests/naive/mod.rs"]
mod naive;
mod others;

use cases::testing::{Random, rounds, stride};
use cases::{ACCEPTED, DOCUMENT, FAULTS, PIECES, mutated};
use others::{Others, Tally};
use perf_json::{ANY_DEPTH, Finder, Indexer, Slots, Validator};
use perf_simd::Cpu;

/// Pointers asked of each piece of a real document.
const POINTERS: usize = 8;

fn main() {
    let mut check = Check::new();
    for document in tables() {
        check.verdict(&document);
    }
    for document in cuts() {
        check.verdict(&document);
    }
    let files = corpora::files();
    for (name, bytes) in &files {
        let is_document = check.verdict(bytes);
        assert!(!name.starts_with("y_") || is_document, "{name}");
        assert!(!name.starts_with("n_") || !is_document, "{name}");
    }
    let mut seeds: Vec<Vec<u8>> = ACCEPTED.iter().map(|text| text.as_bytes().to_vec()).collect();
    seeds.push(DOCUMENT.as_bytes().to_vec());
    for (_, bytes) in &files {
        seeds.extend(corpora::pieces(bytes));
    }
    for seed in &seeds {
        check.verdict(seed);
        check.finds(seed);
    }
    let mut random = Random(17);
    let rounds = rounds(200_000);
    for _ in 0..rounds {
        let bytes = mutated(&seeds[random.below(seeds.len())], &mut random);
        if check.verdict(&bytes) && random.below(16) == 0 {
            check.finds(&bytes);
        }
    }
    let names: Vec<&str> = check.cores.iter().map(|core| core.validator.path().name()).collect();
    println!("oracles: {} files, {} pieces, {rounds} mutations on {}", files.len(), seeds.len(), names.join(", "));
    println!("oracles: {}", check.tally);
}

/// The core on one CPU path.
struct Core {
    validator: Validator,
    indexer: Indexer,
    finder: Finder,
}

struct Check {
    cores: Vec<Core>,
    others: Others,
    tally: Tally,
}

impl Check {
    fn new() -> Self {
        let core = |cpu| Core { validator: Validator::new(cpu), indexer: Indexer::new(cpu), finder: Finder::new(cpu) };
        Self { cores: Cpu::supported().map(core).collect(), others: Others::new(), tally: Tally::default() }
    }

    /// Whether it is a document: all of them have to say so, or none.
    fn verdict(&mut self, bytes: &[u8]) -> bool {
        let expected = others::serde_accepts(bytes);
        for core in &self.cores {
            let path = core.validator.path().name();
            let verdict = core.validator.validate(bytes, ANY_DEPTH);
            assert_eq!(verdict.is_ok(), expected, "{path}, {verdict:?}: {}", shown(bytes));
            // Without room it validates and counts.
            let index = core.indexer.index(bytes, ANY_DEPTH, Slots { offsets: &mut [], ends: &mut [] });
            assert_eq!(index.map(drop), verdict, "{path}: {}", shown(bytes));
        }
        match self.others.differences(bytes, expected) {
            Ok(differences) => self.tally.add(expected, &differences),
            Err(what) => panic!("{what}: {}", shown(bytes)),
        }
        expected
    }

    /// What sonic-rs finds, every core finds: both take the first of equal keys.
    fn finds(&mut self, bytes: &[u8]) {
        let pointers = naive::find::pointers(bytes);
        for (pointer, _) in pointers.iter().step_by(pointers.len().div_ceil(POINTERS).max(stride())) {
            let Some(expected) = others::sonic_finds(bytes, pointer) else { continue };
            self.tally.found += 1;
            for core in &self.cores {
                let found = core.finder.find(bytes, pointer.as_bytes()).map(|range| &bytes[range]);
                assert_eq!(found, Some(&*expected), "{} {pointer}: {}", core.finder.path().name(), shown(bytes));
            }
        }
    }
}

/// Every input of the tables, and each piece where a value belongs, at the borders of a block.
fn tables() -> impl Iterator<Item = Vec<u8>> {
    let shifts = [0, 1, 30, 31, 32, 33, 60, 61, 62, 63, 64, 65, 126, 127, 128];
    let pieces = PIECES.iter().flat_map(move |piece| {
        [("[", "]"), ("{\"k\":", "}"), ("{", ":0}")].into_iter().flat_map(move |(before, after)| {
            shifts.map(|shift| [before.as_bytes(), &vec![b' '; shift], piece, after.as_bytes()].concat())
        })
    });
    let texts = ACCEPTED.iter().map(|text| text.as_bytes().to_vec());
    FAULTS.iter().map(|(input, ..)| input.to_vec()).chain(texts).chain(pieces)
}

/// The document cut off after every byte, at every alignment to a block.
fn cuts() -> impl Iterator<Item = Vec<u8>> {
    let document = DOCUMENT.trim_ascii().as_bytes();
    (0..64).flat_map(move |spaces| {
        (0..=document.len()).step_by(stride()).map(move |length| [&vec![b' '; spaces], &document[..length]].concat())
    })
}

fn shown(bytes: &[u8]) -> String {
    bytes[..bytes.len().min(4000)].escape_ascii().to_string()
}
