//! Rules of text that a schema cannot say, for `#[validate(custom(function = …))]`.

use validator::ValidationError;

/// A name on one line: no line breaks, no invisible or direction-changing characters (Unicode TR #36, section 2.4).
pub fn name(text: &str) -> Result<(), ValidationError> {
    let hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if text.chars().any(hidden) {
        return Err(fault("hidden_character", "no line breaks, invisible or direction-changing characters"));
    }
    not_blank(text)
}

/// Text that shows something.
pub fn not_blank(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() { Err(fault("blank", "must not be blank")) } else { Ok(()) }
}

/// A link that a browser may follow safely: http or https.
pub fn web_link(text: &str) -> Result<(), ValidationError> {
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(()),
        _ => Err(fault("not_a_link", "must be an http or https link")),
    }
}

/// An IANA time zone.
pub fn time_zone(text: &str) -> Result<(), ValidationError> {
    text.parse::<chrono_tz::Tz>()
        .map(|_| ())
        .map_err(|_| fault("unknown_time_zone", "must be an IANA time zone, such as Europe/Berlin"))
}

pub fn fault(code: &'static str, message: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}
