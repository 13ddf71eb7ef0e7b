//! Threads of our own for long work: libuv's four belong to files, DNS and whoever else is in the process.
//!
//! A thread is started when a task finds none idle, up to the number of CPUs, and then waits for more. Whoever has work holds
//! the pool; the last one to let go ends the threads, so that none outlives the addon's code.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, Builder, JoinHandle};

/// More threads than this share memory bandwidth and nothing else.
const MAX_THREADS: usize = 32;
/// Decoding keeps its state on the heap.
const STACK_BYTES: usize = 512 * 1024;

type Task = Box<dyn FnOnce() + Send>;

/// Threads that run tasks in the order in which they come.
#[derive(Debug)]
pub struct Pool {
    queue: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    max_threads: usize,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

impl core::fmt::Debug for Queue {
    fn fmt(&self, formatter: &mut core::fmt::Formatter) -> core::fmt::Result {
        formatter.debug_struct("Queue").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct State {
    tasks: VecDeque<Task>,
    idle: usize,
    is_closing: bool,
}

/// The pool of the process, while somebody holds it.
static CURRENT: Mutex<Weak<Pool>> = Mutex::new(Weak::new());

/// Nothing that a panic could leave half done is behind these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pool {
    /// The pool of the process: one thread per CPU at most. It has none yet if it is new.
    #[must_use]
    pub fn shared() -> Arc<Self> {
        let mut current = lock(&CURRENT);
        current.upgrade().unwrap_or_else(|| {
            let cpus = thread::available_parallelism().map_or(1, usize::from);
            let pool = Arc::new(Self::new(cpus.min(MAX_THREADS)));
            *current = Arc::downgrade(&pool);
            pool
        })
    }

    /// A pool of its own, of at least one thread.
    #[must_use]
    pub fn new(max_threads: usize) -> Self {
        Self { queue: Arc::default(), threads: Mutex::default(), max_threads: max_threads.max(1) }
    }

    /// Runs a task on one of the threads, or on this one where the system gives none. A panic of the task ends there.
    pub fn run(&self, task: impl FnOnce() + Send + 'static) {
        let mut state = lock(&self.queue.state);
        state.tasks.push_back(Box::new(task));
        // Threads that were woken up and have not looked yet count as idle still, and their tasks as waiting.
        let is_short = state.tasks.len() > state.idle;
        drop(state);
        if is_short {
            self.start_thread();
        }
        self.queue.changed.notify_one();
    }

    fn start_thread(&self) {
        let mut threads = lock(&self.threads);
        if threads.len() >= self.max_threads {
            return;
        }
        let queue = Arc::clone(&self.queue);
        let name = format!("perf-json-{}", threads.len());
        match Builder::new().name(name).stack_size(STACK_BYTES).spawn(move || queue.work()) {
            Ok(thread) => threads.push(thread),
            // Slower, and still right.
            Err(_) if threads.is_empty() => self.queue.work_off(),
            Err(_) => {}
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        lock(&self.queue.state).is_closing = true;
        self.queue.changed.notify_all();
        for thread in lock(&self.threads).drain(..) {
            // Tasks cannot make a thread panic, and if one could, there would be nobody to tell.
            let _ = thread.join();
        }
    }
}

impl Queue {
    /// A thread's life.
    fn work(&self) {
        loop {
            self.work_off();
            let mut state = lock(&self.state);
            if !state.tasks.is_empty() {
                continue;
            }
            if state.is_closing {
                return;
            }
            state.idle += 1;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    fn work_off(&self) {
        loop {
            let task = lock(&self.state).tasks.pop_front();
            let Some(task) = task else { return };
            // The task is gone afterwards, with whatever it left in disorder.
            let _ = catch_unwind(AssertUnwindSafe(task));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;
    use std::sync::{Arc, Barrier};

    use super::{Pool, lock};

    #[test]
    fn runs_every_task_before_it_ends() {
        let done = Arc::new(AtomicUsize::new(0));
        let pool = Pool::new(3);
        for _ in 0..100 {
            let done = Arc::clone(&done);
            pool.run(move || {
                done.fetch_add(1, Ordering::Relaxed);
            });
        }
        drop(pool);
        assert_eq!(done.load(Ordering::Relaxed), 100);
    }

    #[test]
    fn runs_as_many_at_once_as_it_has_threads() {
        let pool = Pool::new(3);
        let barrier = Arc::new(Barrier::new(4));
        for _ in 0..3 {
            let barrier = Arc::clone(&barrier);
            // Returns only when all three and this test wait.
            pool.run(move || {
                barrier.wait();
            });
        }
        barrier.wait();
        assert_eq!(lock(&pool.threads).len(), 3);
    }

    #[test]
    fn starts_a_thread_only_where_none_is_idle() {
        let pool = Pool::new(8);
        let (sender, receiver) = channel();
        for round in 0..20 {
            while round > 0 && lock(&pool.queue.state).idle == 0 {
                std::thread::yield_now();
            }
            let sender = sender.clone();
            pool.run(move || sender.send(round).unwrap_or_default());
            assert_eq!(receiver.recv(), Ok(round));
        }
        assert_eq!(lock(&pool.threads).len(), 1);
    }

    #[test]
    fn survives_a_task_that_panics() {
        let pool = Pool::new(1);
        let (sender, receiver) = channel();
        pool.run(|| panic!("a task that fails, as it should"));
        pool.run(move || sender.send(1).unwrap_or_default());
        assert_eq!(receiver.recv(), Ok(1));
    }

    #[test]
    fn is_shared_while_it_is_held() {
        let (first, second) = (Pool::shared(), Pool::shared());
        assert!(Arc::ptr_eq(&first, &second));
    }
}
