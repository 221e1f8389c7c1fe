//! "Did you mean": the nearest of the names that would be right.

use strsim::damerau_levenshtein;

/// The candidate that a misspelled `name` most likely means: one that differs only in case, else
/// the nearest within an edit distance of 2, of 1 for names of 4 characters or fewer. Of equally
/// near ones the first.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let limit = if name.chars().count() <= 4 { 1 } else { 2 };
    let lower = name.to_lowercase();
    let mut best: Option<(usize, &'c str)> = None;
    for candidate in candidates {
        if candidate == name {
            continue;
        }
        let distance = if candidate.to_lowercase() == lower {
            0
        } else if candidate.chars().count().abs_diff(name.chars().count()) > limit {
            continue;
        } else {
            damerau_levenshtein(name, candidate)
        };
        if distance <= limit && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn case_comes_first_and_short_names_are_strict() {
        let roles = ["member", "admin", "owner", "hr"];
        assert_eq!(nearest("admn", roles), Some("admin"));
        assert_eq!(nearest("ADMIN", roles), Some("admin"));
        assert_eq!(nearest("membr", roles), Some("member"));
        assert_eq!(nearest("hq", roles), Some("hr"));
        assert_eq!(nearest("xy", roles), None);
        assert_eq!(nearest("editor", roles), None);
        assert_eq!(nearest("admin", roles), None);
    }

    #[test]
    fn the_nearest_is_meant_and_of_equally_near_ones_the_first() {
        assert_eq!(nearest("membr", ["members", "member"]), Some("member"));
        assert_eq!(nearest("membr", ["member", "members"]), Some("member"));
        assert_eq!(nearest("adminn", ["admins", "admine"]), Some("admins"));
        assert_eq!(nearest("ADMIN", ["admins", "admin"]), Some("admin"));
    }
}
