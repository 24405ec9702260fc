//! Markdown (`CommonMark`, and GitHub's extensions): a heading, then paragraphs with their times. A
//! paragraph is one line that starts with its time, so that its text cannot start a block; the characters
//! that could start anything else are escaped.

use std::io::{self, Write};

use super::style::Style;
use super::{RenderReport, language, summary};
use crate::captions::{Cues, Paragraphs};
use crate::transcript::Transcript;

/// Writes the heading and the paragraphs.
pub(super) fn write(
    transcript: &Transcript<'_>,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<RenderReport> {
    let title = summary::title(transcript, style);
    let about = summary::parts(transcript).join(" · ");
    writeln!(out, "# {}\n\n{}", escaped(&title), escaped(&about))?;
    let mut cues = Cues::new(transcript);
    for paragraph in Paragraphs::new(cues.by_ref(), language(transcript, style)) {
        let time = summary::time(Some(paragraph.start));
        let (seconds, _millis) = time.as_bytes().split_at(time.len() - ".000".len());
        out.write_all(b"\n**")?;
        out.write_all(seconds)?;
        writeln!(out, "** {}", escaped(&paragraph.text))?;
    }
    Ok(RenderReport {
        estimated_times: cues.estimated_times(),
        ..RenderReport::default()
    })
}

/// Returns one line of text with a backslash before each character that could be markup: of `CommonMark`,
/// of GitHub (tables apart, which take two lines), or of the extensions of others for headings, marked,
/// raised and mathematical text. An address is no link without its colon, dot or at sign.
fn escaped(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let is_special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '~' | '#' | '$' | '^' | '{' | '|'
            | '@' => true,
            // Inside a word it is a letter.
            '_' => {
                !(before.is_ascii_alphanumeric()
                    && rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
            }
            '=' => before == '=' || rest.starts_with('='),
            ':' => rest.starts_with("//"),
            '.' => ends_with_www(&text[..at]),
            _ => false,
        };
        if is_special {
            markdown.push('\\');
        }
        markdown.push(c);
        before = c;
    }
    markdown
}

fn ends_with_www(text: &str) -> bool {
    let last = text.as_bytes().last_chunk::<3>();
    last.is_some_and(|last| last.eq_ignore_ascii_case(b"www"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::TimeUnit;

    fn written(json: &str, title: Option<&str>) -> String {
        let transcript = Transcript::parse(json, TimeUnit::Seconds).unwrap();
        let style = Style {
            title,
            ..Style::default()
        };
        let mut out = Vec::new();
        write(&transcript, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn paragraphs_follow_the_heading() {
        let json = r##"{"taskNo":"T_1","videoNo":"mavi_demo","type":"AUDIO","transcriptions":[
            {"startTime":1.5,"endTime":3,"content":"One\ntwo,"},{"startTime":3,"endTime":4,"content":"three."},
            {"startTime":3725,"endTime":3726,"content":"# Not a heading"},{"content":" "}]}"##;
        let about =
            "task T_1 · video mavi_demo · type AUDIO · 4 segments · 0:00:01.500 to 1:02:06.000";
        let paragraphs = "**0:00:01** One two, three.\n\n**1:02:05** \\# Not a heading\n";
        assert_eq!(
            written(json, Some("My talk [final]")),
            format!("# My talk \\[final\\]\n\n{about}\n\n{paragraphs}")
        );
        assert_eq!(written("[]", None), "# Transcription\n\nno segments\n");
    }

    #[test]
    fn only_what_could_be_markup_is_escaped() {
        for (text, markdown) in [
            ("Well, \"yes\" (no): 10:30 - 5% + 1 = 6!", None),
            ("snake_case and C3PO", None),
            (
                "_so_ *so* `so` ~~so~~",
                Some("\\_so\\_ \\*so\\* \\`so\\` \\~\\~so\\~\\~"),
            ),
            ("<b>&amp;[a](b)\\", Some("\\<b\\>\\&amp;\\[a\\](b)\\\\")),
            (
                "https://a.b www.a.b WWW.A.B c@d.e",
                Some("https\\://a.b www\\.a.b WWW\\.A.B c\\@d.e"),
            ),
            ("$x$ ==y== {#z}", Some("\\$x\\$ \\=\\=y\\=\\= \\{\\#z}")),
        ] {
            assert_eq!(escaped(text), markdown.unwrap_or(text));
        }
    }
}
