//! Node-API: arguments in, results out. `contestants.ts` is the only caller and passes what its types say, so a wrong
//! argument throws without details.

use std::ffi::{CStr, c_void};
use std::{ptr, slice};

use napi_sys as sys;
use napi_sys::{napi_callback, napi_callback_info, napi_env, napi_value};

use crate::query::Query;
use crate::{Read, Validate};

/// The object that `require` returns, while it is filled.
pub struct Exports {
    env: napi_env,
    object: napi_value,
}

impl Exports {
    /// # Safety
    /// Both come from the running call that registers the addon, and the value does not outlive it.
    pub unsafe fn new(env: napi_env, object: napi_value) -> Self {
        Self { env, object }
    }

    pub fn into_value(self) -> napi_value {
        self.object
    }

    pub fn text(&self, name: &'static CStr, text: &str) {
        let mut value = ptr::null_mut();
        // SAFETY: `env` is that of the running call.
        unsafe { create_string(self.env, text, &raw mut value) };
        self.set(name, value);
    }

    pub fn prepare(&self, name: &'static CStr) {
        self.function(name, Some(prepare), ptr::null_mut());
    }

    pub fn validate(&self, name: &'static CStr, function: Validate) {
        self.function(name, Some(validate), function as *mut c_void);
    }

    pub fn read(&self, name: &'static CStr, function: Read) {
        self.function(name, Some(read), function as *mut c_void);
    }

    /// `data` comes back in the call.
    fn function(&self, name: &'static CStr, callback: napi_callback, data: *mut c_void) {
        let mut value = ptr::null_mut();
        let length = name.count_bytes().cast_signed();
        // SAFETY: `env` is that of the running call; the name and the callbacks live as long as the addon.
        unsafe { sys::napi_create_function(self.env, name.as_ptr(), length, callback, data, &raw mut value) };
        self.set(name, value);
    }

    fn set(&self, name: &'static CStr, value: napi_value) {
        // SAFETY: `env` and both values belong to the running call.
        unsafe { sys::napi_set_named_property(self.env, self.object, name.as_ptr(), value) };
    }
}

/// What a library found, on its way to JavaScript.
#[derive(Clone, Copy)]
pub enum Scalar<'a> {
    Null,
    Bool(bool),
    Number(f64),
    Text(&'a str),
}

/// The array that a read returns.
pub struct Values {
    env: napi_env,
    array: napi_value,
    length: u32,
}

impl Values {
    fn new(env: napi_env, length: usize) -> Self {
        let mut array = ptr::null_mut();
        // SAFETY: `env` belongs to the running call.
        unsafe { sys::napi_create_array_with_length(env, length, &raw mut array) };
        Self { env, array, length: 0 }
    }

    /// `None` if JavaScript takes no more.
    pub fn push(&mut self, scalar: Scalar<'_>) -> Option<()> {
        let mut value = ptr::null_mut();
        // SAFETY: `env` belongs to the running call; a text is copied.
        unsafe {
            match scalar {
                Scalar::Null => sys::napi_get_null(self.env, &raw mut value),
                Scalar::Bool(flag) => sys::napi_get_boolean(self.env, flag, &raw mut value),
                Scalar::Number(number) => sys::napi_create_double(self.env, number, &raw mut value),
                Scalar::Text(text) => create_string(self.env, text, &raw mut value),
            };
        }
        // SAFETY: `env` and both values belong to the running call.
        let status = unsafe { sys::napi_set_element(self.env, self.array, self.length, value) };
        self.length += 1;
        (status == sys::Status::napi_ok).then_some(())
    }
}

/// # Safety
/// `env` belongs to the running call, and `value` can be written.
unsafe fn create_string(env: napi_env, text: &str, value: *mut napi_value) -> sys::napi_status {
    // SAFETY: by the contract of this function; the text is copied.
    unsafe { sys::napi_create_string_utf8(env, text.as_ptr().cast(), text.len().cast_signed(), value) }
}

/// A call of one of the functions.
struct Call {
    env: napi_env,
    arguments: [napi_value; 2],
    data: *mut c_void,
}

impl Call {
    /// # Safety
    /// Both come from Node.js, and the value does not outlive the call.
    unsafe fn new(env: napi_env, info: napi_callback_info) -> Self {
        let mut arguments = [ptr::null_mut(); 2];
        let mut count = arguments.len();
        let mut data = ptr::null_mut();
        let values = arguments.as_mut_ptr();
        // SAFETY: by the contract of this function; missing arguments become `undefined`.
        unsafe { sys::napi_get_cb_info(env, info, &raw mut count, values, ptr::null_mut(), &raw mut data) };
        Self { env, arguments, data }
    }

    /// The first argument, a `Uint8Array`, where it is.
    fn bytes(&self) -> Option<&[u8]> {
        let mut data = ptr::null_mut();
        let (mut kind, mut length) = (0, 0);
        // SAFETY: `env` and the value belong to the running call; null skips what is not wanted.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                self.env,
                self.arguments[0],
                &raw mut kind,
                &raw mut length,
                &raw mut data,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        if status != sys::Status::napi_ok || kind != sys::TypedarrayType::uint8_array || data.is_null() {
            return None;
        }
        // SAFETY: the engine owns `length` bytes there, and JavaScript does not run before the call returns.
        Some(unsafe { slice::from_raw_parts(data.cast(), length) })
    }

    /// The first argument, a string.
    fn text(&self) -> Option<Vec<u8>> {
        let mut length = 0;
        // SAFETY: `env` and the value belong to the running call; without a buffer it tells the length.
        let status = unsafe {
            sys::napi_get_value_string_utf8(self.env, self.arguments[0], ptr::null_mut(), 0, &raw mut length)
        };
        if status != sys::Status::napi_ok {
            return None;
        }
        let mut text = vec![0; length + 1]; // it ends with a zero byte
        let buffer = text.as_mut_ptr().cast();
        // SAFETY: as above, with a buffer of the given size.
        unsafe { sys::napi_get_value_string_utf8(self.env, self.arguments[0], buffer, text.len(), &raw mut length) };
        text.truncate(length);
        Some(text)
    }

    /// The second argument, a boolean.
    fn flag(&self) -> Option<bool> {
        let mut flag = false;
        // SAFETY: `env` and the value belong to the running call.
        let status = unsafe { sys::napi_get_value_bool(self.env, self.arguments[1], &raw mut flag) };
        (status == sys::Status::napi_ok).then_some(flag)
    }

    /// The second argument, which [`prepare`] returned.
    fn query(&self) -> Option<&Query> {
        let mut query: *mut c_void = ptr::null_mut();
        // SAFETY: `env` and the value belong to the running call.
        let status = unsafe { sys::napi_get_value_external(self.env, self.arguments[1], &raw mut query) };
        // SAFETY: the only externals there are come from `prepare`, and are never freed.
        (status == sys::Status::napi_ok).then(|| unsafe { &*query.cast::<Query>() })
    }

    fn throw(&self, message: &CStr) -> napi_value {
        // SAFETY: `env` belongs to the running call; the text is copied.
        unsafe { sys::napi_throw_error(self.env, ptr::null(), message.as_ptr()) };
        ptr::null_mut()
    }
}

unsafe extern "C" fn prepare(env: napi_env, info: napi_callback_info) -> napi_value {
    // SAFETY: Node.js calls this.
    let call = unsafe { Call::new(env, info) };
    let (Some(text), Some(keep_memory)) = (call.text(), call.flag()) else {
        return call.throw(c"not a text and a flag");
    };
    let Some(query) = Query::parse(&text, keep_memory) else {
        return call.throw(c"not a list of paths");
    };
    let mut value = ptr::null_mut();
    let query: *mut Query = Box::into_raw(Box::new(query)); // for as long as the process
    // SAFETY: `env` belongs to the running call; nothing frees the query.
    unsafe { sys::napi_create_external(env, query.cast(), None, ptr::null_mut(), &raw mut value) };
    value
}

unsafe extern "C" fn validate(env: napi_env, info: napi_callback_info) -> napi_value {
    // SAFETY: Node.js calls this.
    let call = unsafe { Call::new(env, info) };
    // SAFETY: `Exports::validate` put it there.
    let function: Validate = unsafe { std::mem::transmute(call.data) };
    let Some(bytes) = call.bytes() else { return call.throw(c"not a Uint8Array with bytes") };
    let mut value = ptr::null_mut();
    // SAFETY: `env` belongs to the running call.
    unsafe { sys::napi_get_boolean(env, function(bytes), &raw mut value) };
    value
}

unsafe extern "C" fn read(env: napi_env, info: napi_callback_info) -> napi_value {
    // SAFETY: Node.js calls this.
    let call = unsafe { Call::new(env, info) };
    // SAFETY: `Exports::read` put it there.
    let function: Read = unsafe { std::mem::transmute(call.data) };
    let (Some(bytes), Some(query)) = (call.bytes(), call.query()) else {
        return call.throw(c"not a Uint8Array with bytes and a query");
    };
    let mut values = Values::new(env, query.steps.len());
    match function(bytes, query, &mut values) {
        Some(()) => values.array,
        None => call.throw(c"refused, or not found"),
    }
}
