use super::*;

pub(super) static TEXT: OrganisationText = OrganisationText {
    stopped: StoppedText {
        question: "在 Microsoft 的页面无法继续？",
        unknown: Message {
            title: "您还没有登录",
            body: "Microsoft 没有完成登录。目前没有任何更改，您的邀请仍然有效。",
        },
        approval_title: "需要先经贵组织允许",
        blameless: "这不是您的操作造成的。",
        consent: |platform| {
            format!("贵组织决定其账户可用于哪些应用。须先由管理员批准 {platform}。")
        },
        assignment: |platform| format!("贵组织只向特定人员开放 {platform}。须由管理员将您加入。"),
        conditional_access: "这次登录不符合贵组织的安全规定。请改用贵组织的设备或网络。",
        cross_tenant: |platform| {
            format!("贵组织限制登录其他组织的应用。须先由管理员允许 {platform}。")
        },
        refused_account: Message {
            title: "无法使用此账户登录",
            body: "Microsoft 不接受用此账户登录。请改用其他账户，例如受邀邮箱所属的账户。",
        },
        configuration: Message {
            title: "目前无法登录",
            body: "这是我们的问题：我们的系统设置有误，现在重试也没有帮助。\
                错误已记录，供此服务的运营人员处理。",
        },
        works_until: |expires| format!("您的邀请有效期至 {expires}。"),
        number: "Microsoft 的代码",
        what_microsoft_says: "Microsoft 的页面显示了什么？",
        enter_number: "页面上有 AADSTS50105 这样的代码吗？请在此输入：",
        show_help: "显示解决办法",
        cancelled_case: Message {
            title: "您点了取消或拒绝",
            body: "您可以随时重新登录。",
        },
        approval_case: Message {
            title: "需要批准，或访问被阻止",
            body: "须由贵组织允许登录。请将下方文字发给贵公司的 IT 部门。",
        },
        account_case: Message {
            title: "账户不存在或无法使用",
            body: "请改用其他账户，例如受邀邮箱所属的账户。",
        },
        for_it: "给贵公司的 IT 部门",
        copy: "请复制这段文字，或通过电子邮件发送。其中不含您的邀请链接。",
        send: "发送给 IT 部门",
        allowed_now: "已获允许，立即登录",
        later: "稍后再试",
    },
    pass: PassText {
        request: |platform| format!("请允许登录 {platform}"),
        situation: |platform, organization| {
            format!(
                "{organization} 邀请我加入 {platform}。我想用工作账户登录，但 Microsoft 不允许。"
            )
        },
        app: "应用",
        client_id: "应用程序（客户端）ID",
        operator: "服务网址",
        support: "支持",
        permissions: "权限",
        only_identity: "openid profile email（仅姓名和电子邮件地址）",
        to_consent: "需要的处理：请在 Microsoft Entra 管理中心的“企业应用程序”中，\
            为此应用授予管理员同意。",
        to_consent_at: "需要的处理：由管理员批准此应用。以下页面说明它请求的权限，\
            并可前往 Microsoft：",
        to_assign: "需要的处理：请在 Microsoft Entra 管理中心的“企业应用程序”中，\
            将我分配到此应用，或关闭“需要分配”。",
        to_exempt: "需要的处理：条件访问策略阻止了登录。Microsoft Entra 的登录日志会显示是哪一项；\
            请更改该策略，或为此应用设置例外。",
        to_allow_tenant: "需要的处理：请在 Microsoft Entra 的跨租户访问设置或租户限制中，\
            允许此应用。",
        to_find_out: "需要的处理：Microsoft Entra 的登录日志会显示原因。如果应用需要批准，\
            以下页面说明它请求的权限，并可前往 Microsoft：",
    },
    approval: ApprovalText {
        heading: |platform| format!("批准登录 {platform}"),
        introduction: |organization, platform| {
            format!(
                "{organization} 邀请了贵组织的一位人员加入 {platform}。须先由管理员批准此应用，\
                 该人员才能用工作账户登录。"
            )
        },
        invited_by: "邀请方",
        what_is_shared: "此应用只会获得登录者的姓名和电子邮件地址，无法访问邮箱、文件或其他数据，\
            也无法更改任何内容。",
        to_microsoft: "前往 Microsoft",
        not_yet: "Microsoft 会要求您以管理员身份登录，并显示相同的权限。在此之前不会批准任何内容。",
        approved: Message {
            title: "感谢您的批准",
            body: "等待批准的人员现在可以登录。这里没有需要您再处理的事项，\
                您可以关闭此页面。",
        },
        not_approved: Message {
            title: "此应用尚未获得批准",
            body: "Microsoft 报告未授予批准。目前没有任何更改。批准须由贵组织的管理员进行。",
        },
        closed: Message {
            title: "已没有需要批准的内容",
            body: "此请求所属的邀请已被接受或已结束。如果仍有人无法登录，请对方重新发送一段文字。",
        },
        unmatched: Message {
            title: "无法确认此回复",
            body: "此回复已处理过、超过一小时，或是在另一个浏览器中开始。\
                您在 Microsoft 批准的内容有效：请提出请求的人员重新登录。",
        },
    },
    approved_mail: ApprovedMailText {
        approved_subject: |platform| format!("您现在可以登录 {platform}"),
        approved_body: |platform| {
            format!("好消息：我们获知贵组织已批准登录 {platform}。您可以使用同一个链接继续。")
        },
    },
};
