//! TLS: whom `mavi` trusts, and what it says where it does not.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use snapbox::str;

use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::{FakeServer, accept, http, ok};
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
    accept(listener, move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        let mut request = vec![0; 8 * 1024];
        if stream.read(&mut request).is_ok() {
            let segment = r#"{"id":1,"startTime":0,"endTime":1,"content":"safe"}"#;
            let _ = stream.write_all(&http("200 OK", &[], finished("T1", segment)));
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    (format!("https://localhost:{port}"), cert.pem())
}

#[test]
fn untrusted_certificate_is_refused() {
    let (address, _) = server("localhost");
    TestEnv::at(&address)
        .run("get T1 --retries 0")
        .expect_failure(7)
    .expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: could not connect: invalid peer certificate: UnknownIssuer
hint: if this machine's clock is wrong, set it; if a company's proxy opens TLS, name its certificate in ca_file or SSL_CERT_FILE

"#]]);
}

#[test]
fn server_without_tls_is_named_as_such() {
    let server = FakeServer::always(ok(""));
    let address = format!("https://127.0.0.1:{}", server.port());
    TestEnv::at(&address)
        .run("get T1 --retries 0")
        .expect_failure(7)
        .expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: could not connect: received corrupt message of type InvalidContentType
hint: the server does not speak TLS there: check the scheme and the port in base_url

"#]]);
}

#[test]
fn a_submit_over_a_refused_connection_was_not_accepted() {
    let (address, _) = server("localhost");
    TestEnv::at(&address)
        .run("submit V1 --retries 0")
        .expect_failure(7)
    .expect_stderr(str![[r#"
submitting V1 (audio)
mavi: could not submit V1 (audio): could not connect: invalid peer certificate: UnknownIssuer
hint: if this machine's clock is wrong, set it; if a company's proxy opens TLS, name its certificate in ca_file or SSL_CERT_FILE

"#]]);
}

#[test]
fn ca_file_makes_certificate_trusted() {
    let (address, pem) = server("localhost");
    let env = TestEnv::at(&address);
    env.write("ca.pem", &pem);
    env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
    env.run("get T1 -f txt")
        .expect_output("safe\n", "getting task T1\n");
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
    get(&other).expect_failure(7).expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: could not connect: the server's certificate cannot be trusted: it is that of a certificate authority (CA:TRUE), such as a self-signed one, and ca_file does not hold it
hint: if this machine's clock is wrong, set it; if a company's proxy opens TLS, name its certificate in ca_file or SSL_CERT_FILE

"#]]);
}

#[test]
fn pinned_certificate_must_be_in_force_and_of_that_name() {
    for (name, change, says) in [
        (
            "example.com",
            (|_| ()) as fn(&mut CertificateParams),
            str![[r#"
getting task T1
mavi: could not get task T1: could not connect: invalid peer certificate: certificate not valid for name "localhost"; certificate is only valid for DnsName("example.com")
hint: if this machine's clock is wrong, set it; if a company's proxy opens TLS, name its certificate in ca_file or SSL_CERT_FILE

"#]],
        ),
        (
            "localhost",
            |params| params.not_after = rcgen::date_time_ymd(2001, 1, 1),
            str![[r#"
getting task T1
mavi: could not get task T1: could not connect: invalid peer certificate: certificate expired: verification time [..] (UNIX), but certificate is not valid after 978307200 ([..] seconds ago)
hint: if this machine's clock is wrong, set it; if a company's proxy opens TLS, name its certificate in ca_file or SSL_CERT_FILE

"#]],
        ),
        (
            "localhost",
            |params| params.not_before = rcgen::date_time_ymd(2999, 1, 1),
            str![[r#"
getting task T1
mavi: could not get task T1: could not connect: invalid peer certificate: certificate not valid yet: verification time [..] (UNIX), but certificate is not valid before 32472144000 ([..] seconds in future)
hint: if this machine's clock is wrong, set it; if a company's proxy opens TLS, name its certificate in ca_file or SSL_CERT_FILE

"#]],
        ),
    ] {
        let (address, pem) = authority(name, change);
        let env = TestEnv::at(&address);
        env.write("ca.pem", &pem);
        env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
        env.run("get T1 --retries 0")
            .expect_failure(7)
            .expect_stderr(says);
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
        .expect_stderr(str![[r#"
mavi: no TLS certificates were found in SSL_CERT_FILE [..]/empty.pem: it holds no certificate in PEM form
hint: correct SSL_CERT_FILE, or unset it to trust the certificates of the system

"#]]);
}

#[cfg(target_os = "linux")]
#[test]
fn empty_ssl_cert_file_is_unset_and_a_missing_file_is_named() {
    let env = TestEnv::at(&server("localhost").0);
    let get = |file: Option<&str>| {
        let mut command = env.command(["get", "T1", "--retries", "0"]);
        command.envs(file.map(|file| ("SSL_CERT_FILE", file)));
        Run::of(command).expect_failure(7)
    };
    assert_eq!(get(Some("")).stderr, *get(None).stderr);
    get(Some("/no/such.pem")).expect_stderr(str![[r#"
mavi: no TLS certificates were found in SSL_CERT_FILE /no/such.pem: No such file or directory (os error 2)
hint: correct SSL_CERT_FILE, or unset it to trust the certificates of the system

"#]]);
}

#[test]
fn the_systems_certificates_can_be_named_in_the_environment() {
    let (address, pem) = server("localhost");
    let env = TestEnv::at(&address);
    let file = env.write("ca.pem", &pem);
    let mut command = env.command(["get", "T1", "-f", "txt"]);
    command.env("SSL_CERT_FILE", file);
    Run::of(command).expect_output("safe\n", "getting task T1\n");
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let (address, pem) = server("example.com");
    let env = TestEnv::at(&address);
    env.write("ca.pem", &pem);
    env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
    env.run("get T1 --retries 0")
        .expect_failure(7)
        .expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: could not connect: invalid peer certificate: certificate not valid for name "localhost"; certificate is only valid for DnsName("example.com")
hint: if this machine's clock is wrong, set it; if a company's proxy opens TLS, name its certificate in ca_file or SSL_CERT_FILE

"#]]);
}

#[test]
fn a_ca_file_that_holds_none_is_a_configuration_error() {
    let (address, _) = server("localhost");
    let env = TestEnv::at(&address);
    env.write("ca.pem", "nothing\n");
    env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
    env.run("get T1").expect_failure(2).expect_stderr(str![[r#"
mavi: ca_file [HOME]/.config/mavi/../../ca.pem: it holds no certificate
hint: ca_file names a file of certificates in PEM form

"#]]);
}

#[test]
fn doctor_reports_trusted_certificates() {
    let (address, pem) = server("localhost");
    let env = TestEnv::at(&address);
    let run = env.run("doctor");
    assert_eq!(run.status, 7, "{run:#?}");
    run.expect_stdout(str![[r#"
config  ok       no file at [HOME]/.config/mavi/config.toml; using defaults
token   ok       from MAVI_TOKEN
proxy   ok       no proxy for this address
name    ok       localhost resolves to 127.0.0.1
tcp     ok       connected to 127.0.0.1:[PORT] in [MS] ms
tls     FAIL     could not connect: invalid peer certificate: UnknownIssuer
clock   skipped  not reached
api     skipped  not reached

"#]]).expect_stderr(str![[r#"
checking [URL]
mavi: the tls check failed: could not connect: invalid peer certificate: UnknownIssuer
hint: if this machine's clock is wrong, set it; if a company's proxy opens TLS, name its certificate in ca_file or SSL_CERT_FILE

"#]]);
    env.write("ca.pem", &pem);
    env.write(".config/mavi/config.toml", "ca_file = \"../../ca.pem\"\n");
    env.run("doctor").ok();
}
