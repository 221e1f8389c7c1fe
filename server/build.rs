//! Says which sources the binary is made of, so that it never takes up what another one has cached.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

fn main() -> io::Result<()> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&package.join("src"), &mut files)?;
    // The versions of all that is used, the grammar among them.
    files.push(package.join("../Cargo.lock"));
    files.sort();
    let mut sha = Sha256::new();
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(package).unwrap_or(file);
        sha.update(name.as_os_str().as_encoded_bytes());
        sha.update([0]);
        sha.update(Sha256::digest(fs::read(file)?));
    }
    println!("cargo::rerun-if-changed={}", package.join("src").display());
    let hash: String = sha
        .finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    println!("cargo::rustc-env=QUICKBACK_REALTIME_SOURCES={hash}");
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
