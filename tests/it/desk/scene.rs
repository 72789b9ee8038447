//! Staff at their browsers.

use local::{
    browser::{Page, ScriptedBrowser},
    signin::SignIn,
    stack::Stack,
};
use support::people::Acts;

pub(crate) const DESK: &str = "/api/desk";

/// Presses the button of the sign-in on a page of the desk; answers with what the desk answers
/// after it.
pub(crate) async fn sign_in_on(
    person: &mut ScriptedBrowser,
    sign_in: &SignIn,
    page: &Page,
    account: &str,
) -> Page {
    let authorize = person.presses(page, "#sign-in", &[]).await;
    let authorize = authorize.location().unwrap();
    let back = person.signs_in_at(sign_in, &authorize, account).await;
    person.opens(&back).await
}

/// A browser in which this account is signed in to the desk.
pub(crate) async fn signed_in(stack: &Stack, account: &str) -> ScriptedBrowser {
    let mut person = stack.person().unwrap();
    let page = person.opens(DESK).await;
    let back = sign_in_on(&mut person, &stack.sign_in, &page, account).await;
    assert_eq!(back.status, 303, "«{}»", back.title());
    person
}

/// The cookie of the session of staff, if there is one.
pub(crate) fn session(person: &ScriptedBrowser) -> Option<&str> {
    let session = person.cookies.get("desk-session");
    session.map(String::as_str)
}

/// The id of an invitation that was just created.
pub(crate) fn id_of(created: &serde_json::Value) -> String {
    created["id"].as_str().unwrap().to_owned()
}
