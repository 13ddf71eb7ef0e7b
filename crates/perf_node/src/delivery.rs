//! The way back from our threads to the thread of an environment, and the end of both.
//!
//! A thread that works writes into memory of the environment. When the environment ends (a worker is terminated, the
//! process has nothing left to do), its memory goes, so its cleanup hook waits for what is in flight. Hooks run in the
//! reverse order of their registration: ours is registered after the queue's own, and before that queue is torn down
//! no thread uses it any more.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use napi::{check_status, sys};
use perf_json::parallel::Pool;

use crate::flight::deliver;

/// Made with the first asynchronous call of a decoder.
pub struct Delivery {
    env: sys::napi_env,
    queue: sys::napi_threadsafe_function,
    /// Until the environment ends.
    pool: RefCell<Option<Arc<Pool>>>,
    in_flight: Arc<InFlight>,
    /// Promises that are not settled. While there are any, the process stays.
    waiting: Cell<usize>,
}

/// What threads have not finished.
#[derive(Default)]
pub struct InFlight {
    count: Mutex<usize>,
    landed: Condvar,
    /// Nobody waits for the results any more.
    pub is_cancelled: AtomicBool,
}

impl Delivery {
    pub fn new(env: sys::napi_env) -> napi::Result<Rc<Self>> {
        let name = c"perf:decodeLines";
        let (mut resource, mut queue) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: `env` is that of the running call; null stands for no function, no resource and no finalizer.
        unsafe {
            check_status!(sys::napi_create_string_utf8(
                env,
                name.as_ptr(),
                name.count_bytes() as isize,
                &raw mut resource
            ))?;
            check_status!(sys::napi_create_threadsafe_function(
                env,
                ptr::null_mut(),
                ptr::null_mut(),
                resource,
                0,
                1,
                ptr::null_mut(),
                None,
                ptr::null_mut(),
                Some(deliver),
                &raw mut queue,
            ))?;
            check_status!(sys::napi_unref_threadsafe_function(env, queue))?;
        }
        let delivery = Rc::new(Self {
            env,
            queue,
            pool: RefCell::new(Some(Pool::shared())),
            in_flight: Arc::default(),
            waiting: Cell::new(0),
        });
        let hook = Rc::into_raw(Rc::clone(&delivery)).cast_mut().cast();
        // SAFETY: `env` is that of the running call; the hook is given back by itself or by `retire`.
        let status = unsafe { sys::napi_add_env_cleanup_hook(env, Some(end), hook) };
        check_status!(status)?;
        Ok(delivery)
    }

    pub const fn queue(&self) -> sys::napi_threadsafe_function {
        self.queue
    }

    pub const fn in_flight(&self) -> &Arc<InFlight> {
        &self.in_flight
    }

    /// Runs a task that ends with [`InFlight::land`], and keeps the process until [`Delivery::arrived`].
    pub fn send(&self, task: impl FnOnce() + Send + 'static) {
        if self.waiting.replace(self.waiting.get() + 1) == 0 {
            // SAFETY: this is the thread of `env`, which has not ended: JavaScript runs.
            unsafe { sys::napi_ref_threadsafe_function(self.env, self.queue) };
        }
        *self.in_flight.lock() += 1;
        match &*self.pool.borrow() {
            Some(pool) => pool.run(task),
            None => task(),
        }
    }

    pub fn arrived(&self) {
        self.waiting.set(self.waiting.get() - 1);
        if self.waiting.get() == 0 {
            // SAFETY: as in `send`.
            unsafe { sys::napi_unref_threadsafe_function(self.env, self.queue) };
        }
    }

    /// The decoder is gone. Nothing is in flight: that would keep it.
    pub fn retire(self: Rc<Self>) {
        if self.pool.take().is_none() {
            return; // the environment ended before
        }
        let hook = Rc::as_ptr(&self);
        // SAFETY: this is the thread of `env`, which has not ended, so the hook has not run; without it, its `Rc` is ours.
        unsafe {
            sys::napi_remove_env_cleanup_hook(self.env, Some(end), hook.cast_mut().cast());
            drop(Rc::from_raw(hook));
            sys::napi_release_threadsafe_function(self.queue, sys::ThreadsafeFunctionReleaseMode::release);
        }
    }
}

/// # Safety
/// To be called by Node.js only, as the hook that `Delivery::new` registers.
unsafe extern "C" fn end(hook: *mut c_void) {
    // SAFETY: `Delivery::new` made it of such an `Rc`, for this call.
    let delivery = unsafe { Rc::from_raw(hook.cast::<Delivery>()) };
    delivery.in_flight.is_cancelled.store(true, Ordering::Relaxed);
    delivery.in_flight.wait();
    // The last of the process to let go ends the threads: the code that they wait in may be unloaded next.
    drop(delivery.pool.take());
}

impl InFlight {
    fn lock(&self) -> std::sync::MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last thing that a task does.
    pub fn land(&self) {
        *self.lock() -= 1;
        self.landed.notify_all();
    }

    fn wait(&self) {
        let mut count = self.lock();
        while *count > 0 {
            count = self.landed.wait(count).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
