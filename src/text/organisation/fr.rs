use super::*;

pub(super) static TEXT: OrganisationText = OrganisationText {
    stopped: StoppedText {
        question: "Microsoft vous bloque\u{202f}?",
        unknown: Message {
            title: "Vous n’êtes pas encore connecté",
            body: "Microsoft n’a pas terminé la connexion. Rien n’a été modifié et votre \
                invitation reste valable.",
        },
        approval_title: "Votre organisation doit d’abord l’autoriser",
        blameless: "Vous n’avez rien fait de mal.",
        consent: |platform| {
            format!(
                "Votre organisation décide pour quelles applications ses comptes peuvent être \
                 utilisés. Un administrateur doit d’abord approuver {platform}."
            )
        },
        assignment: |platform| {
            format!(
                "Votre organisation n’ouvre {platform} qu’à certaines personnes. Un administrateur \
                 doit vous y ajouter."
            )
        },
        conditional_access: "Cette connexion ne respecte pas les règles de sécurité de votre organisation. \
                 Essayez sur un appareil ou un réseau de votre organisation.",
        cross_tenant: |platform| {
            format!(
                "Votre organisation limite la connexion aux applications d’autres organisations. \
                 Un administrateur doit d’abord autoriser {platform}."
            )
        },
        refused_account: Message {
            title: "Ce compte ne peut pas être utilisé ici",
            body: "Microsoft n’accepte pas ce compte pour la connexion. Veuillez en utiliser un \
                autre, par exemple celui de la boîte aux lettres invitée.",
        },
        configuration: Message {
            title: "La connexion ne fonctionne pas pour le moment",
            body: "C’est notre faute\u{202f}: quelque chose est mal configuré de notre côté. \
                Réessayer maintenant ne sert à rien. L’erreur a été enregistrée pour les \
                responsables de ce service.",
        },
        works_until: |expires| format!("Votre invitation est valable jusqu’au {expires}."),
        number: "Numéro chez Microsoft",
        what_microsoft_says: "Que dit la page de Microsoft\u{202f}?",
        enter_number: "Affiche-t-elle un numéro comme AADSTS50105\u{202f}? Saisissez-le \
            ici\u{202f}:",
        show_help: "Voir la solution",
        cancelled_case: Message {
            title: "Vous avez annulé ou refusé",
            body: "Vous pouvez recommencer la connexion à tout moment.",
        },
        approval_case: Message {
            title: "Approbation requise ou accès bloqué",
            body: "Votre organisation doit autoriser la connexion. Envoyez le texte ci-dessous à \
                votre service informatique.",
        },
        account_case: Message {
            title: "Le compte n’existe pas ou ne peut pas être utilisé",
            body: "Utilisez un autre compte, par exemple celui de la boîte aux lettres invitée.",
        },
        for_it: "Pour votre service informatique",
        copy: "Copiez ce texte ou envoyez-le par e-mail. Il ne contient aucun lien vers votre \
            invitation.",
        send: "Envoyer au service informatique",
        allowed_now: "C’est autorisé\u{202f}: se connecter",
        later: "Réessayer plus tard",
    },
    pass: PassText {
        request: |platform| format!("Merci d’autoriser la connexion à {platform}"),
        situation: |platform, organization| {
            format!(
                "{organization} m’a invité à rejoindre {platform}. Je souhaite m’y connecter avec \
                 mon compte professionnel, mais Microsoft ne le permet pas."
            )
        },
        app: "Application",
        client_id: "ID d’application (client)",
        operator: "Adresse du service",
        support: "Assistance",
        permissions: "Autorisations",
        only_identity: "openid profile email (nom et adresse e-mail, rien d’autre)",
        to_consent: "À faire\u{202f}: accorder le consentement administrateur à cette application \
            dans le centre d’administration Microsoft Entra, sous Applications d’entreprise.",
        to_consent_at: "À faire\u{202f}: un administrateur approuve l’application. Cette page \
            montre ce qu’elle demande et mène à Microsoft\u{202f}:",
        to_assign: "À faire\u{202f}: dans le centre d’administration Microsoft Entra, sous \
            Applications d’entreprise, m’affecter à cette application ou désactiver \
            «\u{202f}Affectation requise\u{202f}».",
        to_exempt: "À faire\u{202f}: une stratégie d’accès conditionnel bloque la connexion. Les \
            journaux de connexion de Microsoft Entra indiquent laquelle\u{202f}; la modifier ou \
            prévoir une exception pour cette application.",
        to_allow_tenant: "À faire\u{202f}: autoriser cette application dans les paramètres d’accès \
            entre locataires ou les restrictions de locataire de Microsoft Entra.",
        to_find_out: "À faire\u{202f}: les journaux de connexion de Microsoft Entra indiquent la \
            raison. Si l’application doit être approuvée, cette page montre ce qu’elle demande et \
            mène à Microsoft\u{202f}:",
    },
    approval: ApprovalText {
        heading: |platform| format!("Approuver la connexion à {platform}"),
        introduction: |organization, platform| {
            format!(
                "{organization} a invité une personne de votre organisation à rejoindre \
                 {platform}. Pour qu’elle puisse se connecter avec son compte professionnel, un \
                 administrateur doit d’abord approuver l’application."
            )
        },
        invited_by: "Invitation de",
        what_is_shared: "L’application reçoit le nom et l’adresse e-mail des personnes qui se \
            connectent. Elle n’a accès ni aux boîtes aux lettres, ni aux fichiers, ni à d’autres \
            données, et ne peut rien modifier.",
        to_microsoft: "Continuer vers Microsoft",
        not_yet: "Microsoft vous demande de vous connecter en tant qu’administrateur et affiche \
            les mêmes autorisations. Rien n’est approuvé avant.",
        approved: Message {
            title: "Merci pour votre approbation",
            body: "La personne qui l’attend peut maintenant se connecter. Il \
                n’y a plus rien à faire ici\u{202f}: vous pouvez fermer cette page.",
        },
        not_approved: Message {
            title: "L’application n’est pas approuvée",
            body: "Microsoft signale que l’approbation n’a pas été donnée. Rien n’a été modifié. \
                Il faut un administrateur de votre organisation.",
        },
        closed: Message {
            title: "Il n’y a plus rien à approuver",
            body: "L’invitation liée à cette demande a été acceptée ou a pris fin. Si quelqu’un ne \
                peut toujours pas se connecter, demandez-lui un nouveau texte.",
        },
        unmatched: Message {
            title: "Nous ne pouvons pas rattacher cette réponse",
            body: "Elle a déjà été prise en compte, a pris plus d’une heure ou a commencé dans un \
                autre navigateur. Ce que vous avez approuvé chez Microsoft est valable\u{202f}: \
                demandez à la personne concernée de se connecter à nouveau.",
        },
    },
    approved_mail: ApprovedMailText {
        approved_subject: |platform| format!("Vous pouvez maintenant vous connecter à {platform}"),
        approved_body: |platform| {
            format!(
                "Bonne nouvelle\u{202f}: on nous a signalé que votre organisation a approuvé la \
                 connexion à {platform}. Vous pouvez continuer avec le même lien."
            )
        },
    },
};
