//! The query of the pages of a session, with and without one, and of a page that is shown again.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|query: &[u8]| {
    let Ok(query) = std::str::from_utf8(query) else {
        return;
    };
    support::site::with_site(|site| support::site::welcome(site, query));
});

#[cfg(not(fuzzing))]
fn main() {}
