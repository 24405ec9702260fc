//! The calls about tokens: a code buys an access token and a refresh token, and a refresh token buys
//! further access tokens. They carry no `Authorization`. Secrets go both ways, so nothing of a body is
//! shown, and the texts that hold them are wiped.

use std::time::Duration;

use hyper::body::Bytes;
use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use zeroize::{Zeroize as _, Zeroizing};

use super::transaction::Transaction;
use super::{HttpClient, accepted, internal};
use crate::api::api_error::ApiError;
use crate::api::tokens::IssuedTokens;
use crate::api::wire::{LoginBody, RefreshBody};
use crate::secret::Secret;

const LOGIN_PATH: &str = "auth/api/token/getAccessToken";
const REFRESH_PATH: &str = "auth/api/token/refreshAccessToken";

impl HttpClient {
    /// Exchanges a code for tokens, once.
    pub fn log_in(
        &self,
        client_id: &Secret,
        code: &Secret,
        timeout: Duration,
    ) -> Result<IssuedTokens, ApiError> {
        let body = LoginBody {
            client_id: client_id.expose(),
            code: code.expose(),
        };
        self.exchange(LOGIN_PATH, &body, code, timeout)
    }

    /// Exchanges a refresh token for an access token, once.
    pub fn refresh(
        &self,
        refresh_token: &Secret,
        timeout: Duration,
    ) -> Result<IssuedTokens, ApiError> {
        let body = RefreshBody {
            refresh_token: refresh_token.expose(),
        };
        self.exchange(REFRESH_PATH, &body, refresh_token, timeout)
    }

    fn exchange(
        &self,
        path: &str,
        body: &impl Serialize,
        given: &Secret,
        timeout: Duration,
    ) -> Result<IssuedTokens, ApiError> {
        let body = serde_json::to_vec(body).map_err(|error| internal(&error))?;
        let request = self
            .client
            .post(self.url("POST", path, &[]))
            .headers(accepted())
            .header(CONTENT_TYPE, "application/json")
            .body(Bytes::from_owner(Zeroizing::new(body)));
        let transaction = Transaction::secret(self, given);
        let mut reply = transaction.run(request, timeout)?;
        let issued = IssuedTokens::parse(&reply.body[reply.data.clone()]);
        reply.body.zeroize();
        issued.ok_or_else(|| transaction.unexpected_shape(&"", "", reply.status))
    }
}
