//! Forms, from this site and from a browser with the session of a stranger.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|form: &[u8]| {
    support::site::with_site(|site| {
        for page in ["InviteUser", "ConfirmMailbox", "CreateCompany"] {
            let mut sent = support::site::Sent::post(
                &format!("/api/{page}"),
                "application/x-www-form-urlencoded",
                form,
            );
            sent.headers.extend([
                ("sec-fetch-site", b"same-origin".to_vec()),
                site.signed_in(support::site::stranger()),
            ]);
            support::site::unchanged(site, &sent);
        }
    });
});

#[cfg(not(fuzzing))]
fn main() {}
