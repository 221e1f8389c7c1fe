//! Calls: of functions of the project's that only return something, and of those that build.

use std::sync::Arc;

use super::{Evaluator, Followed, Target};
use crate::project::resolved::{Builder, Kind, Lookup, Method, Resolved};
use crate::span::{FileId, Place, Span};
use crate::syntax::value::{Call, Element, Value, ValueKind};

/// The functions of `Object` that answer their argument, which cannot be changed so easily then.
const HARDENING: [&str; 3] = ["freeze", "seal", "preventExtensions"];

impl Evaluator<'_> {
    /// What a call answers, or what that is a promise of where `is_awaited`.
    pub(super) fn call(&self, file: FileId, call: &Call, span: Span, is_awaited: bool) -> Followed {
        if let Some(hardened) = self.hardened(file, call) {
            return Followed::There(self.eval(file, hardened, Some(span)));
        }
        let mut made_by = None;
        let mut helper = None;
        if call.callee.is_path()
            && let Some(symbol) = self.symbol(file, &call.callee)
            && let Target::Value(Some(target)) = &symbol.target
        {
            let there = symbol.file;
            let outer = (there != self.home).then_some(span);
            match &target.kind {
                // A function of the project that only returns something stands for what it returns.
                ValueKind::Function(function) if function.is_async && !is_awaited => {
                    return Followed::Here(Kind::Unknown);
                }
                ValueKind::Function(function) => {
                    if let Some(returns) = &function.returns {
                        let given = (file, call);
                        let answer = self.entered((there, function), given, span, || {
                            if is_awaited {
                                self.settled(there, returns, outer)
                            } else {
                                self.eval(there, returns, outer)
                            }
                        });
                        // Columns are told by the function that makes them, whatever it is given.
                        let is_told = !matches!(answer.kind, Kind::Builder(_) | Kind::Unknown);
                        if is_told || function.params.is_empty() {
                            if returns.is_path() {
                                self.followed.borrow_mut().extend(symbol.place());
                            }
                            return Followed::There(answer);
                        }
                    }
                    helper = Some((there, Arc::clone(target)));
                }
                ValueKind::Call(_) => {
                    let made = self.within(None, || self.eval(there, target, outer));
                    if let Kind::Builder(builder) = made.kind {
                        made_by = Some(builder);
                    }
                }
                _ => {}
            }
        }
        let args = || self.args(file, call, span);
        if let ValueKind::Member(member) = &call.callee.kind {
            let on = self.eval(file, &member.object, Some(span));
            match on.kind {
                Kind::Builder(mut builder) => {
                    builder.methods.push(Method {
                        name: member.name.clone(),
                        args: args(),
                    });
                    return Followed::Here(Kind::Builder(builder));
                }
                Kind::Object(_) | Kind::List(_) | Kind::String(_) => {
                    return Followed::Here(Kind::Unknown);
                }
                _ => {}
            }
        }
        // What a parameter is called for is not told by its name.
        let callee = self.callee(file, &call.callee);
        match callee.filter(|_| !self.begins_with_parameter(file, &call.callee)) {
            Some(mut callee) => {
                callee.made_by = made_by;
                callee.helper = helper;
                Followed::Here(Kind::Builder(Box::new(Builder {
                    callee,
                    args: args(),
                    methods: Vec::new(),
                })))
            }
            None => Followed::Here(Kind::Unknown),
        }
    }

    pub(super) fn args(&self, file: FileId, call: &Call, span: Span) -> Vec<Resolved> {
        call.args
            .iter()
            .map(|element| match element {
                Element::Item(value) => self.eval(file, value, Some(span)),
                Element::Spread(value) => Resolved {
                    span,
                    origin: Place {
                        file,
                        span: value.span,
                    },
                    kind: Kind::Unknown,
                },
                Element::Hole => Resolved {
                    span,
                    origin: Place { file, span },
                    kind: Kind::Undefined,
                },
            })
            .collect()
    }

    /// What `Object.freeze(...)` and the like answer.
    fn hardened<'v>(&self, file: FileId, call: &'v Call) -> Option<&'v Value> {
        let ValueKind::Member(member) = &call.callee.kind else {
            return None;
        };
        let object = &member.object;
        if object.kind != ValueKind::Ident("Object".into())
            || !HARDENING.contains(&member.name.as_str())
        {
            return None;
        }
        let facts = self.facts(file)?;
        let mut imports = facts.module.imports.iter();
        let is_another = facts.scopes.lookup("Object", object.span.start).is_some()
            || imports.any(|import| import.local == "Object");
        call.arg(0).filter(|_| !is_another)
    }

    /// What `await` answers of an expression.
    pub(super) fn awaited(&self, file: FileId, value: &Value, span: Span) -> Followed {
        let answer = match &value.kind {
            ValueKind::Call(call) => self.call(file, call, span, true),
            _ => Followed::There(self.settled(file, value, Some(span))),
        };
        match answer {
            // Nobody waits for columns.
            Followed::Here(Kind::Builder(_))
            | Followed::There(Resolved {
                kind: Kind::Builder(_),
                ..
            }) => Followed::Here(Kind::Unknown),
            answer => answer,
        }
    }

    /// The same of what is followed to its end: an object with a method `then` is taken for a promise.
    fn settled(&self, file: FileId, value: &Value, outer: Option<Span>) -> Resolved {
        let mut settled = match &value.kind {
            ValueKind::Call(_) => {
                let kind = ValueKind::Await(Box::new(value.clone()));
                let span = value.span;
                self.eval(file, &Value { span, kind }, outer)
            }
            _ => self.eval(file, value, outer),
        };
        if let Kind::Object(object) = &settled.kind
            && object.get("then") != Lookup::Absent
        {
            settled.kind = Kind::Unknown;
        }
        settled
    }
}
