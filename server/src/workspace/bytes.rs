//! The bytes of files that somebody else may have made.
//!
//! Whoever opens a workspace reads what a stranger put there, links included: one may lead to a
//! device that never ends, or to a pipe that nobody writes to. So only ordinary files are read, as
//! long as the system says they are, and none that is longer than any that people write.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// The longest file that is read, in bytes. What people write is far below; a film whose name ends
/// in `.ts` is not.
pub const MAX_LENGTH: u64 = 64 << 20;

/// The longest `.gitignore`, in bytes: some programs add thousands of lines to one.
const MAX_IGNORE: u64 = 1 << 20;

/// Reads a file.
///
/// # Errors
/// What the system refused. Of something else than a file, which includes files that are made as
/// they are read, and whose length nobody knows before: [`io::ErrorKind::InvalidInput`]. Of a file
/// longer than [`MAX_LENGTH`]: [`io::ErrorKind::FileTooLarge`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(no_file());
    }
    if metadata.len() > MAX_LENGTH {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is longer than {} MB", MAX_LENGTH >> 20),
        ));
    }
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if length == 0 {
        // The environment of a process is such a file, and so is all of its memory.
        return match file.read(&mut [0])? {
            0 => Ok(Vec::new()),
            _ => Err(no_file()),
        };
    }
    let mut bytes = vec![0; length];
    let mut filled = 0_usize;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            // Somebody has made it shorter meanwhile.
            Ok(0) => break,
            Ok(read) => filled = filled.saturating_add(read),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

fn no_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is no ordinary file")
}

/// Opens a file without waiting for anybody: to open a pipe waits for somebody who writes to it.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = fs::OpenOptions::new();
    options.read(true).custom_flags(libc::O_NONBLOCK);
    options.open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Whether there is a link at a path that leads out of the repository around `root`, or out of
/// `root` where there is none: what stands there is nobody's who wrote the project.
pub fn leads_out(root: &Path, path: &Path) -> bool {
    let repository = root
        .ancestors()
        .find(|folder| super::survey::is_repository(folder));
    let around = repository.unwrap_or(root).canonicalize();
    match (around, path.canonicalize()) {
        (Ok(around), Ok(place)) => !place.starts_with(around),
        // What is not there leads nowhere.
        _ => false,
    }
}

/// Whether what says which files of a folder git ignores can be read by a library that opens it as
/// it is and reads on to its end.
pub(super) fn ignore_files_are_ordinary(folder: &Path) -> bool {
    let git = folder.join(".git");
    let rules_of_git = match git.metadata() {
        Ok(metadata) if metadata.is_dir() => is_ordinary(&git.join("info/exclude")),
        Ok(_) => is_ordinary_reference(&git),
        Err(_) => true,
    };
    rules_of_git && is_ordinary(&folder.join(".gitignore"))
}

/// Whether a file is one, if it is there at all.
fn is_ordinary(path: &Path) -> bool {
    match path.metadata() {
        Ok(metadata) if metadata.is_file() && metadata.len() > 0 => metadata.len() <= MAX_IGNORE,
        Ok(_) => read(path).is_ok(),
        Err(_) => true,
    }
}

/// The same of the `.git` of a second working tree, and of what it leads to.
fn is_ordinary_reference(git: &Path) -> bool {
    let first_line = |path: &Path| {
        let text = String::from_utf8(read(path).ok()?).ok()?;
        Some(text.lines().next().unwrap_or_default().to_owned())
    };
    if !is_ordinary(git) {
        return false;
    }
    let line = first_line(git).unwrap_or_default();
    let Some(folder) = line.strip_prefix("gitdir: ").map(Path::new) else {
        return true;
    };
    let common = folder.join("commondir");
    let place = |line: String| match line.strip_prefix('.') {
        Some(_) => folder.join(line),
        None => line.into(),
    };
    is_ordinary(&common)
        && first_line(&common).is_none_or(|line| is_ordinary(&place(line).join("info/exclude")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for text in ["", "a", &"long\n".repeat(100_000)] {
            fs::write(&path, text).unwrap();
            assert_eq!(read(&path).unwrap(), text.as_bytes());
        }
        let kind = |path: &Path| read(path).unwrap_err().kind();
        assert_eq!(kind(&folder.path().join("b")), io::ErrorKind::NotFound);
        fs::File::create(&path)
            .unwrap()
            .set_len(MAX_LENGTH + 1)
            .unwrap();
        assert_eq!(kind(&path), io::ErrorKind::FileTooLarge);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let mut paths = vec![folder.path(), &pipe, Path::new("/dev/zero")];
        if cfg!(target_os = "linux") {
            paths.extend(["/proc/self/environ", "/proc/self/pagemap"].map(Path::new));
        }
        for path in paths {
            assert_eq!(
                read(path).unwrap_err().kind(),
                io::ErrorKind::InvalidInput,
                "{}",
                path.display()
            );
        }
    }
}
