//! Refusals that many operations share, for `responses(…)` of their documentation.

use std::collections::BTreeMap;

use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::error::{Code, Problem};

pub type Answers = BTreeMap<String, RefOr<Response>>;

/// A documented refusal: its codes, told in the description, and the problem document.
pub fn refusals(codes: &[Code]) -> Answers {
    let mut answers: BTreeMap<String, Vec<Code>> = BTreeMap::new();
    for code in codes {
        answers.entry(code.status().as_str().to_owned()).or_default().push(*code);
    }
    answers.into_iter().map(|(status, codes)| (status, RefOr::T(refusal(&describe(&codes))))).collect()
}

pub fn describe(codes: &[Code]) -> String {
    codes.iter().map(|code| format!("`{}`: {}.", code.word(), code.title())).collect::<Vec<_>>().join(" ")
}

pub fn refusal(description: &str) -> Response {
    let schema = Ref::from_schema_name(Problem::name());
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", Content::new(Some(schema)))
        .build()
}

/// `A: [codes]`, or `A: B + [codes]` for those of `B` and more.
macro_rules! group {
    ($(#[$doc:meta])* $name:ident: $($base:ident +)? [$($code:ident),+]) => {
        $(#[$doc])*
        pub struct $name;

        impl $name {
            fn codes() -> Vec<Code> {
                let codes = vec![$(Code::$code),+];
                $(let codes = [$base::codes(), codes].concat();)?
                codes
            }
        }

        impl IntoResponses for $name {
            fn responses() -> Answers {
                refusals(&Self::codes())
            }
        }
    };
}

group! {
    /// An operation of somebody who is signed in.
    SignedIn: [Unauthenticated, AccountSuspended]
}
group! {
    /// An operation of a full member, or of a role above.
    Guarded: SignedIn + [AccountPending, EmailNotVerified, Forbidden]
}
group! {
    /// What staff does with somebody's account.
    StaffAct: Guarded + [OwnAccount, StaffAccount]
}
group! {
    /// What only an owner does with somebody's account, after a recent sign-in.
    RecentOwnerAct: Guarded + [ReauthenticationRequired, OwnAccount]
}
group! {
    /// What only the author does.
    AuthorAct: Guarded + [NotAuthor]
}
group! {
    /// What only the side that was asked does.
    ReceiverAct: Guarded + [NotReceiver]
}
group! {
    /// What only the side that asked does.
    RequesterAct: Guarded + [NotRequester]
}
group! {
    /// What nobody does with themselves.
    OtherAct: Guarded + [OwnAccount]
}
group! {
    /// An operation on one thing: somebody else's is as absent as none.
    OnOne: [NotFound]
}
group! {
    /// An operation on the own account that needs a recent sign-in.
    RecentSignIn: SignedIn + [ReauthenticationRequired]
}
group! {
    /// Signing in with a password.
    SigningIn: [InvalidCredentials, SecondFactorRequired, InvalidSecondFactor, AccountSuspended, CrossSite]
}
group! {
    /// Signing in with what was mailed.
    SigningInByLink: [InvalidToken, SecondFactorRequired, InvalidSecondFactor, AccountSuspended, CrossSite]
}
group! {
    /// New tokens by a cookie.
    CookieRefresh: [InvalidRefreshToken, AccountSuspended, CrossSite]
}
group! {
    /// Proving again who one is.
    ProvedAgain: SignedIn + [InvalidCredentials, SecondFactorRequired, InvalidSecondFactor, CrossSite]
}
group! {
    /// What a browser may ask for by cookie from a page of ours only.
    OwnPage: [CrossSite]
}
group! {
    /// What is good for guessing.
    Attempted: [TooManyAttempts]
}
group! {
    /// What a token from a mailed link is good for.
    MailedProof: Attempted + [InvalidToken]
}
group! {
    /// An address that somebody else may have by now.
    TakenAddress: [AlreadyExists]
}
group! {
    /// An operation with a body.
    Checked: [MalformedRequest, RequestTimeout, PayloadTooLarge, UnsupportedMediaType, InvalidInput]
}
group! {
    /// A list: its query is checked.
    Listed: [MalformedRequest, InvalidCursor, InvalidInput]
}
group! {
    /// A move that may be meant for one version only.
    IfUnchanged: [MalformedRequest, PreconditionFailed]
}
group! {
    /// A change of what somebody else may change at the same time.
    Conditional: IfUnchanged + [PreconditionRequired]
}
group! {
    /// An operation with a code of a sign-in with a provider in its body.
    CodeChecked: Checked + [InvalidOauthCode]
}
group! {
    /// Signing in with what a provider vouches for.
    SigningInByProvider: [
        SecondFactorRequired, InvalidSecondFactor, AccountSuspended, ProviderEmailUnverified, CrossSite, LinkRequired
    ]
}
