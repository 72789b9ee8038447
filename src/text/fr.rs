use super::*;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

pub(super) static TEXT: Text = Text {
    tag: "fr",
    native_name: "Français",
    expiry: |at| {
        let day = if at.day() == 1 {
            "1er".to_owned()
        } else {
            at.day().to_string()
        };
        format!(
            "{day} {} {} à {:02}:{:02} (UTC)",
            month(&MONTHS, at),
            at.year(),
            at.hour(),
            at.minute()
        )
    },
    day: |at| {
        let day = if at.day() == 1 {
            "1er".to_owned()
        } else {
            at.day().to_string()
        };
        format!("{day} {} {}", month(&MONTHS, at), at.year())
    },
    form_of_address: names::full,
    frame: FrameText {
        progress: "Votre progression",
        steps: ["Invitation", "Connexion", "Société", "Bienvenue"],
        step: |step, label| format!("Étape {step} sur 4\u{202f}: {label}"),
        help: "Aide",
        language: "Langue",
    },
    invite: InviteText {
        title: |platform| format!("Votre invitation à {platform}"),
        greeting: |name| format!("Bonjour {name},"),
        lead: |inviter, organization, platform| {
            format!("{inviter}, de {organization}, vous invite à rejoindre {platform}.")
        },
        message_from: |inviter| format!("Message de {inviter}"),
        mailbox: "Invitation pour",
        company: "Société",
        expires: "Valable jusqu’au",
        next_steps: "Les prochaines étapes",
        have_account: "Vous avez déjà un compte Microsoft pour cette adresse",
        have_account_body: "Connectez-vous avec ce compte\u{202f}; vous reviendrez aussitôt ici. \
            Si votre session est déjà ouverte, cela ne prend qu’un instant.",
        no_account: "Vous n’en avez pas encore",
        no_account_body: "Vous pouvez en créer un gratuitement chez Microsoft, qui enverra un code \
            à votre adresse pour vérifier qu’elle est bien à vous, puis vous ramènera ici.",
        create_one_hint: "Sur la page de connexion de Microsoft, choisissez «\u{202f}Créez-en \
            un\u{202f}!\u{202f}».",
        afterwards: "Vous vérifiez ensuite les informations de votre société, et tout est prêt.",
        get_started: "Commencer maintenant",
        sign_up: "Je n’ai pas encore de compte Microsoft",
        password: "Vous saisissez votre mot de passe uniquement chez Microsoft. Nous ne le voyons \
            jamais.",
        unexpected: "Vous n’attendiez pas cette invitation\u{202f}? Fermez simplement cette page. \
            Rien n’a été modifié.",
        accepted_title: "Ravis de vous revoir",
        accepted_body: "Vous avez déjà accepté cette invitation. Connectez-vous avec le même \
            compte Microsoft pour reprendre là où vous en étiez.",
        accepted_button: "Se connecter et continuer",
        completed_title: "Tout est prêt",
        completed_body: |company, platform| {
            format!(
                "L’inscription de la société {company} sur {platform} est terminée. Connectez-vous \
                 avec le même compte Microsoft pour y accéder."
            )
        },
        completed_button: |platform| format!("Se connecter à {platform}"),
    },
    company: CompanyText {
        title: "Vérifiez les informations de votre société",
        lead: |organization| {
            format!(
                "Ces informations proviennent de {organization}. Veuillez les vérifier \
                 et corriger ce qui doit l’être."
            )
        },
        lead_empty: "Veuillez saisir les informations de votre société.",
        customer_number: "Numéro de client",
        company: "Société",
        address: "Adresse",
        contact: "Contact",
        company_name: "Nom de la société",
        vat_number: |country| match country {
            "US" => "Numéro fiscal (EIN)",
            _ => "Numéro de TVA",
        },
        website: "Site web",
        country: "Pays ou région",
        choose_country: "Veuillez choisir",
        street: |_| "Numéro et rue",
        postal_code: |_| "Code postal",
        city: |_| "Ville",
        region: |country| match country {
            "US" | "BR" | "MX" | "AU" => "État",
            "CA" => "Province ou territoire",
            "CH" => "Canton",
            _ => "État, province ou canton",
        },
        first_name: "Prénom",
        last_name: "Nom",
        phone: "Téléphone",
        phone_example: |example| format!("Par exemple {example}"),
        email: "E-mail",
        email_note: "L’invitation a été envoyée à cette adresse\u{202f}; elle ne peut donc pas \
            être modifiée ici.",
        optional: "(facultatif)",
        registered_by: |organization| format!("Enregistré chez {organization}"),
        missing_entries: |is_one, count, names| {
            if is_one {
                format!("Il manque une information\u{202f}: {names}")
            } else {
                format!("Il manque {count}\u{a0}informations\u{202f}: {names}")
            }
        },
        wrong_entries: |is_one, count, names| {
            if is_one {
                format!("Veuillez vérifier une information\u{202f}: {names}")
            } else {
                format!("Veuillez vérifier {count}\u{a0}informations\u{202f}: {names}")
            }
        },
        comma: ", ",
        change: "Modifier",
        create: "Créer la société",
        creating: "Création en cours…",
        not_ready: "Il reste quelque chose à compléter ou à corriger.",
        ready: "Tout est en ordre.",
    },
    problem: ProblemText {
        missing: "Veuillez remplir ce champ.",
        too_long: |max| format!("Veuillez ne pas dépasser {max} caractères."),
        invisible_characters: "Ce champ contient des caractères invisibles, peut-être issus d’un \
            copier-coller. Veuillez saisir le texte à nouveau.",
        unknown_country: "Veuillez choisir un pays dans la liste.",
        postal_code: |example, country| {
            format!("Exemple de code postal ({country})\u{202f}: {example}.")
        },
        postal_code_any: |example| {
            format!(
                "Veuillez saisir un code postal comme {example}. Si le pays n’en a pas, laissez ce champ vide."
            )
        },
        phone: |example| {
            format!(
                "Veuillez saisir un numéro comme {example}, ou avec + et l’indicatif du pays. Vous pouvez aussi laisser ce champ vide."
            )
        },
        vat_number: |example| {
            format!("Veuillez respecter le format {example}, ou laisser ce champ vide.")
        },
        website: "Veuillez saisir une adresse web telle que www.example.com, ou laisser ce champ \
            vide.",
        colon: "\u{202f}: ",
    },
    confirm: ConfirmText {
        title: "Confirmez votre adresse e-mail",
        lead: |mailbox| {
            format!(
                "Nous avons envoyé un code de vérification à 6\u{a0}chiffres à {mailbox}. Saisissez-le \
                 ici pour confirmer que cette adresse est bien à vous. Il est valable 10\u{a0}minutes."
            )
        },
        sending: |mailbox| {
            format!(
                "Nous envoyons un code de vérification à 6\u{a0}chiffres à {mailbox}. Saisissez-le ici dès que vous l’avez reçu\u{202f}; il est valable 10\u{a0}minutes."
            )
        },
        code: "Code de vérification reçu par e-mail",
        not_a_code: "Veuillez saisir les 6\u{a0}chiffres indiqués dans l’e-mail.",
        wrong_code: |tries_left| {
            format!(
                "Ce n’est pas le code que nous avons envoyé. Veuillez consulter le dernier e-mail \
                 reçu. Essais restants\u{202f}:\u{a0}{tries_left}."
            )
        },
        earlier_code: "C’est un code antérieur. Veuillez saisir celui du dernier e-mail.",
        button: "Confirmer",
        send_again: "Envoyer un nouveau code",
        sent_again: |time| {
            format!("Nous avons envoyé un nouveau code à {time}. Seul le plus récent est valable.")
        },
        nothing_arrived: "Vous n’avez rien reçu\u{202f}? Cela peut prendre une minute. Pensez \
            aussi à vérifier le dossier de courrier indésirable.",
        offer_title: "Encore une étape\u{202f}: confirmez votre adresse e-mail",
        offer: |mailbox| {
            format!(
                "Votre compte ne nous prouve pas que l’adresse {mailbox} est à vous. Nous y \
                 envoyons un code\u{202f}; saisissez-le ici et vous gardez ce compte."
            )
        },
        offer_to_another: |account, mailbox| {
            format!(
                "Vous êtes connecté avec le compte {account}. L’invitation a été envoyée à \
                 {mailbox}. Si cette adresse est aussi à vous, nous y envoyons un code et vous \
                 gardez ce compte."
            )
        },
        offer_to_guest: |account, mailbox| {
            format!(
                "Vous êtes connecté avec le compte {account}, qui est un invité dans cette \
                 organisation\u{202f}: il ne nous montre donc pas que l’adresse {mailbox} est à \
                 vous. Nous y envoyons un code\u{202f}; saisissez-le ici et vous gardez ce \
                 compte."
            )
        },
        no_offer: |account, mailbox| {
            format!(
                "Vous êtes connecté avec le compte {account}. L’invitation a été envoyée à \
                 {mailbox}. Veuillez vous connecter avec le compte de cette adresse, ou contacter \
                 la personne qui vous a invité."
            )
        },
        no_offer_unproven: |account, mailbox| {
            format!(
                "Vous êtes connecté avec le compte {account}. Cette connexion ne nous prouve pas \
                 que l’adresse {mailbox} est à vous. Veuillez contacter la personne qui vous a \
                 invité."
            )
        },
        send_to: |mailbox| format!("Envoyer un code à {mailbox}"),
        over_title: "Ce code n’est plus valable",
        over: |button| {
            format!(
                "Il date de plus de 10\u{a0}minutes ou a été saisi trop souvent de façon incorrecte. \
                 Pour en recevoir un nouveau, appuyez sur «\u{202f}{button}\u{202f}»."
            )
        },
        next_code: |time| format!("Le prochain code pourra être envoyé à partir du {time}."),
    },
    join: JoinText {
        title: |company| format!("Rejoindre {company}"),
        lead: "Vous rejoignez la société avec votre propre compte. Ses informations restent inchangées\u{202f}; veuillez vérifier les vôtres.",
        created: |who, when| format!("{who} a créé cette société le {when}."),
        created_before: |when| {
            format!("Cette société a été créée le {when} par une autre personne.")
        },
        faster: "Une autre personne vient de créer la société pendant que votre formulaire était ouvert. Ce que vous avez saisi à votre sujet est conservé.",
        person: "À votre sujet",
        change: "Modifier mes informations",
        button: "Rejoindre la société",
    },
    welcome: WelcomeText {
        title: |name| format!("Bienvenue, {name}\u{202f}!"),
        lead: |company, platform| format!("{company} est maintenant sur {platform}."),
        lead_joined: |company, platform| format!("Vous avez rejoint {company} sur {platform}."),
        start_here: "Voici par où commencer.",
        nothing_to_do: "Vous pouvez fermer cette page.",
        links: "Premiers pas",
        unsaved: |inviter| {
            format!(
                "Vous aviez déjà terminé dans un autre onglet\u{202f}: votre dernière saisie n’a donc \
                 pas été enregistrée. Pour toute modification, veuillez vous adresser à {inviter}."
            )
        },
        registered: "Informations enregistrées",
        correct: |inviter| format!("Pour faire corriger une information, contactez {inviter}."),
        open_platform: |platform| format!("Ouvrir {platform}"),
    },
    notice: NoticeText {
        malformed_link: Message {
            title: "Ce lien est incomplet",
            body: "Il semble manquer une partie de l’adresse. Veuillez cliquer à nouveau sur le \
                bouton de votre e-mail d’invitation, ou copier le lien complet dans votre \
                navigateur.",
        },
        unknown_invitation: Message {
            title: "Invitation introuvable",
            body: "Veuillez vérifier que vous avez ouvert le lien du dernier e-mail d’invitation. \
                Si cela ne fonctionne toujours pas, adressez-vous à la personne qui vous a envoyé \
                l’invitation.",
        },
        expired: Message {
            title: "Cette invitation a expiré",
            body: "Pour votre sécurité, une invitation n’est valable que pendant un temps limité. \
                La personne qui vous a invité peut vous en envoyer une nouvelle.",
        },
        revoked: Message {
            title: "Cette invitation a été annulée",
            body: "La société à l’origine de cette invitation l’a annulée. Si vous avez toujours \
                besoin d’un accès, la personne qui vous a invité peut en créer une nouvelle.",
        },
        used_by_another: Message {
            title: "Cette invitation est déjà utilisée",
            body: "Elle a été acceptée avec un autre compte Microsoft. Si ce compte est le vôtre, \
                utilisez-le pour vous connecter. Sinon, demandez une invitation personnelle à la \
                personne qui vous a envoyé celle-ci.",
        },
        consent_declined: Message {
            title: "Vous avez annulé ou refusé",
            body: "Sans votre accord, Microsoft ne nous indique pas qui vous êtes et nous ne \
                pouvons pas continuer. Rien n’a été modifié et votre invitation reste valable. \
                Vous pouvez réessayer à tout moment.",
        },
        sign_in_failed: Message {
            title: "La connexion n’a pas abouti",
            body: "Microsoft n’a pas pu vous connecter. Rien n’a été modifié et votre invitation \
                reste valable. Veuillez réessayer.",
        },
        sign_in_restart: Message {
            title: "Recommençons la connexion",
            body: "Nous avons perdu votre connexion\u{202f}: elle a peut-être pris trop de temps, \
                ou a été ouverte dans deux onglets ou dans un autre navigateur. Votre invitation \
                reste valable. Veuillez vous connecter encore une fois.",
        },
        cookies_blocked: Message {
            title: "Votre navigateur ne garde pas nos cookies",
            body: "Nous avons perdu votre connexion pour la deuxième fois. Ce navigateur bloque \
                peut-être les cookies. Veuillez les autoriser pour ce site, ou ouvrir votre \
                invitation dans un autre navigateur.",
        },
        wrong_account: Message {
            title: "Ce compte ne peut pas être utilisé ici",
            body: "Les comptes de cette organisation ne sont pas acceptés pour cette invitation. \
                Veuillez utiliser un autre compte, ou contacter la personne qui vous a invité.",
        },
        wrong_personal_account: "Les comptes Microsoft personnels ne sont pas acceptés pour cette \
            invitation. Veuillez utiliser le compte de votre organisation, ou contacter \
            la personne qui vous a invité.",
        signed_in_as: "Compte utilisé",
        invited_mailbox: "Adresse de l’invitation",
        accepted_on: "Acceptée le",
        accepted_with: "Acceptée avec",
        work_account: "un compte professionnel ou scolaire",
        personal_account: "un compte Microsoft personnel",
        too_many_codes: Message {
            title: "Plus de code pour le moment",
            body: "Pour votre sécurité, nous n’envoyons que quelques codes par jour.",
        },
        or_invited_account: "Vous pouvez aussi vous connecter avec le compte de l’adresse de l’invitation.",
        code_not_sent: Message {
            title: "Nous n’avons pas pu envoyer le code",
            body: "L’e-mail n’a pas pu être remis à l’adresse de l’invitation. Aucun essai n’a été \
                décompté. Veuillez réessayer dans un instant.",
        },
        try_again_later: Message {
            title: "Veuillez réessayer dans un instant",
            body: "L’un de nos services est momentanément inaccessible. Rien n’est perdu et votre \
                invitation reste valable.",
        },
        form_refused: Message {
            title: "Veuillez recommencer ici",
            body: "Pour votre sécurité, nous n’avons pas accepté ce formulaire, car nous n’avons \
                pas pu nous assurer qu’il provenait de notre page. Rien n’a été modifié.",
        },
        address_kept: Message {
            title: "Veuillez envoyer l’adresse depuis cette page",
            body: "Ce que vous avez saisi figure ci-dessous. Rien n’a encore été envoyé. Veuillez appuyer \
                encore une fois sur le bouton.",
        },
        session_over: Message {
            title: "Veuillez vous reconnecter",
            body: "Pour votre sécurité, votre session se ferme au bout de 30\u{a0}minutes. \
                Reconnectez-vous avec le même compte Microsoft et vous continuerez là où vous en \
                étiez.",
        },
        session_lost: Message {
            title: "Nous avons perdu votre connexion",
            body: "Ce navigateur n’a pas de connexion pour votre invitation\u{202f}: vous avez \
                peut-être utilisé un autre navigateur, ou ses cookies ont été supprimés. Votre \
                invitation reste valable.",
        },
        unknown_session: "Nous ne savons pas de quelle invitation il s’agit\u{202f}: la connexion a \
            peut-être pris trop de temps, vous avez utilisé un autre navigateur, ou les \
            cookies ont été supprimés. Veuillez ouvrir le lien de votre e-mail \
            d’invitation.",
        draft_saved: "Votre formulaire est conservé\u{202f}: vous le retrouverez tel que vous l’avez \
            laissé.",
        internal_error: Message {
            title: "Un problème est survenu de notre côté",
            body: "Veuillez nous en excuser. Vous n’y êtes pour rien et votre invitation reste \
                valable. Veuillez réessayer dans quelques minutes.",
        },
        not_found: Message {
            title: "Cette page n’existe pas",
            body: "L’adresse comporte peut-être une erreur. Veuillez cliquer à nouveau sur le \
                bouton de votre e-mail d’invitation.",
        },
        too_large: Message {
            title: "Formulaire trop volumineux",
            body: "Le formulaire envoyé dépasse la taille que nous pouvons accepter. Veuillez \
                revenir en arrière et raccourcir vos saisies.",
        },
        next_step: "Veuillez ouvrir le lien de votre e-mail d’invitation, ou vous adresser à la \
            personne qui vous a envoyé l’invitation.",
    },
    action: ActionText {
        try_again: "Réessayer",
        use_another_account: "Utiliser un autre compte",
        use_accepting_account: "Se connecter avec ce compte",
        enter_newest_code: "Saisir le dernier code",
        ask_for_new_invitation: "Demander une nouvelle invitation",
        proceed: "Continuer",
        get_help: "Obtenir de l’aide",
    },
    contact: contact::fr::TEXT,
    upload: upload::fr::TEXT,
    mail: MailText {
        subject: |organization, platform| {
            format!("{organization} vous invite à rejoindre {platform}")
        },
        greeting: |name| format!("Bonjour {name},"),
        steps: "Connectez-vous avec votre compte Microsoft (ou créez-en un en chemin), vérifiez \
            les informations de votre société, et tout est prêt. Cela ne prend que quelques \
            minutes.",
        copy_link: "Si le bouton ne fonctionne pas, copiez ce lien dans votre navigateur\u{202f}:",
        valid_until: |expires| {
            format!("Ce lien vous est personnel. Il est valable jusqu’au {expires}.")
        },
        help: "Des questions\u{202f}? Vous trouverez de l’aide ici\u{202f}:",
        docs: "Vous trouverez la documentation ici\u{202f}:",
        unexpected: "Vous n’attendiez pas cette invitation\u{202f}? Ignorez simplement cet e-mail.",
        reminder_subject: |platform| {
            format!("Rappel\u{202f}: votre invitation à rejoindre {platform}")
        },
        reminder_lead: |platform| {
            format!(
                "Votre invitation à rejoindre {platform} est toujours valable. Si vous n’avez pas encore eu le temps, vous pouvez l’accepter ici."
            )
        },
        renewal_subject: |company| format!("{company} demande une nouvelle invitation"),
        renewal_body: |who, company, platform| {
            format!(
                "{who} ({company}) a ouvert une invitation à {platform} qui n’est plus valable et \
                 vous en demande une nouvelle."
            )
        },
        renewal_instructions: "Si vous êtes d’accord, renvoyez l’invitation depuis votre système. \
            Ces informations vous permettront de la retrouver\u{202f}:",
        company_subject: |company, platform| format!("{company} est maintenant sur {platform}"),
        company_body: |who, company, platform| {
            format!(
                "{who} a accepté votre invitation, vérifié les informations de la société et créé \
                 {company} sur {platform}."
            )
        },
        joined_subject: |who, company| format!("{who} a rejoint {company}"),
        joined_body: |who, company, platform| {
            format!(
                "{who} a accepté votre invitation et rejoint {company} sur {platform}. La société y était déjà créée."
            )
        },
        invitation_id: "Référence de l’invitation",
        customer_number: "Numéro de client",
        invited_mailbox: "Adresse de l’invitation",
        code_subject: |platform| format!("Votre code de vérification pour {platform}"),
        code_lead: |platform| {
            format!(
                "Ce code de vérification permet de confirmer à {platform} que cette adresse e-mail \
                 est bien à vous\u{202f}:"
            )
        },
        code_validity: |minutes| {
            format!(
                "Il est valable {minutes} {}. Veuillez ne le communiquer à personne.",
                plural(minutes, "minute", "minutes")
            )
        },
        code_unexpected: "Vous n’avez pas demandé de code\u{202f}? Ignorez simplement cet e-mail.",
    },
};
