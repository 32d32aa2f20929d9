//! Every refusal: its stable code, its HTTP status, and the problem document (RFC 9457) that a client reads.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use serde::Serialize;
use utoipa::ToSchema;

pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($name:ident $status:ident $title:literal;)*) => {
        /// The stable word that a client can switch on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(rename_all = "snake_case")]
        pub enum Code { $($name,)* }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

codes! {
    MalformedRequest BAD_REQUEST "The request could not be read";
    InvalidCursor BAD_REQUEST "The cursor is not one of ours";
    Unauthenticated UNAUTHORIZED "A valid access token is needed";
    InvalidCredentials UNAUTHORIZED "The e-mail address or the password is wrong";
    InvalidRefreshToken UNAUTHORIZED "The refresh token is not valid";
    ReauthenticationRequired UNAUTHORIZED "This needs a sign-in within the last five minutes";
    Forbidden FORBIDDEN "Your role does not allow this";
    AccountSuspended FORBIDDEN "The account is suspended";
    AccountPending FORBIDDEN "The account waits for approval";
    EmailNotVerified FORBIDDEN "The e-mail address is not verified yet";
    NotReceiver FORBIDDEN "Only the side that received the request may do this";
    NotRequester FORBIDDEN "Only the side that made the request may do this";
    NotAuthor FORBIDDEN "Only its author may do this";
    OwnAccount FORBIDDEN "Nobody does this to their own account";
    StaffAccount FORBIDDEN "Admins touch no admin and no owner";
    NotFound NOT_FOUND "There is nothing here that you may see";
    MethodNotAllowed METHOD_NOT_ALLOWED "This method is not offered here";
    RequestTimeout REQUEST_TIMEOUT "The request took too long to arrive";
    AlreadyAnswered CONFLICT "This was answered before";
    SuggestionLapsed CONFLICT "The suggestion has lapsed";
    NotSuggestable CONFLICT "One of the two is not open to this any more";
    MentorAtCapacity CONFLICT "The mentor has no free place";
    MentorshipExists CONFLICT "The two already have an open mentorship";
    TooManyRequests CONFLICT "There are too many open requests";
    RecentlyDeclined CONFLICT "The mentor declined not long ago";
    InvalidTransition CONFLICT "The present state does not allow this";
    MentorshipClosed CONFLICT "The mentorship is not open";
    CapacityInUse CONFLICT "More places are taken than that";
    OnboardingIncomplete CONFLICT "The onboarding has steps left";
    ProgressFromMilestones CONFLICT "The progress follows from the milestones";
    TooMany CONFLICT "There are as many as there may be";
    AlreadyExists CONFLICT "Something with this name exists";
    ConversationNotAllowed CONFLICT "The two may not open a conversation";
    ClientIdReused CONFLICT "This client id was used for another message";
    LastOwner CONFLICT "There is always an active owner";
    IdempotencyInFlight CONFLICT "The first request with this key is still under way";
    PreconditionFailed PRECONDITION_FAILED "It was changed in the meantime";
    PayloadTooLarge PAYLOAD_TOO_LARGE "The body is too large";
    UriTooLong URI_TOO_LONG "The address is too long";
    UnsupportedMediaType UNSUPPORTED_MEDIA_TYPE "The body must be JSON";
    InvalidInput UNPROCESSABLE_ENTITY "The input has faults";
    IdempotencyKeyReused UNPROCESSABLE_ENTITY "This key was used with another body";
    PreconditionRequired PRECONDITION_REQUIRED "If-Match is needed";
    HeadersTooLarge REQUEST_HEADER_FIELDS_TOO_LARGE "The headers are too large";
    Internal INTERNAL_SERVER_ERROR "Something went wrong on our side";
    Unavailable SERVICE_UNAVAILABLE "The service cannot do this right now";
}

impl Code {
    /// The code as clients see it: `mentor_at_capacity`.
    pub fn word(self) -> String {
        let mut word = String::new();
        for (at, letter) in format!("{self:?}").chars().enumerate() {
            if letter.is_uppercase() && at > 0 {
                word.push('_');
            }
            word.push(letter.to_ascii_lowercase());
        }
        word
    }

    /// The most fitting code for a status that something else than our own code chose.
    pub fn of_status(status: StatusCode) -> Self {
        match Self::ALL.iter().find(|code| code.status() == status) {
            Some(code) => *code,
            None if status.is_server_error() => Self::Internal,
            None => Self::MalformedRequest,
        }
    }
}

/// One fault of the input, at a JSON Pointer (RFC 6901); of a query or header it is `/name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Where: a JSON Pointer into the body, or `/name` of a parameter.
    #[schema(max_length = 500, example = "/email")]
    pub pointer: String,
    /// What kind of fault, a stable word.
    #[schema(max_length = 60, example = "too_long")]
    pub code: String,
    /// The fault in words.
    #[schema(max_length = 500, example = "at most 254 characters")]
    pub detail: String,
}

impl Fault {
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.into(), detail: detail.into() }
    }
}

/// A problem document (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A URI that names the kind of problem; it says the same as `code`.
    #[serde(rename = "type")]
    #[schema(max_length = 120, example = "urn:mentorship:problem:not-found")]
    pub kind: String,
    /// The problem in a sentence; the same for every occurrence.
    #[schema(max_length = 200)]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is particular to this occurrence.
    #[schema(max_length = 500)]
    pub detail: String,
    /// The id of the request, as in `X-Request-Id`.
    #[schema(max_length = 64)]
    pub instance: String,
    pub code: Code,
    /// All faults of the input at once; only with `invalid_input`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub errors: Vec<Fault>,
}

#[derive(Debug)]
pub enum Error {
    /// A rule says no; the detail is for people and may be empty.
    Refused(Code, String),
    /// The input has these faults.
    Invalid(Vec<Fault>),
    /// Ours to mend: logged once, never shown.
    Internal(anyhow::Error),
}

impl Error {
    pub fn code(&self) -> Code {
        match self {
            Self::Refused(code, _) => *code,
            Self::Invalid(_) => Code::InvalidInput,
            Self::Internal(_) => Code::Internal,
        }
    }

    pub fn refused(code: Code, detail: impl Into<String>) -> Self {
        Self::Refused(code, detail.into())
    }

    /// One fault of the input.
    pub fn invalid(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code, detail)])
    }

    pub(crate) fn problem(&self, request_id: String) -> Problem {
        let code = self.code();
        let (detail, errors) = match self {
            Self::Refused(_, detail) if !detail.is_empty() => (detail.clone(), Vec::new()),
            Self::Invalid(faults) => (format!("{} fault(s), listed in errors", faults.len()), faults.clone()),
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
        match self.code() {
            Code::Unauthenticated | Code::InvalidRefreshToken | Code::InvalidCredentials => {
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

/// What a broken constraint means: PostgreSQL names it; SQLite names its columns, or an index of expressions.
const CONSTRAINTS: &[(&str, &str, Code)] = &[
    ("uq_mentorships_open_pair", "index 'uq_mentorships_open_pair'", Code::MentorshipExists),
    ("uq_suggestions_pending_pair", "suggestions.mentor_id, suggestions.mentee_id", Code::AlreadyExists),
];

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(text)) = cause.sql_err()
            && let Some((_, _, code)) =
                CONSTRAINTS.iter().find(|(name, columns, _)| text.contains(name) || text.ends_with(columns))
        {
            return Self::from(*code);
        }
        if is_outage(&cause) {
            tracing::error!(cause = %cause, "the database cannot answer");
            return Self::from(Code::Unavailable);
        }
        Self::Internal(cause.into())
    }
}

fn is_outage(cause: &DbErr) -> bool {
    let runtime = match cause {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => return true,
        DbErr::Exec(runtime) | DbErr::Query(runtime) => runtime,
        _ => return false,
    };
    let RuntimeErr::SqlxError(error) = runtime else { return false };
    match error.as_ref() {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_outage_code(&code)),
        _ => false,
    }
}

/// SQLSTATE classes 08 (connection), 25006 (read-only after a failover), 53 (resources), 55P03 (lock timeout), 57 (operator intervention, statement timeout), 58 (system),
/// 40 (serialisation, deadlock); SQLite BUSY 5, READONLY 8, IOERR 10, FULL 13, CANTOPEN 14 in the low byte.
fn is_outage_code(code: &str) -> bool {
    if code.len() == 5 {
        return ["08", "25006", "40", "53", "55P03", "57", "58"].iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 8 | 10 | 13 | 14))
}

/// Faults that `validator` found, as ours: paths and codes only, never the rejected value.
impl From<validator::ValidationErrors> for Error {
    fn from(errors: validator::ValidationErrors) -> Self {
        let mut faults = Vec::new();
        collect_faults(&errors, "", &mut faults);
        Self::Invalid(faults)
    }
}

fn collect_faults(errors: &validator::ValidationErrors, at: &str, faults: &mut Vec<Fault>) {
    use validator::ValidationErrorsKind as Kind;

    let by_field: BTreeMap<_, _> = errors.errors().iter().collect();
    for (field, kind) in by_field {
        let pointer = if field == "__all__" { at.to_owned() } else { format!("{at}/{}", camel(field)) };
        match kind {
            Kind::Field(found) => faults.extend(found.iter().map(|error| {
                Fault::new(pointer.as_str(), error.code.as_ref(), error.message.as_deref().unwrap_or_default())
            })),
            Kind::Struct(inner) => collect_faults(inner, &pointer, faults),
            Kind::List(items) => {
                for (index, inner) in items {
                    collect_faults(inner, &format!("{pointer}/{index}"), faults);
                }
            }
        }
    }
}

fn camel(field: &str) -> String {
    let mut parts = field.split('_');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}
