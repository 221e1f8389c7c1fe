//! Every fixture cut off, and with tokens taken out.
//!
//! Small files are cut at every byte and lose every token; of larger ones as many places are taken
//! as there is time for, evenly spread, so that the suite stays within a minute.

use std::time::{Duration, Instant};

use invariants::findings::check;
use invariants::pieces::tokens;
use invariants::project::{fixtures, project};
use quickback_realtime::project::Project;
use quickback_realtime::span::FileId;
use quickback_realtime::{lower, rules};

/// How many cuts, and how many deletions, a file gets at most.
const PLACES: usize = 96;

/// How long one check of a text of a fixture's size may take, on a busy machine without
/// optimizations.
const LIMIT: Duration = Duration::from_secs(5);

/// At most [`PLACES`] of the numbers below `count`, evenly spread.
fn sample(count: usize) -> impl Iterator<Item = usize> {
    let step = count.div_ceil(PLACES).max(1);
    // An odd step meets every column of a regular text in the end.
    (0..count).step_by(step | 1)
}

/// Checks each text that `variants` makes of each fixture's files.
fn check_all(variants: impl Fn(&str) -> Vec<String>) {
    let mut checked = 0;
    for (root, texts) in fixtures() {
        let project = project(&root, &texts);
        for (path, text) in &texts {
            let file = project.file(path);
            for (index, variant) in variants(text).iter().enumerate() {
                let begun = Instant::now();
                check(&project, file, variant);
                if index % 16 == 0 {
                    lower::lower(&project);
                }
                assert!(
                    begun.elapsed() < LIMIT,
                    "{:?} for a variant of {}:\n{variant}",
                    begun.elapsed(),
                    path.display()
                );
                checked += 1;
            }
            check(&project, file, text);
        }
    }
    assert!(checked > 5_000, "only {checked} texts were checked");
}

#[test]
fn every_text_cut_off() {
    check_all(|text| {
        sample(text.len() + 1)
            .filter_map(|end| text.get(..end).map(str::to_owned))
            .collect()
    });
}

#[test]
fn every_text_without_its_beginning() {
    check_all(|text| {
        sample(text.len() + 1)
            .filter(|start| start % 3 == 0)
            .filter_map(|start| text.get(start..).map(str::to_owned))
            .collect()
    });
}

#[test]
fn every_text_without_a_token() {
    check_all(|text| {
        let tokens = tokens(text);
        sample(tokens.len())
            .map(|index| {
                let token = &tokens[index];
                format!("{}{}", &text[..token.start], &text[token.end..])
            })
            .collect()
    });
}

/// What a half-typed file of a clean project is told: that it does not parse, and nothing that
/// follows from that.
#[test]
fn no_rule_fires_because_of_a_syntax_error() {
    half_typed(
        |text| {
            let ends = sample(text.len());
            ends.filter_map(|end| text.get(..end).map(str::to_owned))
                .collect()
        },
        |_, file| vec![file],
    );
}

/// What the files are told that depend on a half-typed one: nothing.
#[test]
fn no_rule_fires_because_of_a_syntax_error_elsewhere() {
    half_typed(
        |text| {
            let tokens = tokens(text);
            sample(tokens.len())
                .step_by(8)
                .map(|index| {
                    let token = &tokens[index];
                    format!("{}{}", &text[..token.start], &text[token.end..])
                })
                .collect()
        },
        |project, file| {
            let mut others = project.members();
            others.retain(|other| *other != file);
            others
        },
    );
}

/// Checks those files that `told` names of the newsroom for each variant of each of its files that
/// does not parse.
fn half_typed(
    variants: impl Fn(&str) -> Vec<String>,
    told: impl Fn(&Project, FileId) -> Vec<FileId>,
) {
    let (root, texts) = fixtures()
        .into_iter()
        .find(|(root, _)| root.ends_with("newsroom"))
        .expect("the newsroom is there");
    let project = project(&root, &texts);
    let mut strays = Vec::new();
    for (path, text) in &texts {
        let file = project.file(path);
        for variant in variants(text) {
            check(&project, file, &variant);
            let facts = project.facts(file).expect("it was just set");
            let Some(error) = facts.errors.first() else {
                continue;
            };
            for other in told(&project, file) {
                for finding in rules::check(&project, other) {
                    if finding.code != "syntax-error" {
                        strays.push(format!(
                            "{} with an error at {error:?}: {} {} {}",
                            project.relative(file),
                            project.relative(other),
                            finding.code,
                            finding.message,
                        ));
                    }
                }
            }
        }
        check(&project, file, text);
    }
    assert!(
        strays.is_empty(),
        "{}:\n{}",
        strays.len(),
        strays.join("\n")
    );
}
