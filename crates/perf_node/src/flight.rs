//! One asynchronous call: out on a thread, back as a settled promise.

use std::cell::Cell;
use std::ffi::c_void;
use std::mem::{forget, transmute};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use napi::{check_status, sys};
use perf_json::decode::{Column, Layout, Outcome, Pieces, Program, Request, Texts};

use crate::bytes::cells_of;
use crate::cpu::Chosen;
use crate::decode::{CONTROL, Prepared, report};
use crate::delivery::{Delivery, InFlight};
use crate::raw::Arguments;

/// What a thread works on.
pub struct Flight {
    program: Arc<Program>,
    texts: Arc<Vec<Texts>>,
    layouts: Arc<Mutex<Vec<Layout>>>,
    bytes: &'static [u8],
    pieces: Pieces<'static>,
    columns: Vec<Column<'static>>,
    row: usize,
    capacity: usize,
    all: Arc<InFlight>,
    queue: sys::napi_threadsafe_function,
    landing: *mut Landing,
}

// SAFETY: the columns are cells, which must not be used by two threads at once: JavaScript leaves them alone until the
// promise is settled, and if it does not, or another worker writes them, they hold numbers that nobody promised, as with any
// race on shared memory; nothing read from them decides where is written. The queue is made to be called by any thread. The
// landing is this flight's alone until it is handed over.
unsafe impl Send for Flight {}

/// What is left to do on the thread of the environment.
struct Landing {
    prepared: Rc<Prepared>,
    promise: sys::napi_deferred,
    /// An array of all arguments: they are kept while their memory is in use.
    arguments: sys::napi_ref,
    outcome: Option<Outcome>,
}

impl Flight {
    /// Starts a flight for the first `count` arguments and returns its promise.
    ///
    /// # Safety
    /// The memory of the bytes and the columns has to stay where it is for as long as their arrays are kept.
    #[allow(clippy::too_many_arguments, reason = "a request, on its way to another thread")]
    pub unsafe fn start<const N: usize>(
        env: sys::napi_env,
        arguments: &Arguments<N>,
        count: usize,
        prepared: &Rc<Prepared>,
        bytes: &[u8],
        pieces: Pieces,
        columns: Vec<Column>,
        row: usize,
        capacity: usize,
    ) -> napi::Result<sys::napi_value> {
        let delivery = if let Some(delivery) = prepared.delivery.get() {
            delivery
        } else {
            let delivery = Delivery::new(env)?;
            prepared.delivery.get_or_init(|| delivery)
        };
        let kept = keep(env, arguments, count)?;
        let (mut deferred, mut promise) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: `env` is that of the running call.
        let status = unsafe { sys::napi_create_promise(env, &raw mut deferred, &raw mut promise) };
        check_status!(status)?;
        let landing = Landing { prepared: Rc::clone(prepared), promise: deferred, arguments: kept, outcome: None };
        let flight = Self {
            program: Arc::clone(&prepared.program),
            texts: Arc::clone(&prepared.texts.borrow()),
            layouts: Arc::clone(&prepared.spare_layouts),
            // SAFETY: the landing keeps the arrays until the thread is done with them; the rest is the caller's promise.
            bytes: unsafe { transmute::<&[u8], &'static [u8]>(bytes) },
            // SAFETY: as above.
            pieces: unsafe { transmute::<Pieces, Pieces<'static>>(pieces) },
            // SAFETY: as above.
            columns: unsafe { transmute::<Vec<Column>, Vec<Column<'static>>>(columns) },
            row,
            capacity,
            all: Arc::clone(delivery.in_flight()),
            queue: delivery.queue(),
            landing: Box::into_raw(Box::new(landing)),
        };
        delivery.send(move || flight.fly());
        Ok(promise)
    }

    /// On a thread.
    fn fly(self) {
        let Self { program, texts, layouts, bytes, pieces, columns, row, capacity, all, queue, landing } = self;
        let is_cancelled = &all.is_cancelled;
        let request = Request { bytes, pieces, columns: &columns, row, capacity, is_cancelled };
        let decode = || {
            let spare = lock(&layouts).pop();
            let mut layout = spare.unwrap_or_else(|| Layout::new(&program));
            let outcome = Chosen::get().rows.decode(&program, &texts, &mut layout, &request);
            lock(&layouts).push(layout);
            outcome
        };
        let outcome = catch_unwind(AssertUnwindSafe(decode)).ok();
        // SAFETY: the landing is this flight's, and is not used after it is handed over. The queue is open: its environment
        // waits for `land` before it closes it, and the decoder that owns it is kept by the landing.
        unsafe {
            (*landing).outcome = outcome;
            let mode = sys::ThreadsafeFunctionCallMode::nonblocking;
            sys::napi_call_threadsafe_function(queue, landing.cast(), mode);
        }
        all.land();
    }
}

/// Nothing that a panic could leave half done is behind it.
fn lock(layouts: &Mutex<Vec<Layout>>) -> MutexGuard<'_, Vec<Layout>> {
    layouts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A reference to an array of the arguments.
fn keep<const N: usize>(env: sys::napi_env, arguments: &Arguments<N>, count: usize) -> napi::Result<sys::napi_ref> {
    let (mut array, mut kept) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: `env` and the values belong to the running call.
    unsafe {
        check_status!(sys::napi_create_array_with_length(env, count, &raw mut array))?;
        for index in 0..count {
            check_status!(sys::napi_set_element(env, array, index as u32, arguments.value(index)))?;
        }
        check_status!(sys::napi_create_reference(env, array, 1, &raw mut kept))?;
    }
    Ok(kept)
}

/// Back on the thread of the environment.
///
/// # Safety
/// To be called by Node.js only, with what [`Flight::fly`] put into the queue.
pub unsafe extern "C" fn deliver(
    env: sys::napi_env,
    _function: sys::napi_value,
    _context: *mut c_void,
    landing: *mut c_void,
) {
    // SAFETY: it was a box, and the flight gave it up.
    let landing = unsafe { Box::from_raw(landing.cast::<Landing>()) };
    if env.is_null() {
        // The environment is ending, and what is in the landing ends with it.
        forget(landing);
    } else {
        landing.settle(env);
    }
}

impl Landing {
    fn settle(self, env: sys::napi_env) {
        let Self { prepared, promise, arguments, outcome } = self;
        let (mut array, mut control, mut value) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        // SAFETY: Node.js opened a scope of handles for this call; the reference and the promise are used up here.
        unsafe {
            sys::napi_get_reference_value(env, arguments, &raw mut array);
            sys::napi_get_element(env, array, CONTROL as u32, &raw mut control);
            // Detached in the meantime, it is empty, and nothing is written.
            let control: &[Cell<f64>] = cells_of(env, control).unwrap_or_default();
            if let Some(outcome) = outcome {
                sys::napi_create_double(env, report(&outcome, control), &raw mut value);
                sys::napi_resolve_deferred(env, promise, value);
            } else {
                let text = c"decoding failed by a defect of its own";
                let mut message = ptr::null_mut();
                sys::napi_create_string_utf8(env, text.as_ptr(), text.count_bytes() as isize, &raw mut message);
                sys::napi_create_type_error(env, ptr::null_mut(), message, &raw mut value);
                sys::napi_reject_deferred(env, promise, value);
            }
            sys::napi_delete_reference(env, arguments);
        }
        if let Some(delivery) = prepared.delivery.get() {
            delivery.arrived();
        }
    }
}
