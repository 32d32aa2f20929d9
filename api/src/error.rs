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
        /// A stable code that clients can rely on.
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
    MalformedRequest BAD_REQUEST "The request is malformed";
    InvalidCursor BAD_REQUEST "The cursor is invalid or of another list";
    Unauthenticated UNAUTHORIZED "A valid access token is required";
    InvalidCredentials UNAUTHORIZED "The e-mail address or password is wrong";
    InvalidRefreshToken UNAUTHORIZED "The refresh token is invalid";
    ReauthenticationRequired UNAUTHORIZED "A sign-in within the last five minutes is required";
    Forbidden FORBIDDEN "Your role does not allow this";
    AccountSuspended FORBIDDEN "The account is suspended";
    AccountPending FORBIDDEN "The account is awaiting approval";
    EmailNotVerified FORBIDDEN "The e-mail address is not verified";
    NotReceiver FORBIDDEN "Only the receiving side can do this";
    NotRequester FORBIDDEN "Only the requesting side can do this";
    NotAuthor FORBIDDEN "Only the author can do this";
    OwnAccount FORBIDDEN "You cannot do this to your own account";
    StaffAccount FORBIDDEN "Admins cannot act on admins or owners";
    NotFound NOT_FOUND "Not found, or not visible to you";
    MethodNotAllowed METHOD_NOT_ALLOWED "This method is not allowed here";
    RequestTimeout REQUEST_TIMEOUT "The request took too long to arrive";
    AlreadyAnswered CONFLICT "Already answered";
    SuggestionLapsed CONFLICT "The suggestion has lapsed";
    NotSuggestable CONFLICT "One of the two is no longer available";
    MentorAtCapacity CONFLICT "The mentor has no free place";
    MentorshipExists CONFLICT "The two already have an open mentorship";
    TooManyRequests CONFLICT "There are too many open requests";
    RecentlyDeclined CONFLICT "The mentor declined recently";
    InvalidTransition CONFLICT "The current status does not allow this";
    MentorshipClosed CONFLICT "The mentorship is not open";
    CapacityInUse CONFLICT "More places are already taken";
    OnboardingIncomplete CONFLICT "Onboarding is not complete";
    ProgressFromMilestones CONFLICT "Progress is computed from the milestones";
    TooMany CONFLICT "The limit is reached";
    AlreadyExists CONFLICT "It already exists";
    ConversationNotAllowed CONFLICT "You cannot open a conversation with this person";
    ClientIdReused CONFLICT "This client id was used for another message";
    LastOwner CONFLICT "At least one active owner must remain";
    IdempotencyInFlight CONFLICT "The first request with this key is still in progress";
    PreconditionFailed PRECONDITION_FAILED "It has changed in the meantime";
    PayloadTooLarge PAYLOAD_TOO_LARGE "The body is too large";
    UriTooLong URI_TOO_LONG "The URL is too long";
    UnsupportedMediaType UNSUPPORTED_MEDIA_TYPE "The body must be JSON";
    InvalidInput UNPROCESSABLE_ENTITY "The input is invalid";
    IdempotencyKeyReused UNPROCESSABLE_ENTITY "This key was used with a different body";
    PreconditionRequired PRECONDITION_REQUIRED "The If-Match header is required";
    HeadersTooLarge REQUEST_HEADER_FIELDS_TOO_LARGE "The headers are too large";
    Internal INTERNAL_SERVER_ERROR "Something went wrong on our side";
    Unavailable SERVICE_UNAVAILABLE "The service is temporarily unavailable";
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

/// One error in the input, at a JSON Pointer (RFC 6901) into the body, or at `/name` for a parameter or header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// A JSON Pointer into the body, or `/name` for a parameter or header.
    #[schema(max_length = 500, example = "/email")]
    pub pointer: String,
    /// A stable code for the kind of error.
    #[schema(max_length = 60, example = "too_long")]
    pub code: String,
    /// A description for people.
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
    /// A URI that identifies the kind of problem, equivalent to `code`.
    #[serde(rename = "type")]
    #[schema(max_length = 120, example = "urn:mentorship:problem:not-found")]
    pub kind: String,
    /// A short summary, the same for every occurrence.
    #[schema(max_length = 200)]
    pub title: String,
    /// The HTTP status code.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is specific to this occurrence.
    #[schema(max_length = 500)]
    pub detail: String,
    /// The id of the request, as in `X-Request-Id`.
    #[schema(max_length = 64)]
    pub instance: String,
    pub code: Code,
    /// All errors in the input; only with `invalid_input`.
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

/// What a broken constraint means: PostgreSQL names it, SQLite names its columns.
const CONSTRAINTS: &[(&str, &str, Code)] = &[
    ("uq_mentorships_open_pair", "mentorships.mentor_id, mentorships.mentee_id", Code::MentorshipExists),
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
