//! Makes untrusted text safe to show: removes terminal escape sequences and control characters without
//! losing the words around them. Pure; used for captions, tables, messages and file names.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

/// Returns bytes as hexadecimal digits, in lower case.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(digits, "{byte:02x}"); // a String takes all
    }
    digits
}

/// Returns `text` with terminal escape sequences (ECMA-48 §5.4, both the 7-bit `ESC [` and the 8-bit C1
/// forms) and all control characters removed, and every kind of line break written as `\n`: CR,
/// CRLF, VT, FF, FS to RS, U+0085, U+2028, U+2029. Tabs become spaces. An escape sequence that is
/// never closed loses only its introducer: no words are lost.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => skip_escape(&mut rest),
            '\u{9b}' => skip_control_sequence(&mut rest),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => {
                skip_control_string(&mut rest);
            }
            '\r' => {
                rest.next_if_eq(&'\n');
                cleaned.push('\n');
            }
            '\n' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                cleaned.push('\n');
            }
            '\t' => cleaned.push(' '),
            '\u{feff}' => {}
            c if c.is_control() => {}
            c => cleaned.push(c),
        }
    }
    Cow::Owned(cleaned)
}

/// Returns [`clean`]ed text on one line: line breaks become spaces and the ends are trimmed. Characters
/// that change the direction of text are removed too: by them a name can look like another one, and
/// reorder what stands beside it.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    match clean(text) {
        Cow::Borrowed(text) if !text.contains(|c| c == '\n' || is_bidi_control(c)) => {
            Cow::Borrowed(text.trim())
        }
        text => Cow::Owned(
            text.replace(is_bidi_control, "")
                .split('\n')
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        ),
    }
}

/// Returns `true` for the controls of the bidirectional algorithm (UAX #9 §2): marks, embeddings,
/// overrides and isolates.
#[must_use]
pub const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns the title of the web page that `text` starts, if it is one and has a title.
#[must_use]
pub fn html_title(text: &str) -> Option<&str> {
    if !text.trim_start().starts_with('<') {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find("</title>")?;
    let title = text[start..end].trim();
    (!title.is_empty()).then_some(title)
}

/// Returns `text` without the byte order mark that some programs write at the start of UTF-8.
#[must_use]
pub fn strip_bom(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// Returns the count with its noun: `1 task`, `2 tasks`.
#[must_use]
pub fn count(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Returns the start of `text` on one line, at most `limit` characters, with `…` if it was cut.
#[must_use]
pub fn excerpt(text: &str, limit: usize) -> String {
    // Only a bounded part is ever looked at: the reply may be hundreds of megabytes.
    let head = text
        .char_indices()
        .nth(limit * 4)
        .map_or(text, |(end, _)| &text[..end]);
    let line = one_line(head);
    match line.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None if head.len() < text.len() => format!("{line}…"),
        None => line.into_owned(),
    }
}

/// Returns `true` if `text` is printable ASCII, as nearly every text is. Examines eight bytes at a time:
/// a large transcription holds a hundred million.
#[must_use]
pub fn is_printable_ascii(text: &str) -> bool {
    are_printable_ascii(text.as_bytes())
}

fn are_printable_ascii(bytes: &[u8]) -> bool {
    !any_flagged(bytes, flag_bytes)
}

/// Returns `true` if `flag_bytes` sets the top bit of any byte of `bytes`, examined eight at a time. It
/// must not set that of a space.
pub(crate) fn any_flagged(bytes: &[u8], flag_bytes: impl Fn([u8; 8]) -> u64) -> bool {
    // Some of the last eight are examined twice.
    let last = bytes.last_chunk().copied().unwrap_or_else(|| {
        let mut padded = [b' '; 8];
        padded[..bytes.len()].copy_from_slice(bytes);
        padded
    });
    let (words, _) = bytes.as_chunks();
    let all = words
        .iter()
        .fold(flag_bytes(last), |all, word| all | flag_bytes(*word));
    all & u64::from_ne_bytes([0x80; 8]) != 0
}

/// Sets the top bit of bytes over 0x7e or below 0x20. (Those beside such a byte may have it set too.)
fn flag_bytes(word: [u8; 8]) -> u64 {
    let word = u64::from_ne_bytes(word);
    word | word.wrapping_add(u64::from_ne_bytes([1; 8]))
        | word.wrapping_sub(u64::from_ne_bytes([0x20; 8]))
}

/// Returns `true` if there is nothing to clean.
fn is_clean(text: &str) -> bool {
    const WORD: usize = 8;
    let words = text.as_bytes().chunks(WORD).enumerate();
    words
        .filter(|(_, word)| !are_printable_ascii(word))
        .all(|(place, word)| {
            (place * WORD..).zip(word).all(|(at, byte)| {
                !may_start_unclean(*byte) || text[at..].chars().next().is_none_or(is_clean_char)
            })
        })
}

/// Controls are ASCII, and every other character that [`clean`] changes starts with the bytes C2 (C1
/// controls), E2 80 (separators) or EF (BOM).
fn may_start_unclean(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef)
}

fn is_clean_char(c: char) -> bool {
    c == '\n' || !(c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}'))
}

/// Skips what follows ESC: a control sequence, a control string, or intermediates and one final byte.
fn skip_escape(rest: &mut Peekable<Chars<'_>>) {
    match rest.peek() {
        Some('[') => {
            rest.next();
            skip_control_sequence(rest);
        }
        Some('P' | 'X' | ']' | '^' | '_') => {
            let mut ahead = rest.clone();
            ahead.next();
            if skip_control_string(&mut ahead) {
                *rest = ahead;
            } else {
                rest.next();
            }
        }
        Some(' '..='/') => {
            let mut ahead = rest.clone();
            while ahead.next_if(|c| matches!(c, ' '..='/')).is_some() {}
            if ahead.next_if(|c| matches!(c, '0'..='~')).is_some() {
                *rest = ahead;
            }
        }
        Some('0'..='~') => {
            rest.next();
        }
        _ => {}
    }
}

/// Skips what follows CSI: parameters `0` to `?`, intermediates space to `/`, a final `@` to `~`. Skips
/// nothing if there is no final byte: the supposed parameters may be words.
fn skip_control_sequence(rest: &mut Peekable<Chars<'_>>) {
    let mut ahead = rest.clone();
    while ahead.next_if(|c| matches!(c, '0'..='?')).is_some() {}
    while ahead.next_if(|c| matches!(c, ' '..='/')).is_some() {}
    if ahead.next_if(|c| matches!(c, '@'..='~')).is_some() {
        *rest = ahead;
    }
}

/// Skips what follows DCS, SOS, OSC, PM or APC, up to BEL, ST or ESC `\`. Returns `false` and skips
/// nothing if the string is not closed on its line or before the next C1 control: its text is kept as
/// words, and no text is examined twice however many strings are never closed.
fn skip_control_string(rest: &mut Peekable<Chars<'_>>) -> bool {
    let mut ahead = rest.clone();
    while let Some(c) = ahead.next() {
        match c {
            '\u{7}' | '\u{9c}' => {}
            '\u{1b}' if ahead.next_if_eq(&'\\').is_some() => {}
            '\u{1b}' | '\n' | '\r' | '\u{80}'..='\u{9f}' => return false,
            _ => continue,
        }
        *rest = ahead;
        return true;
    }
    false
}

/// Returns the number with the form of the words that agrees with it: `1 cue exceeds`.
#[must_use]
pub fn agree(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Returns a number of bytes in the unit that suits it: `312 MB`, `4.2 kB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) if bytes >= 10 * unit => format!("{} {name}", bytes / unit),
        Some((unit, name)) => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        None if bytes == 1 => "1 byte".to_owned(),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_text_is_borrowed() {
        for text in ["", "plain\ntext", "你好 “quoted” ’ é\u{a0}x", "👩‍👩‍👧"] {
            assert!(
                matches!(clean(text), Cow::Borrowed(same) if same == text),
                "{text:?}"
            );
        }
    }

    #[test]
    fn printable_ascii_is_recognized_at_every_offset() {
        // Each byte at each place of the eight that are looked at together, and after them.
        for at in 0..20 {
            for c in '\0'..='\u{ff}' {
                let mut text = "x ~".repeat(7);
                text.replace_range(at..=at, c.encode_utf8(&mut [0; 2]));
                assert_eq!(
                    is_printable_ascii(&text),
                    matches!(c, ' '..='~'),
                    "{c:?} at {at}"
                );
            }
        }
        assert!(is_printable_ascii(""));
    }

    #[test]
    fn escape_sequences_are_removed_and_words_kept() {
        for (raw, cleaned) in [
            ("a\u{1b}[31;1mred\u{1b}[0mb", "aredb"),
            ("a\u{9b}2Jb", "ab"),
            ("a\u{1b}]0;title\u{7}b", "ab"),
            (
                "a\u{1b}]8;;https://x\u{1b}\\link\u{1b}]8;;\u{1b}\\b",
                "alinkb",
            ),
            ("a\u{9d}52;c;aGk=\u{9c}b", "ab"),
            ("a\u{1b}]never closed", "anever closed"),
            ("a\u{90}never closed", "anever closed"),
            ("a\u{1b}[2024 年", "a2024 年"),
            ("a\u{9b}42", "a42"),
            ("a\u{9d}one\u{9d}two\u{7}b", "aoneb"),
            ("a\u{1b}(Bb\u{1b}cc", "abc"),
            ("a\u{1b}", "a"),
            ("bell\u{7}nul\0del\u{7f}", "bellnuldel"),
            ("\u{feff}bom", "bom"),
        ] {
            assert_eq!(clean(raw), cleaned, "{raw:?}");
        }
    }

    #[test]
    fn unclosed_strings_take_linear_time() {
        // Looking ahead to the end from each of them would take minutes.
        let text = "\u{9d}".repeat(2_000_000) + "word";
        assert_eq!(clean(&text), "word");
    }

    #[test]
    fn every_line_break_becomes_a_newline() {
        assert_eq!(
            clean("a\r\nb\rc\u{b}d\u{c}e\u{1c}f\u{1d}g\u{1e}h\u{85}i\u{2028}j\u{2029}k"),
            "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk"
        );
        assert_eq!(one_line("  a \r\n\r\n b\t"), "a b");
    }

    #[test]
    fn line_has_no_bidi_controls() {
        for (raw, shown) in [
            ("talk\u{202e}4pm.exe", "talk4pm.exe"),
            ("\u{200f} a\u{2066}b\u{2069} \u{202c}\nc", "ab c"),
            (
                "می\u{200c}خواهم 👩\u{200d}👧",
                "می\u{200c}خواهم 👩\u{200d}👧",
            ),
        ] {
            assert_eq!(one_line(raw), shown);
            assert_eq!(excerpt(raw, 80), shown);
        }
        assert_eq!(clean("a\u{202e}b"), "a\u{202e}b", "captions keep them");
    }

    #[test]
    fn byte_order_mark_is_stripped_at_the_start_only() {
        assert_eq!(strip_bom("\u{feff}a\u{feff}"), "a\u{feff}");
        assert_eq!(strip_bom("a"), "a");
    }

    #[test]
    fn count_agrees_with_its_noun() {
        let counts = [0, 1, 2].map(|n| count(n, "task"));
        assert_eq!(counts, ["0 tasks", "1 task", "2 tasks"]);
    }

    #[test]
    fn excerpt_is_one_bounded_line() {
        assert_eq!(excerpt("<html>\n<body>", 80), "<html> <body>");
        assert_eq!(excerpt("abcdef", 3), "abc…");
        assert_eq!(excerpt(&"é".repeat(5000), 5), "ééééé…");
    }

    #[test]
    fn html_title_is_found() {
        for (text, title_) in [
            (
                "<html><head><TITLE> 502 Bad\nGateway </TITLE>",
                Some("502 Bad\nGateway"),
            ),
            (" <!doctype html><title>Ünder</title><p>", Some("Ünder")),
            ("<title></title>", None),
            ("<title>never closed", None),
            ("{\"a\":\"<title>x</title>\"}", None),
            ("", None),
        ] {
            assert_eq!(html_title(text), title_, "{text}");
        }
    }

    #[test]
    fn sizes_have_two_or_three_digits() {
        for (bytes, expected) in [
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (9_999, "9.9 kB"),
            (10_000, "10 kB"),
            (312_400_000, "312 MB"),
            (4_294_967_296, "4.2 GB"),
            (12_000_000_000, "12 GB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }
}
