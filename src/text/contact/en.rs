use super::{ContactText, ContactedText, SituationText};
use crate::text::Message;

pub(in crate::text) const TEXT: ContactText = ContactText {
    heading: "Your contact",
    help: |name| format!("Contact {name}"),
    not_me: "I am not the right person",
    not_me_body: |name| {
        format!(
            "If a colleague should do this, you can give their e-mail address. {name} decides \
             whom to invite. The link goes on working."
        )
    },
    colleague: "Your colleague’s e-mail address",
    colleague_error: "Please enter an e-mail address like name@example.com, or leave this empty.",
    not_me_button: |name| format!("Send this to {name}"),
    help_asked: |name, at| format!("You asked {name} for help on {at}."),
    not_me_said: |at| format!("On {at}, you said that you are not the right person."),
    new_invitation_asked: |name, at| format!("You asked {name} for a new invitation on {at}."),
    help_requested: ContactedText {
        title: "You have asked for help",
        body: |name| {
            format!(
                "We are sending {name} an e-mail that says where you are stuck. Your invitation \
                 is still valid, so you can try again at any time."
            )
        },
    },
    declined: ContactedText {
        title: "Thank you for letting us know",
        body: |name| {
            format!(
                "We are sending {name} an e-mail about it. There is nothing else you need to do. \
                 The link goes on working."
            )
        },
    },
    declined_again: |name, at| {
        format!(
            "You already told us this on {at}, and we can pass it on only once in 24\u{a0}hours. If the \
             address that you have just entered is a new one, {name} has not received it: please give \
             it to {name} yourself."
        )
    },
    renewal_requested: ContactedText {
        title: "You have asked for a new invitation",
        body: |name| {
            format!(
                "We are sending {name} an e-mail about it. If they agree, a new invitation comes \
                 by e-mail. You can close this page."
            )
        },
    },
    only_recorded: |name| {
        format!(
            "We have recorded this, but cannot send {name} an e-mail from here. Please contact \
             them directly."
        )
    },
    page_outdated: Message {
        title: "This page was open for too long",
        body: "Its buttons work for one day only. Nothing has been sent yet. Please press once more.",
    },
    no_address: Message {
        title: "Please check the address",
        body: "What you entered below is not an e-mail address. You can also leave it empty. \
            Nothing has been sent.",
    },
    help_subject: |company| format!("{company} needs your help"),
    help_body: |who, company, platform| {
        format!("{who} ({company}) has an invitation to {platform} and asks you to get in touch.")
    },
    situation: SituationText {
        invitation: "They are on the page of the invitation.",
        sign_in: "They could not sign in with Microsoft.",
        account: "The account they signed in with cannot be used.",
        organization: "Their organisation has to allow the sign-in first.",
        mailbox: "They could not confirm the invited e-mail address.",
        company: "They have not finished entering the company data.",
        service: "Our service did not work for them.",
    },
    help_instructions: "These details help you find the invitation:",
    declined_subject: |company| format!("{company}: not the right person"),
    declined_body: |who, company, platform| {
        format!(
            "The invitation to {platform} for {who} ({company}) was opened by someone who says \
             that they are not the right person."
        )
    },
    declined_colleague: "Somebody who opened the link, and has not shown that the mailbox is \
        theirs, names this address. Check before you invite it:",
    renewal_after_revocation: "If you agree, create a new invitation in your system: this one was \
        withdrawn and cannot be sent again. These details help you find it:",
};
