//! What an administrator's browser brings: the query of the page and of the answer, and its form.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|parameters: &[u8]| {
    let Ok(parameters) = std::str::from_utf8(parameters) else {
        return;
    };
    support::site::with_site_at_microsoft(|site| support::site::consent(site, parameters));
});

#[cfg(not(fuzzing))]
fn main() {}
