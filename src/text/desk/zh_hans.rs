use super::*;

pub(super) static TEXT: DeskText = DeskText {
    frame: DeskFrameText {
        desk: "邀请管理",
        invitations: "邀请列表",
        new: "新建邀请",
        many: "批量邀请",
        sign_out: "退出登录",
        reads_only: "仅可查看",
    },
    notice: DeskNoticeText {
        sign_in: Message {
            title: "请登录以管理邀请",
            body: "此处供邀请客户的员工使用。请使用您的工作账户。",
        },
        sign_in_button: "使用 Microsoft 登录",
        another_account: "使用其他账户",
        signed_out: Message {
            title: "您已退出登录",
            body: "在此浏览器中，您可能仍处于 Microsoft 的登录状态。",
        },
        session_over: Message {
            title: "您的会话已过期",
            body: "未做任何更改。此页面保留了您输入的内容：请先登录，再回到此页面重新提交。",
        },
        file_lost: "文件需要重新选择。",
        sign_in_first: "登录（在新标签页中打开）",
        send_again: "重新提交",
        no_role: Message {
            title: "您的账户没有使用权限",
            body: "请 Microsoft Entra ID 的管理员在企业应用程序中为您分配以下角色之一，然后重新登录。",
        },
        signed_in_as: "登录账户",
        to_manage: "可邀请并更改邀请",
        to_read: "可查看邀请",
        reads_only: Message {
            title: "您的角色无法执行此操作",
            body: "您可以查看邀请，但不能更改。请向 Microsoft Entra ID 的管理员申请 \
                Invitations.Manage 角色。",
        },
        sign_in_failed: Message {
            title: "登录未成功",
            body: "请重试。如果仍无法登录，请将此页面提供给 Microsoft Entra ID 的管理员。",
        },
        number: "Microsoft 编号",
        not_found: Message {
            title: "没有这个页面",
            body: "请检查网址。",
        },
        unknown_invitation: Message {
            title: "没有这份邀请",
            body: "邀请在最后一次活动之后，经过一段时间会被删除。",
        },
        form_refused: Message {
            title: "无法接受此表单",
            body: "未做任何更改。页面可能已过时，或是用其他账户打开的。请重新打开页面。",
        },
        too_large: Message {
            title: "一次提交的内容过多",
            body: "未做任何更改。请缩短输入内容，或选择较小的文件。",
        },
        try_again_later: Message {
            title: "目前无法处理",
            body: "请一分钟后重试。无法确定您上一次的更改是否已保存：重复操作前请先检查。",
        },
        internal_error: Message {
            title: "我们的系统出现问题",
            body: "错误已记录。请稍后重试。",
        },
        back: "返回邀请列表",
    },
};
