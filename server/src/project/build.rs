//! From the facts of one file to its [`FileModel`].

mod declared;
mod factories;
mod otherwise;

use std::cell::Cell;
use std::sync::Arc;

use super::columns;
use super::firewall::{organization, owner};
use super::model::{
    Block, BlockOwner, Call, FileModel, Method, Namespace, Realtime, Setting, Table,
};
use super::options::kept;
use super::read::{boolean, list, masking, setting, string};
use super::resolved::{Kind, Lookup, Object, Resolved};
use super::shape::Shapes;
use super::{Evaluator, Project};
use crate::facts::{Definition, DefinitionKind, FileFacts, HelperCall};
use crate::schema::{self, Schema};
use crate::span::{FileId, Span};
use crate::syntax::value::{Call as Arguments, Element};

/// Reads what a file means.
pub fn build(project: &Project, file: FileId, facts: &FileFacts) -> FileModel {
    let mut builder = Builder {
        project,
        evaluator: Evaluator::new(project, file),
        file,
        steps: Cell::default(),
        model: FileModel {
            has_errors: !facts.errors.is_empty(),
            ..FileModel::default()
        },
    };
    let role = project.role(file);
    // Nothing that a generated file says is anybody's mistake, but what it defines is defined.
    if facts.generated && !role.is_definition() {
        return builder.model;
    }
    if role.holds_tables() {
        builder.declared(facts);
    }
    let through = if role.is_definition() {
        builder.through(file, facts)
    } else {
        Vec::new()
    };
    let mut definitions: Vec<&Definition> = facts.definitions.iter().chain(&through).collect();
    definitions.sort_by_key(|definition| definition.value.span);
    for definition in definitions {
        match definition.kind {
            DefinitionKind::Table | DefinitionKind::Feature if role.holds_tables() => {
                builder.table(definition)
            }
            DefinitionKind::Table | DefinitionKind::Feature => {}
            DefinitionKind::Namespace => builder.namespace(definition),
        }
    }
    if role.holds_tables() {
        builder.made_elsewhere(facts, &through);
        builder.exported_again(facts);
    }
    for call in &facts.helper_calls {
        if builder.evaluator.leads_to_helper(file, &call.helper.module) {
            builder.call(call);
        }
    }
    builder.model.definitions = through;
    builder.model.visited = builder.evaluator.visited();
    builder.model.changed = builder.evaluator.changed();
    builder.model.followed = builder.evaluator.followed();
    builder.model
}

struct Builder<'p> {
    project: &'p Project,
    evaluator: Evaluator<'p>,
    file: FileId,
    /// How many expressions the names of tables have taken.
    steps: Cell<u32>,
    model: FileModel,
}

impl Builder<'_> {
    fn table(&mut self, definition: &Definition) {
        let Some(call) = definition.call() else {
            return;
        };
        let shapes = self.shapes();
        let mut shape = match definition.kind {
            DefinitionKind::Feature => shapes.of_feature(call),
            _ => shapes.of_table(call),
        };
        let options = self.argument(call, 1);
        let empty = Object::default();
        let object = options.known().map_or(&empty, |known| &known.value);
        if definition.kind == DefinitionKind::Feature {
            let columns = object.last("columns").map(|p| &p.value);
            shape.columns = Arc::new(columns::columns(&self.evaluator, columns, false));
        }
        let organization = organization(object, &options, &shape.columns);
        let owner = owner(object, &options, &shape.columns);
        let mut primary_key = shape.primary_key;
        if primary_key.is_empty() {
            primary_key = shape
                .columns
                .list
                .iter()
                .filter(|c| c.primary_key)
                .map(|c| c.name.to_string())
                .collect();
        }
        let inherit = |setting: Setting<_>| inherit(&options, setting);
        let realtime = inherit(setting(object, "realtime", |value| {
            value.as_object().map(realtime)
        }));
        let masking = match &options {
            Setting::Unknown(span) => Setting::Unknown(*span),
            _ => setting(object, "masking", masking),
        };
        let index = self.model.tables.len();
        self.table_blocks(object, index);
        self.model.tables.push(Arc::new(Table {
            file: self.file,
            kind: definition.kind,
            span: definition.value.span,
            subject: call.arg(0).map_or(definition.callee_span, |a| a.span),
            name: shape.name,
            database_name: shape.database_name,
            columns: shape.columns,
            primary_key,
            options: kept(options),
            realtime,
            masking,
            organization,
            owner,
        }));
    }

    fn shapes(&self) -> Shapes<'_> {
        Shapes {
            project: self.project,
            evaluator: &self.evaluator,
            file: self.file,
            declared: &self.model.declared,
            steps: &self.steps,
        }
    }

    /// The options of a definition: the argument at `index`.
    fn argument(&self, call: &Arguments, index: usize) -> Setting<Object> {
        let Some(value) = call.arg(index) else {
            let before = call.args.iter().take(index.saturating_add(1));
            let mut spreads = before.filter_map(|argument| match argument {
                Element::Spread(value) => Some(value.span),
                Element::Item(_) | Element::Hole => None,
            });
            return spreads.next().map_or(Setting::Absent, Setting::Unknown);
        };
        let resolved = self.evaluator.value(value);
        let span = resolved.span;
        match resolved.kind {
            Kind::Object(object) => Setting::Known(super::model::Known {
                value: object,
                span,
                key_span: span,
                origin: resolved.origin,
            }),
            Kind::Undefined => Setting::Absent,
            _ if resolved.is_unknown() => Setting::Unknown(span),
            _ => Setting::Invalid(span),
        }
    }

    fn table_blocks(&mut self, options: &Object, index: usize) {
        let owner = BlockOwner::Table(index);
        if let Lookup::Found(property) = options.get("realtime") {
            self.block(
                &schema::REALTIME,
                &property.value,
                Some(property.key_span),
                owner,
            );
        }
        if let Lookup::Found(property) = options.get("masking") {
            self.mask_blocks(&schema::MASK_RULE, &property.value, owner);
        }
    }

    fn mask_blocks(&mut self, schema: &'static Schema, value: &Resolved, owner: BlockOwner) {
        let Some(rules) = value.as_object() else {
            return;
        };
        for rule in rules.properties() {
            self.block(schema, &rule.value, Some(rule.key_span), owner);
            if let Some(Lookup::Found(show)) = rule.value.as_object().map(|o| o.get("show")) {
                self.block(&schema::SHOW, &show.value, Some(show.key_span), owner);
            }
        }
    }

    fn block(
        &mut self,
        schema: &'static Schema,
        value: &Resolved,
        key_span: Option<Span>,
        owner: BlockOwner,
    ) {
        if let Some(object) = value.as_object() {
            self.model.blocks.push(Block {
                schema,
                object: object.clone(),
                span: value.span,
                key_span,
                owner,
            });
        }
    }

    fn namespace(&mut self, definition: &Definition) {
        let Some(call) = definition.call() else {
            return;
        };
        let options = self.argument(call, 0);
        let empty = Object::default();
        let object = options.known().map_or(&empty, |known| &known.value);
        let index = self.model.namespaces.len();
        if let Some(known) = options.known() {
            self.model.blocks.push(Block {
                schema: &schema::NAMESPACE,
                object: known.value.clone(),
                span: known.span,
                key_span: None,
                owner: BlockOwner::Namespace(index),
            });
        }
        let text = |key| match &options {
            Setting::Unknown(span) => Setting::Unknown(*span),
            _ => setting(object, key, string),
        };
        let events = match &options {
            Setting::Unknown(span) => Setting::Unknown(*span),
            _ => setting(object, "events", list),
        };
        let namespace = Namespace {
            file: self.file,
            span: definition.value.span,
            callee_span: definition.callee_span,
            is_default_export: definition.is_default_export,
            name: text("name"),
            events,
            description: text("description"),
            options,
        };
        self.model.namespaces.push(Arc::new(namespace));
    }

    fn call(&mut self, found: &HelperCall) {
        let Some(call) = found.call() else { return };
        let (method, method_span) = match found.path.as_slice() {
            [(name, span)] => match name.as_str() {
                "insert" => (Method::Insert, *span),
                "update" => (Method::Update, *span),
                "delete" => (Method::Delete, *span),
                "broadcast" => (Method::Broadcast, *span),
                _ => return,
            },
            [namespace, event] => (
                Method::Event {
                    namespace: namespace.clone(),
                    event: event.clone(),
                },
                event.1,
            ),
            _ => return,
        };
        let arg = |index: Option<usize>| Some(self.evaluator.value(call.arg(index?)?));
        // Where each argument of a method stands: subject, new, old, target; options come last.
        let (subject, new, old, target) = match &method {
            Method::Insert | Method::Broadcast => (Some(0), Some(1), None, 2),
            Method::Update => (Some(0), Some(1), Some(2), 3),
            Method::Delete => (Some(0), None, Some(1), 2),
            Method::Event { .. } => (None, Some(0), None, 1),
        };
        let options = self.argument(call, target + 1);
        let empty = Object::default();
        let object_of = options.known().map_or(&empty, |known| &known.value);
        let target = arg(Some(target));
        let index = self.model.calls.len();
        let built = Call {
            file: self.file,
            method,
            method_span,
            span: found.expression.value.span,
            subject: arg(subject),
            new: arg(new),
            old: arg(old),
            target_roles: setting(object_of, "targetRoles", list),
            masking: setting(object_of, "maskingConfig", masking),
            target: target.clone(),
            options: options.clone(),
            expression: found.expression.clone(),
            helper: found.helper.clone(),
        };
        let owner = BlockOwner::Call(index);
        if let Some(target) = &target {
            self.block(&schema::TARGET, target, None, owner);
        }
        if let Some(known) = options.known() {
            let block = Block {
                schema: &schema::CALL_OPTIONS,
                object: known.value.clone(),
                span: known.span,
                key_span: None,
                owner,
            };
            if let Lookup::Found(property) = block.object.get("maskingConfig") {
                self.mask_blocks(&schema::CALL_MASK_RULE, &property.value.clone(), owner);
            }
            self.model.blocks.push(block);
        }
        self.model.calls.push(Arc::new(built));
    }
}

/// A setting of options that cannot be read cannot be read either.
fn inherit<T>(options: &Setting<Object>, setting: Setting<T>) -> Setting<T> {
    match options {
        Setting::Unknown(span) => Setting::Unknown(*span),
        Setting::Absent | Setting::Known(_) | Setting::Invalid(_) => setting,
    }
}

fn realtime(object: &Object) -> Realtime {
    Realtime {
        enabled: setting(object, "enabled", boolean),
        on_insert: setting(object, "onInsert", boolean),
        on_update: setting(object, "onUpdate", boolean),
        on_delete: setting(object, "onDelete", boolean),
        required_roles: setting(object, "requiredRoles", list),
        fields: setting(object, "fields", list),
        object: object.clone(),
    }
}
