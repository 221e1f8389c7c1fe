//! Whether the parser has told all comments, and no others.
//!
//! Where it does not know what it sees it reads on, and goes back if that was wrong: from a
//! template that it took for a type it may have read on far behind, with texts for code and code for
//! texts. The comments that it comes by are kept when it goes back, and those before them that it
//! comes by then are not. So each place that begins as a comment does has to be one, or in a text.

use oxc_ast::ast::Comment;

use super::super::Entry;
use super::names::{Kind, Numbers};

/// What holds texts, in which nothing is a comment.
const TEXTS: [Kind; 8] = [
    Kind::JsxElement,
    Kind::Regex,
    Kind::RegexPattern,
    Kind::String,
    Kind::StringFragment,
    Kind::TemplateLiteralType,
    Kind::TemplateString,
    Kind::TemplateType,
];

/// Whether these are the comments of a text that is laid out in these nodes. Both are in the order of
/// the text.
pub(super) fn are_all(
    text: &str,
    comments: &[Comment],
    nodes: &[Entry],
    numbers: &Numbers,
) -> bool {
    let is_text = |entry: &Entry| TEXTS.iter().any(|kind| numbers.kind(*kind) == entry.kind);
    let comment = numbers.kind(Kind::Comment);
    let parent = |entry: &Entry| nodes.get(entry.parent as usize);
    let mut laid_out = nodes.iter().filter(|entry| entry.kind == comment);
    if laid_out.any(|entry| parent(entry).is_some_and(is_text)) {
        return false;
    }
    let bytes = text.as_bytes();
    let mut behind = comments.iter().peekable();
    memchr::memchr_iter(b'/', bytes).all(|at| {
        let second = at.checked_add(1).and_then(|at| bytes.get(at));
        if !matches!(second, Some(b'/' | b'*')) {
            return true;
        }
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        while behind.next_if(|comment| comment.span.end <= at).is_some() {}
        behind
            .peek()
            .is_some_and(|comment| comment.span.start <= at)
            || innermost(nodes, at).is_some_and(is_text)
    })
}

/// The innermost node at an offset.
fn innermost(nodes: &[Entry], at: u32) -> Option<&Entry> {
    // No node begins before one that comes before it.
    let begun = nodes.partition_point(|entry| entry.start <= at);
    let mut index = begun.checked_sub(1)?;
    loop {
        let entry = nodes.get(index)?;
        let parent = entry.parent as usize;
        if at < entry.end || parent == index {
            return Some(entry);
        }
        index = parent;
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Dialect;
    use crate::syntax::{Tree, comments};

    #[test]
    fn what_was_forgotten_is_left_to_the_grammar() {
        let text = "try{do{}while((<A>{}</A>)<`${y()}`)}catch({/*a*/b=`${//b\ntype}`}/*c*/){}/*d*/";
        let told = comments(&Tree::read(text, Dialect::Tsx));
        let told: Vec<&str> = told.iter().map(|span| span.text(text)).collect();
        assert_eq!(told, ["/*a*/", "//b", "/*c*/", "/*d*/"]);
    }

    #[test]
    fn what_looks_like_a_comment_in_a_text_is_none() {
        for (text, dialect) in [
            ("f('http://x', \"/*\", `//${'//'}/*`);", Dialect::TypeScript),
            (
                "type A = `//${B}`; const a = /[/*]\\//;",
                Dialect::TypeScript,
            ),
            (
                "const a = <A b='//'>// {'//'} /* c */<b/>//</A>;",
                Dialect::Tsx,
            ),
            ("const a = <>// {b} //</>;", Dialect::Tsx),
        ] {
            let tree = Tree::clean(text, dialect).expect("it is read by the fast parser");
            assert_eq!(comments(&tree).len(), 0, "{text}");
        }
    }
}
