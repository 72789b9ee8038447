use super::{Blocks, CodeMail, Errors, Words};

pub(super) static WORDS: Words = Words {
    tag: "ja",
    stand_in: "サインイン（ローカルの代用ページ）",
    disclaimer: "動作確認用のページです。Microsoft のページではありません。",
    sign_in: "サインイン",
    choose_account: "アカウントを選択する",
    signed_in: "サインイン済み",
    address: "メールアドレス",
    another_address: "別のメールアドレス",
    no_account: "アカウントをお持ちでない場合は、メールアドレスを入力してください。次のページで作成\
        できます。",
    next: "次へ",
    cancel: "キャンセル",
    use_another: "別のアカウントを使用する",
    welcome: |name| format!("{name} さん、ようこそ"),
    no_password: "実際のサービスでは、ここでパスワードの入力を求められます。このページではボタンを\
        押すだけで進めます。",
    unknown: "このアカウントは存在しません",
    can_create: "このメールアドレスでアカウントを作成できます。所要時間は約 1 分です。ご本人のメール\
        アドレスであることを確認するため、コードをお送りします。",
    create_one: "アカウントを作成する",
    create: "アカウントの作成",
    your_name: "お名前",
    send_code: "コードを送信",
    have_account: "アカウントを持っている",
    enter_code: "コードの入力",
    code_sent: "次のメールアドレス宛てに 6 桁のコードをお送りしました。",
    code: "コード",
    send_new_code: "新しいコードを送信",
    almost_there: |name| format!("{name} さん、あと少しです"),
    terms: "ここで作成するアカウントは動作確認専用です。",
    each_term: [
        "パスワードがないため、この端末を使う人は誰でも使用できます。",
        "この端末にのみ保存されます。",
        "Microsoft アカウントではありません。",
    ],
    agree: "この利用条件に同意します。",
    create_account: "アカウントを作成",
    consent: "このアプリにアカウントの使用を許可しますか？",
    app_would_like: |app| format!("アプリ {app} は次の許可を求めています。"),
    to_sign_in: "サインインする",
    to_see_profile: "お名前とユーザー名を表示する",
    to_see_email: "メールアドレスを表示する",
    accept: "承諾",
    decline: "拒否",
    approval_required: "承認が必要です",
    blocked: "ここからはアクセスできません",
    return_to_app: "アプリに戻る",
    review: "要求されているアクセス許可：組織の代わりに確認する",
    no_administrator: "組織のアプリを承認できるアカウントは、ここにはありません。",
    blocks: Blocks {
        approval: "このアプリには、管理者のみが付与できるアクセス許可が必要です。",
        assignment: "サインインしたユーザーは、アプリケーションのロールに割り当てられていません。",
        conditional_access: "条件付きアクセス ポリシーにより、アクセスがブロックされました。",
        unknown_user: "ユーザー アカウントがテナントに存在しません。",
        unknown_app: "アプリケーションがディレクトリに見つかりませんでした。",
    },
    errors: Errors {
        not_an_address: "メールアドレスを入力してください。例：name@example.com",
        account_refused: "このアカウントはここでは使用できません。別のアカウントを使用してくださ\
            い。",
        no_such_account: "このアカウントはどの組織にも存在しません。",
        no_name: "お名前を入力してください。",
        exists: "このメールアドレスのアカウントはすでに存在します。",
        not_sent: |why| {
            format!(
                "このメールアドレスにコードを送信できませんでした（{why}）。アドレスを確認し、もう\
                 一度お試しください。"
            )
        },
        too_many_tries: "コードが 5 回間違っていました。新しいコードを送信してください。",
        wrong_code: "コードが正しくありません。確認して、もう一度お試しください。",
    },
    code_mail: CodeMail {
        subject: "セキュリティ コード",
        code: |code| format!("セキュリティ コード：{code}"),
        text: "アカウントを作成しているページに入力してください。",
    },
};
