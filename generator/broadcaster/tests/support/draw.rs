//! Values out of bytes, where a property test takes them out of random numbers.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

/// How many bytes follow those of an input: more than any strategy of the tests takes.
const MORE: usize = 1 << 16;

/// A value or none. Proptest's own parts the bytes for each choice, of which nothing is left soon.
pub fn maybe<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    (any::<bool>(), strategy).prop_map(|(is_there, value)| is_there.then_some(value))
}

/// The value that a strategy makes of bytes instead of random numbers; `None` if it rejects them.
/// The same bytes make the same value.
pub fn draw<S: Strategy>(strategy: &S, bytes: &[u8]) -> Option<S::Value> {
    // Proptest would go on with zeros, of which whoever draws until a number fits never has enough.
    let mut state = 0x2545_f491_u32;
    let more = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()
    });
    let more = more.take(MORE / 4).flatten();
    let endless: Vec<u8> = bytes.iter().copied().chain(more).collect();
    let rng = TestRng::from_seed(RngAlgorithm::PassThrough, &endless);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    Some(strategy.new_tree(&mut runner).ok()?.current())
}
