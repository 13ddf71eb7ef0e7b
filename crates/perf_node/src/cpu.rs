//! The CPU path of the process, chosen once.

use std::sync::OnceLock;

use napi_derive::napi;
use perf_json::decode::RowDecoder;
use perf_json::{Finder, Indexer, Validator};
use perf_simd::{Cpu, Path};

/// What was chosen. Worker threads share the addon, so they share the choice.
static CHOSEN: OnceLock<Chosen> = OnceLock::new();

/// The entry points for the chosen path.
pub struct Chosen {
    pub cpu: Cpu,
    pub validator: Validator,
    pub indexer: Indexer,
    pub finder: Finder,
    pub rows: RowDecoder,
}

impl Chosen {
    fn new(cpu: Cpu) -> Self {
        Self {
            cpu,
            validator: Validator::new(cpu),
            indexer: Indexer::new(cpu),
            finder: Finder::new(cpu),
            rows: RowDecoder::new(cpu),
        }
    }

    pub fn get() -> &'static Self {
        CHOSEN.get_or_init(|| Self::new(Cpu::best()))
    }
}

/// The version of the npm package that this was built for.
#[napi]
#[must_use]
pub fn version() -> &'static str {
    option_env!("PERF_NATIVE_VERSION").unwrap_or("unversioned")
}

/// Every CPU path that this build knows, whatever the machine.
#[napi]
#[must_use]
pub fn cpu_paths() -> Vec<&'static str> {
    Path::ALL.into_iter().map(Path::name).collect()
}

/// The CPU paths that this machine has, the preferred one first.
#[napi]
#[must_use]
pub fn supported_cpu_paths() -> Vec<&'static str> {
    Cpu::supported().map(|cpu| cpu.path().name()).collect()
}

/// Chooses a path for the process, unless one was chosen before, and returns the one in use. A name that the machine
/// does not have changes nothing.
#[napi]
#[must_use]
#[allow(clippy::needless_pass_by_value, reason = "napi hands strings over")]
pub fn choose_cpu_path(name: String) -> &'static str {
    if let Some(cpu) = Path::from_name(&name).and_then(Cpu::with) {
        CHOSEN.get_or_init(|| Chosen::new(cpu));
    }
    Chosen::get().cpu.path().name()
}
