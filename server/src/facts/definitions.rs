//! Calls of Quickback's functions that define something, by whatever name a file calls them.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::span::Span;
use crate::syntax::value::{Call, Element, Value, ValueKind};
use crate::syntax::{self, Import, Imported, Module, Scopes, Tree};

/// The modules whose functions define tables and namespaces: today's first, then older ones.
pub const QUICKBACK_MODULES: [&str; 5] = [
    "@quickback/compiler",
    "@quickback/define",
    "@quickback/core",
    "quickback",
    "@kardoe/quickback",
];

/// The functions of theirs that do so, and what each defines.
const FUNCTIONS: [(&str, DefinitionKind); 4] = [
    ("defineTable", DefinitionKind::Table),
    ("defineResource", DefinitionKind::Table),
    ("feature", DefinitionKind::Feature),
    ("defineRealtime", DefinitionKind::Namespace),
];

/// How many names may be given to a function one after another.
const MAX_NAMES: u32 = 16;

/// Answers the name under which Quickback exports what an import is, or a member of it.
pub type Named<'n> = &'n dyn Fn(&Import, Option<&SmolStr>) -> Option<SmolStr>;

/// A call of one of Quickback's functions.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Which function.
    pub kind: DefinitionKind,
    /// The call, with the arguments that the function gets: of `feature.call(null, name, options)`
    /// those behind the first.
    pub value: Arc<Value>,
    /// The range of what is called.
    pub callee_span: Span,
    /// Whether the file's default export is this call.
    pub is_default_export: bool,
}

impl Definition {
    /// The call itself.
    pub fn call(&self) -> Option<&Call> {
        self.value.as_call()
    }
}

/// Which of Quickback's functions a definition calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DefinitionKind {
    /// `defineTable(table, options)` or the older `defineResource`.
    Table,
    /// `feature(name, { columns, ... })`.
    Feature,
    /// `defineRealtime({ name, events })`.
    Namespace,
}

impl DefinitionKind {
    /// What the function of that name defines.
    pub fn of(name: &str) -> Option<Self> {
        let function = FUNCTIONS.iter().find(|(function, _)| *function == name);
        function.map(|(_, kind)| *kind)
    }
}

/// The name under which Quickback exports what an import from its own modules is, or a member of it.
pub(super) fn quickback_name(import: &Import, member: Option<&SmolStr>) -> Option<SmolStr> {
    if !QUICKBACK_MODULES.contains(&import.module.as_str()) {
        return None;
    }
    match (&import.imported, member) {
        (Imported::Name(name, _), None) => Some(name.clone()),
        (Imported::Namespace, Some(member)) => Some(member.clone()),
        _ => None,
    }
}

/// The name under which Quickback exports what a file calls, by whatever name it does.
pub(super) fn called_name(callee: &Value, module: &Module, scopes: &Scopes) -> Option<SmolStr> {
    let names = Names {
        imports: module.imports.iter().collect(),
        scopes,
        named: &quickback_name,
    };
    names.name(callee)
}

/// Whether an import is a function that defines something, or has members that are.
pub fn may_lead(import: &Import, named: Named<'_>) -> bool {
    let is_one =
        |name: Option<SmolStr>| name.is_some_and(|name| DefinitionKind::of(&name).is_some());
    is_one(named(import, None))
        || FUNCTIONS
            .iter()
            .any(|(name, _)| is_one(named(import, Some(&SmolStr::new_static(name)))))
}

/// The definitions of a file, in the order of the text. `named` says what its imports are.
pub(super) fn definitions(
    tree: &Tree<'_>,
    module: &Module,
    scopes: &Scopes,
    named: Named<'_>,
) -> Vec<Definition> {
    let imports = module.imports.iter();
    let names = Names {
        imports: imports.filter(|import| may_lead(import, named)).collect(),
        scopes,
        named,
    };
    if names.imports.is_empty() {
        return Vec::new();
    }
    let default = module.default.as_deref().map(|value| match &value.kind {
        ValueKind::Ident(name) => scopes
            .lookup(name, value.span.start)
            .and_then(|binding| binding.value.as_ref())
            .map_or(value.span, |value| value.span),
        _ => value.span,
    });
    let text = tree.text();
    let wanted = |callee: syntax::Node<'_>| {
        let at = syntax::span(callee).start;
        syntax::path_root(callee, text).is_some_and(|name| names.may_be(name, at))
            && names.called(&syntax::lower(callee, text)).is_some()
    };
    // Most definitions are their file's default export, or a const.
    let known = |at: Span| {
        let bound = scopes.iter().filter_map(|binding| binding.value.as_ref());
        let mut values = module.default.iter().chain(bound);
        values
            .find(|value| value.span == at && value.as_call().is_some())
            .cloned()
    };
    syntax::calls(tree, true, wanted, known)
        .into_iter()
        .filter_map(|call| {
            let callee = &call.value.as_call()?.callee;
            let (kind, way) = names.called(callee)?;
            Some(Definition {
                kind,
                callee_span: callee.span,
                is_default_export: default == Some(call.value.span),
                value: way.handed(call.value)?,
            })
        })
        .collect()
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By a name of it.
    Plain,
    /// `feature.call(null, "claims", { ... })`.
    Call,
    /// `feature.apply(null, all)`, `feature.bind(null, "claims")`: what it gets is not known.
    Other,
}

impl Way {
    /// The call with the arguments that the function gets.
    fn handed(self, value: Arc<Value>) -> Option<Arc<Value>> {
        if self == Self::Plain {
            return Some(value);
        }
        let call = value.as_call()?;
        let args: Box<[Element]> = match (self, call.args.split_first()) {
            (Self::Call, None) => Box::default(),
            (Self::Call, Some((Element::Item(_) | Element::Hole, rest))) => rest.into(),
            _ => {
                let unknown = Value {
                    span: call.callee.span,
                    kind: ValueKind::Unknown,
                };
                Box::new([Element::Spread(Box::new(unknown))])
            }
        };
        let call = Call {
            args,
            ..call.clone()
        };
        Some(Arc::new(Value {
            span: value.span,
            kind: ValueKind::Call(Box::new(call)),
        }))
    }
}

/// The names of a file, some of which are of Quickback's functions.
struct Names<'a> {
    /// The imports that may lead to one.
    imports: Vec<&'a Import>,
    scopes: &'a Scopes,
    named: Named<'a>,
}

impl Names<'_> {
    /// Whether a name that is used at an offset may lead to such an import.
    fn may_be(&self, name: &str, at: u32) -> bool {
        let mut imports = self.imports.iter();
        imports.any(|import| import.local == name)
            || self
                .scopes
                .lookup(name, at)
                .and_then(|binding| binding.value.as_ref())
                .is_some_and(|value| value.is_path())
    }

    /// What is defined where this is called, and how.
    fn called(&self, callee: &Value) -> Option<(DefinitionKind, Way)> {
        if let Some(kind) = self.kind(callee) {
            return Some((kind, Way::Plain));
        }
        let ValueKind::Member(method) = &callee.kind else {
            return None;
        };
        let is_one = matches!(method.name.as_str(), "call" | "apply" | "bind");
        let kind = self.kind(&method.object).filter(|_| is_one)?;
        let way = match (method.name.as_str(), kind) {
            ("call", DefinitionKind::Table | DefinitionKind::Feature) => Way::Call,
            _ => Way::Other,
        };
        Some((kind, way))
    }

    fn kind(&self, path: &Value) -> Option<DefinitionKind> {
        DefinitionKind::of(&self.name(path)?)
    }

    fn name(&self, path: &Value) -> Option<SmolStr> {
        let (import, member) = self.import(path, 0)?;
        (self.named)(import, member)
    }

    /// The import that a path leads to, through names that the file gives to it, and the member of it
    /// that is meant.
    fn import<'v>(
        &'v self,
        path: &'v Value,
        depth: u32,
    ) -> Option<(&'v Import, Option<&'v SmolStr>)> {
        if depth >= MAX_NAMES {
            return None;
        }
        match &path.kind {
            ValueKind::Ident(name) => {
                let binding = self.scopes.lookup(name, path.span.start);
                let mut imports = self.imports.iter();
                let import = imports.find(|import| import.local == *name).copied();
                match (binding, import) {
                    (None, Some(import)) => Some((import, None)),
                    (Some(binding), Some(import)) if binding.scope.start == 0 => {
                        Some((import, None))
                    }
                    (Some(binding), _) => {
                        let value = binding.value.as_deref().filter(|value| value.is_path())?;
                        self.import(value, depth.saturating_add(1))
                    }
                    (None, None) => None,
                }
            }
            ValueKind::Member(member) => {
                match self.import(&member.object, depth.saturating_add(1))? {
                    (import, None) => Some((import, Some(&member.name))),
                    (_, Some(_)) => None,
                }
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Definition, DefinitionKind};
    use crate::facts::FileFacts;
    use crate::syntax::value::Value;

    fn definitions(text: &str) -> Vec<Definition> {
        FileFacts::of_text(text, Path::new("a.ts")).definitions
    }

    #[test]
    fn finds_definitions_under_any_name() {
        let found = definitions(
            "import { defineTable as dt } from '@quickback/compiler';\n\
             import * as qb from 'quickback';\n\
             import { defineRealtime } from './mine';\n\
             export default dt(claims, { realtime: {} });\n\
             const other = qb.feature('x', {});\n\
             defineRealtime({});\n",
        );
        let kinds: Vec<_> = found
            .iter()
            .map(|d| (d.kind, d.is_default_export))
            .collect();
        assert_eq!(
            kinds,
            [
                (DefinitionKind::Table, true),
                (DefinitionKind::Feature, false)
            ]
        );
    }

    /// What is called in a file that imports `feature` and all of Quickback's, and the first argument.
    fn first_arguments(calls: &str) -> Vec<Option<String>> {
        let found = definitions(&format!(
            "import {{ feature }} from '@quickback/compiler';\n\
             import * as quickback from '@quickback/compiler';\n{calls}"
        ));
        let first = |d: &Definition| d.call()?.arg(0).and_then(Value::as_str).map(str::to_owned);
        found.iter().map(first).collect()
    }

    #[test]
    fn follows_the_names_that_a_file_gives_to_a_function() {
        for calls in [
            "(feature as any)('x', {});",
            "(<any>feature)('x', {});",
            "feature!('x', {});",
            "((feature))('x', {});",
            "(quickback as any).feature('x', {});",
            "quickback['feature']('x', {});",
            "const make = feature; make('x', {});",
            "const make = feature as any; const again = make; again('x', {});",
            "const { feature: make } = quickback; make('x', {});",
            "const { feature } = quickback; feature('x', {});",
            "const all = quickback; all.feature('x', {});",
            "const make = quickback.feature; (make as any)('x', {});",
            "feature.call(null, 'x', {});",
            "const make = feature; make.call(undefined, 'x', {});",
            "const run = () => { const make = feature; return make('x', {}); };",
        ] {
            assert_eq!(first_arguments(calls), [Some("x".to_owned())], "{calls}");
        }
    }

    #[test]
    fn what_a_function_gets_otherwise_is_not_known() {
        for calls in [
            "feature.apply(null, ['x', {}]);",
            "const make = feature.bind(null, 'x'); make({});",
            "feature.call(...all);",
        ] {
            assert_eq!(first_arguments(calls), [None], "{calls}");
        }
    }

    #[test]
    fn what_is_no_function_of_quickbacks_defines_nothing() {
        for calls in [
            "function run(feature) { feature('x', {}); }",
            "let make = feature; make = other; make('x', {});",
            "const make = other; make('x', {});",
            "feature.other('x', {});",
            "quickback.feature.name.at('x');",
            "const a = b; const b = a; a('x', {});",
            "quickback.call('x');",
        ] {
            assert_eq!(first_arguments(calls), [], "{calls}");
        }
    }
}
