//! From the module that an import names to the file that it means.
//!
//! Written here rather than taken from a resolver of the field, because it has to see the unsaved
//! texts of an editor and needs no `node_modules`: whatever lives there is not followed.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use jsonc_parser::ParseOptions;
use serde::Deserialize;

use crate::span::Span;

/// How long a chain of `extends` may be.
const MAX_EXTENDS: usize = 16;

/// What a `tsconfig.json` says about modules, `extends` applied, paths absolute.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TsConfig {
    base_url: Option<PathBuf>,
    /// The folder that the `paths` are relative to without a `baseUrl`, and the patterns.
    paths: Option<(PathBuf, Vec<Pattern>)>,
    /// What of it, or of what it extends, is no JSON and so says nothing.
    pub mistakes: Vec<Mistake>,
    /// What it, or what it extends, extends and cannot be read: its `paths` are not known. That is
    /// no mistake where nothing needs them, since it may be made, or installed, later.
    pub lost: Vec<Mistake>,
}

/// A configuration of TypeScript that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file.
    pub path: PathBuf,
    /// Where its text is wrong.
    pub span: Span,
    /// What is wrong, a sentence without its end; of what is extended and cannot be read, its name.
    pub message: String,
}

/// A pattern of `paths` and what it may stand for.
type Pattern = (String, Vec<String>);

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawConfig {
    extends: Option<Extends>,
    /// Where the files of a project are shared out among several configurations.
    references: Vec<Reference>,
    #[serde(rename = "compilerOptions")]
    compiler_options: RawOptions,
}

#[derive(Deserialize)]
struct Reference {
    path: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Extends {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawOptions {
    #[serde(rename = "baseUrl")]
    base_url: Option<String>,
    paths: Option<serde_json::Map<String, serde_json::Value>>,
}

impl TsConfig {
    /// Reads the file at `path` with what it extends. `None` if it cannot be read.
    pub fn load(path: &Path, read: &dyn Fn(&Path) -> Option<String>) -> Option<Self> {
        Loader {
            read,
            home: path.parent()?,
            known: BTreeMap::new(),
        }
        .load(path, 0)
    }

    /// The paths without extension that `module` may mean, the best first.
    fn targets(&self, module: &str) -> Vec<PathBuf> {
        let mut result = Vec::new();
        if let Some((folder, patterns)) = &self.paths {
            let base = self.base_url.as_ref().unwrap_or(folder);
            let mut matches: Vec<(usize, &Vec<String>, &str)> = patterns
                .iter()
                .filter_map(|(pattern, targets)| {
                    let (prefix, matched) = match_pattern(pattern, module)?;
                    Some((prefix, targets, matched))
                })
                .collect();
            // An exact pattern first, then the longest prefix, as TypeScript does.
            matches.sort_by_key(|m| std::cmp::Reverse(m.0));
            if let Some((_, targets, matched)) = matches.first() {
                result.extend(
                    targets
                        .iter()
                        .map(|t| normalize(&base.join(t.replacen('*', matched, 1)))),
                );
            }
        }
        if let Some(base) = &self.base_url {
            result.push(normalize(&base.join(module)));
        }
        result
    }

    /// The modules by which its `paths` let the file at `path` be imported.
    pub fn aliases(&self, path: &Path) -> Vec<String> {
        let Some((folder, patterns)) = &self.paths else {
            return Vec::new();
        };
        let base = self.base_url.as_ref().unwrap_or(folder);
        let whole = path.with_extension("");
        let folder = path.parent().filter(|_| whole.ends_with("index"));
        let names = [Some(path), Some(whole.as_path()), folder];
        let names: Vec<&str> = names
            .into_iter()
            .flatten()
            .filter_map(Path::to_str)
            .collect();
        let mut aliases = Vec::new();
        for (pattern, targets) in patterns {
            for target in targets {
                let target = normalize(&base.join(target));
                if candidates(&target).any(|candidate| candidate == path) {
                    aliases.push(pattern.clone());
                }
                let parts = target.to_str().and_then(|target| target.split_once('*'));
                let Some((before, after)) = parts else {
                    continue;
                };
                for name in &names {
                    let matched = name.strip_prefix(before);
                    if let Some(matched) = matched.and_then(|rest| rest.strip_suffix(after)) {
                        aliases.push(pattern.replacen('*', matched, 1));
                    }
                }
            }
        }
        aliases
    }
}

/// Reads each file once, however often it is extended: a few that extend each other would be read
/// in every order there is.
struct Loader<'r> {
    read: &'r dyn Fn(&Path) -> Option<String>,
    /// The folder of the file that extends the others, which they call `${configDir}`.
    home: &'r Path,
    /// What is known of a file. While one is being read, it says nothing to those that it extends.
    known: BTreeMap<PathBuf, Option<TsConfig>>,
}

impl Loader<'_> {
    fn load(&mut self, path: &Path, depth: usize) -> Option<TsConfig> {
        if depth > MAX_EXTENDS {
            return None;
        }
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        self.known
            .insert(path.to_owned(), Some(TsConfig::default()));
        let config = self.parse(path, depth);
        self.known.insert(path.to_owned(), config.clone());
        config
    }

    fn parse(&mut self, path: &Path, depth: usize) -> Option<TsConfig> {
        let text = (self.read)(path)?;
        let body = text.trim_start_matches('\u{feff}');
        let raw: Option<RawConfig> =
            match jsonc_parser::parse_to_serde_value(body, &ParseOptions::default()) {
                Ok(raw) => raw,
                Err(error) => {
                    let (before, range) = (text.len().saturating_sub(body.len()), error.range());
                    let mistake = Mistake {
                        path: path.to_owned(),
                        span: Span::new(
                            range.start.saturating_add(before),
                            range.end.saturating_add(before),
                        ),
                        message: error.kind().to_string(),
                    };
                    return Some(TsConfig {
                        mistakes: vec![mistake],
                        ..TsConfig::default()
                    });
                }
            };
        let raw = raw.unwrap_or_default();
        let folder = path.parent()?;
        let bases = match raw.extends {
            None => Vec::new(),
            Some(Extends::One(one)) => vec![one],
            Some(Extends::Many(many)) => many,
        };
        let mut config = TsConfig::default();
        for base in bases {
            let candidates = extends_candidates(folder, &base);
            let found = candidates.iter().find_map(|at| self.load(at, depth + 1));
            let Some(parent) = found else {
                config.lost.push(Mistake {
                    path: path.to_owned(),
                    span: place_of(&text, &base),
                    message: base,
                });
                continue;
            };
            config.base_url = parent.base_url.or(config.base_url);
            config.paths = parent.paths.or(config.paths);
            config.mistakes.extend(parent.mistakes);
            config.lost.extend(parent.lost);
        }
        if let Some(base_url) = raw.compiler_options.base_url {
            config.base_url = Some(normalize(&folder.join(self.absolute(base_url))));
        }
        if let Some(paths) = raw.compiler_options.paths {
            let patterns = paths
                .into_iter()
                .map(|(pattern, targets)| {
                    let targets = targets
                        .as_array()
                        .map(|list| {
                            list.iter()
                                .filter_map(|t| Some(self.absolute(t.as_str()?.to_owned())))
                                .collect()
                        })
                        .unwrap_or_default();
                    (pattern, targets)
                })
                .collect();
            config.paths = Some((folder.to_owned(), patterns));
        }
        // A configuration that names others and no files says nothing of its own, as Vite writes it.
        if config.paths.is_none() && config.base_url.is_none() {
            let referenced = raw.references.iter().find_map(|reference| {
                let path = normalize(&folder.join(&reference.path));
                let inner = path.join("tsconfig.json");
                let mut found = [path, inner].into_iter();
                let found = found.find_map(|path| self.load(&path, depth + 1))?;
                (found.paths.is_some() || found.base_url.is_some()).then_some(found)
            });
            if let Some(referenced) = referenced {
                config.base_url = referenced.base_url;
                config.paths = referenced.paths;
                config.mistakes.extend(referenced.mistakes);
                config.lost.extend(referenced.lost);
            }
        }
        Some(config)
    }

    /// A path as it is written, `${configDir}` at its beginning put in.
    fn absolute(&self, path: String) -> String {
        match path.strip_prefix("${configDir}") {
            Some(rest) => format!("{}{rest}", self.home.to_string_lossy()),
            None => path,
        }
    }
}

/// Where what is extended is named in a text.
fn place_of(text: &str, base: &str) -> Span {
    let key = text.find("\"extends\"").unwrap_or_default();
    let rest = text.get(key..).unwrap_or_default();
    match rest.find(&format!("\"{base}\"")) {
        Some(quote) => {
            let start = key.saturating_add(quote).saturating_add(1);
            Span::new(start, start.saturating_add(base.len()))
        }
        // Written with escapes.
        None => Span::default(),
    }
}

fn extends_candidates(folder: &Path, base: &str) -> Vec<PathBuf> {
    let with_json = |path: PathBuf| {
        let mut named = path.clone().into_os_string();
        named.push(".json");
        vec![path, PathBuf::from(named)]
    };
    if base.starts_with('.') || base.starts_with('/') {
        return with_json(normalize(&folder.join(base)));
    }
    folder
        .ancestors()
        .flat_map(|f| {
            let package = f.join("node_modules").join(base);
            let inner = package.join("tsconfig.json");
            let mut all = with_json(package);
            all.push(inner);
            all
        })
        .collect()
}

/// The weight of the match and what `*` stands for.
fn match_pattern<'m>(pattern: &str, module: &'m str) -> Option<(usize, &'m str)> {
    match pattern.split_once('*') {
        None => (pattern == module).then_some((usize::MAX, "")),
        Some((before, after)) => {
            let matched = module.strip_prefix(before)?.strip_suffix(after)?;
            Some((before.len(), matched))
        }
    }
}

/// The file that `module` means in a file of `folder`, if it is one of the project's and `exists`.
pub fn resolve(
    folder: &Path,
    module: &str,
    tsconfig: Option<&TsConfig>,
    exists: &dyn Fn(&Path) -> bool,
) -> Option<PathBuf> {
    let stems =
        if module.starts_with("./") || module.starts_with("../") || module == "." || module == ".."
        {
            vec![normalize(&folder.join(module))]
        } else if module.starts_with('/') {
            vec![normalize(Path::new(module))]
        } else {
            tsconfig.map(|t| t.targets(module)).unwrap_or_default()
        };
    stems
        .iter()
        .flat_map(|stem| candidates(stem))
        .find(|path| exists(path))
}

/// The files that a path without, or with a compiled file's, extension may mean. Each is made when
/// it is asked for, since nearly always the first one exists.
fn candidates(stem: &Path) -> impl Iterator<Item = PathBuf> {
    const EXTENSIONS: [&str; 8] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];
    let name = stem
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default();
    let (base, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    // TypeScript writes the extension of the compiled file.
    let sources: &[&str] = match extension {
        "js" => &["ts", "tsx", "js"],
        "jsx" => &["tsx", "jsx"],
        "mjs" => &["mts", "mjs"],
        "cjs" => &["cts", "cjs"],
        "ts" => &["ts"],
        "tsx" => &["tsx"],
        "mts" => &["mts"],
        "cts" => &["cts"],
        _ => &[],
    };
    let added: &[&str] = if name.is_empty() || name == ".." {
        &[]
    } else {
        &EXTENSIONS
    };
    let written = sources.iter().map(move |e| (base, e));
    let names = written.chain(added.iter().map(move |e| (name, e)));
    names
        .map(|(name, e)| stem.with_file_name(format!("{name}.{e}")))
        .chain(
            EXTENSIONS
                .into_iter()
                .map(|e| stem.join(format!("index.{e}"))),
        )
}

/// A path without `.` and `..`, judged by its text alone.
pub fn normalize(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if !result.pop() {
                    result.push("..");
                }
            }
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests;
