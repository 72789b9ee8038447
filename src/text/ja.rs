use super::*;

pub(super) static TEXT: Text = Text {
    tag: "ja",
    native_name: "日本語",
    expiry: |at| {
        format!(
            "{}年{}月{}日 {:02}:{:02}（UTC）",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute()
        )
    },
    day: |at| format!("{}年{}月{}日", at.year(), u8::from(at.month()), at.day()),
    form_of_address: names::full,
    frame: FrameText {
        progress: "進行状況",
        steps: ["ご招待", "サインイン", "会社情報", "ご利用開始"],
        step: |step, label| format!("ステップ {step}／4：{label}"),
        help: "ヘルプ",
        language: "言語",
    },
    invite: InviteText {
        title: |platform| format!("{platform} へのご招待"),
        greeting: |name| format!("{name}\u{a0}様"),
        lead: |inviter, organization, platform| {
            format!("{organization} の {inviter} より、{platform} へのご招待が届いています。")
        },
        message_from: |inviter| format!("{inviter} からのメッセージ"),
        mailbox: "ご招待先のメールアドレス",
        company: "会社",
        expires: "有効期限",
        next_steps: "今後の流れ",
        have_account: "このアドレスの Microsoft アカウントをお持ちの場合",
        have_account_body: "そのアカウントでサインインしてください。サインイン後、\
            自動的にこのサイトに戻ります。すでにサインイン済みの場合は、すぐに完了します。",
        no_account: "まだお持ちでない場合",
        no_account_body: "Microsoft のサイトで、アカウントを無料で作成できます。\
            ご本人のメールアドレスであることを確認するため、Microsoft からコードが届きます。\
            確認後、このサイトに戻ります。",
        create_one_hint: "Microsoft のサインイン画面で「作成できます」を選択してください。",
        afterwards: "最後に貴社の情報をご確認いただくと、ご利用を開始できます。",
        get_started: "今すぐ始める",
        sign_up: "Microsoft アカウントをお持ちでない方",
        password: "パスワードは Microsoft の画面でのみ入力していただきます。\
            当サイトがパスワードを知ることはありません。",
        unexpected: "お心当たりがない場合は、このページを閉じてください。何も変更されていません。",
        accepted_title: "ご招待は承諾済みです",
        accepted_body: "このご招待はすでに承諾いただいています。同じ Microsoft アカウントでサインイ\
            ンすると、続きから再開できます。",
        accepted_button: "サインインして続ける",
        completed_title: "準備が完了しています",
        completed_body: |company, platform| {
            format!(
                "{company} は {platform} への登録が完了しています。\
                 同じ Microsoft アカウントでサインインしてご利用ください。"
            )
        },
        completed_button: |platform| format!("{platform} にサインイン"),
    },
    company: CompanyText {
        title: "会社情報のご確認",
        lead: |organization| {
            format!(
                "以下は {organization} に登録されている情報です。内容をご確認のうえ、誤りがあれば修正してください。"
            )
        },
        lead_empty: "貴社の情報を入力してください。",
        customer_number: "お客様番号",
        company: "会社",
        address: "所在地",
        contact: "貴社のご担当者",
        company_name: "会社名",
        vat_number: |country| match country {
            "JP" => "法人番号または登録番号",
            "US" => "納税者番号（EIN）",
            _ => "VAT 番号（税務登録番号）",
        },
        website: "Web サイト",
        country: "国または地域",
        choose_country: "選択してください",
        street: |_| "町名・番地・建物名",
        postal_code: |_| "郵便番号",
        city: |_| "市区町村",
        region: |country| match country {
            "JP" => "都道府県",
            "US" | "BR" | "MX" | "AU" | "CA" | "CH" => "州",
            _ => "都道府県または州",
        },
        first_name: "名",
        last_name: "姓",
        phone: "電話番号",
        phone_example: |example| format!("例：{example}"),
        email: "メールアドレス",
        email_note: "ご招待をお送りしたアドレスのため、ここでは変更できません。",
        optional: "（任意）",
        registered_by: |organization| format!("{organization} の登録内容"),
        missing_entries: |_, count, names| {
            format!("未入力の項目が {count}\u{a0}件あります：{names}")
        },
        wrong_entries: |_, count, names| {
            format!("ご確認が必要な項目が {count}\u{a0}件あります：{names}")
        },
        comma: "、",
        change: "内容を修正する",
        create: "会社を登録する",
        creating: "登録しています…",
        not_ready: "ご確認が必要な項目があります。",
        ready: "入力内容に問題はありません。",
    },
    problem: ProblemText {
        missing: "この項目を入力してください。",
        too_long: |max| format!("{max} 文字以内で入力してください。"),
        invisible_characters: "目に見えない文字が含まれています。入力し直してください。",
        unknown_country: "一覧から国または地域を選択してください。",
        postal_code: |example, country| {
            format!("{country}の郵便番号は {example} のような形式です。")
        },
        postal_code_any: |example| {
            format!(
                "{example} のような郵便番号を入力してください。郵便番号のない国の場合は空欄にしてください。"
            )
        },
        phone: |example| {
            format!(
                "{example} のような番号か、「+」と国番号から始まる番号を入力してください。空欄でもかまいません。"
            )
        },
        vat_number: |example| format!("{example} の形式で入力するか、空欄にしてください。"),
        website: "www.example.com のような Web アドレスを入力するか、空欄にしてください。",
        colon: "：",
    },
    confirm: ConfirmText {
        title: "メールアドレスのご確認",
        lead: |mailbox| {
            format!(
                "{mailbox} 宛てに 6 桁の確認コードをお送りしました。\
                 ご本人のメールアドレスであることを確認するため、以下に入力してください。\
                 コードの有効期間は 10 分です。"
            )
        },
        sending: |mailbox| {
            format!(
                "{mailbox} 宛てに 6 桁の確認コードをお送りしています。届きましたら、こちらに入力してください。コードの有効期間は 10 分です。"
            )
        },
        code: "メールに記載の確認コード",
        not_a_code: "メールに記載の 6 桁の数字を入力してください。",
        wrong_code: |tries_left| {
            format!(
                "確認コードが正しくありません。最新のメールをご確認ください。残り {tries_left}\u{a0}\
                 回入力できます。"
            )
        },
        earlier_code: "これは以前の確認コードです。最新のメールに記載のコードを入力してください。",
        button: "確認する",
        send_again: "新しい確認コードを送信",
        sent_again: |time| {
            format!("{time}に新しい確認コードをお送りしました。最新のコードのみ有効です。")
        },
        nothing_arrived: "メールが届かない場合は、1 分ほどお待ちください。\
            迷惑メールフォルダーもご確認ください。",
        offer_title: "あと一歩です：メールアドレスのご確認",
        offer: |mailbox| {
            format!(
                "サインイン中のアカウントでは、{mailbox} がご本人のものであることを確認できません。\
                 そのアドレスに確認コードをお送りします。入力後も、\
                 このアカウントをそのままお使いいただけます。"
            )
        },
        offer_to_another: |account, mailbox| {
            format!(
                "{account} としてサインインしています。ご招待は {mailbox} 宛てにお送りしました。\
                 そのアドレスもご本人のものであれば、確認コードをお送りします。\
                 このアカウントをそのままお使いいただけます。"
            )
        },
        offer_to_guest: |account, mailbox| {
            format!(
                "{account} としてサインインしています。このアカウントはその組織のゲストであるため、\
                 {mailbox} がご本人のものであることを確認できません。そのアドレスに確認コードをお\
                 送りします。ここに入力すると、このアカウントをそのままお使いいただけます。"
            )
        },
        no_offer: |account, mailbox| {
            format!(
                "{account} としてサインインしています。ご招待は {mailbox} 宛てにお送りしました。\
                 そのアドレスのアカウントでサインインするか、招待した担当者にお問い合わせください。"
            )
        },
        no_offer_unproven: |account, mailbox| {
            format!(
                "{account} としてサインインしています。このサインインでは、{mailbox} がご本人のものであることを\
                 確認できません。招待した担当者にお問い合わせください。"
            )
        },
        send_to: |mailbox| format!("{mailbox} に確認コードを送信"),
        over_title: "この確認コードは無効です",
        over: |button| {
            format!(
                "送信から 10 分が過ぎたか、入力の誤りが上限に達しました。新しいコードを受け取るには、\
                 「{button}」を押してください。"
            )
        },
        next_code: |time| format!("次の確認コードは {time}以降に送信できます。"),
    },
    join: JoinText {
        title: |company| format!("{company} に参加する"),
        lead: "ご自身のアカウントで参加します。会社情報はこのまま使用されます。ご自身の情報をご確認ください。",
        created: |who, when| format!("{who} 様が{when}にこの会社を登録されました。"),
        created_before: |when| format!("同僚の方が{when}にこの会社を登録されました。"),
        faster: "フォームを開いている間に、同僚の方が会社を登録されました。ご自身について入力された内容はそのまま残っています。",
        person: "ご自身の情報",
        change: "ご自身の情報を修正する",
        button: "会社に参加する",
    },
    welcome: WelcomeText {
        title: |name| format!("{name}\u{a0}様、ようこそ"),
        lead: |company, platform| format!("{company} が {platform} に登録されました。"),
        lead_joined: |company, platform| format!("{platform} の {company} に参加されました。"),
        start_here: "まずは以下からお始めください。",
        nothing_to_do: "このページは閉じていただいてかまいません。",
        links: "はじめに",
        unsaved: |inviter| {
            format!(
                "別のタブですでに手続きが完了していたため、最後に入力された内容は保存されていません。\
                 変更が必要な場合は {inviter} 様にお問い合わせください。"
            )
        },
        registered: "登録内容",
        correct: |inviter| format!("内容の訂正をご希望の場合は、{inviter} 様までご連絡ください。"),
        open_platform: |platform| format!("{platform} を開く"),
    },
    notice: NoticeText {
        malformed_link: Message {
            title: "リンクが不完全です",
            body: "アドレスの一部が欠けているようです。招待メールのボタンをもう一度押すか、\
                メールに記載のリンク全体をブラウザーに貼り付けてください。",
        },
        unknown_invitation: Message {
            title: "ご招待が見つかりません",
            body: "最新の招待メールのリンクを開いているかご確認ください。それでも開けない場合は、\
                招待元のご担当者にお問い合わせください。",
        },
        expired: Message {
            title: "ご招待の有効期限が切れています",
            body: "安全のため、ご招待には有効期限があります。招待元のご担当者が新しい招待をお送り\
                できます。",
        },
        revoked: Message {
            title: "ご招待は取り消されました",
            body: "招待元の会社がこのご招待を取り消しました。引き続きご利用を希望される場合は、招\
                待元のご担当者が新しい招待を作成できます。",
        },
        used_by_another: Message {
            title: "このご招待は使用済みです",
            body: "別の Microsoft アカウントで承諾されています。ご自身のアカウントであれば、\
                そのアカウントでサインインしてください。そうでない場合は、\
                招待元のご担当者にご自身宛ての招待をご依頼ください。",
        },
        consent_declined: Message {
            title: "サインインがキャンセルまたは拒否されました",
            body: "同意をいただけない場合、Microsoft からご本人の情報が提供されないため、\
                先に進めません。何も変更されておらず、ご招待は引き続き有効です。\
                いつでもやり直していただけます。",
        },
        sign_in_failed: Message {
            title: "サインインできませんでした",
            body: "Microsoft でサインインを完了できませんでした。何も変更されておらず、\
                ご招待は引き続き有効です。もう一度お試しください。",
        },
        sign_in_restart: Message {
            title: "もう一度サインインしてください",
            body: "サインインの情報が失われました。時間がかかりすぎたか、2 つのタブまたは別のブラ\
                ウザーで開かれた可能性があります。ご招待は引き続き有効です。もう一度サインインし\
                てください。",
        },
        cookies_blocked: Message {
            title: "ブラウザーが Cookie を保存していません",
            body: "サインインの情報が再び失われました。このブラウザーが Cookie をブロックしている\
                可能性があります。このサイトの Cookie を許可するか、別のブラウザーでご招待を開い\
                てください。",
        },
        wrong_account: Message {
            title: "このアカウントはここでは使用できません",
            body: "この組織のアカウントは、今回のご招待ではご利用いただけません。\
                別のアカウントを使用するか、招待した担当者にお問い合わせください。",
        },
        wrong_personal_account: "個人の Microsoft アカウントは、今回のご招待ではご利用いただけません。所属す\
            る組織のアカウントを使用するか、招待した担当者にお問い合わせください。",
        signed_in_as: "サインイン中のアカウント",
        invited_mailbox: "ご招待先のメールアドレス",
        accepted_on: "承諾日時",
        accepted_with: "承諾したアカウント",
        work_account: "職場または学校のアカウント",
        personal_account: "個人の Microsoft アカウント",
        too_many_codes: Message {
            title: "現在、これ以上送信できません",
            body: "安全のため、1 日にお送りする確認コードの数を制限しています。",
        },
        or_invited_account: "ご招待先のメールアドレスのアカウントでサインインすることもできます。",
        code_not_sent: Message {
            title: "確認コードを送信できませんでした",
            body: "ご招待先のメールアドレスにメールを送信できませんでした。\
                送信回数には数えられていません。しばらくしてからもう一度お試しください。",
        },
        try_again_later: Message {
            title: "しばらくしてからお試しください",
            body: "現在、サービスの一部に接続できません。データは失われておらず、\
                ご招待は引き続き有効です。",
        },
        form_refused: Message {
            title: "こちらからやり直してください",
            body: "当サイトから送信されたことを確認できなかったため、\
                安全のためフォームを受け付けませんでした。何も変更されていません。",
        },
        address_kept: Message {
            title: "このページからアドレスを送信してください",
            body: "入力された内容は下に残っています。まだ何も送信されていません。もう一度ボタンを押してください。",
        },
        session_over: Message {
            title: "もう一度サインインしてください",
            body: "安全のため、30 分でサインアウトします。同じ Microsoft アカウントでもう一度サイ\
                ンインすると、続きから再開できます。",
        },
        session_lost: Message {
            title: "サインインの情報が失われました",
            body: "このブラウザーには、ご招待のサインイン情報がありません。別のブラウザーを使用し\
                たか、Cookie が削除された可能性があります。ご招待は引き続き有効です。",
        },
        unknown_session: "どのご招待に関するものか確認できません。サインインに時間がかかりすぎたか、別\
            のブラウザーを使用したか、Cookie が削除された可能性があります。招待メールの\
            リンクを開いてください。",
        draft_saved: "入力内容は保存されています。フォームを開くと、そのまま再表示されます。",
        internal_error: Message {
            title: "システムで問題が発生しました",
            body: "申し訳ございません。お客様の操作が原因ではありません。ご招待は引き続き有効です。\
                数分後にもう一度お試しください。",
        },
        not_found: Message {
            title: "ページが見つかりません",
            body: "アドレスが間違っている可能性があります。招待メールのボタンをもう一度押してくださ\
                い。",
        },
        too_large: Message {
            title: "フォームのデータが大きすぎます",
            body: "送信されたフォームが上限を超えています。前のページに戻り、\
                入力内容を短くしてください。",
        },
        next_step: "招待メールのリンクを開くか、招待元のご担当者にお問い合わせください。",
    },
    action: ActionText {
        try_again: "もう一度試す",
        use_another_account: "別のアカウントを使用",
        use_accepting_account: "そのアカウントでサインイン",
        enter_newest_code: "最新の確認コードを入力",
        ask_for_new_invitation: "新しい招待を依頼",
        proceed: "続ける",
        get_help: "ヘルプを見る",
    },
    contact: contact::ja::TEXT,
    upload: upload::ja::TEXT,
    mail: MailText {
        subject: |organization, platform| format!("{organization} より {platform} へのご招待"),
        greeting: |name| format!("{name}\u{a0}様"),
        steps: "Microsoft アカウントでサインインし（お持ちでない場合は途中で作成できます）、\
            貴社の情報をご確認いただくと、ご利用を開始できます。所要時間は数分です。",
        copy_link: "ボタンが機能しない場合は、次のリンクをコピーしてブラウザーに貼り付けてくださ\
            い：",
        valid_until: |expires| format!("このリンクはご本人専用です。有効期限は {expires}です。"),
        help: "ご不明な点は、こちらをご覧ください：",
        docs: "製品資料はこちらです：",
        unexpected: "このご招待にお心当たりがない場合は、このメールを破棄してください。",
        reminder_subject: |platform| format!("【ご確認】{platform} へのご招待"),
        reminder_lead: |platform| {
            format!(
                "{platform} へのご招待は、まだ有効です。まだお手続きがお済みでない場合は、こちらから承諾していただけます。"
            )
        },
        renewal_subject: |company| format!("{company} が新しい招待を希望しています"),
        renewal_body: |who, company, platform| {
            format!(
                "{who} 様（{company}）が、無効になった {platform} への招待を開き、\
                 新しい招待を希望されています。"
            )
        },
        renewal_instructions: "ご承認いただける場合は、お使いのシステムから招待を再送してください。\
            該当の招待は次の情報で検索できます。",
        company_subject: |company, platform| format!("{company} が {platform} に登録されました"),
        company_body: |who, company, platform| {
            format!(
                "{who} 様が招待を承諾し、会社情報を確認して、{platform} に {company} を登録されまし\
                 た。"
            )
        },
        joined_subject: |who, company| format!("{who} 様が {company} に参加されました"),
        joined_body: |who, company, platform| {
            format!("{who} 様が招待を承諾し、{platform} に登録済みの {company} に参加されました。")
        },
        invitation_id: "招待 ID",
        customer_number: "お客様番号",
        invited_mailbox: "招待先のメールアドレス",
        code_subject: |platform| format!("{platform} の確認コード"),
        code_lead: |platform| {
            format!("{platform} で、ご本人のメールアドレスであることを確認するためのコードです。")
        },
        code_validity: |minutes| {
            format!("有効期間は {minutes} 分です。ほかの方には教えないでください。")
        },
        code_unexpected: "確認コードをリクエストしていない場合は、このメールを破棄してください。",
    },
};
