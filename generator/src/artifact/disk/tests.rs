//! The operations of the writer, each by itself.

use super::Disk;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};
use tempfile::tempdir;

#[test]
fn what_cannot_be_read_is_not_taken_for_nothing() {
    let root = tempdir().unwrap();
    fs::create_dir(root.path().join("a")).unwrap();
    fs::write(root.path().join("a/b"), "").unwrap();
    let disk = Disk::open(root.path()).unwrap();
    assert_eq!(disk.read(Path::new("c")).unwrap(), None);
    disk.read(Path::new("a")).unwrap_err();
}

#[test]
fn a_folder_that_is_there_is_not_made() {
    let root = tempdir().unwrap();
    let disk = Disk::open(root.path()).unwrap();
    assert!(disk.create_dir(Path::new("a")).unwrap());
    assert!(!disk.create_dir(Path::new("a")).unwrap());
    disk.create_dir(Path::new("b/c")).unwrap_err();
}

#[test]
fn who_cannot_lock_the_folder_sweeps_what_is_an_hour_old() {
    let root = tempdir().unwrap();
    for minutes in [59, 61] {
        let path = format!(".quickback-realtime-{minutes}.tmp");
        let file = fs::File::create(root.path().join(path)).unwrap();
        let written = SystemTime::now() - Duration::from_secs(60 * minutes);
        file.set_modified(written).unwrap();
    }
    let disk = Disk::open(root.path()).unwrap();
    disk.sweep(Path::new(""));
    let mut left = fs::read_dir(root.path()).unwrap();
    let name = left.next().unwrap().unwrap().file_name();
    assert_eq!(name, ".quickback-realtime-59.tmp");
    assert!(left.next().is_none());
}

#[cfg(unix)]
#[test]
fn a_writer_does_not_wait_forever() {
    let root = tempdir().unwrap();
    let other = Disk::open_alone(root.path()).unwrap();
    let (begin, patience) = (std::time::Instant::now(), Duration::from_millis(50));
    assert!(Disk::open_within(root.path(), patience).unwrap().is_none());
    assert!(begin.elapsed() >= patience);
    drop(other);
    assert!(Disk::open_within(root.path(), patience).unwrap().is_some());
}
