//! Where other values are assigned to a name than the one that it is declared with.

use rustc_hash::FxHashMap;

use crate::syntax::calls::is_function;
use crate::syntax::{Node, span};

/// The function that something stands in, by its index; `None` outside of all.
pub(super) type Function = Option<u32>;

/// The places where values are assigned to one name, by the functions that they stand in.
#[derive(Debug, Default)]
pub(super) struct Assigned<'t> {
    by_function: FxHashMap<Function, Vec<Node<'t>>>,
}

impl<'t> Assigned<'t> {
    /// Adds a place.
    pub(super) fn push(&mut self, name: Node<'t>) {
        let function = function_around(name);
        self.by_function.entry(function).or_default().push(name);
    }

    /// Puts the places in order, once all are there.
    pub(super) fn sort(&mut self) {
        for names in self.by_function.values_mut() {
            names.sort_unstable_by_key(|name| name.index());
        }
    }

    /// Of those in the function in which the name is used, the places whose values it may have
    /// there, and whether it may also have the value that it was declared with. An assignment that
    /// stands for itself, before the use and in a block around it, ends all that were before.
    pub(super) fn reaching(&self, used: Node<'t>, function: Function) -> (&[Node<'t>], bool) {
        let own = self.of(function);
        let before = own.partition_point(|name| span(*name).end <= span(used).start);
        let ends = |name: &Node<'t>| {
            let parent = name.parent();
            let assignment = parent.filter(|parent| parent.kind() == "assignment_expression");
            let statement = assignment.and_then(Node::parent);
            let statement = statement.filter(|parent| parent.kind() == "expression_statement");
            let block = statement.and_then(Node::parent);
            let block = block.filter(|b| matches!(b.kind(), "statement_block" | "program"));
            assignment.is_some_and(|assignment| span(assignment).end <= span(used).start)
                && block.is_some_and(|block| {
                    block.index() < used.index() && used.index() < block.after()
                })
        };
        let last = own.iter().take(before).rposition(ends);
        let after = last.and_then(|last| own.get(last..));
        after.map_or((own, true), |after| (after, false))
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = Node<'t>> {
        self.by_function.values().flatten().copied()
    }

    /// Those in one function.
    pub(super) fn of(&self, function: Function) -> &[Node<'t>] {
        self.by_function.get(&function).map_or(&[], Vec::as_slice)
    }

    /// Those in all other functions, which may come at any time.
    pub(super) fn outside(&self, function: Function) -> impl Iterator<Item = Node<'t>> {
        let others = self
            .by_function
            .iter()
            .filter(move |(of, _)| **of != function);
        others.flat_map(|(_, names)| names).copied()
    }
}

/// The function that a node stands in.
pub(super) fn function_around(node: Node<'_>) -> Function {
    let function = node.ancestors().find(|node| is_function(*node));
    function.map(Node::index)
}
