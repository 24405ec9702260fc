//! File names with placeholders: `{taskNo}`, `{videoNo}`, `{type}`, `{stem}`, `{ext}`. Values come from
//! the network; they are made safe as file names, so that no reply can choose a directory.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::render::Format;
use crate::text;
use crate::transcript::Transcript;

/// The values of the placeholders, as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemNames<'a> {
    /// The task ID.
    pub task_no: Option<&'a str>,
    /// The video ID.
    pub video_no: Option<&'a str>,
    /// The name of the transcription type, in upper or lower case.
    pub transcription_type: Option<&'a str>,
    /// The name of the input file without its extension; `None` where there was no file.
    pub stem: Option<&'a str>,
}

impl<'a> ItemNames<'a> {
    /// Returns the names in a reply, and those that were asked about where the reply lacks one.
    pub(super) fn or_from(transcript: &'a Transcript<'_>, asked: &ItemNames<'a>) -> Self {
        let or = |reply: &'a str, asked| Some(reply).filter(|reply| !reply.is_empty()).or(asked);
        Self {
            task_no: or(&transcript.task_no, asked.task_no),
            video_no: or(&transcript.video_no, asked.video_no),
            transcription_type: or(&transcript.transcription_type, asked.transcription_type),
            stem: asked.stem,
        }
    }
}

/// The path of `-o`.
#[derive(Clone, Debug)]
pub(super) struct PathTemplate(Vec<TemplatePart>);

#[derive(Clone, Debug)]
enum TemplatePart {
    Literal(String),
    Placeholder(Placeholder),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placeholder {
    TaskNo,
    VideoNo,
    Type,
    Stem,
    Ext,
}

impl Placeholder {
    const ALL: [(&'static str, Self); 5] = [
        ("{taskNo}", Self::TaskNo),
        ("{videoNo}", Self::VideoNo),
        ("{type}", Self::Type),
        ("{stem}", Self::Stem),
        ("{ext}", Self::Ext),
    ];
}

/// Returns the error for an output that is a directory.
pub(super) fn names_directory(path: &Path) -> Error {
    Error::usage(format!(
        "-o {:?} names a directory",
        path.display().to_string()
    ))
    .with_hint("name a file in it: -o 'directory/{taskNo}.{ext}'")
}

impl PathTemplate {
    /// Parses a path. A word in braces that is no placeholder is a usage error.
    pub(super) fn parse(path: &Path) -> Result<Self, Error> {
        let Some(text) = path.to_str() else {
            let message = format!("the file name {} is not UTF-8", path.display());
            return Err(Error::usage(message));
        };
        if text.is_empty() || text.ends_with(std::path::is_separator) {
            return Err(names_directory(path));
        }
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some(at) = rest.find('{') {
            let (literal, after) = rest.split_at(at);
            push_literal(&mut parts, literal);
            let mut known = Placeholder::ALL.into_iter();
            if let Some((name, placeholder)) = known.find(|(name, _)| after.starts_with(name)) {
                parts.push(TemplatePart::Placeholder(placeholder));
                rest = &after[name.len()..];
                continue;
            }
            let word = after[1..].split_once('}').map_or("", |(word, _)| word);
            if !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_') {
                let names = Placeholder::ALL.map(|(name, _)| name).join(", ");
                return Err(
                    Error::usage(format!("unknown placeholder {{{word}}} in -o"))
                        .with_hint(format!("the placeholders are {names}")),
                );
            }
            push_literal(&mut parts, "{");
            rest = &after[1..];
        }
        push_literal(&mut parts, rest);
        Ok(Self(parts))
    }

    /// Returns `true` if each format has a path of its own.
    pub(super) fn has_ext(&self) -> bool {
        self.any(|placeholder| placeholder == Placeholder::Ext)
    }

    /// Returns `true` if tasks have different paths, as far as the template can tell.
    pub(super) fn has_task_placeholder(&self) -> bool {
        self.any(|placeholder| placeholder != Placeholder::Ext)
    }

    /// Returns `true` if each task has a path of its own, whatever its video and type.
    pub(super) fn has_task_no(&self) -> bool {
        self.any(|placeholder| placeholder == Placeholder::TaskNo)
    }

    /// Returns the template for one format: `{ext}` is filled in.
    pub(super) fn for_format(&self, format: Format) -> Self {
        let fill = |part: &TemplatePart| match part {
            TemplatePart::Placeholder(Placeholder::Ext) => {
                TemplatePart::Literal(format.name().to_owned())
            }
            part => part.clone(),
        };
        Self(self.0.iter().map(fill).collect())
    }

    /// Returns the path if no placeholder but `{ext}` is in it.
    pub(super) fn fixed(&self) -> Option<PathBuf> {
        self.planned(&ItemNames::default())
    }

    /// Returns the path before a reply has come; `None` if a value that it needs is not known yet.
    pub(super) fn planned(&self, names: &ItemNames<'_>) -> Option<PathBuf> {
        let is_unknown = |placeholder| match placeholder {
            Placeholder::TaskNo => names.task_no.is_none(),
            Placeholder::VideoNo => names.video_no.is_none(),
            Placeholder::Type => names.transcription_type.is_none(),
            Placeholder::Stem => names.stem.or(names.video_no).is_none(),
            Placeholder::Ext => false,
        };
        (!self.any(is_unknown)).then(|| self.path(names, 1))
    }

    /// Returns the path of a result. Results without a task ID, such as bare lists of segments, are
    /// told apart by their `position` among those of the run, counted from 1.
    pub(super) fn path(&self, names: &ItemNames<'_>, position: usize) -> PathBuf {
        let value = |placeholder| match placeholder {
            Placeholder::TaskNo if names.task_no.is_none() && position > 1 => {
                format!("{}-{position}", file_name(""))
            }
            Placeholder::TaskNo => file_name(names.task_no.unwrap_or_default()),
            Placeholder::VideoNo => file_name(names.video_no.unwrap_or_default()),
            Placeholder::Type => {
                file_name(&names.transcription_type.unwrap_or_default().to_lowercase())
            }
            Placeholder::Stem => names.stem.map_or_else(
                || file_name(names.video_no.unwrap_or_default()),
                |stem| safe_stem(stem, cfg!(windows)),
            ),
            Placeholder::Ext => String::new(),
        };
        self.0
            .iter()
            .map(|part| match part {
                TemplatePart::Literal(text) => text.clone(),
                TemplatePart::Placeholder(placeholder) => value(*placeholder),
            })
            .collect::<String>()
            .into()
    }

    fn any(&self, is_wanted: impl Fn(Placeholder) -> bool) -> bool {
        self.0
            .iter()
            .any(|part| matches!(part, TemplatePart::Placeholder(it) if is_wanted(*it)))
    }
}

fn push_literal(parts: &mut Vec<TemplatePart>, text: &str) {
    match parts.last_mut() {
        Some(TemplatePart::Literal(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(TemplatePart::Literal(text.to_owned())),
    }
}

/// Maximum length of a name made from one value, in bytes. File systems allow 255 for a whole name.
const MAX_VALUE_LENGTH: usize = 120;

/// Returns `value` as a part of a file name: without separators, `..`, and characters or names that
/// a shell, a terminal or another platform would misread; `unknown` where nothing is left.
fn file_name(value: &str) -> String {
    let name: String = text::one_line(value)
        .chars()
        .map(|c| {
            if is_unsafe(c) || c.is_whitespace() {
                '_'
            } else {
                c
            }
        })
        .collect();
    let trimmed = |name: &str| name.trim_matches(['.', '_', '-']).to_owned();
    let name = trimmed(&name);
    let name = trimmed(&name[..name.floor_char_boundary(MAX_VALUE_LENGTH)]).replace("..", "._");
    without_reserved(name)
}

/// Returns the name of the user's own file as a part of a file name: what the file system of a platform
/// allows stays, except for control characters and those that change the direction of text.
fn safe_stem(stem: &str, is_windows: bool) -> String {
    let is_allowed = |c: char| match c {
        '/' => false,
        '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => !is_windows,
        c => !(c.is_control() || text::is_bidi_control(c)),
    };
    let name: String = stem
        .chars()
        .map(|c| if is_allowed(c) { c } else { '_' })
        .collect();
    match &*name {
        "" | "." | ".." => "unknown".to_owned(),
        _ if is_windows => without_reserved(name.trim_end_matches(['.', ' ']).to_owned()),
        _ => name,
    }
}

fn is_unsafe(c: char) -> bool {
    matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') || is_invisible(c)
}

/// Characters that make a name look like another one: bidirectional controls and zero widths.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Marks the names that Windows reserves for devices, whatever their extension.
fn without_reserved(name: String) -> String {
    const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    let (base, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
    let upper = base.trim_end().to_uppercase();
    let is_numbered = |device| {
        upper.strip_prefix(device).is_some_and(|number: &str| {
            matches!(number, "¹" | "²" | "³") || matches!(number.as_bytes(), [b'0'..=b'9'])
        })
    };
    if DEVICES.contains(&&*upper) || is_numbered("COM") || is_numbered("LPT") {
        return format!("{base}_{rest}");
    }
    if name.is_empty() {
        return "unknown".to_owned();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::TimeUnit;

    fn template(text: &str) -> PathTemplate {
        PathTemplate::parse(Path::new(text))
            .unwrap()
            .for_format(Format::Srt)
    }

    fn path(text: &str, names: &ItemNames<'_>) -> String {
        template(text).path(names, 1).display().to_string()
    }

    fn of_video(video_no: &str) -> ItemNames<'_> {
        ItemNames {
            video_no: Some(video_no),
            ..ItemNames::default()
        }
    }

    fn of_stem(stem: &str) -> ItemNames<'_> {
        ItemNames {
            stem: Some(stem),
            ..of_video("V1")
        }
    }

    #[test]
    fn placeholders_are_filled_in() {
        let data = r#"{"taskNo":"T1","videoNo":"V1","type":"AUDIO"}"#;
        let transcript = Transcript::parse(data, TimeUnit::Seconds).unwrap();
        let names = ItemNames::or_from(&transcript, &of_stem("My talk"));
        assert_eq!(
            path("out/{videoNo}-{type}.{taskNo}.{stem}.{ext}", &names),
            "out/V1-audio.T1.My talk.srt"
        );
        assert_eq!(path("a{b{} {", &names), "a{b{} {");
    }

    #[test]
    fn names_asked_about_fill_in_for_a_reply_that_lacks_them() {
        let transcript = Transcript::parse(r#"{"videoNo":"V9"}"#, TimeUnit::Seconds).unwrap();
        let asked = ItemNames {
            task_no: Some("T1"),
            transcription_type: Some("video"),
            ..of_video("V1")
        };
        let names = ItemNames::or_from(&transcript, &asked);
        assert_eq!(path("{taskNo}-{videoNo}-{type}", &names), "T1-V9-video");
    }

    #[test]
    fn values_never_choose_a_directory() {
        for (video_no, name) in [
            ("../../etc/passwd", "etc_passwd"),
            ("..", "unknown"),
            ("/", "unknown"),
            ("", "unknown"),
            ("a/../b", "a_.__b"),
            ("C:\\x", "C__x"),
            (".hidden", "hidden"),
            ("a\u{0}\u{1b}[2Jb c", "ab_c"),
            ("-rf", "rf"),
            ("a\u{202e}txt", "atxt"),
            ("视频1", "视频1"),
        ] {
            assert_eq!(path("{videoNo}", &of_video(video_no)), name, "{video_no}");
        }
        let long = "é".repeat(500);
        assert_eq!(path("{videoNo}", &of_video(&long)).len(), MAX_VALUE_LENGTH);
        let dots = format!("a{}z", ".".repeat(500));
        assert_eq!(path("{videoNo}", &of_video(&dots)), "a");
    }

    #[test]
    fn stem_keeps_what_the_system_allows() {
        for (stem, on_unix, on_windows) in [
            ("My talk (final)", "My talk (final)", "My talk (final)"),
            ("_intro", "_intro", "_intro"),
            (".hidden", ".hidden", ".hidden"),
            (" lead trail ", " lead trail ", " lead trail"),
            ("a\\b: 1*", "a\\b: 1*", "a_b_ 1_"),
            ("a/b\u{1b}\u{202e}", "a_b__", "a_b__"),
            ("talk. ", "talk. ", "talk"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("CON", "CON", "CON_"),
            (".", "unknown", "unknown"),
            ("..", "unknown", "unknown"),
            (". .", ". .", "unknown"),
        ] {
            assert_eq!(safe_stem(stem, false), on_unix, "{stem:?}");
            assert_eq!(safe_stem(stem, true), on_windows, "{stem:?}");
        }
        assert_eq!(path("{stem}.{ext}", &of_stem("a b")), "a b.srt");
        assert_eq!(path("{stem}.{ext}", &of_video("V1")), "V1.srt");
    }

    #[test]
    fn device_names_of_windows_are_marked() {
        for (value, name) in [
            ("CON", "CON_"),
            ("nul", "nul_"),
            ("aux.tar", "aux_.tar"),
            ("COM1", "COM1_"),
            ("lpt9.x", "lpt9_.x"),
            ("COM²", "COM²_"),
            ("CONSOLE", "CONSOLE"),
            ("COM10", "COM10"),
        ] {
            assert_eq!(path("{videoNo}", &of_video(value)), name);
            assert_eq!(safe_stem(value, true), name);
        }
    }

    #[test]
    fn unknown_placeholders_and_directories_are_usage_errors() {
        for bad in ["{taskno}.srt", "{video}", "out/", ""] {
            assert!(PathTemplate::parse(Path::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn path_is_planned_if_its_values_are_known() {
        let task = ItemNames {
            task_no: Some("T/1"),
            ..ItemNames::default()
        };
        for (text, names, planned) in [
            ("{taskNo}.{ext}", task, Some("T_1.srt")),
            ("{taskNo}.{ext}", of_video("V1"), None),
            ("{videoNo}.{ext}", task, None),
            ("{videoNo}.{ext}", of_video("V1"), Some("V1.srt")),
            ("{stem}.{ext}", of_video("V1"), Some("V1.srt")),
            ("{stem}.{ext}", task, None),
            ("{type}", of_video("V1"), None),
            ("a.srt", task, Some("a.srt")),
        ] {
            let path = template(text).planned(&names);
            assert_eq!(path, planned.map(PathBuf::from), "{text} {names:?}");
        }
    }
}
