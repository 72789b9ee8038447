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
    list: DeskListText {
        title: "Invitations",
        whose: "Créées par",
        mine: "moi",
        everyones: "tout le monde",
        status: "État",
        any: "Tous",
        pending: "En attente",
        expired: "Expirée",
        accepted: "Acceptée",
        completed: "Terminée",
        revoked: "Révoquée",
        erased: "Effacée",
        delivery_failed: "Échec de remise",
        search: "Adresse e-mail, numéro de client ou entreprise",
        search_hint: "En entier, comme dans l’invitation",
        show: "Afficher",
        reset: "Réinitialiser",
        recipient: "Destinataire",
        company: "Entreprise",
        created: "Créée le",
        valid_until: "Valable jusqu’au",
        empty: Message {
            title: "Pas encore d’invitations",
            body: "Les invitations apparaissent ici dès qu’il y en a une.",
        },
        nothing_found: Message {
            title: "Aucun résultat",
            body: "Aucune invitation ne correspond. La recherche ne trouve une adresse e-mail, un \
                numéro de client ou un nom d’entreprise que s’ils sont saisis en entier.",
        },
        searched_on: Message {
            title: "Aucun résultat pour l’instant",
            body: "Des invitations plus anciennes n’ont pas encore été parcourues.",
        },
        older: "Plus anciennes",
        newest: "Retour aux plus récentes",
    },
    one: DeskOneText {
        pending: |until| format!("Peut être acceptée jusqu’au {until}."),
        expired: |at| format!("Expirée le {at}. Renvoyez-la pour la prolonger."),
        accepted: |at| {
            format!(
                "Acceptée le {at}. Il reste la dernière étape\u{202f}: créer l’entreprise ou la rejoindre."
            )
        },
        completed: |at| format!("Terminée le {at}\u{202f}: l’entreprise a été créée."),
        joined: |at| {
            format!(
                "Terminée le {at}\u{202f}: le destinataire a rejoint l’entreprise d’un collègue."
            )
        },
        revoked: |at| format!("Révoquée le {at}."),
        erased: |at| format!("Les données personnelles ont été effacées le {at}."),
        reason: "Motif",
        invitation: "Invitation",
        language: "Langue",
        inviter: "Invité par",
        message: "Message",
        registered: "Entreprise, telle qu’enregistrée",
        confirmed: "Entreprise, telle que confirmée par le client",
        delivery: "Remise",
        timeline: "Historique",
        by: |who| format!("par {who}"),
        by_staff: "par un membre du personnel",
        by_integrator: "par un système connecté",
        actions: "Actions",
        resend: "Renvoyer",
        resend_hint: |until| {
            format!("Envoie de nouveau le même lien et prolonge l’invitation jusqu’au {until}.")
        },
        correct: "Corriger",
        link: "Afficher le lien",
        link_body: "Traitez-le comme un mot de passe et ne le donnez qu’au destinataire. \
            L’historique indique que vous l’avez consulté.",
        link_unreadable: "Le lien ne peut plus être lu, car sa clé a été retirée. Créez une \
            nouvelle invitation.",
        revoke: "Révoquer",
        revoke_question: "Révoquer cette invitation\u{202f}?",
        revoke_body: "Le lien cesse aussitôt de fonctionner. Cette action est définitive.",
        revoke_reason: "Motif (le destinataire ne le voit pas)",
        erase: "Effacer les données personnelles",
        erase_question: "Effacer les données personnelles de cette invitation\u{202f}?",
        erase_body: "Les noms, les adresses et les données de l’entreprise sont supprimés pour de \
            bon, et une invitation ouverte est révoquée. Cette action est définitive.",
        cancel: "Annuler",
        resent: "L’invitation est en cours de renvoi.",
        renewed: "L’invitation a été prolongée. Aucun e-mail n’est envoyé.",
        corrected: "Les modifications sont enregistrées. Pour envoyer de nouveau l’invitation, \
            cliquez sur «\u{202f}Renvoyer\u{202f}».",
        revoked_now: "L’invitation a été révoquée.",
        erased_now: "Les données personnelles ont été effacées.",
        too_many_emails: |next| {
            format!("Cinq e-mails ont été envoyés en un jour. Le prochain pourra partir le {next}.")
        },
        state_forbids: "Rien n’a été modifié\u{202f}: l’état de l’invitation ne le permet pas.",
        conflict: "Rien n’a été modifié\u{202f}: l’invitation a changé depuis que vous l’avez \
            ouverte. Voici son état actuel.",
    },
    correct: DeskCorrectText {
        correct_title: "Corriger l’invitation",
        save: "Enregistrer",
        not_mailed: "Le lien reste le même. Aucun e-mail n’est envoyé.",
        overtaken: "L’invitation a changé depuis que vous avez ouvert cette page. Votre saisie \
            figure ci-dessous\u{202f}; l’enregistrer remplace les modifications des autres.",
    },
    delivery: DeskDeliveryText {
        email: "E-mail",
        webhook: "Systèmes connectés",
        none: "Rien à remettre.",
        queued: "Remise en cours.",
        retrying: |next| format!("Pas encore remis\u{202f}; prochaine tentative le {next}."),
        delivered: |at| format!("Remis, en dernier le {at}."),
        failed: "N’a pas pu être remis\u{202f}:",
        no_mail_server: "Ce service n’envoie pas d’e-mails.",
    },
    event: DeskEventText {
        created: "Invitation créée",
        sent: "E-mail envoyé",
        delivery_failed: "L’e-mail n’a pas pu être envoyé",
        resent: "Renvoyée ou prolongée",
        updated: "Corrigée",
        link_revealed: "Lien affiché",
        reminded: "Rappel envoyé",
        expired: "Expirée",
        renewal_requested: "Le destinataire demande une nouvelle invitation",
        approved: "L’administration signale que l’application est approuvée",
        help_requested: "Le destinataire demande de l’aide",
        declined: "Le destinataire dit ne pas être la bonne personne",
        accepted: "Acceptée",
        revoked: "Révoquée",
        erased: "Données personnelles effacées",
        company_created: "Entreprise créée",
        company_joined: "A rejoint l’entreprise d’un collègue",
    },
};
