use super::{ContactText, ContactedText, SituationText};
use crate::text::Message;

pub(in crate::text) const TEXT: ContactText = ContactText {
    heading: "Su persona de contacto",
    help: |name| format!("Contactar con {name}"),
    not_me: "No soy la persona adecuada",
    not_me_body: |name| {
        format!(
            "Si debe ocuparse otra persona de su empresa, puede indicar su dirección de correo. \
             {name} decide a quién invitar. El enlace sigue funcionando."
        )
    },
    colleague: "Dirección de correo de esa persona",
    colleague_error: "Introduzca una dirección de correo como nombre@example.com o deje el campo vacío.",
    not_me_button: |name| format!("Enviar a {name}"),
    help_asked: |name, at| format!("Pidió ayuda a {name} el {at}."),
    not_me_said: |at| format!("El {at} indicó que no es la persona adecuada."),
    new_invitation_asked: |name, at| format!("Pidió una nueva invitación a {name} el {at}."),
    help_requested: ContactedText {
        title: "Ha pedido ayuda",
        body: |name| {
            format!(
                "Estamos enviando a {name} un correo que indica en qué punto se encuentra. Su \
                 invitación sigue siendo válida, así que puede volver a intentarlo cuando quiera."
            )
        },
    },
    declined: ContactedText {
        title: "Gracias por avisarnos",
        body: |name| {
            format!(
                "Estamos enviando un correo a {name}. No tiene que hacer nada más. El enlace \
                 sigue funcionando."
            )
        },
    },
    declined_again: |name, at| {
        format!(
            "Ya nos lo comunicó el {at} y solo podemos transmitirlo una vez cada 24\u{a0}horas. Si la \
             dirección que acaba de indicar es nueva, {name} no la ha recibido: comuníquesela usted \
             directamente."
        )
    },
    renewal_requested: ContactedText {
        title: "Ha pedido una nueva invitación",
        body: |name| {
            format!(
                "Estamos enviando un correo a {name}. Si está de acuerdo, recibirá una nueva \
                 invitación por correo electrónico. Puede cerrar esta página."
            )
        },
    },
    only_recorded: |name| {
        format!(
            "Lo hemos anotado, pero desde aquí no podemos enviar un correo a {name}. Póngase en \
             contacto directamente."
        )
    },
    page_outdated: Message {
        title: "Esta página ha estado abierta demasiado tiempo",
        body: "Sus botones solo funcionan durante un día. Todavía no se ha enviado nada. Pulse otra vez.",
    },
    no_address: Message {
        title: "Compruebe la dirección",
        body: "Lo que ha introducido abajo no es una dirección de correo. También puede dejarlo \
            vacío. No se ha enviado nada.",
    },
    help_subject: |company| format!("{company} necesita su ayuda"),
    help_body: |who, company, platform| {
        format!(
            "{who} ({company}) tiene una invitación a {platform} y le pide que se ponga en \
             contacto."
        )
    },
    situation: SituationText {
        invitation: "Estaba abierta la página de la invitación.",
        sign_in: "No se pudo iniciar sesión con Microsoft.",
        account: "La cuenta utilizada no se admite.",
        organization: "La organización tiene que permitir antes el inicio de sesión.",
        mailbox: "No se pudo confirmar el buzón invitado.",
        company: "No se han terminado de introducir los datos de la empresa.",
        service: "Nuestro servicio no funcionó.",
    },
    help_instructions: "Puede encontrar la invitación con estos datos:",
    declined_subject: |company| format!("{company}: no es la persona adecuada"),
    declined_body: |who, company, platform| {
        format!(
            "La invitación a {platform} para {who} ({company}) la abrió alguien que dice no ser \
             la persona adecuada."
        )
    },
    declined_colleague: "Alguien que abrió el enlace, sin demostrar que el buzón es suyo, indica \
        esta dirección. Compruébela antes de invitarla:",
    renewal_after_revocation: "Si está de acuerdo, cree una nueva invitación en su sistema: esta \
        se retiró y no se puede volver a enviar. Puede encontrarla con estos datos:",
};
