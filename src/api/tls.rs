//! TLS root certificates: the system's store (it honours `SSL_CERT_FILE`) and the certificates of
//! `ca_file`.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Error, Kind};

/// Returns the TLS settings of a client. Certificates are read only where TLS is `needed`.
pub(super) fn config(needed: bool, ca_file: Option<&Path>) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    if needed {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = ca_file {
            add_file(&mut roots, path)?;
        }
        if roots.is_empty() {
            let error = Error::new(
                Kind::Network,
                "no TLS certificates were found on this system",
            );
            return Err(error.with_hint(
                "install the ca-certificates package, or set SSL_CERT_FILE or ca_file",
            ));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(Kind::Internal, format!("TLS could not be set up: {error}")))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), Error> {
    let bad = |why: &dyn std::fmt::Display| {
        Error::config(format!("ca_file {}: {why}", path.display()))
            .with_hint("ca_file names a file of certificates in PEM form")
    };
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| bad(&error))?;
    let mut count = 0;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| bad(&error))?;
        roots.add(certificate).map_err(|error| bad(&error))?;
        count += 1;
    }
    if count == 0 {
        Err(bad(&"it holds no certificate"))
    } else {
        Ok(())
    }
}
