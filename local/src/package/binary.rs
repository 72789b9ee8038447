//! What the handler requires of the machine that it will run on.

use std::fmt;

use anyhow::Context;
use goblin::elf::{Elf, header::EM_X86_64};

/// Libraries that are there wherever the C library is.
const LIBRARIES: [&str; 7] = [
    "libc.so.6",
    "libm.so.6",
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "ld-linux-x86-64.so.2",
    "libutil.so.1",
];

/// A version of the GNU C library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Glibc(pub u32, pub u32);

impl fmt::Display for Glibc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// Checks that a binary runs on x86-64 Linux with the C library `oldest` or newer and that none of
/// `private` (folders of the machine it was built on) occurs in it. Returns the newest version of
/// the library that it needs.
///
/// # Errors
/// All problems.
pub fn check_binary(bytes: &[u8], oldest: Glibc, private: &[&str]) -> anyhow::Result<Glibc> {
    let elf = Elf::parse(bytes).context("the handler is not an ELF binary")?;
    let mut wrong = Vec::new();
    if elf.header.e_machine != EM_X86_64 || !elf.is_64 {
        wrong.push("it is not for x86-64".to_owned());
    }
    wrong.extend(
        elf.libraries
            .iter()
            .filter(|name| !LIBRARIES.contains(name))
            .map(|name| format!("it needs {name}")),
    );
    let needed = versions(&elf);
    wrong.extend(
        needed
            .iter()
            .filter(|(_, version)| version.is_none_or(|version| version > oldest))
            .map(|(name, _)| format!("it needs {name}")),
    );
    wrong.extend(
        private
            .iter()
            .filter(|path| contains(bytes, path.as_bytes()))
            .map(|path| format!("it names a folder of this machine: {path}")),
    );
    anyhow::ensure!(
        wrong.is_empty(),
        "the handler would not run with glibc {oldest} everywhere:\n{}",
        wrong.join("\n")
    );
    Ok(needed
        .into_iter()
        .filter_map(|(_, version)| version)
        .max()
        .unwrap_or(Glibc(0, 0)))
}

/// The versions of symbols that the loader will look for; `None`: not one of glibc's numbered ones.
fn versions<'a>(elf: &Elf<'a>) -> Vec<(&'a str, Option<Glibc>)> {
    let needs = elf.verneed.iter().flat_map(|section| section.iter());
    let names = needs.flat_map(|need| {
        need.iter()
            .filter_map(|aux| elf.dynstrtab.get_at(aux.vna_name))
            .collect::<Vec<_>>()
    });
    names.map(|name| (name, numbered(name))).collect()
}

fn numbered(name: &str) -> Option<Glibc> {
    let mut numbers = name.strip_prefix("GLIBC_")?.split('.').map(str::parse);
    Some(Glibc(numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && bytes.windows(part.len()).any(|window| window == part)
}
