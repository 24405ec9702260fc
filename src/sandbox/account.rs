//! The account of the sandbox: its API key, the code of the moment, and the tokens that were issued. Pure:
//! the time is an argument.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use fastrand::Rng;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use super::callbacks::CLIENT_ID;
use super::service_error::ServiceError;
use crate::text;

/// The life of a refresh token: two months, longer than any sandbox.
const REFRESH_LIFETIME: Duration = Duration::from_hours(60 * 24);

/// The state of the account.
pub(super) struct Account {
    api_key: String,
    code: String,
    lifetime: Duration,
    /// The access tokens, each with its end.
    access_tokens: HashMap<String, Instant>,
    refresh_tokens: HashSet<String>,
    rng: Rng,
}

impl Account {
    /// Creates an account whose access tokens have this life.
    pub(super) fn new(lifetime: Duration, mut rng: Rng) -> Self {
        Self {
            api_key: random(&mut rng, "key"),
            code: random(&mut rng, "code"),
            lifetime,
            access_tokens: HashMap::new(),
            refresh_tokens: HashSet::new(),
            rng,
        }
    }

    pub(super) fn api_key(&self) -> &str {
        &self.api_key
    }

    /// Returns the code of the moment. It can be used more than once.
    pub(super) fn code(&self) -> &str {
        &self.code
    }

    /// Makes a new code, which ends the one before.
    pub(super) fn renew_code(&mut self) {
        self.code = random(&mut self.rng, "code");
    }

    /// Returns the parameters of the call that tells the code.
    pub(super) fn callback_query(&self) -> [(&'static str, String); 3] {
        let state = text::hex(&Md5::digest(&self.api_key));
        [
            ("code", self.code.clone()),
            ("clientId", CLIENT_ID.to_owned()),
            ("state", state),
        ]
    }

    /// Returns `true` for an access token that has not ended.
    pub(super) fn accepts(&self, token: &str, now: Instant) -> bool {
        self.access_tokens.get(token).is_some_and(|end| now < *end)
    }

    /// Exchanges the code for tokens. Returns the `data` of the reply.
    pub(super) fn log_in(&mut self, body: &[u8], now: Instant) -> Result<Value, ServiceError> {
        let body = parse(body)?;
        if body["clientId"] != CLIENT_ID {
            return Err(ServiceError::Parameter("The clientId does not exist."));
        }
        if body["code"] != *self.code {
            return Err(ServiceError::Parameter(
                "The code is invalid or has expired.",
            ));
        }
        let refresh_token = random(&mut self.rng, "refresh");
        self.refresh_tokens.insert(refresh_token.clone());
        let mut data = self.issue(now);
        data["refreshToken"] = refresh_token.into();
        data["refreshExpiresIn"] = REFRESH_LIFETIME.as_secs().into();
        Ok(data)
    }

    /// Exchanges a refresh token for an access token. Returns the `data` of the reply.
    pub(super) fn refresh(&mut self, body: &[u8], now: Instant) -> Result<Value, ServiceError> {
        let body = parse(body)?;
        let token = body["refreshToken"].as_str().unwrap_or_default();
        if !self.refresh_tokens.contains(token) {
            return Err(ServiceError::Unauthorized);
        }
        Ok(self.issue(now))
    }

    pub(super) fn end_access_tokens(&mut self) {
        self.access_tokens.clear();
    }

    pub(super) fn end_refresh_tokens(&mut self) {
        self.refresh_tokens.clear();
    }

    fn issue(&mut self, now: Instant) -> Value {
        self.access_tokens.retain(|_, end| now < *end);
        let access_token = random(&mut self.rng, "access");
        self.access_tokens
            .insert(access_token.clone(), now + self.lifetime);
        // In whole seconds, as the service has it, where that is possible.
        let life: Value = match self.lifetime.subsec_nanos() {
            0 => self.lifetime.as_secs().into(),
            _ => self.lifetime.as_secs_f64().into(),
        };
        json!({"accessToken": access_token, "type": "Bearer", "expiresIn": life})
    }
}

fn parse(body: &[u8]) -> Result<Value, ServiceError> {
    serde_json::from_slice(body)
        .map_err(|_| ServiceError::Parameter("The request body is not JSON."))
}

fn random(rng: &mut Rng, kind: &str) -> String {
    format!("sandbox-{kind}-{:032x}", rng.u128(..))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(lifetime: Duration) -> Account {
        Account::new(lifetime, Rng::with_seed(1))
    }

    fn login(account: &Account) -> String {
        json!({"clientId": CLIENT_ID, "code": account.code()}).to_string()
    }

    #[test]
    fn access_token_ends_and_is_refreshed() {
        let (start, hour) = (Instant::now(), Duration::from_hours(1));
        let mut account = account(hour);
        let tokens = account.log_in(login(&account).as_bytes(), start).unwrap();
        assert_eq!(
            (&tokens["expiresIn"], &tokens["refreshExpiresIn"]),
            (&json!(3600), &json!(5_184_000))
        );
        let first = tokens["accessToken"].as_str().unwrap();
        assert!(account.accepts(first, start + hour / 2));
        assert!(!account.accepts(first, start + hour));

        let body = json!({"refreshToken": tokens["refreshToken"]}).to_string();
        let tokens = account.refresh(body.as_bytes(), start + hour).unwrap();
        assert_eq!(tokens["refreshToken"], Value::Null);
        let second = tokens["accessToken"].as_str().unwrap();
        assert!(second != first && account.accepts(second, start + hour));
        assert_eq!(
            account.access_tokens.len(),
            1,
            "what has ended is forgotten"
        );
    }

    #[test]
    fn new_code_ends_the_one_before() {
        let mut account = account(Duration::from_millis(1500));
        let (now, old) = (Instant::now(), login(&account));
        assert_eq!(
            account.log_in(old.as_bytes(), now).unwrap()["expiresIn"],
            1.5
        );
        account.renew_code();
        let query = account.callback_query();
        assert_eq!(query[0], ("code", account.code().to_owned()));
        assert_eq!(query[2].1.len(), 32);
        assert!(account.log_in(old.as_bytes(), now).is_err());
        assert!(account.log_in(login(&account).as_bytes(), now).is_ok());
    }

    #[test]
    fn unknown_clients_and_tokens_are_refused() {
        let (mut account, now) = (account(Duration::from_hours(1)), Instant::now());
        let body = json!({"clientId": "other", "code": account.code()}).to_string();
        for body in [&*body, "{}", "x"] {
            let refused = account.log_in(body.as_bytes(), now);
            assert!(matches!(refused, Err(ServiceError::Parameter(_))), "{body}");
        }
        let refused = account.refresh(br#"{"refreshToken":"x"}"#, now);
        assert_eq!(refused, Err(ServiceError::Unauthorized));
        assert!(!account.accepts("", now));
    }
}
