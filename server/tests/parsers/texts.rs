//! The texts of this project, and of a folder that somebody names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use invariants::parsers::{self, Outcome, agree};
use invariants::pieces::tokens;
use invariants::project::{fixtures, top};
use invariants::replay::replay;
use quickback_realtime::rules;

/// Endings of the names of files that are read as TypeScript.
const ENDINGS: [&str; 8] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

fn is_script(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

/// The texts of all fixtures.
fn scripts() -> Vec<(PathBuf, String)> {
    let texts = fixtures().into_iter().flat_map(|(_, texts)| texts);
    texts.filter(|(path, _)| is_script(path)).collect()
}

#[test]
fn the_fixtures() {
    let scripts = scripts();
    let clean = scripts.iter().filter(|(path, text)| {
        let outcome = agree(text, path);
        assert!(
            matches!(outcome, Outcome::Same | Outcome::NotClean),
            "{}: {outcome:?}",
            path.display()
        );
        outcome == Outcome::Same
    });
    let (clean, all) = (clean.count(), scripts.len());
    // One fixture is there to have a mistake.
    assert!(all > 150 && clean + 1 >= all, "{clean} of {all}");
}

#[test]
fn the_fixtures_without_a_token() {
    let mut compared = 0;
    for (path, text) in scripts().iter().filter(|(_, text)| text.len() < 1_200) {
        for token in tokens(text) {
            let without = format!("{}{}", &text[..token.start], &text[token.end..]);
            compared += usize::from(agree(&without, path) == Outcome::Same);
        }
    }
    assert!(compared > 2_000, "only {compared} could be compared");
}

#[test]
fn the_examples_of_the_rules() {
    let mut compared = 0;
    for rule in rules::ALL {
        let blocks = rule.docs.split("```ts\n").skip(1);
        for block in blocks.filter_map(|block| block.split("```").next()) {
            let text: String = block
                .lines()
                .map(|line| format!("{}\n", line.trim_start_matches(' ')))
                .collect();
            compared += usize::from(agree(&text, Path::new("a.ts")) == Outcome::Same);
        }
    }
    assert!(compared > 80, "only {compared} could be compared");
}

#[test]
fn what_the_fuzzer_has_found() {
    for target in ["bytes", "edits"] {
        assert!(replay(&top().join("tests/fuzz"), target, parsers::check) > 10);
    }
}

/// The texts under the folder `TEXTS`, say of the packages that `tests/alarms/run` fetches. All that
/// differ are told.
#[test]
#[ignore = "needs a folder of texts: TEXTS=$PWD/.cache/alarms"]
fn a_folder() {
    let mut waiting = vec![PathBuf::from(
        std::env::var("TEXTS").expect("TEXTS is a folder"),
    )];
    let mut outcomes: BTreeMap<Outcome, usize> = BTreeMap::new();
    let mut differing = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder can be read");
            waiting.extend(entries.map(|entry| entry.expect("so can its entries").path()));
        } else if is_script(&path)
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            match std::panic::catch_unwind(|| agree(&text, &path)) {
                Ok(outcome) => *outcomes.entry(outcome).or_default() += 1,
                Err(_) => differing.push(path),
            }
        }
    }
    println!("{outcomes:?}");
    assert!(differing.is_empty(), "{differing:#?}");
}
