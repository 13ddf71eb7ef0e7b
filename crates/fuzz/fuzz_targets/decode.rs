//! The row decoder on every CPU path, before and after it has seen the lines: the same rows each time, and none for a line
//! that the validator refuses.

#![no_main]

use core::cell::Cell;
use core::sync::atomic::AtomicBool;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use perf_json::decode::{Column, Layout, Pieces, Program, Request, RowDecoder, Texts};
use perf_json::{ANY_DEPTH, Validator};
use perf_simd::Cpu;

const ROWS: usize = 8;
const LEVELS: usize = 8;

/// `p` and `q` in an object `d`, both with defaults: a double, a count, an integer, a truth, a text and levels.
fn program() -> &'static Program {
    static PROGRAM: OnceLock<Program> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let scale = [2, 5, 0, 1];
        let field = |kind: i32| [&[kind, 1, 0, 0, 0][..], &scale, &scale].concat();
        let mut words = vec![6, 2, 1, 4];
        for kind in [0, 2, 1, 3, 5, 6] {
            words.extend(field(kind));
        }
        words.extend([5, 1, 0, 0, 1, 0, 1, 1, 0, 2, 1, 0, 3, 1, 1, 1]);
        words.extend([2, 1, 0, 4, 1, 0, 5]);
        Program::read(&words, b"pqimdtl").expect("a program")
    })
}

fuzz_target!(|bytes: &[u8]| {
    let mut texts = Texts::new();
    for text in ["A", "BTCUSDT", "a text that is longer than a head"] {
        texts.add(text.as_bytes());
    }
    let mut answers = Cpu::supported().map(|cpu| {
        let doubles = [const { Cell::new(0.0f64) }; ROWS];
        let counts = doubles.clone();
        let integers = [const { Cell::new(0i64) }; ROWS];
        let truths = [const { Cell::new(0u8) }; ROWS];
        let names = [const { Cell::new(0i32) }; ROWS];
        let (ticks, lots) = ([const { Cell::new(0.0) }; LEVELS], [const { Cell::new(0.0) }; LEVELS]);
        let starts = [const { Cell::new(0u32) }; ROWS + 1];
        let columns = [
            Column::Doubles(&doubles),
            Column::Doubles(&counts),
            Column::Integers(&integers),
            Column::Bytes(&truths),
            Column::Texts(&names),
            Column::Levels { ticks: &ticks, lots: &lots, starts: &starts },
        ];
        let request = Request {
            bytes,
            pieces: Pieces::Lines { from: 0, max_bytes: usize::MAX },
            columns: &columns,
            row: 0,
            capacity: ROWS,
            is_cancelled: &AtomicBool::new(false),
        };
        let layout = &mut Layout::new(program());
        let mut decode = || RowDecoder::new(cpu).decode(program(), core::slice::from_ref(&texts), layout, &request);
        let outcome = decode();
        let validator = Validator::new(cpu);
        let lines = bytes[..outcome.at].split(|&byte| byte == b'\n');
        let documents = lines.filter(|line| !line.iter().all(|byte| b" \t\r".contains(byte)));
        assert_eq!(documents.filter(|line| validator.validate(line, ANY_DEPTH).is_ok()).count(), outcome.rows);
        let rows = || -> Vec<_> {
            let row = |row: usize| {
                let numbers = (doubles[row].get().to_bits(), counts[row].get().to_bits(), integers[row].get());
                (numbers, truths[row].get(), names[row].get(), starts[row + 1].get())
            };
            (0..outcome.rows).map(row).collect()
        };
        let rows_before = rows();
        assert_eq!(decode(), outcome);
        assert_eq!(rows(), rows_before);
        (outcome, rows_before)
    });
    let first = answers.next();
    assert!(answers.all(|answer| Some(answer) == first));
});
