//! Each setting through every step of precedence, and the defaults at its end.

use super::*;
use crate::config::env::{MAVI_BASE_URL, MAVI_FORMAT};
use crate::ids::TranscriptionType;
use crate::render::Format;
use crate::transcript::TimeUnit;

/// One setting on its way up: what each config says, and how to read the result as text.
struct Step {
    flag: Option<fn(&mut Layer)>,
    variable: Option<(&'static str, &'static str)>,
    profile: &'static str,
    top: &'static str,
    read: fn(&Settings) -> (String, Origin),
    /// The values by flag, variable, profile, top of the file, default.
    values: [&'static str; 5],
}

fn read<T: ToString>(setting: &Setting<T>) -> (String, Origin) {
    (setting.value.to_string(), setting.origin.clone())
}

fn debugged<T: std::fmt::Debug>(setting: &Setting<T>) -> (String, Origin) {
    (format!("{:?}", setting.value), setting.origin.clone())
}

const STEPS: &[Step] = &[
    Step {
        flag: Some(|flags| flags.base_url = Some("https://flag".parse().unwrap())),
        variable: Some((MAVI_BASE_URL, "https://env")),
        profile: "base_url = 'https://profile/v1/'",
        top: "base_url = 'https://top'",
        read: |settings| read(&settings.base_url),
        values: [
            "https://flag/",
            "https://env/",
            "https://profile/v1",
            "https://top/",
            "https://mavi-backend.memories.ai/",
        ],
    },
    Step {
        flag: None,
        variable: Some((MAVI_FORMAT, "vtt")),
        profile: "output.format = 'txt'",
        top: "output.format = 'csv'",
        read: |settings| read(&settings.output.format),
        values: ["", "vtt", "txt", "csv", "table"],
    },
    Step {
        flag: Some(|flags| flags.retries = Some(0)),
        variable: None,
        profile: "retries = 1",
        top: "retries = 2",
        read: |settings| read(&settings.retries),
        values: ["0", "", "1", "2", "3"],
    },
    Step {
        flag: Some(|flags| flags.jobs = Some(9)),
        variable: None,
        profile: "jobs = 8",
        top: "jobs = 7",
        read: |settings| read(&settings.jobs),
        values: ["9", "", "8", "7", "4"],
    },
    Step {
        flag: Some(|flags| flags.timeout = Some(None)),
        variable: None,
        profile: "wait.timeout = 5",
        top: "wait.timeout = 0",
        read: |settings| debugged(&settings.wait.timeout),
        values: ["None", "", "Some(5s)", "None", "Some(3600s)"],
    },
    Step {
        flag: Some(|flags| flags.interval = Some(Some(Duration::from_secs(1)))),
        variable: None,
        profile: "wait.interval = 2",
        top: "wait.interval = 3",
        read: |settings| debugged(&settings.wait.interval),
        values: ["Some(1s)", "", "Some(2s)", "Some(3s)", "None"],
    },
    Step {
        flag: Some(|flags| flags.request_timeout = Some(Duration::from_secs(1))),
        variable: None,
        profile: "request_timeout = '2s'",
        top: "request_timeout = 3",
        read: |settings| debugged(&settings.request_timeout),
        values: ["1s", "", "2s", "3s", "60s"],
    },
    Step {
        flag: Some(|flags| flags.types = Some(vec![TranscriptionType::Video])),
        variable: None,
        profile: "submit.type = ['video', 'audio']",
        top: "submit.type = 'video'",
        read: |settings| debugged(&settings.submit.types),
        values: ["[Video]", "", "[Video, Audio]", "[Video]", "[Audio]"],
    },
    Step {
        flag: Some(|flags| flags.callback = Some(Some("https://flag/x".into()))),
        variable: None,
        profile: "submit.callback = 'https://profile/x'",
        top: "submit.callback = 'https://top/x'",
        read: |settings| debugged(&settings.submit.callback),
        values: [
            "Some(\"https://flag/x\")",
            "",
            "Some(\"https://profile/x\")",
            "Some(\"https://top/x\")",
            "None",
        ],
    },
    Step {
        flag: Some(|flags| flags.time_unit = Some(TimeUnit::Seconds)),
        variable: None,
        profile: "time_unit = 'milliseconds'",
        top: "time_unit = 'milliseconds'",
        read: |settings| debugged(&settings.time_unit),
        values: ["Seconds", "", "Milliseconds", "Milliseconds", "Seconds"],
    },
    Step {
        flag: None,
        variable: None,
        profile: "auth_scheme = 'raw'",
        top: "auth_scheme = 'bearer'",
        read: |settings| debugged(&settings.auth_scheme),
        values: ["", "", "Raw", "Bearer", "Bearer"],
    },
    Step {
        flag: None,
        variable: None,
        profile: "max_reply_size = 5",
        top: "max_reply_size = '1MiB'",
        read: |settings| read(&settings.max_reply_size),
        values: ["", "", "5", "1048576", "268435456"],
    },
    Step {
        flag: None,
        variable: None,
        profile: "limits.get_per_minute = 5",
        top: "limits.get_per_minute = 6",
        read: |settings| read(&settings.limits.get_per_minute),
        values: ["", "", "5", "6", "50"],
    },
    Step {
        flag: Some(|flags| flags.max_line_width = Some(30)),
        variable: None,
        profile: "captions.max_line_width = 31",
        top: "captions.max_line_width = 32",
        read: |settings| read(&settings.captions.max_line_width),
        values: ["30", "", "31", "32", "42"],
    },
    Step {
        flag: Some(|flags| flags.min_gap = Some(Duration::ZERO)),
        variable: None,
        profile: "captions.min_gap = '40ms'",
        top: "captions.min_gap = '50ms'",
        read: |settings| debugged(&settings.captions.min_gap),
        values: ["0ns", "", "40ms", "50ms", "83ms"],
    },
];

#[test]
fn flag_beats_environment_profile_file_and_default() {
    for step in STEPS {
        let [by_flag, by_variable, by_profile, by_top, by_default] = step.values;
        // Places are taken away one after another, the most specific first.
        let places = [
            (step.flag.is_some(), by_flag, Origin::Flag),
            (
                step.variable.is_some(),
                by_variable,
                Origin::Environment(step.variable.map_or("", |(name, _)| name)),
            ),
            (true, by_profile, Origin::Profile("work".into())),
            (true, by_top, Origin::File),
            (true, by_default, Origin::Default),
        ];
        for (gone, (exists, value, origin)) in places.into_iter().enumerate() {
            if !exists {
                continue;
            }
            let top = if gone <= 3 { step.top } else { "" };
            let profile = if gone <= 2 { step.profile } else { "" };
            let config = TestConfig::new(&format!("{top}\n[profiles.work]\n{profile}\n"));
            let mut flags = Layer::default();
            if let (0, Some(set)) = (gone, step.flag) {
                set(&mut flags);
            }
            // Without its value the variable stays, empty: that is unset.
            let variable = step
                .variable
                .map(|(name, value)| (name, if gone <= 1 { value } else { "" }));
            let settings = load_with(&config.profile("work"), flags, variable.as_slice()).unwrap();
            assert_eq!((step.read)(&settings), (value.to_owned(), origin));
        }
    }
}

#[test]
fn other_profiles_are_ignored() {
    let config = TestConfig::new("retries = 1\n[profiles.work]\nretries = 2\n");
    assert_eq!(
        config.load(&[]).unwrap().retries,
        Setting::new(1, Origin::File)
    );
}

#[test]
fn defaults_are_as_documented() {
    let settings = load(&Selection::default(), &[]).unwrap();
    assert_eq!(
        settings.base_url.as_str(),
        "https://mavi-backend.memories.ai/"
    );
    assert_eq!(*settings.auth_scheme, AuthScheme::Bearer);
    assert_eq!(*settings.request_timeout, Duration::from_mins(1));
    assert_eq!((*settings.retries, *settings.jobs), (3, 4));
    assert_eq!(*settings.max_reply_size, 256 * 1024 * 1024);
    assert_eq!(*settings.time_unit, TimeUnit::Seconds);
    assert_eq!(*settings.submit.types, [TranscriptionType::Audio]);
    assert_eq!(*settings.wait.timeout, Some(Duration::from_hours(1)));
    assert_eq!(*settings.output.format, Format::Table);
    let limits = &settings.limits;
    assert_eq!(*limits.submit_audio_per_minute, 50);
    assert_eq!(*limits.submit_video_per_minute, 20);
    assert_eq!(*limits.get_per_minute, 50);
    assert_eq!(*limits.upload_per_minute, 10);
    assert_eq!(*limits.list_per_minute, 200);
    assert_eq!(*limits.submit_audio_per_day, 4000);
    assert_eq!(*limits.submit_video_per_day, 2000);
    assert_eq!(*limits.get_per_day, 10_000);
    assert_eq!(*limits.upload_per_day, 1000);
    assert_eq!(*limits.list_per_day, 1000);
    let captions = &settings.captions;
    assert_eq!((*captions.max_line_width, *captions.max_lines), (42, 2));
    assert_eq!(*captions.max_cps, 20);
    assert_eq!(*captions.min_duration, Duration::from_millis(833));
    assert_eq!(*captions.max_duration, Duration::from_secs(7));
    assert_eq!(*captions.min_gap, Duration::from_millis(83));
    assert!(!*settings.allow_http);
    assert_eq!(settings.file, None);
}

#[test]
fn plain_http_needs_allow_http() {
    let elsewhere = [(MAVI_BASE_URL, "http://mavi.example.com/")];
    let error = TestConfig::new("").load(&elsewhere).unwrap_err();
    assert_eq!(error.kind.exit().code(), 2);
    assert_eq!(
        error.message,
        "plain http refused: MAVI_BASE_URL would send the token unencrypted to mavi.example.com"
    );
    TestConfig::new("allow_http = true")
        .load(&elsewhere)
        .unwrap();
}

#[test]
fn relative_paths_start_at_the_directory_of_the_file() {
    let config = TestConfig::new("ca_file = 'certs/ca.pem'");
    let settings = config.load(&[]).unwrap();
    assert_eq!(
        settings.ca_file.as_ref().map(|file| file.path.clone()),
        Some(config.folder.path().join("certs/ca.pem"))
    );
}
