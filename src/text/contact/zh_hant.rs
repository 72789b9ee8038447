use super::{ContactText, ContactedText, SituationText};
use crate::text::Message;

pub(in crate::text) const TEXT: ContactText = ContactText {
    heading: "您的聯絡人",
    help: |name| format!("聯絡 {name}"),
    not_me: "這不是由我負責",
    not_me_body: |name| {
        format!(
            "如果應由同事處理，您可以填寫其電子郵件地址。要邀請誰由 {name} 決定。連結仍然有效。"
        )
    },
    colleague: "同事的電子郵件地址",
    colleague_error: "請輸入電子郵件地址，例如 name@example.com；也可以留空。",
    not_me_button: |name| format!("傳送給 {name}"),
    help_asked: |name, at| format!("您已於 {at}向 {name} 求助。"),
    not_me_said: |at| format!("您已於 {at}表示此事不是由您負責。"),
    new_invitation_asked: |name, at| format!("您已於 {at}向 {name} 索取新的邀請。"),
    help_requested: ContactedText {
        title: "已送出您的求助",
        body: |name| {
            format!(
                "我們正在寄電子郵件給 {name}，說明您遇到困難的步驟。您的邀請仍然有效，可以隨時再\
                 試。"
            )
        },
    },
    declined: ContactedText {
        title: "感謝您的告知",
        body: |name| format!("我們正在寄電子郵件給 {name}。您不需要再做其他操作。連結仍然有效。"),
    },
    declined_again: |name, at| {
        format!(
            "您已於 {at}告知我們，我們每 24 小時只能轉達一次。如果您這次填寫的是新的地址，\
             {name} 並未收到，請直接告知對方。"
        )
    },
    renewal_requested: ContactedText {
        title: "您已索取新的邀請",
        body: |name| {
            format!(
                "我們正在寄電子郵件給 {name}。如果對方同意，新的邀請會以電子郵件寄給您。您可以關\
                 閉此頁面。"
            )
        },
    },
    only_recorded: |name| {
        format!("我們已記錄此事，但無法從這裡寄電子郵件給 {name}。請直接與對方聯絡。")
    },
    page_outdated: Message {
        title: "這個頁面開啟的時間過長",
        body: "頁面上的按鈕只在一天內有效。尚未傳送任何內容。請再按一次。",
    },
    no_address: Message {
        title: "請檢查地址",
        body: "您在下方輸入的內容不是電子郵件地址。也可以留空。尚未傳送任何內容。",
    },
    help_subject: |company| format!("{company} 需要您的協助"),
    help_body: |who, company, platform| {
        format!("{who}（{company}）收到了 {platform} 的邀請，希望您與其聯絡。")
    },
    situation: SituationText {
        invitation: "對方開啟的是邀請頁面。",
        sign_in: "對方無法以 Microsoft 登入。",
        account: "對方登入所用的帳戶無法使用。",
        organization: "對方的組織需要先允許登入。",
        mailbox: "對方未能確認受邀信箱。",
        company: "對方尚未填完公司資料。",
        service: "我們的服務未能正常運作。",
    },
    help_instructions: "您可以依下列資料找到這份邀請：",
    declined_subject: |company| format!("{company}：並非合適的人選"),
    declined_body: |who, company, platform| {
        format!("有人開啟了寄給 {who}（{company}）的 {platform} 邀請，並表示自己不是合適的人選。")
    },
    declined_colleague: "開啟連結的人提供了以下地址，但未證明該信箱屬於本人。請在邀請之前先確認：",
    renewal_after_revocation: "如果您同意，請在貴公司的系統中建立新的邀請：這份邀請已撤回，無法重\
        新寄送。您可以依下列資料找到這份邀請：",
};
