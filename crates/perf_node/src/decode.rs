//! Rows of columns from JSON: a schema of JavaScript, prepared once, and the functions that decode by it.
//!
//! `prepareJsonDecoder` gives an object of functions, each with what was prepared as the data of the function itself. So
//! there is no handle to pass around, to check, or to confuse with another addon's.
//!
//! Numbers go in and out by one array, `control`, because looking into a typed array costs as much as reading one number:
//!
//! ```text
//!   in    from (or the first document)   to   row    capacity   most bytes of a line
//!   out   at (or document)               rows lines  field of Stop::Room
//! ```
//!
//! The columns follow as arguments of their own, levels as three (ticks, lots, starts): an array of arrays would cost a
//! property lookup for each.

use std::cell::{Cell, OnceCell, RefCell};
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::{ffi, ptr};

use napi::{check_status, sys};
use perf_json::decode::{Column, ColumnKind, Layout, Outcome, Pieces, Program, Request, Stop, Texts};

use crate::bytes::{cells, is_apart, is_shared, uint8_array};
use crate::cpu::Chosen;
use crate::delivery::Delivery;
use crate::flight::Flight;
use crate::raw::{Arguments, RawFunction, create_function, throw_type_error};

/// The most arguments of a call, columns included.
const MAX_ARGUMENTS: usize = 64;
type Call = Arguments<MAX_ARGUMENTS>;

const BYTES: usize = 0;
pub const CONTROL: usize = 1;
const CONTROL_LENGTH: usize = 5;
/// With documents, where they end; with lines, the columns start here.
const ENDS: usize = 2;

/// What the functions of one decoder share, on the thread of one environment.
pub struct Prepared {
    pub program: Arc<Program>,
    /// Shared with what is in flight: growing meanwhile copies.
    pub texts: RefCell<Arc<Vec<Texts>>>,
    layout: RefCell<Layout>,
    /// Those that no thread uses: what was learned of one block is expected of the next.
    pub spare_layouts: Arc<Mutex<Vec<Layout>>>,
    pub delivery: OnceCell<Rc<Delivery>>,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if let Some(delivery) = self.delivery.take() {
            delivery.retire();
        }
    }
}

/// `prepareJsonDecoder(words: Int32Array, keys: Uint8Array)`: the format is that of [`Program`].
///
/// # Safety
/// To be called by Node.js only, as the callback of a function.
pub unsafe extern "C" fn prepare_json_decoder(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let arguments = Arguments::<2>::read(env, info);
    let (Some(words), Some(keys)) = (cells(env, &arguments, 0), uint8_array(env, &arguments, 1)) else {
        return throw_type_error(env, c"prepareJsonDecoder takes an Int32Array and a Uint8Array");
    };
    let words: Vec<i32> = words.iter().map(Cell::get).collect();
    let program = catch_unwind(|| Program::read(&words, keys)).ok().flatten();
    let Some(program) = program.filter(|program| ENDS + 1 + arrays(program) <= MAX_ARGUMENTS) else {
        return throw_type_error(env, c"prepareJsonDecoder takes a program of at most 61 arrays");
    };
    let prepared = Rc::new(Prepared {
        texts: RefCell::new(Arc::new(vec![Texts::new(); program.dictionaries()])),
        layout: RefCell::new(Layout::new(&program)),
        spare_layouts: Arc::default(),
        program: Arc::new(program),
        delivery: OnceCell::new(),
    });
    functions(env, &prepared)
        .unwrap_or_else(|_| throw_type_error(env, c"prepareJsonDecoder could not create its functions"))
}

fn arrays(program: &Program) -> usize {
    program.columns().map(|kind| if kind == ColumnKind::Levels { 3 } else { 1 }).sum()
}

fn functions(env: sys::napi_env, prepared: &Rc<Prepared>) -> napi::Result<sys::napi_value> {
    let mut object = ptr::null_mut();
    // SAFETY: `env` is that of the running call.
    let status = unsafe { sys::napi_create_object(env, &raw mut object) };
    check_status!(status)?;
    let all: [(_, RawFunction); 4] = [
        (c"decodeLines", decode_lines),
        (c"decodeDocuments", decode_documents),
        (c"decodeLinesAsync", decode_lines_async),
        (c"learnTexts", learn_texts),
    ];
    for (name, callback) in all {
        let data = Rc::into_raw(Rc::clone(prepared)).cast_mut().cast();
        let function = create_function(env, name, callback, data)?;
        // SAFETY: `env` and the values belong to the running call; the data is given back once, when the function is gone.
        // Should one of these fail, the memory of this decoder is never given back.
        unsafe {
            let none = ptr::null_mut();
            check_status!(sys::napi_add_finalizer(env, function, data, Some(release), none, ptr::null_mut()))?;
            check_status!(sys::napi_set_named_property(env, object, name.as_ptr(), function))?;
        }
    }
    Ok(object)
}

/// # Safety
/// To be called by Node.js only, once per function.
unsafe extern "C" fn release(_env: sys::napi_env, data: *mut ffi::c_void, _hint: *mut ffi::c_void) {
    // SAFETY: `functions` made it of such an `Rc`, for this call.
    drop(unsafe { Rc::from_raw(data.cast::<Prepared>()) });
}

/// What a function was created with.
fn prepared(arguments: &Call) -> ManuallyDrop<Rc<Prepared>> {
    // SAFETY: `functions` made the data of its functions of such an `Rc`. It stays that of the running function: it is not
    // dropped here.
    ManuallyDrop::new(unsafe { Rc::from_raw(arguments.data().cast::<Prepared>()) })
}

/// `decodeLines(bytes: Uint8Array, control: Float64Array, ...columns): number`: why it stopped.
unsafe extern "C" fn decode_lines(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let arguments = Call::read(env, info);
    let prepared = prepared(&arguments);
    let Some((bytes, control, columns)) = read(env, &arguments, ENDS, &prepared.program) else {
        return throw_type_error(
            env,
            c"decodeLines takes a Uint8Array, a Float64Array and columns apart from the bytes",
        );
    };
    let bytes = &bytes[..index(control, 1).min(bytes.len())];
    let pieces = Pieces::Lines { from: index(control, 0), max_bytes: index(control, 4) };
    decode(env, &arguments, bytes, control, &columns, pieces)
}

/// `decodeDocuments(bytes: Uint8Array, control: Float64Array, ends: Uint32Array, ...columns): number`.
unsafe extern "C" fn decode_documents(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let arguments = Call::read(env, info);
    let prepared = prepared(&arguments);
    let (Some((bytes, control, columns)), Some(ends)) =
        (read(env, &arguments, ENDS + 1, &prepared.program), cells::<u32, _>(env, &arguments, ENDS))
    else {
        return throw_type_error(env, c"decodeDocuments takes a Uint8Array, a Float64Array, a Uint32Array and columns");
    };
    let ends = &ends[..index(control, 1).min(ends.len())];
    decode(env, &arguments, bytes, control, &columns, Pieces::Documents { ends, first: index(control, 0) })
}

fn decode(
    env: sys::napi_env,
    arguments: &Call,
    bytes: &[u8],
    control: &[Cell<f64>],
    columns: &[Column],
    pieces: Pieces,
) -> sys::napi_value {
    let prepared = prepared(arguments);
    let is_cancelled = &AtomicBool::new(false);
    let (row, capacity) = (index(control, 2), index(control, 3));
    let request = Request { bytes, pieces, columns, row, capacity, is_cancelled };
    let run = || {
        let (texts, mut layout) = (prepared.texts.borrow(), prepared.layout.borrow_mut());
        Chosen::get().rows.decode(&prepared.program, &texts, &mut layout, &request)
    };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(outcome) => arguments.number(report(&outcome, control)),
        Err(_) => throw_type_error(env, c"decoding failed by a defect of its own"),
    }
}

/// `decodeLinesAsync(bytes: Uint8Array, control: Float64Array, ...columns): Promise<number>`: on a thread of ours. All
/// arrays but `control` have to be on shared memory.
unsafe extern "C" fn decode_lines_async(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let arguments = Call::read(env, info);
    let prepared = prepared(&arguments);
    let first_column = ENDS;
    let Some((bytes, control, columns)) = read(env, &arguments, first_column, &prepared.program) else {
        return throw_type_error(env, c"decodeLinesAsync takes a Uint8Array, a Float64Array and columns");
    };
    let end = first_column + arrays(&prepared.program);
    if !(first_column..end).chain([BYTES]).all(|index| is_shared(env, &arguments, index)) {
        return throw_type_error(env, c"decodeLinesAsync takes arrays on shared memory");
    }
    let bytes = &bytes[..index(control, 1).min(bytes.len())];
    let pieces = Pieces::Lines { from: index(control, 0), max_bytes: index(control, 4) };
    let (row, capacity) = (index(control, 2), index(control, 3));
    // SAFETY: the memory is shared, so the engine neither detaches nor shrinks it, and the flight keeps the arrays.
    unsafe { Flight::start(env, &arguments, end, &prepared, bytes, pieces, columns, row, capacity) }
        .unwrap_or_else(|_| throw_type_error(env, c"decodeLinesAsync could not start"))
}

/// `learnTexts(dictionary: number, texts: Uint8Array, ends: Uint32Array)`: adds texts to a dictionary.
unsafe extern "C" fn learn_texts(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let arguments = Call::read(env, info);
    let prepared = prepared(&arguments);
    let (Some(dictionary), Some(texts), Some(ends)) =
        (arguments.uint32(0), uint8_array(env, &arguments, 1), cells::<u32, _>(env, &arguments, 2))
    else {
        return throw_type_error(env, c"learnTexts takes a number, a Uint8Array and a Uint32Array");
    };
    let mut all = prepared.texts.borrow_mut();
    let Some(known) = Arc::make_mut(&mut all).get_mut(dictionary as usize) else {
        return throw_type_error(env, c"learnTexts takes the number of a dictionary");
    };
    let mut start = 0;
    for end in ends {
        let end = end.get() as usize;
        let Some(text) = texts.get(start..end) else {
            return throw_type_error(env, c"learnTexts takes ends in order, within the texts");
        };
        known.add(text);
        start = end;
    }
    arguments.number(f64::from(known.len() as u32))
}

type Read<'a> = (&'a [u8], &'a [Cell<f64>], Vec<Column<'a>>);

/// The arrays of a call, the columns from `first_column` on. `None` where they are not what the program needs.
fn read<'a>(env: sys::napi_env, arguments: &'a Call, first_column: usize, program: &Program) -> Option<Read<'a>> {
    let bytes = uint8_array(env, arguments, BYTES)?;
    let control = cells(env, arguments, CONTROL).filter(|control| control.len() >= CONTROL_LENGTH)?;
    let mut next = first_column;
    let columns = program
        .columns()
        .map(|kind| {
            let at = next;
            next += if kind == ColumnKind::Levels { 3 } else { 1 };
            match kind {
                ColumnKind::Doubles => apart(cells(env, arguments, at)?, bytes).map(Column::Doubles),
                ColumnKind::Integers => apart(cells(env, arguments, at)?, bytes).map(Column::Integers),
                ColumnKind::Bytes => apart(cells(env, arguments, at)?, bytes).map(Column::Bytes),
                ColumnKind::Texts => apart(cells(env, arguments, at)?, bytes).map(Column::Texts),
                ColumnKind::Levels => Some(Column::Levels {
                    ticks: apart(cells(env, arguments, at)?, bytes)?,
                    lots: apart(cells(env, arguments, at + 1)?, bytes)?,
                    starts: apart(cells(env, arguments, at + 2)?, bytes)?,
                }),
            }
        })
        .collect::<Option<_>>()?;
    Some((bytes, control, columns))
}

fn apart<'a, T>(cells: &'a [Cell<T>], bytes: &[u8]) -> Option<&'a [Cell<T>]> {
    is_apart(bytes, cells).then_some(cells)
}

/// A position or a count. What is none becomes one: nothing here trusts it.
fn index(control: &[Cell<f64>], place: usize) -> usize {
    control[place].get() as usize
}

/// Writes how far it came, and returns why it went no further.
#[allow(clippy::cast_precision_loss, reason = "positions in typed arrays are below 2^53")]
pub fn report(outcome: &Outcome, control: &[Cell<f64>]) -> f64 {
    let (code, field) = match outcome.stop {
        Stop::End => (0.0, 0),
        Stop::Full => (1.0, 0),
        Stop::Piece => (2.0, 0),
        Stop::Room(field) => (3.0, field),
    };
    for (cell, number) in control.iter().zip([outcome.at, outcome.rows, outcome.lines, field]) {
        cell.set(number as f64);
    }
    code
}
