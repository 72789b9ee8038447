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
};
