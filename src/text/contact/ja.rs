use super::{ContactText, ContactedText, SituationText};
use crate::text::Message;

pub(in crate::text) const TEXT: ContactText = ContactText {
    heading: "お問い合わせ先",
    help: |name| format!("{name} 様に連絡"),
    not_me: "担当者ではありません",
    not_me_body: |name| {
        format!(
            "ほかの方がご担当の場合は、その方のメールアドレスをご記入いただけます。招待先は \
             {name} 様が判断します。リンクは引き続き有効です。"
        )
    },
    colleague: "ご担当の方のメールアドレス",
    colleague_error: "name@example.com のようなメールアドレスを入力するか、空欄のままにしてください。",
    not_me_button: |name| format!("{name} 様に送信"),
    help_asked: |name, at| format!("{at}に {name} 様へサポートを依頼しました。"),
    not_me_said: |at| format!("{at}に、担当者ではない旨をお知らせいただきました。"),
    new_invitation_asked: |name, at| format!("{at}に {name} 様へ新しい招待を依頼しました。"),
    help_requested: ContactedText {
        title: "サポートを依頼しました",
        body: |name| {
            format!(
                "お困りの箇所を記したメールを {name} 様にお送りしています。ご招待は引き続き有効で\
                 すので、いつでももう一度お試しいただけます。"
            )
        },
    },
    declined: ContactedText {
        title: "お知らせいただきありがとうございます",
        body: |name| {
            format!(
                "{name} 様にメールをお送りしています。ほかに必要な操作はありません。リンクは引き\
                 続き有効です。"
            )
        },
    },
    declined_again: |name, at| {
        format!(
            "{at}にすでにお知らせいただいています。お伝えできるのは 24 時間に 1 回だけです。\
             今回新しいアドレスを入力された場合、 {name} 様には届いていませんので、直接お知らせください。"
        )
    },
    renewal_requested: ContactedText {
        title: "新しい招待を依頼しました",
        body: |name| {
            format!(
                "{name} 様にメールをお送りしています。ご承認いただけた場合は、新しい招待がメール\
                 で届きます。このページは閉じていただいてかまいません。"
            )
        },
    },
    only_recorded: |name| {
        format!(
            "ご依頼は記録しましたが、ここから {name} 様にメールをお送りすることはできません。直接\
             ご連絡ください。"
        )
    },
    page_outdated: Message {
        title: "ページを開いてから時間が経ちすぎました",
        body: "ページのボタンは 1 日だけ有効です。まだ何も送信されていません。もう一度押してください。",
    },
    no_address: Message {
        title: "アドレスをご確認ください",
        body: "下に入力された内容はメールアドレスではありません。空欄のままでもかまいません。まだ\
            何も送信されていません。",
    },
    help_subject: |company| format!("{company} がサポートを必要としています"),
    help_body: |who, company, platform| {
        format!("{who} 様（{company}）が {platform} への招待について、ご連絡を希望されています。")
    },
    situation: SituationText {
        invitation: "招待のページを開いています。",
        sign_in: "Microsoft でサインインできませんでした。",
        account: "サインインに使ったアカウントは利用できません。",
        organization: "先に組織がサインインを許可する必要があります。",
        mailbox: "招待先のメールアドレスを確認できませんでした。",
        company: "会社情報の入力が完了していません。",
        service: "当サービスが正常に動作しませんでした。",
    },
    help_instructions: "該当の招待は次の情報で検索できます。",
    declined_subject: |company| format!("{company}：担当者ではないとのご連絡"),
    declined_body: |who, company, platform| {
        format!(
            "{who} 様（{company}）宛ての {platform} への招待を開いた方から、担当者ではないとのご\
             連絡がありました。"
        )
    },
    declined_colleague: "リンクを開いた方が次のアドレスを記入しました。その方がメールボックスの持\
        ち主であることは確認されていません。招待する前にご確認ください。",
    renewal_after_revocation: "ご承認いただける場合は、お使いのシステムで新しい招待を作成してくだ\
        さい。この招待は取り消されているため、再送できません。該当の招待は次の情報で検索できます。",
};
