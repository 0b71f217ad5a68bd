//! Asks pkg-config where libfovea is.
use std::process::Command;

fn main() {
    let asked = Command::new("pkg-config").args(["--libs", "fovea"]).output().expect("pkg-config is not there");
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    for word in String::from_utf8_lossy(&asked.stdout).split_whitespace() {
        if let Some(folder) = word.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={folder}");
        }
    }
    println!("cargo:rustc-link-lib=dylib=fovea");
}
