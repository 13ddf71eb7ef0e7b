//! Real documents, from where the tests of the packages take them.

#![allow(clippy::disallowed_methods, reason = "a test reads its own environment")]

use std::fs;
use std::path::{Path, PathBuf};

use perf_json::{ANY_DEPTH, Indexer, Slots};
use perf_simd::Cpu;

use crate::naive::find::span;

/// Lengths of pieces: long enough for several blocks, short enough for many mutations.
const PIECE: core::ops::Range<usize> = 40..1500;
const PIECES_PER_FILE: usize = 40;

/// Names and contents of the conformance suite and of the large documents; nothing where they are missing, unless they are
/// required.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let root = std::env::var_os("PERF_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.corpora"), PathBuf::from);
    if !root.join("json-test-suite").exists() {
        println!("oracles: without real documents: {} has none", root.display());
        assert!(std::env::var("PERF_REQUIRE_CORPORA").is_err(), "PERF_REQUIRE_CORPORA asks for them");
        return Vec::new();
    }
    ["json-test-suite", "json"].into_iter().flat_map(|folder| files_of(&root.join(folder))).collect()
}

fn files_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("a folder of the corpora");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry of it").path()).collect();
    paths.sort();
    let is_document = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let read = |path: PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        (name, fs::read(&path).expect("a readable file"))
    };
    paths.into_iter().filter(is_document).map(read).collect()
}

/// Arrays and objects out of a document, spread over it. None of what is no document.
pub fn pieces(bytes: &[u8]) -> Vec<Vec<u8>> {
    let indexer = Indexer::new(Cpu::best());
    let Ok(count) = indexer.index(bytes, ANY_DEPTH, Slots { offsets: &mut [], ends: &mut [] }) else {
        return Vec::new();
    };
    let (mut offsets, mut ends) = (vec![0; count], vec![0; count]);
    let slots = Slots { offsets: &mut offsets, ends: &mut ends };
    assert_eq!(indexer.index(bytes, ANY_DEPTH, slots), Ok(count));
    let entries: Vec<_> = offsets.into_iter().zip(ends).collect();
    let containers: Vec<usize> = (0..count)
        .filter(|&entry| b"{[".contains(&bytes[entries[entry].0 as usize]))
        // From the start of the first token in it to that of the last: less than the whole, and enough to choose by.
        .filter(|&entry| PIECE.contains(&((entries[entries[entry].1 as usize - 1].0 - entries[entry].0) as usize)))
        .collect();
    let step = containers.len().div_ceil(PIECES_PER_FILE).max(1);
    containers.into_iter().step_by(step).map(|entry| bytes[span(bytes, &entries, entry)].to_vec()).collect()
}
