//! One invitation, one account, one company: however often, from wherever and by whomever a button
//! is pressed, and whenever the process dies.

use std::time::Duration;

use futures::future::join_all;
use local::{
    browser::{Page, ScriptedBrowser},
    stack::Stack,
};
use support::{
    KNOWN, Running, Store, api, company_form, invite_quietly, over_both_stores, people::Acts,
    second_account_for, start, table,
};

over_both_stores! {
    a_second_press_leads_to_the_same_company
    kill_after_sign_in_is_survived
    kill_after_company_creation_is_survived
    three_tabs_of_one_invitation_all_end_at_welcome
    stale_tab_never_completes_a_newer_invitation
    invalid_input_is_returned_and_not_written
    hidden_fields_that_were_edited_are_ignored
    a_form_of_one_invitation_does_not_start_another
}

async fn status(stack: &Stack, id: &str) -> String {
    api::get(stack, id).await.json()["status"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn leads_to_welcome(page: &Page) {
    assert_eq!(page.status, 303, "{}", page.title());
    assert!(
        page.location().unwrap().contains("/api/Welcome?"),
        "{}",
        page.location().unwrap()
    );
}

async fn a_second_press_leads_to_the_same_company(store: Store) {
    let stack = start(store).await;
    let (link, id) = invite_quietly(&stack).await;
    let mut anna = stack.person().unwrap();
    let form = company_form(&mut anna, &stack, &link).await;
    leads_to_welcome(&anna.presses(&form, "#create-company", &[]).await);
    let first = api::get(&stack, &id).await.json();
    leads_to_welcome(
        &anna
            .presses(&form, "#create-company", &[("companyName", "Another AG")])
            .await,
    );
    assert_eq!(api::get(&stack, &id).await.json(), first, "nothing changed");
    let welcome = anna.opens("/api/Welcome").await;
    assert!(welcome.text("main").unwrap().contains("Meier Präzision AG"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_presses_create_one_company() {
    let stack = start(Store::Azurite).await;
    let second = stack.another_instance(&[]).await.unwrap();
    for _ in 0..3 {
        let (link, _) = invite_quietly(&stack).await;
        let mut anna = stack.person().unwrap();
        let form = company_form(&mut anna, &stack, &link).await;
        let presses = (0..20).map(|n| {
            let mut tab = if n % 2 == 0 {
                anna.clone()
            } else {
                anna.at(second.url()).unwrap()
            };
            let form = &form;
            async move {
                tab.presses(
                    form,
                    "#create-company",
                    &[("companyName", &format!("Number {n} AG"))],
                )
                .await
            }
        });
        join_all(presses).await.iter().for_each(leads_to_welcome);
        assert_eq!(table::creations(&stack, &link).await, (1, 1));
        let (rows, id) = (table::rows(&stack, &link).await, table::link_of(&link).id());
        let event = rows
            .iter()
            .find(|row| {
                row.fields
                    .get("type")
                    .is_some_and(|kind| kind == "company.created")
            })
            .unwrap();
        assert_eq!(
            event.key,
            format!("event-{:06}", table::events(&stack, &link).await.len()),
            "it is the last one, without a gap"
        );
        assert!(event.fields["id"].starts_with(&id.to_string()));
        let company = table::row(&stack, &link, "company").await.unwrap();
        assert_eq!(company.fields["id"], id.company_id().to_string());
        let name = &table::row(&stack, &link, "invitation")
            .await
            .unwrap()
            .fields["companyName"];
        assert!(
            company.fields["company"].contains(name),
            "the company of the welcome page is the one that was created"
        );
        assert!(
            anna.opens("/api/Welcome")
                .await
                .text("main")
                .unwrap()
                .contains(name)
        );
    }
}

/// Signs in up to the answer that the browser is about to bring to the callback.
async fn at_the_callback(
    person: &mut ScriptedBrowser,
    stack: &Stack,
    link: &str,
    email: &str,
) -> String {
    let authorize = person.get_started(link).await.unwrap();
    person.signs_in_at(&stack.sign_in, &authorize, email).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_racing_accounts_one_wins() {
    let stack = start(Store::Azurite).await;
    let second = stack.another_instance(&[]).await.unwrap();
    let rival = second_account_for(&stack, KNOWN);
    for _ in 0..5 {
        let (link, _) = invite_quietly(&stack).await;
        let (mut anna, mut other) = (
            stack.person().unwrap(),
            stack.person().unwrap().at(second.url()).unwrap(),
        );
        let (one, two) = (
            at_the_callback(&mut anna, &stack, &link, KNOWN).await,
            at_the_callback(&mut other, &stack, &link, &rival).await,
        );
        let (one, two) = tokio::join!(anna.open(&one), other.open(&two));
        let (one, two) = (one.unwrap(), two.unwrap());
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        let (winner, loser, notice) = if statuses[0] == 303 {
            (&mut anna, &mut other, two)
        } else {
            (&mut other, &mut anna, one)
        };
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 403]);
        assert_eq!(notice.title(), "This invitation is already in use");
        assert!(
            notice.has("main .actions button"),
            "another account can be chosen"
        );
        let accepted = table::events(&stack, &link).await;
        assert_eq!(
            accepted
                .iter()
                .filter(|kind| *kind == "invitation.accepted")
                .count(),
            1,
            "{accepted:?}"
        );
        assert_eq!(winner.opens("/api/CreateCompany").await.status, 200);
        assert_eq!(loser.opens("/api/CreateCompany").await.status, 401);
    }
}

/// The host kills with SIGKILL and starts anew.
async fn killed(stack: &Running) {
    let before = stack.host.handler_pid();
    stack.host.kill_handler().await;
    while stack.host.handler_pid().is_none() || stack.host.handler_pid() == before {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn kill_after_sign_in_is_survived(store: Store) {
    let stack = start(store).await;
    let (link, id) = invite_quietly(&stack).await;
    let mut anna = stack.person().unwrap();
    let callback = at_the_callback(&mut anna, &stack, &link, KNOWN).await;
    killed(&stack).await;
    let company = anna.opens(&callback).await.location().unwrap();
    killed(&stack).await;
    assert_eq!(status(&stack, &id).await, "accepted");
    let form = anna.opens(&company).await;
    leads_to_welcome(&anna.presses(&form, "#create-company", &[]).await);
}

async fn kill_after_company_creation_is_survived(store: Store) {
    let stack = start(store).await;
    let (link, id) = invite_quietly(&stack).await;
    let mut anna = stack.person().unwrap();
    let form = company_form(&mut anna, &stack, &link).await;
    killed(&stack).await;
    leads_to_welcome(&anna.presses(&form, "#create-company", &[]).await);
    killed(&stack).await;
    assert_eq!(status(&stack, &id).await, "completed");
    assert_eq!(anna.opens("/api/Welcome").await.title(), "Welcome, Anna!");
    leads_to_welcome(&anna.presses(&form, "#create-company", &[]).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_during_creation_makes_one_company() {
    for pause in [0, 1, 2, 4, 8, 16] {
        let stack = start(Store::Azurite).await;
        let (link, _) = invite_quietly(&stack).await;
        let mut anna = stack.person().unwrap();
        let form = company_form(&mut anna, &stack, &link).await;
        let mut impatient = anna.clone();
        let pressed = impatient.press(&form, "#create-company", &[]);
        let kill = async {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            killed(&stack).await;
        };
        // Whether it is answered depends on the moment; what counts is what comes after.
        let _ = tokio::join!(pressed, kill);
        assert!(
            matches!(table::creations(&stack, &link).await, (0, 0) | (1, 1)),
            "both or neither"
        );
        leads_to_welcome(&anna.presses(&form, "#create-company", &[]).await);
        assert_eq!(table::creations(&stack, &link).await, (1, 1));
    }
}

async fn three_tabs_of_one_invitation_all_end_at_welcome(store: Store) {
    let stack = start(store).await;
    let (link, _) = invite_quietly(&stack).await;
    let mut anna = stack.person().unwrap();
    let mut callbacks = Vec::new();
    for _ in 0..3 {
        callbacks.push(at_the_callback(&mut anna, &stack, &link, KNOWN).await);
    }
    let mut forms = Vec::new();
    for callback in callbacks.into_iter().rev() {
        let company = anna.opens(&callback).await.location().unwrap();
        forms.push(anna.opens(&company).await);
    }
    for form in &forms {
        leads_to_welcome(&anna.presses(form, "#create-company", &[]).await);
    }
    assert!(
        !anna.cookies.keys().any(|name| name.starts_with("sign-in")),
        "no attempt is left: {:?}",
        anna.cookies.keys()
    );
    assert_eq!(anna.opens(&link).await.title(), "You are all set");
}

async fn stale_tab_never_completes_a_newer_invitation(store: Store) {
    let stack = start(store).await;
    let ((older, older_id), (newer, newer_id)) =
        (invite_quietly(&stack).await, invite_quietly(&stack).await);
    let mut anna = stack.person().unwrap();
    let older_form = company_form(&mut anna, &stack, &older).await;
    let newer_form = company_form(&mut anna, &stack, &newer).await;
    let typed = [("companyName", "Older AG")];
    let done = anna.presses(&older_form, "#create-company", &typed).await;
    leads_to_welcome(&done);
    assert_eq!(
        (
            status(&stack, &older_id).await,
            status(&stack, &newer_id).await
        ),
        ("completed".to_owned(), "accepted".to_owned()),
        "a form completes its own invitation"
    );
    let older_welcome = done.location().unwrap();
    let done = anna.presses(&newer_form, "#create-company", &[]).await;
    leads_to_welcome(&done);
    assert_eq!(status(&stack, &newer_id).await, "completed");
    for (welcome, company) in [
        (older_welcome, "Older AG"),
        (done.location().unwrap(), "Meier Präzision AG"),
    ] {
        let page = anna.opens(&welcome).await;
        assert_eq!(page.title(), "Welcome, Anna!");
        assert!(page.text("main").unwrap().contains(company), "{company}");
    }
}

async fn invalid_input_is_returned_and_not_written(store: Store) {
    let stack = start(store).await;
    let (link, id) = invite_quietly(&stack).await;
    let mut anna = stack.person().unwrap();
    let form = company_form(&mut anna, &stack, &link).await;
    let before = if store == Store::Azurite {
        table::rows(&stack, &link).await
    } else {
        Vec::new()
    };
    let typed = [
        ("companyName", " "),
        ("postalCode", "\"80<b>02"),
        ("phone", "call me"),
        ("city", "Zürich <i>'s"),
    ];
    let page = anna.presses(&form, "#create-company", &typed).await;
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (422, "Check your company details")
    );
    for (name, value) in typed.into_iter().skip(1) {
        assert_eq!(
            page.attribute(&format!("[name={name}]"), "value").unwrap(),
            value,
            "what was typed is kept"
        );
    }
    assert!(!page.body.contains("<b>02") && !page.body.contains("<i>'s"));
    for (field, said) in [
        ("companyName", "Please fill this in."),
        ("postalCode", "A postal code in"),
        ("phone", "country code"),
    ] {
        assert!(
            page.text(&format!("#{field}-error"))
                .unwrap()
                .contains(said),
            "{field}"
        );
        assert_eq!(
            page.attribute(&format!("[name={field}]"), "aria-invalid")
                .as_deref(),
            Some("true"),
            "{field}"
        );
    }
    assert!(page.attribute("[name=street]", "aria-invalid").is_none());
    assert!(page.has("#create-company.off"), "the button is grey");
    assert!(
        !page.has("#create-company[aria-disabled]"),
        "without scripts it works all the same"
    );
    assert_eq!(status(&stack, &id).await, "accepted");
    if store == Store::Azurite {
        assert!(table::rows(&stack, &link).await == before);
    }
    let put_right = [
        ("companyName", "Meier AG"),
        ("postalCode", "8002"),
        ("phone", ""),
    ];
    leads_to_welcome(&anna.presses(&page, "#create-company", &put_right).await);
}

async fn hidden_fields_that_were_edited_are_ignored(store: Store) {
    let stack = start(store).await;
    let ((own, own_id), (other, other_id)) =
        (invite_quietly(&stack).await, invite_quietly(&stack).await);
    let mut anna = stack.person().unwrap();
    let form = company_form(&mut anna, &stack, &own).await;
    let other_guid = table::link_of(&other).reveal();
    let mut edited = form.form("#create-company").unwrap();
    edited.action = format!("{}&invitationId={other_guid}&id={other_id}", edited.action);
    for (name, value) in [
        ("invitationId", &other_guid),
        ("id", &other_id),
        ("email", &"x@evil.example".to_owned()),
        ("status", &own_id),
        ("tid", &"x".to_owned()),
        ("oid", &"y".to_owned()),
        ("customerNumber", &"C-1".to_owned()),
    ] {
        edited.set(name, value);
    }
    leads_to_welcome(&anna.submits(&edited).await);
    assert_eq!(
        (
            status(&stack, &own_id).await,
            status(&stack, &other_id).await
        ),
        ("completed".to_owned(), "pending".to_owned())
    );
    let kept = api::get(&stack, &own_id).await.json();
    assert_eq!(kept["recipient"]["email"], KNOWN);
}

async fn a_form_of_one_invitation_does_not_start_another(store: Store) {
    let stack = start(store).await;
    let ((own, _), (other, _)) = (invite_quietly(&stack).await, invite_quietly(&stack).await);
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&own).await;
    let mut edited = page.form("#get-started").unwrap();
    edited.action = other;
    let refused = anna.submits(&edited).await;
    assert_eq!(
        (refused.status.as_u16(), refused.title().as_str()),
        (403, "Please start again from here")
    );
    assert!(anna.cookies.is_empty());
}
