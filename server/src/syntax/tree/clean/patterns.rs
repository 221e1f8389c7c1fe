//! What names are bound or assigned in.

use oxc_ast::ast::{
    AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, AssignmentTargetRest,
    BindingPattern, BindingProperty, BindingRestElement, Expression, ObjectAssignmentTarget,
    SimpleAssignmentTarget,
};
use oxc_span::{GetSpan, Span};

use super::names::{Field, Kind};
use super::writer::Writer;

impl Writer<'_> {
    /// What is declared by itself: a name there is nothing but a name.
    pub(super) fn declared(&mut self, pattern: &BindingPattern<'_>, field: Field) {
        match pattern {
            BindingPattern::BindingIdentifier(name) => {
                self.leaf(Kind::Identifier, field, name.span);
            }
            _ => self.binding(pattern, field),
        }
    }

    pub(super) fn binding(&mut self, pattern: &BindingPattern<'_>, field: Field) {
        match pattern {
            BindingPattern::BindingIdentifier(name) => self.identifier(name.span, field),
            BindingPattern::ObjectPattern(pattern) => {
                self.node(Kind::ObjectPattern, field, pattern.span, |w| {
                    for property in &pattern.properties {
                        w.binding_property(property);
                    }
                    w.rest(pattern.rest.as_deref());
                });
            }
            BindingPattern::ArrayPattern(pattern) => {
                self.node(Kind::ArrayPattern, field, pattern.span, |w| {
                    for element in pattern.elements.iter().flatten() {
                        w.binding(element, Field::None);
                    }
                    w.rest(pattern.rest.as_deref());
                });
            }
            BindingPattern::AssignmentPattern(pattern) => {
                self.node(Kind::AssignmentPattern, field, pattern.span, |w| {
                    w.binding(&pattern.left, Field::Left);
                    w.expression(&pattern.right, Field::Right);
                });
            }
        }
    }

    fn binding_property(&mut self, property: &BindingProperty<'_>) {
        if !property.shorthand {
            return self.node(Kind::PairPattern, Field::None, property.span, |w| {
                w.key(&property.key, property.computed, Field::Key);
                w.binding(&property.value, Field::Value);
            });
        }
        match &property.value {
            BindingPattern::BindingIdentifier(name) => {
                self.leaf(
                    Kind::ShorthandPropertyIdentifierPattern,
                    Field::None,
                    name.span,
                );
            }
            BindingPattern::AssignmentPattern(pattern) => {
                self.shorthand_default(pattern.span, pattern.left.span(), &pattern.right);
            }
            _ => self.give_up(),
        }
    }

    /// `{ name = value }`.
    fn shorthand_default(&mut self, span: Span, name: Span, value: &Expression<'_>) {
        self.node(Kind::ObjectAssignmentPattern, Field::None, span, |w| {
            w.leaf(Kind::ShorthandPropertyIdentifierPattern, Field::Left, name);
            w.expression(value, Field::Right);
        });
    }

    fn rest(&mut self, rest: Option<&BindingRestElement<'_>>) {
        if let Some(rest) = rest {
            self.rest_pattern(rest, Field::None);
        }
    }

    pub(super) fn rest_pattern(&mut self, rest: &BindingRestElement<'_>, field: Field) {
        let span = Span::new(rest.span.start, rest.argument.span().end);
        self.node(Kind::RestPattern, field, span, |w| {
            w.binding(&rest.argument, Field::None);
        });
    }

    /// What an assignment assigns to.
    pub(super) fn target(&mut self, target: &AssignmentTarget<'_>, field: Field) {
        match target {
            AssignmentTarget::ArrayAssignmentTarget(pattern) => {
                self.node(Kind::ArrayPattern, field, pattern.span, |w| {
                    for element in pattern.elements.iter().flatten() {
                        w.target_with_default(element, Field::None);
                    }
                    w.target_rest(pattern.rest.as_deref());
                });
            }
            AssignmentTarget::ObjectAssignmentTarget(pattern) => {
                self.object_target(pattern, field);
            }
            _ => match target.as_simple_assignment_target() {
                Some(simple) => self.simple_target(simple, field),
                None => self.give_up(),
            },
        }
    }

    fn object_target(&mut self, pattern: &ObjectAssignmentTarget<'_>, field: Field) {
        self.node(Kind::ObjectPattern, field, pattern.span, |w| {
            for property in &pattern.properties {
                match property {
                    AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(p) => {
                        match &p.init {
                            Some(init) => w.shorthand_default(p.span, p.binding.span, init),
                            None => {
                                let kind = Kind::ShorthandPropertyIdentifierPattern;
                                w.leaf(kind, Field::None, p.binding.span);
                            }
                        }
                    }
                    AssignmentTargetProperty::AssignmentTargetPropertyProperty(p) => {
                        w.node(Kind::PairPattern, Field::None, p.span, |w| {
                            w.key(&p.name, p.computed, Field::Key);
                            w.target_with_default(&p.binding, Field::Value);
                        });
                    }
                }
            }
            w.target_rest(pattern.rest.as_deref());
        });
    }

    fn target_with_default(&mut self, target: &AssignmentTargetMaybeDefault<'_>, field: Field) {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(target) => {
                self.node(Kind::AssignmentPattern, field, target.span, |w| {
                    w.target(&target.binding, Field::Left);
                    w.expression(&target.init, Field::Right);
                });
            }
            _ => match target.as_assignment_target() {
                Some(target) => self.target(target, field),
                None => self.give_up(),
            },
        }
    }

    fn target_rest(&mut self, rest: Option<&AssignmentTargetRest<'_>>) {
        if let Some(rest) = rest {
            self.node(Kind::RestPattern, Field::None, rest.span, |w| {
                w.target(&rest.target, Field::None);
            });
        }
    }

    /// What can be counted up, or assigned to as a whole.
    pub(super) fn simple_target(&mut self, target: &SimpleAssignmentTarget<'_>, field: Field) {
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => {
                self.identifier(name.span, field);
            }
            SimpleAssignmentTarget::TSNonNullExpression(e) => {
                self.around(Kind::NonNullExpression, e.span, &e.expression, field);
            }
            _ => match target.as_member_expression() {
                Some(member) => self.member(member, field),
                // `(a as B) = c`: the parentheses are not in the tree.
                None => self.give_up(),
            },
        }
    }
}
