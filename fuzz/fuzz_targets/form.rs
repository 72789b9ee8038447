//! Forms, from this site and from a browser with the session of a stranger.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|form: &[u8]| {
    fuzz::with_site(|site| {
        for page in ["InviteUser", "ConfirmMailbox", "CreateCompany"] {
            let mut sent = fuzz::Sent::post(
                &format!("/api/{page}"),
                "application/x-www-form-urlencoded",
                form,
            );
            sent.headers.extend([
                ("sec-fetch-site", b"same-origin".to_vec()),
                site.signed_in(fuzz::stranger()),
            ]);
            fuzz::unchanged(site, &sent);
        }
    });
});

#[cfg(not(fuzzing))]
fn main() {}
