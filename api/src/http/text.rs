//! Rules of text that a schema cannot say, for `#[validate(custom(function = …))]`.

use std::ops::RangeInclusive;

use validator::ValidationError;

/// What shows nothing, or changes how its neighbours show: category Cf and the line and paragraph separators of Unicode 16, and of
/// the letters and symbols those that are blank. Variation selectors are none of these: names in Han characters need them.
const HIDDEN: &[RangeInclusive<char>] = &[
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{600}'..='\u{605}',
    '\u{61c}'..='\u{61c}',
    '\u{6dd}'..='\u{6dd}',
    '\u{70f}'..='\u{70f}',
    '\u{890}'..='\u{891}',
    '\u{8e2}'..='\u{8e2}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{2800}'..='\u{2800}',
    '\u{3164}'..='\u{3164}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fffb}',
    '\u{110bd}'..='\u{110bd}',
    '\u{110cd}'..='\u{110cd}',
    '\u{13430}'..='\u{1343f}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e00ff}',
];

/// A name on one line: no line breaks, no invisible or direction-changing characters (Unicode TR #36, section 2.4).
pub fn name(text: &str) -> Result<(), ValidationError> {
    let hidden = |letter: char| letter.is_control() || HIDDEN.iter().any(|range| range.contains(&letter));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_show_is_in_no_name() {
        let hidden = [
            "\n",
            "\t",
            "\u{7f}",
            "\u{85}",
            "\u{ad}",
            "\u{34f}",
            "\u{600}",
            "\u{61c}",
            "\u{6dd}",
            "\u{70f}",
            "\u{8e2}",
            "\u{115f}",
            "\u{1160}",
            "\u{17b4}",
            "\u{180e}",
            "\u{200b}",
            "\u{200d}",
            "\u{200f}",
            "\u{2028}",
            "\u{202e}",
            "\u{2060}",
            "\u{2064}",
            "\u{2066}",
            "\u{206f}",
            "\u{2800}",
            "\u{3164}",
            "\u{feff}",
            "\u{ffa0}",
            "\u{fff9}",
            "\u{fffb}",
            "\u{110bd}",
            "\u{13430}",
            "\u{1bca0}",
            "\u{1d173}",
            "\u{e0000}",
            "\u{e0001}",
            "\u{e0041}",
            "\u{e007f}",
        ];
        for letter in hidden {
            let refused = name(&format!("Ada{letter}")).map_err(|error| error.code);
            assert_eq!(refused, Err("hidden_character".into()), "{}", letter.escape_unicode());
        }
        let shown = [
            "Ada Lindqvist",
            "José",
            "Zoë d'Arc-Smith 3rd",
            "Łukasz",
            "محمد",
            "김민수",
            "葛\u{e0100}城",
            "नीलम",
            "Ada ❤\u{fe0f}",
            "\u{1f469}",
        ];
        for text in shown {
            assert!(name(text).is_ok(), "{text}");
        }
    }
}
