//! Lists the broadcaster's files, so that the worker that is emitted is the crate as it stands.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The files of the crate beside its sources.
const BESIDE: [&str; 5] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "LIMITS.md",
    "build.rs",
];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=broadcaster/src");
    for name in BESIDE {
        println!("cargo::rerun-if-changed=broadcaster/{name}");
    }
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let crate_root = root.join("broadcaster");
    let mut files: Vec<_> = BESIDE.map(|name| crate_root.join(name)).into();
    collect(&crate_root.join("src"), &mut files)?;
    files.sort();
    let mut list = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(&crate_root).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        // Writing into a String cannot fail.
        let _ = writeln!(list, "    ({name:?}, include_str!({file:?})),");
    }
    list.push_str("]\n");
    fs::write(out.join("broadcaster.rs"), list)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
