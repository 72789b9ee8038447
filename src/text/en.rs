use super::*;

pub(super) static TEXT: Text = Text {
    tag: "en",
    native_name: "English",
    countries: &countries::en::NAMES,
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
    called: names::first,
    frame: FrameText {
        progress: "Your progress",
        steps: ["Invitation", "Sign-in", "Company", "Welcome"],
        help: "Get help",
        language: "Language",
    },
    invite: InviteText {
        title: |platform| format!("You are invited to {platform}"),
        greeting: |name| format!("Hello {name},"),
        lead: |inviter, organization, platform| {
            format!("{inviter} from {organization} invites you to {platform}.")
        },
        message_from: |inviter| format!("A message from {inviter}"),
        mailbox: "Invitation for",
        company: "Company",
        expires: "Valid until",
        next: "What happens next",
        have_account: "You have a Microsoft account for this address",
        have_account_body: "Sign in with it, and Microsoft brings you straight back here. If you are signed in already, this takes only a moment.",
        no_account: "You do not have one yet",
        no_account_body: "Microsoft lets you create one free of charge, sends a code to your mailbox to confirm that it is yours, and brings you back here.",
        no_account_create_one: "On Microsoft’s sign-in page, choose “Create one!”.",
        then: "Then you check the details of your company, and you are ready to go.",
        get_started: "Get started now",
        sign_up: "I have no Microsoft account yet",
        password: "You enter your password only at Microsoft. We never see it.",
        unexpected: "Not expecting this invitation? Just close this page. Nothing has been changed.",
        accepted_title: "Good to see you again",
        accepted_body: "You have already accepted this invitation. Sign in with the same Microsoft account, and you go on where you left off.",
        accepted_button: "Sign in and continue",
        completed_title: "You are all set",
        completed_body: |company, platform| {
            format!(
                "{company} is set up on {platform}. Sign in with the same Microsoft account to go there."
            )
        },
        completed_button: |platform| format!("Sign in to {platform}"),
    },
    company: CompanyText {
        title: "Check your company details",
        lead: |organization| {
            format!(
                "{organization} has filled in what they know about your company. Please check it and correct what is not right."
            )
        },
        lead_empty: "Please enter the details of your company.",
        customer_number: "Customer number",
        company: "Company",
        address: "Address",
        contact: "Contact person",
        company_name: "Company name",
        vat_number: "VAT number",
        website: "Website",
        country: "Country or region",
        choose_country: "Please choose",
        street: "Street and number",
        postal_code: "Postal code",
        city: "City",
        region: "State, province or county",
        first_name: "First name",
        last_name: "Last name",
        phone: "Phone",
        phone_example: "For example +41 44 123 45 67",
        email: "E-mail",
        email_note: "The invitation was sent to this address, so it cannot be changed here.",
        optional: "optional",
        registered: |value| format!("Registered so far: {value}"),
        check: "Please check these entries",
        create: "Create company",
        creating: "Creating…",
        not_ready: "Some entries still need your attention.",
        ready: "Everything is complete.",
    },
    problem: ProblemText {
        missing: "Please fill this in.",
        too_long: |max| format!("Please shorten this to {max} characters or fewer."),
        unseen_characters: "This contains invisible characters, perhaps from copying. Please type it in again.",
        unknown_country: "Please choose a country from the list.",
        postal_code: |example| format!("Please enter it like this: {example}."),
        phone: "Please enter the number with + and the country code.",
        vat_number: |example| format!("Please enter it like {example}, or leave this empty."),
        website: "Please enter a web address like www.example.com, or leave this empty.",
        colon: ": ",
    },
    confirm: ConfirmText {
        title: "Confirm your mailbox",
        lead: |mailbox| {
            format!(
                "We have sent a 6-digit code to {mailbox}. Enter it here to show that the mailbox is yours. It works for 10 minutes."
            )
        },
        code: "Code from the e-mail",
        wrong: "This is not the code we sent. Please check the latest e-mail and try again.",
        expired: "This code does not work any more. Please have a new one sent.",
        button: "Confirm",
        send_again: "Send a new code",
        spam: "Nothing arrived? It can take a minute. Please look in your spam folder too.",
    },
    welcome: WelcomeText {
        title: |name| format!("Welcome, {name}!"),
        lead: |company, platform| {
            format!("{company} is now on {platform}. Here is what you can do first.")
        },
        links: "First steps",
        open: |platform| format!("Open {platform}"),
    },
    notice: NoticeText {
        malformed_link: Said {
            title: "This link is not complete",
            body: "Part of the address seems to be missing. Please press the button in your invitation e-mail again, or copy the whole link from it into your browser.",
        },
        unknown_invitation: Said {
            title: "We cannot find this invitation",
            body: "Please check that you opened the link from the latest invitation e-mail. If it still does not work, ask the person who invited you.",
        },
        expired: Said {
            title: "This invitation has expired",
            body: "For your safety an invitation works only for a limited time. Please ask the person who invited you for a new one.",
        },
        expired_renewable: Said {
            title: "This invitation has expired",
            body: "For your safety an invitation works only for a limited time. Ask for a new one here: we tell the person who invited you.",
        },
        revoked: Said {
            title: "This invitation has been withdrawn",
            body: "The company that invited you has withdrawn it. If you think this is a mistake, please ask the person who invited you.",
        },
        revoked_renewable: Said {
            title: "This invitation has been withdrawn",
            body: "The company that invited you has withdrawn it. If you still need access, ask for a new one here: we tell the person who invited you.",
        },
        renewal_requested: Said {
            title: "We have passed on your request",
            body: "The person who invited you knows that you would like a new invitation. You will receive it by e-mail. You can close this page.",
        },
        used_by_another: Said {
            title: "This invitation is already in use",
            body: "It was accepted with another Microsoft account. If that account is yours, please sign in with it. If not, ask the person who invited you for an invitation of your own.",
        },
        consent_declined: Said {
            title: "You have not given your consent",
            body: "Without it Microsoft does not tell us who you are, so we cannot go on. Nothing has been changed, and your invitation still works. You can try again at any time.",
        },
        sign_in_failed: Said {
            title: "The sign-in did not work",
            body: "Microsoft could not sign you in. Nothing has been changed, and your invitation still works. Please try again.",
        },
        sign_in_restart: Said {
            title: "Let’s start the sign-in again",
            body: "The sign-in took too long, was opened twice, or your browser blocked a cookie. Your invitation still works. Please allow cookies for this site and start again.",
        },
        wrong_account: Said {
            title: "This is a different account",
            body: "You are signed in with an account that does not belong to the invited mailbox. Use another account, or show that the mailbox is yours with a code that we send there.",
        },
        signed_in_as: "Signed in as",
        invited_mailbox: "Invited mailbox",
        too_many_codes: Said {
            title: "No more codes today",
            body: "We send at most five codes a day for an invitation. Please use one that you have, try again tomorrow, or sign in with the account of the invited mailbox.",
        },
        try_again_later: Said {
            title: "Please try again in a moment",
            body: "We cannot reach one of our services just now. Nothing is lost, and your invitation still works.",
        },
        form_refused: Said {
            title: "Please start again from here",
            body: "For your safety we did not accept this form, because we could not be sure that it came from our page. Nothing has been changed.",
        },
        session_over: Said {
            title: "Please sign in again",
            body: "For your safety you were signed out after a while. Open your invitation and sign in with the same Microsoft account to go on.",
        },
        internal_error: Said {
            title: "Something went wrong on our side",
            body: "We are sorry. It is not your fault, and your invitation still works. Please try again in a few minutes.",
        },
        not_found: Said {
            title: "There is no page here",
            body: "The address may be mistyped. Please press the button in your invitation e-mail again.",
        },
        too_large: Said {
            title: "That was too much data",
            body: "The form you sent is larger than we can accept. Please go back and shorten your entries.",
        },
        already_done: Said {
            title: "This is already done",
            body: "Your company was set up earlier, perhaps in another tab. There is nothing more to do here.",
        },
        forward: "Please open the link in your invitation e-mail, or ask the person who invited you.",
    },
    action: ActionText {
        try_again: "Try again",
        use_another_account: "Use another account",
        send_code: "Send a code to that mailbox",
        ask_for_new_invitation: "Ask for a new invitation",
        go_on: "Continue",
        get_help: "Get help",
    },
    mail: MailText {
        subject: |organization, platform| format!("{organization} invites you to {platform}"),
        greeting: |name| format!("Hello {name},"),
        steps: "You sign in with your Microsoft account (or create one on the way), check the details of your company, and are ready to go. It takes a few minutes.",
        copy_link: "If the button does not work, copy this link into your browser:",
        works_until: |expires| {
            format!("The link is meant for you personally and works until {expires}.")
        },
        help: "Questions? Here you find help:",
        unexpected: "Not expecting this invitation? Then simply ignore this e-mail.",
        renewal_subject: |company| format!("{company} asks for a new invitation"),
        renewal_body: |who, company, platform| {
            format!(
                "{who} ({company}) opened an invitation to {platform} that no longer works, and asks you for a new one."
            )
        },
        renewal_how: "If you agree, resend the invitation in your system. You find it by these details:",
        company_subject: |company, platform| format!("{company} is on {platform}"),
        company_body: |who, company, platform| {
            format!(
                "{who} has accepted your invitation, checked the company data and created {company} on {platform}."
            )
        },
        renewal_id: "Invitation",
        renewal_customer: "Customer number",
        renewal_mailbox: "Invited mailbox",
        code_subject: |platform| format!("Your code for {platform}"),
        code_lead: |platform| {
            format!("With this code you confirm to {platform} that this mailbox is yours:")
        },
        code_works: |minutes| {
            format!(
                "It works for {minutes} {}. Please do not pass it on to anyone.",
                counted(minutes, "minute", "minutes")
            )
        },
        code_unexpected: "Did you not ask for a code? Then simply ignore this e-mail.",
    },
};
