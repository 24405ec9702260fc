//! The keys of the configuration, in one table: a row says what a key is called, its type, default,
//! help, flag and variable. All that knows keys is made from it, or tested against it: the structs of
//! values, flags and their help, the environment, the configuration file and its errors, `config
//! show`, `config.example.toml`, `docs/configuration.md`, and the command that resumes a run.

use std::time::Duration;

use url::Url;

use super::env::{MAVI_BASE_URL, MAVI_FORMAT, MAVI_TOKEN};
use super::key::{self, Extra, Group, Source, pick, shown};
use super::origin::Setting;
use super::table::settings;
use super::types::{
    Argv, BaseUrl, Count, FilePath, HttpUrl, Int, Name, PositiveSpan, Size, Span, Switch,
    TimeLimit, Token, Types,
};
use super::value::{Optional, ValueType};
use crate::captions::{Language, Preset};
use crate::ids::TranscriptionType;
use crate::names::named;
use crate::render::Format;
use crate::transcript::TimeUnit;

/// The form of the token in the `Authorization` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthScheme {
    /// `Bearer <token>` (RFC 6750, section 2.1).
    #[default]
    Bearer,
    /// The token alone, for hosts that expect the bare key.
    Raw,
}

named!(AuthScheme {
    Bearer => "bearer",
    Raw => "raw",
});

/// Threads beyond this number do not help, and some systems cannot start them.
const MAX_JOBS: u32 = 1024;

fn service() -> Url {
    Url::parse("https://mavi-backend.memories.ai").expect("the default is a URL")
}

settings! {
    credentials {
        "token" token: Token, "Access token", {
            variable: Some(MAVI_TOKEN),
            example: "\"your token\"",
            details: "If you write the token here, keep the file to yourself (chmod 600).",
        };
        "token_file" token_file: FilePath, "File whose first line is the token", {
            example: "\"~/.secrets/mavi-token\"",
            details: "Here and in `ca_file`, `~/` is your home directory, and a relative path starts at the \
                      directory of this file.",
        };
        "token_command" token_command: Argv, "Program that prints the token, with its arguments", {
            example: "[\"pass\", \"show\", \"mavi/token\"]",
            details: "The first line of its output is used. It may take as long as `request_timeout`, and \
                      runs again when the service refuses the token, so that a wait can last longer than a token is valid.",
        };
    }
    top {
        "base_url" base_url: BaseUrl = service(), "Base URL of the API", {
            flag: Some(Group::Global),
            variable: Some(MAVI_BASE_URL),
            details: "A path prefix is kept.",
        };
        "auth_scheme" auth_scheme: Name<AuthScheme> = AuthScheme::Bearer,
            "How the token is sent: `bearer`, or `raw` for hosts that expect the bare token";
        "ca_file" ca_file: Optional<FilePath> = None,
            "PEM file with certificates to trust in addition to the system's", {
            example: "\"company-ca.pem\"",
        };
        "allow_http" allow_http: Switch = false, "Allow plain http to other machines", {
            details: "The token is then sent unencrypted.",
        };
        "request_timeout" request_timeout: PositiveSpan = Duration::from_mins(1),
            "Maximum time for one request", { flag: Some(Group::Global), };
        "retries" retries: Int<u32, 0, { u32::MAX }> = 3, "Maximum number of retries of a failed request", {
            flag: Some(Group::Global),
            details: "A wait continues after they are used up.",
        };
        "jobs" jobs: Int<usize, 1, MAX_JOBS> = 4, "Maximum number of concurrent requests of one kind", {
            flag: Some(Group::Global),
            short: Some('j'),
        };
        "max_reply_size" max_reply_size: Size = 256 << 20, "Maximum size of a reply, after decompression", {
            details: "A number of bytes, or a size in KiB, MiB or GiB.",
        };
        "time_unit" time_unit: Name<TimeUnit> = TimeUnit::Seconds,
            "Unit of the times in the service's replies", { flag: Some(Group::Output), };
    }
    /// `[submit]`
    submit: SubmitSettings {
        "submit.type" types: Types = vec![TranscriptionType::Audio],
            "audio: transcribe speech; video: describe the picture", {
            flag: Some(Group::Type),
            short: Some('t'),
            in_short_help: true,
            details: "With both, two tasks are submitted for each video.",
        };
        "submit.callback" callback: Optional<HttpUrl> = None,
            "URL to which the service POSTs each result", {
            flag: Some(Group::Submit),
            conflicts_with: Some("listen"),
            example: "\"https://example.com/mavi/callback\"",
        };
    }
    /// `[wait]`
    wait: WaitSettings {
        "wait.timeout" timeout: TimeLimit = Some(Duration::from_hours(1)),
            "Maximum time to wait; 0 for no limit", {
            flag: Some(Group::Timeout),
            in_short_help: true,
            details: "On timeout, the command that resumes the wait is printed.",
        };
        "wait.interval" interval: Optional<Span> = None,
            "Poll each task at this fixed interval (default: adapts to the task's age)", {
            flag: Some(Group::Wait),
            example: "\"10s\"",
        };
    }
    /// `[output]`
    output: OutputSettings {
        "output.format" format: Name<Format> = Format::Table,
            "Format of results, unless --format or the extension of --output selects one", {
            flag: Some(Group::Declared),
            variable: Some(MAVI_FORMAT),
        };
    }
    /// `[limits]`
    limits: LimitSettings {
        "limits.submit_audio_per_minute" submit_audio_per_minute: Count<u32> = 50,
            "Submits of type audio per minute";
        "limits.submit_audio_per_day" submit_audio_per_day: Count<u32> = 4000,
            "Submits of type audio per 24 hours";
        "limits.submit_video_per_minute" submit_video_per_minute: Count<u32> = 20,
            "Submits of type video per minute";
        "limits.submit_video_per_day" submit_video_per_day: Count<u32> = 2000,
            "Submits of type video per 24 hours";
        "limits.get_per_minute" get_per_minute: Count<u32> = 50, "Polls of tasks per minute";
        "limits.get_per_day" get_per_day: Count<u32> = 10_000, "Polls of tasks per 24 hours";
        "limits.upload_per_minute" upload_per_minute: Count<u32> = 10, "Uploads per minute";
        "limits.upload_per_day" upload_per_day: Count<u32> = 1000, "Uploads per 24 hours";
        "limits.list_per_minute" list_per_minute: Count<u32> = 200, "Listings of videos per minute";
        "limits.list_per_day" list_per_day: Count<u32> = 1000, "Listings of videos per 24 hours";
    }
    /// `[captions]`: the limits of `--reflow`.
    captions: CaptionSettings {
        "captions.language" language: Optional<Name<Language>> = None,
            "Language of the speech, such as en or pt (default: told by the text)", {
            flag: Some(Group::Captions),
            example: "\"en\"",
            details: "It decides on the words that stay together and on the limits that are not set, which \
                      are Netflix's: of a line, 42 columns, but 32 in Chinese and Korean, 26 in Japanese, \
                      35 in Thai; per second, 20 characters in English and Arabic, 22 in Hindi, 9 in \
                      Chinese, 4 in Japanese, 12 in Korean, 17 elsewhere. If it is not given, the script \
                      decides on the limits.",
        };
        "captions.preset" preset: Optional<Name<Preset>> = None,
            "Set of limits: those of netflix, bbc, youtube or social (short upright videos)", {
            flag: Some(Group::Captions),
            example: "\"netflix\"",
            details: "The limits of the language stay where they are stricter, and each limit that is set \
                      by itself stays.",
        };
        "captions.max_line_width" max_line_width: Count<usize> = 42,
            "Maximum line width, in columns; Chinese, Japanese and Korean characters take two", {
            flag: Some(Group::Captions),
        };
        "captions.max_lines" max_lines: Count<usize> = 2, "Maximum number of lines per cue", {
            flag: Some(Group::Captions),
        };
        "captions.max_cps" max_cps: Count<u32> = 20, "Maximum reading speed, in characters per second", {
            flag: Some(Group::Captions),
        };
        "captions.min_duration" min_duration: Span = Duration::from_millis(833), "Minimum duration of a cue", {
            flag: Some(Group::Captions),
        };
        "captions.max_duration" max_duration: PositiveSpan = Duration::from_secs(7),
            "Maximum duration of a cue", { flag: Some(Group::Captions), };
        "captions.min_gap" min_gap: Span = Duration::from_millis(83), "Minimum gap between two cues", {
            flag: Some(Group::Captions),
        };
    }
}
