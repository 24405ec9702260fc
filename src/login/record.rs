//! A login: its tokens and their ends, and its form in the file. Pure: the time is an argument.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::api::{FetchedToken, IssuedTokens};
use crate::json;
use crate::secret::Secret;

/// The version of the file's form.
const VERSION: u32 = 1;

/// Maximum time before the end of an access token at which it is renewed.
const MAX_MARGIN: Duration = Duration::from_mins(5);

/// The tokens of an account. Times are of this machine's clock, which can be wrong: they say when to
/// renew, and only the service says that a token has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The account's ID.
    pub client_id: Secret,
    /// The token for the calls of the API.
    pub(super) access_token: Secret,
    /// The token for refreshes.
    pub(super) refresh_token: Option<Secret>,
    /// The time before the request that gave the access token.
    pub(super) obtained_at: Timestamp,
    /// The end of the access token, if it is known.
    pub token_ends_at: Option<Timestamp>,
    /// The end of the refresh token, if it is known.
    pub login_ends_at: Option<Timestamp>,
}

/// The form in the file. The texts are borrowed or moved, so that nothing of them is left behind.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct LoginFile<T> {
    version: u32,
    client_id: T,
    access_token: T,
    refresh_token: Option<T>,
    obtained_at: String,
    token_ends_at: Option<String>,
    login_ends_at: Option<String>,
}

impl Login {
    /// Creates the login of tokens that were asked for at `now`.
    pub(super) fn new(client_id: Secret, issued: IssuedTokens, now: Timestamp) -> Self {
        Self {
            client_id,
            access_token: issued.access_token,
            refresh_token: issued.refresh_token,
            obtained_at: now,
            token_ends_at: end(now, issued.expires_in),
            login_ends_at: end(now, issued.refresh_expires_in),
        }
    }

    /// Returns this login with tokens that a refresh at `now` gave. A new refresh token replaces the old
    /// one.
    pub(super) fn refreshed(self, issued: IssuedTokens, now: Timestamp) -> Self {
        let has_refresh_token = issued.refresh_token.is_some();
        let old = self.clone();
        let new = Self::new(self.client_id, issued, now);
        if has_refresh_token {
            return new;
        }
        Self {
            refresh_token: old.refresh_token,
            login_ends_at: old.login_ends_at,
            ..new
        }
    }

    /// Returns `true` if the login has a refresh token, with which access tokens are renewed.
    #[must_use]
    pub const fn renews_itself(&self) -> bool {
        self.refresh_token.is_some()
    }

    /// Returns `true` if the login cannot be renewed any more, by this machine's clock.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        let end = match &self.refresh_token {
            Some(_) => self.login_ends_at,
            None => self.token_ends_at,
        };
        end.is_some_and(|end| now >= end)
    }

    /// Returns the time from which the access token is to be renewed: when a tenth of its life is left,
    /// five minutes at most. `None` if its end is not known.
    pub(super) fn renew_at(&self) -> Option<Timestamp> {
        let end = self.token_ends_at?;
        let life = Duration::try_from(end.duration_since(self.obtained_at)).unwrap_or_default();
        end.checked_sub((life / 10).min(MAX_MARGIN)).ok()
    }

    /// Returns the access token, with the time from which it is to be renewed, unless that has come or
    /// the service has refused it.
    pub(super) fn good_token(
        &self,
        refused: Option<&Secret>,
        now: Timestamp,
    ) -> Option<FetchedToken> {
        let renew_at = self.renew_at();
        let is_due = renew_at.is_some_and(|time| now >= time);
        let is_good = !is_due && refused != Some(&self.access_token);
        is_good.then(|| FetchedToken {
            token: self.access_token.clone(),
            renew_at: renew_at.map(Into::into),
            is_new: false,
        })
    }

    /// Returns the text of the file.
    pub(super) fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        let file = LoginFile {
            version: VERSION,
            client_id: self.client_id.expose(),
            access_token: self.access_token.expose(),
            refresh_token: self.refresh_token.as_ref().map(Secret::expose),
            obtained_at: self.obtained_at.to_string(),
            token_ends_at: self.token_ends_at.as_ref().map(Timestamp::to_string),
            login_ends_at: self.login_ends_at.as_ref().map(Timestamp::to_string),
        };
        // Room for all, so that no smaller buffer is left behind.
        let secrets =
            file.client_id.len() + file.access_token.len() + file.refresh_token.map_or(0, str::len);
        let mut json = Zeroizing::new(Vec::with_capacity(2 * secrets + 1024));
        serde_json::to_writer_pretty(&mut *json, &file)?;
        json.push(b'\n');
        Ok(json)
    }

    /// Parses the text of the file; `None` if it is damaged or of another version.
    pub(super) fn parse(json: &[u8]) -> Option<Self> {
        let file: LoginFile<String> = json::object_in_bytes(json).ok()?;
        let time = |text: String| text.parse().ok();
        let login = Self {
            client_id: Secret::new(file.client_id),
            access_token: Secret::new(file.access_token),
            refresh_token: file.refresh_token.map(Secret::new),
            obtained_at: file.obtained_at.parse().ok()?,
            token_ends_at: file.token_ends_at.and_then(time),
            login_ends_at: file.login_ends_at.and_then(time),
        };
        (file.version == VERSION).then_some(login)
    }
}

fn end(now: Timestamp, life: Option<Duration>) -> Option<Timestamp> {
    now.checked_add(life?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued(life: Option<Duration>) -> IssuedTokens {
        IssuedTokens {
            access_token: Secret::new("at-1"),
            expires_in: life,
            refresh_token: Some(Secret::new("rt-1")),
            refresh_expires_in: Some(Duration::from_hours(24 * 60)),
        }
    }

    fn login(life: Option<Duration>) -> Login {
        Login::new(Secret::new("client"), issued(life), time("12:00:00"))
    }

    fn time(text: &str) -> Timestamp {
        format!("2026-03-01T{text}Z").parse().unwrap()
    }

    #[test]
    fn token_is_renewed_when_a_tenth_is_left_and_five_minutes_at_most() {
        for (life, renew_at) in [
            (Some(Duration::from_hours(2)), Some("13:55:00")),
            (Some(Duration::from_mins(50)), Some("12:45:00")),
            (Some(Duration::from_mins(10)), Some("12:09:00")),
            (Some(Duration::from_secs(1)), Some("12:00:00.9")),
            (None, None),
        ] {
            assert_eq!(login(life).renew_at(), renew_at.map(time), "{life:?}");
        }
    }

    #[test]
    fn token_is_good_until_due_or_refused_whatever_the_clock_said_before() {
        let login = login(Some(Duration::from_hours(2)));
        let at = |text| login.good_token(None, time(text)).is_some();
        assert!(at("12:00:00") && at("13:54:59") && !at("13:55:00") && !at("23:00:00"));
        assert!(at("09:00:00"), "a clock that went back locks nobody out");
        let good = |refused: &str| {
            let refused = Secret::new(refused);
            login.good_token(Some(&refused), time("12:30:00")).is_some()
        };
        assert!(good("at-0") && !good("at-1"));
    }

    #[test]
    fn refresh_token_is_kept_unless_a_new_one_comes() {
        let later = time("14:00:00");
        let old = login(Some(Duration::from_hours(2)));
        let access_alone = IssuedTokens {
            access_token: Secret::new("at-2"),
            refresh_token: None,
            refresh_expires_in: None,
            ..issued(Some(Duration::from_hours(2)))
        };
        let kept = old.clone().refreshed(access_alone, later);
        assert_eq!(kept.access_token.expose(), "at-2");
        assert_eq!(kept.token_ends_at, Some(time("16:00:00")));
        assert_eq!(
            (&kept.refresh_token, kept.login_ends_at),
            (&old.refresh_token, old.login_ends_at)
        );

        let rotated = IssuedTokens {
            refresh_token: Some(Secret::new("rt-2")),
            ..issued(None)
        };
        let rotated = old.refreshed(rotated, later);
        assert_eq!(rotated.refresh_token, Some(Secret::new("rt-2")));
        assert_eq!(rotated.token_ends_at, None);
    }

    #[test]
    fn file_gives_the_same_login_and_damaged_ones_none() {
        for life in [Some(Duration::from_millis(300)), None] {
            let login = login(life);
            let json = login.to_json().unwrap();
            assert_eq!(Login::parse(&json), Some(login));
            let half = &json[..json.len() / 2];
            assert_eq!(Login::parse(half), None);
            let text = String::from_utf8(json.to_vec()).unwrap();
            let other = text.replace("\"version\": 1", "\"version\": 2");
            assert_eq!(Login::parse(other.as_bytes()), None);
        }
        assert_eq!(Login::parse(b""), None);
    }
}
