//! The query of the callback and of the invitation's page.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|query: &[u8]| {
    let Ok(query) = std::str::from_utf8(query) else {
        return;
    };
    fuzz::with_site(|site| {
        for function in ["AcceptCallback", "InviteUser"] {
            fuzz::unchanged(
                site,
                &fuzz::Sent::get(format!("/api/{function}?{query}"), Vec::new()),
            );
        }
    });
});

#[cfg(not(fuzzing))]
fn main() {}
