//! Tables whose names are not known.
//!
//! Whatever is not listed is sent as the call says, so a table cannot be off without a name.

use super::{Reason, UNRESOLVED_VALUE};
use crate::project::Project;
use crate::project::model::FileModel;
use crate::span::{FileId, Place};

/// The definitions of a file whose tables cannot be listed.
pub(super) fn tables<'a>(
    project: &'a Project,
    file: FileId,
    model: &'a FileModel,
) -> impl Iterator<Item = Reason> + 'a {
    // Where something does not parse, that is what is to be mended first.
    let tables = model.tables.iter().filter(|_| !model.has_errors);
    let unnamed = tables.filter(|table| table.name.is_none());
    unnamed.map(move |table| Reason {
        path: project.relative(file),
        place: Some(Place {
            file,
            span: table.subject,
        }),
        code: UNRESOLVED_VALUE.into(),
        message: "the name of this table is not known until the code runs, so what is sent of it cannot be told"
            .to_owned(),
    })
}
