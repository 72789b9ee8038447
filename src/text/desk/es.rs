use super::*;

pub(super) static TEXT: DeskText = DeskText {
    frame: DeskFrameText {
        desk: "Gestión de invitaciones",
        invitations: "Invitaciones",
        new: "Nueva invitación",
        many: "Invitar a varios",
        sign_out: "Cerrar sesión",
        reads_only: "solo lectura",
    },
    notice: DeskNoticeText {
        sign_in: Message {
            title: "Inicie sesión para gestionar las invitaciones",
            body: "Esta área es para el personal que invita a clientes. Use su cuenta de trabajo.",
        },
        sign_in_button: "Iniciar sesión con Microsoft",
        another_account: "Usar otra cuenta",
        signed_out: Message {
            title: "Ha cerrado la sesión",
            body: "Es posible que siga conectado a Microsoft en este navegador.",
        },
        session_over: Message {
            title: "Su sesión ha caducado",
            body: "No se ha cambiado nada. Esta página conserva lo que ha introducido: inicie \
                sesión, vuelva aquí y envíelo de nuevo.",
        },
        file_lost: "Tendrá que elegir el archivo de nuevo.",
        sign_in_first: "Iniciar sesión (en otra pestaña)",
        send_again: "Enviar de nuevo",
        no_role: Message {
            title: "Su cuenta no tiene acceso a esta área",
            body: "Pida a la administración de Microsoft Entra ID que le asigne uno de estos roles \
                en la aplicación empresarial. Después, inicie sesión de nuevo.",
        },
        signed_in_as: "Sesión iniciada como",
        to_manage: "para invitar y modificar invitaciones",
        to_read: "para ver las invitaciones",
        reads_only: Message {
            title: "Su rol no lo permite",
            body: "Puede ver las invitaciones, pero no modificarlas. Pida el rol \
                Invitations.Manage a la administración de Microsoft Entra ID.",
        },
        sign_in_failed: Message {
            title: "No se ha podido iniciar sesión",
            body: "Vuelva a intentarlo. Si no sirve, enseñe esta página a la administración de \
                Microsoft Entra ID.",
        },
        number: "Número de Microsoft",
        not_found: Message {
            title: "Esta página no existe",
            body: "Compruebe la dirección.",
        },
        unknown_invitation: Message {
            title: "Esta invitación no existe",
            body: "Las invitaciones se eliminan un tiempo después de su última actividad.",
        },
        form_refused: Message {
            title: "No se puede aceptar este formulario",
            body: "No se ha cambiado nada. Quizá la página sea antigua o se abrió con otra cuenta. \
                Ábrala de nuevo.",
        },
        too_large: Message {
            title: "Es demasiado de una vez",
            body: "No se ha cambiado nada. Acorte lo que ha introducido o elija un archivo más \
                pequeño.",
        },
        try_again_later: Message {
            title: "Ahora mismo no es posible",
            body: "Vuelva a intentarlo dentro de un minuto. No es seguro que se haya guardado su \
                último cambio: compruébelo antes de repetirlo.",
        },
        internal_error: Message {
            title: "Algo ha fallado por nuestra parte",
            body: "El error se ha registrado. Vuelva a intentarlo más tarde.",
        },
        back: "Volver a las invitaciones",
    },
    list: DeskListText {
        title: "Invitaciones",
        whose: "Creadas por",
        mine: "mí",
        everyones: "todos",
        status: "Estado",
        any: "Todos",
        pending: "Pendiente",
        expired: "Caducada",
        accepted: "Aceptada",
        completed: "Completada",
        revoked: "Revocada",
        erased: "Borrada",
        delivery_failed: "Entrega fallida",
        search: "Dirección de correo, número de cliente o empresa",
        search_hint: "Completo, como en la invitación",
        show: "Mostrar",
        reset: "Restablecer",
        recipient: "Destinatario",
        company: "Empresa",
        created: "Creada el",
        valid_until: "Válida hasta el",
        empty: Message {
            title: "Todavía no hay invitaciones",
            body: "Las invitaciones aparecen aquí en cuanto se crea una.",
        },
        nothing_found: Message {
            title: "Sin resultados",
            body: "Ninguna invitación coincide. La búsqueda solo encuentra una dirección de correo, \
                un número de cliente o el nombre de una empresa si se escriben completos.",
        },
        searched_on: Message {
            title: "Por ahora, sin resultados",
            body: "Hay invitaciones más antiguas en las que aún no se ha buscado.",
        },
        older: "Más antiguas",
        newest: "Volver a las más recientes",
    },
    one: DeskOneText {
        pending: |until| format!("Se puede aceptar hasta el {until}."),
        expired: |at| format!("Caducó el {at}. Envíela de nuevo para ampliarla."),
        accepted: |at| {
            format!("Aceptada el {at}. Falta el último paso: crear la empresa o unirse a ella.")
        },
        completed: |at| format!("Completada el {at}: se creó la empresa."),
        joined: |at| {
            format!("Completada el {at}: el destinatario se unió a la empresa de un compañero.")
        },
        revoked: |at| format!("Revocada el {at}."),
        erased: |at| format!("Los datos personales se borraron el {at}."),
        reason: "Motivo",
        invitation: "Invitación",
        language: "Idioma",
        inviter: "Invita",
        message: "Mensaje",
        registered: "Empresa, como se registró",
        confirmed: "Empresa, como la confirmó el cliente",
        delivery: "Entrega",
        timeline: "Historial",
        by: |who| format!("por {who}"),
        by_staff: "por alguien del personal",
        by_integrator: "por un sistema conectado",
        actions: "Acciones",
        resend: "Enviar de nuevo",
        resend_hint: |until| {
            format!("Envía de nuevo el mismo enlace y amplía la invitación hasta el {until}.")
        },
        correct: "Corregir",
        link: "Mostrar el enlace",
        link_body: "Trátelo como una contraseña y déselo solo al destinatario. El historial \
            registra que usted lo ha visto.",
        link_unreadable: "El enlace ya no se puede leer, porque se retiró su clave. Cree una \
            nueva invitación.",
        revoke: "Revocar",
        revoke_question: "¿Revocar esta invitación?",
        revoke_body: "El enlace deja de funcionar al instante. No se puede deshacer.",
        revoke_reason: "Motivo (el destinatario no lo ve)",
        erase: "Borrar los datos personales",
        erase_question: "¿Borrar los datos personales de esta invitación?",
        erase_body: "Los nombres, las direcciones y los datos de la empresa se eliminan para \
            siempre, y una invitación abierta se revoca. No se puede deshacer.",
        cancel: "Cancelar",
        resent: "La invitación se está enviando de nuevo.",
        renewed: "La invitación se ha ampliado. No se envía ningún correo.",
        corrected: "Los cambios se han guardado. Para enviar de nuevo la invitación, pulse «Enviar \
            de nuevo».",
        revoked_now: "La invitación se ha revocado.",
        erased_now: "Los datos personales se han borrado.",
        too_many_emails: |next| {
            format!(
                "En un día se han enviado cinco correos. El siguiente se podrá enviar el {next}."
            )
        },
        state_forbids: "No se ha cambiado nada: el estado de la invitación no lo permite.",
        conflict: "No se ha cambiado nada: la invitación ha cambiado desde que la abrió. Así está \
            ahora.",
    },
    correct: DeskCorrectText {
        correct_title: "Corregir la invitación",
        save: "Guardar",
        not_mailed: "El enlace sigue siendo el mismo. Al guardar no se envía ningún correo.",
        overtaken: "La invitación ha cambiado desde que abrió esta página. Abajo está lo que ha \
            introducido; si lo guarda, sustituye los cambios de los demás.",
    },
    delivery: DeskDeliveryText {
        email: "Correo electrónico",
        webhook: "Sistemas conectados",
        none: "Nada que entregar.",
        queued: "Se está entregando.",
        retrying: |next| format!("Aún no se ha podido entregar; próximo intento el {next}."),
        delivered: |at| format!("Entregado, por última vez el {at}."),
        failed: "No se ha podido entregar:",
        no_mail_server: "Este servicio no envía correos.",
    },
    event: DeskEventText {
        created: "Invitación creada",
        sent: "Correo enviado",
        delivery_failed: "No se ha podido enviar el correo",
        resent: "Enviada de nuevo o ampliada",
        updated: "Corregida",
        link_revealed: "Enlace mostrado",
        reminded: "Recordatorio enviado",
        expired: "Caducada",
        renewal_requested: "El destinatario pidió una nueva invitación",
        approved: "La administración comunica que la aplicación está aprobada",
        help_requested: "El destinatario pidió ayuda",
        declined: "El destinatario dice no ser la persona adecuada",
        accepted: "Aceptada",
        revoked: "Revocada",
        erased: "Datos personales borrados",
        company_created: "Empresa creada",
        company_joined: "Se unió a la empresa de un compañero",
    },
};
