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
};
