//! Modules, and what configurations say of them.

use super::*;

fn check(files: &[(&str, &str)], from: &str, module: &str) -> Option<String> {
    let read = |path: &Path| {
        files
            .iter()
            .find(|f| Path::new(f.0) == path)
            .map(|f| f.1.to_owned())
    };
    let tsconfig = TsConfig::load(Path::new("/p/tsconfig.json"), &read);
    let exists = |path: &Path| files.iter().any(|f| Path::new(f.0) == path);
    resolve(Path::new(from), module, tsconfig.as_ref(), &exists)
        .map(|p| p.to_string_lossy().into_owned())
}

#[test]
fn relative_modules() {
    let files = [
        ("/p/a/b.ts", ""),
        ("/p/c/index.ts", ""),
        ("/p/d.mts", ""),
        ("/p/e.schema.ts", ""),
    ];
    assert_eq!(check(&files, "/p/a", "./b").as_deref(), Some("/p/a/b.ts"));
    assert_eq!(
        check(&files, "/p/a", "./b.js").as_deref(),
        Some("/p/a/b.ts")
    );
    assert_eq!(
        check(&files, "/p/a", "../c").as_deref(),
        Some("/p/c/index.ts")
    );
    assert_eq!(check(&files, "/p/c", ".").as_deref(), Some("/p/c/index.ts"));
    assert_eq!(
        check(&files, "/p/a", "../d.mjs").as_deref(),
        Some("/p/d.mts")
    );
    assert_eq!(
        check(&files, "/p/a", "../e.schema").as_deref(),
        Some("/p/e.schema.ts")
    );
    assert_eq!(check(&files, "/p/a", "drizzle-orm"), None);
}

#[test]
fn paths_of_what_is_referenced() {
    // As Vite writes it.
    const HOME: &str = "{ \"files\": [], \"references\": [{ \"path\": \"./tsconfig.node.json\" }, { \"path\": \"./app\" }, { \"path\": \"./gone.json\" }] }";
    let mut files = vec![
        ("/p/tsconfig.json", HOME),
        (
            "/p/tsconfig.node.json",
            "{ \"references\": [{ \"path\": \".\" }] }",
        ),
        (
            "/p/app/tsconfig.json",
            "{ \"compilerOptions\": { \"paths\": { \"@/*\": [\"../src/*\"] } } }",
        ),
        ("/p/src/a.ts", ""),
    ];
    assert_eq!(check(&files, "/p/x", "@/a").as_deref(), Some("/p/src/a.ts"));
    // What it says itself comes first.
    files[0].1 =
        "{ \"compilerOptions\": { \"paths\": {} }, \"references\": [{ \"path\": \"./app\" }] }";
    assert_eq!(check(&files, "/p/x", "@/a"), None);
}

#[test]
fn paths_through_extends() {
    let files = [
        (
            "/p/tsconfig.json",
            "{ // ours\n \"extends\": \"./config/base\", }",
        ),
        (
            "/p/config/base.json",
            "{ \"compilerOptions\": { \"paths\": { \"@schema/*\": [\"../schema/*\"], \"@schema/x\": [\"../other.ts\"] } } }",
        ),
        ("/p/schema/claims.ts", ""),
        ("/p/other.ts", ""),
    ];
    assert_eq!(
        check(&files, "/p/a", "@schema/claims").as_deref(),
        Some("/p/schema/claims.ts")
    );
    assert_eq!(
        check(&files, "/p/a", "@schema/x").as_deref(),
        Some("/p/other.ts")
    );
}

#[test]
fn the_folder_of_the_configuration() {
    let files = [
        (
            "/p/tsconfig.json",
            "{ \"extends\": \"./config/base.json\" }",
        ),
        (
            "/p/config/base.json",
            "{ \"compilerOptions\": { \"baseUrl\": \"${configDir}/src\", \"paths\": { \"~/*\": [\"${configDir}/quickback/*\"] } } }",
        ),
        ("/p/quickback/roles.ts", ""),
        ("/p/src/x.ts", ""),
    ];
    let roles = check(&files, "/p/a", "~/roles");
    assert_eq!(roles.as_deref(), Some("/p/quickback/roles.ts"));
    assert_eq!(check(&files, "/p/a", "x").as_deref(), Some("/p/src/x.ts"));
}

#[test]
fn what_is_no_json_is_said_where_it_is() {
    let files = [
        ("/p/tsconfig.json", "{ \"extends\": [\"./a\", \"./b\"] }"),
        (
            "/p/a.json",
            "\u{feff}{ \"compilerOptions\": { \"baseUrl\": \"src\" ] }",
        ),
        ("/p/b.json", "{ \"compilerOptions\": { \"baseUrl\": 1 } }"),
        ("/p/empty/tsconfig.json", " // nothing yet"),
    ];
    let read = |path: &Path| {
        let mut files = files.iter();
        let found = files.find(|(at, _)| Path::new(at) == path);
        found.map(|(_, text)| (*text).to_owned())
    };
    let config = TsConfig::load(Path::new("/p/tsconfig.json"), &read).unwrap();
    let mistakes = config.mistakes.iter();
    let said: Vec<_> = mistakes
        .map(|m| {
            let text = read(&m.path).unwrap();
            let at = m.span.text(&text).to_owned();
            (m.path.to_string_lossy().into_owned(), at, m.message.clone())
        })
        .collect();
    let said = said
        .iter()
        .map(|(p, at, m)| (p.as_str(), at.as_str(), m.as_str()));
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            ("/p/a.json", "]", "Unexpected token in object"),
            (
                "/p/b.json",
                "1",
                "invalid type: integer `1`, expected a string"
            ),
        ]
    );
    let empty = TsConfig::load(Path::new("/p/empty/tsconfig.json"), &read);
    assert_eq!(empty, Some(TsConfig::default()));
    assert_eq!(TsConfig::load(Path::new("/p/none.json"), &read), None);
}

#[test]
fn what_is_extended_and_not_there_is_told() {
    let files = [
        (
            "/p/tsconfig.json",
            "{ \"extends\": [\"./a\", \"@acme/tsconfig/base.json\"] }",
        ),
        ("/p/a.json", "{ // no \"./b\" yet\n \"extends\": \"./b\" }"),
    ];
    let read = |path: &Path| {
        let mut files = files.iter();
        let found = files.find(|(at, _)| Path::new(at) == path);
        found.map(|(_, text)| (*text).to_owned())
    };
    let config = TsConfig::load(Path::new("/p/tsconfig.json"), &read).unwrap();
    let lost = config.lost.iter();
    let lost: Vec<_> = lost
        .map(|lost| {
            let text = read(&lost.path).unwrap();
            (lost.span.start, lost.span.text(&text).to_owned())
        })
        .collect();
    assert_eq!(
        lost,
        [
            (31, "./b".to_owned()),
            (22, "@acme/tsconfig/base.json".to_owned())
        ]
    );
    assert_eq!(config.mistakes, []);
}

#[test]
fn extends_in_a_circle_ends() {
    let files = [
        (
            "/p/tsconfig.json",
            "{ \"extends\": \"./tsconfig.json\", \"compilerOptions\": { \"baseUrl\": \"src\" } }",
        ),
        ("/p/src/x.ts", ""),
    ];
    assert_eq!(check(&files, "/p/a", "x").as_deref(), Some("/p/src/x.ts"));
}

#[test]
fn files_that_extend_each_other_are_read_once() {
    let many = "[\"./tsconfig.json\", \"./base.json\", \"./base.json\"]";
    let reads = std::cell::Cell::new(0);
    let read = |path: &Path| {
        reads.set(reads.get() + 1);
        let own = match path.file_name()?.to_str()? {
            "tsconfig.json" => "",
            "base.json" => ", \"compilerOptions\": { \"baseUrl\": \"src\" }",
            _ => return None,
        };
        Some(format!("{{ \"extends\": {many}{own} }}"))
    };
    let config = TsConfig::load(Path::new("/p/tsconfig.json"), &read).unwrap();
    assert_eq!(config.base_url, Some(PathBuf::from("/p/src")));
    assert_eq!(reads.get(), 2);
}
