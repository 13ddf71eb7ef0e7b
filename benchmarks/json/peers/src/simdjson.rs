//! C++ simdjson, through the functions of `simdjson.cpp`.

use std::ffi::c_void;
use std::{ptr, slice, str};

use crate::node::{Scalar, Values};
use crate::query::Query;

#[repr(C)]
struct Text {
    data: *const u8,
    length: usize,
}

/// A scalar as C++ hands it over; `kind` is that of its enumeration.
#[repr(C)]
struct Found {
    kind: u32,
    number: f64,
    text: Text,
}

/// What is asked of a document. `push` takes each value, and `to` is its business; it returns whether to go on.
#[repr(C)]
struct Request {
    pointers: *const Text,
    count: usize,
    keep_memory: bool,
    push: unsafe extern "C" fn(*mut c_void, *const Found) -> bool,
    to: *mut c_void,
}

type Get = unsafe extern "C" fn(*const u8, usize, *const Request) -> bool;

unsafe extern "C" {
    fn peer_simdjson_is_valid(bytes: *const u8, length: usize) -> bool;
    fn peer_simdjson_get(bytes: *const u8, length: usize, request: *const Request) -> bool;
    fn peer_simdjson_get_again(bytes: *const u8, length: usize, request: *const Request) -> bool;
    fn peer_simdjson_on_demand(bytes: *const u8, length: usize, request: *const Request) -> bool;
}

pub fn is_valid(bytes: &[u8]) -> bool {
    // SAFETY: it reads the bytes, and no further than the page that the last of them is on.
    unsafe { peer_simdjson_is_valid(bytes.as_ptr(), bytes.len()) }
}

pub fn get(bytes: &[u8], query: &Query, values: &mut Values) -> Option<()> {
    get_by(peer_simdjson_get, bytes, query, values)
}

/// From the document that [`is_valid`] saw last, whose tape was kept.
pub fn get_again(bytes: &[u8], query: &Query, values: &mut Values) -> Option<()> {
    get_by(peer_simdjson_get_again, bytes, query, values)
}

pub fn get_on_demand(bytes: &[u8], query: &Query, values: &mut Values) -> Option<()> {
    get_by(peer_simdjson_on_demand, bytes, query, values)
}

/// More paths than any case asks for.
const MOST_PATHS: usize = 8;

fn get_by(get: Get, bytes: &[u8], query: &Query, values: &mut Values) -> Option<()> {
    let count = query.pointers.len();
    let mut pointers = [const { Text { data: ptr::null(), length: 0 } }; MOST_PATHS];
    for (text, pointer) in pointers.get_mut(..count)?.iter_mut().zip(&query.pointers) {
        *text = Text { data: pointer.as_ptr(), length: pointer.len() };
    }
    let to = ptr::from_mut(values).cast();
    let request = Request { pointers: pointers.as_ptr(), count, keep_memory: query.keep_memory, push, to };
    // SAFETY: there are `count` pointers, whose texts live as long as the query; `push` gets the values it expects.
    unsafe { get(bytes.as_ptr(), bytes.len(), &raw const request) }.then_some(())
}

unsafe extern "C" fn push(values: *mut c_void, found: *const Found) -> bool {
    // SAFETY: both come from `get_by` and from the function that it called.
    let (values, found) = unsafe { (&mut *values.cast::<Values>(), &*found) };
    let scalar = match found.kind {
        0 => Scalar::Null,
        1 => Scalar::Bool(found.number != 0.0),
        2 => Scalar::Number(found.number),
        _ => {
            // SAFETY: simdjson's strings are UTF-8 and stay where they are until the parser is used again.
            let bytes = unsafe { slice::from_raw_parts(found.text.data, found.text.length) };
            // SAFETY: as above.
            Scalar::Text(unsafe { str::from_utf8_unchecked(bytes) })
        }
    };
    values.push(scalar).is_some()
}
