//! The form that asks the inviter: whatever stands in it, without a ticket of ours nothing is asked; and
//! whatever is typed as a colleague's address beside one.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|form: &[u8]| {
    support::site::with_site(|site| {
        support::site::contact(site, form);
    });
});

#[cfg(not(fuzzing))]
fn main() {}
