//! Every refusal: its stable code, its HTTP status, and the problem document (RFC 9457) that a client reads.

mod code;
mod database;
mod problem;
mod validation;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};

use chrono::TimeDelta;
pub use code::Code;
use problem::MOST;
pub use problem::{Fault, Problem};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug)]
pub enum Error {
    /// A rule says no; the detail is for people and may be empty.
    Refused(Code, String),
    /// The same, but not for long: allowed again in so many seconds.
    Later(Code, i64),
    /// The same for many at once, each with its place in what was asked for.
    RefusedAll(Code, Vec<Fault>),
    /// The input has these faults.
    Invalid(Vec<Fault>),
    /// Ours to mend: logged once, never shown.
    Internal(anyhow::Error),
}

impl Error {
    pub fn code(&self) -> Code {
        match self {
            Self::Refused(code, _) | Self::Later(code, _) | Self::RefusedAll(code, _) => *code,
            Self::Invalid(_) => Code::InvalidInput,
            Self::Internal(_) => Code::Internal,
        }
    }

    pub fn refused(code: Code, detail: impl Into<String>) -> Self {
        Self::Refused(code, detail.into())
    }

    /// Refused until `wait` is over.
    pub fn later(code: Code, wait: TimeDelta) -> Self {
        Self::Later(code, whole_seconds(wait).max(1))
    }

    /// One fault of the input.
    pub fn invalid(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code, detail)])
    }

    pub(crate) fn problem(&self, request_id: String) -> Problem {
        let code = self.code();
        let (detail, errors) = match self {
            Self::Refused(_, detail) if !detail.is_empty() => (detail.clone(), Vec::new()),
            Self::Invalid(faults) => listed("fault(s)", faults),
            Self::RefusedAll(_, faults) => listed("refusal(s)", faults),
            Self::Later(_, seconds) => (format!("{}: again in {seconds} s", code.title()), Vec::new()),
            _ => (code.title().to_owned(), Vec::new()),
        };
        Problem {
            kind: format!("urn:mentorship:problem:{}", code.word().replace('_', "-")),
            title: code.title().to_owned(),
            status: code.status().as_u16(),
            detail,
            instance: request_id,
            code,
            errors,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code().word())
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.code().status()
    }

    /// Without a body: `http::outermost` writes the problem document, since only it knows the request's id.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        let headers = response.headers_mut();
        if let Self::Later(_, seconds) = self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        match self.code() {
            Code::Unauthenticated
            | Code::InvalidRefreshToken
            | Code::InvalidCredentials
            | Code::InvalidToken
            | Code::SecondFactorRequired
            | Code::InvalidSecondFactor => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Code::ReauthenticationRequired => {
                // RFC 9470, section 3.
                let challenge = "Bearer error=\"insufficient_user_authentication\", max_age=300";
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
            }
            Code::Unavailable | Code::IdempotencyInFlight => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

fn listed(what: &str, faults: &[Fault]) -> (String, Vec<Fault>) {
    let listed: Vec<_> = faults.iter().take(MOST).cloned().collect();
    (format!("{} {what}, {} listed in errors", faults.len(), listed.len()), listed)
}

/// Rounded up: after so many seconds it is true.
pub fn whole_seconds(time: TimeDelta) -> i64 {
    time.num_seconds() + i64::from(time.subsec_nanos() > 0)
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::Refused(code, String::new())
    }
}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        Self::Internal(cause)
    }
}
