//! File names with placeholders: `{taskNo}`, `{videoNo}`, `{type}`, `{ext}`. Values come from the
//! network; they are made safe, so that no reply can choose a folder.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::render::Format;
use crate::text;
use crate::transcript::Transcript;

/// A file name as the user gave it.
#[derive(Clone, Debug)]
pub(super) struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Literal(String),
    Field(Field),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    TaskNo,
    VideoNo,
    Type,
    Ext,
}

impl Field {
    const ALL: [(&'static str, Self); 4] = [
        ("{taskNo}", Self::TaskNo),
        ("{videoNo}", Self::VideoNo),
        ("{type}", Self::Type),
        ("{ext}", Self::Ext),
    ];
}

impl Template {
    /// The template in `path`. A word in braces that is no placeholder is a usage error.
    pub(super) fn parse(path: &Path) -> Result<Self, Error> {
        let Some(text) = path.to_str() else {
            return Err(Error::usage(format!(
                "the file name {} is not UTF-8",
                path.display()
            )));
        };
        if text.is_empty() || text.ends_with(std::path::is_separator) {
            return Err(Error::usage(format!("-o {text:?} names a folder"))
                .with_hint("name a file in it: -o 'folder/{taskNo}.{ext}'"));
        }
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some(at) = rest.find('{') {
            let (literal, after) = rest.split_at(at);
            push_literal(&mut parts, literal);
            if let Some((name, field)) = Field::ALL.iter().find(|(name, _)| after.starts_with(name))
            {
                parts.push(Part::Field(*field));
                rest = &after[name.len()..];
                continue;
            }
            let word = after[1..].split_once('}').map_or("", |(word, _)| word);
            if !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_') {
                return Err(
                    Error::usage(format!("-o holds {{{word}}}, which is no placeholder"))
                        .with_hint("the placeholders are {taskNo}, {videoNo}, {type} and {ext}"),
                );
            }
            push_literal(&mut parts, "{");
            rest = &after[1..];
        }
        push_literal(&mut parts, rest);
        Ok(Self(parts))
    }

    /// Whether each format has a name of its own.
    pub(super) fn has_extension(&self) -> bool {
        self.has(|field| field == Field::Ext)
    }

    /// Whether each task has a name of its own, as far as the template can tell.
    pub(super) fn tells_tasks_apart(&self) -> bool {
        self.has(|field| field != Field::Ext)
    }

    /// The template for one format: `{ext}` is filled in.
    pub(super) fn for_format(&self, format: Format) -> Self {
        let fill = |part: &Part| match part {
            Part::Field(Field::Ext) => Part::Literal(format.name().to_owned()),
            part => part.clone(),
        };
        Self(self.0.iter().map(fill).collect())
    }

    /// The path where no placeholder is left.
    pub(super) fn fixed(&self) -> PathBuf {
        self.fill(|_| String::new())
    }

    /// The path for a task of which only the number is known, if that is enough.
    pub(super) fn for_task(&self, task_no: &str) -> Option<PathBuf> {
        (!self.has(|field| field != Field::TaskNo)).then(|| self.fill(|_| file_name(task_no)))
    }

    /// Whether each task has a name of its own, whatever it is about.
    pub(super) fn names_tasks(&self) -> bool {
        self.has(|field| field == Field::TaskNo)
    }

    /// The path for a transcription. One that has no task number, as a bare list of segments, is told
    /// apart by its `place` among those of the run, counted from 1.
    pub(super) fn path(&self, transcript: &Transcript<'_>, place: usize) -> PathBuf {
        self.fill(|field| match field {
            Field::TaskNo if transcript.task_no.is_empty() && place > 1 => {
                format!("{}-{place}", file_name(""))
            }
            Field::TaskNo => file_name(&transcript.task_no),
            Field::VideoNo => file_name(&transcript.video_no),
            Field::Type => file_name(&transcript.kind.to_lowercase()),
            Field::Ext => String::new(),
        })
    }

    fn has(&self, wanted: impl Fn(Field) -> bool) -> bool {
        self.0
            .iter()
            .any(|part| matches!(part, Part::Field(field) if wanted(*field)))
    }

    fn fill(&self, value: impl Fn(Field) -> String) -> PathBuf {
        let text: String = self
            .0
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Field(field) => value(*field),
            })
            .collect();
        PathBuf::from(text)
    }
}

fn push_literal(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Literal(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part::Literal(text.to_owned())),
    }
}

/// Longest name made from one value, in bytes: file systems allow 255 for the whole name.
const LONGEST: usize = 120;

/// `value` as a part of a file name: no separator, no `..`, nothing that a shell, a terminal or
/// another platform would stumble over; `unknown` where nothing is left.
fn file_name(value: &str) -> String {
    let unsafe_char = |c: char| {
        matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
            || c.is_whitespace()
            || is_invisible(c)
    };
    let name: String = text::one_line(value)
        .chars()
        .map(|c| if unsafe_char(c) { '_' } else { c })
        .collect();
    let name = name.trim_matches(['.', '_', '-']);
    let name = name[..name.floor_char_boundary(LONGEST)].replace("..", "._");
    if name.is_empty() {
        "unknown".to_owned()
    } else {
        name
    }
}

/// Characters that make a name look like another one: bidirectional controls and zero widths.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::TimeUnit;

    fn path(template: &str, data: &str) -> String {
        let template = Template::parse(Path::new(template))
            .unwrap()
            .for_format(Format::Srt);
        template
            .path(&Transcript::parse(data, TimeUnit::Seconds).unwrap(), 1)
            .display()
            .to_string()
    }

    #[test]
    fn placeholders_are_filled_in() {
        let data = r#"{"taskNo":"T1","videoNo":"V1","type":"AUDIO"}"#;
        assert_eq!(
            path("out/{videoNo}-{type}.{taskNo}.{ext}", data),
            "out/V1-audio.T1.srt"
        );
        assert_eq!(path("a{b{} {", data), "a{b{} {");
    }

    #[test]
    fn no_value_chooses_a_folder() {
        for (video, name) in [
            ("../../etc/passwd", "etc_passwd"),
            ("..", "unknown"),
            ("/", "unknown"),
            ("", "unknown"),
            ("a/../b", "a_.__b"),
            ("C:\\\\x", "C__x"),
            (".hidden", "hidden"),
            ("a\\u0000\\u001b[2Jb c", "ab_c"),
            ("-rf", "rf"),
            ("a\\u202etxt", "a_txt"),
            ("视频1", "视频1"),
        ] {
            assert_eq!(
                path("{videoNo}", &format!(r#"{{"videoNo":"{video}"}}"#)),
                name,
                "{video}"
            );
        }
        assert_eq!(
            path(
                "{videoNo}",
                &format!(r#"{{"videoNo":"{}"}}"#, "é".repeat(500))
            )
            .len(),
            LONGEST
        );
    }

    #[test]
    fn unknown_placeholders_and_folders_are_refused() {
        for bad in ["{taskno}.srt", "{video}", "out/", ""] {
            assert!(Template::parse(Path::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_task_number_alone_may_be_enough() {
        let parse = |text| {
            Template::parse(Path::new(text))
                .unwrap()
                .for_format(Format::Srt)
        };
        assert_eq!(
            parse("{taskNo}.{ext}").for_task("T/1"),
            Some(PathBuf::from("T_1.srt"))
        );
        assert_eq!(parse("{videoNo}.{ext}").for_task("T1"), None);
    }
}
