//! The inputs that fuzzers have found, tried again without one.

use std::path::Path;
use std::time::{Duration, Instant};

/// How long one input may take, without optimizations and on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// Calls `check` with every input under `folder`, which is `tests/fuzz`, that is kept for a target:
/// its corpus, and what once failed. Answers how many there are.
///
/// # Panics
/// Where one of them fails or takes too long; what was tried last is in the test's output.
pub fn replay(folder: &Path, target: &str, check: impl Fn(&[u8])) -> usize {
    let mut tried = 0;
    for kind in ["corpus", "regressions"] {
        let inputs = folder.join(kind).join(target);
        let mut paths: Vec<_> = std::fs::read_dir(&inputs)
            .unwrap_or_else(|error| panic!("{}: {error}", inputs.display()))
            .map(|entry| entry.expect("an entry can be read").path())
            .collect();
        paths.sort();
        for path in paths {
            eprintln!("{}", path.display());
            let input = std::fs::read(&path).expect("an input can be read");
            let begun = Instant::now();
            check(&input);
            let took = begun.elapsed();
            assert!(took < LIMIT, "{} took {took:?}", path.display());
            tried += 1;
        }
    }
    tried
}
