//! TLS: the certificates to trust are the system's (its store honours `SSL_CERT_FILE`) and those of
//! `ca_file`.

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
pub(super) fn config(needed: bool, ca_file: Option<&Path>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| not_set_up(&error))?;
    let mut roots = RootCertStore::empty();
    if !needed {
        return Ok(builder.with_root_certificates(roots).with_no_client_auth());
    }
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let mut named = Vec::new();
    if let Some(path) = ca_file {
        named = read(path)?;
        for certificate in named.iter().cloned() {
            let added = roots.add(certificate);
            added.map_err(|error| unusable(path, &error))?;
        }
    }
    if roots.is_empty() {
        let error = Error::new(
            ErrorKind::Network,
            "no TLS certificates were found on this system",
        );
        return Err(
            error.with_hint("install the ca-certificates package, or set SSL_CERT_FILE or ca_file")
        );
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
