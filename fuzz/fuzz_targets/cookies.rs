//! Cookies, at each function that reads them.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|cookies: &[u8]| {
    fuzz::with_site(|site| {
        for target in [
            "AcceptCallback?state=x&code=y",
            "ConfirmMailbox",
            "CreateCompany",
            "Welcome",
        ] {
            fuzz::unchanged(
                site,
                &fuzz::Sent::get(format!("/api/{target}"), vec![("cookie", cookies.to_vec())]),
            );
        }
    });
});

#[cfg(not(fuzzing))]
fn main() {}
