use super::*;

pub(super) static TEXT: OrganisationText = OrganisationText {
    stopped: StoppedText {
        question: "Microsoft の画面で止まりましたか？",
        unknown: Message {
            title: "まだサインインしていません",
            body: "Microsoft でのサインインが完了しませんでした。何も変更されておらず、招待は引き続き有効です。",
        },
        approval_title: "先に所属組織の許可が必要です",
        blameless: "お客様の操作に誤りはありません。",
        consent: |platform| {
            format!(
                "所属組織のアカウントを使えるアプリは、組織が決めています。まず管理者が {platform} を\
                 承認する必要があります。"
            )
        },
        assignment: |platform| {
            format!(
                "所属組織では、{platform} を利用できる人が限られています。管理者による追加が必要です。"
            )
        },
        conditional_access: "このサインインは、所属組織のセキュリティ規則を満たしていません。組織の端末または\
                 ネットワークからお試しください。",
        cross_tenant: |platform| {
            format!(
                "所属組織では、他の組織のアプリへのサインインが制限されています。まず管理者が {platform} \
                 を許可する必要があります。"
            )
        },
        refused_account: Message {
            title: "このアカウントはここでは使用できません",
            body: "このアカウントでのサインインは、Microsoft に受け付けられませんでした。招待先メールボックスの\
                アカウントなど、別のアカウントをお使いください。",
        },
        configuration: Message {
            title: "現在サインインできません",
            body: "当方の設定に誤りがあります。ご迷惑をおかけして申し訳ございません。今もう一度試しても\
                解決しません。この問題は、サービスの運営者が確認できるように記録されました。",
        },
        works_until: |expires| format!("招待は {expires}まで有効です。"),
        number: "Microsoft の番号",
        what_microsoft_says: "Microsoft の画面には何と表示されましたか？",
        enter_number: "AADSTS50105 のような番号が表示されている場合は、ここに入力してください",
        show_help: "対処方法を表示",
        cancelled_case: Message {
            title: "キャンセルまたは拒否した",
            body: "いつでもサインインをやり直せます。",
        },
        approval_case: Message {
            title: "承認が必要、またはアクセスがブロックされた",
            body: "所属組織の許可が必要です。下の文章を IT 部門に送ってください。",
        },
        account_case: Message {
            title: "アカウントが存在しない、または使用できない",
            body: "招待先メールボックスのアカウントなど、別のアカウントをお使いください。",
        },
        for_it: "IT 部門の方へ",
        copy: "この文章をコピーするか、メールで送ってください。招待のリンクは含まれていません。",
        send: "IT 部門にメールで送る",
        allowed_now: "許可されたのでサインインする",
        later: "後でもう一度試す",
    },
    pass: PassText {
        request: |platform| format!("{platform} へのサインイン許可のお願い"),
        situation: |platform, organization| {
            format!(
                "{organization} から {platform} に招待されました。職場アカウントでサインインしようと\
                 しましたが、Microsoft で止められました。"
            )
        },
        app: "アプリ",
        client_id: "アプリケーション（クライアント）ID",
        operator: "サービスのアドレス",
        support: "お問い合わせ先",
        permissions: "アクセス許可",
        only_identity: "openid profile email（名前とメールアドレスのみ）",
        to_consent: "必要な作業：Microsoft Entra 管理センターの「エンタープライズ アプリケーション」で、\
            このアプリに管理者の同意を与えてください。",
        to_consent_at: "必要な作業：管理者によるアプリの承認。次のページで要求内容を確認し、Microsoft に\
            進めます：",
        to_assign: "必要な作業：Microsoft Entra 管理センターの「エンタープライズ アプリケーション」で、\
            私をこのアプリに割り当てるか、「割り当てが必要」をオフにしてください。",
        to_exempt: "必要な作業：条件付きアクセス ポリシーがサインインをブロックしています。該当する\
            ポリシーは Microsoft Entra のサインイン ログで確認できます。変更するか、このアプリを対象から\
            除外してください。",
        to_allow_tenant: "必要な作業：Microsoft Entra のテナント間アクセス設定またはテナント制限で、\
            このアプリを許可してください。",
        to_find_out: "必要な作業：理由は Microsoft Entra のサインイン ログで確認できます。アプリの承認が\
            必要な場合は、次のページで要求内容を確認し、Microsoft に進めます：",
    },
    approval: ApprovalText {
        heading: |platform| format!("{platform} へのサインインの承認"),
        introduction: |organization, platform| {
            format!(
                "{organization} が貴組織の方を {platform} に招待しました。職場アカウントでサインインする\
                 には、まず管理者がアプリを承認する必要があります。"
            )
        },
        invited_by: "招待元",
        what_is_shared: "アプリが取得するのは、サインインする方の名前とメールアドレスだけです。\
            メールボックス、ファイルその他のデータにはアクセスできず、何も変更できません。",
        to_microsoft: "Microsoft に進む",
        not_yet: "Microsoft の画面で管理者としてサインインすると、同じアクセス許可が表示されます。それまでは\
            何も承認されません。",
        approved: Message {
            title: "ご承認ありがとうございます",
            body: "承認を待っている方は、これでサインインできます。ここでの作業は\
                以上です。このページは閉じてかまいません。",
        },
        not_approved: Message {
            title: "アプリは承認されていません",
            body: "承認されなかったと Microsoft から通知がありました。何も変更されていません。承認には\
                貴組織の管理者アカウントが必要です。",
        },
        closed: Message {
            title: "承認が必要なものはもうありません",
            body: "この依頼のもとになった招待は、承諾されたか終了しています。まだサインインできない方が\
                いる場合は、新しい文章を送るようお伝えください。",
        },
        unmatched: Message {
            title: "この応答を確認できません",
            body: "すでに処理されたか、1 時間以上経過したか、別のブラウザーで開始されています。Microsoft で\
                承認した内容は有効です。依頼した方に、もう一度サインインするようお伝えください。",
        },
    },
    approved_mail: ApprovedMailText {
        approved_subject: |platform| format!("{platform} にサインインできるようになりました"),
        approved_body: |platform| {
            format!(
                "所属組織が {platform} へのサインインを承認したとの連絡がありました。同じリンクから\
                 お手続きを続けられます。"
            )
        },
    },
};
