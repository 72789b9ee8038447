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
};
