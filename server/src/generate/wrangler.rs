//! What wrangler is told of the worker: a file of the user's, in one of three forms.

use std::sync::Arc;

use generator::artifact::{Artifact, Kind};
use jsonc_parser::ParseOptions;
use serde_json::Value;

use super::{Mismatch, Remedy, line_span};
use crate::codes;
use crate::diagnostic::Severity;
use crate::project::Project;
use crate::project::resolve::normalize;
use crate::span::Span;

/// The file that is made where there is none, and wrangler's last choice.
const TOML: &str = "wrangler.toml";
/// The files that wrangler looks for, its first choice first.
const FILES: [&str; 3] = ["wrangler.json", "wrangler.jsonc", TOML];

/// What the worker needs, as it is written in TOML and in JSON.
struct Need {
    toml: &'static str,
    json: &'static str,
}

const MAIN: Need = Need {
    toml: "main = \"build/index.js\"",
    json: "\"main\": \"build/index.js\"",
};
const BINDING: Need = Need {
    toml: "[[durable_objects.bindings]]\nname = \"BROADCASTER\"\nclass_name = \"Broadcaster\"",
    json: "\"durable_objects\": {\n  \"bindings\": [{ \"name\": \"BROADCASTER\", \"class_name\": \"Broadcaster\" }]\n}",
};
const MIGRATION: Need = Need {
    toml: "[[migrations]]\ntag = \"v1\"\nnew_sqlite_classes = [\"Broadcaster\"]",
    json: "\"migrations\": [{ \"tag\": \"v1\", \"new_sqlite_classes\": [\"Broadcaster\"] }]",
};

/// Leaves `wrangler.toml` out where another form of it stands, which wrangler takes instead.
pub(super) fn leave_out(project: &Project, artifacts: &mut Vec<Artifact>) {
    artifacts.retain(|artifact| {
        let folder = artifact.path.strip_suffix(TOML);
        let Some(folder) = folder.filter(|_| artifact.kind == Kind::Scaffold) else {
            return true;
        };
        let folder = project.root().join(folder);
        let mut others = FILES.iter().filter(|file| **file != TOML);
        !others.any(|file| project.read_text(&folder.join(file)).is_some())
    });
}

/// What `package.json` calls the project: the same in every copy of it, unlike its folder.
pub(super) fn package(project: &Project) -> Option<String> {
    let text = project.read_text(&project.root().join("package.json"))?;
    // One that is no JSON names nothing; npm says so itself.
    let package: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    Some(package.get("name")?.as_str()?.to_owned())
}

/// What the configuration in the worker's folder lacks, which is the user's to add.
pub(super) fn gaps(project: &Project, folder: &str) -> Vec<Mismatch> {
    let read = |file: &str| {
        let path = format!("{folder}/{file}");
        let text = project.read_text(&project.root().join(&path))?;
        Some((path, Arc::<str>::from(text)))
    };
    let Some((path, text)) = FILES.iter().find_map(|file| read(file)) else {
        return Vec::new();
    };
    let mismatch = |span, message| Mismatch {
        path: path.clone(),
        text: Arc::clone(&text),
        span,
        code: codes::STALE_OUTPUT,
        severity: Severity::Warning,
        message,
        remedy: Remedy::ByHand,
    };
    let is_toml = path.ends_with(TOML);
    let value = match parse(&text, is_toml) {
        Ok(value) => value,
        Err((span, error)) => {
            return vec![mismatch(span, format!("{path} cannot be read: {error}."))];
        }
    };
    let configuration = Configuration {
        project,
        folder,
        value: &value,
    };
    let end = line_span(&text, text.lines().count());
    let without = configuration.environments_without_binding();
    let has_binding = !without.is_empty() || configuration.has_binding();
    let needs = [
        (configuration.has_main(), MAIN),
        (has_binding, BINDING),
        (configuration.has_migration(), MIGRATION),
    ];
    let needs = needs.into_iter().filter(|(is_met, _)| !is_met);
    let messages = needs.map(|(_, need)| {
        let lines = if is_toml { need.toml } else { need.json };
        format!("{path} lacks what the worker needs. Write:\n{lines}")
    });
    let of_environments = without.into_iter().map(|name| {
        let lines = if is_toml {
            BINDING.toml.replace("[[", &format!("[[env.{}.", key(name)))
        } else {
            BINDING.json.to_owned()
        };
        format!(
            "The environment \"{name}\" in {path} lacks what the worker needs: environments do not \
             take bindings over. Write in it:\n{lines}"
        )
    });
    let messages = messages.chain(of_environments);
    messages.map(|message| mismatch(end, message)).collect()
}

/// A key as TOML writes it.
fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(is_bare) {
        return name.to_owned();
    }
    // A string of JSON is one of TOML.
    Value::from(name).to_string()
}

fn parse(text: &str, is_toml: bool) -> Result<Value, (Span, String)> {
    if is_toml {
        return toml::from_str(text).map_err(|error| {
            let range = error.span().unwrap_or_default();
            (
                Span::new(range.start, range.end),
                error.message().to_owned(),
            )
        });
    }
    let body = text.trim_start_matches('\u{feff}');
    let before = text.len().saturating_sub(body.len());
    let value: Result<Option<Value>, _> =
        jsonc_parser::parse_to_serde_value(body, &ParseOptions::default());
    value.map(Option::unwrap_or_default).map_err(|error| {
        let range = error.range();
        let at = |offset: usize| offset.saturating_add(before);
        let span = Span::new(at(range.start), at(range.end));
        (span, error.kind().to_string())
    })
}

/// A configuration of wrangler's.
struct Configuration<'c> {
    project: &'c Project,
    /// The folder that it stands in, relative to the project root.
    folder: &'c str,
    value: &'c Value,
}

impl Configuration<'_> {
    /// The values of a key: at the top, and in each environment, which may say it instead.
    fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Value> {
        let value = self.value;
        let environments = value.get("env").and_then(Value::as_object);
        let environments = environments.into_iter().flat_map(|all| all.values());
        let all = [value].into_iter().chain(environments);
        all.filter_map(move |one| one.get(key))
    }

    fn has_binding(&self) -> bool {
        self.all("durable_objects").any(binds)
    }

    /// The environments that lack the binding, where something else has it. wrangler takes none of
    /// the top level's over into them.
    fn environments_without_binding(&self) -> Vec<&str> {
        if !self.has_binding() {
            return Vec::new();
        }
        let environments = self.value.get("env").and_then(Value::as_object);
        let environments = environments.into_iter().flatten();
        let without =
            environments.filter(|(_, one)| !one.get("durable_objects").is_some_and(binds));
        without.map(|(name, _)| name.as_str()).collect()
    }

    /// Whether a migration makes the class, or makes it of another one.
    fn has_migration(&self) -> bool {
        let migrations = self.all("migrations").flat_map(|all| entries(Some(all)));
        migrations.into_iter().any(|migration| {
            let made = entries(migration.get("new_sqlite_classes"));
            let became = ["renamed_classes", "transferred_classes"]
                .into_iter()
                .flat_map(|key| entries(migration.get(key)))
                .filter_map(|one| one.get("to"));
            made.iter()
                .chain(became)
                .any(|class| class.as_str() == Some("Broadcaster"))
        })
    }

    /// Whether what is run comes from the build: it lies in a folder that the build's command
    /// names, or is a file that brings it in.
    fn has_main(&self) -> bool {
        let commands: Vec<&str> = self
            .all("build")
            .filter_map(|build| build.get("command")?.as_str())
            .collect();
        self.all("main").filter_map(Value::as_str).any(|main| {
            let main = main.trim_start_matches("./");
            let built = main.split('/').next().unwrap_or(main);
            built == "build"
                || commands.iter().any(|command| command.contains(built))
                || self.wraps(main)
        })
    }

    /// Whether a file of the project beside this one names the build.
    fn wraps(&self, main: &str) -> bool {
        let root = self.project.root();
        let path = normalize(&root.join(self.folder).join(main));
        path.starts_with(root)
            && self
                .project
                .read_text(&path)
                .is_some_and(|text| text.contains("build/"))
    }
}

/// Whether these `durable_objects` bind the worker's class.
fn binds(objects: &Value) -> bool {
    entries(objects.get("bindings")).iter().any(|binding| {
        let is = |key: &str, text: &str| binding.get(key).and_then(Value::as_str) == Some(text);
        is("name", "BROADCASTER") && is("class_name", "Broadcaster")
    })
}

/// The entries of a list; none of anything else.
fn entries(value: Option<&Value>) -> &[Value] {
    value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    /// What is said of a configuration of that name, the lines without the sentence before them.
    #[track_caller]
    fn said(file: &str, text: &str) -> Vec<String> {
        said_beside("", file, text)
    }

    #[track_caller]
    fn said_beside(others: &str, file: &str, text: &str) -> Vec<String> {
        let fixture = fixture(&format!(
            "{others}//- realtime-worker/{file}\n{text}\n//- quickback/features/a.ts\n"
        ));
        gaps(&fixture.project, "realtime-worker")
            .into_iter()
            .map(|gap| match gap.message.split_once('\n') {
                Some((_, lines)) => lines.to_owned(),
                None => gap.message,
            })
            .collect()
    }

    const REST: &str = "main = 'build/index.js'\n[[migrations]]\nnew_sqlite_classes = [ \"Other\", \"Broadcaster\" ]\n";

    fn bindings(text: &str) -> usize {
        said(TOML, &format!("{REST}{text}")).len()
    }

    #[test]
    fn a_binding_counts_with_its_whole_name_and_class() {
        let binding = |name: &str, class: &str| {
            bindings(&format!(
                "[[durable_objects.bindings]]\nclass_name = '{class}'\nname = \"{name}\""
            ))
        };
        assert_eq!(binding("BROADCASTER", "Broadcaster"), 0);
        assert_eq!(binding("ROOMS", "Broadcaster"), 1);
        assert_eq!(binding("BROADCASTER", "BroadcasterV2"), 1);
        assert_eq!(bindings("# class_name = \"Broadcaster\""), 1);
        let inline = "{ name = 'BROADCASTER', class_name = 'Broadcaster' }";
        let two = format!("[{{ name = 'A', class_name = 'B' }}, {inline}]");
        assert_eq!(bindings(&format!("[durable_objects]\nbindings = {two}")), 0);
        assert_eq!(
            bindings(&format!(
                "[env.live]\ndurable_objects = {{ bindings = [{inline}] }}"
            )),
            0
        );
        let split = "[[durable_objects.bindings]]\nname = 'BROADCASTER'\nclass_name = 'A'\n[[durable_objects.bindings]]\nname = 'B'\nclass_name = 'Broadcaster'";
        assert_eq!(bindings(split), 1);
    }

    #[test]
    fn an_environment_binds_for_itself() {
        let inline = "durable_objects = { bindings = [{ name = 'BROADCASTER', class_name = 'Broadcaster' }] }";
        let of = |text: &str| said(TOML, &format!("{inline}\n{REST}{text}"));
        assert_eq!(
            of("[env.live.vars]\nLOBBIES = '8'\n[env.\"a b\"]"),
            [
                "[[env.\"a b\".durable_objects.bindings]]\nname = \"BROADCASTER\"\nclass_name = \"Broadcaster\"",
                "[[env.live.durable_objects.bindings]]\nname = \"BROADCASTER\"\nclass_name = \"Broadcaster\""
            ]
        );
        assert_eq!(of(&format!("[env.live]\n{inline}")), [""; 0]);
        let other = format!("{REST}[env.live]\n{inline}\n[env.test]");
        assert_eq!(said(TOML, &other).len(), 1);
        let json = "{ \"main\": \"build/index.js\", \"durable_objects\": { \"bindings\": [{ \"name\": \"BROADCASTER\", \"class_name\": \"Broadcaster\" }] }, \"migrations\": [{ \"new_sqlite_classes\": [\"Broadcaster\"] }], \"env\": { \"live\": {} } }";
        assert_eq!(
            said("wrangler.json", json),
            [
                "\"durable_objects\": {\n  \"bindings\": [{ \"name\": \"BROADCASTER\", \"class_name\": \"Broadcaster\" }]\n}"
            ]
        );
    }

    #[test]
    fn a_class_may_have_had_another_name() {
        let of = |migration: &str| {
            said(
                TOML,
                &format!(
                    "main = 'build/index.js'\n[[migrations]]\n{migration}\n[[durable_objects.bindings]]\nname = 'BROADCASTER'\nclass_name = 'Broadcaster'"
                ),
            )
        };
        assert!(of("renamed_classes = [{ from = 'Rooms', to = 'Broadcaster' }]").is_empty());
        assert!(of("new_sqlite_classes = ['Broadcaster']").is_empty());
        let line = "[[migrations]]\ntag = \"v1\"\nnew_sqlite_classes = [\"Broadcaster\"]";
        assert_eq!(of("new_sqlite_classes = ['BroadcasterV2']"), [line]);
        assert_eq!(of("new_classes = ['Broadcaster']"), [line]);
    }

    #[test]
    fn what_runs_comes_from_the_build() {
        let rest = REST.replace("main = 'build/index.js'\n", "");
        let binding =
            "[[durable_objects.bindings]]\nname = 'BROADCASTER'\nclass_name = 'Broadcaster'\n";
        let of = |others: &str, top: &str| {
            said_beside(others, TOML, &format!("{top}\n{binding}{rest}")).len()
        };
        assert_eq!(of("", "main = './build/worker/shim.mjs'"), 0);
        assert_eq!(of("", "main = 'src/index.js'"), 1);
        assert_eq!(of("", ""), 1);
        let out = "main = 'dist/index.js'\n[build]\ncommand = 'worker-build --out-dir dist'";
        assert_eq!(of("", out), 0);
        let own = "main = 'src/index.js'";
        let wrapper = "//- realtime-worker/src/index.js\nexport * from '../build/index.js';\n";
        assert_eq!(of(wrapper, own), 0);
        let stranger = "//- realtime-worker/src/index.js\nexport default {};\n";
        assert_eq!(of(stranger, own), 1);
        assert_eq!(of("", "main = '../../../etc/hosts'"), 1);
    }

    #[test]
    fn json_is_read_first_and_answered_in_json() {
        let whole = "\u{feff}{ // ours\n \"main\": \"build/index.js\", \"durable_objects\": { \"bindings\": [{ \"name\": \"BROADCASTER\", \"class_name\": \"Broadcaster\" }] }, \"migrations\": [{ \"tag\": \"v1\", \"new_sqlite_classes\": [\"Broadcaster\"] }], }";
        assert!(said("wrangler.jsonc", whole).is_empty());
        let beside = "//- realtime-worker/wrangler.toml\nname = 'old'\n";
        assert!(said_beside(beside, "wrangler.jsonc", whole).is_empty());
        let gaps = said("wrangler.json", "{ \"main\": \"build/index.js\" }");
        assert_eq!(
            gaps,
            [
                "\"durable_objects\": {\n  \"bindings\": [{ \"name\": \"BROADCASTER\", \"class_name\": \"Broadcaster\" }]\n}",
                "\"migrations\": [{ \"tag\": \"v1\", \"new_sqlite_classes\": [\"Broadcaster\"] }]"
            ]
        );
        assert_eq!(said("wrangler.jsonc", "[]").len(), 3);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let [toml] = <[String; 1]>::try_from(said(TOML, "name = \n")).unwrap();
        assert!(
            toml.starts_with("realtime-worker/wrangler.toml cannot be read: "),
            "{toml}"
        );
        let [json] = <[String; 1]>::try_from(said("wrangler.json", "{ \"a\": ]")).unwrap();
        assert!(
            json.starts_with("realtime-worker/wrangler.json cannot be read: "),
            "{json}"
        );
    }

    #[test]
    fn the_file_that_is_made_lacks_nothing() {
        let outputs = generator::Outputs::default();
        let made = generator::generate(&generator::model::Project::default(), &outputs);
        let made = made.iter().find(|one| one.path.ends_with(TOML)).unwrap();
        assert_eq!(said(TOML, &made.contents), [""; 0]);
    }
}
