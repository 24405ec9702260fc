//! TLS: the certificates to trust are the system's (its store honours `SSL_CERT_FILE`) and those of
//! `ca_file`.

use std::ffi::OsStr;
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use super::pinned_certificates::PinnedCertificates;
use crate::error::{Error, ErrorKind};

/// Returns the TLS settings of a client. Certificates are read only where TLS is `needed`.
/// `cert_file` is the value of `SSL_CERT_FILE`, where an empty one counts as unset.
pub(super) fn config(
    needed: bool,
    ca_file: Option<&Path>,
    cert_file: Option<&OsStr>,
) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| not_set_up(&error))?;
    let mut roots = RootCertStore::empty();
    if !needed {
        return Ok(builder.with_root_certificates(roots).with_no_client_auth());
    }
    roots.add_parsable_certificates(system_certificates(cert_file));
    let mut named = Vec::new();
    if let Some(path) = ca_file {
        named = read(path)?;
        for certificate in named.iter().cloned() {
            let added = roots.add(certificate);
            added.map_err(|error| unusable(path, &error))?;
        }
    }
    if roots.is_empty() {
        return Err(none_found(cert_file));
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| not_set_up(&error))?;
    let verifier = PinnedCertificates::new(verifier, named);
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// Reads the certificates of the system, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`.
fn system_certificates(cert_file: Option<&OsStr>) -> Vec<CertificateDer<'static>> {
    let loaded = rustls_native_certs::load_native_certs().certs;
    // The library takes an empty variable for the name of a file.
    #[cfg(unix)]
    if loaded.is_empty() && cert_file.is_some_and(OsStr::is_empty) {
        let found = openssl_probe::probe();
        let file = found.cert_file.as_deref();
        let in_file = rustls_native_certs::load_certs_from_paths(file, None).certs;
        let of_directory =
            |path| rustls_native_certs::load_certs_from_paths(None, Some(path)).certs;
        let in_directories = found.cert_dir.iter().flat_map(|path| of_directory(path));
        return in_file.into_iter().chain(in_directories).collect();
    }
    #[cfg(not(unix))]
    let _ = cert_file;
    loaded
}

/// Returns the error for a system without certificates, which names the variable if that is why.
fn none_found(cert_file: Option<&OsStr>) -> Error {
    let Some(path) = cert_file.filter(|path| cfg!(not(unix)) || !path.is_empty()) else {
        let error = Error::new(
            ErrorKind::Network,
            "no TLS certificates were found on this system",
        );
        return error
            .with_hint("install the ca-certificates package, or set SSL_CERT_FILE or ca_file");
    };
    let why = match std::fs::read(path) {
        Ok(_) => "it holds no certificate in PEM form".to_owned(),
        Err(error) => error.to_string(),
    };
    let message = format!(
        "no TLS certificates were found in SSL_CERT_FILE {}: {why}",
        path.display()
    );
    Error::new(ErrorKind::Network, message)
        .with_hint("correct SSL_CERT_FILE, or unset it to trust the certificates of the system")
}

/// Reads the certificates of a PEM file. Byte order marks and text around the certificates are
/// skipped.
fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let bytes = std::fs::read(path).map_err(|error| unusable(path, &error))?;
    let text = String::from_utf8_lossy(&bytes).replace('\u{feff}', "");
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(text.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| unusable(path, &error))?;
    if certificates.is_empty() {
        return Err(unusable(path, &"it holds no certificate"));
    }
    Ok(certificates)
}

fn unusable(path: &Path, why: &dyn Display) -> Error {
    Error::config(format!("ca_file {}: {why}", path.display()))
        .with_hint("ca_file names a file of certificates in PEM form")
}

fn not_set_up(error: &dyn Display) -> Error {
    Error::new(
        ErrorKind::Internal,
        format!("could not set up TLS: {error}"),
    )
}
