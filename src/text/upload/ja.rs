use super::{
    DraftFormText, FileText, ManyText, ProgressText, ResultsText, ReviewText, RowsText, UploadText,
    WrongText,
};

pub(in crate::text) const TEXT: UploadText = UploadText {
    form: DraftFormText {
        new_title: "新しい招待",
        new_lead: "次の画面でメールの内容を確認できます。それまでは何も送信されません。",
        recipient: "招待する方",
        mailbox: "メールアドレス",
        language: "メールの言語",
        any_language: "不明（英語）",
        message: "個別のメッセージ",
        message_hint: "メールと招待ページに表示されます。",
        last_day: "有効期限",
        last_day_hint: |days| format!("空欄の場合は本日から{days}日間です。"),
        inviter: "招待元",
        inviter_name: "氏名",
        organization: "組織名",
        inviter_mailbox: "返信先のメールアドレス",
        inviter_phone: "国番号付きの電話番号",
        preview: "メールを確認する",
    },
    review: ReviewText {
        review_title: "招待の確認",
        review_lead: "招待する方には次のメールが届きます。",
        no_mail_lead: "このサービスはメールを送信しません。招待を作成したら、リンクをコピーしてご自身\
            でお伝えください。メールの場合は次の内容になります。",
        is_pending: |email, until| format!("{email} には{until}まで有効な招待がすでにあります。"),
        show_pending: "その招待を表示する",
        will_join: |company| {
            format!("この顧客番号は{company}のものです。招待された方はこの会社に参加します。")
        },
        subject: "件名",
        sender: "差出人",
        email_title: "招待する方へのメール",
        link_comes_later: "ボタンとリンクは、実際のメールでのみ使用できます。",
        send: "招待を送信する",
        create_only: "招待を作成する",
        edit: "内容を変更する",
        gone_title: "この下書きはもうありません",
        gone_body: "下書きは1日後、ファイルは1週間後に削除されます。最初からやり直してください。",
    },
    many: ManyText {
        many_title: "まとめて招待",
        many_lead: "1人を1行とするCSVファイルをアップロードしてください。上限は1,000行、1 MiBです。",
        template: "テンプレートをダウンロード",
        required_columns: |columns| {
            format!(
                "各行には{columns}と、名または姓が必要です。郵便番号のある国ではpostalCodeも必要です。\
                 ほかの列は空欄でも、なくてもかまいません。"
            )
        },
        save_as: "Excelでは「CSV UTF-8」として保存してください。先頭のゼロが消えないよう、郵便番号や\
            番号の書式は「文字列」にしてください。",
        csv_file: "CSVファイル",
        check_file: "ファイルを確認する",
        nothing_sent: "次の画面でファイルの内容を確認できます。それまでは何も送信されません。",
        earlier: "アップロードしたファイル",
        earlier_draft: |rows| format!("{rows}行、未送信"),
        earlier_done: |done, rows| format!("{rows}行中{done}行が完了"),
        choose_again: "ファイルをもう一度選択してください。安全のため、ブラウザーは選択を保持しません。",
    },
    file: FileText {
        refused_title: "このファイルは使用できません",
        no_file: "ファイルを選択してください。",
        is_empty: "ファイルが空です。",
        too_large: "ファイルが1 MiBを超えています。分割してください。",
        workbook: "これはブック形式のファイルです。Excelでは「CSV UTF-8」、LibreOfficeでは「テキスト\
            CSV」として保存し、そのファイルをアップロードしてください。",
        not_utf8: "ファイルがUTF-16（Unicodeテキスト）です。「CSV UTF-8」として保存してください。",
        not_utf8_in: |line| {
            format!("{line}行目がUTF-8ではありません。「CSV UTF-8」として保存してください。")
        },
        nul: |line| {
            format!(
                "{line}行目に、テキストでは使われない文字があります。ファイルを保存し直してください。"
            )
        },
        open_quote: "引用符が閉じられていません。表計算ソフトからファイルを保存し直してください。",
        no_header: "1行目に既知の列名がありません。テンプレートをお使いください。",
        unknown_columns: |columns| {
            format!(
                "次の列は不明です：{columns}。テンプレートに合わせて名前を変えるか、削除してください。"
            )
        },
        duplicate_column: |column| format!("列{column}が重複しています。一方を削除してください。"),
        missing_columns: |columns| {
            format!("次の列がありません：{columns}。テンプレートに合わせて追加してください。")
        },
        no_rows: "列名の下に行がありません。",
        too_many_rows: |rows| {
            format!("ファイルに{rows}行あります。1,000行以下のファイルに分割してください。")
        },
        too_many_cells: |row| {
            format!(
                "{row}行目のセルが列の数より多くなっています。区切り文字を含むテキストは引用符で囲ん\
                 でください。"
            )
        },
        row_too_long: |row| format!("{row}行目が16 KiBを超えています。短くしてください。"),
    },
    wrong: WrongText {
        email: "name@example.com のようなメールアドレスを入力してください。",
        name: "名または姓を入力してください。",
        locale: "en、de、zh-Hant のような言語コードを入力するか、空欄にしてください。",
        international_phone: "+ と国番号で始まる番号を入力するか、空欄にしてください。",
        date: "2030-01-31 のような日付を入力するか、空欄にしてください。",
        not_in_time: "10年以内の、今日より後の日付を選択してください。",
        duplicate: |row| {
            format!("{row}行目とメールアドレスが同じです。どちらかの行を削除してください。")
        },
        country: "JP や DE のような国コードを入力してください。",
        unreadable: "この行は読み取れなくなりました。もう一度アップロードしてください。",
        not_created: "この招待は作成できませんでした。個別にお試しください。",
    },
    rows: RowsText {
        rows_title: "ファイルの確認",
        all_valid: |count| format!("{count}行すべてが有効です。"),
        some_valid: |valid, all| format!("{all}行中{valid}行が有効です。"),
        none_valid: "有効な行がありません。ファイルを修正して、もう一度アップロードしてください。",
        to_correct: "修正が必要な行",
        wrong_stay: "これらの行は除外されます。ダウンロードして修正し、後でそのファイルをアップロード\
            してください。",
        download_wrong: "修正が必要な行をダウンロード",
        to_invite: "招待する方の一覧",
        row: "行",
        column: "列",
        cell: "ファイルの内容",
        reason: "対処方法",
        invite: |count| format!("{count}件のお客様を招待する"),
        next_rows: "次の行",
        first_rows: "最初の行",
    },
    progress: ProgressText {
        progress_title: "招待を作成しています",
        rows_done: |done, rows| format!("{rows}行中{done}行が完了しました。"),
        goes_on: "このページは自動的に続行します。閉じても残りの処理は行われます。",
        update: "今すぐ続行する",
    },
    results: ResultsText {
        results_title: "ファイルの処理が完了しました",
        were_invited: |count| format!("{count}件のお客様を招待しました。"),
        were_not: |count| format!("{count}行は使用されませんでした。"),
        download_results: "結果をダウンロード",
        kept_until: |day| {
            format!(
                "このページは{day}まで保存されます。「まとめて招待」には最新の10件が表示されます。"
            )
        },
        outcome: "結果",
        invited: "招待済み",
        not_invited: "未招待",
        erased: "消去済み",
    },
};
