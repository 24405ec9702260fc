//! The refusals of the service, with the codes of the API page.

use super::fixture::quoted;

/// An error reply of the service; each has the code of the API page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServiceError {
    /// `0001`, with the reason.
    Parameter(&'static str),
    /// `0401`.
    Unauthorized,
    /// `0409`.
    Duplicate,
    /// `0429`.
    RateLimited,
}

impl ServiceError {
    /// Returns the reply. Its HTTP status is 200 all the same, as with the service.
    pub(super) fn envelope(self) -> String {
        let (code, msg) = match self {
            Self::Parameter(why) => ("0001", why),
            Self::Unauthorized => ("0401", "Authorization is invalid."),
            Self::Duplicate => ("0409", "Duplicate request."),
            // Word for word the reply of the API page, which has no `data`.
            Self::RateLimited => {
                return r#"{"code":"0429","msg":"Request has exceeded the limit."}"#.to_owned();
            }
        };
        format!(r#"{{"code":"{code}","msg":{},"data":null}}"#, quoted(msg))
    }
}
