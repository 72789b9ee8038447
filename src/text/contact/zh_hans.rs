use super::{ContactText, ContactedText, SituationText};
use crate::text::Message;

pub(in crate::text) const TEXT: ContactText = ContactText {
    heading: "您的联系人",
    help: |name| format!("联系 {name}"),
    not_me: "我不是合适的人选",
    not_me_body: |name| {
        format!("如果应由同事处理，您可以填写其电子邮件地址。邀请谁由 {name} 决定。链接仍然有效。")
    },
    colleague: "同事的电子邮件地址",
    colleague_error: "请输入电子邮件地址，例如 name@example.com；也可以留空。",
    not_me_button: |name| format!("发送给 {name}"),
    help_asked: |name, at| format!("您已于 {at}向 {name} 求助。"),
    not_me_said: |at| format!("您已于 {at}表示您不是合适的人选。"),
    new_invitation_asked: |name, at| format!("您已于 {at}向 {name} 申请新的邀请。"),
    help_requested: ContactedText {
        title: "您已求助",
        body: |name| {
            format!(
                "我们正在向 {name} 发送电子邮件，说明您遇到困难的步骤。您的邀请仍然有效，可以随时\
                 再试。"
            )
        },
    },
    declined: ContactedText {
        title: "感谢您的告知",
        body: |name| format!("我们正在向 {name} 发送电子邮件。您无需再做其他操作。链接仍然有效。"),
    },
    declined_again: |name, at| {
        format!(
            "您已于 {at}告知我们，我们每 24 小时只能转达一次。如果您这次填写的是新的地址，\
             {name} 并未收到，请直接告知对方。"
        )
    },
    renewal_requested: ContactedText {
        title: "您已申请新的邀请",
        body: |name| {
            format!(
                "我们正在向 {name} 发送电子邮件。如对方同意，新邀请将通过电子邮件发送给您。您可以\
                 关闭此页面。"
            )
        },
    },
    only_recorded: |name| {
        format!("我们已记录此事，但无法从这里向 {name} 发送电子邮件。请直接联系对方。")
    },
    page_outdated: Message {
        title: "此页面打开的时间过长",
        body: "页面上的按钮只在一天内有效。尚未发送任何内容。请再按一次。",
    },
    no_address: Message {
        title: "请检查地址",
        body: "您在下方输入的内容不是电子邮件地址。也可以留空。尚未发送任何内容。",
    },
    help_subject: |company| format!("{company} 需要您的帮助"),
    help_body: |who, company, platform| {
        format!("{who}（{company}）收到了 {platform} 的邀请，希望您与其联系。")
    },
    situation: SituationText {
        invitation: "对方打开的是邀请页面。",
        sign_in: "对方无法使用 Microsoft 登录。",
        account: "对方登录所用的账户无法使用。",
        organization: "对方所在组织需要先允许登录。",
        mailbox: "对方未能确认受邀邮箱。",
        company: "对方尚未填写完公司信息。",
        service: "我们的服务未能正常工作。",
    },
    help_instructions: "您可以通过以下信息找到该邀请：",
    declined_subject: |company| format!("{company}：并非合适的人选"),
    declined_body: |who, company, platform| {
        format!("有人打开了发给 {who}（{company}）的 {platform} 邀请，并表示自己不是合适的人选。")
    },
    declined_colleague: "打开链接的人提供了以下地址，但未证明该邮箱属于本人。请在邀请之前先核实：",
    renewal_after_revocation: "如果您同意，请在贵公司的系统中创建新的邀请：此邀请已撤回，无法重新\
        发送。您可以通过以下信息找到该邀请：",
};
