//! Names of the officially assigned ISO 3166-1 countries, one generated file per language.

pub mod de;
pub mod en;
pub mod es;
pub mod fr;
pub mod it;
pub mod ja;
pub mod zh_hans;
pub mod zh_hant;
