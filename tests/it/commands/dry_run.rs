//! `--dry-run` of submit, upload and transcribe: a plan on stdout, and nothing sent.

use mavi::ids::{TaskNo, TranscriptionType, VideoNo};
use mavi::journal::{Journal, SubmitAttempt, UploadAttempt};
use mavi::video_file::VideoFile;

use crate::support::env::TestEnv;
use crate::support::fake_server::{FakeServer, ok};
use crate::support::process::WriteStdin as _;
use crate::support::run::Run;

const NOTHING: &str = "nothing was sent\n";
const AT_ONCE: &str = "would be paid for; the rate limits allow all of it at once\n";

/// Runs the command without a token, and asserts that the server hears nothing of it.
#[track_caller]
fn plan(server: &FakeServer, env: &TestEnv, args: &str) -> Run {
    let mut command = env.command(args.split_whitespace());
    command.env_remove("MAVI_TOKEN");
    let run = Run::of(command);
    assert_eq!(server.count(), 0, "{run:#?}");
    run
}

fn server() -> FakeServer {
    FakeServer::always(ok("{}"))
}

/// What is on record about the service of a test.
struct Seed<'a> {
    journal: Journal,
    env: &'a TestEnv,
    base_url: String,
}

impl<'a> Seed<'a> {
    fn new(server: &FakeServer, env: &'a TestEnv) -> Self {
        Self {
            journal: Journal::new(env.path(".local/state/mavi")),
            env,
            base_url: server.url(),
        }
    }

    /// Records the upload of a file up to its last bytes, and its video if there is one.
    fn upload(&self, name: &str, video: Option<&str>) {
        let file = VideoFile::look(&self.env.path(name), None).unwrap();
        let sha256 = file.sha256(|_| ()).unwrap();
        let mut attempt = UploadAttempt::new(&self.base_url, &file, Some(&sha256));
        self.journal.begin_upload(&mut attempt, true).unwrap();
        self.journal.upload_sent(&attempt).unwrap();
        if let Some(video) = video {
            let video = VideoNo::new(video).unwrap();
            self.journal
                .uploaded(&attempt, &video, Some(&sha256))
                .unwrap();
        }
    }

    fn parse_failed(&self, video: &str) {
        let video = VideoNo::new(video).unwrap();
        self.journal.parsed(&self.base_url, &video, false).unwrap();
    }

    /// Records the submit of a video, and its task if there is one.
    fn submit(&self, video: &str, task: Option<&str>) {
        let video = VideoNo::new(video).unwrap();
        let audio = TranscriptionType::Audio;
        let attempt = SubmitAttempt::new(&self.base_url, &video, audio, None);
        self.journal.submitting(&attempt).unwrap();
        if let Some(task) = task {
            let task = TaskNo::new(task).unwrap();
            self.journal.submitted(&attempt, &task).unwrap();
        }
    }
}

#[test]
fn transcribe_plans_what_is_not_recorded() {
    let server = server();
    let env = server.env();
    for (name, text) in [
        ("new.mp4", "new"),
        ("copy.mp4", "new"),
        ("sent.mp4", "sent."),
        ("up.mp4", "up"),
        ("bad.mp4", "bad, "),
        ("done.mp4", "done"),
    ] {
        env.write(name, text);
    }
    env.write("done.srt", "");
    let seed = Seed::new(&server, &env);
    seed.upload("up.mp4", Some("V1"));
    seed.submit("V1", Some("T1"));
    seed.upload("sent.mp4", None);
    seed.upload("bad.mp4", Some("V2"));
    seed.parse_failed("V2");
    seed.submit("V3", None);
    let files = "new.mp4 copy.mp4 sent.mp4 up.mp4 bad.mp4 done.mp4 V3 V4";
    let args = format!("transcribe --dry-run {files} --no-clobber -o {{stem}}.srt");
    let expected = format!(
        "\
new.mp4 (audio): upload 3 bytes, submit
copy.mp4 (audio): same content as new.mp4, same task
sent.mp4 (audio): look up an upload that got no answer, submit if it is found
up.mp4 (audio): reuse video V1, reuse task T1
bad.mp4 (audio): fail: the service could not parse video V2
done.mp4 (audio): skip: done.srt exists
V3 (audio): stop: a submit that got no answer is recorded
V4 (audio): submit
1 upload (3 bytes) and 3 submits {AT_ONCE}"
    );
    plan(&server, &env, &args).expect_output(&expected, NOTHING);
    let expected = format!(
        "\
up.mp4 (audio): upload 2 bytes again (recorded as video V1), submit
up.mp4 (video): same upload, submit
V3 (audio): submit
V3 (video): submit
1 upload (2 bytes) and 4 submits {AT_ONCE}"
    );
    let args = "transcribe --dry-run --again -t audio,video up.mp4 V3";
    plan(&server, &env, args).expect_output(&expected, NOTHING);
}

#[test]
fn upload_and_submit_reuse_only_if_they_are_told_to() {
    let server = server();
    let env = server.env();
    env.write("a.mp4", "a");
    let seed = Seed::new(&server, &env);
    seed.upload("a.mp4", Some("V1"));
    seed.submit("V1", Some("T1"));
    let nothing = "nothing would be paid for\n";
    for (args, expected) in [
        (
            "upload --dry-run a.mp4",
            format!(
                "a.mp4: upload 1 byte again (recorded as video V1)\n1 upload (1 byte) {AT_ONCE}"
            ),
        ),
        (
            "upload --dry-run --reuse a.mp4",
            format!("a.mp4: reuse video V1\n{nothing}"),
        ),
        (
            "submit --dry-run V1",
            format!("V1 (audio): submit\n1 submit {AT_ONCE}"),
        ),
        (
            "submit --dry-run --reuse --wait V1",
            format!("V1 (audio): reuse task T1\n{nothing}"),
        ),
    ] {
        plan(&server, &env, args).expect_output(&expected, NOTHING);
    }
}

#[test]
fn least_time_follows_the_configured_limits() {
    let server = server();
    let env = server.env();
    env.configure("[limits]\nupload_per_minute = 2\nsubmit_video_per_day = 3\n");
    let videos: Vec<String> = (0..7).map(|number| format!("V{number}")).collect();
    for (args, least) in [
        ("-t video -", "2d"),
        ("-t audio -", "0s"),
        ("-t audio,video - --wait", "2d"),
    ] {
        let mut command = env.command_with_items(&format!("submit --dry-run {args}"), &videos);
        command.env_remove("MAVI_TOKEN");
        let run = Run::of(command).ok();
        let total = run.lines().pop().unwrap();
        let expected = match least {
            "0s" => "; the rate limits allow all of it at once".to_owned(),
            least => format!("; the rate limits make it last at least {least}"),
        };
        assert!(total.ends_with(&expected), "{run:#?}");
        assert_eq!(run.stderr, NOTHING);
    }
    for name in 'a'..='e' {
        env.write(&format!("{name}.mp4"), "x");
    }
    let run = plan(
        &server,
        &env,
        "upload --dry-run a.mp4 b.mp4 c.mp4 d.mp4 e.mp4",
    )
    .ok();
    let total = "5 uploads (5 bytes) would be paid for; the rate limits make it last at least 2m";
    assert_eq!(run.lines().pop().unwrap(), total);
}

#[test]
fn least_time_counts_the_calls_of_today() {
    let server = FakeServer::api(r#"{"code":"0000","data":{"taskNo":"T1"}}"#, "");
    let env = server.env();
    env.configure("[limits]\nsubmit_audio_per_day = 2\n");
    let total = |args: &str| {
        env.run(&format!("submit --dry-run {args}"))
            .ok()
            .lines()
            .pop()
    };
    assert_eq!(
        total("V1 V2").unwrap() + "\n",
        format!("2 submits {AT_ONCE}")
    );
    env.run("submit V1").ok();
    assert_eq!(total("V2").unwrap() + "\n", format!("1 submit {AT_ONCE}"));
    env.run("submit V2").ok();
    let total = total("V3").unwrap();
    let start = "1 submit would be paid for; the rate limits make it last at least 24h";
    assert!(total.starts_with(start), "{total}");
    env.run("submit V3").expect_failure(6);
}

#[test]
fn plan_is_printed_with_quiet_and_nothing_is_recorded() {
    let server = server();
    let env = server.env();
    env.write("a b.mp4", "a");
    let mut command = env.command(["transcribe", "-q", "--dry-run", "-"]);
    command.write_stdin("# films\n\na b.mp4\n./a b.mp4\n");
    let expected =
        format!("a b.mp4 (audio): upload 1 byte, submit\n1 upload (1 byte) and 1 submit {AT_ONCE}");
    Run::of(command).expect_output(&expected, "");
    assert!(!env.journal().exists());
    assert_eq!(server.count(), 0);
}

#[cfg(unix)]
#[test]
fn token_in_a_pipe_is_left_for_the_run() {
    let (server, env) = (server(), TestEnv::new());
    let pipe = env.path("token");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    env.configure("token_file = \"~/token\"\n");
    plan(&server, &env, "submit --dry-run V1")
        .expect_output(format!("V1 (audio): submit\n1 submit {AT_ONCE}"), NOTHING);
}
