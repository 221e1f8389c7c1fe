//! The paths through a function, for one table.

use crate::span::Span;
use crate::syntax::flow::{Step, Write, WriteKind, collect_writes};

/// What a write does to the table that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It writes it.
    Writes,
    /// It may.
    MayWrite,
    /// It writes another table.
    None,
}

/// Follows the paths through a function.
pub struct Paths<'f> {
    effect: &'f dyn Fn(&Write) -> Effect,
    /// What a call announces of the table, if it is about it.
    told: &'f dyn Fn(Span) -> Option<WriteKind>,
    found: Vec<(Span, Span)>,
}

/// What the paths that lead to a point have in common.
#[derive(Debug, Clone, Default)]
struct State {
    /// Whether the table was not written yet on one of them.
    unwritten: bool,
    /// What was announced on one of them while the table was not written.
    told: Vec<(Span, WriteKind)>,
}

/// What leaves the steps elsewhere than at their end.
#[derive(Default)]
struct Exits {
    returned: Option<State>,
    broken: Option<State>,
    continued: Option<State>,
}

fn join(a: Option<State>, b: Option<State>) -> Option<State> {
    match (a, b) {
        (Some(mut a), Some(b)) => {
            a.unwritten |= b.unwritten;
            for told in b.told {
                if !a.told.contains(&told) {
                    a.told.push(told);
                }
            }
            Some(a)
        }
        (a, b) => a.or(b),
    }
}

impl<'f> Paths<'f> {
    /// The paths for one table.
    pub fn new(
        effect: &'f dyn Fn(&Write) -> Effect,
        told: &'f dyn Fn(Span) -> Option<WriteKind>,
    ) -> Self {
        Self {
            effect,
            told,
            found: Vec::new(),
        }
    }

    /// The calls that a path leads to without a write before, and from there to a write, which is
    /// named with them.
    pub fn run(mut self, steps: &[Step]) -> Vec<(Span, Span)> {
        let start = State {
            unwritten: true,
            told: Vec::new(),
        };
        self.steps(steps, Some(start), &mut Exits::default());
        self.found.sort_unstable();
        self.found.dedup_by_key(|(call, _)| *call);
        self.found
    }

    fn steps(&mut self, steps: &[Step], state: Option<State>, exits: &mut Exits) -> Option<State> {
        let mut state = state;
        for step in steps {
            // What comes after a `return` is not on any path.
            let here = state?;
            state = self.step(step, here, exits);
        }
        state
    }

    fn step(&mut self, step: &Step, mut state: State, exits: &mut Exits) -> Option<State> {
        match step {
            Step::Call(span) => {
                if let Some(kind) = (self.told)(*span).filter(|_| state.unwritten) {
                    state.told.push((*span, kind));
                }
                Some(state)
            }
            Step::Write(write) => {
                self.write(write, &mut state);
                Some(state)
            }
            Step::Opaque => {
                state.unwritten = false;
                Some(state)
            }
            Step::Deferred(writes) => {
                state.unwritten &= !self.touches(writes);
                Some(state)
            }
            Step::Branch(ways) => ways.iter().fold(None, |after, way| {
                join(after, self.steps(way, Some(state.clone()), exits))
            }),
            Step::Switch { cases, has_default } => {
                let mut inner = Exits::default();
                let mut after = None;
                for case in cases {
                    let entry = join(Some(state.clone()), after);
                    after = self.steps(case, entry, &mut inner);
                }
                exits.returned = join(exits.returned.take(), inner.returned);
                exits.continued = join(exits.continued.take(), inner.continued);
                let skipped = (!has_default).then_some(state);
                join(join(after, inner.broken), skipped)
            }
            Step::Loop(body) => {
                let mut inner = Exits::default();
                let end = self.steps(body, Some(state.clone()), &mut inner);
                exits.returned = join(exits.returned.take(), inner.returned);
                let mut after = join(join(end, inner.continued), inner.broken).unwrap_or(state);
                // Whatever a loop writes counts as written: most often it is all of it.
                after.unwritten &= !self.may_write(body);
                Some(after)
            }
            Step::Try {
                body,
                handler,
                finalizer,
            } => {
                let mut caught = state.clone();
                // The write may be what failed, or what failed may come after it.
                caught.unwritten &= !self.may_write(body);
                let mut after = self.steps(body, Some(state), exits);
                if let Some(handler) = handler {
                    after = join(after, self.steps(handler, Some(caught.clone()), exits));
                }
                match after {
                    Some(after) => self.steps(finalizer, Some(after), exits),
                    None => {
                        self.steps(finalizer, Some(caught), exits);
                        None
                    }
                }
            }
            Step::Inline(body) => {
                let mut inner = Exits::default();
                let end = self.steps(body, Some(state), &mut inner);
                join(end, inner.returned)
            }
            Step::Return => {
                exits.returned = join(exits.returned.take(), Some(state));
                None
            }
            Step::Break => {
                exits.broken = join(exits.broken.take(), Some(state));
                None
            }
            Step::Continue => {
                exits.continued = join(exits.continued.take(), Some(state));
                None
            }
        }
    }

    fn write(&mut self, write: &Write, state: &mut State) {
        let effect = (self.effect)(write);
        if effect == Effect::None {
            return;
        }
        state.unwritten = false;
        // An upsert, or a write of another kind, may well be about something else than what was
        // announced: a record that exists, or a mark that it is deleted.
        if effect == Effect::Writes && !write.is_upsert {
            let announced = state.told.iter().filter(|(_, kind)| *kind == write.kind);
            self.found
                .extend(announced.map(|(call, _)| (*call, write.span)));
        }
    }

    fn touches(&self, writes: &[Write]) -> bool {
        writes
            .iter()
            .any(|write| (self.effect)(write) != Effect::None)
    }

    fn may_write(&self, steps: &[Step]) -> bool {
        let mut writes = Vec::new();
        collect_writes(steps, &mut writes) || self.touches(&writes)
    }
}
