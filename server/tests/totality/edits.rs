//! Random edits of projects, and random conversations with the server.

use invariants::{edits, protocol};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

proptest! {
    // The same cases each time: new ones are the fuzzer's to find.
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn an_edited_project_is_as_sound_as_a_fresh_one(bytes in vec(any::<u8>(), 40..400)) {
        edits::check(&bytes);
    }

    #[test]
    fn a_conversation_ends_in_the_findings_of_its_last_texts(bytes in vec(any::<u8>(), 100..800)) {
        protocol::check(&bytes);
    }
}

proptest! {
    // Which thread comes first is another each time, so a failure need not come again: it is not made
    // small, nor kept. PROPTEST_CASES says how often it is tried.
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        max_shrink_iters: 0,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_comes_and_goes_while_a_project_is_read_does_so_in_it(bytes in vec(any::<u8>(), 40..120)) {
        protocol::check_files(&bytes);
    }
}
