//! Classes and their members.

use oxc_ast::ast::{
    AccessorProperty, Class, ClassElement, Expression, MethodDefinition, MethodDefinitionType,
    PropertyDefinition, PropertyKey, TSTypeAnnotation,
};
use oxc_span::{GetSpan, Span};

use super::functions::{Signature, decorated_start};
use super::names::{Field, Kind};
use super::semicolon::Follows;
use super::writer::Writer;

/// What a field of a class has, an accessor or not.
struct Property<'s, 'a> {
    span: Span,
    key: &'s PropertyKey<'a>,
    is_computed: bool,
    is_optional: bool,
    annotation: Option<&'s TSTypeAnnotation<'a>>,
    value: Option<&'s Expression<'a>>,
}

impl<'s, 'a> Property<'s, 'a> {
    fn of(property: &'s PropertyDefinition<'a>) -> Self {
        Self {
            span: property.span,
            key: &property.key,
            is_computed: property.computed,
            is_optional: property.optional,
            annotation: property.type_annotation.as_deref(),
            value: property.value.as_ref(),
        }
    }

    fn of_accessor(property: &'s AccessorProperty<'a>) -> Self {
        Self {
            span: property.span,
            key: &property.key,
            is_computed: property.computed,
            is_optional: false,
            annotation: property.type_annotation.as_deref(),
            value: property.value.as_ref(),
        }
    }
}

impl Writer<'_> {
    /// A class that is declared.
    pub(super) fn class_declaration(
        &mut self,
        class: &Class<'_>,
        start: u32,
        field: Field,
        follows: Follows,
    ) {
        let span = Span::new(self.class_start(class, start), class.span.end);
        if class.r#abstract {
            let kind = Kind::AbstractClassDeclaration;
            return self.node(kind, field, span, |w| w.class_parts(class));
        }
        self.node(Kind::ClassDeclaration, field, span, |w| {
            w.class_parts(class);
            let end = w.automatic_end(class.span.end, follows);
            w.reach_to(end);
        });
    }

    /// A class that is a value.
    pub(super) fn class(&mut self, class: &Class<'_>, field: Field) {
        let start = self.class_start(class, class.span.start);
        let span = Span::new(start, class.span.end);
        self.node(Kind::Class, field, span, |w| w.class_parts(class));
    }

    /// Where a class begins: its decorators are part of it, those before `export` are not.
    fn class_start(&self, class: &Class<'_>, start: u32) -> u32 {
        let own = class
            .decorators
            .first()
            .filter(|first| first.span.start >= self.reach());
        own.map_or(start, |first| first.span.start.min(start))
    }

    fn class_parts(&mut self, class: &Class<'_>) {
        if class
            .decorators
            .first()
            .is_some_and(|first| first.span.start >= self.reach())
        {
            self.decorators(&class.decorators);
        }
        if let Some(name) = &class.id {
            self.leaf(Kind::TypeIdentifier, Field::Name, name.span);
        }
        self.type_parameters(class.type_parameters.as_deref());
        if class.heritage.is_some() || !class.implements.is_empty() {
            self.heritage(class);
        }
        self.node(Kind::ClassBody, Field::Body, class.body.span, |w| {
            for element in &class.body.body {
                w.element(element);
            }
        });
    }

    fn heritage(&mut self, class: &Class<'_>) {
        let first = match (&class.heritage, class.implements.first()) {
            (Some(heritage), _) => heritage.expression.span().start,
            (None, Some(implemented)) => implemented.span.start,
            (None, None) => return,
        };
        let keyword: &[u8] = match class.heritage {
            Some(_) => b"extends",
            None => b"implements",
        };
        let start = self.keyword_before(class.span.start, keyword, first);
        self.node(
            Kind::ClassHeritage,
            Field::None,
            Span::new(start, first),
            |w| {
                if let Some(heritage) = &class.heritage {
                    w.node(
                        Kind::ExtendsClause,
                        Field::None,
                        Span::new(start, first),
                        |w| {
                            w.expression(&heritage.expression, Field::Value);
                            w.type_arguments(heritage.type_arguments.as_deref());
                        },
                    );
                }
                if let Some(implemented) = class.implements.first() {
                    let first = implemented.span.start;
                    let start = match class.heritage {
                        Some(_) => w.find(w.reach(), b"implements"),
                        None => start,
                    };
                    w.node(
                        Kind::ImplementsClause,
                        Field::None,
                        Span::new(start, first),
                        |w| {
                            for implemented in &class.implements {
                                let types = implemented.type_arguments.as_deref();
                                w.type_reference(
                                    implemented.span,
                                    &implemented.expression,
                                    types,
                                    Field::None,
                                );
                            }
                        },
                    );
                }
            },
        );
    }

    /// Where the keyword stands that is the last thing before an offset.
    fn keyword_before(&mut self, from: u32, keyword: &[u8], first: u32) -> u32 {
        let from = from.max(self.reach());
        let mut at = self.skip(from);
        while at < first {
            if self.has(at, keyword) {
                return at;
            }
            // `class`, and what stands before it.
            at = self.skip(at.saturating_add(1));
        }
        self.give_up();
        first
    }

    fn element(&mut self, element: &ClassElement<'_>) {
        match element {
            ClassElement::StaticBlock(block) => {
                self.node(Kind::ClassStaticBlock, Field::None, block.span, |w| {
                    let after = w.behind(block.span.start, b"static");
                    let start = w.find(after, b"{");
                    let span = Span::new(start, block.span.end);
                    w.block(span, &[], &block.body, Field::Body, Follows::Statement);
                });
            }
            ClassElement::MethodDefinition(method) => self.method(method),
            ClassElement::PropertyDefinition(property) => {
                let start = decorated_start(&property.decorators, property.span.start);
                self.field_start(start, |w| {
                    w.decorators(&property.decorators);
                    w.field(&Property::of(property));
                });
            }
            ClassElement::AccessorProperty(property) => {
                let start = decorated_start(&property.decorators, property.span.start);
                self.field_start(start, |w| {
                    w.decorators(&property.decorators);
                    w.field(&Property::of_accessor(property));
                });
            }
            ClassElement::TSIndexSignature(signature) => self.index_signature(signature),
        }
    }

    fn method(&mut self, method: &MethodDefinition<'_>) {
        // The decorators of a method stand beside it.
        self.decorators(&method.decorators);
        let decorated = method.decorators.last().map_or(0, |last| last.span.end);
        let start = self.skip(method.span.start.max(decorated));
        let kind = match (&method.value.body, method.r#type) {
            (Some(_), _) => Kind::MethodDefinition,
            (None, MethodDefinitionType::TSAbstractMethodDefinition) => {
                Kind::AbstractMethodSignature
            }
            (None, MethodDefinitionType::MethodDefinition) => Kind::MethodSignature,
        };
        self.node(kind, Field::None, Span::new(start, start), |w| {
            w.modifiers(start, &method.key);
            w.key(&method.key, method.computed, Field::Name);
            match method.value.body {
                Some(_) => w.method_parts(&method.value),
                None => w.signature(&Signature::of(&method.value)),
            }
        });
    }

    fn field_start(&mut self, start: u32, inside: impl FnOnce(&mut Self)) {
        let span = Span::new(start, start);
        self.node(Kind::PublicFieldDefinition, Field::None, span, inside);
    }

    fn field(&mut self, property: &Property<'_, '_>) {
        let start = property.span.start.max(self.reach());
        self.modifiers(start, property.key);
        self.key(property.key, property.is_computed, Field::Name);
        if property.is_optional {
            let end = self.behind(self.reach(), b"?");
            self.reach_to(end);
        }
        self.annotation(property.annotation, Field::Type);
        self.maybe(property.value, Field::Value);
    }
}
