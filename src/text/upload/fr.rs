use super::{
    DraftFormText, FileText, ManyText, ProgressText, ResultsText, ReviewText, RowsText, UploadText,
    WrongText,
};
use crate::text::plural;

pub(in crate::text) const TEXT: UploadText = UploadText {
    form: DraftFormText {
        new_title: "Nouvelle invitation",
        new_lead: "À l’étape suivante, vous verrez l’e-mail. Rien n’est envoyé avant.",
        recipient: "Destinataire",
        mailbox: "Adresse e-mail",
        language: "Langue de l’e-mail",
        any_language: "Inconnue (anglais)",
        message: "Message personnel",
        message_hint: "Il figure dans l’e-mail et sur la page de l’invitation.",
        last_day: "Valable jusqu’au",
        last_day_hint: |days| {
            format!("Si vous n’indiquez rien\u{202f}: {days} jours à partir d’aujourd’hui.")
        },
        inviter: "Qui invite",
        inviter_name: "Nom",
        organization: "Organisation",
        inviter_mailbox: "Adresse e-mail pour les réponses",
        inviter_phone: "Téléphone avec indicatif du pays",
        preview: "Voir l’e-mail",
    },
    review: ReviewText {
        review_title: "Vérifiez l’invitation",
        review_lead: "Voici l’e-mail que recevra le destinataire.",
        no_mail_lead: "Ce service n’envoie pas d’e-mails. Créez l’invitation, puis copiez son lien \
            et transmettez-le vous-même. Voici ce que dirait l’e-mail.",
        is_pending: |email, until| {
            format!("{email} a déjà une invitation, valable jusqu’au {until}.")
        },
        show_pending: "Voir cette invitation",
        will_join: |company| {
            format!(
                "Le numéro de client est celui de {company}. Le destinataire rejoindra cette \
                 entreprise."
            )
        },
        subject: "Objet",
        sender: "De",
        email_title: "E-mail au destinataire",
        link_comes_later: "Le bouton et le lien ne fonctionnent que dans l’e-mail lui-même.",
        send: "Envoyer l’invitation",
        create_only: "Créer l’invitation",
        edit: "Modifier",
        gone_title: "Ce brouillon n’existe plus",
        gone_body: "Les brouillons sont supprimés au bout d’un jour, les fichiers au bout d’une \
            semaine. Veuillez recommencer.",
    },
    many: ManyText {
        many_title: "Inviter plusieurs personnes",
        many_lead: "Chargez un fichier CSV avec une ligne par personne\u{202f}: 1000 lignes et \
            1 Mio au plus.",
        template: "Télécharger le modèle",
        required_columns: |columns| {
            format!(
                "Chaque ligne doit contenir {columns}, un prénom ou un nom, et postalCode si le pays a \
                 des codes postaux. Les autres colonnes peuvent être vides ou absentes."
            )
        },
        save_as: "Dans Excel, enregistrez le fichier au format «\u{202f}CSV UTF-8\u{202f}». \
            Mettez les codes postaux et les numéros au format texte, afin de conserver les zéros \
            initiaux.",
        csv_file: "Fichier CSV",
        check_file: "Vérifier le fichier",
        nothing_sent: "À l’étape suivante, vous verrez le contenu du fichier. Rien n’est envoyé \
            avant.",
        earlier: "Vos fichiers",
        earlier_draft: |rows| format!("{rows} lignes, pas encore envoyées"),
        earlier_done: |done, rows| format!("{done} lignes traitées sur {rows}"),
        choose_again: "Choisissez de nouveau le fichier\u{202f}: par sécurité, le navigateur \
            l’oublie.",
    },
    file: FileText {
        refused_title: "Ce fichier ne peut pas être utilisé",
        no_file: "Veuillez choisir un fichier.",
        is_empty: "Le fichier est vide.",
        too_large: "Le fichier dépasse 1 Mio. Veuillez le diviser.",
        workbook: "C’est un classeur. Enregistrez-le au format «\u{202f}CSV UTF-8\u{202f}» dans \
            Excel ou «\u{202f}Texte CSV\u{202f}» dans LibreOffice, puis chargez ce fichier.",
        not_utf8: "Le fichier est en UTF-16 («\u{202f}texte Unicode\u{202f}»). Veuillez \
            l’enregistrer au format «\u{202f}CSV UTF-8\u{202f}».",
        not_utf8_in: |line| {
            format!(
                "La ligne {line} n’est pas en UTF-8. Veuillez enregistrer le fichier au format \
                 «\u{202f}CSV UTF-8\u{202f}»."
            )
        },
        nul: |line| {
            format!(
                "La ligne {line} contient un caractère qui n’a sa place dans aucun texte. Veuillez \
                 enregistrer le fichier de nouveau."
            )
        },
        open_quote: "Un guillemet n’est jamais fermé. Veuillez enregistrer de nouveau le fichier \
            depuis votre tableur.",
        no_header: "La première ligne ne contient aucun des noms de colonnes connus. Veuillez \
            partir du modèle.",
        unknown_columns: |columns| {
            format!(
                "Ces colonnes sont inconnues\u{202f}: {columns}. Veuillez les renommer comme dans \
                 le modèle ou les supprimer."
            )
        },
        duplicate_column: |column| {
            format!("La colonne {column} apparaît plusieurs fois. Veuillez en supprimer une.")
        },
        missing_columns: |columns| {
            format!(
                "Ces colonnes manquent\u{202f}: {columns}. Veuillez les ajouter comme dans le \
                 modèle."
            )
        },
        no_rows: "Il n’y a aucune ligne sous les noms de colonnes.",
        too_many_rows: |rows| {
            format!(
                "Le fichier contient {rows} lignes. Veuillez le diviser en fichiers de 1000 lignes \
                 au plus."
            )
        },
        too_many_cells: |row| {
            format!(
                "La ligne {row} a plus de cellules qu’il n’y a de colonnes. Veuillez mettre entre \
                 guillemets tout texte qui contient le séparateur."
            )
        },
        row_too_long: |row| format!("La ligne {row} dépasse 16 Kio. Veuillez la raccourcir."),
    },
    wrong: WrongText {
        email: "Veuillez saisir une adresse e-mail comme nom@example.com.",
        name: "Veuillez saisir un prénom ou un nom.",
        locale: "Veuillez saisir un code de langue comme en, de ou zh-Hant, ou laisser ce champ \
            vide.",
        international_phone: "Veuillez saisir un numéro avec + et l’indicatif du pays, ou laisser \
            ce champ vide.",
        date: "Veuillez saisir un jour comme 2030-01-31, ou laisser ce champ vide.",
        not_in_time: "Veuillez choisir un jour à venir, dans les dix ans.",
        duplicate: |row| {
            format!("La ligne {row} a la même adresse e-mail. Supprimez l’une des deux.")
        },
        country: "Veuillez saisir un code pays, par exemple FR ou CH.",
        unreadable: "Cette ligne n’est plus lisible. Veuillez la charger de nouveau.",
        not_created: "Cette invitation n’a pas pu être créée. Veuillez l’essayer séparément.",
    },
    rows: RowsText {
        rows_title: "Vérifiez le fichier",
        all_valid: |count| {
            format!(
                "{count} {}.",
                plural(count, "ligne est valable", "lignes sont valables")
            )
        },
        some_valid: |valid, all| format!("{valid} lignes sur {all} sont valables."),
        none_valid: "Aucune ligne n’est valable. Veuillez corriger le fichier et le charger de \
            nouveau.",
        to_correct: "À corriger",
        wrong_stay: "Ces lignes sont laissées de côté. Téléchargez-les, corrigez-les et chargez ce \
            fichier plus tard.",
        download_wrong: "Télécharger les lignes à corriger",
        to_invite: "À inviter",
        row: "Ligne",
        column: "Colonne",
        cell: "Dans le fichier",
        reason: "Que faire",
        invite: |count| format!("Inviter {count} {}", plural(count, "client", "clients")),
        next_rows: "Lignes suivantes",
        first_rows: "Premières lignes",
    },
    progress: ProgressText {
        progress_title: "Invitations en cours",
        rows_done: |done, rows| format!("{done} lignes sur {rows} sont traitées."),
        goes_on: "Cette page continue d’elle-même. Vous pouvez la fermer\u{202f}: le reste se fait \
            sans elle.",
        update: "Continuer maintenant",
    },
    results: ResultsText {
        results_title: "Le fichier est traité",
        were_invited: |count| {
            format!(
                "{count} {}.",
                plural(count, "client a été invité", "clients ont été invités")
            )
        },
        were_not: |count| {
            format!(
                "{count} {}.",
                plural(
                    count,
                    "ligne n’a pas été utilisée",
                    "lignes n’ont pas été utilisées"
                )
            )
        },
        download_results: "Télécharger les résultats",
        kept_until: |day| {
            format!(
                "Cette page est conservée jusqu’au {day}. «\u{202f}Inviter plusieurs personnes\u{202f}» affiche vos dix derniers fichiers."
            )
        },
        outcome: "Résultat",
        invited: "invité",
        not_invited: "non invité",
        erased: "effacé",
    },
};
