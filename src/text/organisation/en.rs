use super::*;

pub(super) static TEXT: OrganisationText = OrganisationText {
    stopped: StoppedText {
        question: "Did Microsoft stop you?",
        unknown: Message {
            title: "You are not signed in yet",
            body: "Microsoft did not complete the sign-in. Nothing has been changed, and your \
                invitation still works.",
        },
        approval_title: "Your organisation has to allow this first",
        blameless: "You did nothing wrong.",
        consent: |platform| {
            format!(
                "Your organisation decides for which apps its accounts may be used. An \
                 administrator has to approve {platform} first."
            )
        },
        assignment: |platform| {
            format!(
                "Your organisation opens {platform} only to selected people. An administrator has \
                 to add you to them."
            )
        },
        conditional_access: "This sign-in does not meet the security rules of your organisation. Try it on a \
                 device or in a network of your organisation.",
        cross_tenant: |platform| {
            format!(
                "Your organisation restricts sign-ins to the apps of others. An administrator has \
                 to allow {platform} first."
            )
        },
        refused_account: Message {
            title: "This account cannot be used here",
            body: "Microsoft does not accept this account for the sign-in. Please use another one, \
                for example the account of the invited e-mail address.",
        },
        configuration: Message {
            title: "The sign-in does not work at the moment",
            body: "This is our fault: something is set up incorrectly on our side. Trying again \
                does not help now. It has been recorded for the people who run this service.",
        },
        works_until: |expires| format!("Your invitation works until {expires}."),
        number: "Number at Microsoft",
        what_microsoft_says: "What does Microsoft’s page say?",
        enter_number: "Does it show a number, such as AADSTS50105? Enter it here:",
        show_help: "Show what helps",
        cancelled_case: Message {
            title: "You cancelled or declined",
            body: "You can start the sign-in again at any time.",
        },
        approval_case: Message {
            title: "Approval required, or access blocked",
            body: "Your organisation has to allow the sign-in. Send the text below to your IT \
                department.",
        },
        account_case: Message {
            title: "The account does not exist or cannot be used",
            body: "Use another account, for example that of the invited e-mail address.",
        },
        for_it: "For your IT department",
        copy: "Copy this text, or send it by e-mail. It contains no link to your invitation.",
        send: "Send to the IT department",
        allowed_now: "It is allowed now: sign in",
        later: "Try again later",
    },
    pass: PassText {
        request: |platform| format!("Please allow the sign-in to {platform}"),
        situation: |platform, organization| {
            format!(
                "{organization} has invited me to {platform}. I want to sign in there with my work \
                 account, but Microsoft does not let me."
            )
        },
        app: "App",
        client_id: "Application (client) ID",
        operator: "Operated at",
        support: "Support",
        permissions: "Permissions",
        only_identity: "openid profile email (name and e-mail address, nothing else)",
        to_consent: "What has to be done: an administrator grants admin consent to this app, in \
            the Microsoft Entra admin center under Enterprise applications.",
        to_consent_at: "What has to be done: an administrator approves the app. This page shows \
            what it asks for, and leads to Microsoft:",
        to_assign: "What has to be done: in the Microsoft Entra admin center, under Enterprise \
            applications, assign me to this app, or turn off “Assignment required”.",
        to_exempt: "What has to be done: a Conditional Access policy blocks the sign-in. The \
            sign-in logs of Microsoft Entra name it; change it or add an exception for this app.",
        to_allow_tenant: "What has to be done: allow this app in the cross-tenant access settings \
            or tenant restrictions of Microsoft Entra.",
        to_find_out: "What has to be done: the sign-in logs of Microsoft Entra name the reason. \
            If the app has to be approved, this page shows what it asks for, and leads to \
            Microsoft:",
    },
    approval: ApprovalText {
        heading: |platform| format!("Approve signing in to {platform}"),
        introduction: |organization, platform| {
            format!(
                "{organization} has invited someone in your organisation to {platform}. Before \
                 they can sign in with their work account, an administrator has to approve the app."
            )
        },
        invited_by: "Invitation from",
        what_is_shared: "The app learns the name and the e-mail address of people who sign in. It \
            gets no access to mailboxes, files or other data, and can change nothing.",
        to_microsoft: "Continue to Microsoft",
        not_yet: "Microsoft asks you to sign in as an administrator and shows the same \
            permissions. Nothing is approved before that.",
        approved: Message {
            title: "Thank you for the approval",
            body: "The person who is waiting for it can sign in now. There is \
                nothing more to do here: you can close this page.",
        },
        not_approved: Message {
            title: "The app is not approved",
            body: "Microsoft reports that the approval was not given. Nothing has been changed. \
                It takes an administrator of your organisation.",
        },
        closed: Message {
            title: "There is nothing to approve any more",
            body: "The invitation behind this request was accepted or has ended. If someone still \
                cannot sign in, please ask them for a new text.",
        },
        unmatched: Message {
            title: "We cannot match this answer",
            body: "It was counted already, took more than an hour, or began in another browser. \
                What you approved at Microsoft holds: please let the person who asked you sign in \
                again.",
        },
    },
    approved_mail: ApprovedMailText {
        approved_subject: |platform| format!("You can now sign in to {platform}"),
        approved_body: |platform| {
            format!(
                "Good news: we have been informed that your organisation has approved the sign-in \
                 to {platform}. You can continue with the same link."
            )
        },
    },
};
