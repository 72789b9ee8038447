//! ID tokens, and the answers of the token endpoint around them.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    let answer = String::from_utf8_lossy(answer);
    let token = format!(
        r#"{{"token_type":"Bearer","access_token":"x","id_token":{}}}"#,
        serde_json::Value::from(answer.as_ref())
    );
    support::site::with_site(|site| {
        for body in [token, answer.into_owned()] {
            let Some(answer) = site.answer(&site.way_back(200, body)) else {
                return;
            };
            support::site::Site::assert_let_nobody_in(&answer);
        }
    });
});

#[cfg(not(fuzzing))]
fn main() {}
