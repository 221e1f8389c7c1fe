//! The file operations of the writer. All of them are relative to the project root, which is held
//! open: whatever becomes of paths and links meanwhile, none can lead out of it.

use cap_std::ambient_authority;
#[cfg(unix)]
use cap_std::fs::OpenOptionsExt as _;
use cap_std::fs::{Dir, Metadata, OpenOptions, Permissions};
use std::cell::Cell;
use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

#[cfg(test)]
pub(super) mod faults;
#[cfg(test)]
mod tests;

/// The longest file that is read, in bytes. What is generated is far below.
const MAX_LENGTH: u64 = 64 << 20;
/// What the names of temporary files begin with, which no tool takes for source code.
const PREFIX: &str = ".quickback-realtime-";
/// What they end with.
const SUFFIX: &str = ".tmp";
/// What a former content that could not be put back ends with, which nothing removes.
const KEPT: &str = "kept";
/// How long a writer waits for another one, which needs milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it sleeps in between.
const PAUSE: Duration = Duration::from_millis(10);
/// How old a temporary file must be to be nobody's where folders cannot be locked.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// A project root, held open.
pub(super) struct Disk {
    root: Dir,
    /// Keeps other writers away, until it is dropped or the process ends. `None` for those who
    /// only read, and where the system knows no locks of folders.
    lock: Option<File>,
    /// The number of the next temporary file.
    next: Cell<u32>,
}

/// A temporary file, removed when it is dropped unless it has been renamed.
pub(super) struct Scratch<'d> {
    disk: &'d Disk,
    path: PathBuf,
    is_gone: bool,
}

impl Disk {
    /// Opens the root to read.
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        let open = || Dir::open_ambient_dir(root, ambient_authority());
        Ok(Self {
            root: step("open", open)?,
            lock: None,
            next: Cell::new(0),
        })
    }

    /// Opens the root to write, once no other writer is at work in it. `None` if that takes too
    /// long.
    pub(super) fn open_alone(root: &Path) -> io::Result<Option<Self>> {
        Self::open_within(root, PATIENCE)
    }

    /// Opens the root to write, once no other writer is at work in it. `None` if that takes longer
    /// than `patience`.
    pub(super) fn open_within(root: &Path, patience: Duration) -> io::Result<Option<Self>> {
        let disk = Self::open(root)?;
        // Windows does not open folders like this.
        let Ok(folder) = step("lock", || File::open(root)) else {
            return Ok(Some(disk));
        };
        let end = Instant::now() + patience;
        loop {
            let lock = match folder.try_lock() {
                Ok(()) => Some(folder),
                Err(TryLockError::Error(_)) => None,
                Err(TryLockError::WouldBlock) if Instant::now() > end => return Ok(None),
                Err(TryLockError::WouldBlock) => {
                    std::thread::sleep(PAUSE);
                    continue;
                }
            };
            return Ok(Some(Self { lock, ..disk }));
        }
    }

    /// Removes the temporary files that ended writers have left in a folder.
    pub(super) fn sweep(&self, folder: &Path) {
        let Ok(entries) = step("list", || self.root.read_dir(or_here(folder))) else {
            // There is none yet, or it cannot be listed; whoever writes into it hears of that.
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_temporary = name.starts_with(PREFIX) && name.ends_with(SUFFIX);
            let is_left = self.lock.is_some() || entry.metadata().is_ok_and(|m| is_old(&m));
            if is_temporary && is_left {
                // It is in nobody's way; the next writer tries again.
                let _ = self.remove_file(&folder.join(&*name));
            }
        }
    }

    /// What stands at a path, itself if it is a link.
    pub(super) fn metadata(&self, path: &Path) -> io::Result<Option<Metadata>> {
        match step("stat", || self.root.symlink_metadata(path)) {
            Ok(meta) => Ok(Some(meta)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The bytes of a file, or `None` where there is nothing. Of what is no file, or is longer than
    /// [`MAX_LENGTH`], an error.
    pub(super) fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        match step("read", || self.bytes(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut options = OpenOptions::new();
        options.read(true);
        // Or it would wait for who writes to a pipe, while other writers wait for it.
        #[cfg(unix)]
        options.custom_flags(libc::O_NONBLOCK);
        let file = self.root.open_with(path, &options)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is no ordinary file",
            ));
        }
        let mut bytes = Vec::new();
        // It may grow meanwhile.
        file.take(MAX_LENGTH + 1).read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_LENGTH) {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("it is longer than {} MB", MAX_LENGTH >> 20),
            ));
        }
        Ok(bytes)
    }

    /// A finished temporary file in a folder: whole, on the disk, with those permissions or the
    /// usual ones.
    pub(super) fn stage(
        &self,
        folder: &Path,
        contents: &[u8],
        permissions: Option<Permissions>,
    ) -> io::Result<Scratch<'_>> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let (scratch, mut file) = self.scratch(folder, |path| {
            step("create", || self.root.open_with(path, &options))
        })?;
        write_all(&mut file, contents)?;
        if let Some(permissions) = permissions {
            step("chmod", || file.set_permissions(permissions))?;
        }
        step("sync", || file.sync_all())?;
        Ok(scratch)
    }

    /// A second name for a file, so that putting it back restores even its time stamp; a copy
    /// where the file system knows no hard links.
    pub(super) fn second_name(&self, path: &Path, folder: &Path) -> io::Result<Scratch<'_>> {
        let linked = self.scratch(folder, |name| self.hard_link(path, name));
        match linked {
            Ok((scratch, ())) => Ok(scratch),
            Err(_) => {
                let contents = step("read", || self.bytes(path))?;
                let permissions = step("stat", || self.root.metadata(path))?.permissions();
                self.stage(folder, &contents, Some(permissions))
            }
        }
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        step("link", || self.root.hard_link(from, &self.root, to))
    }

    /// Calls `make` with free names until it makes one.
    fn scratch<T>(
        &self,
        folder: &Path,
        make: impl Fn(&Path) -> io::Result<T>,
    ) -> io::Result<(Scratch<'_>, T)> {
        loop {
            let number = self.next.get();
            let Some(next) = number.checked_add(1) else {
                return Err(io::ErrorKind::AlreadyExists.into());
            };
            self.next.set(next);
            let path = folder.join(format!("{PREFIX}{number}{SUFFIX}"));
            match make(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => {
                    let made = made?;
                    let scratch = Scratch {
                        disk: self,
                        path,
                        is_gone: false,
                    };
                    return Ok((scratch, made));
                }
            }
        }
    }

    /// Makes a folder. Answers false if it was there already.
    pub(super) fn create_dir(&self, path: &Path) -> io::Result<bool> {
        match step("mkdir", || self.root.create_dir(path)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes an empty folder.
    pub(super) fn remove_dir(&self, path: &Path) -> io::Result<()> {
        step("rmdir", || self.root.remove_dir(path))
    }

    /// Removes a file.
    pub(super) fn remove_file(&self, path: &Path) -> io::Result<()> {
        step("unlink", || self.root.remove_file(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        step("rename", || self.root.rename(from, &self.root, to))
    }
}

impl Scratch<'_> {
    /// Puts it in the place of what stands at `path`, if anything does.
    pub(super) fn replace(&mut self, path: &Path) -> io::Result<()> {
        self.disk.rename(&self.path, path)?;
        self.is_gone = true;
        Ok(())
    }

    /// Gives it its name if nothing has that yet.
    pub(super) fn create(&mut self, path: &Path) -> io::Result<()> {
        match self.disk.hard_link(&self.path, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                // Some file systems know no hard links.
                if self.disk.metadata(path)?.is_some() {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                self.replace(path)
            }
            made => made,
        }
    }

    /// Leaves it where it is, for good and under a name that says so, and answers the path.
    pub(super) fn keep(mut self) -> PathBuf {
        self.is_gone = true;
        let kept = self.path.with_extension(KEPT);
        match self.disk.rename(&self.path, &kept) {
            Ok(()) => kept,
            // Then it has the name of a temporary file, until the next writer removes it.
            Err(_) => self.path.clone(),
        }
    }
}

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        if !self.is_gone {
            // What cannot be removed now is swept by the next writer.
            let _ = self.disk.remove_file(&self.path);
        }
    }
}

/// Whether a file was written so long ago that no writer can still be at it.
fn is_old(meta: &Metadata) -> bool {
    let written = meta.modified().map(|time| time.into_std());
    written.is_ok_and(|time| {
        SystemTime::now()
            .duration_since(time)
            .is_ok_and(|age| age > ABANDONED)
    })
}

/// The folder itself, which has no name.
pub(super) fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

fn write_all(file: &mut cap_std::fs::File, contents: &[u8]) -> io::Result<()> {
    #[cfg(test)]
    if let Err((error, in_part)) = faults::before("write") {
        if let (true, Some(part)) = (in_part, contents.get(..contents.len() / 2)) {
            file.write_all(part)?;
        }
        return Err(error);
    }
    file.write_all(contents)
}

/// Every operation goes through here, so that tests can let any of them fail, or be the last.
pub(super) fn step<T>(what: &'static str, run: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    #[cfg(test)]
    faults::before(what).map_err(|(error, _)| error)?;
    #[cfg(not(test))]
    let _ = what;
    run()
}
