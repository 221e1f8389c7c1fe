//! Calls on what `createRealtime` makes, through whatever a file keeps it in.

use std::cell::Cell;
use std::slice;

use memchr::memmem;
use smol_str::SmolStr;

use crate::span::Span;
use crate::syntax::value::{Call, Member, Value, ValueKind};
use crate::syntax::{self, CallExpression, Fields, Import, Imported, Module, Node, Scopes, Tree};

/// The function of the generated helper that makes what events are sent with.
pub const FACTORY: &str = "createRealtime";

/// How many expressions are looked at to tell whether one call is the helper's. Few are; the bound is
/// for names that stand for several values each, one through another.
const MAX_STEPS: u32 = 256;

/// How many properties are looked through in the time of a step.
const PROPERTIES_A_STEP: usize = 64;

/// How deep that may lead.
const MAX_DEPTH: u32 = 16;

/// A call on what `createRealtime` returned: `realtime.insert(...)`, `realtime.presence.joined(...)`.
#[derive(Debug, Clone, PartialEq)]
pub struct HelperCall {
    /// The module that `createRealtime` was imported from.
    pub helper: Import,
    /// The properties that lead from the helper to what is called, with their ranges.
    pub path: Vec<(SmolStr, Span)>,
    /// The call and what becomes of its result.
    pub expression: CallExpression,
}

impl HelperCall {
    /// The call itself.
    pub fn call(&self) -> Option<&Call> {
        self.expression.value.as_call()
    }
}

/// The calls on the helper in a file, in the order of the text.
pub(super) fn helper_calls(tree: &Tree<'_>, module: &Module, scopes: &Scopes) -> Vec<HelperCall> {
    let text = tree.text();
    let factories = factories(module);
    let holds = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    if factories.is_empty() || !holds(FACTORY) {
        return Vec::new();
    }
    // Most files have no classes, and this one may be read at each key.
    let fields = match holds(THIS) {
        true => Fields::of(tree),
        false => Fields::default(),
    };
    let search = Search {
        factories: &factories,
        scopes,
        fields: &fields,
        left: Cell::new(0),
    };
    let wanted = |callee: Node<'_>| {
        syntax::root_name(callee, text).is_some_and(|name| {
            name == THIS
                || factories.iter().any(|i| i.local == name)
                || scopes
                    .lookup(name, syntax::span(callee).start)
                    .is_some_and(|binding| binding.value.is_some())
        })
    };
    let calls = syntax::calls(tree, false, wanted, |_| None);
    let of_helper = |expression: CallExpression| {
        search.left.set(MAX_STEPS);
        let callee = &expression.value.as_call()?.callee;
        let (helper, path) = search.path(callee, 0)?;
        (!path.is_empty()).then(|| HelperCall {
            helper: helper.clone(),
            path,
            expression,
        })
    };
    calls.into_iter().filter_map(of_helper).collect()
}

/// The import that makes the helper which a function of the file answers, if it is called at
/// `offset`, in bytes, by that name.
pub(super) fn made_by<'m>(
    name: &str,
    offset: u32,
    module: &'m Module,
    scopes: &Scopes,
) -> Option<&'m Import> {
    let factories = factories(module);
    let search = Search {
        factories: &factories,
        scopes,
        fields: &Fields::default(),
        left: Cell::new(MAX_STEPS),
    };
    let function = scopes.lookup(name, offset)?.value.as_deref()?;
    let (helper, path) = search.path(answer(function)?, 0)?;
    path.is_empty().then_some(helper)
}

const THIS: &str = "this";

/// The imports that are `createRealtime`, or a module that may export it.
fn factories(module: &Module) -> Vec<&Import> {
    let may_make = |import: &&Import| match &import.imported {
        Imported::Namespace => true,
        Imported::Name(name, _) => name == FACTORY,
        _ => false,
    };
    module.imports.iter().filter(may_make).collect()
}

struct Search<'s, 'i> {
    factories: &'s [&'i Import],
    scopes: &'s Scopes,
    fields: &'s Fields,
    /// How many more expressions may be looked at.
    left: Cell<u32>,
}

impl<'s, 'i> Search<'s, 'i> {
    /// The import of the factory whose helper a value leads from, and the properties that lead from
    /// there to the value.
    fn path(&self, value: &'s Value, depth: u32) -> Option<(&'i Import, Vec<(SmolStr, Span)>)> {
        self.left.set(self.left.get().checked_sub(1)?);
        let deeper = depth.checked_add(1).filter(|depth| *depth <= MAX_DEPTH)?;
        match &value.kind {
            // `const { insert } = realtime`: the name here is the last property.
            ValueKind::Ident(_) => self.path(self.named(value)?, deeper),
            ValueKind::Member(member) => {
                if let Some((import, mut path)) = self.path(&member.object, deeper) {
                    path.push((member.name.clone(), member.name_span));
                    return Some((import, path));
                }
                let mut held = self.held(member, deeper)?.iter();
                held.find_map(|value| self.path(value, deeper))
            }
            // `await createRealtime(env)`, `env.URL ? createRealtime(env) : null`.
            ValueKind::Await(value) => self.path(value, deeper),
            ValueKind::Choice(choice) => {
                let (first, second) = choice.outcomes();
                let path = self.path(first, deeper);
                path.or_else(|| self.path(second, deeper))
            }
            ValueKind::Call(call) => {
                if let Some(import) = self.factory(&call.callee) {
                    return Some((import, Vec::new()));
                }
                let called = self.called(&call.callee, deeper)?.iter();
                let mut answers = called.filter_map(|function| answer(function));
                answers.find_map(|answer| self.path(answer, deeper))
            }
            _ => None,
        }
    }

    /// The import of the factory that a value is.
    fn factory(&self, callee: &Value) -> Option<&'i Import> {
        let (local, is_namespace) = match &callee.kind {
            ValueKind::Ident(local) => (local, false),
            ValueKind::Member(member) if member.name == FACTORY => match &member.object.kind {
                ValueKind::Ident(local) => (local, true),
                _ => return None,
            },
            _ => return None,
        };
        let mut factories = self.factories.iter();
        factories
            .find(|i| i.local == *local && (i.imported == Imported::Namespace) == is_namespace)
            .filter(|_| self.scopes.lookup(local, callee.span.start).is_none())
            .copied()
    }

    /// What a name stands for.
    fn named(&self, value: &Value) -> Option<&'s Value> {
        let ValueKind::Ident(name) = &value.kind else {
            return None;
        };
        let binding = self.scopes.lookup(name, value.span.start)?;
        binding.value.as_deref()
    }

    /// What may be held in a member of a class's object, or is in one of an object that is written.
    fn held(&self, member: &'s Member, depth: u32) -> Option<&'s [Value]> {
        let mut object = &member.object;
        if matches!(&object.kind, ValueKind::Ident(name) if name == THIS) {
            return Some(self.fields.of_this(&member.name, object.span.start));
        }
        for _ in depth..MAX_DEPTH {
            match self.named(object) {
                Some(named) => object = named,
                None => break,
            }
        }
        let ValueKind::Object(properties) = &object.kind else {
            return None;
        };
        // In a long one it takes as long as many steps.
        let steps = u32::try_from(properties.len() / PROPERTIES_A_STEP).ok()?;
        self.left.set(self.left.get().checked_sub(steps)?);
        object.property(&member.name).map(slice::from_ref)
    }

    /// The functions that may be called by an expression.
    fn called(&self, callee: &'s Value, depth: u32) -> Option<&'s [Value]> {
        match &callee.kind {
            ValueKind::Ident(_) => self.named(callee).map(slice::from_ref),
            ValueKind::Member(member) => self.held(member, depth),
            _ => Some(slice::from_ref(callee)),
        }
    }
}

/// What a function answers that does nothing else.
fn answer(function: &Value) -> Option<&Value> {
    function.as_function()?.returns.as_ref()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use smol_str::SmolStr;

    use crate::facts::FileFacts;
    use crate::span::Span;

    fn facts(text: &str) -> FileFacts {
        FileFacts::of_text(text, Path::new("a.ts"))
    }

    #[test]
    fn follows_the_helper_through_choices() {
        for made in [
            "env.URL ? createRealtime(env) : null",
            "env.URL && createRealtime(env)",
            "given ?? createRealtime(env)",
            "await createRealtime(env)",
        ] {
            let text = format!(
                "import {{ createRealtime }} from '../lib/realtime';\n\
                 const f = async (env) => {{ const rt = {made}; await rt?.insert('claims', r, o); }};\n"
            );
            let calls = facts(&text).helper_calls;
            let [call] = calls.as_slice() else {
                panic!("one call: {made}");
            };
            assert_eq!(
                call.path.first().map(|(name, _)| name.as_str()),
                Some("insert")
            );
        }
    }

    #[test]
    fn follows_the_helper_through_names() {
        let found = facts(
            "import { createRealtime as make } from '../lib/realtime';\n\
             export const run = async (ctx) => {\n\
               const rt = make(ctx.env);\n\
               const { insert, presence } = rt;\n\
               await rt.update('a', n, o, ctx.org);\n\
               insert('a', n, ctx.org);\n\
               return presence.joined({}, ctx.org);\n\
             };\n\
             function other(rt) { rt.insert('x'); }\n",
        );
        let calls: Vec<_> = found
            .helper_calls
            .iter()
            .map(|c| {
                (
                    c.path
                        .iter()
                        .map(|p| p.0.as_str())
                        .collect::<Vec<_>>()
                        .join("."),
                    c.expression.handling,
                )
            })
            .collect();
        use crate::syntax::Handling::*;
        assert_eq!(
            calls,
            [
                ("update".into(), Awaited),
                ("insert".into(), Floating),
                ("presence.joined".into(), Returned)
            ] as [(String, _); 3]
        );
    }

    /// The paths of the helper's calls in a body of a file that imports the factory.
    fn paths(body: &str) -> Vec<String> {
        paths_with("{ createRealtime }", body)
    }

    /// The same of a file that imports so from the helper.
    fn paths_with(imports: &str, body: &str) -> Vec<String> {
        let text = format!("import {imports} from '../lib/realtime';\n{body}\n");
        let calls = facts(&text).helper_calls;
        let names = |path: &[(SmolStr, Span)]| {
            let names: Vec<&str> = path.iter().map(|(name, _)| name.as_str()).collect();
            names.join(".")
        };
        calls.iter().map(|call| names(&call.path)).collect()
    }

    #[test]
    fn only_the_factory_makes_the_helper() {
        for (imports, made) in [
            ("* as lib", "lib.createRealtime(env)"),
            ("* as lib", "(await lib.createRealtime(env))"),
            ("{ createRealtime as make }", "make(env)"),
        ] {
            let body = format!("{made}.insert();");
            assert_eq!(paths_with(imports, &body), ["insert"], "{imports} {body}");
        }
        for (imports, made) in [
            ("* as lib", "lib.other(createRealtime)"),
            ("* as createRealtime", "createRealtime(env)"),
            ("{ other, createRealtime }", "other(env)"),
            ("{ other as createRealtime }", "createRealtime(env)"),
            ("createRealtime", "createRealtime(env)"),
            (
                "* as lib",
                "((lib) => lib.createRealtime(env).insert())(other)",
            ),
        ] {
            let body = format!("{made}.insert();");
            assert_eq!(paths_with(imports, &body), [""; 0], "{imports} {body}");
        }
    }

    #[test]
    fn follows_the_helper_through_the_members_of_classes() {
        for class in [
            "private readonly rt = createRealtime(env);",
            "rt = createRealtime(env);",
            "rt: Realtime; constructor(env) { this.rt = createRealtime(env); }",
            "rt?: Realtime | null = null; begin(env) { this.rt ??= 1; this.rt = createRealtime(env); }",
            "get rt() { return createRealtime(this.env); }",
            "made = createRealtime(env); get rt() { return this.made; }",
        ] {
            let body = format!("class A {{ {class} send() {{ this.rt.insert('a', r, o); }} }}");
            assert_eq!(paths(&body), ["insert"], "{body}");
            let body = format!("class A {{ send = () => this.rt?.jobs.done(r, o); {class} }}");
            assert_eq!(paths(&body), ["jobs.done"], "{body}");
            let body =
                format!("class A {{ {class} }} class B {{ send() {{ this.rt.insert(); }} }}");
            assert_eq!(paths(&body), [""; 0], "{body}");
        }
        for body in [
            "class A { #rt = createRealtime(env); f() { this.#rt.insert(); } }",
            "class A { rt() { return createRealtime(env); } f() { this.rt().insert(); } }",
            "class A { rt = createRealtime(env); f() { const { rt } = this; rt.insert(); } }",
        ] {
            assert_eq!(paths(body), ["insert"], "{body}");
        }
        let other = "class A { rt = createRealtime(env); f() { return function () { this.rt.insert(); }; } }";
        assert_eq!(paths(other), [""; 0]);
    }

    #[test]
    fn follows_the_helper_through_functions_and_objects() {
        for body in [
            "const rt = (c) => createRealtime(c.env); rt(c).insert();",
            "function rt(c) { return createRealtime(c.env); } const r = rt(c); r.insert();",
            "const rt = async (c) => createRealtime(c.env); (await rt(c)).insert();",
            "const made = createRealtime(env); const rt = () => made; rt().insert();",
            "const services = { rt: createRealtime(env) }; services.rt.insert();",
            "const services = { rt: (c) => createRealtime(c) }; services.rt(c).insert();",
            "const a = { rt: createRealtime(env) }; const b = a; const { rt } = b; rt.insert();",
        ] {
            assert_eq!(paths(body), ["insert"], "{body}");
        }
        for body in [
            "const rt = (c) => { log(c); }; rt(c).insert();",
            "const rt = createRealtime; rt.insert();",
            "const services = { rt: { insert() {} }, other: createRealtime(env) }; services.rt.insert();",
            "const insert = () => createRealtime(env).insert; insert();",
            "const a = () => b(); const b = () => a(); a().insert();",
            "const send = { insert: () => 1 }; send.insert();",
            "function f(createRealtime) { createRealtime(env).insert(); }",
        ] {
            assert_eq!(paths(body), [""; 0], "{body}");
        }
    }

    /// Seconds with a bound on what is looked at for each call, and minutes without one.
    #[test]
    fn what_stands_for_much_takes_no_time() {
        let mut doubled = "const a0 = c ? x : y;\n".to_owned();
        for i in 1..40 {
            let before = i - 1;
            doubled += &format!("const a{i} = c ? a{before} : a{before};\n");
        }
        let assigned = "this.a = this.a;\n".repeat(10_000);
        let calls = "this.a.insert();\n".repeat(2_000);
        let properties = "b: 1, ".repeat(10_000);
        for body in [
            doubled + &"a39.insert();\n".repeat(20_000),
            format!("class A {{ constructor() {{ {assigned} {calls} }} }}"),
            format!(
                "const a = {{ x: a.x, {properties} }};\n{}",
                "a.x.insert();\n".repeat(2_000)
            ),
        ] {
            let start = Instant::now();
            assert_eq!(paths(&body), [""; 0]);
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "{:?}",
                start.elapsed()
            );
        }
    }
}
