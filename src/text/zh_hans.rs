use super::*;

pub(super) static TEXT: Text = Text {
    tag: "zh-Hans",
    native_name: "简体中文",
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
        progress: "当前进度",
        steps: ["邀请", "登录", "公司信息", "开始使用"],
        step: |step, label| format!("第 {step} 步，共 4 步：{label}"),
        help: "获取帮助",
        language: "语言",
    },
    invite: InviteText {
        title: |platform| format!("诚邀您加入 {platform}"),
        greeting: |name| format!("{name}，您好："),
        lead: |inviter, organization, platform| {
            format!("{organization} 的 {inviter} 邀请您加入 {platform}。")
        },
        message_from: |inviter| format!("{inviter} 的留言"),
        mailbox: "受邀邮箱",
        company: "公司",
        expires: "有效期至",
        next_steps: "接下来的步骤",
        have_account: "该邮箱已有 Microsoft 账户",
        have_account_body: "请使用该账户登录，Microsoft 随后会自动带您返回本页面。如果您已登录，\
            片刻即可完成。",
        no_account: "还没有 Microsoft 账户",
        no_account_body: "您可以在 Microsoft 免费创建账户。Microsoft 会向您的邮箱发送验证码，\
            以确认这是您的邮箱，然后带您返回本页面。",
        create_one_hint: "请在 Microsoft 登录页面上选择“创建一个！”。",
        afterwards: "最后核对贵公司的信息，即可开始使用。",
        get_started: "立即开始",
        sign_up: "我还没有 Microsoft 账户",
        password: "您只需在 Microsoft 的页面上输入密码，我们不会看到您的密码。",
        unexpected: "如果您不清楚为何收到这份邀请，直接关闭此页面即可，目前没有任何更改。",
        accepted_title: "欢迎回来",
        accepted_body: "您已接受此邀请。请使用同一 Microsoft 账户登录，从上次的进度继续。",
        accepted_button: "登录并继续",
        completed_title: "一切就绪",
        completed_body: |company, platform| {
            format!("{company} 已在 {platform} 完成设置。请使用同一 Microsoft 账户登录访问。")
        },
        completed_button: |platform| format!("登录 {platform}"),
    },
    company: CompanyText {
        title: "请核对贵公司的信息",
        lead: |organization| {
            format!("以下信息由 {organization} 提供，请您核对，如有不符请直接修改。")
        },
        lead_empty: "请填写贵公司的信息。",
        customer_number: "客户编号",
        company: "公司",
        address: "地址",
        contact: "联系人",
        company_name: "公司名称",
        vat_number: |country| match country {
            "CN" => "统一社会信用代码",
            "US" => "税号（EIN）",
            _ => "税号（VAT）",
        },
        website: "网站",
        country: "国家或地区",
        choose_country: "请选择",
        street: |_| "街道和门牌号",
        postal_code: |_| "邮政编码",
        city: |country| match country {
            "TW" => "乡镇市区",
            "HK" => "地区",
            _ => "城市",
        },
        region: |country| match country {
            "US" | "BR" | "MX" | "AU" | "CH" => "州",
            "CA" => "省",
            "CN" => "省／自治区／直辖市",
            _ => "省／自治区／直辖市／州",
        },
        first_name: "名",
        last_name: "姓",
        phone: "电话",
        phone_example: |example| format!("例如 {example}"),
        email: "电子邮箱",
        email_note: "邀请已发送至此邮箱，因此无法在此处修改。",
        optional: "（选填）",
        registered_by: |organization| format!("{organization} 原登记信息"),
        missing_entries: |_, count, names| format!("还有 {count}\u{a0}项未填写：{names}"),
        wrong_entries: |_, count, names| format!("有 {count}\u{a0}项需要检查：{names}"),
        comma: "、",
        change: "修改信息",
        create: "创建公司",
        creating: "正在创建…",
        not_ready: "仍有内容需要您填写或修改。",
        ready: "信息没有问题。",
    },
    problem: ProblemText {
        missing: "请填写此项。",
        too_long: |max| format!("内容过长，请控制在 {max} 个字符以内。"),
        invisible_characters: "内容中含有不可见字符，可能是复制粘贴时带入的。请重新输入。",
        unknown_country: "请从列表中选择国家或地区。",
        postal_code: |example, country| format!("{country}的邮政编码格式如 {example}。"),
        postal_code_any: |example| {
            format!("请输入邮政编码，例如 {example}。如该国家或地区没有邮政编码，请留空。")
        },
        phone: |example| {
            format!(
                "请输入电话号码，例如 {example}，或以“+”和国家/地区代码开头的号码。也可以留空。"
            )
        },
        vat_number: |example| format!("请按 {example} 的格式输入，或将此项留空。"),
        website: "请输入网址，例如 www.example.com，或将此项留空。",
        colon: "：",
    },
    confirm: ConfirmText {
        title: "验证您的邮箱",
        lead: |mailbox| {
            format!(
                "我们已向 {mailbox} 发送 6 位验证码。请在此输入，以确认这是您的邮箱。\
                 验证码 10 分钟内有效。"
            )
        },
        sending: |mailbox| {
            format!("我们正在向 {mailbox} 发送 6 位验证码。收到后请在此输入，10 分钟内有效。")
        },
        code: "邮件中的验证码",
        not_a_code: "请输入邮件中的 6 位数字。",
        wrong_code: |tries_left| {
            format!("验证码不正确。请查看最新一封邮件。还可以尝试 {tries_left}\u{a0}次。")
        },
        earlier_code: "这是之前的验证码。请输入最新一封邮件中的验证码。",
        button: "验证",
        send_again: "重新发送验证码",
        sent_again: |time| format!("我们已于 {time}发送新的验证码。只有最新的验证码有效。"),
        nothing_arrived: "没有收到邮件？可能需要等待一分钟左右，也请查看垃圾邮件文件夹。",
        offer_title: "还差一步：验证您的邮箱",
        offer: |mailbox| {
            format!(
                "您的账户无法证明 {mailbox} 是您的邮箱。我们会向该邮箱发送验证码；在此输入后，\
                 您可以继续使用此账户。"
            )
        },
        offer_to_another: |account, mailbox| {
            format!(
                "您当前登录的账户是 {account}。邀请发送到了 {mailbox}。如果该邮箱也是您的，\
                 我们会向其发送验证码，您可以继续使用此账户。"
            )
        },
        offer_to_guest: |account, mailbox| {
            format!(
                "您当前登录的账户是 {account}。该账户是所在组织的来宾，因此无法向我们证明邮箱 \
                 {mailbox} 属于您。我们会向该邮箱发送验证码，在此输入后，您可以继续使用此账户。"
            )
        },
        no_offer: |account, mailbox| {
            format!(
                "您当前登录的账户是 {account}。邀请发送到了 {mailbox}。请使用该邮箱对应的账户登录，\
                 或联系邀请您的人。"
            )
        },
        no_offer_unproven: |account, mailbox| {
            format!(
                "您当前登录的账户是 {account}。此次登录无法证明 {mailbox} 是您的邮箱。请联系邀请您的人。"
            )
        },
        send_to: |mailbox| format!("向 {mailbox} 发送验证码"),
        over_title: "此验证码已失效",
        over: |button| {
            format!("验证码已超过 10 分钟，或输入错误次数过多。请按“{button}”获取新的验证码。")
        },
        next_code: |time| format!("{time}之后可以发送下一个验证码。"),
    },
    join: JoinText {
        title: |company| format!("加入 {company}"),
        lead: "您将使用自己的账户加入该公司。公司信息保持不变，请核对您本人的信息。",
        created: |who, when| format!("{who} 已于{when}创建此公司。"),
        created_before: |when| format!("您的同事已于{when}创建此公司。"),
        faster: "在您填写表单期间，同事已先创建了公司。您填写的个人信息仍保留在下方。",
        person: "您的信息",
        change: "修改我的资料",
        button: "加入公司",
    },
    welcome: WelcomeText {
        title: |name| format!("{name}，欢迎您！"),
        lead: |company, platform| format!("{company} 已加入 {platform}。"),
        lead_joined: |company, platform| format!("您已加入 {platform} 上的 {company}。"),
        start_here: "您可以从这里开始。",
        nothing_to_do: "您可以关闭此页面。",
        links: "快速入门",
        unsaved: |inviter| {
            format!(
                "您已在另一个标签页中完成，因此您最后输入的内容未保存。如需修改，请联系 {inviter}。"
            )
        },
        registered: "已登记的信息",
        correct: |inviter| format!("如需更正，请联系 {inviter}。"),
        open_platform: |platform| format!("打开 {platform}"),
    },
    notice: NoticeText {
        malformed_link: Message {
            title: "链接不完整",
            body: "网址似乎缺少一部分。请重新点击邀请邮件中的按钮，\
                或将邮件中的完整链接复制到浏览器中打开。",
        },
        unknown_invitation: Message {
            title: "找不到此邀请",
            body: "请确认您打开的是最新一封邀请邮件中的链接。如果仍然无法打开，请联系邀请您的人。",
        },
        expired: Message {
            title: "邀请已过期",
            body: "为保障您的安全，邀请仅在一定期限内有效。邀请您的人可以重新发送邀请。",
        },
        revoked: Message {
            title: "邀请已撤回",
            body: "邀请您的公司已撤回此邀请。如果您仍需要访问权限，邀请您的人可以创建新的邀请。",
        },
        used_by_another: Message {
            title: "此邀请已被使用",
            body: "此邀请已由另一个 Microsoft 账户接受。如果那是您的账户，请使用该账户登录；\
                如果不是，请联系邀请您的人，获取您本人的邀请。",
        },
        consent_declined: Message {
            title: "您已取消或拒绝登录",
            body: "未经您同意，Microsoft 不会告知我们您的身份，因此无法继续。目前没有任何更改，\
                您的邀请仍然有效，可随时重试。",
        },
        sign_in_failed: Message {
            title: "登录未成功",
            body: "Microsoft 未能完成登录。目前没有任何更改，您的邀请仍然有效，请重试。",
        },
        sign_in_restart: Message {
            title: "请重新登录",
            body: "您的登录信息已丢失：可能是登录用时过长，或在两个标签页或其他浏览器中打开。您的\
                邀请仍然有效，请再登录一次。",
        },
        cookies_blocked: Message {
            title: "您的浏览器未保留我们的 Cookie",
            body: "您的登录信息再次丢失。此浏览器可能阻止了 Cookie。请允许本网站使用 Cookie，或在\
                其他浏览器中打开邀请。",
        },
        wrong_account: Message {
            title: "此账户无法在此使用",
            body: "此邀请不接受该组织的账户。请使用其他账户，或联系邀请您的人。",
        },
        wrong_personal_account: "此邀请不接受个人 Microsoft 账户。请使用您所在组织的账户，或联系邀请您的人。",
        signed_in_as: "当前登录账户",
        invited_mailbox: "受邀邮箱",
        accepted_on: "接受时间",
        accepted_with: "接受时使用的账户",
        work_account: "工作或学校账户",
        personal_account: "个人 Microsoft 账户",
        too_many_codes: Message {
            title: "暂时无法再发送验证码",
            body: "为了安全，我们每天只发送少量验证码。",
        },
        or_invited_account: "您也可以使用受邀邮箱对应的账户登录。",
        code_not_sent: Message {
            title: "验证码发送失败",
            body: "邮件无法送达受邀邮箱。本次不计入发送次数。请稍后重试。",
        },
        try_again_later: Message {
            title: "请稍后重试",
            body: "目前无法连接到我们的某项服务。您的数据没有丢失，邀请仍然有效。",
        },
        form_refused: Message {
            title: "请从这里重新开始",
            body: "为保障您的安全，我们没有接受此表单，因为无法确认它来自我们的页面。\
                目前没有任何更改。",
        },
        address_kept: Message {
            title: "请从此页面发送地址",
            body: "您输入的内容就在下方。尚未发送任何内容。请再按一次按钮。",
        },
        session_over: Message {
            title: "请再次登录",
            body: "为保障您的安全，系统会在 30 分钟后将您退出。请使用同一 Microsoft 账户再登录一\
                次，即可从原处继续。",
        },
        session_lost: Message {
            title: "您的登录信息已丢失",
            body: "此浏览器中没有与您的邀请对应的登录信息：您可能使用了其他浏览器，或 Cookie 已被\
                删除。您的邀请仍然有效。",
        },
        unknown_session: "我们无法确定这是哪一份邀请：可能是登录用时过长、您使用了其他浏览器，或 Cooki\
            e 已被删除。请打开邀请邮件中的链接。",
        draft_saved: "表单内容已保留，再次打开时会原样显示。",
        internal_error: Message {
            title: "系统出现问题",
            body: "非常抱歉，这并非您的操作所致，您的邀请仍然有效。请过几分钟再试。",
        },
        not_found: Message {
            title: "找不到此页面",
            body: "网址可能有误。请重新点击邀请邮件中的按钮。",
        },
        too_large: Message {
            title: "表单过大",
            body: "您提交的表单超出可接受的大小。请返回上一页并缩短内容。",
        },
        next_step: "请打开邀请邮件中的链接，或联系邀请您的人。",
    },
    action: ActionText {
        try_again: "重试",
        use_another_account: "使用其他账户",
        use_accepting_account: "使用该账户登录",
        enter_newest_code: "输入最新的验证码",
        ask_for_new_invitation: "申请新的邀请",
        proceed: "继续",
        get_help: "获取帮助",
    },
    contact: contact::zh_hans::TEXT,
    upload: upload::zh_hans::TEXT,
    mail: MailText {
        subject: |organization, platform| format!("{organization} 邀请您加入 {platform}"),
        greeting: |name| format!("{name}，您好："),
        steps: "请使用您的 Microsoft 账户登录（也可在过程中创建），核对贵公司的信息，即可开始使用，\
            只需几分钟。",
        copy_link: "如果按钮无法使用，请将以下链接复制到浏览器中打开：",
        valid_until: |expires| format!("此链接仅供您本人使用，有效期至 {expires}。"),
        help: "如有疑问，可在此获取帮助：",
        docs: "您可以在此查看文档：",
        unexpected: "如果您不清楚为何收到这份邀请，请忽略此邮件。",
        reminder_subject: |platform| format!("提醒：您的 {platform} 邀请"),
        reminder_lead: |platform| {
            format!("您的 {platform} 邀请仍然有效。如果您还没有时间处理，可以在此接受邀请。")
        },
        renewal_subject: |company| format!("{company} 希望获得新的邀请"),
        renewal_body: |who, company, platform| {
            format!("{who}（{company}）打开了已失效的 {platform} 邀请，希望您重新发送一份。")
        },
        renewal_instructions: "如果您同意，请在贵公司的系统中重新发送邀请。\
            您可以通过以下信息找到该邀请：",
        company_subject: |company, platform| format!("{company} 已加入 {platform}"),
        company_body: |who, company, platform| {
            format!("{who} 已接受您的邀请，核对公司信息，并在 {platform} 上创建了 {company}。")
        },
        joined_subject: |who, company| format!("{who} 已加入 {company}"),
        joined_body: |who, company, platform| {
            format!("{who} 已接受您的邀请，并加入了 {platform} 上已有的 {company}。")
        },
        invitation_id: "邀请编号",
        customer_number: "客户编号",
        invited_mailbox: "受邀邮箱",
        code_subject: |platform| format!("您的 {platform} 验证码"),
        code_lead: |platform| format!("请使用此验证码向 {platform} 确认这是您的邮箱："),
        code_validity: |minutes| format!("验证码 {minutes} 分钟内有效，请勿告知他人。"),
        code_unexpected: "如果您没有申请验证码，请忽略此邮件。",
    },
};
