//! Properties of all formats for every transcription: no word lost, added or reordered, cues that every
//! parser recognizes, JSON equal to the JSON received. Texts are built from known words and separators,
//! so the expected output is known without asking the code.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use mavi::captions::cue_text;
use mavi::render::{self, Format, Style};
use mavi::transcript::{TimeUnit, Transcript};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};

const WORDS: [&str; 16] = [
    "hello",
    "world.",
    "你好，世界",
    "&",
    "<i>",
    "a>b",
    "42",
    "NOTE",
    "WEBVTT",
    "é",
    "👩‍👩‍👧",
    "\"x\"",
    "00:00:01,000",
    "00:01.500",
    "a,b",
    "{\\an8}",
];
const GAPS: [&str; 15] = [
    " ",
    " ",
    "\n",
    "\r\n",
    "\n\n",
    "\r",
    "\t",
    "\u{a0}",
    " \u{85}",
    "\u{2028}",
    "\n\u{200b}\n",
    " \u{1b}[31;1m",
    "\u{1b}]0;title\u{7} ",
    "\n \u{a0}\u{3000}\n",
    "\u{c}\u{7f}\u{9c}",
];

/// What means something else than itself in HTML or in Markdown of any kind.
const MARKUP: [&str; 48] = [
    "<b>",
    "</p>",
    "</li>",
    "</script>",
    "</title>",
    "<script>",
    "<!--",
    "-->",
    "&amp;",
    "&#60;",
    "\"",
    "'",
    "*a*",
    "**a**",
    "_a_",
    "__",
    "`a`",
    "```",
    "[a](b)",
    "![a](b)",
    "[a]: b",
    "[^1]",
    "[^1]: a",
    "[[a]]",
    "[!NOTE]",
    "[ ]",
    "# a",
    "#",
    "- a",
    "+ a",
    "1. a",
    "> a",
    ": a",
    "---",
    "===",
    "~~a~~",
    "|a|b|",
    "|-|-|",
    "https://a.b/c",
    "www.a.b",
    "<a@b.c>",
    "$a$",
    "$$",
    "{#a}",
    "==a==",
    "^a^",
    "\\",
    "||a||",
];

/// A segment: its times in milliseconds where known, its words, and the text with them.
#[derive(Clone, Debug)]
struct Spoken {
    start: Option<i64>,
    end: Option<i64>,
    words: Vec<&'static str>,
    text: String,
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![
        -3_000..10_000_i64,
        0..400_000_000_i64,
        Just(59_999),
        Just(3_600_000)
    ]
}

fn spoken(start: impl Strategy<Value = Option<i64>>) -> impl Strategy<Value = Spoken> {
    let said = vec((select(&WORDS[..]), select(&GAPS[..])), 0..6);
    (
        start,
        prop::option::weighted(0.9, time()),
        select(&GAPS[..]),
        said,
    )
        .prop_map(|(start, end, gap, said)| Spoken {
            start,
            end,
            words: said.iter().map(|(word, _)| *word).collect(),
            text: said
                .iter()
                .fold(gap.to_owned(), |text, (word, gap)| text + word + gap),
        })
}

fn json_of(segments: &[Spoken]) -> String {
    let segments: Vec<_> = segments
        .iter()
        .map(|one| json!({"startTime": one.start, "endTime": one.end, "content": one.text}))
        .collect();
    json!({"taskNo": "T", "transcriptions": segments}).to_string()
}

fn written(json: &str, format: Format) -> String {
    let transcript = Transcript::parse(json, TimeUnit::Milliseconds).unwrap();
    let mut out = Vec::new();
    render::write(format, &transcript, &Style::default(), true, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn millis(clock: &str, mark: char) -> i64 {
    let (rest, millis) = clock.split_once(mark).unwrap();
    let [hours, minutes, seconds] = rest.split(':').collect::<Vec<_>>()[..] else {
        panic!("{clock}")
    };
    assert!(hours.len() >= 2 && minutes.len() == 2 && seconds.len() == 2 && millis.len() == 3);
    let [hours, minutes, seconds, millis] =
        [hours, minutes, seconds, millis].map(|digits| digits.parse::<i64>().unwrap());
    assert!(minutes < 60 && seconds < 60, "{clock}");
    ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis
}

type Read = Vec<(i64, i64, Vec<String>)>;

/// A reader as naive as they come: a blank line ends a cue. Checks all that a cue must be.
fn read(cues: &str, mark: char) -> Read {
    let cues: Read = cues
        .split("\n\n")
        .filter(|block| !block.is_empty())
        .map(|block| {
            let (times, text) = block.split_once('\n').unwrap();
            let (start, end) = times.split_once(" --> ").unwrap();
            let (start, end) = (millis(start, mark), millis(end, mark));
            assert!(0 <= start && start < end, "{block}");
            assert!(!text.contains("-->") && !text.chars().any(|c| c.is_control() && c != '\n'));
            assert!(
                text.lines()
                    .all(|line| line.trim() == line && !line.is_empty())
            );
            (
                start,
                end,
                text.split_whitespace().map(str::to_owned).collect(),
            )
        })
        .collect();
    assert!(cues.is_sorted_by_key(|cue| cue.0));
    cues
}

fn read_srt(srt: &str) -> Read {
    let mut number = 0;
    let blocks: Vec<_> = srt
        .split_terminator("\n\n")
        .map(|block| {
            number += 1;
            block.strip_prefix(&format!("{number}\n")).unwrap()
        })
        .collect();
    read(&blocks.join("\n\n"), ',')
}

fn read_vtt(vtt: &str) -> Read {
    let cues = vtt
        .strip_prefix("WEBVTT\n")
        .unwrap()
        .trim_start_matches('\n');
    let mut cues = read(cues.strip_suffix('\n').unwrap_or(cues), '.');
    for word in cues.iter_mut().flat_map(|cue| &mut cue.2) {
        assert!(!word.contains(['<', '>']));
        *word = word
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
    }
    cues
}

proptest! {
    #[test]
    fn cues_hold_every_word_once_ordered_by_start(
        mut segments in vec(spoken(time().prop_map(Some)), 0..12),
    ) {
        let json = json_of(&segments);
        let cues = read_srt(&written(&json, Format::Srt));
        prop_assert_eq!(&cues, &read_vtt(&written(&json, Format::Vtt)));

        segments.retain(|one| !one.words.is_empty());
        segments.sort_by_key(|one| one.start.unwrap().max(0));
        prop_assert_eq!(cues.len(), segments.len());
        for ((start, end, words), one) in cues.iter().zip(&segments) {
            prop_assert_eq!(words, &one.words);
            prop_assert_eq!(*start, one.start.unwrap().max(0));
            if let Some(said) = one.end {
                let later = segments.iter().filter_map(|other| other.start).filter(|at| at > start);
                let repaired = later.min().map_or(start + 2000, |next| next.min(start + 2000));
                prop_assert_eq!(*end, if said > *start { said } else { repaired });
            }
        }
    }

    #[test]
    fn missing_starts_lose_no_word(
        segments in vec(spoken(prop::option::weighted(0.6, time())), 0..12),
    ) {
        let json = json_of(&segments);
        let cues = read_srt(&written(&json, Format::Srt));
        prop_assert_eq!(&cues, &read_vtt(&written(&json, Format::Vtt)));
        let mut shown: Vec<_> = cues.into_iter().map(|cue| cue.2).collect();
        let mut said: Vec<_> = segments
            .iter()
            .filter(|one| !one.words.is_empty())
            .map(|one| one.words.iter().map(ToString::to_string).collect::<Vec<_>>())
            .collect();
        shown.sort();
        said.sort();
        prop_assert_eq!(shown, said);
    }

    #[test]
    fn txt_is_one_line_per_segment(segments in vec(spoken(Just(None)), 0..12)) {
        let txt = written(&json_of(&segments), Format::Txt);
        let lines: Vec<Vec<_>> = txt.lines().map(|line| line.split_whitespace().collect()).collect();
        let said: Vec<_> = segments.into_iter().map(|one| one.words).filter(|words| !words.is_empty()).collect();
        prop_assert_eq!(lines, said);
    }

    #[test]
    fn csv_and_tsv_round_trip(
        segments in vec(spoken(prop::option::of(time())), 0..12),
    ) {
        for (format, delimiter) in [(Format::Csv, b','), (Format::Tsv, b'\t')] {
            let table = written(&json_of(&segments), format);
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(delimiter)
                .quoting(format == Format::Csv)
                .from_reader(table.as_bytes());
            let records: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(records.len(), segments.len());
            for (record, one) in records.iter().zip(&segments) {
                let seconds = |text: &str| text.replace('.', "").parse::<i64>().ok();
                prop_assert_eq!(seconds(&record[2]), one.start);
                prop_assert_eq!(seconds(&record[3]), one.end);
                let words: Vec<_> = record[4]
                    .split_whitespace()
                    .filter(|word| *word != "\u{200b}")
                    .collect();
                prop_assert_eq!(&words, &one.words);
            }
        }
    }

    #[test]
    fn json_agrees_with_serde_json(extra in value(), segments in vec(spoken(Just(None)), 0..4)) {
        let texts: Vec<_> = segments.iter().map(|one| json!({"content": one.text})).collect();
        let value = json!({"extra": extra, "transcriptions": texts, "zeta": {}});
        let (compact, pretty) = (value.to_string(), format!("{value:#}"));
        for source in [&compact, &pretty] {
            prop_assert_eq!(written(source, Format::Json), pretty.clone() + "\n");
            prop_assert_eq!(written(source, Format::Jsonl), compact.clone() + "\n");
        }
    }

    #[test]
    fn json_for_a_terminal_is_equal_without_control_characters(text in any::<String>()) {
        let json = json!([{"content": text, (&*text): []}]).to_string();
        let transcript = Transcript::parse(&json, TimeUnit::Seconds).unwrap();
        let style = Style { is_terminal: true, ..Style::default() };
        let mut out = Vec::new();
        render::write(Format::Jsonl, &transcript, &style, true, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        prop_assert!(!out.trim_end_matches('\n').chars().any(char::is_control));
        prop_assert_eq!(out.parse::<Value>().unwrap(), json.parse::<Value>().unwrap());
    }

    #[test]
    fn arbitrary_text_breaks_no_cue(text in any::<String>(), second in "[\\n\\r \u{a0}\u{200b}x\u{1b}\\[]*") {
        let json = json!([{"startTime": 1, "content": text}, {"startTime": 1, "content": second}]);
        let json = json.to_string();
        prop_assert_eq!(
            read_srt(&written(&json, Format::Srt)).len(),
            read_vtt(&written(&json, Format::Vtt)).len()
        );
    }

    #[test]
    fn tables_hold_every_word_at_every_width(
        segments in vec(spoken(Just(Some(5))), 1..5),
        width in prop::option::of(0_usize..200),
    ) {
        let json = json_of(&segments);
        let transcript = Transcript::parse(&json, TimeUnit::Milliseconds).unwrap();
        let mut out = Vec::new();
        let style = Style { width, ..Style::default() };
        render::write(Format::Table, &transcript, &style, true, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let lines: Vec<_> = out.lines().collect();
        let header = lines.iter().position(|line| line.starts_with('#')).unwrap();
        let beside = lines[header].find("text").unwrap();
        let is_below = width.is_some_and(|width| width < beside + 16);
        let shown: String = lines[header + 1..]
            .iter()
            // Below its times a text is indented, and a row with times is not.
            .filter(|line| !is_below || line.starts_with(' '))
            .flat_map(|line| line.chars().skip(if is_below { 0 } else { beside }))
            .collect();
        let shown: String = shown.split_whitespace().collect();
        let said: String = segments.iter().flat_map(|one| one.words.clone()).collect();
        prop_assert_eq!(shown, said);
        prop_assert!(width.is_some() || out.lines().count() == segments.len() + 2);
    }
}

/// The elements of a page, each end too, with the names of their attributes, and the text in each paragraph.
fn read_html(page: &str) -> (Vec<String>, Vec<String>) {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let (mut tags, mut texts, mut is_text) = (Vec::new(), Vec::new(), false);
    let name = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    for Ok(token) in Tokenizer::new_with_emitter(page, emitter) {
        match token {
            Token::StartTag(tag) => {
                is_text = &tag.name[..] == b"p" || &tag.name[..] == b"h1";
                if is_text {
                    texts.push(String::new());
                }
                let attributes = tag.attributes.keys().map(|key| format!(" {}", name(key)));
                tags.push(name(&tag.name) + &attributes.collect::<String>());
            }
            Token::EndTag(tag) => {
                is_text = is_text && &tag.name[..] == b"bdi";
                tags.push(format!("/{}", name(&tag.name)));
            }
            Token::String(text) if is_text => texts.last_mut().unwrap().push_str(&name(&text)),
            Token::Comment(comment) => panic!("{comment:?}"),
            Token::String(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    (tags, texts)
}

/// The text of the heading and of the paragraphs, those without their times. Fails for any other markup.
fn read_md(markdown: &str) -> Vec<String> {
    let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
    let mut texts: Vec<String> = Vec::new();
    let mut is_time = false;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Heading { id, classes, .. }) => {
                assert!(
                    texts.is_empty() && id.is_none() && classes.is_empty(),
                    "{markdown}"
                );
                texts.push(String::new());
            }
            Event::Start(Tag::Paragraph) => texts.push(String::new()),
            Event::Start(Tag::Strong) => {
                assert!(
                    texts.last().unwrap().is_empty() && texts.len() > 2,
                    "{markdown}"
                );
                is_time = true;
            }
            Event::Text(_) if is_time => is_time = false,
            Event::Text(text) => texts.last_mut().unwrap().push_str(&text),
            Event::End(_) => {}
            other => panic!("{other:?} in {markdown}"),
        }
    }
    texts
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

fn titled(json: &str, format: Format, title: &str) -> String {
    let transcript = Transcript::parse(json, TimeUnit::Milliseconds).unwrap();
    let style = Style {
        title: Some(title),
        media: Some("a.mp4"),
        ..Style::default()
    };
    let mut out = Vec::new();
    render::write(format, &transcript, &style, true, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Text that is full of markup, or any at all.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        vec(
            (
                select(&MARKUP[..]),
                select(&["", " ", "\n", "\n\n", "a"][..])
            ),
            0..8
        )
        .prop_map(|parts| parts
            .iter()
            .map(|(markup, gap)| [*markup, gap].concat())
            .collect()),
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn no_text_is_markup_in_html_and_md(
        texts in vec(hostile(), 0..6), title in hostile(), task in hostile(),
    ) {
        let json_with = |texts: &[String]| {
            let segments: Vec<_> = texts
                .iter()
                .map(|text| json!({"startTime": 0, "endTime": 1000, "content": text}))
                .collect();
            json!({"taskNo": task, "type": task, "transcriptions": segments}).to_string()
        };
        let said: Vec<_> = texts
            .iter()
            .map(|text| cue_text(text.into()).replace('\u{200f}', ""))
            .filter(|text| !text.is_empty())
            .collect();

        let (tags, shown) = read_html(&titled(&json_with(&texts), Format::Html, &title));
        let (mut expected, _) = read_html(&titled(&json_with(&[]), Format::Html, &title));
        let list = expected.iter().position(|tag| tag == "/ol").unwrap();
        let cue = ["li data-end data-start", "a href", "/a", "p dir", "/p", "/li"];
        let cues = said.iter().enumerate().flat_map(|(number, _)| {
            let first = if number == 0 { "li data-end data-start id" } else { cue[0] };
            [&[first], &cue[1..]].concat()
        });
        // A span is known only where there are cues.
        let is_span = |tags: &[String]| tags.iter().filter(|tag| *tag == "bdi").count();
        let bdi = expected.iter().position(|tag| tag == "bdi").unwrap();
        let spans = is_span(&tags) - is_span(&expected);
        expected.splice(list..list, cues.map(str::to_owned));
        expected.splice(bdi..bdi, ["bdi", "/bdi"].repeat(spans).iter().map(ToString::to_string));
        prop_assert_eq!(tags, expected);
        let lines = shown[3..].iter().map(|text| text.replace('\u{200f}', ""));
        prop_assert_eq!(lines.collect::<Vec<_>>(), said.clone());

        let shown = read_md(&titled(&json_with(&texts), Format::Md, &title));
        let paragraphs: String = shown[2..].concat();
        prop_assert_eq!(
            without_spaces(&paragraphs.replace('\u{200f}', "")),
            without_spaces(&said.concat())
        );
    }

    #[test]
    fn md_and_html_hold_every_word_once_ordered_by_start(
        mut segments in vec(spoken(time().prop_map(Some)), 0..12),
    ) {
        let json = json_of(&segments);
        segments.retain(|one| !one.words.is_empty());
        segments.sort_by_key(|one| one.start.unwrap().max(0));
        let (_, shown) = read_html(&written(&json, Format::Html));
        let shown: Vec<Vec<_>> = shown[2..].iter().map(|text| text.split_whitespace().collect()).collect();
        let said: Vec<_> = segments.iter().map(|one| one.words.clone()).collect();
        prop_assert_eq!(shown, said.clone());
        let shown = read_md(&written(&json, Format::Md));
        prop_assert_eq!(without_spaces(&shown[2..].concat()), said.concat().concat());
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\\[\\]{},:\"\\\\ \\n]*".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}
