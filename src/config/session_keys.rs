//! The keys that seal cookies and links.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::Reader;
use crate::seal::Sealer;

/// 64 random bytes practically always have more distinct values.
const MIN_DISTINCT_BYTES: usize = 32;

/// What may be said of the keys without revealing any.
#[derive(Clone, Copy, Debug)]
pub struct SessionKeys {
    /// How many.
    pub count: usize,
    /// Whether each looks random.
    pub are_random: bool,
    /// Whether none is listed twice.
    pub are_distinct: bool,
}

pub(super) fn read(read: &mut Reader) -> Option<(Sealer, SessionKeys)> {
    let text = read.required(
        "SESSION_KEYS",
        "64 random bytes in base64: `openssl rand -base64 64 | tr -d '\\n'`",
    )?;
    let keys: Option<Vec<[u8; 64]>> = text
        .split(',')
        .map(|key| STANDARD.decode(key.trim()).ok()?.try_into().ok())
        .collect();
    read.check(
        "SESSION_KEYS",
        keys.map(|keys| (Sealer::new(&keys), SessionKeys::of(&keys)))
            .ok_or("must be base64 of exactly 64 bytes each, comma separated"),
    )
}

impl SessionKeys {
    fn of(keys: &[[u8; 64]]) -> Self {
        let is_random = |key: &[u8; 64]| {
            let distinct: std::collections::BTreeSet<_> = key.iter().collect();
            distinct.len() >= MIN_DISTINCT_BYTES
        };
        Self {
            count: keys.len(),
            are_random: keys.iter().all(is_random),
            are_distinct: (1..keys.len()).all(|at| !keys[..at].contains(&keys[at])),
        }
    }
}
