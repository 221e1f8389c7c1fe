//! A project is asked by many threads at once: each answer is that of the texts as they are.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::path::Path;
use std::sync::Arc;

use quickback_realtime::facts::FileFacts;
use quickback_realtime::project::Project;
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
