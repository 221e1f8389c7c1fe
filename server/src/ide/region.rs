//! What the place of a cursor is to Quickback: a configuration, a list in one, a call.

use std::sync::Arc;

use smol_str::SmolStr;

use super::cursor::{Bracket, Cursor, Frame, Word};
use crate::facts::{FACTORY, FileFacts, QUICKBACK_MODULES};
use crate::project::model::{BlockOwner, FileModel, Method};
use crate::project::uses::{RoleList, each_role_setting};
use crate::project::{Evaluator, Project};
use crate::schema::{self, KeyKind, Schema};
use crate::span::FileId;
use crate::syntax::Imported;

/// What the innermost bracket around a cursor is.
#[derive(Debug, Clone, PartialEq)]
pub enum Region {
    /// The arguments of a definition or a call of the helper.
    Arguments(Callee),
    /// The options of a table.
    Options(Subject),
    /// A configuration object.
    Block(&'static Schema, Subject),
    /// An object whose keys are columns.
    ByColumn(&'static Schema, Subject),
    /// A list of columns, roles or the like.
    List(KeyKind, Subject),
    /// The record of a call, or its payload.
    Record(Subject),
}

/// Whose configuration it is: indices of frames of the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The table that the call with these arguments defines.
    Table(usize),
    /// The namespace that the call with these arguments defines.
    Namespace,
    /// The call of the helper with these arguments.
    Call(usize),
    /// An object that a definition takes up by name: an index into the tables of the file.
    NamedTable(usize),
    /// An object that a call takes up by name: an index into the calls of the file.
    NamedCall(usize),
}

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callee {
    /// `defineTable`, `defineResource`.
    Table(usize),
    /// `feature`.
    Feature(usize),
    /// `defineRealtime`.
    Namespace,
    /// A method of the helper.
    Helper(HelperMethod, usize),
}

/// A method of the helper, by what its arguments are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelperMethod {
    /// `insert(table, new, target, options)` or `delete(table, old, target, options)`.
    OneRecord,
    /// `update(table, new, old, target, options)`.
    Update,
    /// `broadcast(event, payload, target, options)`.
    Broadcast,
    /// `<namespace>.<event>(payload, target, options)`.
    Event,
}

impl HelperMethod {
    /// The index of the argument that says where to send.
    pub fn target(self) -> usize {
        match self {
            Self::OneRecord | Self::Broadcast => 2,
            Self::Update => 3,
            Self::Event => 1,
        }
    }

    /// Whether the argument is a record or a payload.
    pub fn is_record(self, index: usize) -> bool {
        match self {
            Self::OneRecord | Self::Broadcast => index == 1,
            Self::Update => index == 1 || index == 2,
            Self::Event => index == 0,
        }
    }
}

/// What is needed to tell Quickback's functions from others.
pub struct Names<'p> {
    project: &'p Project,
    file: FileId,
    facts: Arc<FileFacts>,
    model: Arc<FileModel>,
}

impl<'p> Names<'p> {
    /// The names of a file; `None` if it cannot be read, or is generated.
    pub fn of(project: &'p Project, file: FileId) -> Option<Self> {
        let facts = project.facts(file)?;
        if facts.generated {
            return None;
        }
        Some(Self {
            project,
            file,
            facts,
            model: project.model(file),
        })
    }

    /// What the file means.
    pub fn model(&self) -> &Arc<FileModel> {
        &self.model
    }

    /// The region around a cursor; `None` outside of Quickback's.
    pub fn region(&self, cursor: &Cursor) -> Option<Region> {
        self.region_of(cursor, &cursor.stack)
    }

    /// The region of the last of a stack of brackets.
    pub fn region_of(&self, cursor: &Cursor, stack: &[usize]) -> Option<Region> {
        let mut region = None;
        for &index in stack {
            let frame = cursor.frame(index)?;
            region = self
                .enter(region, frame, index, cursor)
                .or_else(|| self.named(frame));
        }
        region
    }

    fn enter(
        &self,
        around: Option<Region>,
        frame: &Frame,
        index: usize,
        cursor: &Cursor,
    ) -> Option<Region> {
        if frame.bracket == Bracket::Arguments {
            return self.callee(frame, index, cursor).map(Region::Arguments);
        }
        if frame.bracket == Bracket::Group {
            return around;
        }
        let around = around?;
        let key = frame.key.as_ref().map(|word| word.text.as_str());
        match (frame.bracket, around) {
            (Bracket::Object, Region::Arguments(callee)) => argument(callee, frame.index),
            (Bracket::Object, Region::Options(subject)) => match key? {
                "realtime" => Some(Region::Block(&schema::REALTIME, subject)),
                "masking" => Some(Region::ByColumn(&schema::MASK_RULE, subject)),
                _ => None,
            },
            (Bracket::Object, Region::Block(schema, subject)) => match schema.key(key?)?.kind {
                KeyKind::Object(inner) => Some(Region::Block(inner, subject)),
                KeyKind::ByColumn(inner) => Some(Region::ByColumn(inner, subject)),
                _ => None,
            },
            (Bracket::Array, Region::Block(schema, subject)) => match schema.key(key?)?.kind {
                kind @ (KeyKind::Columns
                | KeyKind::Roles
                | KeyKind::ShowRoles
                | KeyKind::Events) => Some(Region::List(kind, subject)),
                _ => None,
            },
            (Bracket::Object, Region::ByColumn(schema, subject)) => {
                key.map(|_| Region::Block(schema, subject))
            }
            _ => None,
        }
    }

    /// An object or a list that a configuration takes up by name.
    fn named(&self, frame: &Frame) -> Option<Region> {
        let subject = |owner| match owner {
            BlockOwner::Table(index) => Subject::NamedTable(index),
            BlockOwner::Namespace(_) => Subject::Namespace,
            BlockOwner::Call(index) => Subject::NamedCall(index),
        };
        match frame.bracket {
            Bracket::Object => {
                let blocks = self.model.blocks.iter();
                let block = blocks.rev().find(|block| block.span.start == frame.open)?;
                Some(Region::Block(block.schema, subject(block.owner)))
            }
            Bracket::Array => {
                let tables = self.model.tables.iter().enumerate();
                for (index, table) in tables {
                    let fields = table.block().and_then(|block| block.fields.known());
                    if fields.is_some_and(|known| known.span.start == frame.open) {
                        return Some(Region::List(KeyKind::Columns, Subject::NamedTable(index)));
                    }
                }
                self.named_roles(frame.open)
            }
            _ => None,
        }
    }

    fn named_roles(&self, open: u32) -> Option<Region> {
        let mut found = None;
        each_role_setting(&self.model, |list, known, _| {
            if known.span.start == open {
                found = Some(match list {
                    RoleList::Show => KeyKind::ShowRoles,
                    RoleList::Required | RoleList::Target => KeyKind::Roles,
                });
            }
        });
        Some(Region::List(found?, Subject::Namespace))
    }

    /// Whether arguments are those of a function of Quickback's or a method of the helper.
    fn callee(&self, frame: &Frame, index: usize, cursor: &Cursor) -> Option<Callee> {
        if let Some(name) = self.quickback_name(&frame.callee) {
            let in_place = self.project.role(self.file).holds_tables();
            return match name {
                "defineTable" | "defineResource" if in_place => Some(Callee::Table(index)),
                "feature" if in_place => Some(Callee::Feature(index)),
                "defineRealtime" => Some(Callee::Namespace),
                _ => None,
            };
        }
        let method = match self.helper_path(&frame.callee, cursor) {
            Some([method]) => match method.text.as_str() {
                "insert" | "delete" => HelperMethod::OneRecord,
                "update" => HelperMethod::Update,
                "broadcast" => HelperMethod::Broadcast,
                _ => return None,
            },
            Some([_, _]) => HelperMethod::Event,
            Some(_) => return None,
            None => self.called_otherwise(frame)?,
        };
        Some(Callee::Helper(method, index))
    }

    /// A method that was taken out of the helper by a pattern.
    fn called_otherwise(&self, frame: &Frame) -> Option<HelperMethod> {
        let mut calls = self.model.calls.iter();
        let call = calls.find(|call| {
            call.expression
                .value
                .as_call()
                .is_some_and(|c| c.args_span.start == frame.open)
        })?;
        Some(match call.method {
            Method::Insert | Method::Delete => HelperMethod::OneRecord,
            Method::Update => HelperMethod::Update,
            Method::Broadcast => HelperMethod::Broadcast,
            Method::Event { .. } => HelperMethod::Event,
        })
    }

    /// The name of the function of Quickback's that a path means.
    fn quickback_name<'w>(&'w self, path: &'w [Word]) -> Option<&'w str> {
        let (local, member) = match path {
            [local] => (local, None),
            [local, member] => (local, Some(member)),
            _ => return None,
        };
        let mut imports = self.facts.module.imports.iter();
        let import = imports.find(|import| {
            import.local == local.text && QUICKBACK_MODULES.contains(&import.module.as_str())
        })?;
        let binding = self.facts.scopes.lookup(&local.text, local.span.start);
        if binding.is_some_and(|binding| binding.scope.start > 0) {
            return None;
        }
        match (&import.imported, member) {
            (Imported::Name(name, _), None) => Some(name),
            (Imported::Namespace, Some(member)) => Some(&member.text),
            _ => None,
        }
    }

    /// What stands after the helper in a path that leads from it: `insert` of `realtime.insert`.
    pub fn helper_path<'w>(&self, path: &'w [Word], cursor: &Cursor) -> Option<&'w [Word]> {
        let (first, rest) = path.split_first()?;
        if let Some(function) = first.text.strip_suffix("()") {
            return self.makes(function, first.span.start).then_some(rest);
        }
        if let Some((second, rest)) = rest.split_first()
            && second.text == "createRealtime()"
        {
            return self.is_namespace(&first.text).then_some(rest);
        }
        if first.text == "this" {
            let (field, rest) = rest.split_first()?;
            // Where a field is given its value does not tell whether it has it by then.
            let mut given = cursor.frames.iter().filter(|frame| is_given(frame, field));
            return given.any(|frame| self.is_made(frame)).then_some(rest);
        }
        // The nearest declaration before the use, as a broken text may have lost its scopes.
        let mut before = cursor.frames.iter().rev();
        let declared = before.find(|f| f.open < first.span.start && is_given(f, first))?;
        let binding = self.facts.scopes.lookup(&first.text, first.span.start);
        let shadowed = binding.is_some_and(|binding| {
            let name = declared.assigned.as_ref();
            binding.value.is_none() && name.is_none_or(|name| name.span != binding.name_span)
        });
        (self.is_made(declared) && !shadowed).then_some(rest)
    }

    /// Whether a call makes the helper.
    fn is_made(&self, call: &Frame) -> bool {
        match call.callee.as_slice() {
            [function] => self.makes(&function.text, call.open),
            [module, name] => name.text == FACTORY && self.is_namespace(&module.text),
            _ => false,
        }
    }

    /// Whether a function makes the helper that is called at an offset by that name.
    fn makes(&self, function: &str, offset: u32) -> bool {
        self.is_factory(function)
            || self
                .facts
                .helper_made_by(function, offset)
                .is_some_and(|import| self.leads_to_helper(&import.module))
    }

    fn leads_to_helper(&self, module: &SmolStr) -> bool {
        Evaluator::new(self.project, self.file).leads_to_helper(self.file, module)
    }

    fn is_factory(&self, local: &str) -> bool {
        self.facts.module.imports.iter().any(|import| {
            import.local == local
                && matches!(&import.imported, Imported::Name(name, _) if name == FACTORY)
                && self.leads_to_helper(&import.module)
        })
    }

    fn is_namespace(&self, local: &str) -> bool {
        self.facts.module.imports.iter().any(|import| {
            import.local == local
                && import.imported == Imported::Namespace
                && self.leads_to_helper(&import.module)
        })
    }
}

/// Whether a call is the value that a name or a field is given.
fn is_given(call: &Frame, name: &Word) -> bool {
    let assigned = call.assigned.as_ref();
    assigned.is_some_and(|assigned| assigned.text == name.text)
}

/// What an object is that stands as an argument.
fn argument(callee: Callee, index: usize) -> Option<Region> {
    match callee {
        Callee::Table(frame) | Callee::Feature(frame) => {
            (index == 1).then_some(Region::Options(Subject::Table(frame)))
        }
        Callee::Namespace => {
            (index == 0).then_some(Region::Block(&schema::NAMESPACE, Subject::Namespace))
        }
        Callee::Helper(method, frame) => {
            let subject = Subject::Call(frame);
            if method.is_record(index) {
                Some(Region::Record(subject))
            } else if index == method.target() {
                Some(Region::Block(&schema::TARGET, subject))
            } else if index == method.target() + 1 {
                Some(Region::Block(&schema::CALL_OPTIONS, subject))
            } else {
                None
            }
        }
    }
}
