use super::*;

pub(super) static TEXT: DeskText = DeskText {
    frame: DeskFrameText {
        desk: "招待の管理",
        invitations: "招待一覧",
        new: "新しい招待",
        many: "一括招待",
        sign_out: "サインアウト",
        reads_only: "閲覧のみ",
    },
    notice: DeskNoticeText {
        sign_in: Message {
            title: "招待を管理するにはサインインしてください",
            body: "お客様を招待する社員のためのページです。職場アカウントをお使いください。",
        },
        sign_in_button: "Microsoft でサインイン",
        another_account: "別のアカウントを使う",
        signed_out: Message {
            title: "サインアウトしました",
            body: "このブラウザーでは、Microsoft にはまだサインインしている可能性があります。",
        },
        session_over: Message {
            title: "セッションの有効期限が切れました",
            body: "何も変更されていません。入力内容はこのページに残っています。サインインしてから\
                このページに戻り、もう一度送信してください。",
        },
        file_lost: "ファイルはもう一度選択してください。",
        sign_in_first: "サインイン（新しいタブ）",
        send_again: "もう一度送信",
        no_role: Message {
            title: "このアカウントには利用権限がありません",
            body: "Microsoft Entra ID の管理者に、エンタープライズ アプリケーションで次のいずれかの\
                ロールの割り当てを依頼してください。その後、もう一度サインインしてください。",
        },
        signed_in_as: "サインイン中のアカウント",
        to_manage: "招待の作成と変更",
        to_read: "招待の閲覧",
        reads_only: Message {
            title: "お持ちのロールではこの操作はできません",
            body: "招待の閲覧はできますが、変更はできません。Microsoft Entra ID の管理者に \
                Invitations.Manage ロールを依頼してください。",
        },
        sign_in_failed: Message {
            title: "サインインできませんでした",
            body: "もう一度お試しください。解決しない場合は、このページを Microsoft Entra ID の管理者\
                に見せてください。",
        },
        number: "Microsoft の番号",
        not_found: Message {
            title: "このページはありません",
            body: "アドレスをご確認ください。",
        },
        unknown_invitation: Message {
            title: "この招待はありません",
            body: "招待は、最後の操作から一定の期間が過ぎると削除されます。",
        },
        form_refused: Message {
            title: "このフォームは受け付けられません",
            body: "何も変更されていません。ページが古いか、別のアカウントで開かれた可能性があります。\
                もう一度開いてください。",
        },
        too_large: Message {
            title: "データが大きすぎます",
            body: "何も変更されていません。入力を短くするか、小さいファイルを選択してください。",
        },
        try_again_later: Message {
            title: "ただいま処理できません",
            body: "1 分ほどしてからもう一度お試しください。直前の変更が保存されたかどうかは確実では\
                ありません。繰り返す前にご確認ください。",
        },
        internal_error: Message {
            title: "こちら側で問題が発生しました",
            body: "エラーは記録されました。しばらくしてからもう一度お試しください。",
        },
        back: "招待一覧に戻る",
    },
    list: DeskListText {
        title: "招待一覧",
        whose: "作成者",
        mine: "自分",
        everyones: "全員",
        status: "状態",
        any: "すべて",
        pending: "承諾待ち",
        expired: "期限切れ",
        accepted: "承諾済み",
        completed: "完了",
        revoked: "取り消し済み",
        erased: "消去済み",
        delivery_failed: "配信失敗",
        search: "メールアドレス、顧客番号、会社名",
        search_hint: "招待に登録されたとおりに全体を入力",
        show: "表示",
        reset: "リセット",
        recipient: "招待先",
        company: "会社",
        created: "作成日",
        valid_until: "有効期限",
        empty: Message {
            title: "招待はまだありません",
            body: "招待を作成すると、ここに表示されます。",
        },
        nothing_found: Message {
            title: "見つかりませんでした",
            body: "条件に合う招待はありません。メールアドレス、顧客番号、会社名は、全体を入力した場合\
                にのみ見つかります。",
        },
        searched_on: Message {
            title: "ここまでには見つかりませんでした",
            body: "まだ検索していない古い招待があります。",
        },
        older: "古い招待",
        newest: "最新に戻る",
    },
    one: DeskOneText {
        pending: |until| format!("{until} まで承諾できます。"),
        expired: |at| format!("{at} に期限が切れました。再送すると期限が延びます。"),
        accepted: |at| {
            format!("{at} に承諾されました。会社の作成、または会社への参加がまだ済んでいません。")
        },
        completed: |at| format!("{at} に完了し、会社が作成されました。"),
        joined: |at| format!("{at} に完了し、同僚が作成した会社に参加しました。"),
        revoked: |at| format!("{at} に取り消されました。"),
        erased: |at| format!("個人データは {at} に消去されました。"),
        reason: "理由",
        invitation: "招待",
        language: "言語",
        inviter: "招待者",
        message: "メッセージ",
        registered: "会社（登録時）",
        confirmed: "会社（お客様の確認後）",
        delivery: "配信",
        timeline: "履歴",
        by: |who| format!("担当：{who}"),
        by_staff: "担当：社員",
        by_integrator: "担当：連携システム",
        actions: "操作",
        resend: "再送",
        resend_hint: |until| format!("同じリンクを再送し、有効期限を {until} まで延ばします。"),
        correct: "訂正",
        link: "リンクを表示",
        link_body: "パスワードと同じように扱い、招待先の本人だけに渡してください。表示したことは履歴\
            に記録されます。",
        link_unreadable: "キーが廃止されたため、リンクを読み取れません。新しい招待を作成してください。",
        revoke: "取り消す",
        revoke_question: "この招待を取り消しますか？",
        revoke_body: "リンクはすぐに使えなくなります。この操作は元に戻せません。",
        revoke_reason: "理由（招待先には表示されません）",
        erase: "個人データを消去",
        erase_question: "この招待の個人データを消去しますか？",
        erase_body: "氏名、アドレス、会社のデータは完全に削除され、未完了の招待は取り消されます。\
            この操作は元に戻せません。",
        cancel: "キャンセル",
        resent: "招待を再送しています。",
        renewed: "有効期限を延ばしました。メールは送信されません。",
        corrected: "変更を保存しました。招待をもう一度送るには「再送」を押してください。",
        revoked_now: "招待を取り消しました。",
        erased_now: "個人データを消去しました。",
        too_many_emails: |next| {
            format!("1 日に 5 通のメールが送信されました。次は {next} 以降に送信できます。")
        },
        state_forbids: "何も変更されていません。招待の状態により、この操作はできません。",
        conflict: "何も変更されていません。ページを開いた後に招待が変更されました。現在の内容は次の\
            とおりです。",
    },
    correct: DeskCorrectText {
        correct_title: "招待の訂正",
        save: "保存",
        not_mailed: "リンクは変わりません。保存してもメールは送信されません。",
        overtaken: "このページを開いた後に招待が変更されました。下は入力された内容です。保存すると、\
            ほかの人の変更が置き換えられます。",
    },
    delivery: DeskDeliveryText {
        email: "メール",
        webhook: "連携システム",
        none: "配信するものはありません。",
        queued: "配信中です。",
        retrying: |next| format!("まだ配信できていません。次の試行：{next}"),
        delivered: |at| format!("配信済み（最後：{at}）。"),
        failed: "配信できませんでした：",
        no_mail_server: "このサービスはメールを送信しません。",
    },
    event: DeskEventText {
        created: "招待を作成",
        sent: "メールを送信",
        delivery_failed: "メールを送信できませんでした",
        resent: "再送または期限の延長",
        updated: "訂正",
        link_revealed: "リンクを表示",
        reminded: "リマインダーを送信",
        expired: "期限切れ",
        renewal_requested: "招待先が新しい招待を依頼",
        approved: "管理者がアプリの承認を報告",
        help_requested: "招待先がサポートを依頼",
        declined: "招待先が「自分は担当者ではない」と連絡",
        accepted: "承諾",
        revoked: "取り消し",
        erased: "個人データを消去",
        company_created: "会社を作成",
        company_joined: "同僚の会社に参加",
    },
};
