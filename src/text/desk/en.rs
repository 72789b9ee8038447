use super::*;

pub(super) static TEXT: DeskText = DeskText {
    frame: DeskFrameText {
        desk: "Invitation desk",
        invitations: "Invitations",
        new: "New invitation",
        many: "Invite many",
        sign_out: "Sign out",
        reads_only: "read only",
    },
    notice: DeskNoticeText {
        sign_in: Message {
            title: "Sign in to the invitation desk",
            body: "The desk is for employees who invite customers. Use your work account.",
        },
        sign_in_button: "Sign in with Microsoft",
        another_account: "Use another account",
        signed_out: Message {
            title: "You are signed out",
            body: "You may still be signed in to Microsoft in this browser.",
        },
        session_over: Message {
            title: "Your session has ended",
            body: "Nothing was changed. This page keeps what you entered: sign in, then come back \
                to this page and send it again.",
        },
        file_lost: "You have to choose the file again.",
        sign_in_first: "Sign in (in a new tab)",
        send_again: "Send again",
        no_role: Message {
            title: "Your account has no access to the desk",
            body: "Ask your administrator of Microsoft Entra ID to assign one of these roles to \
                you in the enterprise application. Then sign in again.",
        },
        signed_in_as: "Signed in as",
        to_manage: "to invite and to change invitations",
        to_read: "to see invitations",
        reads_only: Message {
            title: "Your role does not allow this",
            body: "You can see invitations, but not change them. Ask your administrator of \
                Microsoft Entra ID for the role Invitations.Manage.",
        },
        sign_in_failed: Message {
            title: "The sign-in did not succeed",
            body: "Please try again. If that does not help, show this page to your administrator \
                of Microsoft Entra ID.",
        },
        number: "Microsoft’s number",
        not_found: Message {
            title: "There is no such page",
            body: "Please check the address.",
        },
        unknown_invitation: Message {
            title: "There is no such invitation",
            body: "Invitations are deleted some time after their last activity.",
        },
        form_refused: Message {
            title: "This form cannot be accepted",
            body: "Nothing was changed. The page may be old, or was opened with another account. \
                Please open it again.",
        },
        too_large: Message {
            title: "That is too much at once",
            body: "Nothing was changed. Please shorten what you entered, or choose a smaller file.",
        },
        try_again_later: Message {
            title: "This does not work at the moment",
            body: "Please try again in a minute. It is not certain whether your last change was \
                saved: check before you repeat it.",
        },
        internal_error: Message {
            title: "Something went wrong on our side",
            body: "The error was recorded. Please try again later.",
        },
        back: "Back to the invitations",
    },
    list: DeskListText {
        title: "Invitations",
        whose: "Created by",
        mine: "Me",
        everyones: "Anyone",
        status: "Status",
        any: "Any",
        pending: "Pending",
        expired: "Expired",
        accepted: "Accepted",
        completed: "Completed",
        revoked: "Revoked",
        erased: "Erased",
        delivery_failed: "Delivery failed",
        search: "E-mail address, customer number or company",
        search_hint: "In full, as it is in the invitation",
        show: "Show",
        reset: "Reset",
        recipient: "Recipient",
        company: "Company",
        created: "Created",
        valid_until: "Valid until",
        empty: Message {
            title: "No invitations yet",
            body: "Invitations appear here as soon as one has been created.",
        },
        nothing_found: Message {
            title: "Nothing found",
            body: "No invitation matches. A search finds an e-mail address, a customer number or a \
                company name only in full.",
        },
        searched_on: Message {
            title: "Nothing found so far",
            body: "There are older invitations that were not searched yet.",
        },
        older: "Older",
        newest: "Back to the newest",
    },
    one: DeskOneText {
        pending: |until| format!("Can be accepted until {until}."),
        expired: |at| format!("Expired on {at}. Send it again to extend it."),
        accepted: |at| {
            format!(
                "Accepted on {at}. The last step is still to come: creating or joining the company."
            )
        },
        completed: |at| format!("Completed on {at}: the company was created."),
        joined: |at| format!("Completed on {at}: the recipient joined the company of a colleague."),
        revoked: |at| format!("Revoked on {at}."),
        erased: |at| format!("The personal data was erased on {at}."),
        reason: "Reason",
        invitation: "Invitation",
        language: "Language",
        inviter: "Inviter",
        message: "Message",
        registered: "Company, as registered",
        confirmed: "Company, as the customer confirmed it",
        delivery: "Delivery",
        timeline: "Timeline",
        by: |who| format!("by {who}"),
        by_staff: "by an employee",
        by_integrator: "by a connected system",
        actions: "Actions",
        resend: "Send again",
        resend_hint: |until| {
            format!("Sends the same link again and extends the invitation until {until}.")
        },
        correct: "Correct",
        link: "Show the link",
        link_body: "Treat it like a password, and give it to the recipient only. The timeline \
            records that you have seen it.",
        link_unreadable: "The link can no longer be read, because its key was retired. Create a \
            new invitation.",
        revoke: "Revoke",
        revoke_question: "Revoke this invitation?",
        revoke_body: "The link stops working at once. This cannot be undone.",
        revoke_reason: "Reason (not shown to the recipient)",
        erase: "Erase personal data",
        erase_question: "Erase the personal data of this invitation?",
        erase_body: "Names, addresses and company data are deleted for good, and an open \
            invitation is revoked. This cannot be undone.",
        cancel: "Cancel",
        resent: "The invitation is being sent again.",
        renewed: "The invitation was extended. No e-mail is sent.",
        corrected: "The changes were saved. To mail the invitation again, press “Send again”.",
        revoked_now: "The invitation was revoked.",
        erased_now: "The personal data was erased.",
        too_many_emails: |next| {
            format!("Five e-mails were sent within a day. The next can be sent on {next}.")
        },
        state_forbids: "Nothing was changed: the state of the invitation does not allow this.",
        conflict: "Nothing was changed: the invitation has changed since you opened it. This is \
            how it is now.",
    },
    correct: DeskCorrectText {
        correct_title: "Correct the invitation",
        save: "Save",
        not_mailed: "The link stays the same. Saving sends no e-mail.",
        overtaken: "The invitation has changed since you opened this page. Below is what you \
            entered; saving replaces the changes of the others.",
    },
    delivery: DeskDeliveryText {
        email: "E-mail",
        webhook: "Connected systems",
        none: "Nothing to deliver.",
        queued: "Is being delivered.",
        retrying: |next| format!("Could not be delivered yet; next attempt on {next}."),
        delivered: |at| format!("Delivered, last on {at}."),
        failed: "Could not be delivered:",
        no_mail_server: "This service sends no e-mails.",
    },
    event: DeskEventText {
        created: "Invitation created",
        sent: "E-mail sent",
        delivery_failed: "E-mail could not be sent",
        resent: "Sent again or extended",
        updated: "Corrected",
        link_revealed: "Link shown",
        reminded: "Reminder sent",
        expired: "Expired",
        renewal_requested: "Recipient asked for a new invitation",
        approved: "Administrator reported that the app is approved",
        help_requested: "Recipient asked for help",
        declined: "Recipient says not to be the right person",
        accepted: "Accepted",
        revoked: "Revoked",
        erased: "Personal data erased",
        company_created: "Company created",
        company_joined: "Joined the company of a colleague",
    },
};
