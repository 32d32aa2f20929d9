//! Which passwords are refused beside too short and too long ones (NIST SP 800-63B, section 5.1.1.2): those that everybody tries first,
//! and those that are made of nothing but words which stand beside the account. There are no rules of composition.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// Sorted, in lower case, a line each; where it comes from is in the file NOTICE.
const COMMON: &str = include_str!("common_passwords.txt");

/// Part of what the members of every programme know.
const PRODUCT: &str = "mentorship";

/// A shorter word, such as an initial, is in many a good password by chance.
const SHORTEST_WORD: usize = 3;

/// 422 at `/password` where `password` is common, or made of the words in `about`: names and addresses that belong to it.
pub fn check(password: &str, about: &[&str]) -> Result<()> {
    let lower = password.to_lowercase();
    let fault = if is_common(&lower) {
        "this is one of the most common passwords"
    } else if is_made_of(&lower, about) {
        "this says little more than your name, your address or the name of the programme"
    } else {
        return Ok(());
    };
    Err(Error::invalid("/password", "common_password", fault))
}

/// Looked up where it lies in the binary: the list takes no memory and no time at the start.
fn is_common(password: &str) -> bool {
    let (mut low, mut high) = (0, COMMON.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = COMMON[low..middle].rfind('\n').map_or(low, |at| low + at + 1);
        let end = COMMON[middle..].find('\n').map_or(COMMON.len(), |at| middle + at);
        match password.cmp(&COMMON[start..end]) {
            Ordering::Less => high = start,
            Ordering::Equal => return true,
            Ordering::Greater => low = end + 1,
        }
    }
    false
}

/// Whether one of the words is in it, and without them neither four different letters nor eight different characters are left.
fn is_made_of(password: &str, about: &[&str]) -> bool {
    let whole: String = password.nfc().collect();
    let rest = words(about).iter().fold(whole.clone(), |rest, word| rest.replace(word.as_str(), " "));
    let left: BTreeSet<char> = rest.chars().filter(|letter| !letter.is_whitespace()).collect();
    rest != whole && left.len() < 8 && left.iter().filter(|letter| letter.is_alphabetic()).count() < 4
}

/// The longest first, so that a word goes whole before a part of it does.
fn words(about: &[&str]) -> Vec<String> {
    let texts = about.iter().chain([&PRODUCT]).map(|text| text.nfc().collect::<String>().to_lowercase());
    let split =
        |text: String| text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    let mut words: Vec<_> = texts.flat_map(split).filter(|word| word.chars().count() >= SHORTEST_WORD).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ABOUT: [&str; 3] = ["Women in Code", "Ada Lindqvist", "ada.l1815@mail.example.org"];

    fn refused(password: &str) -> bool {
        check(password, &ABOUT).is_err()
    }

    #[test]
    fn the_list_is_long_sorted_and_in_lower_case() {
        let lines: Vec<_> = COMMON.lines().collect();
        assert!(lines.len() >= 3000 && lines.is_sorted());
        for line in lines {
            assert!(line.len() >= 8 && line.is_ascii() && *line == line.to_lowercase(), "{line:?}");
        }
    }

    #[test]
    fn each_line_of_the_list_is_found_in_whatever_case() {
        for line in COMMON.lines() {
            assert!(is_common(line) && refused(&line.to_uppercase()), "{line:?}");
        }
        for stranger in ["", "!", "password ", "zzzzzzzzzzz", "a long walk by the river", "~~~~~~~~", "é", "\n"] {
            assert!(!is_common(stranger), "{stranger:?}");
        }
    }

    #[test]
    fn words_beside_the_account_make_no_password() {
        let bad = [
            "mentorship",
            "Mentorship1",
            "MENTORSHIP-2026!",
            "mentorshipmentorship",
            "ada lindqvist",
            "Lindqvist",
            "lindqvist123",
            "AdaLindqvist!!!",
            "l1815.ada",
            "womenincode",
            "Women in Code 2026",
            "mail.example.org",
            "lindqvistaaaaaa",
            "mentorship 12.05.2012",
        ];
        for password in bad {
            assert!(refused(password), "{password}");
        }
        let good = [
            "mentorship-demo",
            "a long walk by the river",
            "lindqvist likes lemons",
            "83061947552",
            "!\"§$%&/()=?",
            "ada!#%&()=?+*;:",
            "mentorship83061947",
            "пароль-река-лес",
            "川沿いを長く歩く",
            "adaadaada karin",
        ];
        for password in good {
            assert!(!refused(password), "{password}");
        }
    }

    #[test]
    fn the_words_are_compared_composed() {
        let about = ["Zoe\u{301} Mu\u{308}ller"];
        assert!(check("zo\u{e9}-m\u{fc}ller", &about).is_err());
        assert!(check("zoe\u{301}.mu\u{308}ller", &about).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_judged(password in "\\PC{0,300}", name in "\\PC{0,80}", email in "\\PC{0,80}") {
            check(&password, &[&name, &email]).ok();
        }

        #[test]
        fn the_search_agrees_with_a_walk_through_the_list(password in "[!-~]{1,12}") {
            prop_assert_eq!(is_common(&password), COMMON.lines().any(|line| line == password));
        }

        #[test]
        fn four_different_letters_of_ones_own_are_enough(own in "[bfjkwz]{12,40}") {
            let different = own.chars().collect::<BTreeSet<_>>().len() >= 4;
            prop_assume!(!is_common(&own));
            prop_assert_eq!(check(&format!("mentorship-{own}"), &ABOUT).is_ok(), different);
        }
    }
}
