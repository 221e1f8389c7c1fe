//! A project is asked by many threads at once: each answer is that of the texts as they are.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what it expects by failing"
)]

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::time::Duration;

use quickback_realtime::facts::FileFacts;
use quickback_realtime::project::{Index, Project};
use quickback_realtime::settings::Settings;
use rayon::prelude::*;

/// The text of the `n`th table under a name.
fn text(name: &str) -> String {
    format!(
        "import {{ sqliteTable, text }} from 'drizzle-orm/sqlite-core';\n\
         import {{ defineTable }} from '@quickback/compiler';\n\
         export const {name} = sqliteTable('{name}', {{ id: text('id') }});\n\
         export default defineTable({name}, {{ realtime: {{ enabled: true }} }});\n"
    )
}

#[test]
fn nobody_sees_an_index_that_is_not_whole() {
    let project = Project::new("/p".into(), Settings::default(), Arc::new(|_: &Path| None));
    let set = |n: usize, name: &str| {
        let path = format!("/p/quickback/features/t{n}.ts");
        let file = project.add_member(Path::new(&path));
        let facts = FileFacts::of_text(&text(name), Path::new(&path));
        project.set_facts(file, Some(Arc::new(facts)));
    };
    for n in 0..20 {
        set(n, &format!("t{n}"));
    }
    for round in 0..300 {
        let n = round % 20;
        let name = format!("r{round}");
        set(n, &name);
        let all_see_it = (0..16)
            .into_par_iter()
            .all(|_| project.index().table(&name).is_some() && project.index().tables.len() == 20);
        assert!(all_see_it, "round {round}");
    }
}

#[test]
fn an_index_that_many_ask_for_at_once_is_made_once() {
    for _ in 0..20 {
        let project = Project::new("/p".into(), Settings::default(), Arc::new(|_: &Path| None));
        for n in 0..50 {
            let path = format!("/p/quickback/features/t{n}.ts");
            let facts = FileFacts::of_text(&text(&format!("t{n}")), Path::new(&path));
            let file = project.file(Path::new(&path));
            project.offer_members(vec![(file, Some(Arc::new(facts)))]);
        }
        let barrier = Barrier::new(4);
        let indexes: Vec<Arc<Index>> = std::thread::scope(|scope| {
            let ask = || {
                barrier.wait();
                project.index()
            };
            let asking: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            let answers = asking.into_iter().map(|thread| thread.join().unwrap());
            answers.collect()
        });
        for index in &indexes {
            assert!(Arc::ptr_eq(index, &indexes[0]));
            assert_eq!(index.tables.len(), 50);
        }
    }
}

/// Many tables that take their roles from one constant.
fn with_constant(tables: usize) -> (Project, impl Fn(&Project, &str)) {
    let project = Project::new("/p".into(), Settings::default(), Arc::new(|_: &Path| None));
    let set = |project: &Project, path: &str, text: &str| {
        let file = project.file(Path::new(path));
        let facts = FileFacts::of_text(text, Path::new(path));
        project.set_facts(file, Some(Arc::new(facts)));
    };
    let name = move |project: &Project, role: &str| {
        set(
            project,
            "/p/quickback/roles.ts",
            &format!("export const ROLES = ['{role}'];\n"),
        );
    };
    name(&project, "editor");
    for n in 0..tables {
        let path = format!("/p/quickback/features/t{n}.ts");
        let text =
            text(&format!("t{n}")).replace("enabled: true", "enabled: true, requiredRoles: ROLES");
        project.add_member(Path::new(&path));
        set(
            &project,
            &path,
            &format!("import {{ ROLES }} from '../roles';\n{text}"),
        );
    }
    (project, name)
}

#[test]
fn what_many_files_depend_on_is_read_anew_for_the_one_that_is_typed_in() {
    const TABLES: usize = 100;
    let (project, name) = with_constant(TABLES);
    let uses = |index: &Index| {
        let count = |role| index.role_uses.get(role).copied().unwrap_or_default();
        (count("editor"), count("admin"))
    };
    let typed = project.file(Path::new("/p/quickback/features/t7.ts"));
    let shared = project.file(Path::new("/p/quickback/roles.ts"));
    assert_eq!(uses(&project.index()), (100, 0));
    assert_eq!(project.readers_of(shared).len(), TABLES);
    name(&project, "admin");
    assert!(project.lags());
    assert_eq!(uses(&project.index_at_hand(typed)), (99, 1));
    assert!(project.lags());
    assert_eq!(uses(&project.index()), (0, 100));
    assert!(!project.lags());
    assert_eq!(uses(&project.index_at_hand(typed)), (0, 100));
    assert_eq!(project.readers_of(shared).len(), TABLES);
    // A few are no reason to say less.
    let (project, name) = with_constant(20);
    assert_eq!(uses(&project.index()), (20, 0));
    name(&project, "admin");
    assert!(!project.lags());
    let typed = project.file(Path::new("/p/quickback/features/t7.ts"));
    assert_eq!(uses(&project.index_at_hand(typed)), (0, 20));
}

#[test]
fn what_is_forgotten_while_it_is_asked_for_is_whole_again() {
    let project = Project::new("/p".into(), Settings::default(), Arc::new(|_: &Path| None));
    let set = |n: usize, round: usize| {
        let path = format!("/p/quickback/features/t{n}.ts");
        let file = project.add_member(Path::new(&path));
        let text = format!("{}// {round}\n", text(&format!("t{n}")));
        let facts = FileFacts::of_text(&text, Path::new(&path));
        project.set_facts(file, Some(Arc::new(facts)));
    };
    for n in 0..20 {
        set(n, 0);
    }
    for round in 0..2_000 {
        project.index();
        set(round % 20, round);
        rayon::join(|| project.index(), || project.forget_derived());
        assert_eq!(project.index().tables.len(), 20, "round {round}");
    }
}

/// How long threads may wait for each other on a busy machine before they do so for ever.
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn nobody_waits_for_somebody_who_waits() {
    let project = Project::new("/p".into(), Settings::default(), Arc::new(|_: &Path| None));
    let (project, is_over) = (Arc::new(project), Arc::new(AtomicBool::new(false)));
    let (done, ended) = mpsc::channel();
    let every = |work: fn(&Project, usize)| {
        let (project, is_over) = (Arc::clone(&project), Arc::clone(&is_over));
        let done = done.clone();
        std::thread::spawn(move || {
            for round in 0.. {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                work(&project, round);
            }
            done.send(()).unwrap();
        });
    };
    // Whatever takes the locks of a project: names of all files, texts that change, files that
    // nobody knew, and copies.
    for _ in 0..3 {
        every(|project, _| {
            project.index();
        });
    }
    for _ in 0..2 {
        every(|project, round| {
            let path = format!("/p/quickback/features/t{}.ts", round % 20);
            let file = project.add_member(Path::new(&path));
            let facts = FileFacts::of_text(&text("claims"), Path::new(&path));
            project.set_facts(file, Some(Arc::new(facts)));
        });
    }
    every(|project, round| {
        project.file(Path::new(&format!("/p/src/{}.ts", round % 50_000)));
    });
    every(|project, _| {
        project.fork();
    });
    std::thread::sleep(Duration::from_secs(2));
    is_over.store(true, Ordering::Relaxed);
    for thread in 0..7 {
        ended
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|_| panic!("{thread} of 7 threads ended"));
    }
}

#[test]
fn what_ceases_to_be_a_member_while_names_are_read_gives_none() {
    let project = Project::new("/p".into(), Settings::default(), Arc::new(|_: &Path| None));
    let path = Path::new("/p/quickback/features/t.ts");
    let file = project.file(path);
    let facts = Arc::new(FileFacts::of_text(&text("t"), path));
    for round in 0..2_000 {
        project.add_member(path);
        project.set_facts(file, Some(Arc::clone(&facts)));
        let barrier = Barrier::new(2);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                barrier.wait();
                project.index();
            });
            barrier.wait();
            project.remove_member(file);
        });
        assert!(project.index().table("t").is_none(), "round {round}");
    }
}
