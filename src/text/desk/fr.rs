use super::*;

pub(super) static TEXT: DeskText = DeskText {
    frame: DeskFrameText {
        desk: "Gestion des invitations",
        invitations: "Invitations",
        new: "Nouvelle invitation",
        many: "Inviter en nombre",
        sign_out: "Se déconnecter",
        reads_only: "lecture seule",
    },
    notice: DeskNoticeText {
        sign_in: Message {
            title: "Connectez-vous pour gérer les invitations",
            body: "Cet espace est réservé au personnel qui invite les clients. Utilisez votre \
                compte professionnel.",
        },
        sign_in_button: "Se connecter avec Microsoft",
        another_account: "Utiliser un autre compte",
        signed_out: Message {
            title: "Vous êtes déconnecté",
            body: "Vous êtes peut-être encore connecté à Microsoft dans ce navigateur.",
        },
        session_over: Message {
            title: "Votre session a expiré",
            body: "Rien n’a été modifié. Cette page conserve votre saisie\u{202f}: connectez-vous, \
                revenez ici, puis envoyez-la de nouveau.",
        },
        file_lost: "Vous devrez choisir de nouveau le fichier.",
        sign_in_first: "Se connecter (nouvel onglet)",
        send_again: "Envoyer de nouveau",
        no_role: Message {
            title: "Votre compte n’a pas accès à cet espace",
            body: "Demandez à l’administration de Microsoft Entra ID de vous attribuer l’un de ces \
                rôles dans l’application d’entreprise. Reconnectez-vous ensuite.",
        },
        signed_in_as: "Connecté en tant que",
        to_manage: "pour inviter et modifier des invitations",
        to_read: "pour consulter les invitations",
        reads_only: Message {
            title: "Votre rôle ne le permet pas",
            body: "Vous pouvez consulter les invitations, mais pas les modifier. Demandez le rôle \
                Invitations.Manage à l’administration de Microsoft Entra ID.",
        },
        sign_in_failed: Message {
            title: "La connexion a échoué",
            body: "Veuillez réessayer. Si cela ne suffit pas, montrez cette page à \
                l’administration de Microsoft Entra ID.",
        },
        number: "Numéro chez Microsoft",
        not_found: Message {
            title: "Cette page n’existe pas",
            body: "Veuillez vérifier l’adresse.",
        },
        unknown_invitation: Message {
            title: "Cette invitation n’existe pas",
            body: "Les invitations sont supprimées quelque temps après leur dernière activité.",
        },
        form_refused: Message {
            title: "Ce formulaire ne peut pas être accepté",
            body: "Rien n’a été modifié. La page est peut-être ancienne ou a été ouverte avec un \
                autre compte. Veuillez l’ouvrir de nouveau.",
        },
        too_large: Message {
            title: "L’envoi est trop volumineux",
            body: "Rien n’a été modifié. Raccourcissez votre saisie ou choisissez un fichier plus \
                petit.",
        },
        try_again_later: Message {
            title: "Impossible pour le moment",
            body: "Veuillez réessayer dans une minute. Il n’est pas certain que votre dernière \
                modification ait été enregistrée\u{202f}: vérifiez avant de la répéter.",
        },
        internal_error: Message {
            title: "Une erreur s’est produite de notre côté",
            body: "L’erreur a été enregistrée. Veuillez réessayer plus tard.",
        },
        back: "Retour aux invitations",
    },
};
