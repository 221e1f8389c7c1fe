//! Expressions as this tool reads them: enough of JavaScript's to follow a configuration.

use smol_str::SmolStr;

use crate::span::Span;

/// An expression and where it stands. `as const`, `satisfies`, `!` and parentheses are gone.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The expression's range, of a string with its quotes.
    pub span: Span,
    /// What it is.
    pub kind: ValueKind,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueKind {
    /// A string, or a template without substitutions, unescaped.
    String(SmolStr),
    /// A number.
    Number,
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// `undefined`.
    Undefined,
    /// `[...]`.
    Array(Vec<Element>),
    /// `{...}`, or an enum's members.
    Object(Vec<Property>),
    /// A name.
    Ident(SmolStr),
    /// `object.name`, `object["name"]`.
    Member(Box<Member>),
    /// `callee(args)`.
    Call(Box<Call>),
    /// A function.
    Function(Box<Function>),
    /// One of several expressions.
    Choice(Box<Choice>),
    /// `object[0]`, `object[KEY]`.
    Index(Box<Index>),
    /// `await value`.
    Await(Box<Value>),
    /// What a call gives for the parameter at an index.
    Given(u32),
    /// What a call gives for the rest parameter.
    Rest,
    /// Something that is not followed.
    Unknown,
    /// Something that does not parse or is missing.
    Broken,
}

/// A member of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// What stands before the dot.
    pub object: Value,
    /// The property.
    pub name: SmolStr,
    /// The range of the property's name, of a string without its quotes.
    pub name_span: Span,
}

/// One of several expressions, by what one of them is.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// `a ?? b`.
    Nullish(Value, Value),
    /// `a || b`.
    Or(Value, Value),
    /// `a && b`.
    And(Value, Value),
    /// `a`, or `b` where that is `undefined`: `{ a = b }` in a pattern.
    Default(Value, Value),
    /// `a ? b : c`.
    Condition(Value, Value, Value),
}

impl Choice {
    /// The two expressions of which it may be one.
    pub fn outcomes(&self) -> (&Value, &Value) {
        match self {
            Self::Nullish(a, b) | Self::Or(a, b) | Self::And(a, b) | Self::Default(a, b) => (a, b),
            Self::Condition(_, a, b) => (a, b),
        }
    }
}

/// An element or a member that is named by a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// What stands before the brackets.
    pub object: Value,
    /// What stands in them.
    pub at: At,
}

/// What names an element or a member.
#[derive(Debug, Clone, PartialEq)]
pub enum At {
    /// A whole number.
    Place(u32),
    /// Anything else but a string.
    Value(Value),
}

/// A function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The names of plain parameters; `None` for a pattern.
    pub params: Vec<Option<SmolStr>>,
    /// The names of its parameters, where it returns something.
    pub names: Box<[Parameter]>,
    /// The index of the parameter that takes all that is given from there on.
    pub rest: Option<u32>,
    /// The one expression that it returns, if it does nothing else.
    pub returns: Option<Value>,
    /// Whether a call of it is a promise of that.
    pub is_async: bool,
}

/// A name of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name.
    pub name: SmolStr,
    /// Where it is declared.
    pub name_span: Span,
    /// What it stands for, by what is given.
    pub value: Value,
}

/// A call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What is called.
    pub callee: Value,
    /// The range of the arguments with their parentheses.
    pub args_span: Span,
    /// The arguments; a spread is an element too.
    pub args: Box<[Element]>,
}

impl Call {
    /// The argument at `index`, if it stands there for certain: no spread before it.
    pub fn arg(&self, index: usize) -> Option<&Value> {
        for (i, element) in self.args.iter().enumerate() {
            match element {
                Element::Item(value) if i == index => return Some(value),
                Element::Item(_) | Element::Hole => {}
                Element::Spread(_) => return None,
            }
        }
        None
    }
}

/// An element of an array or an argument.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// A value.
    Item(Value),
    /// `...value`. Rare, and in a box, or every element would be larger.
    Spread(Box<Value>),
    /// Nothing between two commas.
    Hole,
}

/// A part of an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Property {
    /// `key: value`, `key`, `key() {}`.
    Pair {
        /// The key, or `None` where it is computed.
        key: Option<SmolStr>,
        /// The key's range, of a string without its quotes.
        key_span: Span,
        /// The value.
        value: Value,
        /// All of it.
        span: Span,
    },
    /// `[key]: value`, where the key is no string.
    Computed(Box<Computed>),
    /// `...value`.
    Spread(Value),
    /// Something that does not parse.
    Broken(Span),
}

/// A property whose key is computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// What the key is computed from.
    pub key: Value,
    /// The key's range, with its brackets.
    pub key_span: Span,
    /// The value.
    pub value: Value,
    /// All of it.
    pub span: Span,
}

impl Value {
    /// The range of the text that a user would call wrong: of a string that without its quotes.
    pub fn inner_span(&self) -> Span {
        match self.kind {
            ValueKind::String(_) if self.span.len() >= 2 => Span {
                start: self.span.start + 1,
                end: self.span.end - 1,
            },
            _ => self.span,
        }
    }

    /// Whether it is a name or a member of something.
    pub fn is_path(&self) -> bool {
        matches!(self.kind, ValueKind::Ident(_) | ValueKind::Member(_))
    }

    /// What a path of names begins with; itself where it is none.
    pub fn root(&self) -> &Self {
        let mut root = self;
        while let ValueKind::Member(member) = &root.kind {
            root = &member.object;
        }
        root
    }

    /// Whether it is something of which the text alone does not tell what it is.
    pub fn is_untold(&self) -> bool {
        matches!(
            self.kind,
            ValueKind::Choice(_) | ValueKind::Index(_) | ValueKind::Await(_) | ValueKind::Unknown
        )
    }

    /// Whether no more than so many expressions stand in it, itself counted.
    pub fn has_at_most(&self, most: usize) -> bool {
        let mut left = most;
        let mut stack = vec![self];
        while let Some(value) = stack.pop() {
            let Some(rest) = left.checked_sub(1) else {
                return false;
            };
            left = rest;
            value.inner(&mut stack);
        }
        true
    }

    /// Adds the expressions that stand directly in it.
    fn inner<'v>(&'v self, found: &mut Vec<&'v Self>) {
        let element = |element: &'v Element| match element {
            Element::Item(value) => Some(value),
            Element::Spread(value) => Some(&**value),
            Element::Hole => None,
        };
        match &self.kind {
            ValueKind::Array(elements) => found.extend(elements.iter().filter_map(element)),
            ValueKind::Object(properties) => {
                for property in properties {
                    match property {
                        Property::Pair { value, .. } | Property::Spread(value) => found.push(value),
                        Property::Computed(computed) => {
                            found.extend([&computed.key, &computed.value]);
                        }
                        Property::Broken(_) => {}
                    }
                }
            }
            ValueKind::Member(member) => found.push(&member.object),
            ValueKind::Call(call) => {
                found.push(&call.callee);
                found.extend(call.args.iter().filter_map(element));
            }
            ValueKind::Function(function) => {
                found.extend(function.names.iter().map(|name| &name.value));
                found.extend(&function.returns);
            }
            ValueKind::Choice(choice) => match &**choice {
                Choice::Nullish(a, b)
                | Choice::Or(a, b)
                | Choice::And(a, b)
                | Choice::Default(a, b) => found.extend([a, b]),
                Choice::Condition(a, b, c) => found.extend([a, b, c]),
            },
            ValueKind::Index(index) => {
                found.push(&index.object);
                if let At::Value(value) = &index.at {
                    found.push(value);
                }
            }
            ValueKind::Await(value) => found.push(value),
            ValueKind::String(_)
            | ValueKind::Number
            | ValueKind::Bool(_)
            | ValueKind::Null
            | ValueKind::Undefined
            | ValueKind::Ident(_)
            | ValueKind::Given(_)
            | ValueKind::Rest
            | ValueKind::Unknown
            | ValueKind::Broken => {}
        }
    }

    /// The value of a key that stands in an object, the last one where it stands there twice.
    pub fn property(&self, name: &str) -> Option<&Value> {
        let ValueKind::Object(properties) = &self.kind else {
            return None;
        };
        properties.iter().rev().find_map(|property| match property {
            Property::Pair {
                key: Some(key),
                value,
                ..
            } if key == name => Some(value),
            _ => None,
        })
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The call, if it is one.
    pub fn as_call(&self) -> Option<&Call> {
        match &self.kind {
            ValueKind::Call(call) => Some(call),
            _ => None,
        }
    }

    /// The function, if it is one.
    pub fn as_function(&self) -> Option<&Function> {
        match &self.kind {
            ValueKind::Function(function) => Some(function),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The facts of a project are hundreds of thousands of these: a byte more in one is half a
    /// megabyte more with five thousand features. What makes a variant larger than a name goes
    /// into a box.
    #[test]
    fn values_stay_small() {
        assert!(size_of::<Value>() <= 40);
        assert!(size_of::<Element>() <= 40);
        assert!(size_of::<Property>() <= 80);
        assert!(size_of::<Call>() <= 64);
    }
}
