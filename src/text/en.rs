use super::*;

/// The name of a country within a sentence. The script of the company form has the same list.
fn with_article(country: &str) -> String {
    const WITH: [&str; 6] = [
        "United ",
        "Netherlands",
        "Philippines",
        "Dominican",
        "Faroe",
        "Isle of",
    ];
    if WITH.iter().any(|start| country.starts_with(start)) {
        format!("the {country}")
    } else {
        country.to_owned()
    }
}

pub(super) static TEXT: Text = Text {
    tag: "en",
    native_name: "English",
    expiry: |at| {
        format!(
            "{} {} {}, {:02}:{:02} UTC",
            at.day(),
            at.month(),
            at.year(),
            at.hour(),
            at.minute()
        )
    },
    day: |at| format!("{} {} {}", at.day(), at.month(), at.year()),
    form_of_address: names::first,
    frame: FrameText {
        progress: "Your progress",
        steps: ["Invitation", "Sign-in", "Company", "Welcome"],
        step: |step, label| format!("Step {step} of 4: {label}"),
        help: "Get help",
        language: "Language",
    },
    invite: InviteText {
        title: |platform| format!("You are invited to {platform}"),
        greeting: |name| format!("Hello {name},"),
        lead: |inviter, organization, platform| {
            format!("{inviter} from {organization} has invited you to {platform}.")
        },
        message_from: |inviter| format!("A message from {inviter}"),
        mailbox: "Invitation for",
        company: "Company",
        expires: "Valid until",
        next_steps: "What happens next",
        have_account: "You already have a Microsoft account for this address",
        have_account_body: "Sign in with it, and Microsoft brings you straight back here. If you \
            are already signed in, this takes only a moment.",
        no_account: "You do not have one yet",
        no_account_body: "You can create one at Microsoft free of charge. Microsoft sends a code \
            to your e-mail address to confirm that it is yours, then brings you back here.",
        create_one_hint: "On Microsoft’s sign-in page, choose “Create one!”.",
        afterwards: "After that, you check your company’s details, and you are ready to go.",
        get_started: "Get started now",
        sign_up: "I have no Microsoft account yet",
        password: "You enter your password only at Microsoft. We never see it.",
        unexpected: "Not expecting this invitation? Just close this page. Nothing has been \
            changed.",
        accepted_title: "Welcome back",
        accepted_body: "You have already accepted this invitation. Sign in with the same Microsoft \
            account to continue where you left off.",
        accepted_button: "Sign in and continue",
        completed_title: "You are all set",
        completed_body: |company, platform| {
            format!(
                "{company} is set up on {platform}. Sign in with the same Microsoft account to \
                 continue."
            )
        },
        completed_button: |platform| format!("Sign in to {platform}"),
    },
    company: CompanyText {
        title: "Check your company details",
        lead: |organization| {
            format!(
                "These details come from {organization}. Please check them and correct \
                 anything that is wrong."
            )
        },
        lead_empty: "Please enter the details of your company.",
        customer_number: "Customer number",
        company: "Company",
        address: "Address",
        contact: "Contact person",
        company_name: "Company name",
        vat_number: |country| match country {
            "US" => "Tax ID (EIN)",
            "TW" => "Tax ID (UBN)",
            _ => "VAT number",
        },
        website: "Website",
        country: "Country or region",
        choose_country: "Please choose",
        street: |_| "Street and number",
        postal_code: |country| match country {
            "US" => "ZIP code",
            "GB" | "AU" | "NZ" => "Postcode",
            _ => "Postal code",
        },
        city: |country| match country {
            "GB" | "IE" => "Town or city",
            "HK" => "District",
            "TW" => "City or district",
            _ => "City",
        },
        region: |country| match country {
            "US" | "BR" | "MX" => "State",
            "AU" => "State or territory",
            "CA" => "Province or territory",
            "CH" => "Canton",
            "JP" => "Prefecture",
            _ => "State, province or county",
        },
        first_name: "First name",
        last_name: "Last name",
        phone: "Phone",
        phone_example: |example| format!("For example {example}"),
        email: "E-mail",
        email_note: "The invitation was sent to this address, so it cannot be changed here.",
        optional: "(optional)",
        registered_by: |organization| format!("{organization} had"),
        missing_entries: |is_one, count, names| {
            if is_one {
                format!("One entry is missing: {names}")
            } else {
                format!("{count}\u{a0}entries are missing: {names}")
            }
        },
        wrong_entries: |is_one, count, names| {
            if is_one {
                format!("Please check one entry: {names}")
            } else {
                format!("Please check {count}\u{a0}entries: {names}")
            }
        },
        comma: ", ",
        change: "Change something",
        create: "Create company",
        creating: "Creating…",
        not_ready: "Something still needs your attention.",
        ready: "Everything looks right.",
    },
    problem: ProblemText {
        missing: "Please fill this in.",
        too_long: |max| format!("Please shorten this to {max} characters or fewer."),
        invisible_characters: "This contains invisible characters, perhaps from copying. Please \
            type it in again.",
        unknown_country: "Please choose a country from the list.",
        postal_code: |example, country| {
            let country = with_article(country);
            format!("A postal code in {country} looks like {example}.")
        },
        postal_code_any: |example| {
            format!(
                "Please enter a postal code like {example}. If the country has no postal codes, leave this empty."
            )
        },
        phone: |example| {
            format!(
                "Please enter a number like {example}, or with + and the country code. You may also leave this empty."
            )
        },
        vat_number: |example| format!("Please enter it like {example}, or leave this empty."),
        website: "Please enter a web address like www.example.com, or leave this empty.",
        colon: ": ",
    },
    confirm: ConfirmText {
        title: "Confirm your e-mail address",
        lead: |mailbox| {
            format!(
                "We have sent a 6-digit code to {mailbox}. Enter it here to show that the e-mail \
                 address is yours. The code is valid for 10\u{a0}minutes."
            )
        },
        sending: |mailbox| {
            format!(
                "We are sending a 6-digit code to {mailbox}. Enter it here once it has arrived; it is valid for 10\u{a0}minutes."
            )
        },
        code: "Code from the e-mail",
        not_a_code: "Please enter the 6\u{a0}digits from the e-mail.",
        wrong_code: |tries_left| {
            format!(
                "This is not the code we sent. Please check the newest e-mail. \
                 Tries left:\u{a0}{tries_left}."
            )
        },
        earlier_code: "This is an earlier code. Please enter the one from the newest e-mail.",
        button: "Confirm",
        send_again: "Send a new code",
        sent_again: |time| format!("We sent a new code at {time}. Only the newest code works."),
        nothing_arrived: "Nothing arrived? It can take a minute. Please check your spam folder \
            too.",
        offer_title: "One more step: confirm your e-mail address",
        offer: |mailbox| {
            format!(
                "Your account does not prove to us that the e-mail address {mailbox} is yours. \
                 We send a code there; enter it here, and you keep this account."
            )
        },
        offer_to_another: |account, mailbox| {
            format!(
                "You are signed in as {account}. The invitation went to {mailbox}. If that address \
                 is yours too, we send a code there, and you keep this account."
            )
        },
        offer_to_guest: |account, mailbox| {
            format!(
                "You are signed in as {account}, which is a guest in that organisation, so it \
                 does not show us that the e-mail address {mailbox} is yours. We send a code there; \
                 enter it here, and you keep this account."
            )
        },
        no_offer: |account, mailbox| {
            format!(
                "You are signed in as {account}. The invitation went to {mailbox}. Please sign in \
                 with the account of that address, or contact the person who invited you."
            )
        },
        no_offer_unproven: |account, mailbox| {
            format!(
                "You are signed in as {account}. This sign-in does not prove to us that the e-mail \
                 address {mailbox} is yours. Please contact the person who invited you."
            )
        },
        send_to: |mailbox| format!("Send a code to {mailbox}"),
        over_title: "This code no longer works",
        over: |button| {
            format!(
                "It is more than 10\u{a0}minutes old, or was entered incorrectly too often. Press \
                 “{button}” to get a new one."
            )
        },
        next_code: |time| format!("The next code can be sent from {time}."),
    },
    join: JoinText {
        title: |company| format!("Join {company}"),
        lead: "You are joining with your own account. The company’s details stay as they are; please check yours.",
        created: |who, when| format!("{who} created this company on {when}."),
        created_before: |when| format!("A colleague created this company on {when}."),
        faster: "A colleague was faster: the company was created while your form was open. What you entered about yourself is still here.",
        person: "About you",
        change: "Change my details",
        button: "Join company",
    },
    welcome: WelcomeText {
        title: |name| format!("Welcome, {name}!"),
        lead: |company, platform| format!("{company} is now on {platform}."),
        lead_joined: |company, platform| format!("You have joined {company} on {platform}."),
        start_here: "Here is what you can do first.",
        nothing_to_do: "You can close this page.",
        links: "First steps",
        unsaved: |inviter| {
            format!(
                "You had already finished in another tab, so what you entered last was not saved. If \
                 something has to be changed, please contact {inviter}."
            )
        },
        registered: "What was registered",
        correct: |inviter| format!("To have anything corrected, please contact {inviter}."),
        open_platform: |platform| format!("Open {platform}"),
    },
    notice: NoticeText {
        malformed_link: Message {
            title: "This link is incomplete",
            body: "Part of the address seems to be missing. Please press the button in your \
                invitation e-mail again, or copy the full link from the e-mail into your browser.",
        },
        unknown_invitation: Message {
            title: "We cannot find this invitation",
            body: "Please check that you opened the link from the latest invitation e-mail. If it \
                still does not work, please contact the person who invited you.",
        },
        expired: Message {
            title: "This invitation has expired",
            body: "For your security, an invitation is valid only for a limited time. The person \
                who invited you can send a new one.",
        },
        revoked: Message {
            title: "This invitation has been withdrawn",
            body: "The company that invited you has withdrawn it. If you still need access, the \
                person who invited you can create a new one.",
        },
        used_by_another: Message {
            title: "This invitation is already in use",
            body: "It was accepted with another Microsoft account. If that account is yours, \
                please sign in with it. If not, please ask the person who invited you for an \
                invitation of your own.",
        },
        consent_declined: Message {
            title: "You cancelled or declined",
            body: "Without your consent, Microsoft does not share with us who you are, so we \
                cannot continue. Nothing has been changed, and your invitation still works. You \
                can try again at any time.",
        },
        sign_in_failed: Message {
            title: "The sign-in did not work",
            body: "Microsoft could not sign you in. Nothing has been changed, and your invitation \
                still works. Please try again.",
        },
        sign_in_restart: Message {
            title: "Please start the sign-in again",
            body: "We have lost your sign-in: it may have taken too long, or was opened in two \
                tabs or in another browser. Your invitation is still valid. Please sign in once \
                more.",
        },
        cookies_blocked: Message {
            title: "Your browser does not keep our cookies",
            body: "We have lost your sign-in for the second time. Perhaps this browser blocks \
                cookies. Please allow them for this site, or open your invitation in another \
                browser.",
        },
        wrong_account: Message {
            title: "This account cannot be used here",
            body: "Accounts of this organisation are not accepted for this invitation. Please use \
                another account, or contact the person who invited you.",
        },
        wrong_personal_account: "Personal Microsoft accounts are not accepted for this invitation. Please \
            use the account of your organisation, or contact the person who invited you.",
        signed_in_as: "Signed in as",
        invited_mailbox: "Invited e-mail address",
        accepted_on: "Accepted",
        accepted_with: "Accepted with",
        work_account: "a work or school account",
        personal_account: "a personal Microsoft account",
        too_many_codes: Message {
            title: "No more codes for now",
            body: "For your security, we send only a few codes a day.",
        },
        or_invited_account: "You can also sign in with the account of the invited address.",
        code_not_sent: Message {
            title: "We could not send the code",
            body: "The e-mail could not be delivered to the invited address. Nothing has been used \
                up. Please try again in a moment.",
        },
        try_again_later: Message {
            title: "Please try again in a moment",
            body: "We cannot reach one of our services at the moment. Nothing has been lost, and \
                your invitation still works.",
        },
        form_refused: Message {
            title: "Please start again from here",
            body: "For your security, we did not accept this form because we could not be sure \
                that it came from our page. Nothing has been changed.",
        },
        address_kept: Message {
            title: "Please send the address from here",
            body: "What you entered is below. Nothing has been sent yet. Please press the button once more.",
        },
        session_over: Message {
            title: "Please sign in again",
            body: "For your security, you are signed out after 30\u{a0}minutes. Sign in once more with \
                the same Microsoft account, and you continue where you were.",
        },
        session_lost: Message {
            title: "We have lost your sign-in",
            body: "This browser has no sign-in for your invitation: perhaps you used another \
                browser, or its cookies were deleted. Your invitation is still valid.",
        },
        unknown_session: "We do not know which invitation this is about: perhaps it took too long, \
            you used another browser, or its cookies were deleted. Please open the link \
            in your invitation e-mail.",
        draft_saved: "Your form is saved: it comes back as you left it.",
        internal_error: Message {
            title: "Something went wrong on our side",
            body: "We are sorry. This is not your fault, and your invitation still works. Please \
                try again in a few minutes.",
        },
        not_found: Message {
            title: "This page does not exist",
            body: "The address may be mistyped. Please press the button in your invitation e-mail \
                again.",
        },
        too_large: Message {
            title: "This form is too large",
            body: "The form you sent is larger than we can accept. Please go back and shorten your \
                entries.",
        },
        next_step: "Please open the link in your invitation e-mail, or contact the person who \
            invited you.",
    },
    action: ActionText {
        try_again: "Try again",
        use_another_account: "Use another account",
        use_accepting_account: "Sign in with that account",
        enter_newest_code: "Enter the newest code",
        ask_for_new_invitation: "Ask for a new invitation",
        proceed: "Continue",
        get_help: "Get help",
    },
    contact: contact::en::TEXT,
    upload: upload::en::TEXT,
    mail: MailText {
        subject: |organization, platform| format!("{organization} invites you to {platform}"),
        greeting: |name| format!("Hello {name},"),
        steps: "Sign in with your Microsoft account (or create one along the way), check your \
            company’s details, and you are ready to go. It takes only a few minutes.",
        copy_link: "If the button does not work, copy this link into your browser:",
        valid_until: |expires| format!("This link is for you only and works until {expires}."),
        help: "Questions? You can get help here:",
        docs: "You can find the documentation here:",
        unexpected: "Not expecting this invitation? Simply ignore this e-mail.",
        reminder_subject: |platform| format!("Reminder: your invitation to {platform}"),
        reminder_lead: |platform| {
            format!(
                "Your invitation to {platform} is still open. If you have not had time yet, you can pick it up here."
            )
        },
        renewal_subject: |company| format!("{company} would like a new invitation"),
        renewal_body: |who, company, platform| {
            format!(
                "{who} ({company}) opened an invitation to {platform} that is no longer valid, and \
                 would like a new one."
            )
        },
        renewal_instructions: "If you agree, resend the invitation in your system. These details \
            help you find it:",
        company_subject: |company, platform| format!("{company} is now on {platform}"),
        company_body: |who, company, platform| {
            format!(
                "{who} has accepted your invitation, checked the company data and created \
                 {company} on {platform}."
            )
        },
        joined_subject: |who, company| format!("{who} has joined {company}"),
        joined_body: |who, company, platform| {
            format!(
                "{who} has accepted your invitation and joined {company} on {platform}, which a colleague had created before."
            )
        },
        invitation_id: "Invitation",
        customer_number: "Customer number",
        invited_mailbox: "Invited e-mail address",
        code_subject: |platform| format!("Your code for {platform}"),
        code_lead: |platform| {
            format!("Use this code to confirm to {platform} that this e-mail address is yours:")
        },
        code_validity: |minutes| {
            format!(
                "It is valid for {minutes} {}. Please do not share it with anyone.",
                plural(minutes, "minute", "minutes")
            )
        },
        code_unexpected: "If you did not ask for a code, simply ignore this e-mail.",
    },
};
