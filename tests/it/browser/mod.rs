//! The journey in a real browser, as a recipient sees it. Pictures of the pages go to
//! `target/screenshots`.

pub(crate) mod accessibility;
mod company_form;
mod country;
pub(crate) mod desk;
mod desk_inviting;
mod emails;
pub(crate) mod first_screen;
mod joining;
mod journey;
pub(crate) mod keyboard;
mod languages;
pub(crate) mod layout;
mod scanners;
mod steps;
mod stopped;
pub(crate) mod tour;
mod without_scripts;
