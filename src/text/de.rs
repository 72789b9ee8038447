use super::*;

const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

pub(super) static TEXT: Text = Text {
    tag: "de",
    native_name: "Deutsch",
    expiry: |at| {
        format!(
            "{}. {} {}, {:02}:{:02} Uhr (UTC)",
            at.day(),
            month(&MONTHS, at),
            at.year(),
            at.hour(),
            at.minute()
        )
    },
    day: |at| format!("{}. {} {}", at.day(), month(&MONTHS, at), at.year()),
    form_of_address: names::full,
    frame: FrameText {
        progress: "Ihr Fortschritt",
        steps: ["Einladung", "Anmeldung", "Firma", "Willkommen"],
        step: |step, label| format!("Schritt {step} von 4: {label}"),
        help: "Hilfe",
        language: "Sprache",
    },
    invite: InviteText {
        title: |platform| format!("Ihre Einladung zu {platform}"),
        greeting: |name| format!("Guten Tag {name},"),
        lead: |inviter, organization, platform| {
            format!("{inviter} von {organization} lädt Sie zu {platform} ein.")
        },
        message_from: |inviter| format!("Nachricht von {inviter}"),
        mailbox: "Einladung für",
        company: "Firma",
        expires: "Gültig bis",
        next_steps: "So geht es weiter",
        have_account: "Sie haben schon ein Microsoft-Konto für diese Adresse",
        have_account_body: "Melden Sie sich damit an. Danach leitet Microsoft Sie direkt hierher \
            zurück. Wenn Sie bereits angemeldet sind, dauert das nur einen Augenblick.",
        no_account: "Sie haben noch keines",
        no_account_body: "Bei Microsoft können Sie kostenlos ein Konto erstellen. Microsoft sendet \
            einen Code an Ihr Postfach, um zu prüfen, ob es Ihnen gehört, und leitet Sie danach \
            hierher zurück.",
        create_one_hint: "Wählen Sie auf der Anmeldeseite von Microsoft „Erstellen Sie jetzt \
            eins!“.",
        afterwards: "Danach prüfen Sie die Angaben zu Ihrer Firma, und schon kann es losgehen.",
        get_started: "Jetzt loslegen",
        sign_up: "Ich habe noch kein Microsoft-Konto",
        password: "Ihr Kennwort geben Sie nur bei Microsoft ein. Wir bekommen es nie zu sehen.",
        unexpected: "Sie haben diese Einladung nicht erwartet? Dann brauchen Sie nichts zu tun. \
            Es wurde nichts geändert.",
        accepted_title: "Schön, dass Sie wieder da sind",
        accepted_body: "Sie haben diese Einladung bereits angenommen. Melden Sie sich mit \
            demselben Microsoft-Konto an, und machen Sie dort weiter, wo Sie aufgehört haben.",
        accepted_button: "Anmelden und fortfahren",
        completed_title: "Alles ist eingerichtet",
        completed_body: |company, platform| {
            format!(
                "{company} ist auf {platform} eingerichtet. Melden Sie sich mit demselben \
                 Microsoft-Konto an, um dorthin zu gelangen."
            )
        },
        completed_button: |platform| format!("Bei {platform} anmelden"),
    },
    company: CompanyText {
        title: "Prüfen Sie Ihre Firmendaten",
        lead: |organization| {
            format!(
                "Diese Angaben stammen von {organization}. Bitte prüfen Sie sie und \
                 korrigieren Sie, was nicht stimmt."
            )
        },
        lead_empty: "Bitte geben Sie die Daten Ihrer Firma ein.",
        customer_number: "Kundennummer",
        company: "Firma",
        address: "Adresse",
        contact: "Kontaktperson",
        company_name: "Firmenname",
        vat_number: |country| match country {
            "CH" | "LI" => "UID/MWST-Nr.",
            "US" => "Steuernummer (EIN)",
            _ if has_eu_vat_number(country) => "USt-IdNr.",
            _ => "Steuernummer",
        },
        website: "Website",
        country: "Land oder Region",
        choose_country: "Bitte wählen",
        street: |country| {
            if is_swiss(country) {
                "Strasse und Hausnummer"
            } else {
                "Straße und Hausnummer"
            }
        },
        postal_code: |_| "Postleitzahl",
        city: |_| "Ort",
        region: |country| match country {
            "US" | "BR" | "MX" | "AU" => "Bundesstaat",
            "CA" => "Provinz",
            "DE" | "AT" => "Bundesland",
            "CH" => "Kanton",
            _ => "Bundesland, Kanton oder Provinz",
        },
        first_name: "Vorname",
        last_name: "Nachname",
        phone: "Telefon",
        phone_example: |example| format!("Zum Beispiel {example}"),
        email: "E-Mail",
        email_note: "An diese Adresse ging die Einladung, deshalb lässt sie sich hier nicht \
            ändern.",
        optional: "(optional)",
        registered_by: |organization| format!("Bei {organization} eingetragen"),
        missing_entries: |is_one, count, names| {
            if is_one {
                format!("Eine Angabe fehlt: {names}")
            } else {
                format!("{count}\u{a0}Angaben fehlen: {names}")
            }
        },
        wrong_entries: |is_one, count, names| {
            if is_one {
                format!("Bitte prüfen Sie eine Angabe: {names}")
            } else {
                format!("Bitte prüfen Sie {count}\u{a0}Angaben: {names}")
            }
        },
        comma: ", ",
        change: "Etwas ändern",
        create: "Firma anlegen",
        creating: "Wird angelegt …",
        not_ready: "Es fehlt noch etwas, oder etwas stimmt nicht.",
        ready: "Alle Angaben sind in Ordnung.",
    },
    problem: ProblemText {
        missing: "Bitte füllen Sie dieses Feld aus.",
        too_long: |max| format!("Bitte kürzen Sie die Angabe auf höchstens {max} Zeichen."),
        invisible_characters: "Hier sind unsichtbare Zeichen enthalten, vielleicht vom Kopieren. \
            Bitte tippen Sie die Angabe neu ein.",
        unknown_country: "Bitte wählen Sie ein Land aus der Liste.",
        postal_code: |example, country| {
            format!("Eine Postleitzahl sieht so aus: {example} ({country}).")
        },
        postal_code_any: |example| {
            format!(
                "Bitte eine Postleitzahl wie {example} eingeben. Hat das Land keine Postleitzahlen, lassen Sie das Feld leer."
            )
        },
        phone: |example| {
            format!(
                "Bitte eine Nummer wie {example} eingeben, oder mit + und Landesvorwahl. Sie können das Feld auch leer lassen."
            )
        },
        vat_number: |example| format!("Bitte in der Form {example} eingeben oder leer lassen."),
        website: "Bitte eine Webadresse wie www.example.com eingeben oder leer lassen.",
        colon: ": ",
    },
    confirm: ConfirmText {
        title: "Bestätigen Sie Ihr Postfach",
        lead: |mailbox| {
            format!(
                "Wir haben einen 6-stelligen Prüfcode an {mailbox} gesendet. Geben Sie ihn hier \
                 ein, um zu zeigen, dass das Postfach Ihnen gehört. Er ist 10\u{a0}Minuten gültig."
            )
        },
        sending: |mailbox| {
            format!(
                "Wir senden gerade einen 6-stelligen Prüfcode an {mailbox}. Geben Sie ihn hier ein, sobald er da ist; er ist 10\u{a0}Minuten gültig."
            )
        },
        code: "Prüfcode aus der E-Mail",
        not_a_code: "Bitte geben Sie die 6 Ziffern aus der E-Mail ein.",
        wrong_code: |tries_left| {
            format!(
                "Das ist nicht der Prüfcode, den wir gesendet haben. Bitte sehen Sie in der \
                 neuesten E-Mail nach. Verbleibende Versuche:\u{a0}{tries_left}."
            )
        },
        earlier_code: "Das ist ein früherer Prüfcode. Bitte geben Sie den aus der neuesten E-Mail \
            ein.",
        button: "Bestätigen",
        send_again: "Neuen Prüfcode senden",
        sent_again: |time| {
            format!("Wir haben um {time} einen neuen Prüfcode gesendet. Nur der neueste gilt.")
        },
        nothing_arrived: "Nichts angekommen? Es kann eine Minute dauern. Bitte sehen Sie auch im \
            Spam-Ordner nach.",
        offer_title: "Noch ein Schritt: Bestätigen Sie Ihr Postfach",
        offer: |mailbox| {
            format!(
                "Ihr Konto weist uns nicht nach, dass das Postfach {mailbox} Ihnen gehört. Wir \
                 senden einen Prüfcode dorthin; geben Sie ihn hier ein, und Sie behalten dieses \
                 Konto."
            )
        },
        offer_to_another: |account, mailbox| {
            format!(
                "Sie sind als {account} angemeldet. Die Einladung ging an {mailbox}. Wenn auch \
                 dieses Postfach Ihnen gehört, senden wir einen Prüfcode dorthin, und Sie behalten \
                 dieses Konto."
            )
        },
        offer_to_guest: |account, mailbox| {
            format!(
                "Sie sind als {account} angemeldet. Das Konto ist ein Gast in dieser Organisation \
                 und weist uns deshalb nicht nach, dass das Postfach {mailbox} Ihnen gehört. Wir \
                 senden einen Prüfcode dorthin; geben Sie ihn hier ein, dann behalten Sie dieses \
                 Konto."
            )
        },
        no_offer: |account, mailbox| {
            format!(
                "Sie sind als {account} angemeldet. Die Einladung ging an {mailbox}. Bitte melden \
                 Sie sich mit dem Konto dieses Postfachs an, oder wenden Sie sich an die Person, \
                 die Sie eingeladen hat."
            )
        },
        no_offer_unproven: |account, mailbox| {
            format!(
                "Sie sind als {account} angemeldet. Diese Anmeldung weist uns nicht nach, dass das \
                 Postfach {mailbox} Ihnen gehört. Bitte wenden Sie sich an die Person, die Sie \
                 eingeladen hat."
            )
        },
        send_to: |mailbox| format!("Prüfcode an {mailbox} senden"),
        over_title: "Dieser Prüfcode gilt nicht mehr",
        over: |button| {
            format!(
                "Er ist älter als 10\u{a0}Minuten oder wurde zu oft falsch eingegeben. Mit „{button}“ \
                 erhalten Sie einen neuen."
            )
        },
        next_code: |time| format!("Der nächste Prüfcode kann ab {time} gesendet werden."),
    },
    join: JoinText {
        title: |company| format!("{company} beitreten"),
        lead: "Sie treten der Firma mit Ihrem eigenen Konto bei. Die Firmendaten bleiben, wie sie sind; bitte prüfen Sie Ihre eigenen Angaben.",
        created: |who, when| format!("{who} hat diese Firma am {when} angelegt."),
        created_before: |when| {
            format!("Diese Firma wurde am {when} von einer anderen Person angelegt.")
        },
        faster: "Die Firma wurde soeben von einer anderen Person angelegt, während Ihr Formular geöffnet war. Ihre Angaben zu Ihrer Person sind noch hier.",
        person: "Zu Ihrer Person",
        change: "Eigene Angaben ändern",
        button: "Firma beitreten",
    },
    welcome: WelcomeText {
        title: |name| format!("Willkommen, {name}!"),
        lead: |company, platform| format!("{company} ist jetzt auf {platform}."),
        lead_joined: |company, platform| format!("Sie gehören jetzt zu {company} auf {platform}."),
        start_here: "Das können Sie als Erstes tun.",
        nothing_to_do: "Sie können diese Seite jetzt verlassen.",
        links: "Erste Schritte",
        unsaved: |inviter| {
            format!(
                "Sie waren in einem anderen Tab schon fertig, deshalb wurde Ihre letzte Eingabe \
                 nicht gespeichert. Wenn etwas geändert werden muss, wenden Sie sich bitte an \
                 {inviter}."
            )
        },
        registered: "Das ist eingetragen",
        correct: |inviter| format!("Für Korrekturen wenden Sie sich bitte an {inviter}."),
        open_platform: |platform| format!("{platform} öffnen"),
    },
    notice: NoticeText {
        malformed_link: Message {
            title: "Dieser Link ist unvollständig",
            body: "Ein Teil der Adresse scheint zu fehlen. Bitte klicken Sie noch einmal auf die \
                Schaltfläche in Ihrer Einladungs-E-Mail oder kopieren Sie den vollständigen Link \
                daraus in Ihren Browser.",
        },
        unknown_invitation: Message {
            title: "Wir können diese Einladung nicht finden",
            body: "Bitte prüfen Sie, ob Sie den Link aus der neuesten Einladungs-E-Mail geöffnet \
                haben. Wenn es weiterhin nicht klappt, wenden Sie sich an die Person, die Sie \
                eingeladen hat.",
        },
        expired: Message {
            title: "Diese Einladung ist abgelaufen",
            body: "Zu Ihrer Sicherheit gilt eine Einladung nur für begrenzte Zeit. Die Person, \
                die Sie eingeladen hat, kann Ihnen eine neue senden.",
        },
        revoked: Message {
            title: "Diese Einladung wurde zurückgezogen",
            body: "Die Firma, die Sie eingeladen hat, hat die Einladung zurückgezogen. Wenn Sie \
                den Zugang noch brauchen, kann die Person, die Sie eingeladen hat, eine neue \
                erstellen.",
        },
        used_by_another: Message {
            title: "Diese Einladung wird bereits verwendet",
            body: "Sie wurde mit einem anderen Microsoft-Konto angenommen. Wenn das Ihr Konto ist, \
                melden Sie sich bitte damit an. Wenn nicht, bitten Sie die Person, die Sie \
                eingeladen hat, um eine eigene Einladung.",
        },
        consent_declined: Message {
            title: "Sie haben abgebrochen oder abgelehnt",
            body: "Ohne Ihre Zustimmung teilt Microsoft uns nicht mit, wer Sie sind, und wir \
                können nicht weitermachen. Es wurde nichts geändert, und Ihre Einladung gilt \
                weiterhin. Sie können es jederzeit noch einmal versuchen.",
        },
        sign_in_failed: Message {
            title: "Die Anmeldung hat nicht geklappt",
            body: "Microsoft konnte Sie nicht anmelden. Es wurde nichts geändert, und Ihre \
                Einladung gilt weiterhin. Bitte versuchen Sie es noch einmal.",
        },
        sign_in_restart: Message {
            title: "Bitte melden Sie sich neu an",
            body: "Ihre Anmeldung ist uns verloren gegangen: Sie hat vielleicht zu lange gedauert \
                oder wurde in zwei Tabs oder einem anderen Browser geöffnet. Ihre Einladung gilt \
                weiterhin. Bitte melden Sie sich noch einmal an.",
        },
        cookies_blocked: Message {
            title: "Ihr Browser behält unsere Cookies nicht",
            body: "Ihre Anmeldung ist uns zum zweiten Mal verloren gegangen. Vielleicht blockiert \
                dieser Browser Cookies. Bitte erlauben Sie sie für diese Website, oder öffnen Sie \
                Ihre Einladung in einem anderen Browser.",
        },
        wrong_account: Message {
            title: "Dieses Konto kann hier nicht verwendet werden",
            body: "Konten dieser Organisation sind für diese Einladung nicht zugelassen. Bitte \
                verwenden Sie ein anderes Konto, oder wenden Sie sich an die Person, die Sie \
                eingeladen hat.",
        },
        wrong_personal_account: "Persönliche Microsoft-Konten sind für diese Einladung nicht zugelassen. \
            Bitte verwenden Sie das Konto Ihrer Organisation, oder wenden Sie sich an \
            die Person, die Sie eingeladen hat.",
        signed_in_as: "Angemeldet als",
        invited_mailbox: "Eingeladenes Postfach",
        accepted_on: "Angenommen am",
        accepted_with: "Angenommen mit",
        work_account: "einem Geschäfts-, Schul- oder Unikonto",
        personal_account: "einem persönlichen Microsoft-Konto",
        too_many_codes: Message {
            title: "Vorerst keine weiteren Prüfcodes",
            body: "Zu Ihrer Sicherheit senden wir nur wenige Prüfcodes am Tag.",
        },
        or_invited_account: "Sie können sich auch mit dem Konto des eingeladenen Postfachs anmelden.",
        code_not_sent: Message {
            title: "Wir konnten den Prüfcode nicht senden",
            body: "Die E-Mail konnte dem eingeladenen Postfach nicht zugestellt werden. Es wurde \
                nichts verbraucht. Bitte versuchen Sie es gleich noch einmal.",
        },
        try_again_later: Message {
            title: "Bitte versuchen Sie es gleich noch einmal",
            body: "Einer unserer Dienste ist im Moment nicht erreichbar. Es ist nichts verloren \
                gegangen, und Ihre Einladung gilt weiterhin.",
        },
        form_refused: Message {
            title: "Bitte beginnen Sie hier noch einmal",
            body: "Zu Ihrer Sicherheit haben wir dieses Formular nicht angenommen, weil wir nicht \
                sicher sein konnten, dass es von unserer Seite stammt. Es wurde nichts geändert.",
        },
        address_kept: Message {
            title: "Bitte senden Sie die Adresse von hier aus",
            body: "Was Sie eingegeben haben, steht unten. Es wurde noch nichts gesendet. Bitte drücken Sie noch \
                einmal auf die Schaltfläche.",
        },
        session_over: Message {
            title: "Bitte melden Sie sich wieder an",
            body: "Zu Ihrer Sicherheit werden Sie nach 30\u{a0}Minuten abgemeldet. Melden Sie sich \
                noch einmal mit demselben Microsoft-Konto an, dann machen Sie dort weiter, wo Sie \
                waren.",
        },
        session_lost: Message {
            title: "Ihre Anmeldung ist uns verloren gegangen",
            body: "In diesem Browser gibt es keine Anmeldung zu Ihrer Einladung: Vielleicht haben \
                Sie einen anderen Browser verwendet, oder die Cookies wurden gelöscht. Ihre \
                Einladung gilt weiterhin.",
        },
        unknown_session: "Wir wissen nicht, um welche Einladung es geht: Vielleicht hat die Anmeldung \
            zu lange gedauert, Sie haben einen anderen Browser verwendet, oder die \
            Cookies wurden gelöscht. Bitte öffnen Sie den Link in Ihrer \
            Einladungs-E-Mail.",
        draft_saved: "Ihr Formular ist gespeichert: Sie finden es so vor, wie Sie es verlassen haben.",
        internal_error: Message {
            title: "Bei uns ist etwas schiefgelaufen",
            body: "Das tut uns leid. Es liegt nicht an Ihnen, und Ihre Einladung gilt weiterhin. \
                Bitte versuchen Sie es in einigen Minuten noch einmal.",
        },
        not_found: Message {
            title: "Diese Seite gibt es nicht",
            body: "Vielleicht ist die Adresse falsch geschrieben. Bitte klicken Sie noch einmal \
                auf die Schaltfläche in Ihrer Einladungs-E-Mail.",
        },
        too_large: Message {
            title: "Das Formular ist zu umfangreich",
            body: "Das gesendete Formular ist umfangreicher, als wir annehmen können. Bitte gehen Sie \
                zurück und kürzen Sie Ihre Angaben.",
        },
        next_step: "Bitte öffnen Sie den Link in Ihrer Einladungs-E-Mail, oder wenden Sie sich an \
            die Person, die Sie eingeladen hat.",
    },
    action: ActionText {
        try_again: "Noch einmal versuchen",
        use_another_account: "Anderes Konto verwenden",
        use_accepting_account: "Mit diesem Konto anmelden",
        enter_newest_code: "Neuesten Prüfcode eingeben",
        ask_for_new_invitation: "Neue Einladung anfordern",
        proceed: "Fortfahren",
        get_help: "Hilfe erhalten",
    },
    contact: contact::de::TEXT,
    upload: upload::de::TEXT,
    mail: MailText {
        subject: |organization, platform| format!("{organization} lädt Sie zu {platform} ein"),
        greeting: |name| format!("Guten Tag {name},"),
        steps: "Sie melden sich mit Ihrem Microsoft-Konto an (oder erstellen unterwegs eines), \
            prüfen die Angaben zu Ihrer Firma und können loslegen. Das dauert nur wenige Minuten.",
        copy_link: "Wenn die Schaltfläche nicht funktioniert, kopieren Sie diesen Link in Ihren \
            Browser:",
        valid_until: |expires| {
            format!("Der Link ist nur für Sie bestimmt und gültig bis {expires}.")
        },
        help: "Fragen? Hier finden Sie Hilfe:",
        docs: "Die Dokumentation finden Sie hier:",
        unexpected: "Sie haben diese Einladung nicht erwartet? Dann ignorieren Sie diese E-Mail \
            einfach.",
        reminder_subject: |platform| format!("Erinnerung: Ihre Einladung zu {platform}"),
        reminder_lead: |platform| {
            format!(
                "Ihre Einladung zu {platform} ist noch offen. Falls Sie noch nicht dazu gekommen sind, können Sie sie hier annehmen."
            )
        },
        renewal_subject: |company| format!("{company} bittet um eine neue Einladung"),
        renewal_body: |who, company, platform| {
            format!(
                "{who} ({company}) hat eine nicht mehr gültige Einladung zu {platform} geöffnet \
                 und bittet Sie um eine neue."
            )
        },
        renewal_instructions: "Wenn Sie einverstanden sind, senden Sie die Einladung in Ihrem \
            System erneut. Sie finden sie anhand dieser Angaben:",
        company_subject: |company, platform| format!("{company} ist jetzt auf {platform}"),
        company_body: |who, company, platform| {
            format!(
                "{who} hat Ihre Einladung angenommen, die Firmendaten geprüft und {company} auf \
                 {platform} angelegt."
            )
        },
        joined_subject: |who, company| format!("{who} gehört jetzt zu {company}"),
        joined_body: |who, company, platform| {
            format!(
                "{who} hat Ihre Einladung angenommen und ist {company} auf {platform} beigetreten. Die Firma war bereits angelegt."
            )
        },
        invitation_id: "Einladung",
        customer_number: "Kundennummer",
        invited_mailbox: "Eingeladenes Postfach",
        code_subject: |platform| format!("Ihr Prüfcode für {platform}"),
        code_lead: |platform| {
            format!(
                "Mit diesem Prüfcode bestätigen Sie gegenüber {platform}, dass dieses Postfach \
                 Ihnen gehört:"
            )
        },
        code_validity: |minutes| {
            format!(
                "Er ist {minutes} {} gültig. Bitte geben Sie ihn an niemanden weiter.",
                plural(minutes, "Minute", "Minuten")
            )
        },
        code_unexpected: "Sie haben keinen Prüfcode angefordert? Dann ignorieren Sie diese E-Mail \
            einfach.",
    },
};
