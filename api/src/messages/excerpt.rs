//! What a search shows of a message: the surroundings of the first match, with each match told apart.

use std::ops::Range;

use entity::words::{Word, words};

/// Letters before the first match, and in all.
const BEFORE: usize = 60;
const LENGTH: usize = 240;
const LEFT_OUT: &str = "…";

#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub is_match: bool,
}

/// The pieces in their order; together they are the excerpt.
pub fn excerpt(content: &str, sought: &[Word]) -> Vec<Piece> {
    let is_match = |word: &Word| sought.iter().any(|one| word.folded.starts_with(&one.folded));
    let matches: Vec<_> = words(content).into_iter().filter(is_match).map(|word| word.at).collect();
    let shown = shown(content, matches.first().cloned().unwrap_or(0..0));
    let mut pieces = Pieces::default();
    if shown.start > 0 {
        pieces.add(LEFT_OUT, false);
    }
    let mut at = shown.start;
    for found in matches.iter().filter(|found| found.start < shown.end) {
        let end = found.end.min(shown.end);
        // A letter may be read as two words: か and a mark, or ㎏.
        if found.start >= at && end > found.start {
            pieces.add(&content[at..found.start], false);
            pieces.add(&content[found.start..end], true);
            at = end;
        }
    }
    pieces.add(&content[at..shown.end], false);
    if shown.end < content.len() {
        pieces.add(LEFT_OUT, false);
    }
    pieces.0
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn add(&mut self, text: &str, is_match: bool) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.is_match == is_match => last.text.push_str(text),
            _ => self.0.push(Piece { text: text.to_owned(), is_match }),
        }
    }
}

/// Around the first match, cut between words where there is a space nearby.
fn shown(content: &str, first: Range<usize>) -> Range<usize> {
    let before = &content[..first.start];
    let start = before.char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let start = match before[start..].find(char::is_whitespace) {
        Some(space) if start > 0 => start + space,
        _ => start,
    };
    let Some((length, _)) = content[start..].char_indices().nth(LENGTH) else { return start..content.len() };
    let end = start + length;
    let space = content[start..end].rfind(char::is_whitespace).map(|space| start + space);
    start..space.filter(|space| *space > first.end).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_as(content: &str, sought: &str) -> String {
        let pieces = excerpt(content, &words(sought));
        pieces.iter().map(|one| if one.is_match { format!("[{}]", one.text) } else { one.text.clone() }).collect()
    }

    #[test]
    fn each_match_is_told_apart() {
        assert_eq!(shown_as("Your résumé, my RESUMES", "resume"), "Your [résumé], my [RESUMES]");
        assert_eq!(shown_as("<b>a</b> & b", "B"), "<[b]>a</[b]> & [b]");
        assert_eq!(shown_as("東京です", "京"), "東[京]です");
        assert_eq!(shown_as("nothing of it", "else"), "nothing of it");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_match() {
        let long = format!("{} needle {}", "before ".repeat(50), "after ".repeat(50));
        let excerpt = shown_as(&long, "needle");
        assert!(excerpt.starts_with("… before") && excerpt.ends_with("after…"), "{excerpt}");
        assert!(excerpt.contains(" [needle] after") && excerpt.chars().count() <= LENGTH + 4, "{excerpt}");
    }

    #[test]
    fn a_text_without_spaces_is_cut_between_letters() {
        let long = format!("{}!👩🏽‍🚀{}", "é".repeat(300), "ü".repeat(300));
        let excerpt = shown_as(&long, "u");
        assert_eq!(excerpt.chars().count(), LENGTH + 4, "{excerpt}");
        assert_eq!(shown_as(&"x".repeat(500), "x"), format!("[{}]…", "x".repeat(LENGTH)));
    }
}
