//! Roles, with what `role+` stands for.

use super::{At, Completion, CompletionKind};
use crate::project::Hierarchy;
use crate::schema::KeyKind;

impl At<'_> {
    /// The roles that the list around the cursor does not name yet.
    pub(super) fn role_items(&self, kind: KeyKind) -> Vec<Completion> {
        let roles = self.project.roles();
        let taken = self.taken_items();
        let known = roles.all();
        let mut found: Vec<Completion> = Vec::new();
        for (rank, role) in known.iter().enumerate() {
            let position = roles.names.iter().position(|name| name == role);
            let mut plain = self.string(role, CompletionKind::Role, rank);
            plain.detail = Some(match (position, &roles.hierarchy) {
                (Some(at), Hierarchy::Declared(_)) => {
                    format!("role {} of {} in roleHierarchy", at + 1, roles.names.len())
                }
                (Some(_), _) => "Better Auth's role".to_owned(),
                (None, _) => "role outside of roleHierarchy".to_owned(),
            });
            plain.sort = format!("{rank:04}");
            found.push(plain);
            let higher =
                position.map_or(&[][..], |at| roles.names.get(at + 1..).unwrap_or_default());
            if higher.is_empty() || roles.hierarchy == Hierarchy::Unknown {
                continue;
            }
            let mut upwards = self.string(&format!("{role}+"), CompletionKind::Role, rank);
            upwards.detail = Some(format!("{role}, {}", higher.join(", ")));
            upwards.documentation = Some(format!(
                "`{role}` and every role above it in `roleHierarchy`: {}.",
                code_list(higher)
            ));
            upwards.sort = format!("{rank:04}+");
            found.push(upwards);
        }
        let used = self.index();
        let used = used.role_uses.iter().filter(|(role, count)| {
            // A role that is named once may be the one that is being typed.
            **count > 1 && !role.is_empty() && !known.contains(&role.as_str())
        });
        if !matches!(roles.hierarchy, Hierarchy::Declared(_)) {
            for (rank, (role, count)) in used.enumerate() {
                let mut other = self.string(role, CompletionKind::Role, known.len() + rank);
                other.detail = Some(format!("used {count} times in this project"));
                found.push(other);
            }
        }
        if kind == KeyKind::ShowRoles {
            let mut everyone = self.string("everyone", CompletionKind::Role, 9_999);
            everyone.detail = Some("nobody is masked (older projects)".to_owned());
            everyone.deprecated = true;
            found.push(everyone);
        }
        found.retain(|item| !taken.contains(&item.label.as_str()));
        found
    }

    /// The strings of the list around the cursor, without the one that is being typed.
    pub(super) fn taken_items(&self) -> Vec<&str> {
        let own = self.cursor.replace(self.offset);
        let Some(frame) = self.cursor.innermost() else {
            return Vec::new();
        };
        if frame.bracket != crate::ide::cursor::Bracket::Array {
            return Vec::new();
        }
        frame
            .strings
            .iter()
            .map(|(_, word)| word)
            .filter(|word| word.span.start != own.start)
            .map(|word| word.text.as_str())
            .collect()
    }
}

/// Names as code, with commas.
pub(in crate::ide) fn code_list<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    quoted.join(", ")
}
