//! Calls that pass through a proxy: the service has a name that only the proxy knows.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use snapbox::str;

use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::{FakeServer, accept};
use crate::support::run::Run;

const HOST: &str = "service.invalid";

/// Serves as a SOCKS5 proxy (RFC 1928) that wants a name and a password (RFC 1929), and returns its port.
fn socks_proxy(service: &FakeServer) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, service) = (listener.local_addr().unwrap().port(), service.port());
    accept(listener, move |client| {
        // One that is refused hangs up.
        let _ = tunnel(client, service);
    });
    port
}

fn tunnel(mut client: TcpStream, service: u16) -> io::Result<()> {
    let methods = bytes(&mut client, 2)?[1];
    bytes(&mut client, methods.into())?;
    client.write_all(&[5, 2])?;
    bytes(&mut client, 1)?;
    let credentials = [field(&mut client)?, field(&mut client)?];
    let is_known = credentials == [b"ann", b"hunter2".as_slice()];
    client.write_all(&[1, u8::from(!is_known)])?;
    // Connect to a name.
    let is_name = bytes(&mut client, 4)? == [5, 1, 0, 3];
    if !is_known || !is_name || field(&mut client)? != HOST.as_bytes() {
        return Ok(());
    }
    bytes(&mut client, 2)?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    let mut server = TcpStream::connect(("127.0.0.1", service))?;
    let (mut requests, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || io::copy(&mut requests, &mut to_server));
    io::copy(&mut server, &mut client)?;
    Ok(())
}

fn field(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let length = bytes(client, 1)?[0];
    bytes(client, length.into())
}

fn bytes(client: &mut TcpStream, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    client.read_exact(&mut bytes).map(|()| bytes)
}

/// Runs `submit --wait` through the proxy with this password.
fn submit(service: &FakeServer, password: &str) -> Run {
    let env = TestEnv::at(&format!("http://{HOST}:8080"));
    env.configure("allow_http = true\n");
    let mut command = env.command([
        "submit",
        "V1",
        "--wait",
        "--interval",
        "10ms",
        "--retries",
        "0",
        "-f",
        "txt",
    ]);
    let port = socks_proxy(service);
    command.env(
        "ALL_PROXY",
        format!("socks5h://ann:{password}@127.0.0.1:{port}"),
    );
    Run::of(command)
}

#[test]
fn calls_pass_through_a_socks_proxy() {
    let submitted = r#"{"code":"0000","data":{"taskNo":"T1"}}"#;
    let service = FakeServer::api(submitted, &finished("T1", ""));
    submit(&service, "hunter2").ok();
    assert_eq!(service.count(), 2);
    assert_eq!(
        service.requests()[0].header("host"),
        Some("service.invalid:8080")
    );
}

#[test]
fn socks_proxy_that_refuses_is_an_error_before_the_submit() {
    let service = FakeServer::api("", "");
    let run = submit(&service, "wrong").expect_failure(7);
    run.expect_stderr(str![[r#"
submitting V1 (audio)
mavi: could not submit V1 (audio): could not connect: SOCKS error: credentials not accepted
hint: check the network, the proxy settings and base_url; `mavi doctor` names what is wrong

"#]]);
    assert_eq!(service.count(), 0);
}
