use super::{Blocks, CodeMail, Errors, Words};

pub(super) static WORDS: Words = Words {
    tag: "de",
    stand_in: "Anmeldung (lokaler Ersatz)",
    disclaimer: "Nur zum Ausprobieren. Dies ist nicht Microsoft.",
    sign_in: "Anmelden",
    choose_account: "Konto auswählen",
    signed_in: "angemeldet",
    address: "E-Mail-Adresse",
    another_address: "Andere E-Mail-Adresse",
    no_account: "Kein Konto? Geben Sie Ihre Adresse ein: Auf der nächsten Seite können Sie eines \
        erstellen.",
    next: "Weiter",
    cancel: "Abbrechen",
    use_another: "Anderes Konto verwenden",
    welcome: |name| format!("Willkommen, {name}"),
    no_password: "Der echte Dienst würde jetzt nach Ihrem Kennwort fragen. Hier genügt die \
        Schaltfläche.",
    unknown: "Dieses Konto gibt es nicht",
    can_create: "Sie können mit dieser Adresse ein Konto erstellen. Das dauert eine Minute: Wir \
        senden einen Code an Ihr Postfach, um zu prüfen, dass es Ihnen gehört.",
    create_one: "Konto erstellen",
    create: "Konto erstellen",
    your_name: "Ihr Name",
    send_code: "Code senden",
    have_account: "Ich habe ein Konto",
    enter_code: "Code eingeben",
    code_sent: "Wir haben einen sechsstelligen Code an diese Adresse gesendet:",
    code: "Code",
    send_new_code: "Neuen Code senden",
    almost_there: |name| format!("Fast geschafft, {name}"),
    terms: "Ein Konto hier dient nur zum Ausprobieren:",
    each_term: [
        "Es hat kein Kennwort, jeder an diesem Gerät kann es also verwenden.",
        "Es wird nur auf diesem Gerät gespeichert.",
        "Es ist kein Microsoft-Konto.",
    ],
    agree: "Ich stimme diesen Nutzungsbedingungen zu.",
    create_account: "Konto erstellen",
    consent: "Darf diese App Ihr Konto verwenden?",
    app_would_like: |app| format!("Die App {app} möchte:"),
    to_sign_in: "Sie anmelden",
    to_see_profile: "Ihren Namen und Benutzernamen sehen",
    to_see_email: "Ihre E-Mail-Adresse sehen",
    accept: "Akzeptieren",
    decline: "Ablehnen",
    approval_required: "Genehmigung erforderlich",
    blocked: "Sie können von hier aus nicht darauf zugreifen",
    return_to_app: "Zurück zur App",
    review: "Angeforderte Berechtigungen: für Ihre Organisation prüfen",
    no_administrator: "Hier gibt es kein Konto, das Apps für eine Organisation genehmigen darf.",
    blocks: Blocks {
        approval: "Die App benötigt eine Genehmigung, die nur ein Administrator erteilen kann.",
        assignment: "Der angemeldete Benutzer ist keiner Rolle der Anwendung zugewiesen.",
        conditional_access: "Der Zugriff wurde durch Richtlinien für bedingten Zugriff blockiert.",
        unknown_user: "Das Benutzerkonto ist im Mandanten nicht vorhanden.",
        unknown_app: "Die Anwendung wurde im Verzeichnis nicht gefunden.",
    },
    errors: Errors {
        not_an_address: "Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.",
        account_refused: "Dieses Konto kann hier nicht verwendet werden. Verwenden Sie ein \
            anderes.",
        no_such_account: "Dieses Konto gibt es in keiner Organisation.",
        no_name: "Geben Sie Ihren Namen ein.",
        exists: "Mit dieser Adresse gibt es bereits ein Konto.",
        not_sent: |why| {
            format!(
                "Der Code konnte nicht an diese Adresse gesendet werden ({why}). Prüfen Sie sie \
                 und versuchen Sie es noch einmal."
            )
        },
        too_many_tries: "Der Code war fünfmal falsch. Lassen Sie einen neuen senden.",
        wrong_code: "Das ist nicht der Code. Prüfen Sie ihn und versuchen Sie es noch einmal.",
    },
    code_mail: CodeMail {
        subject: "Ihr Sicherheitscode",
        code: |code| format!("Sicherheitscode: {code}"),
        text: "Geben Sie ihn auf der Seite ein, auf der Sie Ihr Konto erstellen.",
    },
};
