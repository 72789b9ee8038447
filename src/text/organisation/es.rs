use super::*;

pub(super) static TEXT: OrganisationText = OrganisationText {
    stopped: StoppedText {
        question: "¿Microsoft no le deja continuar?",
        unknown: Message {
            title: "Aún no ha iniciado sesión",
            body: "Microsoft no ha completado el inicio de sesión. No se ha modificado nada y su \
                invitación sigue siendo válida.",
        },
        approval_title: "Su organización debe permitirlo primero",
        blameless: "Usted no ha hecho nada mal.",
        consent: |platform| {
            format!(
                "Su organización decide para qué aplicaciones se pueden usar sus cuentas. Un \
                 administrador debe aprobar primero {platform}."
            )
        },
        assignment: |platform| {
            format!(
                "Su organización abre {platform} solo a determinadas personas. Un administrador \
                 debe añadirle."
            )
        },
        conditional_access: "Este inicio de sesión no cumple las reglas de seguridad de su organización. \
                 Pruebe con un dispositivo o una red de su organización.",
        cross_tenant: |platform| {
            format!(
                "Su organización limita el acceso a las aplicaciones de otras organizaciones. Un \
                 administrador debe permitir primero {platform}."
            )
        },
        refused_account: Message {
            title: "Esta cuenta no se puede usar aquí",
            body: "Microsoft no acepta esta cuenta para iniciar sesión. Use otra, por ejemplo la \
                del buzón invitado.",
        },
        configuration: Message {
            title: "El inicio de sesión no funciona en este momento",
            body: "Es culpa nuestra: algo está mal configurado por nuestra parte. Volver a \
                intentarlo ahora no sirve. El error ha quedado registrado para quienes gestionan \
                este servicio.",
        },
        works_until: |expires| format!("Su invitación es válida hasta el {expires}."),
        number: "Número en Microsoft",
        what_microsoft_says: "¿Qué dice la página de Microsoft?",
        enter_number: "¿Muestra un número como AADSTS50105? Escríbalo aquí:",
        show_help: "Ver qué ayuda",
        cancelled_case: Message {
            title: "Ha cancelado o rechazado",
            body: "Puede volver a iniciar sesión en cualquier momento.",
        },
        approval_case: Message {
            title: "Se requiere aprobación o el acceso está bloqueado",
            body: "Su organización debe permitir el inicio de sesión. Envíe el texto siguiente a \
                su departamento de informática.",
        },
        account_case: Message {
            title: "La cuenta no existe o no se puede usar",
            body: "Use otra cuenta, por ejemplo la del buzón invitado.",
        },
        for_it: "Para su departamento de informática",
        copy: "Copie este texto o envíelo por correo electrónico. No contiene ningún enlace a su \
            invitación.",
        send: "Enviar al departamento de TI",
        allowed_now: "Ya está permitido: iniciar sesión",
        later: "Intentarlo más tarde",
    },
    pass: PassText {
        request: |platform| format!("Solicitud para permitir el inicio de sesión en {platform}"),
        situation: |platform, organization| {
            format!(
                "{organization} me ha invitado a {platform}. Quiero iniciar sesión con mi cuenta \
                 de trabajo, pero Microsoft no me lo permite."
            )
        },
        app: "Aplicación",
        client_id: "Id. de aplicación (cliente)",
        operator: "Dirección del servicio",
        support: "Ayuda",
        permissions: "Permisos",
        only_identity: "openid profile email (nombre y dirección de correo, nada más)",
        to_consent: "Qué hay que hacer: conceder el consentimiento del administrador a esta \
            aplicación en el Centro de administración de Microsoft Entra, en Aplicaciones \
            empresariales.",
        to_consent_at: "Qué hay que hacer: un administrador aprueba la aplicación. Esta página \
            muestra lo que pide y lleva a Microsoft:",
        to_assign: "Qué hay que hacer: en el Centro de administración de Microsoft Entra, en \
            Aplicaciones empresariales, asignarme a esta aplicación o desactivar «Asignación \
            necesaria».",
        to_exempt: "Qué hay que hacer: una directiva de acceso condicional bloquea el inicio de \
            sesión. Los registros de inicio de sesión de Microsoft Entra indican cuál; cambiarla o \
            añadir una excepción para esta aplicación.",
        to_allow_tenant: "Qué hay que hacer: permitir esta aplicación en la configuración de \
            acceso entre inquilinos o en las restricciones de inquilino de Microsoft Entra.",
        to_find_out: "Qué hay que hacer: los registros de inicio de sesión de Microsoft Entra \
            indican el motivo. Si la aplicación se debe aprobar, esta página muestra lo que pide y \
            lleva a Microsoft:",
    },
    approval: ApprovalText {
        heading: |platform| format!("Aprobar el inicio de sesión en {platform}"),
        introduction: |organization, platform| {
            format!(
                "{organization} ha invitado a una persona de su organización a {platform}. Para \
                 que pueda iniciar sesión con su cuenta de trabajo, un administrador debe aprobar \
                 primero la aplicación."
            )
        },
        invited_by: "Invitación de",
        what_is_shared: "La aplicación conoce el nombre y la dirección de correo de quienes inician \
            sesión. No obtiene acceso a buzones, archivos ni otros datos, y no puede modificar nada.",
        to_microsoft: "Continuar a Microsoft",
        not_yet: "Microsoft le pide que inicie sesión como administrador y muestra los mismos \
            permisos. Antes de eso no se aprueba nada.",
        approved: Message {
            title: "Gracias por la aprobación",
            body: "La persona que la espera ya puede iniciar sesión. Aquí no \
                hay nada más que hacer: puede cerrar esta página.",
        },
        not_approved: Message {
            title: "La aplicación no está aprobada",
            body: "Microsoft comunica que no se ha concedido la aprobación. No se ha modificado \
                nada. Se necesita un administrador de su organización.",
        },
        closed: Message {
            title: "Ya no hay nada que aprobar",
            body: "La invitación de esta solicitud se ha aceptado o ha finalizado. Si alguien \
                sigue sin poder iniciar sesión, pídale un texto nuevo.",
        },
        unmatched: Message {
            title: "No podemos asociar esta respuesta",
            body: "Ya se registró, tardó más de una hora o empezó en otro navegador. Lo que haya \
                aprobado en Microsoft es válido: pida a la persona interesada que vuelva a iniciar \
                sesión.",
        },
    },
    approved_mail: ApprovedMailText {
        approved_subject: |platform| format!("Ya puede iniciar sesión en {platform}"),
        approved_body: |platform| {
            format!(
                "Buenas noticias: nos han comunicado que su organización ha aprobado el inicio de \
                 sesión en {platform}. Puede continuar con el mismo enlace."
            )
        },
    },
};
