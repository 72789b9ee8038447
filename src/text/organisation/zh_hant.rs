use super::*;

pub(super) static TEXT: OrganisationText = OrganisationText {
    stopped: StoppedText {
        question: "在 Microsoft 的頁面無法繼續？",
        unknown: Message {
            title: "您尚未登入",
            body: "Microsoft 沒有完成登入。目前沒有任何變更，您的邀請仍然有效。",
        },
        approval_title: "需要先經貴組織允許",
        blameless: "這不是您的操作造成的。",
        consent: |platform| {
            format!("貴組織會決定其帳戶可用於哪些應用程式。須先由管理員核准 {platform}。")
        },
        assignment: |platform| {
            format!("貴組織只開放 {platform} 給特定人員使用。須由管理員將您加入。")
        },
        conditional_access: "這次登入不符合貴組織的安全性規定。請改用貴組織的裝置或網路。",
        cross_tenant: |platform| {
            format!("貴組織限制登入其他組織的應用程式。須先由管理員允許 {platform}。")
        },
        refused_account: Message {
            title: "無法使用這個帳戶登入",
            body: "Microsoft 不接受以這個帳戶登入。請改用其他帳戶，例如受邀信箱所屬的帳戶。",
        },
        configuration: Message {
            title: "目前無法登入",
            body: "這是我們的問題：我們的系統設定有誤，現在重試也沒有幫助。\
                錯誤已記錄，供此服務的營運人員處理。",
        },
        works_until: |expires| format!("您的邀請有效期限至 {expires}。"),
        number: "Microsoft 的代碼",
        what_microsoft_says: "Microsoft 的頁面顯示什麼？",
        enter_number: "頁面上有 AADSTS50105 這樣的代碼嗎？請在此輸入：",
        show_help: "顯示解決方式",
        cancelled_case: Message {
            title: "您按了取消或拒絕",
            body: "您可以隨時重新登入。",
        },
        approval_case: Message {
            title: "需要核准，或存取遭到封鎖",
            body: "須由貴組織允許登入。請將下方文字傳給貴公司的資訊部門。",
        },
        account_case: Message {
            title: "帳戶不存在或無法使用",
            body: "請改用其他帳戶，例如受邀信箱所屬的帳戶。",
        },
        for_it: "給貴公司的資訊部門",
        copy: "請複製這段文字，或以電子郵件寄出。其中不含您的邀請連結。",
        send: "寄給資訊部門",
        allowed_now: "已獲允許，立即登入",
        later: "稍後再試",
    },
    pass: PassText {
        request: |platform| format!("請允許登入 {platform}"),
        situation: |platform, organization| {
            format!(
                "{organization} 邀請我加入 {platform}。我想以公司帳戶登入，但 Microsoft 不允許。"
            )
        },
        app: "應用程式",
        client_id: "應用程式（用戶端）識別碼",
        operator: "服務網址",
        support: "支援",
        permissions: "權限",
        only_identity: "openid profile email（僅姓名與電子郵件地址）",
        to_consent: "需要的處理：請在 Microsoft Entra 系統管理中心的「企業應用程式」中，\
            為此應用程式授與系統管理員同意。",
        to_consent_at: "需要的處理：由管理員核准此應用程式。以下頁面說明它要求的權限，\
            並可前往 Microsoft：",
        to_assign: "需要的處理：請在 Microsoft Entra 系統管理中心的「企業應用程式」中，\
            將我指派給此應用程式，或關閉「需要指派」。",
        to_exempt: "需要的處理：條件式存取原則封鎖了登入。Microsoft Entra 的登入記錄會顯示是哪一項；\
            請變更該原則，或為此應用程式設定例外。",
        to_allow_tenant: "需要的處理：請在 Microsoft Entra 的跨租用戶存取設定或租用戶限制中，\
            允許此應用程式。",
        to_find_out: "需要的處理：Microsoft Entra 的登入記錄會顯示原因。如果應用程式需要核准，\
            以下頁面說明它要求的權限，並可前往 Microsoft：",
    },
    approval: ApprovalText {
        heading: |platform| format!("核准登入 {platform}"),
        introduction: |organization, platform| {
            format!(
                "{organization} 邀請了貴組織的一位人員加入 {platform}。須先由管理員核准此應用程式，\
                 該人員才能以公司帳戶登入。"
            )
        },
        invited_by: "邀請者",
        what_is_shared: "此應用程式只會取得登入者的姓名與電子郵件地址，無法存取信箱、\
            檔案或其他資料，也無法變更任何內容。",
        to_microsoft: "前往 Microsoft",
        not_yet: "Microsoft 會要求您以管理員身分登入，並顯示相同的權限。在此之前不會核准任何項目。",
        approved: Message {
            title: "感謝您的核准",
            body: "等候核准的人員現在可以登入。這裡沒有需要您再處理的事項，\
                您可以關閉此頁面。",
        },
        not_approved: Message {
            title: "此應用程式尚未獲得核准",
            body: "Microsoft 回報未授與核准。目前沒有任何變更。核准須由貴組織的管理員進行。",
        },
        closed: Message {
            title: "已沒有需要核准的項目",
            body: "這項要求所屬的邀請已被接受或已結束。如果仍有人無法登入，請對方重新傳送一段文字。",
        },
        unmatched: Message {
            title: "無法確認這項回覆",
            body: "這項回覆已處理過、超過一小時，或是在另一個瀏覽器中開始。\
                您在 Microsoft 核准的內容有效：請提出要求的人員重新登入。",
        },
    },
    approved_mail: ApprovedMailText {
        approved_subject: |platform| format!("您現在可以登入 {platform}"),
        approved_body: |platform| {
            format!("好消息：我們獲知貴組織已核准登入 {platform}。您可以使用同一個連結繼續。")
        },
    },
};
