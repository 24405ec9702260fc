//! TLS: whom `mavi` trusts, and what it says where it does not.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::{FakeServer, http, ok};
use crate::support::run::Run;

/// An https server on loopback with a self-signed certificate: its address, and the certificate in
/// PEM form.
fn server(name: &str) -> (String, String) {
    server_with(&CertificateParams::new([name.to_owned()]).unwrap())
}

/// An https server whose certificate is that of an authority, as `openssl req -x509` makes it.
fn authority(name: &str, change: impl FnOnce(&mut CertificateParams)) -> (String, String) {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    change(&mut params);
    server_with(&params)
}

fn server_with(params: &CertificateParams) -> (String, String) {
    let signing_key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&signing_key).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        // Bounded: no test makes more connections than this.
        for stream in listener.incoming().take(20) {
            let Ok(stream) = stream else { return };
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            let mut request = vec![0; 8 * 1024];
            if stream.read(&mut request).is_ok() {
                let reply = finished(
                    "T1",
                    r#"{"id":1,"startTime":0,"endTime":1,"content":"safe"}"#,
                );
                let _ = stream.write_all(&http("200 OK", &[], &reply));
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    (format!("https://localhost:{port}"), cert.pem())
}

#[test]
fn untrusted_certificate_is_refused() {
    let (address, _) = server("localhost");
    let run = TestEnv::at(&address)
        .run("get T1 --retries 0")
        .expect_failure(7);
    run.stderr_contains(&["could not connect", "certificate", "hint: ", "ca_file"]);
}

#[test]
fn server_without_tls_is_named_as_such() {
    let server = FakeServer::always(ok(""));
    let address = format!("https://127.0.0.1:{}", server.port());
    let run = TestEnv::at(&address)
        .run("get T1 --retries 0")
        .expect_failure(7);
    run.stderr_contains(&["hint: the server does not speak TLS there"]);
}

#[test]
fn a_submit_over_a_refused_connection_was_not_accepted() {
    let (address, _) = server("localhost");
    let run = TestEnv::at(&address)
        .run("submit V1 --retries 0")
        .expect_failure(7);
    assert!(!run.stderr.contains("is not known"), "{run:?}");
}

#[test]
fn ca_file_makes_certificate_trusted() {
    let (address, pem) = server("localhost");
    let env = TestEnv::at(&address);
    env.write("ca.pem", &pem);
    env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
    assert_eq!(env.run("get T1 -f txt").ok().stdout, "safe\n");
}

#[test]
fn marks_and_text_in_a_ca_file_are_skipped() {
    let (address, pem) = server("localhost");
    let (_, other) = server("example.com");
    for text in [
        format!("\u{feff}{pem}"),
        format!("\u{feff}{other}\u{feff}{pem}"),
        format!(
            "Certificate:\n    Data: caf\u{e9}\n{}",
            pem.replace('\n', "\r\n")
        ),
    ] {
        let env = TestEnv::at(&address);
        env.write("ca.pem", &text);
        env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
        assert_eq!(env.run("get T1 -f txt").ok().stdout, "safe\n", "{text}");
    }
}

#[test]
fn ca_file_may_hold_the_servers_own_authority_certificate() {
    let (address, pem) = authority("localhost", |_| ());
    let (_, other) = authority("localhost", |_| ());
    let get = |pem: &str| {
        let env = TestEnv::at(&address);
        env.write("ca.pem", pem);
        env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
        env.run("get T1 -f txt --retries 0")
    };
    assert_eq!(get(&format!("{other}{pem}")).ok().stdout, "safe\n");
    get(&other).expect_failure(7).stderr_contains(&[
        "certificate authority (CA:TRUE)",
        "hint: ",
        "ca_file",
    ]);
}

#[test]
fn pinned_certificate_must_be_in_force_and_of_that_name() {
    for (name, change, says) in [
        (
            "example.com",
            (|_| ()) as fn(&mut CertificateParams),
            "example.com",
        ),
        (
            "localhost",
            |params| params.not_after = rcgen::date_time_ymd(2001, 1, 1),
            "expired",
        ),
        (
            "localhost",
            |params| params.not_before = rcgen::date_time_ymd(2999, 1, 1),
            "not valid yet",
        ),
    ] {
        let (address, pem) = authority(name, change);
        let env = TestEnv::at(&address);
        env.write("ca.pem", &pem);
        env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
        env.run("get T1 --retries 0")
            .expect_failure(7)
            .stderr_contains(&[says]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn plain_http_needs_no_certificates() {
    let service = FakeServer::always(ok(finished("T1", "")));
    let no_certificates = |url: &str| {
        let env = TestEnv::at(url);
        env.write(".config/mavi/config.toml", "allow_http = true\n");
        let mut command = env.command(["get", "T1"]);
        command.env("SSL_CERT_FILE", env.write("empty.pem", ""));
        command.env("SSL_CERT_DIR", env.path(""));
        Run::of(command)
    };
    for host in ["localhost", "0.0.0.0"] {
        no_certificates(&format!("http://{host}:{}", service.port())).ok();
    }
    no_certificates(&server("localhost").0)
        .expect_failure(7)
        .stderr_contains(&["no TLS certificates were found", "SSL_CERT_FILE or ca_file"]);
}

#[test]
fn the_systems_certificates_can_be_named_in_the_environment() {
    let (address, pem) = server("localhost");
    let env = TestEnv::at(&address);
    let file = env.write("ca.pem", &pem);
    let mut command = env.command(["get", "T1", "-f", "txt"]);
    command.env("SSL_CERT_FILE", file);
    assert_eq!(Run::of(command).ok().stdout, "safe\n");
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let (address, pem) = server("example.com");
    let env = TestEnv::at(&address);
    env.write("ca.pem", &pem);
    env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
    env.run("get T1 --retries 0")
        .expect_failure(7)
        .stderr_contains(&["certificate"]);
}

#[test]
fn a_ca_file_that_holds_none_is_a_configuration_error() {
    let (address, _) = server("localhost");
    let env = TestEnv::at(&address);
    env.write("ca.pem", "nothing\n");
    env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
    env.run("get T1")
        .expect_failure(2)
        .stderr_contains(&["ca.pem", "no certificate"]);
}

#[test]
fn doctor_reports_trusted_certificates() {
    let (address, pem) = server("localhost");
    let env = TestEnv::at(&address);
    let run = env.run("doctor");
    assert_eq!(run.status, 7, "{run:#?}");
    assert!(run.stdout.contains("\ntcp     ok "), "{run:#?}");
    assert!(run.stdout.contains("\ntls     FAIL "), "{run:#?}");
    run.stderr_contains(&["mavi: the tls check failed: ", "certificate", "ca_file"]);
    env.write("ca.pem", &pem);
    env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
    let run = env.run("doctor").ok();
    assert!(run.stdout.contains("\ntls     ok "), "{run:#?}");
}
