//! One program for rows with a field of every kind, and memory for what it reads.

#![allow(dead_code, reason = "not every program needs all of it")]

use core::cell::Cell;
use core::sync::atomic::AtomicBool;

use perf_json::decode::{Column, ColumnKind, Layout, Outcome, Pieces, Program, Request, RowDecoder, Texts};

/// What a line says, and must read as.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub time: i64,
    pub price: f64,
    pub quantity: f64,
    pub is_maker: bool,
    pub side: usize,
    pub symbol: usize,
    pub level: Option<f64>,
    pub bids: Vec<(f64, f64)>,
}

pub const SIDES: [&str; 2] = ["BUY", "SELL"];
pub const SYMBOLS: [&str; 7] = ["BTCUSDT", "ETHUSDT", "", "Ü", "a text that is longer than a head", "A", "AB"];

/// The program of [`Row`], with all but the time and the level inside of "data".
pub fn program() -> Program {
    const NONE: [i32; 4] = [0, 1, 0, 0];
    const SIGNED: i32 = 1;
    let field = |kind: i32, is_optional: bool, default: f64, dictionary: i32, scale: [i32; 4]| {
        let bits = default.to_bits();
        let head = [kind, i32::from(is_optional), bits as i32, (bits >> 32) as i32, dictionary];
        [&head[..], &scale, &[3, 1, 0, 0]].concat()
    };
    let mut words = vec![8, 2, 2, 100];
    words.extend(field(1, false, 0.0, 0, NONE)); // time: an integer
    words.extend(field(2, false, 0.0, 0, [1, 5, 0, SIGNED])); // price: steps of 0.5
    words.extend(field(2, false, 0.0, 0, [3, 1, 0, 0])); // quantity
    words.extend(field(3, false, 0.0, 0, NONE)); // is maker
    words.extend(field(4, false, 0.0, 0, NONE)); // side: an enum
    words.extend(field(5, false, 0.0, 1, NONE)); // symbol: a text
    words.extend(field(0, true, -1.0, 0, NONE)); // level: a double
    words.extend(field(6, true, 0.0, 0, [1, 5, 0, 0])); // bids
    words.extend([3, 1, 0, 0, 5, 0, 6, 4, 1, 1]);
    words.extend([6, 1, 0, 1, 1, 0, 2, 1, 0, 3, 4, 0, 4, 28, 0, 5, 1, 0, 7]);
    Program::read(&words, b"Tleveldatapqmsidethe symbol of the instrumentb").expect("a program")
}

fn texts() -> Vec<Texts> {
    [&SIDES[..], &SYMBOLS]
        .map(|list| {
            let mut texts = Texts::new();
            for text in list {
                texts.add(text.as_bytes());
            }
            texts
        })
        .to_vec()
}

/// Memory for rows.
pub struct Memory {
    doubles: [Vec<Cell<f64>>; 3],
    integers: Vec<Cell<i64>>,
    bytes: [Vec<Cell<u8>>; 2],
    texts: Vec<Cell<i32>>,
    ticks: Vec<Cell<f64>>,
    lots: Vec<Cell<f64>>,
    starts: Vec<Cell<u32>>,
}

fn cells<T: Copy>(value: T, count: usize) -> Vec<Cell<T>> {
    vec![Cell::new(value); count]
}

impl Memory {
    pub fn new(rows: usize, levels: usize) -> Self {
        Self {
            doubles: [cells(7.0, rows), cells(7.0, rows), cells(7.0, rows)],
            integers: cells(7, rows),
            bytes: [cells(7, rows), cells(7, rows)],
            texts: cells(7, rows),
            ticks: cells(7.0, levels),
            lots: cells(7.0, levels),
            starts: cells(0, rows + 1),
        }
    }

    fn columns(&self) -> [Column<'_>; 8] {
        let [price, quantity, level] = &self.doubles;
        let [is_maker, side] = &self.bytes;
        [
            Column::Integers(&self.integers),
            Column::Doubles(price),
            Column::Doubles(quantity),
            Column::Bytes(is_maker),
            Column::Bytes(side),
            Column::Texts(&self.texts),
            Column::Doubles(level),
            Column::Levels { ticks: &self.ticks, lots: &self.lots, starts: &self.starts },
        ]
    }

    pub fn row(&self, row: usize) -> Row {
        let [price, quantity, level] = self.doubles.each_ref().map(|cells| cells[row].get());
        let (start, end) = (self.starts[row].get() as usize, self.starts[row + 1].get() as usize);
        Row {
            time: self.integers[row].get(),
            price,
            quantity,
            is_maker: self.bytes[0][row].get() == 1,
            side: self.bytes[1][row].get() as usize,
            symbol: self.texts[row].get() as usize,
            level: (level.to_bits() != (-1.0f64).to_bits()).then_some(level),
            bids: (start..end).map(|at| (self.ticks[at].get(), self.lots[at].get())).collect(),
        }
    }
}

pub fn decode(decoder: RowDecoder, bytes: &[u8], pieces: Pieces, memory: &Memory, row: usize) -> Outcome {
    let program = program();
    assert_eq!(program.columns().last(), Some(ColumnKind::Levels));
    decode_with(decoder, bytes, pieces, memory, row, &program, &mut Layout::new(&program))
}

/// With what was learned before.
pub fn decode_with(
    decoder: RowDecoder,
    bytes: &[u8],
    pieces: Pieces,
    memory: &Memory,
    row: usize,
    program: &Program,
    layout: &mut Layout,
) -> Outcome {
    let request = Request {
        bytes,
        pieces,
        columns: &memory.columns(),
        row,
        capacity: memory.integers.len(),
        is_cancelled: &AtomicBool::new(false),
    };
    decoder.decode(program, &texts(), layout, &request)
}

const ANY_LENGTH: usize = usize::MAX;

pub fn lines(from: usize) -> Pieces<'static> {
    Pieces::Lines { from, max_bytes: ANY_LENGTH }
}
