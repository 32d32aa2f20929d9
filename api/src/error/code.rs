use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

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
    InvalidOauthState BAD_REQUEST "This browser has no such sign-in under way";
    InvalidOauthCode BAD_REQUEST "The code is unknown, expired, used, or of another verifier";
    Unauthenticated UNAUTHORIZED "A valid access token is required";
    InvalidCredentials UNAUTHORIZED "The e-mail address or password is wrong";
    InvalidRefreshToken UNAUTHORIZED "The refresh token is invalid";
    ReauthenticationRequired UNAUTHORIZED "A sign-in within the last five minutes is required";
    SecondFactorRequired UNAUTHORIZED "A second factor is required too";
    InvalidSecondFactor UNAUTHORIZED "The second factor is wrong or was used before";
    InvalidToken UNAUTHORIZED "The token is invalid, expired or already used";
    Forbidden FORBIDDEN "Your role does not allow this";
    AccountSuspended FORBIDDEN "The account is suspended";
    AccountPending FORBIDDEN "The account is awaiting approval";
    EmailNotVerified FORBIDDEN "The e-mail address is not verified";
    SecondFactorSetupRequired FORBIDDEN "Staff must set up a second factor first";
    CrossSite FORBIDDEN "Cookies are taken from pages of an allowed origin with the X-Mentorship-Client header only";
    ProviderEmailUnverified FORBIDDEN "The provider does not vouch for an e-mail address";
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
    ThreadClosed CONFLICT "No messages can be sent in this thread";
    MessageDeleted CONFLICT "The message is deleted";
    MessageFixed CONFLICT "The message can no longer be changed";
    CapacityInUse CONFLICT "More places are already taken";
    OnboardingIncomplete CONFLICT "Onboarding is not complete";
    ProgressFromMilestones CONFLICT "Progress is computed from the milestones";
    TooMany CONFLICT "The limit is reached";
    AlreadyExists CONFLICT "It already exists";
    ConversationNotAllowed CONFLICT "You cannot open a conversation with this person";
    ChannelNotOffered CONFLICT "Notifications do not go out this way here";
    ClientIdReused CONFLICT "This client id was used for another message";
    LinkRequired CONFLICT "The address belongs to a member who signs in otherwise";
    LastAccount CONFLICT "The last way of signing in must remain";
    LastOwner CONFLICT "At least one active owner must remain";
    MatchRunUnderWay CONFLICT "Another match run is under way";
    MatchRunConflicts CONFLICT "Some pairs of the plan can no longer be made";
    MatchRunStale CONFLICT "What the plan was made of has changed";
    IdempotencyInFlight CONFLICT "The first request with this key is still in progress";
    IdempotencyAnswerLost CONFLICT "The first request with this key was carried out, but its answer is lost";
    PreconditionFailed PRECONDITION_FAILED "It has changed in the meantime";
    PayloadTooLarge PAYLOAD_TOO_LARGE "The body is too large";
    UriTooLong URI_TOO_LONG "The URL is too long";
    UnsupportedMediaType UNSUPPORTED_MEDIA_TYPE "The body must be JSON";
    MisdirectedRequest MISDIRECTED_REQUEST "This server does not answer for that host";
    UpgradeRequired UPGRADE_REQUIRED "This address speaks WebSocket only";
    InvalidInput UNPROCESSABLE_ENTITY "The input is invalid";
    IdempotencyKeyReused UNPROCESSABLE_ENTITY "This key was used with a different body";
    PreconditionRequired PRECONDITION_REQUIRED "The If-Match header is required";
    QuotaExceeded TOO_MANY_REQUESTS "Too many requests in a short time";
    TooManyStreams TOO_MANY_REQUESTS "Too many live streams are open";
    TooManyFirstMessages TOO_MANY_REQUESTS "Too many first messages to strangers within a day";
    TooManyAttempts TOO_MANY_REQUESTS "Too many attempts; wait before the next one";
    HeadersTooLarge REQUEST_HEADER_FIELDS_TOO_LARGE "The headers are too large";
    Internal INTERNAL_SERVER_ERROR "Something went wrong on our side";
    Unavailable SERVICE_UNAVAILABLE "The service is temporarily unavailable";
}

impl Code {
    /// The one with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.word() == word)
    }

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
