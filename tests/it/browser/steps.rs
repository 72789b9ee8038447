//! What people do on their way, in their words.

use local::mailbox::Mail;

use support::{KNOWN, Running, chrome::Browser, email_to};

/// Opens the latest mail to an address on the mailbox page and follows its button.
pub(crate) async fn follow_the_mail(browser: &Browser, stack: &Running, address: &str) {
    let mail = mail_to(stack, address).await;
    browser.open(stack.mailbox.url()).await;
    browser.press(&format!("a[href='/mail/{}']", mail.n)).await;
    browser.enter_frame("iframe#mail").await;
    browser.press("a[href*=InviteUser]").await;
    browser.sees("You are invited to My rConnect").await;
}

pub(crate) async fn mail_to(stack: &Running, address: &str) -> Mail {
    email_to(stack, address).await
}

/// On the sign-in service's pages: the account that the invitation is for signs in.
pub(crate) async fn sign_in_as_invited(browser: &Browser, name: &str) {
    browser.find("#account").await;
    browser.press("#next").await;
    browser.find("main .who").await;
    assert!(browser.text("h1").await.contains(name));
    browser.press("#next").await;
}

/// The first time, the service asks whether the app may know them.
pub(crate) async fn consent(browser: &Browser) {
    browser.press("#accept").await;
}

/// From the link to the form with the company data, with an account that Microsoft knows.
pub(crate) async fn reach_the_company_form(browser: &Browser, link: &str) {
    browser.open(link).await;
    browser.press("#get-started").await;
    sign_in_as_invited(browser, "Anna Meier").await;
    consent(browser).await;
    browser.find("#create-company").await;
}

/// Opens the fields of the company form, which the label replaces.
pub(crate) async fn change_something(browser: &Browser) {
    browser.press("summary").await;
}

/// Creates an account for the address that the page shows, with the code from the mailbox.
pub(crate) async fn create_account(browser: &Browser, stack: &Running, address: &str, name: &str) {
    browser.find("#name").await;
    assert_eq!(browser.property("#account", "value").await, address);
    browser.fill("#name", name).await;
    browser.press("#next").await;
    browser.find("#code").await;
    let mail = mail_to(stack, address).await;
    let code = browser
        .in_second_tab(async |browser: &Browser| read_code(browser, stack, &mail).await)
        .await;
    browser.fill("#code", &code).await;
    browser.press("#next").await;
    browser.find("#accept-terms").await;
    assert!(browser.text("h1").await.contains(name));
    browser.press("#accept-terms").await;
    browser.press("#next").await;
}

/// The six digits in a mail, as the mailbox page shows it.
async fn read_code(browser: &Browser, stack: &Running, mail: &Mail) -> String {
    browser.open(stack.mailbox.url()).await;
    browser.press(&format!("a[href='/mail/{}']", mail.n)).await;
    browser.press_words("Text").await;
    let text = browser.text("pre").await;
    let code = text
        .split(|c: char| !c.is_ascii_digit())
        .find(|digits| digits.len() == 6);
    code.unwrap().to_owned()
}

/// The form is filled in and can be sent.
pub(crate) async fn create_company(browser: &Browser) {
    browser.sees("Check your company details").await;
    browser.press("#create-company").await;
}

/// The end of the journey, with what can be done next.
pub(crate) async fn is_welcomed(browser: &Browser, first_name: &str) {
    browser.sees(&format!("Welcome, {first_name}!")).await;
    assert_eq!(browser.url().await.path(), "/api/Welcome");
    assert_eq!(browser.count(".tiles a[href]").await, 4);
}

/// From the e-mail to the welcome, with an account that Microsoft knows.
pub(crate) async fn case_1(browser: &Browser, stack: &Running) {
    follow_the_mail(browser, stack, KNOWN).await;
    browser.press("#get-started").await;
    sign_in_as_invited(browser, "Anna Meier").await;
    consent(browser).await;
}
