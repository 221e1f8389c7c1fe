//! What the parameters of a function stand for while a call of it is followed.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Evaluator, Followed, MAX_STEPS};
use crate::project::resolved::{Kind, Resolved};
use crate::span::{FileId, Place, Span};
use crate::syntax::value::{Call, Element, Function, Value, ValueKind};

/// A call of a function that is followed into the function.
pub(super) struct Frame {
    /// The file of the function.
    file: FileId,
    /// What it is given, as far as that is told apart.
    given: Vec<Resolved>,
    /// Whether that is all.
    is_all: bool,
    /// What its rest parameter holds.
    rest: Option<Resolved>,
    /// What is known of its names so far, by where they are declared.
    names: RefCell<Vec<(Span, Resolved)>>,
}

impl Evaluator<'_> {
    /// Follows something of a function of `file`, of which the parameters are those that a call in
    /// `at` gives it.
    pub(super) fn entered<T>(
        &self,
        (file, function): (FileId, &Function),
        (at, call): (FileId, &Call),
        span: Span,
        follow: impl FnOnce() -> T,
    ) -> T {
        let told = call
            .args
            .iter()
            .take_while(|a| !matches!(a, Element::Spread(_)));
        let told = told.count();
        let mut given = self.args(at, call, span);
        given.truncate(told);
        let rest = function.rest.and_then(|first| {
            let first = usize::try_from(first).ok()?;
            // What is spread before it may be longer or shorter.
            if told < first && told < call.args.len() {
                return None;
            }
            let elements = call.args.get(first..).unwrap_or_default();
            Some(Resolved {
                span,
                origin: Place {
                    file: at,
                    span: call.args_span,
                },
                kind: Kind::List(self.list(at, elements, span)),
            })
        });
        let frame = Rc::new(Frame {
            file,
            given,
            is_all: told == call.args.len(),
            rest,
            names: RefCell::default(),
        });
        self.within(Some(Rc::clone(&frame)), || {
            for name in &function.names {
                let mut value = self.eval(file, &name.value, Some(span));
                if self.is_another(file, &name.name, name.name_span) {
                    value.kind = Kind::Unknown;
                }
                frame.names.borrow_mut().push((name.name_span, value));
            }
            follow()
        })
    }

    /// Follows something that is in no function, or in another.
    pub(super) fn within<T>(&self, frame: Option<Rc<Frame>>, follow: impl FnOnce() -> T) -> T {
        let before = self.frame.replace(frame);
        let found = follow();
        self.frame.replace(before);
        found
    }

    /// Whether a parameter is assigned to, or what it stands for is changed.
    fn is_another(&self, file: FileId, name: &str, declared: Span) -> bool {
        let Some(facts) = self.facts(file) else {
            return true;
        };
        let binding = facts.scopes.lookup(name, declared.start);
        binding.is_none_or(|binding| {
            binding.name_span != declared || facts.scopes.is_another_later(binding)
        })
    }

    /// What a name stands for that is a parameter of the function that is followed.
    pub(super) fn parameter(&self, file: FileId, value: &Value) -> Option<Resolved> {
        let frame = self
            .frame
            .borrow()
            .clone()
            .filter(|frame| frame.file == file)?;
        let ValueKind::Ident(name) = &value.kind else {
            return None;
        };
        let facts = self.facts(file)?;
        let declared = facts.scopes.lookup(name, value.span.start)?.name_span;
        let names = frame.names.borrow();
        let (_, given) = names.iter().find(|(name, _)| *name == declared)?;
        let mut given = given.clone();
        // What is used twice counts twice: who looks at all of it goes through it each time.
        let spent = self.steps.get();
        let size = size(&given, MAX_STEPS.saturating_sub(spent));
        self.steps.set(spent.saturating_add(size));
        if self.steps.get() >= MAX_STEPS {
            given.kind = Kind::Unknown;
        }
        Some(given)
    }

    /// Whether a path begins with such a name.
    pub(super) fn begins_with_parameter(&self, file: FileId, path: &Value) -> bool {
        self.parameter(file, path.root()).is_some()
    }

    /// What a call gives for the parameter at an index.
    pub(super) fn given(&self, index: u32) -> Followed {
        let frame = self.frame.borrow().clone();
        let Some((frame, index)) = frame.zip(usize::try_from(index).ok()) else {
            return Followed::Here(Kind::Unknown);
        };
        match frame.given.get(index) {
            Some(given) => Followed::There(given.clone()),
            None if frame.is_all => Followed::Here(Kind::Undefined),
            None => Followed::Here(Kind::Unknown),
        }
    }

    /// What a call gives for the rest parameter.
    pub(super) fn rest(&self) -> Followed {
        let rest = self
            .frame
            .borrow()
            .as_ref()
            .and_then(|frame| frame.rest.clone());
        rest.map_or(Followed::Here(Kind::Unknown), Followed::There)
    }
}

/// How many values there are in one, itself counted, as long as these are no more than `most`.
fn size(value: &Resolved, most: u32) -> u32 {
    let mut size = 0_u32;
    let mut stack = vec![value];
    while let Some(value) = stack.pop() {
        size = size.saturating_add(1);
        if size >= most {
            break;
        }
        match &value.kind {
            Kind::List(list) => stack.extend(list.items.iter()),
            Kind::Object(object) => {
                stack.extend(object.properties().map(|property| &property.value));
            }
            Kind::Builder(builder) => {
                let methods = builder.methods.iter().flat_map(|method| &method.args);
                stack.extend(builder.args.iter().chain(methods));
            }
            Kind::Function(returns) => stack.extend(returns.as_deref()),
            _ => {}
        }
    }
    size
}
