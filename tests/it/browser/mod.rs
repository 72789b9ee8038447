//! The journey in a real browser, as a recipient sees it. Pictures of the pages go to
//! `target/screenshots`.

mod accessibility;
mod company_form;
mod journey;
mod keyboard;
mod languages;
mod letters;
mod scanners;
mod steps;
mod stopped;
mod tour;
mod without_scripts;
