//! Every operation of every instruction set that this machine has, against one-line definitions.
//!
//! A plain `main` without threads: the same program runs under qemu and valgrind, where the test harness hangs or slows.
//! `PERF_ROUNDS` sets the number of random cases, `PERF_STRIDE` thins out what is exhaustive.

#![allow(clippy::print_stdout, reason = "says which paths ran: a path that the CPU lacks is not tested")]

mod testing;

use testing::{Random, rounds, stride};

use perf_simd::{Cpu, Isa, Kernel, Path, Utf8Fault, utf8_fault_scalar};

fn main() {
    for cpu in Cpu::supported() {
        masks_match_their_definitions(cpu);
        loads_end_where_the_slice_ends(cpu);
        finds_the_first_malformed_sequence(cpu);
        finds_every_cut_and_every_wrong_byte(cpu);
        masks_of_blocks_match_their_definitions(cpu);
        places_are_those_of_the_bits(cpu);
        blocks_chain_their_utf8(cpu);
        println!("kernels: {} ok", cpu.path().name());
    }
    names_are_read_back();
}

/// The masks of the vector at a position, padded with zeros: stops, non-space, non-digit, non-ASCII.
struct Masks<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Kernel for Masks<'_> {
    type Output = (usize, [u64; 4]);

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let vector = isa.load(self.bytes, self.at).unwrap_or_else(|| isa.load_padded(self.bytes, self.at));
        let masks = [isa.string_stops(vector), isa.non_space(vector), isa.non_digit(vector), isa.non_ascii(vector)];
        (I::BYTES, masks)
    }
}

fn expected_mask(bytes: &[u8], at: usize, width: usize, test: impl Fn(u8) -> bool) -> u64 {
    (0..width)
        .filter(|index| test(bytes.get(at + index).copied().unwrap_or(0)))
        .fold(0, |mask, index| mask | 1 << index)
}

fn masks_match_their_definitions(cpu: Cpu) {
    let mut random = Random(1);
    // Every byte value at every place of a vector, then mixtures of the interesting ones.
    let mut inputs: Vec<Vec<u8>> = (0..=255u8).map(|value| vec![value; 64]).collect();
    inputs.extend((0..=255u8).map(|value| (0..64u8).map(|index| value.wrapping_add(index)).collect()));
    let interesting = b"\"\\\x00\x09\x0a\x0d\x1f\x20\x21/0:9\x7f\x80\xa0\xff";
    for length in 0..200 {
        inputs.push((0..length).map(|_| interesting[random.below(interesting.len())]).collect());
        inputs.push((0..length).map(|_| random.next() as u8).collect());
    }
    let places = inputs.iter().flat_map(|bytes| (0..=bytes.len()).map(move |at| (bytes, at)));
    for (bytes, at) in places.step_by(stride()) {
        let (width, masks) = cpu.run(Masks { bytes, at });
        let expected = [
            expected_mask(bytes, at, width, |byte| byte == b'"' || byte == b'\\' || byte < 0x20),
            expected_mask(bytes, at, width, |byte| !b" \t\n\r".contains(&byte)),
            expected_mask(bytes, at, width, |byte| !byte.is_ascii_digit()),
            expected_mask(bytes, at, width, |byte| byte >= 0x80),
        ];
        assert_eq!(masks, expected, "{} at {at} of {bytes:?}", cpu.path().name());
    }
}

struct LoadEnds<'a>(&'a [u8]);

impl Kernel for LoadEnds<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> bool {
        (0..self.0.len() + 70).all(|at| isa.load(self.0, at).is_some() == (at + I::BYTES <= self.0.len()))
    }
}

fn loads_end_where_the_slice_ends(cpu: Cpu) {
    let bytes = [b'x'; 200];
    for length in (0..bytes.len()).step_by(stride()) {
        assert!(cpu.run(LoadEnds(&bytes[..length])), "{} length {length}", cpu.path().name());
    }
}

fn first_fault(bytes: &[u8]) -> Option<usize> {
    core::str::from_utf8(bytes).err().map(|error| error.valid_up_to())
}

fn finds_the_first_malformed_sequence(cpu: Cpu) {
    let mut random = Random(2);
    let pieces = ["a", "\u{7f}", "\u{80}", "\u{7ff}", "\u{800}", "\u{d7ff}", "\u{e000}", "\u{ffff}", "\u{10000}"];
    let mut store = vec![0; 512];
    for round in 0..rounds(20_000) {
        let mut text = String::new();
        while text.len() < round % 200 {
            text.push_str(if random.below(3) == 0 { "\u{10ffff}" } else { pieces[random.below(pieces.len())] });
            if random.below(8) == 0 {
                text.push_str(
                    "plain ASCII that is longer than the widest vector there is, so that runs of it are skipped.",
                );
            }
        }
        let alignment = random.below(64);
        let bytes = &mut store[alignment..][..text.len().min(400)];
        bytes.copy_from_slice(&text.as_bytes()[..bytes.len()]);
        for _ in 0..random.below(3) {
            if !bytes.is_empty() {
                let place = random.below(bytes.len());
                bytes[place] = random.next() as u8;
            }
        }
        let expected = first_fault(bytes);
        assert_eq!(cpu.run(Utf8Fault(bytes)), expected, "{} on {bytes:x?}", cpu.path().name());
        assert_eq!(utf8_fault_scalar(bytes, 0), expected, "scalar on {bytes:x?}");
    }
}

/// All pairs and many triples of bytes around every vector border.
fn finds_every_cut_and_every_wrong_byte(cpu: Cpu) {
    let mut random = Random(3);
    for place in [0, 5, 7, 8, 13, 14, 15, 16, 29, 30, 31, 32, 61, 62, 63, 64, 65] {
        let mut bytes = [b' '; 140];
        let step = if place > 16 { 7 } else { 1 };
        let pairs = (0x7f..=0xffu8).flat_map(|first| (0x70..=0xffu8).step_by(step).map(move |second| (first, second)));
        for (first, second) in pairs.step_by(stride()) {
            bytes[place] = first;
            bytes[place + 1] = second;
            bytes[place + 2] = random.next() as u8;
            bytes[place + 3] = random.next() as u8;
            for length in [place + 1, place + 2, place + 3, place + 4, 128, 140] {
                let input = &bytes[..length];
                assert_eq!(cpu.run(Utf8Fault(input)), first_fault(input), "{} on {input:x?}", cpu.path().name());
            }
        }
    }
}

struct BlockMasks<'a>(&'a [u8; 64], u64);

impl Kernel for BlockMasks<'_> {
    type Output = [u64; 7];

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let block = isa.block(self.0);
        [
            isa.equal_any(block, *b"\""),
            isa.equal_any(block, *b"{[\x80\xff"),
            isa.between(block, b'0', b'9'),
            isa.between(block, 0, 0x1f),
            isa.space(block),
            isa.high(block),
            isa.prefix_xor(self.1),
        ]
    }
}

fn masks_of_blocks_match_their_definitions(cpu: Cpu) {
    let mut random = Random(4);
    for round in 0..rounds(2000) {
        let mut bytes = [0; 64];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = if round < 256 { (round as u8).wrapping_add(index as u8) } else { random.next() as u8 };
            if round % 3 == 0 && round > 255 {
                *byte = b"\"{[]}\\ \t\n\r09:/\x1f\x80"[random.below(16)];
            }
        }
        let mask = random.next() & random.next();
        let expected = |test: &dyn Fn(u8) -> bool| expected_mask(&bytes, 0, 64, test);
        let masks = [
            expected(&|byte| byte == b'"'),
            expected(&|byte| b"{[\x80\xff".contains(&byte)),
            expected(&|byte| byte.is_ascii_digit()),
            expected(&|byte| byte < 0x20),
            expected(&|byte| b" \t\n\r".contains(&byte)),
            expected(&|byte| byte >= 0x80),
            (0..64).fold(0, |filled, bit| filled | u64::from((mask << (63 - bit)).count_ones() & 1) << bit),
        ];
        assert_eq!(cpu.run(BlockMasks(&bytes, mask)), masks, "{} on {bytes:?}", cpu.path().name());
    }
}

struct Places(u64, u32);

impl Kernel for Places {
    type Output = [u32; 64];

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let mut places = [0; 64];
        isa.places(self.0, self.1, &mut places);
        places
    }
}

fn places_are_those_of_the_bits(cpu: Cpu) {
    let mut random = Random(6);
    for round in 0..rounds(2000) {
        // From no bit to all of them.
        let sparse = (0..round % 5).fold(u64::MAX, |mask, _| mask & random.next());
        let mask = if round % 2 == 0 { sparse } else { !sparse };
        let base = if round % 3 == 0 { u32::MAX - 63 } else { random.next() as u32 >> 1 };
        let places = cpu.run(Places(mask, base));
        let expected = (0..64).filter(|bit| mask >> bit & 1 == 1).map(|bit| base + bit);
        assert!(
            places.into_iter().zip(expected).all(|(place, wanted)| place == wanted),
            "{} {mask:x}",
            cpu.path().name()
        );
    }
}

/// Whether any of a run of blocks is malformed, with a block of spaces after the last.
struct BlockUtf8<'a>(&'a [u8]);

impl Kernel for BlockUtf8<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> bool {
        let mut before = isa.block(&[b' '; 64]);
        (0..=self.0.len()).step_by(64).any(|at| {
            let mut bytes = [b' '; 64];
            let rest = &self.0[at..self.0.len().min(at + 64)];
            bytes[..rest.len()].copy_from_slice(rest);
            let block = isa.block(&bytes);
            isa.is_malformed(core::mem::replace(&mut before, block), block)
        })
    }
}

fn blocks_chain_their_utf8(cpu: Cpu) {
    let mut random = Random(5);
    let pieces = ["a", "\u{80}", "\u{7ff}", "\u{800}", "\u{d7ff}", "\u{e000}", "\u{ffff}", "\u{10000}", "\u{10ffff}"];
    for round in 0..rounds(10_000) {
        let mut text = "x".repeat(random.below(66));
        while text.len() < 50 + round % 120 {
            text.push_str(pieces[random.below(pieces.len())]);
        }
        let mut bytes = text.into_bytes();
        if round % 2 == 0 {
            let place = random.below(bytes.len());
            bytes[place] = random.next() as u8;
        }
        let expected = first_fault(&bytes).is_some();
        assert_eq!(cpu.run(BlockUtf8(&bytes)), expected, "{} on {bytes:x?}", cpu.path().name());
    }
}

fn names_are_read_back() {
    for path in Path::ALL {
        assert_eq!(Path::from_name(path.name()), Some(path));
    }
    assert_eq!(Path::from_name("avx"), None);
    assert!(Cpu::with(Path::Scalar).is_some());
    assert!(Cpu::supported().any(|cpu| cpu == Cpu::best()));
    let foreign = if cfg!(target_arch = "aarch64") { Path::Avx2 } else { Path::Neon };
    assert!(Cpu::with(foreign).is_none());
}
