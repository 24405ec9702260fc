//! Planning: formats and file names before any request.

use super::*;
use crate::error::{Error, ErrorKind};

fn output(path: &str, formats: &[Format], several: bool) -> Result<Output, Error> {
    Output::new(&OutputOptions {
        formats: formats.to_vec(),
        path: Some(path.into()),
        several,
        ..OutputOptions::default()
    })
}

fn item<'a>(video_no: &'a str, transcription_type: &'a str) -> ItemNames<'a> {
    ItemNames {
        video_no: Some(video_no),
        transcription_type: Some(transcription_type),
        ..ItemNames::default()
    }
}

#[test]
fn path_without_a_format_needs_one_from_elsewhere() {
    for path in [
        "talk.ass",
        "talk.docx",
        "talk",
        "{videoNo}.{ext}",
        "a.b/{stem}",
    ] {
        let error = output(path, &[], false).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Usage, "{path}");
        assert!(error.message.contains(path), "{error}");
        assert!(error.hint.unwrap().contains("-f srt"), "{path}");
        output(path, &[Format::Srt], false).unwrap();
        let configured = OutputOptions {
            path: Some(path.into()),
            configured: Some(Format::Vtt),
            ..OutputOptions::default()
        };
        Output::new(&configured).unwrap();
    }
    for path in ["talk.VTT", "talk.md", "talk.HTM", "talk.html"] {
        output(path, &[], false).unwrap();
    }
    output("-", &[], false).unwrap();
}

#[test]
fn paths_are_known_before_the_result() {
    let formats = [Format::Srt, Format::Json];
    let output = output("out/{stem}-{type}.{ext}", &formats, true).unwrap();
    let names = ItemNames {
        stem: Some("My talk"),
        ..item("V1", "audio")
    };
    let paths = ["out/My talk-audio.srt", "out/My talk-audio.json"];
    assert_eq!(
        output.paths(&names),
        Some(paths.map(PathBuf::from).to_vec())
    );
    assert_eq!(output.paths(&ItemNames::default()), None);
}

#[test]
fn two_items_of_one_path_are_a_usage_error() {
    let labelled = |video, kind| (format!("{video} ({kind})"), item(video, kind));
    let items = [
        labelled("V1", "audio"),
        labelled("V2", "audio"),
        labelled("V1", "video"),
    ];
    let by_video = output("{videoNo}.srt", &[], true).unwrap();
    by_video.check_paths(items[..2].to_vec()).unwrap();
    let error = by_video.check_paths(items.clone()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Usage);
    assert_eq!(
        error.message,
        "V1 (audio) and V1 (video) would both be written to V1.srt"
    );
    for path in ["{videoNo}-{type}.srt", "{taskNo}.srt"] {
        let output = output(path, &[], true).unwrap();
        output.check_paths(items.clone()).unwrap();
    }
    // Different IDs, one safe file name.
    assert!(
        by_video
            .check_paths([labelled("a/b", "audio"), labelled("a:b", "audio")])
            .is_err()
    );
}

#[test]
fn files_exist_only_with_no_clobber_and_all_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let output = |no_clobber| {
        Output::new(&OutputOptions {
            formats: vec![Format::Srt, Format::Txt],
            path: Some(dir.path().join("{videoNo}.{ext}")),
            no_clobber,
            several: true,
            ..OutputOptions::default()
        })
        .unwrap()
    };
    let names = item("V1", "audio");
    std::fs::write(dir.path().join("V1.srt"), "").unwrap();
    assert!(output(true).existing_paths(&names).is_none());
    std::fs::write(dir.path().join("V1.txt"), "").unwrap();
    assert!(output(true).existing_paths(&names).is_some());
    assert!(output(false).existing_paths(&names).is_none());
    assert!(output(true).existing_paths(&ItemNames::default()).is_none());
}

#[test]
fn report_names_written_and_skipped_files() {
    let dir = tempfile::tempdir().unwrap();
    let output = Output::new(&OutputOptions {
        path: Some(dir.path().join("{taskNo}.srt")),
        no_clobber: true,
        several: true,
        ..OutputOptions::default()
    })
    .unwrap();
    let data =
        r#"[{"startTime":0,"endTime":1,"content":"a"},{"startTime":1,"endTime":2,"content":"b"}]"#;
    let transcript = Transcript::parse(data, crate::transcript::TimeUnit::Seconds).unwrap();
    let asked = |task_no| ItemNames {
        task_no: Some(task_no),
        ..ItemNames::default()
    };
    std::fs::write(dir.path().join("T2.srt"), "mine").unwrap();
    let report = output.write(&transcript, &asked("T1")).unwrap();
    assert_eq!(report.written, [dir.path().join("T1.srt")]);
    assert_eq!(report.rendered.cues, Some(2));
    let report = output.write(&transcript, &asked("T2")).unwrap();
    assert_eq!(report.skipped, [dir.path().join("T2.srt")]);
    assert!(output.write(&transcript, &asked("T1")).is_err(), "twice");
}

#[test]
fn media_needs_one_page_and_is_never_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let media = dir.path().join("talk.mp4");
    std::fs::write(&media, "").unwrap();
    let with_media = |path: PathBuf, formats: &[Format], several| {
        Output::new(&OutputOptions {
            formats: formats.to_vec(),
            path: Some(path),
            media: Some(media.clone()),
            several,
            ..OutputOptions::default()
        })
    };
    let [srt, html, each] =
        ["talk.srt", "talk.html", "{stem}.{ext}"].map(|name| dir.path().join(name));
    with_media(html.clone(), &[], false).unwrap();
    with_media(each.clone(), &[Format::Srt, Format::Html], false).unwrap();
    for (refused, why) in [
        (with_media(srt, &[], false), "--media is for web pages"),
        (
            with_media("-".into(), &[Format::Md], false),
            "--media is for web pages",
        ),
        (
            with_media(each, &[Format::Html], true),
            "--media is the video of one",
        ),
        (
            with_media(html, &[Format::Html], true),
            "an html file holds one",
        ),
        (
            with_media(media.clone(), &[Format::Html], false),
            "would replace the input file",
        ),
    ] {
        let error = refused.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Usage, "{error}");
        assert!(error.message.contains(why), "{error}");
    }
}

#[test]
fn page_refers_to_its_media_and_has_the_stem_as_title() {
    let dir = tempfile::tempdir().unwrap();
    let media = dir.path().join("my talk.mp4");
    std::fs::write(&media, "").unwrap();
    let output = Output::new(&OutputOptions {
        path: Some(dir.path().join("pages/{stem}.html")),
        media: Some(media),
        ..OutputOptions::default()
    })
    .unwrap();
    let transcript = Transcript::parse("[]", crate::transcript::TimeUnit::Seconds).unwrap();
    let asked = ItemNames {
        stem: Some("my talk"),
        ..ItemNames::default()
    };
    let report = output.write(&transcript, &asked).unwrap();
    let page = std::fs::read_to_string(&report.written[0]).unwrap();
    assert!(page.contains("<h1 dir=\"auto\">my talk</h1>"), "{page}");
    assert!(page.contains("<video src=\"../my%20talk.mp4\""), "{page}");
}
