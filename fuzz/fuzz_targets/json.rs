//! The bodies of the API.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    support::site::with_site(|site| {
        let Some(answer) = site.answer(&support::site::Sent::post(
            "/api/Invitations",
            "application/json",
            body,
        )) else {
            return;
        };
        assert!(
            answer.status.is_success() || answer.status.is_client_error(),
            "{}",
            answer.status
        );
        let revoke = format!(
            "/api/Invitations/{}/revoke",
            onboarding::domain::invitation::Link::random().id()
        );
        support::site::unchanged(
            site,
            &support::site::Sent::post(&revoke, "application/json", body),
        );
    });
});

#[cfg(not(fuzzing))]
fn main() {}
