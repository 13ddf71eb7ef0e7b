//! The row decoder on every CPU path that this machine has: rows that are known because they were written here, in any
//! order, spacing and notation; and mutations, of which none may be accepted that is no document.
//!
//! A plain `main` without threads, as in `perf_simd/tests/kernels.rs`. `PERF_ROUNDS` sets the number of lines,
//! `PERF_STRIDE` thins out what is exhaustive.

#![allow(clippy::print_stdout, reason = "says which paths ran: a path that the CPU lacks is not tested")]
#![allow(clippy::cast_precision_loss, reason = "the numbers are made small enough")]

mod cases;
mod rows;

use core::cell::Cell;
use core::fmt::Write;

use cases::mutated;
use cases::testing::{Random, rounds, stride};
use perf_json::decode::{Layout, Outcome, Pieces, RowDecoder, Stop};
use perf_json::{ANY_DEPTH, Validator};
use perf_simd::Cpu;
use rows::{Memory, Row, SIDES, SYMBOLS, decode, decode_with, lines, program};

fn main() {
    let rounds = rounds(20_000);
    for cpu in Cpu::supported() {
        let decoder = RowDecoder::new(cpu);
        assert_eq!(decoder.path(), cpu.path());
        rows_are_what_was_written(decoder, rounds);
        nothing_is_accepted_that_is_no_document(decoder, Validator::new(cpu), rounds);
        malformed_text_is_found_in_its_line(decoder);
        documents_end_where_they_end(decoder);
        stops_where_the_caller_has_to_act(decoder);
        unusual_lines_are_for_the_caller(decoder);
        what_is_expected_changes_no_answer(decoder, rounds);
        println!("row decoder: {} ok, {rounds} lines", cpu.path().name());
    }
}

fn random_row(random: &mut Random) -> Row {
    let has_level = random.below(2) == 0;
    let bids = if random.below(2) == 0 { random.below(4) } else { 0 };
    let most = 1 << (1 + random.below(30));
    Row {
        time: (random.next() as i64) >> random.below(64),
        price: random.below(2_000_000) as f64 - 100.0,
        quantity: random.below(most) as f64,
        is_maker: random.below(2) == 0,
        side: random.below(SIDES.len()),
        symbol: if random.below(3) == 0 { random.below(SYMBOLS.len()) } else { 0 },
        level: has_level.then(|| (random.below(1 << 30) as f64 - 1000.0) / [1.0, 8.0, 1e3, 1e9][random.below(4)]),
        bids: (0..bids).map(|_| (random.below(1000) as f64, random.below(9999) as f64)).collect(),
    }
}

/// How members are written: compact and in order, or not.
struct Style<'a> {
    random: &'a mut Random,
    is_usual: bool,
}

impl Style<'_> {
    fn chance(&mut self, percent: usize) -> bool {
        !self.is_usual && self.random.below(100) < percent
    }

    fn space(&mut self) -> &'static str {
        if self.chance(8) { [" ", "  ", "\t", "\r", "   \t  "][self.random.below(5)] } else { "" }
    }

    /// A count at a scale, as a text or a number, with zeros at its end, or with an exponent.
    fn decimal(&mut self, count: f64, step: i64, decimals: u32) -> String {
        let (scaled, unit) = (count as i64 * step, 10i64.pow(decimals));
        let sign = if scaled < 0 { "-" } else { "" };
        let (whole, fraction) = (scaled.abs() / unit, scaled.abs() % unit);
        let mut text = if self.chance(10) {
            format!("{sign}{}{}-{decimals}", scaled.abs(), ["e", "E"][self.random.below(2)])
        } else {
            format!("{sign}{whole}.{fraction:0width$}{}", "0".repeat(self.random.below(3)), width = decimals as usize)
        };
        if self.chance(10) && text.ends_with(".0") {
            text.truncate(text.len() - 2);
        }
        if self.is_usual || self.random.below(2) == 0 { format!("\"{text}\"") } else { text }
    }

    fn object(&mut self, mut members: Vec<(&str, String)>) -> String {
        const OTHERS: [(&str, &str); 6] = [
            ("e", "\"trade\""),
            ("x", "[1,{\"p\":\"}\"},[]]"),
            ("a longer key \u{e9} than that", "-1.5e-7"),
            ("q2", "\"\\u00e9\\\"\""),
            ("n", "null"),
            ("o", "{\"T\":{}}"),
        ];
        if self.chance(20) {
            let place = self.random.below(members.len());
            members.rotate_left(place);
        }
        for _ in 0..if self.is_usual { 2 } else { self.random.below(4) } {
            // The usual ones are the same in every line.
            let (at, other) =
                if self.is_usual { (0, 0) } else { (self.random.below(members.len() + 1), self.random.below(6)) };
            members.insert(at, (OTHERS[other].0, OTHERS[other].1.to_owned()));
        }
        let mut text = String::from("{");
        for (index, (key, value)) in members.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let spaces = [(); 4].map(|()| self.space());
            write!(text, "{comma}{}\"{key}\"{}:{}{value}{}", spaces[0], spaces[1], spaces[2], spaces[3]).unwrap();
        }
        text + "}"
    }
}

fn line_of(row: &Row, random: &mut Random) -> String {
    let is_usual = random.below(2) == 0;
    let mut style = Style { random, is_usual };
    let mut data = vec![
        ("p", style.decimal(row.price, 5, 1)),
        ("q", style.decimal(row.quantity, 1, 3)),
        ("m", row.is_maker.to_string()),
        ("side", format!("\"{}\"", SIDES[row.side])),
        ("the symbol of the instrument", format!("\"{}\"", SYMBOLS[row.symbol])),
    ];
    if !row.bids.is_empty() || style.chance(50) {
        let mut bids = Vec::new();
        for &(tick, lot) in &row.bids {
            let rest = if style.chance(10) { ", \"x\",[]" } else { "" };
            let (tick, lot, space) = (style.decimal(tick, 5, 1), style.decimal(lot, 1, 3), style.space());
            bids.push(format!("[{space}{tick}{space},{lot}{rest}{space}]{space}"));
        }
        data.push(("b", format!("[{}]", bids.join(","))));
    } else if style.chance(50) {
        data.push(("b", "null".to_owned()));
    }
    let time = if style.chance(20) { format!("\"{}\"", row.time) } else { row.time.to_string() };
    let mut members = vec![("T", time)];
    match row.level {
        Some(level) => members.push(("level", format!("{level}"))),
        None if style.chance(50) => members.push(("level", "null".to_owned())),
        None => {}
    }
    members.push(("data", style.object(data)));
    let document = style.object(members);
    format!("{}{document}{}", style.space(), style.space())
}

/// Every line is decoded, from wherever one starts.
fn rows_are_what_was_written(decoder: RowDecoder, rounds: usize) {
    let mut random = Random(1);
    for _ in 0..rounds.div_ceil(50) {
        let rows: Vec<Row> = (0..50).map(|_| random_row(&mut random)).collect();
        let mut text = String::new();
        let mut feeds = 0;
        for (index, row) in rows.iter().enumerate() {
            while random.below(10) == 0 {
                text.push_str(["\n", " \n", "\r\n", "\t \n"][random.below(4)]);
                feeds += 1;
            }
            text.push_str(&line_of(row, &mut random));
            if index < rows.len() - 1 || random.below(2) == 0 {
                text.push_str(if random.below(4) == 0 { "\r\n" } else { "\n" });
                feeds += 1;
            }
        }
        let memory = Memory::new(60, 300);
        let outcome = decode(decoder, text.as_bytes(), lines(0), &memory, 3);
        let expected = Outcome { stop: Stop::End, at: text.len(), rows: rows.len(), lines: feeds };
        assert_eq!(outcome, expected, "{}", &text[outcome.at..]);
        for (index, row) in rows.iter().enumerate() {
            assert_eq!(memory.row(3 + index), *row, "row {index} of {text}");
        }
    }
}

/// A damaged document is decoded as a line only if it is one still, and then it is one line.
fn nothing_is_accepted_that_is_no_document(decoder: RowDecoder, validator: Validator, rounds: usize) {
    let mut random = Random(2);
    let mut accepted = 0;
    for _ in 0..rounds {
        let row = random_row(&mut random);
        let whole = line_of(&row, &mut random);
        let bytes = mutated(whole.as_bytes(), &mut random);
        let memory = Memory::new(10, 300);
        let outcome = decode(decoder, &bytes, lines(0), &memory, 0);
        let mut taken = bytes[..outcome.at].split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        for line in taken.by_ref().take(outcome.rows) {
            assert_eq!(validator.validate(line, ANY_DEPTH), Ok(()), "{}", line.escape_ascii());
            accepted += 1;
        }
        assert_eq!(taken.count(), 0, "passed over a line of {}", bytes.escape_ascii());
        // As a document of its own, with another behind it.
        let end = bytes.len() as u32;
        let both = [&bytes, whole.as_bytes()].map(|bytes| [bytes, b"\n"].concat()).concat();
        let pieces = Pieces::Documents { ends: &[end, both.len() as u32 - 1].map(Cell::new), first: 0 };
        let outcome = decode(decoder, &both, pieces, &memory, 0);
        assert_eq!(outcome.rows, outcome.at);
        if outcome.at > 0 {
            assert_eq!(validator.validate(&bytes, ANY_DEPTH), Ok(()), "{}", bytes.escape_ascii());
            assert_eq!((outcome.stop, memory.row(1)), (Stop::End, row));
        }
    }
    // Mutations in spaces and in what is skipped leave some documents right.
    assert!(accepted > rounds / 50, "{accepted} of {rounds} accepted");
}

/// Lines that are like others but for digits, one more or one less, and what was damaged: decoded after each other, and each
/// by one who has not seen any.
fn what_is_expected_changes_no_answer(decoder: RowDecoder, rounds: usize) {
    const LINES: usize = 40;
    let mut random = Random(4);
    let program = program();
    let (mut same, mut refused) = (0, 0);
    for _ in 0..rounds.div_ceil(LINES) {
        let models = [(); 2].map(|()| line_of(&random_row(&mut random), &mut random).into_bytes());
        let layout = &mut Layout::new(&program);
        for _ in 0..LINES {
            let mut line = models[usize::from(random.below(5) == 0)].clone();
            for _ in 0..random.below(12) {
                let at = random.below(line.len());
                if line[at].is_ascii_digit() {
                    line[at] = b'0' + random.below(10) as u8;
                    match random.below(10) {
                        0 => line.insert(at, b'0' + random.below(10) as u8),
                        1 => _ = line.remove(at),
                        _ => {}
                    }
                }
            }
            if random.below(10) == 0 {
                line = mutated(&line, &mut random);
            }
            if random.below(3) == 0 {
                // White space in a document, and the end of a line.
                line.iter_mut().filter(|byte| **byte == b'\t').for_each(|byte| *byte = b'\n');
            }
            // Far from the end of the bytes, where nothing is expected.
            let end = line.len() as u32;
            line.extend_from_slice(&[b'\n'; 100]);
            let ends = [Cell::new(end)];
            let pieces = if random.below(4) == 0 { Pieces::Documents { ends: &ends, first: 0 } } else { lines(0) };
            let (expected, actual) = (Memory::new(4, 60), Memory::new(4, 60));
            let alone = decode(decoder, &line, pieces, &expected, 0);
            let outcome = decode_with(decoder, &line, pieces, &actual, 0, &program, layout);
            assert_eq!(outcome, alone, "{}", line.escape_ascii());
            for row in 0..outcome.rows {
                assert_eq!(actual.row(row), expected.row(row), "{}", line.escape_ascii());
                same += 1;
            }
            refused += usize::from(outcome.stop == Stop::Piece);
        }
    }
    assert!(same > rounds / 3 && refused > rounds / 50, "{same} rows, {refused} refused of {rounds}");
}

/// In lines far behind the first, and just before and behind the borders of the windows.
fn malformed_text_is_found_in_its_line(decoder: RowDecoder) {
    let mut random = Random(3);
    let mut text = String::new();
    let mut starts = Vec::new();
    while text.len() < 20_000 {
        starts.push(text.len());
        text.push_str(&line_of(&random_row(&mut random), &mut random));
        text.push('\n');
    }
    let rows = starts.len();
    let memory = Memory::new(rows, 4 * rows);
    assert_eq!(decode(decoder, text.as_bytes(), lines(0), &memory, 0).rows, rows);
    // Inside of a string that nobody wants, where the place is one.
    let mut bytes = text.into_bytes();
    // From the last one on, which is behind all windows, since few of them may be looked at.
    for &start in starts.iter().rev().step_by(stride()) {
        let Some(place) = bytes[start..].windows(5).position(|five| five == b"trade").map(|place| start + place) else {
            continue;
        };
        let holder = starts.partition_point(|&start| start <= place) - 1;
        for broken in [&b"\xff"[..], b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\x80"] {
            let kept = bytes[place..place + broken.len()].to_vec();
            bytes[place..place + broken.len()].copy_from_slice(broken);
            for first in [0, holder] {
                let outcome = decode(decoder, &bytes, lines(starts[first]), &memory, 0);
                let expected =
                    Outcome { stop: Stop::Piece, at: starts[holder], rows: holder - first, lines: holder - first };
                assert_eq!(outcome, expected);
            }
            bytes[place..place + broken.len()].copy_from_slice(&kept);
        }
    }
}

fn documents_end_where_they_end(decoder: RowDecoder) {
    let usual = r#"{"T":1,"data":{"p":"0.5","q":"0.001","m":true,"side":"BUY","the symbol of the instrument":"A"}}"#;
    let parts = [usual.to_owned(), format!("\n {usual}\r\n\n"), usual.to_owned()];
    let mut ends = Vec::new();
    let mut bytes = Vec::new();
    for part in &parts {
        bytes.extend_from_slice(part.as_bytes());
        ends.push(Cell::new(bytes.len() as u32));
        bytes.push(b'\n');
    }
    let memory = Memory::new(4, 4);
    for first in 0..=3 {
        let outcome = decode(decoder, &bytes, Pieces::Documents { ends: &ends, first }, &memory, 0);
        assert_eq!(outcome, Outcome { stop: Stop::End, at: 3, rows: 3 - first, lines: 0 });
    }
    // A document that goes on in the next piece, one with a second behind it, an empty one, and one of white space.
    let (head, tail) = usual.split_at(20);
    for parts in [[head, tail], [format!("{usual}{usual}").as_str(), usual], ["", usual], ["  ", usual]] {
        let bytes = parts.map(|part| format!("{part}\n")).concat();
        let ends = [parts[0].len() as u32, bytes.len() as u32 - 1].map(Cell::new);
        let outcome = decode(decoder, bytes.as_bytes(), Pieces::Documents { ends: &ends, first: 0 }, &memory, 0);
        assert_eq!(outcome, Outcome { stop: Stop::Piece, at: 0, rows: 0, lines: 0 }, "{bytes}");
    }
    // Ends that are none.
    for ends in [[u32::MAX, 5], [0, 0], [5, 3]].map(|ends| ends.map(Cell::new)) {
        for first in 0..4 {
            let outcome = decode(decoder, &bytes, Pieces::Documents { ends: &ends, first }, &memory, 0);
            assert_eq!(outcome.rows, 0);
        }
    }
}

fn stops_where_the_caller_has_to_act(decoder: RowDecoder) {
    let line = |bids: usize| {
        let levels = vec!["[\"1.0\",\"0.001\"]"; bids].join(",");
        format!(
            "{{\"T\":1,\"data\":{{\"p\":\"0.5\",\"q\":\"0.001\",\"m\":true,\"side\":\"BUY\",\"the symbol of the instrument\":\"A\",\"b\":[{levels}]}}}}\n"
        )
    };
    let stop = |text: &str, memory: &Memory, row| decode(decoder, text.as_bytes(), lines(0), memory, row);
    let (one, three) = (line(1), line(3));
    let text = [&one[..], &three, &one].concat();
    let full = Outcome { stop: Stop::Full, at: one.len(), rows: 1, lines: 1 };
    assert_eq!(stop(&text, &Memory::new(2, 9), 1), full);
    assert_eq!(stop(&text, &Memory::new(1, 9), 1), Outcome { at: 0, rows: 0, lines: 0, ..full });
    assert_eq!(stop("\n \n", &Memory::new(1, 9), 1), Outcome { stop: Stop::End, at: 3, rows: 0, lines: 2 });
    assert_eq!(stop(&text, &Memory::new(9, 3), 0), Outcome { stop: Stop::Room(7), at: one.len(), rows: 1, lines: 1 });
    assert_eq!(stop(&text, &Memory::new(9, 5), 0).stop, Stop::End);
    // More levels than are allowed, with room for them.
    assert_eq!(stop(&line(100), &Memory::new(1, 200), 0).stop, Stop::End);
    assert_eq!(stop(&line(101), &Memory::new(1, 200), 0).stop, Stop::Piece);
    let limit = |max_bytes| {
        let pieces = Pieces::Lines { from: 0, max_bytes };
        decode(decoder, text.as_bytes(), pieces, &Memory::new(9, 9), 0)
    };
    assert_eq!(limit(three.len() - 1).stop, Stop::End);
    assert_eq!(limit(three.len() - 2), Outcome { stop: Stop::Piece, at: one.len(), rows: 1, lines: 1 });
    let blank = decode(decoder, b"\n    \n", Pieces::Lines { from: 0, max_bytes: 3 }, &Memory::new(9, 9), 0);
    assert_eq!(blank, Outcome { stop: Stop::Piece, at: 1, rows: 0, lines: 1 });
}

fn unusual_lines_are_for_the_caller(decoder: RowDecoder) {
    let rest = r#""q":"0.001","m":true,"side":"BUY","the symbol of the instrument":"A"}"#;
    let usual = format!(r#"{{"T":1,"data":{{"p":"0.5",{rest}}}"#);
    let memory = Memory::new(2, 2);
    let rows = |text: &str| decode(decoder, text.as_bytes(), lines(0), &memory, 0).rows;
    assert_eq!(rows(&usual), 1);
    let unusual = [
        usual.replace("\"T\"", "\"\\u0054\""),
        usual.replace("\"A\"", "\"\\u0041\""),
        usual.replace("\"A\"", "\"B\""),
        usual.replace("\"T\":1", "\"T\":1,\"T\":1"),
        usual.replace("}}", "},\"data\":{}}"),
        usual.replace("\"T\":1,", ""),
        usual.replace("\"T\":1", "\"T\":null"),
        usual.replace("\"T\":1", "\"T\":1.5"),
        usual.replace("\"T\":1", "\"T\":18446744073709551616"),
        usual.replace("\"0.5\"", "\"0.25\""),
        usual.replace("\"0.5\"", "\"0.1\""),
        usual.replace("\"0.001\"", "\"-0.001\""),
        usual.replace("true", "1"),
        usual.replace("\"BUY\"", "\"BUYS\""),
        usual.replace("{\"p\"", "[\"p\""),
        usual.replace(",\"data\"", "\n,\"data\""),
        usual.replace("\"T\":1", "\"T\":1,\"x\":[1,\n2]"),
        format!("{usual} {usual}"),
        format!("[{usual}]"),
        format!("\u{feff}{usual}"),
        "null".to_owned(),
        "{}".to_owned(),
    ];
    for text in unusual {
        assert_eq!(rows(&text), 0, "{text}");
    }
}
