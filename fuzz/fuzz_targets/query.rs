//! The query of the callback and of the invitation's page.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|query: &[u8]| {
    let Ok(query) = std::str::from_utf8(query) else {
        return;
    };
    support::site::with_site(|site| {
        for function in ["AcceptCallback", "InviteUser"] {
            support::site::unchanged(
                site,
                &support::site::Sent::get(format!("/api/{function}?{query}"), Vec::new()),
            );
        }
    });
});

#[cfg(not(fuzzing))]
fn main() {}
