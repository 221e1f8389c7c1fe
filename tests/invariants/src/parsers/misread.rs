//! What the grammar's parser reads wrong without seeing a mistake.

use quickback_realtime::syntax::{self, Tree};

/// The text without the statements in which the grammar's parser took something for what it cannot
/// be; `None` where there is none. They are whole ones at the top of the file, with spaces in their
/// place, so that only what stands in one statement with a misreading goes without a comparison.
pub fn without(tree: &Tree<'_>) -> Option<String> {
    let misread: Vec<u32> = tree
        .nodes()
        .filter(|node| is_misread(tree, *node))
        .map(syntax::Node::index)
        .collect();
    let holds = |statement: &syntax::Node<'_>| {
        let all = statement.index()..statement.after();
        misread.iter().any(|index| all.contains(index))
    };
    let statements = tree.root()?.children().filter(holds);
    let spans: Vec<_> = statements.map(syntax::span).collect();
    let mut rest = tree.text().to_owned();
    for span in &spans {
        // A byte for a byte, so that all that remains is where it was.
        let bytes = span.text(tree.text()).bytes();
        let blank: String = bytes
            .map(|byte| match byte {
                b'\n' | b'\r' => char::from(byte),
                _ => ' ',
            })
            .collect();
        rest.replace_range(span.start as usize..span.end as usize, &blank);
    }
    (!spans.is_empty()).then_some(rest)
}

/// Whether the grammar's parser took a node of a text without mistakes for something that it cannot
/// be: an operator that binds its operand loosely, and yet stands without parentheses where only
/// something closer can. It reads `await a<T>(b)` as `(await a)<T>(b)`, and `a ?? b as T` as
/// `(a ?? b) as T`. It takes a block for an object and a declaration for an expression, though no
/// statement is an expression that begins with a brace, `class` or `function`, and what stands in
/// brackets on a new line for a part of the type before.
fn is_misread(tree: &Tree<'_>, node: syntax::Node<'_>) -> bool {
    let field = |name: &str| node.child_by_field_name(name);
    let begins = |node: syntax::Node<'_>| syntax::span(node).text(tree.text()).starts_with('{');
    let declares = |node: syntax::Node<'_>| {
        let text = syntax::span(node).text(tree.text());
        let word = text.split(|c: char| !is_of_name(c)).next();
        matches!(word, Some("class" | "function"))
    };
    match node.kind() {
        "identifier" => RESERVED.contains(&syntax::span(node).text(tree.text())),
        "expression_statement" => begins(node) || declares(node) || is_let(tree, node),
        "member_expression" | "subscript_expression" => field("object").is_some_and(is_loose),
        "call_expression" => field("function").is_some_and(is_loose) || is_call_of_type(tree, node),
        // `new new a()()` has its second parentheses from the first `new`.
        "new_expression" => field("constructor").is_some_and(|what| {
            let arguments = what.child_by_field_name("arguments");
            arguments.is_some_and(|shown| shown.kind() == "arguments")
        }),
        "yield_expression" => !is_in_generator(node) || ends_line(tree, node, "yield"),
        "return_statement" => ends_line(tree, node, "return"),
        "break_statement" => ends_line(tree, node, "break"),
        "continue_statement" => ends_line(tree, node, "continue"),
        "type_alias_declaration" => ends_line(tree, node, "type"),
        "interface_declaration" => ends_line(tree, node, "interface"),
        "internal_module" => ends_line(tree, node, "namespace"),
        "module" => ends_line(tree, node, "module"),
        "ambient_declaration" => ends_line(tree, node, "declare"),
        "assignment_expression" => ends_line(tree, node, "using"),
        "abstract_class_declaration" => ends_line(tree, node, "abstract"),
        "arrow_function" => {
            let mut body = field("body").into_iter();
            ends_line(tree, node, "async")
                || body.any(|body| body.kind() != "statement_block" && begins(body))
        }
        "function_declaration"
        | "function_expression"
        | "generator_function"
        | "generator_function_declaration"
        | "method_definition" => ends_line(tree, node, "async"),
        "public_field_definition" => is_modifier(tree, node),
        "non_null_expression" => {
            node.first_named_child().is_some_and(is_loose) || breaks_before(tree, node, &["!"])
        }
        // `a --> b` in a line is none; texts with others are not compared.
        "html_comment" => true,
        // A comment within a regular expression, which has none, or before its flags.
        "regex" => node.children().any(|child| child.kind() == "comment"),
        "update_expression" => field("argument")
            .zip(field("operator"))
            .is_some_and(|(operand, operator)| has_break(tree, operand, operator)),
        "await_expression" | "unary_expression" | "type_assertion" => {
            node.named_children().last().is_some_and(|operand| {
                let kinds = ["as_expression", "binary_expression", "satisfies_expression"];
                kinds.contains(&operand.kind())
            })
        }
        "array_type" | "lookup_type" => node
            .first_named_child()
            .zip(node.children().find(|child| child.kind() == "["))
            .is_some_and(|(inner, bracket)| has_break(tree, inner, bracket)),
        "instantiation_expression" => {
            is_comparison(tree, node) || node.first_named_child().is_some_and(is_loose)
        }
        "generic_type" => {
            field("name")
                .zip(field("type_arguments"))
                .is_some_and(|(name, arguments)| {
                    // What an interface extends may have a line break there.
                    let around = node.parent().map(syntax::Node::kind);
                    around != Some("extends_type_clause") && has_break(tree, name, arguments)
                })
        }
        "binary_expression" => {
            let inner = |name| field(name).map_or(u8::MAX, closeness);
            let own = closeness(node);
            is_instantiation(tree, node)
                || inner("left") < own
                || (own < closeness_of("**") && inner("right") <= own)
        }
        // It loses comments where a line ends in one before `?`.
        "ternary_expression" => field("condition")
            .zip(node.children().find(|child| child.kind() == "?"))
            .is_some_and(|(condition, mark)| {
                let from = syntax::span(condition).end;
                let between = tree
                    .text()
                    .get(from as usize..syntax::span(mark).end as usize);
                between.is_some_and(|between| {
                    let begins = |line: &str| {
                        let line = line.split("//").next();
                        line.is_some_and(|line| line.contains("/*"))
                    };
                    between.contains('\n') && between.lines().any(begins)
                })
            }),
        "for_in_statement" => {
            let left = field("left").map(syntax::span);
            left.is_some_and(|left| left.text(tree.text()) == "let")
        }
        // `export default class { }` is one of these itself.
        "export_statement" => field("value").is_some_and(|value| {
            let kinds = ["class", "function_expression", "generator_function"];
            declares(value) && !kinds.contains(&value.kind())
        }),
        "as_expression" | "satisfies_expression"
            if breaks_before(tree, node, &["as", "satisfies"]) =>
        {
            true
        }
        "as_expression" | "satisfies_expression" => {
            node.first_named_child().map_or(u8::MAX, closeness) < closeness_of("in")
        }
        _ => false,
    }
}

/// Whether `typeof a`, a type that ends a line, is read with the parentheses that begin the next one.
fn is_call_of_type(tree: &Tree<'_>, node: syntax::Node<'_>) -> bool {
    let field = |name| node.child_by_field_name(name);
    let is_part = |around: &syntax::Node<'_>| around.kind().ends_with("_expression");
    let around = node.ancestors().find(|around| !is_part(around));
    let is_type = around.is_some_and(|around| around.kind() == "type_query");
    let is_import = field("function").is_some_and(|what| what.kind() == "import");
    let mut ends = field("function").zip(field("arguments")).into_iter();
    is_type && !is_import && ends.any(|(what, arguments)| has_break(tree, what, arguments))
}

/// Whether `a<b>` stands before a token that makes a comparison of it: `<`, `>`, `+`, `-` or `[`, and
/// not one of the longer ones that begin with them, but for those with `>`, which is a token by itself
/// here.
fn is_comparison(tree: &Tree<'_>, node: syntax::Node<'_>) -> bool {
    let text = behind(tree, node).map(|next| tree.text().get(syntax::span(next).start as usize..));
    let mut bytes = text.flatten().unwrap_or_default().bytes();
    match (bytes.next(), bytes.next()) {
        (Some(b'>' | b'['), _) => true,
        (Some(first @ (b'<' | b'+' | b'-')), second) => {
            second != Some(first) && second != Some(b'=')
        }
        _ => false,
    }
}

/// Whether `a < b >`, `a < b | c >` or `a < b, c >`, which ends a line, is read as comparisons with
/// what follows.
fn is_instantiation(tree: &Tree<'_>, node: syntax::Node<'_>) -> bool {
    let field = |name| node.child_by_field_name(name);
    let (Some(left), Some(right), Some(operator)) =
        (field("left"), field("right"), field("operator"))
    else {
        return false;
    };
    // What stands before the last type: in another operand, or in another expression of a list.
    let mut around = node.ancestors().take_while(|around| {
        around.kind() == "sequence_expression" || combined_types(*around).is_some()
    });
    let mut is_last = || {
        around.any(|around| {
            let mut before = around.named_children();
            may_be_type(left)
                && before.any(|other| other.after() <= node.index() && opens_types(other))
        })
    };
    operator.kind() == ">" && (opens_types(left) || is_last()) && has_break(tree, operator, right)
}

/// Whether something ends in what may be the first types behind `<`: `a < b`, `a < b | c`,
/// `d == a < b`.
fn opens_types(node: syntax::Node<'_>) -> bool {
    if let Some([left, right]) = combined_types(node)
        && opens_types(left)
    {
        return may_be_type(right);
    }
    let operator = node.child_by_field_name("operator");
    let is_open = operator.is_some_and(|operator| operator.kind() == "<");
    let last = node.child_by_field_name("right");
    last.is_some_and(|last| opens_types(last) || (is_open && may_be_type(last)))
}

/// The operands of `|` and `&`, which combine types too.
fn combined_types(node: syntax::Node<'_>) -> Option<[syntax::Node<'_>; 2]> {
    let operator = node.child_by_field_name("operator")?;
    let operands = [
        node.child_by_field_name("left")?,
        node.child_by_field_name("right")?,
    ];
    matches!(operator.kind(), "|" | "&").then_some(operands)
}

/// Whether what is read as an expression may be a type.
fn may_be_type(node: syntax::Node<'_>) -> bool {
    match combined_types(node) {
        Some(operands) => operands.into_iter().all(may_be_type),
        None => ![
            "binary_expression",
            "call_expression",
            "new_expression",
            "regex",
            "update_expression",
        ]
        .contains(&node.kind()),
    }
}

/// Whether a statement is only `let`, and what it declares stands on the next line.
fn is_let(tree: &Tree<'_>, node: syntax::Node<'_>) -> bool {
    let expression = node.first_named_child();
    expression.is_some_and(|expression| syntax::span(expression).text(tree.text()) == "let")
        && behind(tree, node).is_some_and(|next| begins_name(tree, next, &['[', '{']))
}

/// Whether a field is called `get`, `set` or `static` and nothing else, and the name of a method or
/// a field stands on the next line: then it is that one's modifier.
fn is_modifier(tree: &Tree<'_>, node: syntax::Node<'_>) -> bool {
    let name = node.child_by_field_name("name");
    let is_all = name.is_some_and(|name| {
        let (name, all) = (syntax::span(name), syntax::span(node));
        name.end == all.end && ["get", "set", "static"].contains(&name.text(tree.text()))
    });
    is_all && behind(tree, node).is_some_and(|next| begins_name(tree, next, &['[', '#', '\'', '"']))
}

/// Whether a node begins with what a name begins with, or with one of these.
fn begins_name(tree: &Tree<'_>, node: syntax::Node<'_>, others: &[char]) -> bool {
    let first = syntax::span(node).text(tree.text()).chars().next();
    first.is_some_and(|c| is_of_name(c) || others.contains(&c))
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Whether `yield` stands where it is a name, or nothing at all: in no generator.
fn is_in_generator(node: syntax::Node<'_>) -> bool {
    // A computed name belongs to what is around its object or class.
    let mut is_name = false;
    let mut around = node.ancestors();
    let function = around.find(|node| {
        let kind = node.kind();
        let was_name = is_name;
        is_name |= kind == "computed_property_name";
        is_name &= kind != "class_body" && !kind.starts_with("object");
        kind.contains("function")
            || (!was_name && matches!(kind, "method_definition" | "class_body"))
    });
    function.is_some_and(|function| function.children().any(|child| child.kind() == "*"))
}

/// Whether a line ends behind a word of a node where none may: then the word ends a statement, or is
/// a name. The grammar does not see the end of a line in a comment, nor in some places at all.
fn ends_line(tree: &Tree<'_>, node: syntax::Node<'_>, word: &str) -> bool {
    let mut children = node.children().filter(|child| child.kind() != "comment");
    children
        .find(|child| child.kind() == word)
        .zip(children.next().filter(|next| next.kind() != ";"))
        .is_some_and(|(word, next)| has_break(tree, word, next))
}

/// Whether a line ends before one of these behind an operand: `a as B`, `a!`.
fn breaks_before(tree: &Tree<'_>, node: syntax::Node<'_>, words: &[&str]) -> bool {
    node.first_named_child()
        .zip(node.children().find(|child| words.contains(&child.kind())))
        .is_some_and(|(operand, word)| has_break(tree, operand, word))
}

/// Whether a line ends between two nodes.
fn has_break(tree: &Tree<'_>, first: syntax::Node<'_>, second: syntax::Node<'_>) -> bool {
    let (from, to) = (syntax::span(first).end, syntax::span(second).start);
    let between = tree.text().get(from as usize..to as usize);
    between.is_some_and(|between| between.contains(['\n', '\r', '\u{2028}', '\u{2029}']))
}

/// What follows a node, comments left out.
fn behind<'t>(tree: &'t Tree<'_>, node: syntax::Node<'_>) -> Option<syntax::Node<'t>> {
    let mut behind = tree.nodes().skip(node.after() as usize);
    behind.find(|node| node.kind() != "comment")
}

/// Words that no name can be, and that the grammar takes for one before a line break.
const RESERVED: [&str; 4] = ["export", "new", "function", "class"];

/// How closely an operation with two operands binds them; anything else binds most closely, but for
/// what cannot be an operand.
fn closeness(node: syntax::Node<'_>) -> u8 {
    const NO_OPERANDS: [&str; 5] = [
        "arrow_function",
        "assignment_expression",
        "augmented_assignment_expression",
        "ternary_expression",
        "yield_expression",
    ];
    let operator = node.child_by_field_name("operator");
    match (node.kind(), operator) {
        (kind, _) if NO_OPERANDS.contains(&kind) => 0,
        ("binary_expression", Some(operator)) => closeness_of(operator.kind()),
        _ => u8::MAX,
    }
}

/// How closely an operator binds its two operands.
fn closeness_of(operator: &str) -> u8 {
    match operator {
        "||" | "??" => 1,
        "&&" => 2,
        "|" => 3,
        "^" => 4,
        "&" => 5,
        "==" | "!=" | "===" | "!==" => 6,
        "<" | ">" | "<=" | ">=" | "in" | "instanceof" => 7,
        "<<" | ">>" | ">>>" => 8,
        "+" | "-" => 9,
        "*" | "/" | "%" => 10,
        _ => 11,
    }
}

fn is_loose(node: syntax::Node<'_>) -> bool {
    const LOOSE: [&str; 11] = [
        "arrow_function",
        "as_expression",
        "assignment_expression",
        "augmented_assignment_expression",
        "await_expression",
        "binary_expression",
        "satisfies_expression",
        "ternary_expression",
        "unary_expression",
        "update_expression",
        "yield_expression",
    ];
    let is_bare = node.child_by_field_name("arguments").is_none();
    LOOSE.contains(&node.kind()) || (node.kind() == "new_expression" && is_bare)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quickback_realtime::document::Dialect;

    #[test]
    fn what_stands_beside_a_misreading_is_left_to_compare() {
        let rest = |text: &str| without(&Tree::by_grammar(text, Dialect::TypeScript));
        assert_eq!(
            rest("a(b); await c<d>(\r\n'é'); // e\nf;").as_deref(),
            Some("a(b);            \r\n       // e\nf;")
        );
        assert_eq!(rest("a(b); await (c); // d\ne;"), None);
    }
}
