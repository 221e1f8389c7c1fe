//! Writes helper and client of many projects with names of every kind into a folder, each under
//! its number, for the tests in TypeScript: whatever a definition may hold, the output compiles.

use generator::broadcaster::mask::MaskType;
use generator::model::{Column, ColumnKind, Mask, Namespace, Project, Realtime, Roles, Table};
use generator::{Outputs, artifact, generate};
use std::path::PathBuf;
use std::process::ExitCode;

/// Names that break whoever does not quote, escape or define them with care.
const NAMES: &[&str] = &[
    "id",
    "new",
    "class",
    "delete",
    "constructor",
    "toString",
    "__proto__",
    "prototype",
    "then",
    "Tables",
    "string",
    "default",
    "1",
    "01",
    "-",
    "a b",
    "it's",
    "say \"hi\"",
    "back\\slash",
    "new\nline",
    "carriage\rreturn",
    "tab\t",
    "nul\0",
    "del\u{7f}",
    "separators \u{2028}\u{2029}",
    "bom\u{feff}",
    "*/ end",
    "/* begin",
    "// line",
    "${dollar}",
    "`tick`",
    "<tag>",
    "größe",
    "𝒳",
    "😀",
    "e\u{301}",
    "\u{202e}reversed",
    "@deprecated",
];

/// A small generator of numbers, so that every run makes the same projects.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides
    }

    fn coin(&mut self) -> bool {
        self.roll(2) == 0
    }

    /// Some of the names, in their order, each once.
    fn names(&mut self) -> Vec<String> {
        let picked = NAMES.iter().filter(|_| self.roll(4) == 0);
        picked.map(|name| (*name).to_owned()).collect()
    }
}

fn project(dice: &mut Dice) -> Project {
    Project {
        roles: Roles {
            hierarchy: dice.names(),
            declared: dice.coin(),
            others: vec!["member".into()],
        },
        tables: dice
            .names()
            .into_iter()
            .map(|name| table(dice, name))
            .collect(),
        namespaces: ["desk", "class", "$", "Tables"]
            .into_iter()
            .map(|name| Namespace {
                name: name.into(),
                source: "services/realtime/x.ts".into(),
                events: dice.names(),
                description: dice.names().pop(),
            })
            .collect(),
    }
}

fn table(dice: &mut Dice, name: String) -> Table {
    let columns: Vec<_> = dice
        .names()
        .into_iter()
        .map(|name| column(dice, name))
        .collect();
    let masks = columns.iter().filter(|_| dice.coin());
    let mask = |column: &Column| Mask {
        column: column.name.clone(),
        kind: MaskType::Name,
        show_roles: vec!["member".into()],
        show_everyone: false,
        show_owner: true,
    };
    let masks: Vec<_> = masks.map(mask).collect();
    let realtime = Realtime {
        insert: dice.coin(),
        update: dice.coin(),
        delete: dice.coin(),
        required_roles: dice.coin().then(|| dice.names()),
        fields: dice.coin().then(|| dice.names()),
    };
    Table {
        source: format!("features/{name}.ts"),
        name,
        columns,
        open: dice.coin(),
        primary_key: Vec::new(),
        owner: dice.names().pop(),
        realtime: (dice.roll(4) > 0).then_some(realtime),
        masks,
    }
}

fn column(dice: &mut Dice, name: String) -> Column {
    let kinds = [
        ColumnKind::Text,
        ColumnKind::Integer,
        ColumnKind::BigInt,
        ColumnKind::Boolean,
        ColumnKind::Timestamp,
        ColumnKind::Json,
        ColumnKind::Blob,
        ColumnKind::Id,
        ColumnKind::Owner,
        ColumnKind::Enum(dice.names()),
    ];
    let kind = kinds.get(dice.roll(kinds.len())).cloned();
    Column {
        name,
        kind: kind.unwrap_or(ColumnKind::Unknown),
        nullable: dice.coin(),
        // Half of them hold lists, or lists of lists.
        dimensions: [0, 0, 1, 2].get(dice.roll(4)).copied().unwrap_or(0),
        injected: false,
    }
}

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: odd FOLDER");
        return ExitCode::FAILURE;
    };
    let mut dice = Dice(7);
    // The last one broadcasts nothing and declares nothing.
    let mut projects: Vec<Project> = (0..30).map(|_| project(&mut dice)).collect();
    projects.push(Project::default());
    let artifacts: Vec<_> = projects
        .iter()
        .enumerate()
        .flat_map(|(nth, project)| {
            let outputs = Outputs {
                helper: format!("{nth}/realtime.ts"),
                client: Some(format!("{nth}/realtime-client.ts")),
                worker: None,
                package: None,
            };
            generate(project, &outputs)
        })
        .collect();
    match artifact::write(&folder, &artifacts, true) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
