//! Whether somebody is told of the end of a call who may wait for it.

use crate::span::Span;
use crate::syntax::{Node, span};

/// The names by which a promise that was made before is settled, as that of
/// `Promise.withResolvers()`, or a caller is told of the end.
const RESOLVERS: [&str; 2] = ["resolve", "done"];

/// What has a `resolve` that settles no promise of somebody else's.
const OTHERS: [&str; 3] = ["Promise", "path", "url"];

/// Whether what is chained to a call settles another promise: `call().then(resolve, reject)`.
pub(super) fn settles_another(call: Node<'_>, chain: Node<'_>, text: &str) -> bool {
    let behind = Span {
        start: span(call).end,
        end: span(chain).end,
    };
    !behind.is_empty() && (is_in_new_promise(call, text) || names_resolver(chain, behind, text))
}

/// Whether a resolver is called, or handed on to be, in a part of an expression.
pub(super) fn names_resolver(node: Node<'_>, part: Span, text: &str) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if is_resolver(node, text) && part.contains(span(node)) {
            return true;
        }
        let children = node.children();
        stack.extend(children.filter(|child| part.start < span(*child).end));
    }
    false
}

/// Whether a node is `resolve` or `deferred.resolve` where that is called or handed on.
fn is_resolver(node: Node<'_>, text: &str) -> bool {
    let (name, object) = match node.kind() {
        "identifier" => (node, None),
        "member_expression" => {
            let property = node.child_by_field_name("property");
            (property.unwrap_or(node), node.child_by_field_name("object"))
        }
        _ => return false,
    };
    let is_other = object.is_some_and(|object| OTHERS.contains(&span(object).text(text)));
    RESOLVERS.contains(&span(name).text(text))
        && !is_other
        && node.parent().is_some_and(|parent| match parent.kind() {
            "call_expression" => parent.child_by_field_name("function") == Some(node),
            "arguments" => true,
            _ => false,
        })
}

/// Whether somebody may wait for what a call does later: it is in the function of a `new Promise`.
pub(super) fn is_in_new_promise(node: Node<'_>, text: &str) -> bool {
    node.ancestors().any(|node| {
        let made = node.child_by_field_name("constructor");
        node.kind() == "new_expression"
            && made.is_some_and(|made| span(made).text(text) == "Promise")
    })
}

#[cfg(test)]
mod tests {
    use super::super::Handling::{Detached, Floating, Kept, Returned};
    use super::super::tests::check_handling;

    #[test]
    fn what_only_looks_like_a_resolver_tells_nobody() {
        for chain in [
            "x().then(() => console.log('done'));",
            "x().catch((e) => logger.warn({ done: false }, e));",
            "x().catch((e) => { /* we are done */ });",
            "x().then(() => fs.rm(path.resolve(dir)));",
            "x().then(() => Promise.resolve());",
            "x().finally(() => job.done);",
            "run(new PromisePool(() => { x(); }));",
        ] {
            check_handling(chain, Floating);
        }
        check_handling("setTimeout(() => x({ done: true }), 100);", Detached);
    }

    #[test]
    fn who_is_told_of_the_end_may_wait() {
        for chain in [
            "x().then(resolve, reject);",
            "x().then(() => resolve());",
            "x().finally(done);",
            "x().then((found) => { deferred.resolve(found); });",
            "x().finally(() => this.done());",
            "new Promise((end) => { x().then(end); });",
        ] {
            check_handling(chain, Kept);
        }
        check_handling(
            "setTimeout(() => x().then(() => resolve()), 100);",
            Returned,
        );
    }
}
