use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

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
    IdempotencyAnswerLost CONFLICT "The first request with this key was carried out, but its answer is lost";
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
