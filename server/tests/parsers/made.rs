//! Texts that are made up.

use std::cell::Cell;
use std::path::Path;

use invariants::parsers::{Outcome, agree};
use invariants::typescript;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// How many texts are made.
const CASES: u32 = 1_500;

#[test]
fn texts_of_everything() {
    // The same cases each time: new ones are the fuzzer's to find.
    let config = Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    };
    let compared = Cell::new(0_u32);
    TestRunner::new(config)
        .run(
            &(any::<bool>(), vec(any::<u8>(), 60..1_200)),
            |(is_jsx, bytes)| {
                let name = if is_jsx { "a.tsx" } else { "a.ts" };
                let outcome = agree(&typescript::file(&bytes, is_jsx), Path::new(name));
                compared.set(compared.get() + u32::from(outcome == Outcome::Same));
                Ok(())
            },
        )
        .expect("they agree about all of them");
    let compared = compared.get();
    assert!(compared > CASES / 4, "only {compared} could be compared");
}
