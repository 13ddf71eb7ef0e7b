//! Typed array arguments at the lowest price.

use std::cell::Cell;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::ops::Range;
use std::{ptr, slice};

use napi::sys;

use crate::raw::Arguments;

/// Where the elements of an argument are and how many, if it is a typed array of the kind. Null or dangling when empty.
///
/// napi's own `&[u8]` and `Uint8Array` also ask for the array's buffer, which creates a handle per call.
#[inline]
fn elements(
    env: sys::napi_env,
    array: sys::napi_value,
    wanted: sys::napi_typedarray_type,
) -> Option<(*mut c_void, usize)> {
    let mut kind = 0;
    let mut length = 0;
    let mut data = ptr::null_mut();
    // SAFETY: `env` and the value belong to the running call; null skips what is not wanted.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env,
            array,
            &raw mut kind,
            &raw mut length,
            &raw mut data,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    (status == sys::Status::napi_ok && kind == wanted).then_some((data, length))
}

/// The memory of an argument for the length of one synchronous call, if it is a `Uint8Array`.
#[inline]
pub fn uint8_array<const N: usize>(env: sys::napi_env, arguments: &Arguments<N>, index: usize) -> Option<&[u8]> {
    let (data, length) = elements(env, arguments.value(index), sys::TypedarrayType::uint8_array)?;
    if data.is_null() || length == 0 {
        return Some(&[]); // empty or detached
    }
    // SAFETY: the engine owns `length` bytes at `data` for as long as the arguments live, and JavaScript does not run
    // before the call returns, so this thread neither moves nor writes them. Another thread can write them when the
    // memory is shared: no kernel relies on two reads of a byte being equal for staying inside the slice, and the
    // JavaScript side documents that the answer is then about no particular state.
    Some(unsafe { slice::from_raw_parts(data.cast(), length) })
}

/// An element of a typed array, any bits of which are a value.
pub trait Element: Copy {
    const KIND: sys::napi_typedarray_type;
}

impl Element for u8 {
    const KIND: sys::napi_typedarray_type = sys::TypedarrayType::uint8_array;
}
impl Element for i32 {
    const KIND: sys::napi_typedarray_type = sys::TypedarrayType::int32_array;
}
impl Element for u32 {
    const KIND: sys::napi_typedarray_type = sys::TypedarrayType::uint32_array;
}
impl Element for i64 {
    const KIND: sys::napi_typedarray_type = sys::TypedarrayType::bigint64_array;
}
impl Element for f64 {
    const KIND: sys::napi_typedarray_type = sys::TypedarrayType::float64_array;
}

/// The elements of an argument for the length of one synchronous call, if it is a typed array of the kind. Cells, because
/// arrays of JavaScript may overlap.
#[inline]
pub fn cells<T: Element, const N: usize>(
    env: sys::napi_env,
    arguments: &Arguments<N>,
    index: usize,
) -> Option<&[Cell<T>]> {
    // SAFETY: the arguments live as long as the slice, and JavaScript does not run before the call returns.
    unsafe { cells_of(env, arguments.value(index)) }
}

/// The same of a value that is no argument.
///
/// # Safety
/// JavaScript must not run while the slice is used, which is as long as the value's scope at most.
#[inline]
pub unsafe fn cells_of<'a, T: Element>(env: sys::napi_env, array: sys::napi_value) -> Option<&'a [Cell<T>]> {
    let (data, length) = elements(env, array, T::KIND)?;
    let data: *const Cell<T> = data.cast();
    if data.is_null() || length == 0 || !data.is_aligned() {
        return Some(&[]); // empty or detached
    }
    // SAFETY: not null, aligned, and the engine owns `length` elements there, which stay where they are by the contract.
    // `Cell` has the layout of its element, any bits are one, and several slices of cells may cover the same memory, since
    // this thread alone uses them. Another thread can write shared memory: nothing read from a cell is relied on for
    // staying in bounds.
    Some(unsafe { slice::from_raw_parts(data, length) })
}

/// Whether no cell covers a byte of `bytes`, which are read while cells are written.
#[inline]
pub fn is_apart<T>(bytes: &[u8], cells: &[Cell<T>]) -> bool {
    let (read, written) = (bytes.as_ptr_range(), cells.as_ptr_range());
    apart(&(read.start as usize..read.end as usize), &(written.start as usize..written.end as usize))
}

/// Whether an argument is a typed array on a `SharedArrayBuffer`: its memory is never detached and never shrinks.
pub fn is_shared<const N: usize>(env: sys::napi_env, arguments: &Arguments<N>, index: usize) -> bool {
    let mut buffer = ptr::null_mut();
    // SAFETY: `env` and the value belong to the running call; null skips what is not wanted.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env,
            arguments.value(index),
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
            &raw mut buffer,
            ptr::null_mut(),
        )
    };
    let mut is_private = true;
    // SAFETY: as above. The engine says no for shared ones.
    status == sys::Status::napi_ok
        && unsafe { sys::napi_is_arraybuffer(env, buffer, &raw mut is_private) } == sys::Status::napi_ok
        && !is_private
}

/// The memory of a `Uint32Array` argument, to be written. It is a value of its own until [`disjoint`] has seen it, since
/// arrays of JavaScript may overlap and slices must not.
pub struct Uint32Memory<'a> {
    data: *mut u32,
    length: usize,
    arguments: PhantomData<&'a ()>,
}

impl<'a> Uint32Memory<'a> {
    #[inline]
    pub fn read<const N: usize>(env: sys::napi_env, arguments: &'a Arguments<N>, index: usize) -> Option<Self> {
        let (data, length) = elements(env, arguments.value(index), sys::TypedarrayType::uint32_array)?;
        // Empty or detached. The engine aligns the views of its buffers to their elements, but who knows of external ones.
        let usable = !data.is_null() && data.cast::<u32>().is_aligned();
        Some(Self { data: data.cast(), length: if usable { length } else { 0 }, arguments: PhantomData })
    }

    #[inline]
    fn addresses(&self) -> Range<usize> {
        let start = self.data as usize;
        start..start + self.length * size_of::<u32>()
    }

    #[inline]
    fn is_apart_from(&self, bytes: &[u8]) -> bool {
        let read = bytes.as_ptr_range();
        apart(&(read.start as usize..read.end as usize), &self.addresses())
    }

    /// Writes the first elements, if there are as many. To be called when no slice of an argument is used any more.
    #[inline]
    pub fn write<const N: usize>(self, elements: [u32; N]) -> bool {
        if self.length < N {
            return false;
        }
        // SAFETY: the engine owns at least `N` aligned elements there, and callers use no slice after this.
        unsafe { self.data.cast::<[u32; N]>().write(elements) };
        true
    }

    /// # Safety
    /// No other slice may cover any of it.
    #[inline]
    unsafe fn slice(self) -> &'a mut [u32] {
        if self.length == 0 {
            return &mut [];
        }
        // SAFETY: not null, aligned, and the engine owns `length` elements for as long as the arguments live; alone by
        // the contract. Another thread can write them when the memory is shared: indexes read back are always checked.
        unsafe { slice::from_raw_parts_mut(self.data, self.length) }
    }
}

/// Both memories as slices, if nothing of the three overlaps.
#[inline]
pub fn disjoint<'a>(
    bytes: &[u8],
    first: Uint32Memory<'a>,
    second: Uint32Memory<'a>,
) -> Option<(&'a mut [u32], &'a mut [u32])> {
    if first.is_apart_from(bytes) && second.is_apart_from(bytes) && apart(&first.addresses(), &second.addresses()) {
        // SAFETY: they were just seen to be apart from each other and from `bytes`.
        Some(unsafe { (first.slice(), second.slice()) })
    } else {
        None
    }
}

fn apart(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.is_empty() || b.is_empty() || a.end <= b.start || b.end <= a.start
}
