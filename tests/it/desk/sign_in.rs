//! Who gets into the desk, and who does not.

use local::{
    browser::ScriptedBrowser,
    signin::Account,
    staff::{MANAGER, READER, SELLER, WITHOUT_ROLE},
};
use reqwest::Method;
use support::{
    KNOWN, Store, company_form, invite_known, people::Acts, second_account_for, start, start_with,
};
use uuid::Uuid;

use super::scene::{DESK, session, sign_in_on, signed_in};

#[tokio::test]
async fn sign_in_leads_back_to_the_page() {
    let stack = start(Store::Embedded).await;
    let mut thomas = stack.person().unwrap();
    let wanted = format!("{DESK}/nowhere?status=pending&lang=de");
    let page = thomas.opens(&wanted).await;
    assert_eq!(page.status, 401);
    assert!(thomas.cookies.is_empty(), "opening a page starts nothing");
    let back = sign_in_on(&mut thomas, &stack.sign_in, &page, MANAGER).await;
    assert_eq!(
        back.location().unwrap(),
        format!("{}{DESK}/nowhere?status=pending", stack.url())
    );
    let page = thomas.opens(&back.location().unwrap()).await;
    assert_eq!(page.status, 404, "for those who are signed in");
    assert_eq!(page.attribute("html", "lang").unwrap(), "de");
    assert_eq!(page.text(".visitor bdi").unwrap(), "Thomas Keller");
}

#[tokio::test]
async fn long_address_does_not_prevent_the_sign_in() {
    let stack = start(Store::Embedded).await;
    let mut thomas = stack.person().unwrap();
    let wanted = format!("{DESK}?search={}", "x".repeat(5000));
    let page = thomas.opens(&wanted).await;
    let back = sign_in_on(&mut thomas, &stack.sign_in, &page, MANAGER).await;
    assert_eq!(back.location().unwrap(), format!("{}{DESK}", stack.url()));
}

#[tokio::test]
async fn account_without_a_role_reads_whom_to_ask() {
    let stack = start(Store::Embedded).await;
    let mut marco = stack.person().unwrap();
    let page = marco.opens(DESK).await;
    let refused = sign_in_on(&mut marco, &stack.sign_in, &page, WITHOUT_ROLE).await;
    assert_eq!(refused.status, 403);
    let text = refused.text("main").unwrap();
    for part in [
        "Microsoft Entra ID",
        "Invitations.Manage",
        "Invitations.Read",
        WITHOUT_ROLE,
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(session(&marco), None);
    assert!(refused.has("#sign-in"), "to try again");
}

#[tokio::test]
async fn account_of_another_tenant_gets_no_session() {
    let stack = start(Store::Embedded).await;
    let mut role = Account::organisation("x@elsewhere.example", "X", Uuid::new_v4());
    role.roles = vec!["Invitations.Manage".to_owned()];
    stack.sign_in.add_account(role);
    let mut stranger = stack.person().unwrap();
    let page = stranger.opens(DESK).await;
    let authorize = stranger.presses(&page, "#sign-in", &[]).await;
    let authorize = authorize.location().unwrap();
    assert!(
        authorize.contains(&format!("/{SELLER}/oauth2/v2.0/authorize")),
        "{authorize}"
    );
    // The tenant of the request is widened on the way, as an attacker could in their own browser.
    let widened = authorize.replace(&SELLER.to_string(), "common");
    let back = stranger
        .signs_in_at(&stack.sign_in, &widened, "x@elsewhere.example")
        .await;
    let refused = stranger.opens(&back).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    assert_eq!(session(&stranger), None);
}

#[tokio::test]
async fn cookie_of_a_recipient_opens_nothing_at_the_desk() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    company_form(&mut anna, &stack, &link).await;
    let (_, value) = session_of_recipient(&anna);
    for name in ["desk-session", "session"] {
        anna.cookies.insert(name.to_owned(), value.clone());
    }
    assert_eq!(anna.opens(DESK).await.status, 401);
}

#[tokio::test]
async fn cookie_of_staff_opens_no_page_of_a_recipient() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    company_form(&mut anna, &stack, &link).await;
    let (name, _) = session_of_recipient(&anna);
    let mut thomas = signed_in(&stack, MANAGER).await;
    let value = session(&thomas).unwrap().to_owned();
    thomas.cookies.insert(name, value);
    for path in ["/api/CreateCompany", "/api/Welcome", "/api/ConfirmMailbox"] {
        assert_eq!(thomas.opens(path).await.status, 401, "{path}");
    }
}

fn session_of_recipient(person: &ScriptedBrowser) -> (String, String) {
    let mut cookies = person.cookies.iter();
    let found = cookies.find(|(name, _)| name.starts_with("session-"));
    let (name, value) = found.unwrap();
    (name.clone(), value.clone())
}

#[tokio::test]
async fn attempts_of_desk_and_journey_are_not_exchanged() {
    let stack = start(Store::Embedded).await;
    let mut thomas = stack.person().unwrap();
    let page = thomas.opens(DESK).await;
    let authorize = thomas.presses(&page, "#sign-in", &[]).await;
    let back = thomas
        .signs_in_at(&stack.sign_in, &authorize.location().unwrap(), MANAGER)
        .await;
    let at_journey = back.replace("desk/signed-in", "AcceptCallback");
    assert_eq!(thomas.opens(&at_journey).await.status, 400);

    let link = invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let authorize = anna.get_started(&link).await.unwrap();
    let back = anna.signs_in_at(&stack.sign_in, &authorize, KNOWN).await;
    let at_desk = back.replace("AcceptCallback", "desk/signed-in");
    assert_eq!(anna.opens(&at_desk).await.status, 400);
    assert_eq!(session(&anna), None);
}

#[tokio::test]
async fn answer_counts_once_and_in_its_own_browser() {
    let stack = start(Store::Embedded).await;
    let mut thomas = stack.person().unwrap();
    let page = thomas.opens(DESK).await;
    let authorize = thomas.presses(&page, "#sign-in", &[]).await;
    let back = thomas
        .signs_in_at(&stack.sign_in, &authorize.location().unwrap(), MANAGER)
        .await;
    let attempt = thomas.clone();
    let mut other = stack.person().unwrap();
    let elsewhere = other.opens(&back).await;
    assert_eq!((elsewhere.status.as_u16(), session(&other)), (400, None));
    assert_eq!(thomas.opens(&back).await.status, 303);
    let tokens = stack.sign_in.counts().token;
    let mut replayed = attempt;
    assert_eq!(replayed.opens(&back).await.status, 400);
    assert_eq!(session(&replayed), None);
    let reloaded = thomas.opens(&back).await;
    assert_eq!(
        reloaded.location().unwrap(),
        format!("{}{DESK}", stack.url())
    );
    assert_eq!(stack.sign_in.counts().token, tokens, "no further request");
}

/// The handler is killed after it used the code, and the host repeats the request.
#[tokio::test]
async fn repeated_answer_restarts_once_by_itself() {
    let stack = start(Store::Embedded).await;
    let mut thomas = stack.person().unwrap();
    let page = thomas.opens(DESK).await;
    let authorize = thomas.presses(&page, "#sign-in", &[]).await;
    let mut authorize = authorize.location().unwrap();
    let mut answers = Vec::new();
    for _ in 0..2 {
        let back = thomas
            .signs_in_at(&stack.sign_in, &authorize, MANAGER)
            .await;
        stack.host.drop_next_response();
        let answer = thomas.opens(&back).await;
        authorize = answer.location().unwrap_or_default();
        answers.push(answer.status.as_u16());
    }
    assert_eq!(answers, [303, 400], "no loop: a page with a button");
    assert_eq!(stack.sign_in.counts().token, 2, "each code is used once");
    assert_eq!(session(&thomas), None);
}

#[tokio::test]
async fn sign_out_ends_the_session() {
    let stack = start(Store::Embedded).await;
    let mut lena = signed_in(&stack, READER).await;
    let page = lena.opens(DESK).await;
    assert!(page.text(".visitor").unwrap().contains("read only"));
    let out = lena.presses(&page, "#sign-out", &[]).await;
    assert_eq!(session(&lena), None);
    let out = lena.opens(&out.location().unwrap()).await;
    assert_eq!(out.title(), "You are signed out");
    assert_eq!(lena.opens(DESK).await.status, 401);
}

#[tokio::test]
async fn form_from_elsewhere_is_refused() {
    let stack = start(Store::Embedded).await;
    let mut lena = signed_in(&stack, READER).await;
    let page = lena.opens(DESK).await;
    let form = page.form("#sign-out").unwrap();
    let mut forged = lena.clone();
    forged.headers = vec![("sec-fetch-site", "cross-site".to_owned())];
    assert_eq!(forged.submits(&form).await.status, 403);
    let mut bare = form.clone();
    bare.remove("token");
    assert_eq!(lena.submits(&bare).await.status, 403);
    let mut thomas = signed_in(&stack, MANAGER).await;
    assert_eq!(thomas.submits(&form).await.status, 403, "of another person");
    assert!(session(&lena).is_some() && session(&thomas).is_some());
    let sign_in = stack.person().unwrap().opens(DESK).await;
    let mut form = sign_in.form("#sign-in").unwrap();
    form.set("next", "https://evil.example/");
    assert_eq!(lena.submits(&form).await.status, 403, "the page is sealed");
}

#[tokio::test]
async fn form_after_the_session_keeps_what_was_typed() {
    let stack = start(Store::Embedded).await;
    let mut thomas = signed_in(&stack, MANAGER).await;
    let token = thomas.opens(DESK).await;
    let token = token.attribute("input[name=token]", "value").unwrap();
    thomas.cookies.clear();
    let fields = [("token", token.as_str()), ("note", "<b>\"typed\"</b>")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let path = format!("{DESK}/nowhere");
    let kept = thomas.asks(Method::POST, &path, Some(&fields)).await;
    assert_eq!(kept.status, 401);
    let form = kept.form("#send-again").unwrap();
    assert_eq!(
        (form.action.as_str(), &form.fields[..]),
        (path.as_str(), &fields[..])
    );
    let page = thomas.opens(DESK).await;
    sign_in_on(&mut thomas, &stack.sign_in, &page, MANAGER).await;
    let sent = thomas.submits(&form).await;
    assert_eq!(sent.status, 404, "it is accepted as a form of this person");
}

#[tokio::test]
async fn there_is_no_desk_without_a_tenant() {
    let stack = start_with(Store::Embedded, &[("DESK_TENANT", "")]).await;
    let mut anyone = stack.person().unwrap();
    for path in [
        "",
        "/signed-in?state=x&code=y",
        "/signed-out",
        "/new",
        "/new/no-id/email",
        "/many/no-id/results.csv",
        "/x/y",
    ] {
        let path = format!("{DESK}{path}");
        assert_eq!(anyone.opens(&path).await.status, 404, "{path}");
    }
    for path in [
        "",
        "/sign-in",
        "/sign-out",
        "/signed-in",
        "/new",
        "/many/no-id",
    ] {
        let path = format!("{DESK}{path}");
        let answer = anyone.asks(Method::POST, &path, Some(&[])).await;
        assert_eq!(answer.status, 404, "{path}");
    }
}

#[tokio::test]
async fn recipient_may_be_staff_of_the_seller() {
    let stack = start(Store::Embedded).await;
    let link = invite_known(&stack).await;
    let twin = second_account_for(&stack, KNOWN);
    let mut both = signed_in(&stack, MANAGER).await;
    let answer = both.signs_in(&link, &stack.sign_in, &twin).await;
    assert_eq!(answer.status, 303);
    assert!(session(&both).is_some(), "neither ends the other");
}
