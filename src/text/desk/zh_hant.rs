use super::*;

pub(super) static TEXT: DeskText = DeskText {
    frame: DeskFrameText {
        desk: "邀請管理",
        invitations: "邀請清單",
        new: "新增邀請",
        many: "批次邀請",
        sign_out: "登出",
        reads_only: "僅供檢視",
    },
    notice: DeskNoticeText {
        sign_in: Message {
            title: "請登入以管理邀請",
            body: "此處供邀請客戶的同仁使用。請使用您的公司帳戶。",
        },
        sign_in_button: "使用 Microsoft 登入",
        another_account: "使用其他帳戶",
        signed_out: Message {
            title: "您已登出",
            body: "在此瀏覽器中，您可能仍登入於 Microsoft。",
        },
        session_over: Message {
            title: "您的工作階段已逾時",
            body: "未做任何變更。此頁面保留了您輸入的內容：請先登入，再回到此頁面重新送出。",
        },
        file_lost: "檔案需要重新選擇。",
        sign_in_first: "登入（在新分頁開啟）",
        send_again: "重新送出",
        no_role: Message {
            title: "您的帳戶沒有使用權限",
            body: "請 Microsoft Entra ID 的系統管理員在企業應用程式中，將下列其中一個角色指派給您，\
                然後重新登入。",
        },
        signed_in_as: "登入帳戶",
        to_manage: "可邀請並變更邀請",
        to_read: "可檢視邀請",
        reads_only: Message {
            title: "您的角色無法執行此操作",
            body: "您可以檢視邀請，但不能變更。請向 Microsoft Entra ID 的系統管理員申請 \
                Invitations.Manage 角色。",
        },
        sign_in_failed: Message {
            title: "登入未成功",
            body: "請再試一次。如果仍無法登入，請將此頁面提供給 Microsoft Entra ID 的系統管理員。",
        },
        number: "Microsoft 編號",
        not_found: Message {
            title: "沒有這個頁面",
            body: "請檢查網址。",
        },
        unknown_invitation: Message {
            title: "沒有這份邀請",
            body: "邀請在最後一次活動之後，經過一段時間會被刪除。",
        },
        form_refused: Message {
            title: "無法接受此表單",
            body: "未做任何變更。頁面可能已過時，或是以其他帳戶開啟。請重新開啟頁面。",
        },
        too_large: Message {
            title: "一次送出的內容過多",
            body: "未做任何變更。請縮短輸入內容，或選擇較小的檔案。",
        },
        try_again_later: Message {
            title: "目前無法處理",
            body: "請一分鐘後再試。無法確定您上一次的變更是否已儲存：重複操作前請先檢查。",
        },
        internal_error: Message {
            title: "我們的系統發生問題",
            body: "錯誤已記錄。請稍後再試。",
        },
        back: "返回邀請清單",
    },
};
