//! What the pages say, in the languages of the samples.

use axum::http::{HeaderMap, header};

/// Everything in one language.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) tag: &'static str,
    pub(super) stand_in: &'static str,
    pub(super) disclaimer: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) choose_account: &'static str,
    pub(super) signed_in: &'static str,
    pub(super) address: &'static str,
    pub(super) another_address: &'static str,
    pub(super) no_account: &'static str,
    pub(super) next: &'static str,
    pub(super) cancel: &'static str,
    pub(super) use_another: &'static str,
    pub(super) welcome: fn(name: &str) -> String,
    pub(super) no_password: &'static str,
    pub(super) unknown: &'static str,
    pub(super) can_create: &'static str,
    pub(super) create_one: &'static str,
    pub(super) create: &'static str,
    pub(super) your_name: &'static str,
    pub(super) send_code: &'static str,
    pub(super) have_account: &'static str,
    pub(super) enter_code: &'static str,
    pub(super) code_sent: &'static str,
    pub(super) code: &'static str,
    pub(super) send_new_code: &'static str,
    pub(super) almost_there: fn(name: &str) -> String,
    pub(super) terms: &'static str,
    pub(super) each_term: [&'static str; 3],
    pub(super) agree: &'static str,
    pub(super) create_account: &'static str,
    pub(super) consent: &'static str,
    pub(super) app_would_like: fn(app: &str) -> String,
    pub(super) to_sign_in: &'static str,
    pub(super) to_see_profile: &'static str,
    pub(super) to_see_email: &'static str,
    pub(super) accept: &'static str,
    pub(super) decline: &'static str,
    pub(super) approval_required: &'static str,
    pub(super) blocked: &'static str,
    pub(super) return_to_app: &'static str,
    pub(super) review: &'static str,
    pub(super) no_administrator: &'static str,
    pub(super) blocks: Blocks,
    pub(super) errors: Errors,
    pub(super) code_mail: CodeMail,
}

/// Why an organisation does not let its people in.
#[derive(Debug)]
pub(super) struct Blocks {
    pub(super) approval: &'static str,
    pub(super) assignment: &'static str,
    pub(super) conditional_access: &'static str,
    pub(super) unknown_user: &'static str,
    pub(super) unknown_app: &'static str,
}

/// What is wrong with an entry.
#[derive(Debug)]
pub(super) struct Errors {
    pub(super) not_an_address: &'static str,
    pub(super) account_refused: &'static str,
    pub(super) no_such_account: &'static str,
    pub(super) no_name: &'static str,
    pub(super) exists: &'static str,
    pub(super) not_sent: fn(why: &str) -> String,
    pub(super) too_many_tries: &'static str,
    pub(super) wrong_code: &'static str,
}

/// The e-mail with the code.
#[derive(Debug)]
pub(super) struct CodeMail {
    pub(super) subject: &'static str,
    pub(super) code: fn(code: &str) -> String,
    pub(super) text: &'static str,
}

/// The words for a request: as the app asks, otherwise as the browser does.
pub(super) fn in_language_of(ui_locales: Option<&str>, headers: &HeaderMap) -> &'static Words {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    Words::of(ui_locales.or(accepted))
}

impl Words {
    /// In the first language that is spoken here, of `ui_locales` (OpenID Connect Core, 3.1.2.1) or
    /// `Accept-Language`; otherwise in English.
    fn of(languages: Option<&str>) -> &'static Self {
        languages
            .unwrap_or_default()
            .split([' ', ','])
            .find_map(|tag| match tag.split(';').next()?.trim() {
                "zh-Hant" | "zh-TW" | "zh-HK" => Some(&ZH_HANT),
                tag if tag.starts_with("en") => Some(&EN),
                _ => None,
            })
            .unwrap_or(&EN)
    }
}

/// English.
pub(super) static EN: Words = Words {
    tag: "en",
    stand_in: "Sign-in (local stand-in)",
    disclaimer: "For trying things out. This is not Microsoft.",
    sign_in: "Sign in",
    choose_account: "Choose an account",
    signed_in: "signed in",
    address: "E-mail address",
    another_address: "Another e-mail address",
    no_account: "No account? Enter your address: the next page lets you create one.",
    next: "Next",
    cancel: "Cancel",
    use_another: "Use another account",
    welcome: |name| format!("Welcome, {name}"),
    no_password: "The real service would ask for your password now. Here the button is enough.",
    unknown: "This account does not exist",
    can_create: "You can create an account with this address. It takes a minute: we send a code to \
        your mailbox to check that it is yours.",
    create_one: "Create one",
    create: "Create an account",
    your_name: "Your name",
    send_code: "Send me a code",
    have_account: "I have an account",
    enter_code: "Enter the code",
    code_sent: "We sent a code of six digits to this address:",
    code: "Code",
    send_new_code: "Send a new code",
    almost_there: |name| format!("Almost there, {name}"),
    terms: "An account here is for trying things out only:",
    each_term: [
        "It has no password, so anyone at this machine can use it.",
        "It is kept on this machine only.",
        "It is not a Microsoft account.",
    ],
    agree: "I agree to these terms of use.",
    create_account: "Create account",
    consent: "Let this app use your account?",
    app_would_like: |app| format!("The app {app} would like to:"),
    to_sign_in: "sign you in",
    to_see_profile: "see your name and user name",
    to_see_email: "see your e-mail address",
    accept: "Accept",
    decline: "Decline",
    approval_required: "Approval required",
    blocked: "You cannot get there from here",
    return_to_app: "Return to the app",
    review: "Permissions requested: review for your organisation",
    no_administrator: "No account here may approve apps for an organisation.",
    blocks: Blocks {
        approval: "The app needs an approval that only an administrator can give.",
        assignment: "The signed-in user is not assigned to a role for the application.",
        conditional_access: "Access has been blocked by Conditional Access policies.",
        unknown_user: "The user account does not exist in the tenant.",
        unknown_app: "The application was not found in the directory.",
    },
    errors: Errors {
        not_an_address: "Enter an e-mail address, for instance name@example.com.",
        account_refused: "That account cannot be used here. Use another one.",
        no_such_account: "This account does not exist in any organisation.",
        no_name: "Enter your name.",
        exists: "There is an account with this address already.",
        not_sent: |why| {
            format!("The code could not be sent to this address ({why}). Check it and try again.")
        },
        too_many_tries: "The code was wrong five times. Have a new code sent.",
        wrong_code: "That is not the code. Check it and try again.",
    },
    code_mail: CodeMail {
        subject: "Your security code",
        code: |code| format!("Security code: {code}"),
        text: "Enter it on the page where you create your account.",
    },
};

/// Chinese in traditional characters.
static ZH_HANT: Words = Words {
    tag: "zh-Hant",
    stand_in: "登入（本機替代頁面）",
    disclaimer: "僅供試用，並非 Microsoft 的頁面。",
    sign_in: "登入",
    choose_account: "選擇帳戶",
    signed_in: "已登入",
    address: "電子郵件地址",
    another_address: "其他電子郵件地址",
    no_account: "還沒有帳戶？請輸入您的地址，下一頁即可建立帳戶。",
    next: "下一步",
    cancel: "取消",
    use_another: "使用其他帳戶",
    welcome: |name| format!("{name}，歡迎您"),
    no_password: "正式的服務在這裡會要求輸入密碼；此處只要按下按鈕即可。",
    unknown: "這個帳戶不存在",
    can_create: "您可以用這個地址建立帳戶。只需一分鐘：我們會寄驗證碼到您的信箱，確認信箱是您的。",
    create_one: "建立帳戶",
    create: "建立帳戶",
    your_name: "您的姓名",
    send_code: "寄驗證碼給我",
    have_account: "我已有帳戶",
    enter_code: "輸入驗證碼",
    code_sent: "我們已將六位數驗證碼寄到這個地址：",
    code: "驗證碼",
    send_new_code: "重新寄送驗證碼",
    almost_there: |name| format!("{name}，即將完成"),
    terms: "這裡的帳戶僅供試用：",
    each_term: [
        "沒有密碼，使用這台電腦的任何人都能使用。",
        "只保存在這台電腦上。",
        "並非 Microsoft 帳戶。",
    ],
    agree: "我同意以上使用條款。",
    create_account: "建立帳戶",
    consent: "要讓這個應用程式使用您的帳戶嗎？",
    app_would_like: |app| format!("應用程式 {app} 想要："),
    to_sign_in: "讓您登入",
    to_see_profile: "查看您的姓名與使用者名稱",
    to_see_email: "查看您的電子郵件地址",
    accept: "接受",
    decline: "拒絕",
    approval_required: "需要核准",
    blocked: "您無法從這裡前往",
    return_to_app: "返回應用程式",
    review: "要求的權限：請為貴組織檢閱",
    no_administrator: "這裡沒有可以為組織核准應用程式的帳戶。",
    blocks: Blocks {
        approval: "這個應用程式需要系統管理員核准。",
        assignment: "登入的使用者未獲指派使用這個應用程式。",
        conditional_access: "條件式存取原則已封鎖存取。",
        unknown_user: "這個組織中沒有此使用者帳戶。",
        unknown_app: "目錄中找不到這個應用程式。",
    },
    errors: Errors {
        not_an_address: "請輸入電子郵件地址，例如 name@example.com。",
        account_refused: "這個帳戶無法在此使用，請改用其他帳戶。",
        no_such_account: "任何組織中都沒有這個帳戶。",
        no_name: "請輸入您的姓名。",
        exists: "已有帳戶使用這個地址。",
        not_sent: |why| format!("驗證碼無法寄到這個地址（{why}）。請檢查後再試一次。"),
        too_many_tries: "驗證碼已輸入錯誤五次，請重新寄送驗證碼。",
        wrong_code: "驗證碼不正確，請檢查後再試一次。",
    },
    code_mail: CodeMail {
        subject: "您的安全驗證碼",
        code: |code| format!("安全驗證碼：{code}"),
        text: "請在建立帳戶的頁面輸入。",
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_is_spoken() {
        for (languages, tag) in [
            (None, "en"),
            (Some("zh-Hant"), "zh-Hant"),
            (Some("de zh-Hant"), "zh-Hant"),
            (Some("fr-FR,zh-TW;q=0.8,en;q=0.5"), "zh-Hant"),
            (Some("en-GB, zh-Hant"), "en"),
            (Some("de"), "en"),
        ] {
            assert_eq!(Words::of(languages).tag, tag, "{languages:?}");
        }
    }
}
