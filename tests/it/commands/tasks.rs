//! `mavi tasks`: selection, removal and messages, on a journal written by hand.

use jiff::{SignedDuration, Timestamp};
use snapbox::str;

use crate::support::env::TestEnv;
use crate::support::run::Run;
use crate::terminal::on_terminal_of_width;

const JOURNAL: &str = ".local/state/mavi/journal.jsonl";
const HERE: &str = "http://127.0.0.1:9";

/// One line a task: time, event, base URL, video and task ID.
fn env(records: &[(&str, &str, &str, &str, &str)]) -> TestEnv {
    let line = |(n, (time, event, base_url, video, task))| {
        format!(
            r#"{{"time":"{time}T12:00:00Z","event":"{event}","id":"{n}","baseUrl":"{base_url}","videoNo":"{video}","type":"audio","taskNo":"{task}"}}"#
        ) + "\n"
    };
    let env = TestEnv::at(HERE);
    let lines: String = records.iter().copied().enumerate().map(line).collect();
    env.write(JOURNAL, &lines);
    env
}

fn two_services() -> TestEnv {
    env(&[
        ("2026-01-01", "submitted", "http://elsewhere", "E", "E1"),
        ("2026-01-01", "submitted", HERE, "V1", "T1"),
        ("2026-01-02", "submitted", HERE, "V2", "T2"),
        ("2026-01-03", "submitted", HERE, "V3", "T3"),
        ("2026-01-03", "finished", HERE, "V3", "T3"),
    ])
}

#[track_caller]
fn assert_run(run: &Run, stdout: &str, stderr: &str) {
    assert_eq!((run.status, &*run.stdout), (0, stdout), "{run:#?}");
    assert_eq!(run.stderr, stderr, "{run:#?}");
}

#[test]
fn list_holds_tasks_of_the_present_service() {
    let env = two_services();
    assert_run(&env.run("tasks -f ids"), "T1\nT2\nT3\n", "");
    assert_run(&env.run("tasks -f ids --status pending"), "T1\nT2\n", "");
    let all = "\
TASK  STATUS    TYPE   SUBMITTED             VIDEO  SERVICE
E1    pending   audio  2026-01-01 12:00:00Z  E      http://elsewhere
T1    pending   audio  2026-01-01 12:00:00Z  V1     http://127.0.0.1:9
T2    pending   audio  2026-01-02 12:00:00Z  V2     http://127.0.0.1:9
T3    finished  audio  2026-01-03 12:00:00Z  V3     http://127.0.0.1:9
";
    assert_run(&env.run("tasks --all-services"), all, "");
    assert_run(
        &env.run("tasks --base-url http://127.0.0.1:8"),
        "TASK  STATUS  TYPE  SUBMITTED  VIDEO\n",
        "no tasks recorded for http://127.0.0.1:8/; `mavi tasks --all-services --base-url http://127.0.0.1:8` lists 4 tasks of other services\n",
    );
}

#[test]
fn terminal_shows_the_newest_first_within_its_width() {
    const FINISHED: &str = "4f2b8c1e-9d7a-4f2b-8c1e-9d7a4f2b8c1e";
    const PENDING: &str = "0b7e4d52-93c1-4f06-a8ad-5f2c7e91d3b6";
    let line = |age: SignedDuration, event: &str, video: &str, task: &str| {
        let time = Timestamp::now() - age;
        let (video, task) = (format!("\"{video}\""), format!("\"{task}\""));
        format!(
            r#"{{"time":"{time}","event":"{event}","id":{task},"baseUrl":"{HERE}","videoNo":{video},"type":"audio","taskNo":{task}}}"#
        ) + "\n"
    };
    let (days, minutes) = (
        SignedDuration::from_hours(3 * 24 + 1),
        SignedDuration::from_mins(5),
    );
    let journal = [
        line(days, "submitted", "VI605961375402668032", FINISHED),
        line(days, "finished", "VI605961375402668032", FINISHED),
        line(
            minutes,
            "submitted",
            "mavi_video_554046065381212160",
            PENDING,
        ),
    ];
    let env = TestEnv::at(HERE);
    env.write(JOURNAL, &journal.concat());
    let shown = |columns, args: &str| {
        let (status, shown) = on_terminal_of_width(columns, &env, args);
        assert_eq!(status, 0, "{shown}");
        shown.replace("\r\n", "\n")
    };
    let wide = format!(
        "TASK                                  STATUS    TYPE   AGE  VIDEO\n\
         {PENDING}  pending   audio  5m   mavi_video_554046065381212160\n\
         {FINISHED}  finished  audio  3d   VI605961375402668032\n"
    );
    assert_eq!(shown(200, "tasks --color never"), wide);
    let usual = wide.replace("mavi_video_554046065381212160", "mavi_video…381212160");
    assert_eq!(shown(80, "tasks --color never"), usual);
    let narrow = format!(
        "TASK\n  STATUS    TYPE   AGE\n  VIDEO\n\
         {PENDING}\n  pending   audio  5m\n  mavi_video_554046065381212160\n\
         {FINISHED}\n  finished  audio  3d\n  VI605961375402668032\n"
    );
    assert_eq!(shown(40, "tasks --color never"), narrow);
    let coloured = usual
        .replace("pending", "\u{1b}[33mpending\u{1b}[0m")
        .replace("finished", "\u{1b}[32mfinished\u{1b}[0m");
    let (_, rows) = coloured.split_once('\n').unwrap();
    let seen = shown(80, "tasks");
    let header = "\u{1b}[2mTASK\u{1b}[0m    ";
    assert!(seen.starts_with(header) && seen.ends_with(rows), "{seen:?}");
    assert_eq!(
        shown(80, "tasks -f ids"),
        format!("{FINISHED}\n{PENDING}\n")
    );
}

#[test]
fn since_and_limit_select_the_newest() {
    let env = two_services();
    assert_run(&env.run("tasks -f ids --since 2026-01-02"), "T2\nT3\n", "");
    let time = "2026-01-02T13:00:00+01:00";
    assert_run(
        &env.run(&format!("tasks -f ids --since {time}")),
        "T2\nT3\n",
        "",
    );
    assert_run(&env.run("tasks -f ids --since 1h"), "", "");
    let header = "TASK  STATUS  TYPE  SUBMITTED  VIDEO\n";
    assert_run(
        &env.run("tasks --status failed"),
        header,
        "no tasks match\n",
    );
    let (status, shown) = on_terminal_of_width(80, &env, "tasks --status failed");
    assert_eq!((status, &*shown), (0, "no tasks match\r\n"));
    assert_run(&env.run("tasks -f ids --limit 1"), "T3\n", "");
    assert_run(
        &env.run("tasks -f ids --limit 1 --status pending"),
        "T2\n",
        "",
    );
    env.run("tasks --since yesterday")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: invalid value 'yesterday' for '--since <WHEN>': "yesterday" is not a time such as 2h (ago), 2026-01-31 or [DATE]
hint: for help, run: mavi tasks --help

"#]]);
}

#[test]
fn forgotten_task_is_neither_listed_nor_waited_for() {
    let env = two_services();
    assert_run(
        &env.run("tasks --forget T1"),
        "",
        "removed 1 task from the list\n",
    );
    assert_run(&env.run("tasks -f ids --status pending"), "T2\n", "");
    env.run("tasks --forget T2 T1")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: task T1 is not recorded
hint: to list the recorded tasks, run: mavi tasks --all-services

"#]]);
    env.run("tasks --forget E1").expect_failure(2);
    assert_run(
        &env.run("tasks --forget T2 T3 E1 --all-services"),
        "",
        "removed 3 tasks from the list\n",
    );
    assert_eq!(env.run("wait --pending").ok().stdout, "");
}

#[test]
fn prune_removes_tasks_of_the_status_and_service() {
    let env = two_services();
    assert_run(
        &env.run("tasks --prune 1h --status finished"),
        "",
        "removed 1 finished task that finished more than 1h ago\n",
    );
    assert_run(
        &env.run("tasks --prune 4w2d"),
        "",
        "removed 0 tasks that finished or failed more than 30d ago\n",
    );
    assert_run(
        &env.run("tasks --prune 1h --status pending"),
        "",
        "removed 2 pending tasks that were submitted more than 1h ago\n",
    );
    assert_run(&env.run("tasks -f ids --all-services"), "E1\n", "");
}

#[test]
fn prune_keeps_a_submit_that_may_be_in_progress() {
    let env = env(&[("2026-01-01", "submitting", HERE, "V1", "")]);
    let now = jiff::Timestamp::now();
    env.write(
        JOURNAL,
        &env.read(JOURNAL)
            .replace("2026-01-01T12:00:00Z", &now.to_string()),
    );
    let removed = "removed 0 unknown tasks that were submitted more than 0s ago\n";
    assert_run(
        &env.run("tasks --prune 0 --status unknown"),
        "",
        &format!("{removed}kept 1 record of a submit that may still be in progress\n"),
    );
}

#[test]
fn counts_in_messages_agree() {
    let env = env(&[("2026-01-01", "submitting", HERE, "V1", "")]);
    let unreadable = env.read(JOURNAL) + "rubbish\n";
    env.write(JOURNAL, &unreadable);
    let table = "\
TASK  STATUS   TYPE   SUBMITTED             VIDEO
-     unknown  audio  2026-01-01 12:00:00Z  V1
";
    let stderr = "\
warning: skipped 1 line of the journal that could not be read
1 submit has no recorded answer and may have been accepted and paid for; the service has no list of \
tasks, so mavi cannot find out; to remove the record once it is a day old, run: mavi tasks --status unknown --prune 1d
";
    assert_run(&env.run("tasks"), table, stderr);
}

#[test]
fn task_id_wider_than_any_terminal_is_listed() {
    let long = "x".repeat(70_000);
    let env = env(&[("2026-01-01", "submitted", HERE, "V1", &long)]);
    let run = env.run("tasks").ok();
    assert_eq!(run.stdout.lines().count(), 2);
    // In part: the columns are as wide as the ID.
    assert!(run.stdout.contains(&long));
}
