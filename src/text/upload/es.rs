use super::{
    DraftFormText, FileText, ManyText, ProgressText, ResultsText, ReviewText, RowsText, UploadText,
    WrongText,
};
use crate::text::plural;

pub(in crate::text) const TEXT: UploadText = UploadText {
    form: DraftFormText {
        new_title: "Nueva invitación",
        new_lead: "En el siguiente paso verá el correo. Antes no se envía nada.",
        recipient: "Destinatario",
        mailbox: "Correo electrónico",
        language: "Idioma del correo",
        any_language: "Se desconoce (inglés)",
        message: "Mensaje personal",
        message_hint: "Aparece en el correo y en la página de la invitación.",
        last_day: "Válida hasta",
        last_day_hint: |days| format!("Si lo deja vacío: {days} días a partir de hoy."),
        inviter: "Quién invita",
        inviter_name: "Nombre",
        organization: "Organización",
        inviter_mailbox: "Correo electrónico para respuestas",
        inviter_phone: "Teléfono con prefijo internacional",
        preview: "Ver el correo",
    },
    review: ReviewText {
        review_title: "Revise la invitación",
        review_lead: "Este es el correo que recibirá el destinatario.",
        no_mail_lead: "Este servicio no envía correos. Cree la invitación, copie después su enlace \
            y hágalo llegar usted. El correo diría lo siguiente.",
        is_pending: |email, until| {
            format!("{email} ya tiene una invitación, válida hasta el {until}.")
        },
        show_pending: "Ver esa invitación",
        will_join: |company| {
            format!("El número de cliente es el de {company}. El destinatario se unirá a ella.")
        },
        subject: "Asunto",
        sender: "De",
        email_title: "Correo al destinatario",
        link_comes_later: "El botón y el enlace solo funcionan en el propio correo.",
        send: "Enviar la invitación",
        create_only: "Crear la invitación",
        edit: "Cambiar algo",
        gone_title: "Este borrador ya no existe",
        gone_body: "Los borradores se eliminan al cabo de un día y los archivos al cabo de una \
            semana. Empiece de nuevo.",
    },
    many: ManyText {
        many_title: "Invitar a varias personas",
        many_lead: "Suba un archivo CSV con una fila por persona: 1000 filas y 1 MiB como máximo.",
        template: "Descargar la plantilla",
        required_columns: |columns| {
            format!(
                "Cada fila necesita {columns}, un nombre o unos apellidos, y postalCode si el país tiene \
                 códigos postales. Las demás columnas pueden estar vacías o faltar."
            )
        },
        save_as: "En Excel, guarde el archivo como «CSV UTF-8». Dé formato de texto a los códigos \
            postales y a los números, para conservar los ceros iniciales.",
        csv_file: "Archivo CSV",
        check_file: "Revisar el archivo",
        nothing_sent: "En el siguiente paso verá el contenido del archivo. Antes no se envía nada.",
        earlier: "Sus archivos",
        earlier_draft: |rows| format!("{rows} filas, aún sin enviar"),
        earlier_done: |done, rows| format!("{done} de {rows} filas procesadas"),
        choose_again: "Vuelva a elegir el archivo: por seguridad, el navegador lo olvida.",
    },
    file: FileText {
        refused_title: "Este archivo no se puede usar",
        no_file: "Elija un archivo.",
        is_empty: "El archivo está vacío.",
        too_large: "El archivo supera 1 MiB. Divídalo.",
        workbook: "Es un libro de cálculo. Guárdelo como «CSV UTF-8» en Excel o como «Texto CSV» \
            en LibreOffice, y suba ese archivo.",
        not_utf8: "El archivo está en UTF-16 («texto Unicode»). Guárdelo como «CSV UTF-8».",
        not_utf8_in: |line| {
            format!("La línea {line} no está en UTF-8. Guarde el archivo como «CSV UTF-8».")
        },
        nul: |line| {
            format!(
                "La línea {line} contiene un carácter que no aparece en ningún texto. Vuelva a \
                 guardar el archivo."
            )
        },
        open_quote: "Unas comillas no se cierran nunca. Vuelva a guardar el archivo desde la hoja \
            de cálculo.",
        no_header: "La primera fila no contiene ninguno de los nombres de columna conocidos. Parta \
            de la plantilla.",
        unknown_columns: |columns| {
            format!(
                "Estas columnas son desconocidas: {columns}. Nómbrelas como en la plantilla o \
                 elimínelas."
            )
        },
        duplicate_column: |column| {
            format!("La columna {column} aparece más de una vez. Elimine una de ellas.")
        },
        missing_columns: |columns| {
            format!("Faltan estas columnas: {columns}. Añádalas como en la plantilla.")
        },
        no_rows: "No hay ninguna fila debajo de los nombres de columna.",
        too_many_rows: |rows| {
            format!("El archivo tiene {rows} filas. Divídalo en archivos de hasta 1000.")
        },
        too_many_cells: |row| {
            format!(
                "La fila {row} tiene más celdas que columnas hay. Ponga entre comillas los textos \
                 que contienen el separador."
            )
        },
        row_too_long: |row| format!("La fila {row} supera 16 KiB. Acórtela."),
    },
    wrong: WrongText {
        email: "Escriba una dirección de correo como nombre@example.com.",
        name: "Escriba un nombre o unos apellidos.",
        locale: "Escriba un código de idioma como en, de o zh-Hant, o deje el campo vacío.",
        international_phone: "Escriba un número con + y el prefijo del país, o deje el campo \
            vacío.",
        date: "Escriba un día como 2030-01-31, o deje el campo vacío.",
        not_in_time: "Elija un día futuro, dentro de diez años.",
        duplicate: |row| {
            format!("La fila {row} tiene el mismo correo electrónico. Elimine una de las dos.")
        },
        country: "Escriba un código de país como ES o MX.",
        unreadable: "Esta fila ya no se puede leer. Vuelva a subirla.",
        not_created: "No se pudo crear esta invitación. Inténtelo por separado.",
    },
    rows: RowsText {
        rows_title: "Revise el archivo",
        all_valid: |count| {
            format!(
                "{count} {}.",
                plural(count, "fila es válida", "filas son válidas")
            )
        },
        some_valid: |valid, all| format!("{valid} de {all} filas son válidas."),
        none_valid: "Ninguna fila es válida. Corrija el archivo y vuelva a subirlo.",
        to_correct: "Por corregir",
        wrong_stay: "Estas filas se omiten. Descárguelas, corríjalas y suba ese archivo más tarde.",
        download_wrong: "Descargar las filas por corregir",
        to_invite: "Por invitar",
        row: "Fila",
        column: "Columna",
        cell: "En el archivo",
        reason: "Qué hacer",
        invite: |count| format!("Invitar a {count} {}", plural(count, "cliente", "clientes")),
        next_rows: "Filas siguientes",
        first_rows: "Primeras filas",
    },
    progress: ProgressText {
        progress_title: "Creando las invitaciones",
        rows_done: |done, rows| format!("{done} de {rows} filas están procesadas."),
        goes_on: "Esta página continúa sola. Puede cerrarla: el resto se hace sin ella.",
        update: "Continuar ahora",
    },
    results: ResultsText {
        results_title: "El archivo está procesado",
        were_invited: |count| {
            format!(
                "{count} {}.",
                plural(count, "cliente fue invitado", "clientes fueron invitados")
            )
        },
        were_not: |count| {
            format!(
                "{count} {}.",
                plural(count, "fila no se usó", "filas no se usaron")
            )
        },
        download_results: "Descargar los resultados",
        kept_until: |day| {
            format!(
                "Esta página se conserva hasta el {day}. «Invitar a varias personas» muestra sus diez archivos más recientes."
            )
        },
        outcome: "Resultado",
        invited: "invitado",
        not_invited: "no invitado",
        erased: "borrado",
    },
};
