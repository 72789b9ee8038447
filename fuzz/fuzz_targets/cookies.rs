//! Cookies, at each function that reads them.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|cookies: &[u8]| {
    support::site::with_site(|site| {
        for target in [
            "AcceptCallback?state=x&code=y",
            "ConfirmMailbox",
            "CreateCompany",
            "Welcome",
        ] {
            support::site::unchanged(
                site,
                &support::site::Sent::get(
                    format!("/api/{target}"),
                    vec![("cookie", cookies.to_vec())],
                ),
            );
        }
    });
});

#[cfg(not(fuzzing))]
fn main() {}
