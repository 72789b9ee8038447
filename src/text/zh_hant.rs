use super::*;

pub(super) static TEXT: Text = Text {
    tag: "zh-Hant",
    native_name: "繁體中文",
    expiry: |at| {
        format!(
            "{}年{}月{}日 {:02}:{:02}（UTC）",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute()
        )
    },
    day: |at| format!("{}年{}月{}日", at.year(), u8::from(at.month()), at.day()),
    form_of_address: names::full,
    frame: FrameText {
        progress: "目前進度",
        steps: ["邀請", "登入", "公司資料", "開始使用"],
        step: |step, label| format!("第 {step} 步，共 4 步：{label}"),
        help: "取得協助",
        language: "語言",
    },
    invite: InviteText {
        title: |platform| format!("邀請您加入 {platform}"),
        greeting: |name| format!("{name} 您好："),
        lead: |inviter, organization, platform| {
            format!("{organization} 的 {inviter} 邀請您加入 {platform}。")
        },
        message_from: |inviter| format!("{inviter} 給您的留言"),
        mailbox: "受邀信箱",
        company: "公司",
        expires: "有效期限",
        next_steps: "接下來的步驟",
        have_account: "此信箱已有 Microsoft 帳戶",
        have_account_body: "請以該帳戶登入，Microsoft 隨即帶您回到這裡。如果您已經登入，\
            只需片刻即可完成。",
        no_account: "還沒有 Microsoft 帳戶",
        no_account_body: "您可以在 Microsoft 免費建立帳戶。Microsoft 會寄送驗證碼到您的信箱，\
            以確認這是您的信箱，然後帶您回到這裡。",
        create_one_hint: "請在 Microsoft 的登入頁面選擇「建立一個吧！」。",
        afterwards: "最後確認貴公司的資料，就可以開始使用。",
        get_started: "立即開始",
        sign_up: "我還沒有 Microsoft 帳戶",
        password: "您只需在 Microsoft 的頁面輸入密碼，我們不會看到您的密碼。",
        unexpected: "不清楚為何收到這份邀請？請直接關閉此頁面，目前沒有任何變更。",
        accepted_title: "歡迎回來",
        accepted_body: "您已接受這份邀請。請以同一個 Microsoft 帳戶登入，即可從上次的進度繼續。",
        accepted_button: "登入並繼續",
        completed_title: "一切就緒",
        completed_body: |company, platform| {
            format!("{company} 已在 {platform} 完成設定。請以同一個 Microsoft 帳戶登入後前往。")
        },
        completed_button: |platform| format!("登入 {platform}"),
    },
    company: CompanyText {
        title: "請確認貴公司資料",
        lead: |organization| {
            format!("以下資料由 {organization} 提供，請您核對，如有錯誤請直接修改。")
        },
        lead_empty: "請填寫貴公司的資料。",
        customer_number: "客戶編號",
        company: "公司",
        address: "地址",
        contact: "聯絡人",
        company_name: "公司名稱",
        vat_number: |country| match country {
            "TW" => "統一編號",
            "US" => "稅籍號碼（EIN）",
            _ => "稅籍號碼（VAT）",
        },
        website: "網站",
        country: "國家或地區",
        choose_country: "請選擇",
        street: |_| "街道與門牌號碼",
        postal_code: |_| "郵遞區號",
        city: |country| match country {
            "TW" => "鄉鎮市區",
            "HK" => "地區",
            _ => "城市",
        },
        region: |country| match country {
            "US" | "BR" | "MX" | "AU" | "CH" => "州",
            "CA" => "省",
            "TW" => "縣市",
            _ => "省／州／縣",
        },
        first_name: "名字",
        last_name: "姓氏",
        phone: "電話",
        phone_example: |example| format!("例如 {example}"),
        email: "電子郵件",
        email_note: "邀請函寄送至此信箱，因此無法在這裡變更。",
        optional: "（選填）",
        registered_by: |organization| format!("{organization} 原登記資料"),
        missing_entries: |_, count, names| format!("還有 {count}\u{a0}項未填寫：{names}"),
        wrong_entries: |_, count, names| format!("有 {count}\u{a0}項需要檢查：{names}"),
        comma: "、",
        change: "修改資料",
        create: "建立公司",
        creating: "建立中…",
        not_ready: "尚有欄位需要您確認。",
        ready: "資料沒有問題。",
    },
    problem: ProblemText {
        missing: "請填寫此欄位。",
        too_long: |max| format!("內容過長，請縮短至 {max} 個字元以內。"),
        invisible_characters: "內容含有看不見的字元，可能來自複製貼上。請重新輸入。",
        unknown_country: "請從清單中選擇國家或地區。",
        postal_code: |example, country| format!("{country}的郵遞區號格式如 {example}。"),
        postal_code_any: |example| {
            format!("請輸入郵遞區號，例如 {example}。如該國家或地區沒有郵遞區號，請留空。")
        },
        phone: |example| {
            format!("請輸入電話號碼，例如 {example}，或以 + 與國碼開頭的號碼。也可以留空。")
        },
        vat_number: |example| format!("請依 {example} 的格式輸入，或將此欄位留空。"),
        website: "請輸入網址，例如 www.example.com，或將此欄位留空。",
        colon: "：",
    },
    confirm: ConfirmText {
        title: "確認您的信箱",
        lead: |mailbox| {
            format!(
                "我們已將 6 位數驗證碼寄到 {mailbox}。請在此輸入，以確認這是您的信箱。\
                 驗證碼 10 分鐘內有效。"
            )
        },
        sending: |mailbox| {
            format!("我們正在將 6 位數驗證碼寄到 {mailbox}。收到後請在此輸入，10 分鐘內有效。")
        },
        code: "郵件中的驗證碼",
        not_a_code: "請輸入郵件中的 6 位數字。",
        wrong_code: |tries_left| {
            format!("驗證碼不正確。請查看最新的郵件。還可以再試 {tries_left}\u{a0}次。")
        },
        earlier_code: "這是先前的驗證碼。請輸入最新郵件中的驗證碼。",
        button: "確認",
        send_again: "重新寄送驗證碼",
        sent_again: |time| format!("我們已於 {time}寄出新的驗證碼。只有最新的驗證碼有效。"),
        nothing_arrived: "沒有收到嗎？郵件可能需要一分鐘才會送達，也請查看垃圾郵件匣。",
        offer_title: "還差一步：確認您的信箱",
        offer: |mailbox| {
            format!(
                "您的帳戶無法證明 {mailbox} 是您的信箱。我們會寄驗證碼到該信箱；在此輸入後，\
                 您可以繼續使用這個帳戶。"
            )
        },
        offer_to_another: |account, mailbox| {
            format!(
                "您目前登入的帳戶是 {account}。邀請寄到了 {mailbox}。如果該信箱也是您的，\
                 我們會寄驗證碼過去，您可以繼續使用這個帳戶。"
            )
        },
        offer_to_guest: |account, mailbox| {
            format!(
                "您目前登入的帳戶是 {account}。這個帳戶是該組織的來賓，因此無法向我們證明信箱 \
                 {mailbox} 屬於您。我們會寄驗證碼過去，在此輸入後，您可以繼續使用這個帳戶。"
            )
        },
        no_offer: |account, mailbox| {
            format!(
                "您目前登入的帳戶是 {account}。邀請寄到了 {mailbox}。請使用該信箱所屬的帳戶登入，\
                 或聯絡邀請您的人。"
            )
        },
        no_offer_unproven: |account, mailbox| {
            format!(
                "您目前登入的帳戶是 {account}。這次登入無法證明 {mailbox} 是您的信箱。請聯絡邀請您的人。"
            )
        },
        send_to: |mailbox| format!("寄送驗證碼到 {mailbox}"),
        over_title: "這組驗證碼已失效",
        over: |button| {
            format!("驗證碼已超過 10 分鐘，或輸入錯誤次數過多。請按「{button}」取得新的驗證碼。")
        },
        next_code: |time| format!("{time}之後可以寄送下一組驗證碼。"),
    },
    join: JoinText {
        title: |company| format!("加入 {company}"),
        lead: "您將以自己的帳戶加入這家公司。公司資料維持不變，請確認您本人的資料。",
        created: |who, when| format!("{who} 已於{when}在平台上登錄這家公司。"),
        created_before: |when| format!("您的同事已於{when}在平台上登錄這家公司。"),
        faster: "在您填寫表單期間，同事已先建立公司。您填寫的個人資料仍保留在下方。",
        person: "您的資料",
        change: "修改我的資料",
        button: "加入公司",
    },
    welcome: WelcomeText {
        title: |name| format!("{name}，歡迎您！"),
        lead: |company, platform| format!("{company} 已加入 {platform}。"),
        lead_joined: |company, platform| format!("您已加入 {platform} 上的 {company}。"),
        start_here: "您可以從這裡開始。",
        nothing_to_do: "您可以關閉此頁面。",
        links: "快速上手",
        unsaved: |inviter| {
            format!(
                "您已在另一個分頁完成，因此您最後輸入的內容未儲存。如需修改，請洽詢 {inviter}。"
            )
        },
        registered: "已登記的資料",
        correct: |inviter| format!("如需更正，請聯絡 {inviter}。"),
        open_platform: |platform| format!("開啟 {platform}"),
    },
    notice: NoticeText {
        malformed_link: Message {
            title: "連結不完整",
            body: "網址似乎缺少一部分。請重新點選邀請郵件中的按鈕，\
                或將郵件中的完整連結複製到瀏覽器。",
        },
        unknown_invitation: Message {
            title: "找不到這份邀請",
            body: "請確認您開啟的是最新一封邀請郵件中的連結。如果仍無法開啟，請洽詢邀請您的人。",
        },
        expired: Message {
            title: "邀請已過期",
            body: "為了保障您的安全，邀請只在一定期間內有效。邀請您的人可以重新寄送邀請。",
        },
        revoked: Message {
            title: "邀請已撤回",
            body: "邀請您的公司已撤回這份邀請。如果您仍需要使用，邀請您的人可以建立新的邀請。",
        },
        used_by_another: Message {
            title: "這份邀請已被使用",
            body: "這份邀請已由另一個 Microsoft 帳戶接受。如果那是您的帳戶，請以該帳戶登入；\
                如果不是，請向邀請您的人索取您專屬的邀請。",
        },
        consent_declined: Message {
            title: "您已取消或拒絕登入",
            body: "沒有您的同意，Microsoft 不會告訴我們您的身分，因此無法繼續。目前沒有任何變更，\
                邀請仍然有效，您可以隨時再試一次。",
        },
        sign_in_failed: Message {
            title: "登入未成功",
            body: "Microsoft 無法讓您登入。目前沒有任何變更，邀請仍然有效，請再試一次。",
        },
        sign_in_restart: Message {
            title: "請重新登入",
            body: "您的登入資訊已遺失：可能是登入時間過長，或在兩個分頁或其他瀏覽器中開啟。您的邀\
                請仍然有效，請再登入一次。",
        },
        cookies_blocked: Message {
            title: "您的瀏覽器未保留我們的 Cookie",
            body: "您的登入資訊再次遺失。這個瀏覽器可能封鎖了 Cookie。請允許本網站使用 Cookie，或\
                在其他瀏覽器中開啟邀請。",
        },
        wrong_account: Message {
            title: "這個帳戶無法在此使用",
            body: "這份邀請不接受該組織的帳戶。請改用其他帳戶，或聯絡邀請您的人。",
        },
        wrong_personal_account: "這份邀請不接受個人 Microsoft 帳戶。請改用您所屬組織的帳戶，或聯絡邀請您的人\
            。",
        signed_in_as: "目前登入的帳戶",
        invited_mailbox: "受邀信箱",
        accepted_on: "接受時間",
        accepted_with: "接受時使用的帳戶",
        work_account: "公司或學校帳戶",
        personal_account: "個人 Microsoft 帳戶",
        too_many_codes: Message {
            title: "暫時無法再寄送驗證碼",
            body: "基於安全考量，我們每天只寄送少量驗證碼。",
        },
        or_invited_account: "您也可以改用受邀信箱所屬的帳戶登入。",
        code_not_sent: Message {
            title: "驗證碼無法寄出",
            body: "郵件無法送達受邀信箱。這次不會計入寄送次數。請稍後再試。",
        },
        try_again_later: Message {
            title: "請稍後再試",
            body: "目前無法連線到其中一項服務。您的資料沒有遺失，邀請仍然有效。",
        },
        form_refused: Message {
            title: "請從這裡重新開始",
            body: "為了保障您的安全，我們沒有接受這份表單，因為無法確認它來自我們的頁面。\
                目前沒有任何變更。",
        },
        address_kept: Message {
            title: "請從這個頁面傳送地址",
            body: "您輸入的內容就在下方。尚未傳送任何內容。請再按一次按鈕。",
        },
        session_over: Message {
            title: "請重新登入",
            body: "為了保障您的安全，系統會在 30 分鐘後將您登出。請以同一個 Microsoft 帳戶再登入\
                一次，即可從原處繼續。",
        },
        session_lost: Message {
            title: "您的登入資訊已遺失",
            body: "這個瀏覽器沒有與您的邀請對應的登入資訊：您可能使用了其他瀏覽器，或 Cookie 已被\
                刪除。您的邀請仍然有效。",
        },
        unknown_session: "我們無法確定這是哪一份邀請：可能是登入時間過長、您使用了其他瀏覽器，或 Cooki\
            e 已被刪除。請開啟邀請郵件中的連結。",
        draft_saved: "表單內容已保留，再次開啟時會原樣顯示。",
        internal_error: Message {
            title: "系統發生問題",
            body: "很抱歉，這不是您的操作造成的，您的邀請仍然有效。請過幾分鐘再試一次。",
        },
        not_found: Message {
            title: "找不到此頁面",
            body: "網址可能有誤。請重新點選邀請郵件中的按鈕。",
        },
        too_large: Message {
            title: "表單過大",
            body: "您送出的表單超過可接受的大小。請返回上一頁並縮短內容。",
        },
        next_step: "請開啟邀請郵件中的連結，或洽詢邀請您的人。",
    },
    action: ActionText {
        try_again: "再試一次",
        use_another_account: "使用其他帳戶",
        use_accepting_account: "使用該帳戶登入",
        enter_newest_code: "輸入最新的驗證碼",
        ask_for_new_invitation: "索取新的邀請",
        proceed: "繼續",
        get_help: "取得協助",
    },
    contact: contact::zh_hant::TEXT,
    upload: upload::zh_hant::TEXT,
    mail: MailText {
        subject: |organization, platform| format!("{organization} 邀請您加入 {platform}"),
        greeting: |name| format!("{name} 您好："),
        steps: "請以您的 Microsoft 帳戶登入（也可於過程中建立），確認貴公司的資料，即可開始使用，\
            只需幾分鐘。",
        copy_link: "如果按鈕無法使用，請將此連結複製到瀏覽器：",
        valid_until: |expires| format!("此連結專供您個人使用，有效期限至 {expires}。"),
        help: "有任何問題嗎？您可以在這裡取得協助：",
        docs: "您可以在這裡查看文件：",
        unexpected: "不清楚為何收到這份邀請？請直接忽略此郵件。",
        reminder_subject: |platform| format!("提醒：您的 {platform} 邀請"),
        reminder_lead: |platform| {
            format!("您的 {platform} 邀請仍然有效。若您尚未有時間處理，可在此接受邀請。")
        },
        renewal_subject: |company| format!("{company} 希望取得新的邀請"),
        renewal_body: |who, company, platform| {
            format!("{who}（{company}）開啟了已失效的 {platform} 邀請，希望您重新寄送一份。")
        },
        renewal_instructions: "如果您同意，請在貴公司的系統中重新寄送邀請。\
            您可以依下列資料找到這份邀請：",
        company_subject: |company, platform| format!("{company} 已加入 {platform}"),
        company_body: |who, company, platform| {
            format!("{who} 已接受您的邀請，確認公司資料，並在 {platform} 建立了 {company}。")
        },
        joined_subject: |who, company| format!("{who} 已加入 {company}"),
        joined_body: |who, company, platform| {
            format!("{who} 已接受您的邀請，並加入 {platform} 上既有的 {company}。")
        },
        invitation_id: "邀請編號",
        customer_number: "客戶編號",
        invited_mailbox: "受邀信箱",
        code_subject: |platform| format!("您的 {platform} 驗證碼"),
        code_lead: |platform| format!("請用此驗證碼向 {platform} 確認這是您的信箱："),
        code_validity: |minutes| format!("驗證碼 {minutes} 分鐘內有效，請勿告知他人。"),
        code_unexpected: "您沒有索取驗證碼嗎？請直接忽略此郵件。",
    },
};
