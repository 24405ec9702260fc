//! Every format as a person would see it, from a transcription like most and from one as awkward
//! as they come. `SNAPSHOTS=overwrite cargo test --test formats` writes the files anew.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use mavi::captions::ReflowOptions;
use mavi::render::{self, Format, RenderReport, Style};
use mavi::transcript::{TimeUnit, Transcript};
use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

fn assert_golden(sample: &str, name: &str, format: Format, style: &Style) -> RenderReport {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(sample);
    let json = std::fs::read_to_string(directory.join("input.json")).unwrap();
    let transcript = Transcript::parse(&json, TimeUnit::Seconds).unwrap();
    let mut written = Vec::new();
    let report = render::write(format, &transcript, style, true, &mut written).unwrap();
    assert_data_eq!(
        Data::text(String::from_utf8(written).unwrap()).raw(),
        Data::read_from(&directory.join(name), Some(DataFormat::Text)).raw()
    );
    report
}

#[test]
fn formats_match_golden_files() {
    for (sample, estimated_times) in [("speech", 0), ("awkward", 5)] {
        for format in Format::ALL {
            let name = format!("output.{format}");
            let report = assert_golden(sample, &name, format, &Style::default());
            let has_cues = format.holds_one();
            let shows_repaired_times = has_cues || format == Format::Md;
            assert_eq!(report.cues.is_some(), has_cues, "{format}");
            assert_eq!(
                report.estimated_times,
                if shows_repaired_times {
                    estimated_times
                } else {
                    0
                },
                "{format}"
            );
        }
    }
}

#[test]
fn reflowed_paragraphs_match_golden_files() {
    let reflow = Style {
        reflow: Some(ReflowOptions::default()),
        ..Style::default()
    };
    for format in [Format::Srt, Format::Vtt, Format::Html] {
        let name = format!("reflow.{format}");
        let report = assert_golden("paragraphs", &name, format, &reflow);
        assert_eq!(report.over_limits.cues, 11, "{format}");
    }
    // Other formats are the same.
    for format in [Format::Txt, Format::Md] {
        assert_golden("speech", &format!("output.{format}"), format, &reflow);
    }
}

#[test]
fn terminal_gets_wrapped_tables_and_escaped_json() {
    let terminal = Style {
        width: Some(80),
        colour: false,
        is_terminal: true,
        ..Style::default()
    };
    assert_golden("speech", "terminal.table", Format::Table, &terminal);
    assert_golden("awkward", "terminal.json", Format::Json, &terminal);
}

#[test]
fn page_with_media_has_a_player() {
    let style = Style {
        title: Some("A talk"),
        media: Some("../a%20talk.mp4"),
        ..Style::default()
    };
    assert_golden("speech", "media.html", Format::Html, &style);
}

#[test]
fn later_transcriptions_are_separated_without_header() {
    let transcript = Transcript::parse(r#"[{"content":"x"}]"#, TimeUnit::Seconds).unwrap();
    for (format, second) in [
        (
            Format::Table,
            "\n1 segment\n#  start    end  text\n1      -      -  x\n",
        ),
        (Format::Txt, "\nx\n"),
        (
            Format::Md,
            "\n# Transcription\n\n1 segment\n\n**0:00:00** x\n",
        ),
        (Format::Csv, ",,,,x,,\n"),
        (Format::Tsv, "\t\t\t\tx\t\t\n"),
        (Format::Jsonl, "[{\"content\":\"x\"}]\n"),
    ] {
        let mut written = Vec::new();
        render::write(format, &transcript, &Style::default(), false, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), second);
    }
}

#[test]
fn failing_writer_is_an_error_in_every_format() {
    let transcript = Transcript::parse(r#"[{"content":"x"}]"#, TimeUnit::Seconds).unwrap();
    for format in Format::ALL {
        let mut full: &mut [u8] = &mut [0; 1];
        let written = render::write(format, &transcript, &Style::default(), true, &mut full);
        assert!(written.is_err(), "{format}");
    }
}
