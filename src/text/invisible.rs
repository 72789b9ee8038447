//! Characters that show nothing and change what is shown around them.

/// Whether the character shows nothing but changes what is shown around it: controls, bidi
/// overrides, isolates and marks, zero-width and tag characters. Joiners (U+200C, U+200D) stay:
/// Persian and Indic names need them.
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'
        | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether the character shows nothing and joins its neighbours, or keeps them apart.
pub const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// The text without its invisible characters, which come along when people paste; without joiners
/// where there is nothing to join: at the beginning and after ASCII. Control characters stay, to be
/// refused.
pub fn remove_invisible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars().filter(|c| c.is_control() || !is_invisible(*c)) {
        let last = visible.chars().next_back();
        if !is_joiner(c) || last.is_some_and(|last| !last.is_ascii()) {
            visible.push(c);
        }
    }
    visible
}

/// A regular expression of JSON Schema for text without control characters; white space, which is
/// collapsed or trimmed, may be any.
pub const NO_CONTROLS: &str = r"^[^\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]*$";

/// Whether the character shows nothing, or is no character of Unicode: also joiners, selectors of
/// variants, fillers, noncharacters and private use.
pub const fn shows_nothing(c: char) -> bool {
    is_invisible(c)
        || is_joiner(c)
        || c.is_whitespace()
        || matches!(c,
            '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}' | '\u{f0000}'..)
}

/// Quotation marks, brackets, commas, and what looks like a slash, a backslash or a colon: no
/// character of a host name (RFC 5892), but UTS 46 lets them pass.
pub const fn is_foreign_punctuation(c: char) -> bool {
    matches!(c,
        '«' | '»' | '\u{60c}' | '\u{61b}' | '\u{2016}'..='\u{2023}' | '\u{2030}'..='\u{205e}'
        | '\u{2215}' | '\u{2216}' | '\u{2236}' | '\u{29f5}' | '\u{29f8}' | '\u{29f9}'
        | '\u{3001}' | '\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}')
}

/// Whether the character is in a block of symbols, which are no letters (RFC 5892).
pub const fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}
