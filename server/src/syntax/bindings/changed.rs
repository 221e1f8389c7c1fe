//! From changes to the names whose values they change.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Scopes;
use super::sources::{Source, sources};
use crate::span::Span;
use crate::syntax::Tree;
use crate::syntax::changes::Change;
use crate::syntax::value::{Element, Property, Value, ValueKind};

/// How many values are looked at for all changes of a file. Thousands of them are in no text that
/// people write, but objects that hold each other twice double at every step.
const MAX_STEPS: u32 = 100_000;

/// How many names may be followed one after another; a circle ends here.
const MAX_DEPTH: u32 = 16;

type Path<'p> = &'p [Option<SmolStr>];

/// What a file changes after it was made; of several places the first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Changed {
    /// The names of bindings whose value is changed, and where, in order.
    bindings: Box<[(Span, Span)]>,
    /// Names that the file does not declare, so imports, and where their value is changed.
    imports: Box<[ChangedImport]>,
}

/// An import whose value this file changes after it was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedImport {
    /// Its name in this file.
    pub local: SmolStr,
    /// The member of it that leads to what is changed, if it is not the import itself.
    pub member: Option<SmolStr>,
    /// Where it is changed.
    pub at: Span,
}

impl Changed {
    /// Where what the binding of that name stands for is changed.
    pub(super) fn binding(&self, name: Span) -> Option<Span> {
        let found = self.bindings.binary_search_by_key(&name, |(name, _)| *name);
        self.bindings.get(found.ok()?).map(|(_, at)| *at)
    }

    /// Where what an import stands for is changed, by its name here.
    pub(super) fn import(&self, local: &str) -> Option<Span> {
        let mut imports = self.imports.iter();
        imports
            .find(|import| import.local == local)
            .map(|import| import.at)
    }

    /// All imports that are changed.
    pub(super) fn imports(&self) -> &[ChangedImport] {
        &self.imports
    }

    /// Follows changes to the names whose values they change.
    pub(super) fn of(scopes: &Scopes, tree: &Tree<'_>, changes: Vec<Change>) -> Self {
        let mut search = Search {
            scopes,
            tree,
            sources: FxHashMap::default(),
            at: Span::default(),
            steps: 0,
            bindings: Vec::new(),
            imports: Vec::new(),
        };
        for change in changes {
            search.at = change.at;
            search.name(&change.name, change.offset, &change.path, 0);
        }
        let Search {
            mut bindings,
            mut imports,
            ..
        } = search;
        bindings.sort_unstable();
        bindings.dedup_by_key(|(name, _)| *name);
        imports.sort_unstable();
        imports.dedup_by(|a, b| (&a.local, &a.member) == (&b.local, &b.member));
        Self {
            bindings: bindings.into(),
            imports: imports.into(),
        }
    }
}

struct Search<'s> {
    scopes: &'s Scopes,
    tree: &'s Tree<'s>,
    /// What names may stand for that are no constants of one value, by where they are declared.
    sources: FxHashMap<Span, Rc<[Source]>>,
    /// Where the change is that is followed.
    at: Span,
    steps: u32,
    bindings: Vec<(Span, Span)>,
    imports: Vec<ChangedImport>,
}

impl Search<'_> {
    /// Notes that what a path leads to from a name is changed, and with it all that it is part of.
    fn name(&mut self, name: &SmolStr, offset: u32, path: Path<'_>, depth: u32) {
        self.steps = self.steps.saturating_add(1);
        if depth > MAX_DEPTH || self.steps > MAX_STEPS {
            return;
        }
        let scopes = self.scopes;
        let Some(binding) = scopes.lookup(name, offset) else {
            self.imports.push(ChangedImport {
                local: name.clone(),
                member: path.first().cloned().flatten(),
                at: self.at,
            });
            return;
        };
        if let Some(value) = &binding.value {
            self.bindings.push((binding.name_span, self.at));
            if !matches!(value.kind, ValueKind::Unknown) {
                return self.value(value, path, depth);
            }
        }
        for source in self.sources(binding.name_span).iter() {
            let path = [&source.path, path].concat();
            self.value(&source.value, &path, depth.saturating_add(1));
        }
    }

    fn sources(&mut self, name: Span) -> Rc<[Source]> {
        let known = self.sources.entry(name);
        Rc::clone(known.or_insert_with(|| sources(self.tree, name).into()))
    }

    /// The same from a value, which may lead to other names.
    fn value(&mut self, value: &Value, path: Path<'_>, depth: u32) {
        self.steps = self.steps.saturating_add(1);
        if self.steps > MAX_STEPS {
            return;
        }
        match (&value.kind, path.split_first()) {
            (ValueKind::Ident(name), _) => {
                self.name(name, value.span.start, path, depth.saturating_add(1));
            }
            (ValueKind::Member(member), _) => {
                let mut longer = vec![Some(member.name.clone())];
                longer.extend_from_slice(path);
                self.value(&member.object, &longer, depth.saturating_add(1));
            }
            (ValueKind::Object(properties), Some((first, rest))) => {
                for property in properties {
                    match property {
                        Property::Pair { key, value, .. } => {
                            if first.is_none() || key.is_none() || key == first {
                                self.value(value, rest, depth);
                            }
                        }
                        // A copy holds the same objects.
                        Property::Spread(value) => self.value(value, path, depth),
                        Property::Broken(_) => {}
                    }
                }
            }
            (ValueKind::Array(elements), Some((_, rest))) => {
                for element in elements {
                    match element {
                        Element::Item(value) => self.value(value, rest, depth),
                        Element::Spread(value) => self.value(value, path, depth),
                        Element::Hole => {}
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Dialect;
    use crate::syntax::{Scopes, Tree};

    /// The names that a text changes, in order.
    fn changed(text: &str) -> Vec<String> {
        let dialect = Dialect::TypeScript;
        let of = |tree: Tree<'_>| {
            let scopes = Scopes::of(&tree);
            let bindings = scopes.iter().filter(|b| scopes.changed(b).is_some());
            let mut names: Vec<String> = bindings.map(|b| b.name.to_string()).collect();
            let imports = ["x", "y"].into_iter();
            names.extend(
                imports
                    .filter(|i| scopes.changed_import(i).is_some())
                    .map(str::to_owned),
            );
            names
        };
        let clean = Tree::clean(text, dialect).map(of);
        let grammar = of(Tree::by_grammar(text, dialect));
        assert!(clean.is_none_or(|clean| clean == grammar), "{text}");
        grammar
    }

    #[test]
    fn what_changes_an_object_or_a_list() {
        for change in [
            "a.b = 1;",
            "a['b'] = 1;",
            "for (const c of ['b']) a[c] = { d: 1 };",
            "a.b.c[d].e = 1;",
            "(a as any).b = 1;",
            "(<any>a).b = 1;",
            "a!.b! = 1;",
            "(a).b ??= 1;",
            "a.b += 1;",
            "a.b++;",
            "--a.b;",
            "delete a.b;",
            "delete a?.b;",
            "[a.b] = [1];",
            "[c, ...a.b] = [1];",
            "({ c: a.b = 1, ...a.d } = e);",
            "for (a.b of c) ;",
            "function f() { return () => { a.b = 1; }; }",
            "a.push(1);",
            "a?.b.splice(0);",
            "a.b.c!.unshift(1);",
            "a.pop(); a.shift();",
            "const c = a.sort();",
            "a.b.reverse();",
            "a.fill(1);",
            "a.copyWithin(0, 1);",
            "Object.assign(a, {});",
            "Object.assign(a.b as any, {});",
            "Object.defineProperty(a, 'b', {});",
            "Object.defineProperties(a.b, {});",
            "Object.setPrototypeOf(a, b);",
            "Reflect.set(a, 'b', 1);",
            "Reflect.deleteProperty(a.b, 'c');",
            "{ const { b } = a; b.c = 1; }",
        ] {
            let text = format!("const a = {{}};\n{change}");
            assert_eq!(
                changed(&text).first().map(String::as_str),
                Some("a"),
                "{change}"
            );
        }
    }

    #[test]
    fn what_changes_nothing() {
        for text in [
            "const a = {}; a.b;",
            "const a = {}; const b = a.c + 1;",
            "const a = []; a.map((b) => b).sort();",
            "const a = []; [...a].reverse();",
            "const a = []; a.slice().push(1);",
            "const a = {}; Object.freeze(a); Object.keys(a).sort();",
            "const a = {}; Object.assign({}, a);",
            "const a = {}; function f(a) { a.b = 1; }",
            "const a = {}; c[a.b] = 1;",
            "let a; a = 1;",
            "this.a = 1; f().b = 1;",
            "const a = {}; typeof a.b; void a.b;",
        ] {
            assert_eq!(changed(text), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn a_change_reaches_what_a_name_holds() {
        for (text, expected) in [
            ("const a = {}; const b = a; b.c = 1;", vec!["a", "b"]),
            (
                "const a = { b: {} }; const c = a.b; c.d = 1;",
                vec!["a", "c"],
            ),
            ("const a = {}, b = { a }; b.a.c = 1;", vec!["a", "b"]),
            ("const a = {}, b = { a }; b.a = 1;", vec!["b"]),
            ("const a = {}, b = { a, c: 1 }; b.c.d = 1;", vec!["b"]),
            ("const a = {}, b = { a }; b[c].d = 1;", vec!["a", "b"]),
            (
                "const a = { b: {} }, c = { ...a }; c.b.d = 1;",
                vec!["a", "c"],
            ),
            ("const a = { b: {} }, c = { ...a }; c.d = 1;", vec!["c"]),
            ("const a = {}, b = [a]; b[0].c = 1;", vec!["a", "b"]),
            ("const a = a.b; a.c = 1;", vec!["a"]),
            (
                "const a = {}, b = {}; for (const c of [a, b]) c.d = 1;",
                vec!["a", "b"],
            ),
            (
                "const a = {}, b = [a, {}]; for (const { c: [d] } of b) d.e = 1;",
                vec!["a", "b"],
            ),
            (
                "const a = { b: {} }; for (const b of Object.values(a)) b.c = 1;",
                vec!["a"],
            ),
            (
                "const a = {}, b = { a }; for (const [, c] of Object.entries(b)) c.d = 1;",
                vec!["a", "b"],
            ),
            (
                "const a = {}, b = [a]; b.forEach((c) => { c.d = 1; });",
                vec!["a", "b"],
            ),
            ("const a = {}; [a].map(b => delete b.c);", vec!["a"]),
            (
                "const a = {}, b = []; b.map((c, d) => { d.e = 1; });",
                vec![],
            ),
            ("const a = {}, b = []; a.each((c) => { c.d = 1; });", vec![]),
            (
                "const a = {}, b = {}, c = d ? a : (b as any); c.e = 1;",
                vec!["a", "b", "c"],
            ),
            ("const a = {}, b = c ?? a; b.d = 1;", vec!["a", "b"]),
            ("const a = {}; let b = a; b = {}; b.c = 1;", vec![]),
            (
                "const a = { b: { c: [] } }; const { b: { c } } = a; c.pop();",
                vec!["a"],
            ),
            (
                "const a = [], b = { c: a }, { c: d = [] } = b; d.pop();",
                vec!["a", "b"],
            ),
            ("const a = {}; function b({ c } = a) { c.d = 1; }", vec![]),
            ("import x, { y } from 'z'; x.a = 1;", vec!["x"]),
            (
                "import x, { y } from 'z'; for (const a of [x, y]) a.b = 1;",
                vec!["x", "y"],
            ),
            (
                "import x, { y } from 'z'; const a = { y }; a.y.b.push(1);",
                vec!["a", "y"],
            ),
        ] {
            assert_eq!(changed(text), expected, "{text}");
        }
    }
}
