//! What is asked of a document, in the form that each library wants. Made once, before anything is timed.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, PointerNode, PointerTree, Value};

/// One step of a path. A pointer's text does not say which it is: `/performances/100` asks an array, `/events/138586341`
/// an object.
pub enum Step {
    Key(String),
    Index(usize),
}

/// Paths into a document.
pub struct Query {
    pub steps: Vec<Vec<Step>>,
    /// For sonic-rs: one path, and all of them at once.
    pub nodes: Vec<Vec<PointerNode>>,
    pub tree: PointerTree,
    /// RFC 6901, for C++ simdjson.
    pub pointers: Vec<String>,
    /// Whether a library keeps its parser and buffers for the next read.
    pub keep_memory: bool,
}

impl Query {
    /// From JSON text such as `[["performances",100,"eventId"]]`.
    pub fn parse(text: &[u8], keep_memory: bool) -> Option<Self> {
        let paths: Value = sonic_rs::from_slice(text).ok()?;
        let steps: Vec<Vec<Step>> = paths.as_array()?.iter().map(path).collect::<Option<_>>()?;
        let nodes: Vec<Vec<PointerNode>> = steps.iter().map(|path| path.iter().map(node).collect()).collect();
        let mut tree = PointerTree::new();
        for path in &nodes {
            tree.add_path(path.iter());
        }
        let pointers = steps.iter().map(|path| path.iter().map(token).collect()).collect();
        Some(Self { steps, nodes, tree, pointers, keep_memory })
    }
}

fn path(steps: &Value) -> Option<Vec<Step>> {
    steps.as_array()?.iter().map(step).collect()
}

fn step(value: &Value) -> Option<Step> {
    match value.as_str() {
        Some(key) => Some(Step::Key(key.to_owned())),
        None => Some(Step::Index(usize::try_from(value.as_u64()?).ok()?)),
    }
}

fn node(step: &Step) -> PointerNode {
    match step {
        Step::Key(key) => PointerNode::from(key.as_str()),
        Step::Index(index) => PointerNode::from(*index),
    }
}

fn token(step: &Step) -> String {
    match step {
        Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Step::Index(index) => format!("/{index}"),
    }
}
