//! One web page that needs nothing else: the captions to read, search, link to and print, or with a video
//! or audio beside it, to check them as it plays. Text from the network is escaped everywhere, and a
//! content security policy lets nothing run or load but the page's own script, style and media.

use std::borrow::Cow;
use std::io::{self, Write};

use memchr::{memchr, memchr3};

use super::digits::ReverseBuffer;
use super::style::Style;
use super::{bidi, language, summary};
use crate::captions::Cue;
use crate::transcript::{Millis, Transcript};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");
/// SHA-256 of the style and the script, by which the content security policy (CSP 3, §2.3.1) knows them.
/// A test compares them with the files.
const STYLE_HASH: &str = "keKiuxOk+0/SppxQkdjSDINQZ5nXmj+UF8DvgyC0hN0=";
const SCRIPT_HASH: &str = "bhzlxWcvd+Vh8vc7A/4Y7brAS3UoXV67Q1t8+O/jS68=";

/// Writes the page.
pub(super) fn write<'a>(
    transcript: &Transcript<'_>,
    style: &Style<'_>,
    cues: impl Iterator<Item = Cue<'a>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = summary::title(transcript, style);
    let title = escaped(&title);
    // A page in a file is no origin, so that 'self' alone would let it play nothing.
    let media = style.media.map_or("", |_| " media-src 'self' file:;");
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}';{media} \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1 dir=\"auto\">{title}</h1>\n<p>"
    )?;
    for (number, part) in summary::parts(transcript).iter().enumerate() {
        let separator = if number == 0 { "" } else { " · " };
        write!(out, "{separator}<bdi>{}</bdi>", escaped(part))?;
    }
    out.write_all(b"</p>\n</header>\n")?;
    if let Some(url) = style.media {
        write!(
            out,
            "<div class=\"player\">\n<video src=\"{}\" aria-label=\"{title}\" controls playsinline \
             preload=\"metadata\"></video>\n<p role=\"alert\"></p>\n</div>\n",
            escaped(url)
        )?;
    }
    out.write_all(
        b"<div class=\"tools\" role=\"search\" hidden>\n\
          <input type=\"search\" aria-label=\"Search\" placeholder=\"Search  /\" autocomplete=\"off\">\n\
          <output></output>\n",
    )?;
    if style.media.is_some() {
        out.write_all(b"<button type=\"button\" aria-pressed=\"true\">Follow</button>\n")?;
    }
    let code = language(transcript, style).code();
    write!(out, "</div>\n<main>\n<ol role=\"list\" lang=\"{code}\">\n")?;
    let mut last = None;
    for cue in cues {
        write_cue(&cue, last == Some(cue.start), out)?;
        last = Some(cue.start);
    }
    write!(
        out,
        "</ol>\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

/// Writes a caption. Of those that start together, the first is the one to link to.
fn write_cue(cue: &Cue<'_>, is_simultaneous: bool, out: &mut dyn Write) -> io::Result<()> {
    let (start, end) = (seconds(cue.start), seconds(cue.end));
    out.write_all(b"<li")?;
    if !is_simultaneous {
        write!(out, " id=\"t={start}\"")?;
    }
    write!(
        out,
        " data-start=\"{start}\" data-end=\"{end}\"><a href=\"#t={start}\">{}</a><p dir=\"auto\">",
        clock(cue.start)
    )?;
    out.write_all(escaped(&bidi::marked(&cue.text)).as_bytes())?;
    out.write_all(b"</p></li>\n")
}

/// Formats a time in seconds, with as many decimals as it has.
fn seconds(time: Millis) -> String {
    let mut text = ReverseBuffer::new();
    text.seconds(time);
    let text = String::from_utf8_lossy(text.as_bytes());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Formats a time as minutes and seconds, and hours if there are any.
fn clock(time: Millis) -> String {
    let text = summary::time(Some(time));
    let text = String::from_utf8_lossy(&text.as_bytes()[..text.len() - ".000".len()]);
    let minutes = text.strip_prefix("0:").unwrap_or(&text);
    let trimmed = minutes.strip_prefix('0').unwrap_or(minutes);
    if minutes.len() < text.len() {
        trimmed
    } else {
        &text
    }
    .to_owned()
}

/// Returns `text` without markup (HTML, §13.1.2): for elements, and for attributes in double quotes.
fn escaped(text: &str) -> Cow<'_, str> {
    if memchr3(b'&', b'<', b'>', text.as_bytes()).is_none()
        && memchr(b'"', text.as_bytes()).is_none()
    {
        return Cow::Borrowed(text);
    }
    let mut html = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    Cow::Owned(html)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::captions::Cues;
    use crate::transcript::TimeUnit;

    fn written(json: &str, style: &Style<'_>) -> String {
        let transcript = Transcript::parse(json, TimeUnit::Seconds).unwrap();
        let mut out = Vec::new();
        write(&transcript, style, Cues::new(&transcript), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hashes_are_those_of_style_and_script() {
        for (file, hash) in [(STYLE, STYLE_HASH), (SCRIPT, SCRIPT_HASH)] {
            let digest = ring::digest::digest(&ring::digest::SHA256, file.as_bytes());
            assert_eq!(STANDARD.encode(digest), hash, "of {}", &file[..20]);
            // It would end there.
            assert!(!file.contains("</"));
        }
        let (size, limit) = (STYLE.len() + SCRIPT.len(), 8 << 10);
        assert!(size < limit, "{size} bytes");
    }

    #[test]
    fn caption_has_its_times_and_its_lines() {
        let json = r#"[{"startTime":1.25,"endTime":3,"content":"<One>\ntwo"},{"startTime":1.25,"endTime":4,"content":"three"},
            {"startTime":600,"endTime":602,"content":"x"},{"startTime":36000.1,"content":"x"}]"#;
        let page = written(json, &Style::default());
        let list = page.split_once("<ol role=\"list\" lang=\"\">\n").unwrap().1;
        let list = list.split_once("</ol>").unwrap().0;
        assert_eq!(
            list,
            "<li id=\"t=1.25\" data-start=\"1.25\" data-end=\"3\"><a href=\"#t=1.25\">0:01</a>\
             <p dir=\"auto\">&lt;One&gt;\ntwo</p></li>\n\
             <li data-start=\"1.25\" data-end=\"4\"><a href=\"#t=1.25\">0:01</a>\
             <p dir=\"auto\">three</p></li>\n\
             <li id=\"t=600\" data-start=\"600\" data-end=\"602\"><a href=\"#t=600\">10:00</a>\
             <p dir=\"auto\">x</p></li>\n\
             <li id=\"t=36000.1\" data-start=\"36000.1\" data-end=\"36002.1\">\
             <a href=\"#t=36000.1\">10:00:00</a><p dir=\"auto\">x</p></li>\n"
        );
    }

    #[test]
    fn only_a_page_with_media_has_a_player() {
        let page = written("[]", &Style::default());
        for part in ["<video", "<button", "media-src"] {
            assert!(!page.contains(part), "{part}");
        }
        let style = Style {
            title: Some("a \"b\""),
            media: Some("../b%20&'.mp4"),
            ..Style::default()
        };
        let page = written("[]", &style);
        let video = "<video src=\"../b%20&amp;'.mp4\" aria-label=\"a &quot;b&quot;\" controls";
        assert!(page.contains(video), "{page}");
        assert!(
            page.contains("; media-src 'self' file:; base-uri"),
            "{page}"
        );
        assert!(page.contains("<button"), "{page}");
    }

    #[test]
    fn language_is_that_of_the_text() {
        let json = r#"[{"content":"これは古い時計です。直してみましょう。"}]"#;
        assert!(written(json, &Style::default()).contains("<ol role=\"list\" lang=\"ja\">"));
    }
}
