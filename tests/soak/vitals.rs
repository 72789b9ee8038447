//! What a process holds, according to Linux.

use std::fs;

/// Memory and descriptors of the handler at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vitals {
    /// Resident, in KiB.
    pub(crate) memory: u64,
    pub(crate) descriptors: usize,
}

impl Vitals {
    /// `None` where there is no such process any more.
    pub(crate) fn of(pid: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let memory = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?
            .split_whitespace()
            .next()?
            .parse()
            .ok()?;
        let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count();
        Some(Self {
            memory,
            descriptors,
        })
    }
}

/// The middle one.
pub(crate) fn median<T: Copy + Ord>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}
