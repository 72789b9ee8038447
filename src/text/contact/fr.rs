use super::{ContactText, ContactedText, SituationText};
use crate::text::Message;

pub(in crate::text) const TEXT: ContactText = ContactText {
    heading: "Votre contact",
    help: |name| format!("Contacter {name}"),
    not_me: "Je ne suis pas la bonne personne",
    not_me_body: |name| {
        format!(
            "Si c’est à un ou une collègue de s’en occuper, vous pouvez indiquer son adresse \
             e-mail. {name} décide qui inviter. Le lien continue de fonctionner."
        )
    },
    colleague: "Adresse e-mail de votre collègue",
    colleague_error: "Veuillez saisir une adresse e-mail comme nom@example.com, ou laisser ce champ vide.",
    not_me_button: |name| format!("Envoyer à {name}"),
    help_asked: |name, at| format!("Vous avez demandé de l’aide à {name} le {at}."),
    not_me_said: |at| format!("Le {at}, vous avez indiqué ne pas être la bonne personne."),
    new_invitation_asked: |name, at| {
        format!("Vous avez demandé une nouvelle invitation à {name} le {at}.")
    },
    help_requested: ContactedText {
        title: "Vous avez demandé de l’aide",
        body: |name| {
            format!(
                "Nous envoyons à {name} un e-mail qui indique où vous êtes bloqué. Votre \
                 invitation reste valable\u{202f}: vous pouvez réessayer à tout moment."
            )
        },
    },
    declined: ContactedText {
        title: "Merci de nous l’avoir signalé",
        body: |name| {
            format!(
                "Nous envoyons un e-mail à {name} à ce sujet. Vous n’avez rien d’autre à faire. \
                 Le lien continue de fonctionner."
            )
        },
    },
    declined_again: |name, at| {
        format!(
            "Vous nous l’avez déjà indiqué le {at}, et nous ne pouvons le transmettre qu’une fois par \
             24\u{a0}heures. Si l’adresse que vous venez de saisir est nouvelle, {name} ne l’a pas \
             reçue\u{202f}: veuillez la lui communiquer vous-même."
        )
    },
    renewal_requested: ContactedText {
        title: "Vous avez demandé une nouvelle invitation",
        body: |name| {
            format!(
                "Nous envoyons un e-mail à {name} à ce sujet. En cas d’accord, vous recevrez une \
                 nouvelle invitation par e-mail. Vous pouvez fermer cette page."
            )
        },
    },
    only_recorded: |name| {
        format!(
            "Nous l’avons noté, mais nous ne pouvons pas envoyer d’e-mail à {name} d’ici. \
             Veuillez prendre contact directement."
        )
    },
    page_outdated: Message {
        title: "Cette page est restée ouverte trop longtemps",
        body: "Ses boutons ne fonctionnent qu’un seul jour. Rien n’a encore été envoyé. Veuillez appuyer encore une fois.",
    },
    no_address: Message {
        title: "Veuillez vérifier l’adresse",
        body: "Ce que vous avez saisi ci-dessous n’est pas une adresse e-mail. Vous pouvez aussi \
            laisser le champ vide. Rien n’a été envoyé.",
    },
    help_subject: |company| format!("{company} a besoin de votre aide"),
    help_body: |who, company, platform| {
        format!(
            "{who} ({company}) a reçu une invitation à {platform} et vous demande de prendre \
             contact."
        )
    },
    situation: SituationText {
        invitation: "La page de l’invitation était ouverte.",
        sign_in: "La connexion avec Microsoft n’a pas abouti.",
        account: "Le compte utilisé n’est pas accepté.",
        organization: "L’organisation doit d’abord autoriser la connexion.",
        mailbox: "L’adresse invitée n’a pas pu être confirmée.",
        company: "La saisie des informations de la société n’est pas terminée.",
        service: "Notre service n’a pas fonctionné.",
    },
    help_instructions: "Ces informations vous permettront de retrouver l’invitation\u{202f}:",
    declined_subject: |company| format!("{company}\u{a0}: ce n’est pas la bonne personne"),
    declined_body: |who, company, platform| {
        format!(
            "L’invitation à {platform} pour {who} ({company}) a été ouverte par quelqu’un qui dit \
             ne pas être la bonne personne."
        )
    },
    declined_colleague: "Quelqu’un qui a ouvert le lien, sans montrer que la boîte aux lettres \
        est la sienne, indique cette adresse. Vérifiez-la avant de l’inviter\u{202f}:",
    renewal_after_revocation: "Si vous êtes d’accord, créez une nouvelle invitation dans votre \
        système\u{202f}: celle-ci a été annulée et ne peut plus être envoyée. Ces informations \
        vous permettront de la retrouver\u{202f}:",
};
