use super::*;

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

pub(super) static TEXT: Text = Text {
    tag: "es",
    native_name: "Español",
    expiry: |at| {
        format!(
            "{} de {} de {}, {:02}:{:02} h (UTC)",
            at.day(),
            month(&MONTHS, at),
            at.year(),
            at.hour(),
            at.minute()
        )
    },
    day: |at| format!("{} de {} de {}", at.day(), month(&MONTHS, at), at.year()),
    form_of_address: names::full,
    frame: FrameText {
        progress: "Su progreso",
        steps: ["Invitación", "Acceso", "Empresa", "Bienvenida"],
        step: |step, label| format!("Paso {step} de 4: {label}"),
        help: "Ayuda",
        language: "Idioma",
    },
    invite: InviteText {
        title: |platform| format!("Su invitación a {platform}"),
        greeting: |name| format!("Hola, {name}:"),
        lead: |inviter, organization, platform| {
            format!("{inviter}, de {organization}, le invita a unirse a {platform}.")
        },
        message_from: |inviter| format!("Mensaje de {inviter}"),
        mailbox: "Invitación para",
        company: "Empresa",
        expires: "Válida hasta el",
        next_steps: "Próximos pasos",
        have_account: "Ya tiene una cuenta de Microsoft para esta dirección",
        have_account_body: "Inicie sesión con ella y volverá aquí enseguida. Si ya ha iniciado \
            sesión, será solo un momento.",
        no_account: "Todavía no tiene una",
        no_account_body: "Puede crear una gratis en Microsoft, que enviará un código a su buzón \
            para comprobar que es suyo. Después volverá aquí.",
        create_one_hint: "En la página de inicio de sesión de Microsoft, elija «Cree una».",
        afterwards: "Después revisará los datos de su empresa y ya podrá empezar.",
        get_started: "Empezar ahora",
        sign_up: "Aún no tengo una cuenta de Microsoft",
        password: "La contraseña solo se introduce en la página de Microsoft. Nosotros no la vemos \
            nunca.",
        unexpected: "¿No esperaba esta invitación? Cierre esta página sin más. No se ha modificado \
            nada.",
        accepted_title: "Nos alegra volver a verle",
        accepted_body: "Ya ha aceptado esta invitación. Inicie sesión con la misma cuenta de \
            Microsoft para seguir donde lo dejó.",
        accepted_button: "Iniciar sesión y continuar",
        completed_title: "Todo está listo",
        completed_body: |company, platform| {
            format!(
                "{company} ya está en {platform}. Inicie sesión con la misma cuenta de Microsoft \
                 para acceder."
            )
        },
        completed_button: |platform| format!("Iniciar sesión en {platform}"),
    },
    company: CompanyText {
        title: "Revise los datos de su empresa",
        lead: |organization| {
            format!(
                "Estos datos proceden de {organization}. Revíselos y corrija lo que haga \
                 falta."
            )
        },
        lead_empty: "Introduzca los datos de su empresa.",
        customer_number: "Número de cliente",
        company: "Empresa",
        address: "Dirección",
        contact: "Persona de contacto",
        company_name: "Nombre de la empresa",
        vat_number: |country| match country {
            "MX" => "RFC",
            "US" => "Número fiscal (EIN)",
            _ if has_eu_vat_number(country) => "NIF-IVA",
            _ => "Número de identificación fiscal",
        },
        website: "Sitio web",
        country: "País o región",
        choose_country: "Elija una opción",
        street: |_| "Calle y número",
        postal_code: |_| "Código postal",
        city: |_| "Ciudad",
        region: |country| match country {
            "US" | "BR" | "MX" | "AU" => "Estado",
            "CA" | "ES" => "Provincia",
            "CH" => "Cantón",
            _ => "Provincia, estado o región",
        },
        first_name: "Nombre",
        last_name: "Apellidos",
        phone: "Teléfono",
        phone_example: |example| format!("Por ejemplo, {example}"),
        email: "Correo electrónico",
        email_note: "La invitación se envió a esta dirección, por lo que no se puede cambiar aquí.",
        optional: "(opcional)",
        registered_by: |organization| format!("Registrado por {organization}"),
        missing_entries: |is_one, count, names| {
            if is_one {
                format!("Falta un dato: {names}")
            } else {
                format!("Faltan {count}\u{a0}datos: {names}")
            }
        },
        wrong_entries: |is_one, count, names| {
            if is_one {
                format!("Revise un dato: {names}")
            } else {
                format!("Revise {count}\u{a0}datos: {names}")
            }
        },
        comma: ", ",
        change: "Modificar datos",
        create: "Crear empresa",
        creating: "Creando…",
        not_ready: "Queda algo por completar o corregir.",
        ready: "Todo está correcto.",
    },
    problem: ProblemText {
        missing: "Rellene este campo.",
        too_long: |max| format!("Acorte el texto a {max} caracteres como máximo."),
        invisible_characters: "El texto contiene caracteres invisibles, quizá por haberlo copiado. \
            Vuelva a escribirlo.",
        unknown_country: "Elija un país de la lista.",
        postal_code: |example, country| {
            format!("Un código postal tiene este aspecto: {example} ({country}).")
        },
        postal_code_any: |example| {
            format!(
                "Escriba un código postal como {example}. Si el país no tiene, deje este campo vacío."
            )
        },
        phone: |example| {
            format!(
                "Escriba un número como {example}, o con + y el prefijo del país. También puede dejar este campo vacío."
            )
        },
        vat_number: |example| {
            format!("Escríbalo con el formato {example} o deje este campo vacío.")
        },
        website: "Escriba una dirección web como www.example.com o deje este campo vacío.",
        colon: ": ",
    },
    confirm: ConfirmText {
        title: "Confirme su buzón de correo",
        lead: |mailbox| {
            format!(
                "Hemos enviado un código de verificación de 6\u{a0}cifras a {mailbox}. Introdúzcalo \
                 aquí para confirmar que el buzón es suyo. Es válido durante 10\u{a0}minutos."
            )
        },
        sending: |mailbox| {
            format!(
                "Estamos enviando un código de verificación de 6\u{a0}cifras a {mailbox}. Introdúzcalo aquí en cuanto lo reciba; es válido durante 10\u{a0}minutos."
            )
        },
        code: "Código de verificación del correo",
        not_a_code: "Introduzca las 6\u{a0}cifras del correo.",
        wrong_code: |tries_left| {
            format!(
                "Este no es el código que hemos enviado. Consulte el correo más reciente. Intentos \
                 restantes:\u{a0}{tries_left}."
            )
        },
        earlier_code: "Este es un código anterior. Introduzca el del correo más reciente.",
        button: "Confirmar",
        send_again: "Enviar un código nuevo",
        sent_again: |time| {
            format!("Hemos enviado un código nuevo a las {time}. Solo es válido el más reciente.")
        },
        nothing_arrived: "¿No ha recibido nada? Puede tardar un minuto. Mire también en la carpeta \
            de correo no deseado.",
        offer_title: "Un paso más: confirme su buzón de correo",
        offer: |mailbox| {
            format!(
                "Su cuenta no nos demuestra que el buzón {mailbox} sea suyo. Enviamos allí un \
                 código; introdúzcalo aquí y seguirá usando esta cuenta."
            )
        },
        offer_to_another: |account, mailbox| {
            format!(
                "Ha iniciado sesión como {account}. La invitación se envió a {mailbox}. Si ese \
                 buzón también es suyo, enviamos allí un código y seguirá usando esta cuenta."
            )
        },
        offer_to_guest: |account, mailbox| {
            format!(
                "Ha iniciado sesión como {account}, que es un invitado en esa organización, por \
                 lo que no nos demuestra que el buzón {mailbox} sea suyo. Enviamos allí un \
                 código; introdúzcalo aquí y seguirá usando esta cuenta."
            )
        },
        no_offer: |account, mailbox| {
            format!(
                "Ha iniciado sesión como {account}. La invitación se envió a {mailbox}. Inicie \
                 sesión con la cuenta de ese buzón o póngase en contacto con la persona que le ha \
                 invitado."
            )
        },
        no_offer_unproven: |account, mailbox| {
            format!(
                "Ha iniciado sesión como {account}. Este inicio de sesión no nos demuestra que el \
                 buzón {mailbox} sea suyo. Póngase en contacto con la persona que le ha invitado."
            )
        },
        send_to: |mailbox| format!("Enviar un código a {mailbox}"),
        over_title: "Este código ya no es válido",
        over: |button| {
            format!(
                "Tiene más de 10\u{a0}minutos o se ha introducido mal demasiadas veces. Para recibir \
                 uno nuevo, pulse «{button}»."
            )
        },
        next_code: |time| format!("El próximo código se podrá enviar a partir del {time}."),
    },
    join: JoinText {
        title: |company| format!("Unirse a {company}"),
        lead: "Se une a la empresa con su propia cuenta. Los datos de la empresa no cambian; revise los suyos.",
        created: |who, when| format!("{who} creó esta empresa el {when}."),
        created_before: |when| format!("Otra persona creó esta empresa el {when}."),
        faster: "Otra persona acaba de crear la empresa mientras usted tenía abierto el formulario. Los datos que ha introducido sobre usted siguen aquí.",
        person: "Sus datos",
        change: "Cambiar mis datos",
        button: "Unirse a la empresa",
    },
    welcome: WelcomeText {
        title: |name| format!("¡Le damos la bienvenida, {name}!"),
        lead: |company, platform| format!("{company} ya está en {platform}."),
        lead_joined: |company, platform| format!("Ya forma parte de {company} en {platform}."),
        start_here: "Puede empezar por aquí.",
        nothing_to_do: "Puede cerrar esta página.",
        links: "Primeros pasos",
        unsaved: |inviter| {
            format!(
                "Ya había terminado en otra pestaña, así que lo último que introdujo no se ha \
                 guardado. Si hay que cambiar algo, consulte a {inviter}."
            )
        },
        registered: "Datos registrados",
        correct: |inviter| format!("Para corregir algún dato, póngase en contacto con {inviter}."),
        open_platform: |platform| format!("Abrir {platform}"),
    },
    notice: NoticeText {
        malformed_link: Message {
            title: "Este enlace está incompleto",
            body: "Parece que falta una parte de la dirección. Vuelva a pulsar el botón del correo \
                de invitación o copie el enlace completo en su navegador.",
        },
        unknown_invitation: Message {
            title: "No encontramos esta invitación",
            body: "Compruebe que ha abierto el enlace del correo de invitación más reciente. Si \
                sigue sin funcionar, consulte a la persona que le ha invitado.",
        },
        expired: Message {
            title: "Esta invitación ha caducado",
            body: "Por su seguridad, las invitaciones solo son válidas durante un tiempo \
                limitado. La persona que le ha invitado puede enviarle una nueva.",
        },
        revoked: Message {
            title: "Esta invitación se ha retirado",
            body: "La empresa que le invitó ha retirado la invitación. Si todavía necesita \
                acceso, la persona que le ha invitado puede crear una nueva.",
        },
        used_by_another: Message {
            title: "Esta invitación ya está en uso",
            body: "Se aceptó con otra cuenta de Microsoft. Si esa cuenta es suya, inicie sesión \
                con ella. Si no lo es, pida una invitación propia a la persona que le ha invitado.",
        },
        consent_declined: Message {
            title: "Ha cancelado o rechazado",
            body: "Sin su consentimiento, Microsoft no nos indica quién es usted y no podemos \
                continuar. No se ha modificado nada y su invitación sigue siendo válida. Puede \
                intentarlo de nuevo cuando quiera.",
        },
        sign_in_failed: Message {
            title: "No se ha podido iniciar sesión",
            body: "Microsoft no ha podido completar el inicio de sesión. No se ha modificado nada \
                y su invitación sigue siendo válida. Inténtelo de nuevo.",
        },
        sign_in_restart: Message {
            title: "Vuelva a iniciar sesión",
            body: "Hemos perdido su inicio de sesión: puede que haya tardado demasiado o que se \
                haya abierto en dos pestañas o en otro navegador. Su invitación sigue siendo \
                válida. Inicie sesión una vez más.",
        },
        cookies_blocked: Message {
            title: "Su navegador no guarda nuestras cookies",
            body: "Hemos perdido su inicio de sesión por segunda vez. Puede que este navegador \
                bloquee las cookies. Permítalas para este sitio o abra su invitación en otro \
                navegador.",
        },
        wrong_account: Message {
            title: "Esta cuenta no se puede usar aquí",
            body: "Las cuentas de esta organización no se admiten para esta invitación. Use otra \
                cuenta o póngase en contacto con la persona que le ha invitado.",
        },
        wrong_personal_account: "Las cuentas personales de Microsoft no se admiten para esta invitación. Use \
            la cuenta de su organización o póngase en contacto con la persona que le ha \
            invitado.",
        signed_in_as: "Sesión iniciada como",
        invited_mailbox: "Buzón de la invitación",
        accepted_on: "Aceptada el",
        accepted_with: "Aceptada con",
        work_account: "una cuenta profesional o educativa",
        personal_account: "una cuenta personal de Microsoft",
        too_many_codes: Message {
            title: "Por ahora no podemos enviar más códigos",
            body: "Por su seguridad, solo enviamos unos pocos códigos al día.",
        },
        or_invited_account: "También puede iniciar sesión con la cuenta del buzón de la invitación.",
        code_not_sent: Message {
            title: "No hemos podido enviar el código",
            body: "No se ha podido entregar el correo en el buzón de la invitación. No se ha \
                gastado ningún intento. Inténtelo de nuevo en un momento.",
        },
        try_again_later: Message {
            title: "Inténtelo de nuevo en un momento",
            body: "En este momento no podemos acceder a uno de nuestros servicios. No se ha \
                perdido nada y su invitación sigue siendo válida.",
        },
        form_refused: Message {
            title: "Empiece de nuevo desde aquí",
            body: "Por su seguridad no hemos aceptado este formulario, porque no podíamos estar \
                seguros de que procediera de nuestra página. No se ha modificado nada.",
        },
        address_kept: Message {
            title: "Envíe la dirección desde esta página",
            body: "Lo que ha introducido está abajo. Todavía no se ha enviado nada. Pulse otra vez el botón.",
        },
        session_over: Message {
            title: "Vuelva a iniciar sesión",
            body: "Por su seguridad, la sesión se cierra a los 30\u{a0}minutos. Inicie sesión una vez \
                más con la misma cuenta de Microsoft y continuará donde estaba.",
        },
        session_lost: Message {
            title: "Hemos perdido su inicio de sesión",
            body: "En este navegador no hay ninguna sesión para su invitación: puede que haya \
                usado otro navegador o que se hayan borrado las cookies. Su invitación sigue \
                siendo válida.",
        },
        unknown_session: "No sabemos de qué invitación se trata: puede que el inicio de sesión haya \
            tardado demasiado, que haya usado otro navegador o que se hayan borrado las \
            cookies. Abra el enlace del correo de invitación.",
        draft_saved: "El formulario está guardado: volverá a aparecer tal como lo dejó.",
        internal_error: Message {
            title: "Se ha producido un error por nuestra parte",
            body: "Lo sentimos. No es culpa suya y su invitación sigue siendo válida. Inténtelo de \
                nuevo dentro de unos minutos.",
        },
        not_found: Message {
            title: "Esta página no existe",
            body: "Puede que la dirección tenga un error. Vuelva a pulsar el botón del correo de \
                invitación.",
        },
        too_large: Message {
            title: "El formulario es demasiado grande",
            body: "El formulario enviado supera el tamaño que podemos aceptar. Vuelva atrás y \
                acorte los textos.",
        },
        next_step: "Abra el enlace del correo de invitación o consulte a la persona que le ha \
            invitado.",
    },
    action: ActionText {
        try_again: "Intentar de nuevo",
        use_another_account: "Usar otra cuenta",
        use_accepting_account: "Iniciar sesión con esa cuenta",
        enter_newest_code: "Introducir el código más reciente",
        ask_for_new_invitation: "Pedir una nueva invitación",
        proceed: "Continuar",
        get_help: "Obtener ayuda",
    },
    contact: contact::es::TEXT,
    upload: upload::es::TEXT,
    mail: MailText {
        subject: |organization, platform| format!("{organization} le invita a unirse a {platform}"),
        greeting: |name| format!("Hola, {name}:"),
        steps: "Inicie sesión con su cuenta de Microsoft (o cree una durante el proceso), revise \
            los datos de su empresa y ya podrá empezar. Solo le llevará unos minutos.",
        copy_link: "Si el botón no funciona, copie este enlace en su navegador:",
        valid_until: |expires| format!("El enlace es personal. Es válido hasta el {expires}."),
        help: "¿Tiene alguna pregunta? Aquí encontrará ayuda:",
        docs: "Aquí encontrará la documentación:",
        unexpected: "¿No esperaba esta invitación? Ignore este correo sin más.",
        reminder_subject: |platform| format!("Recordatorio: su invitación a {platform}"),
        reminder_lead: |platform| {
            format!(
                "Su invitación a {platform} sigue abierta. Si aún no ha tenido tiempo, puede aceptarla desde aquí."
            )
        },
        renewal_subject: |company| format!("{company} solicita una nueva invitación"),
        renewal_body: |who, company, platform| {
            format!(
                "{who} ({company}) ha abierto una invitación a {platform} que ya no es válida y le \
                 pide una nueva."
            )
        },
        renewal_instructions: "Si está de acuerdo, vuelva a enviar la invitación desde su sistema. \
            Puede encontrarla con estos datos:",
        company_subject: |company, platform| format!("{company} ya está en {platform}"),
        company_body: |who, company, platform| {
            format!(
                "{who} ha aceptado su invitación, ha revisado los datos de la empresa y ha creado \
                 {company} en {platform}."
            )
        },
        joined_subject: |who, company| format!("{who} ya forma parte de {company}"),
        joined_body: |who, company, platform| {
            format!(
                "{who} ha aceptado su invitación y se ha unido a {company} en {platform}. La empresa ya se había creado."
            )
        },
        invitation_id: "Invitación",
        customer_number: "Número de cliente",
        invited_mailbox: "Buzón de la invitación",
        code_subject: |platform| format!("Su código de verificación para {platform}"),
        code_lead: |platform| {
            format!("Con este código de verificación confirma a {platform} que este buzón es suyo:")
        },
        code_validity: |minutes| {
            format!(
                "Es válido durante {minutes} {}. No lo comparta con nadie.",
                plural(minutes, "minuto", "minutos")
            )
        },
        code_unexpected: "¿No ha solicitado ningún código? Ignore este correo sin más.",
    },
};
