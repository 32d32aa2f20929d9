//! What each mail says. None repeats a name that somebody chose at sign-up: until an address is verified, the name may be an
//! advertisement to a stranger.

use std::borrow::Cow;

use askama::Template;
use entity::mail::Kind;

/// A mail as it is sent.
#[derive(Debug)]
pub struct Letter {
    pub to: String,
    pub programme: String,
    pub subject: String,
    pub lines: Vec<Cow<'static, str>>,
    pub action: Option<Action>,
    /// Where mails like this are stopped without signing in (RFC 8058)
    pub unsubscribe: Option<String>,
}

/// What is new in the app.
pub struct News {
    pub lines: Vec<String>,
    pub in_digest: bool,
    pub unsubscribe: Option<String>,
}

/// The one thing to do.
#[derive(Debug)]
pub struct Action {
    pub label: &'static str,
    pub link: String,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Plain<'a>(&'a Letter);

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a>(&'a Letter);

impl Letter {
    /// `secret` goes into the fragment of the link: a browser sends it to no server and in no Referer.
    pub fn new(kind: Kind, programme: String, app: &str, to: String, secret: Option<String>) -> Self {
        let Text { subject, lines, action } = text_of(kind);
        let fragment = secret.map(|secret| format!("#token={secret}")).unwrap_or_default();
        let action = action.map(|(label, page)| Action { label, link: format!("{app}{page}{fragment}") });
        let lines = lines.into_iter().map(Cow::Borrowed).collect();
        Self { to, subject: subject.replace("{programme}", &programme), programme, lines, action, unsubscribe: None }
    }

    pub fn of_news(news: News, programme: String, app: &str, to: String) -> Self {
        let kind = if news.in_digest { Kind::NotificationDigest } else { Kind::Notification };
        let lines = news.lines.into_iter().map(Cow::Owned).collect();
        Self { lines, unsubscribe: news.unsubscribe, ..Self::new(kind, programme, app, to, None) }
    }

    pub fn plain(&self) -> askama::Result<String> {
        Plain(self).render()
    }

    pub fn html(&self) -> askama::Result<String> {
        Html(self).render()
    }
}

struct Text {
    subject: &'static str,
    lines: Vec<&'static str>,
    action: Option<(&'static str, &'static str)>,
}

const IGNORE: &str = "If this was not you, do nothing: without the link nothing happens.";
const NEWS: &str = "/notifications";
const NOT_YOU: &str = "If this was not you, set a new password at once: that signs out everybody else.";

fn text_of(kind: Kind) -> Text {
    let text = |subject, lines: &[&'static str], action| Text { subject, lines: lines.to_vec(), action };
    match kind {
        Kind::VerifyEmail => text(
            "Confirm your e-mail address for {programme}",
            &[
                "Somebody, hopefully you, signed up with this address. Confirm it to take part. The link is good for 24 hours.",
                IGNORE,
            ],
            Some(("Confirm the address", "/verify-email")),
        ),
        Kind::AlreadyMember => text(
            "You are a member of {programme} already",
            &[
                "Somebody, hopefully you, tried to sign up with this address, which has an account. Sign in, or ask there for a new password.",
                "If this was not you, do nothing.",
            ],
            Some(("Sign in", "/sign-in")),
        ),
        Kind::SignInLink => text(
            "Your link to sign in to {programme}",
            &["The link signs you in, once, within 15 minutes.", IGNORE],
            Some(("Sign in", "/sign-in")),
        ),
        Kind::ResetPassword => text(
            "Set a new password for {programme}",
            &[
                "The link lets you choose a new password, once, within 30 minutes. Doing so signs you out everywhere.",
                IGNORE,
            ],
            Some(("Choose a new password", "/reset-password")),
        ),
        Kind::ChangeEmail => text(
            "Confirm your new e-mail address for {programme}",
            &["This address is to become the one of an account. Confirm it within 24 hours.", IGNORE],
            Some(("Confirm the new address", "/confirm-email")),
        ),
        Kind::EmailChangeRequested => text(
            "Your e-mail address for {programme} is to be changed",
            &[
                "Somebody who is signed in as you asked for another e-mail address. It changes once the new address is confirmed.",
                NOT_YOU,
            ],
            Some(("Sign in", "/sign-in")),
        ),
        Kind::EmailChanged => text(
            "Your e-mail address for {programme} was changed",
            &[
                "Your account has another e-mail address now; mail no longer comes here.",
                "If this was not you, take it back within seven days: that also signs out everybody.",
            ],
            Some(("Take the change back", "/undo-email-change")),
        ),
        Kind::Invitation => text(
            "You are invited to {programme}",
            &[
                "You are invited to become a member. The link is good for seven days.",
                "If you do not want that, do nothing.",
            ],
            Some(("Accept the invitation", "/accept-invitation")),
        ),
        Kind::PasswordChanged => text(
            "Your password for {programme} was changed",
            &["The password of your account was set or changed, and your other devices were signed out.", NOT_YOU],
            Some(("Sign in", "/sign-in")),
        ),
        Kind::SessionReused => text(
            "A device was signed out of {programme}",
            &[
                "A sign-in of yours was used from two places, as happens when it was copied. That device was signed out to be safe.",
                NOT_YOU,
            ],
            Some(("Sign in", "/sign-in")),
        ),
        Kind::AccountLinked => text(
            "A way of signing in to {programme} was added",
            &[
                "Another way of signing in was added to your account.",
                "If this was not you, remove it and set a new password at once.",
            ],
            Some(("Sign in", "/sign-in")),
        ),
        Kind::AccountUnlinked => text(
            "A way of signing in to {programme} was removed",
            &["A way of signing in was removed from your account.", NOT_YOU],
            Some(("Sign in", "/sign-in")),
        ),
        Kind::SecondFactorEnabled => text(
            "Signing in to {programme} takes a second factor now",
            &[
                "From now on signing in takes a code from your authenticator app. Your other devices were signed out.",
                NOT_YOU,
            ],
            Some(("Sign in", "/sign-in")),
        ),
        Kind::Notification => {
            text("There is news for you at {programme}", &["There is news for you."], Some(("See what it is", NEWS)))
        }
        Kind::NotificationDigest => {
            text("What is new for you at {programme}", &["There is news for you."], Some(("See all of it", NEWS)))
        }
        Kind::SecondFactorDisabled => text(
            "Signing in to {programme} takes no second factor any more",
            &["The codes of your authenticator app are no longer asked for.", NOT_YOU],
            Some(("Sign in", "/sign-in")),
        ),
    }
}
