//! The words of a text, without case and accents, so that both databases find the same messages by the same rule.

use std::ops::Range;

use sea_orm::DbBackend;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use uuid::Uuid;

/// Of a longer word only so many letters count.
const LONGEST: usize = 64;

/// Scripts without spaces between words: there each letter is one.
const LETTER_IS_WORD: [Range<char>; 6] = [
    '\u{e00}'..'\u{f00}',
    '\u{1000}'..'\u{10a0}',
    '\u{1780}'..'\u{1800}',
    '\u{3040}'..'\u{3100}',
    '\u{3400}'..'\u{a000}',
    '\u{20000}'..'\u{40000}',
];

/// A word, and the bytes of the text that it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub folded: String,
    pub at: Range<usize>,
}

/// The words in their order.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Words::default();
    for (start, letter) in text.char_indices() {
        words.read(letter, start..start + letter.len_utf8());
    }
    words.close();
    words.done
}

#[derive(Default)]
struct Words {
    done: Vec<Word>,
    open: Option<(Word, usize)>,
}

impl Words {
    fn read(&mut self, letter: char, at: Range<usize>) {
        for folded in folded(letter) {
            if canonical_combining_class(folded) != 0 {
                self.stretch(at.end);
            } else if LETTER_IS_WORD.iter().any(|range| range.contains(&folded)) {
                self.close();
                self.done.push(Word { folded: folded.into(), at: at.clone() });
            } else if folded.is_alphanumeric() {
                self.add(folded, at.clone());
            } else {
                self.close();
            }
        }
    }

    fn add(&mut self, folded: char, at: Range<usize>) {
        let (word, length) = self.open.get_or_insert_with(|| (Word { folded: String::new(), at: at.clone() }, 0));
        word.at.end = at.end;
        if *length < LONGEST {
            word.folded.push(folded);
            *length += 1;
        }
    }

    /// A mark belongs to the letter before it.
    fn stretch(&mut self, end: usize) {
        if let Some((word, _)) = &mut self.open {
            word.at.end = end;
        }
    }

    fn close(&mut self) {
        self.done.extend(self.open.take().map(|(word, _)| word));
    }
}

/// Capitals lose more than small letters do: ς and σ, ß and ss.
fn folded(letter: char) -> impl Iterator<Item = char> {
    let parts = std::iter::once(letter).nfkd();
    parts.flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// What the index stores of a message: its words, once for each of the two who may find it. SQLite finds its entry by one more.
pub fn entry(backend: DbBackend, message: Uuid, pair: [Uuid; 2], content: &str) -> String {
    let mut own: Vec<_> = words(content).into_iter().map(|word| word.folded).collect();
    own.sort_unstable();
    own.dedup();
    let found = pair.iter().flat_map(|user| own.iter().map(|word| format!("{}{word}", key(*user))));
    let handle = (backend == DbBackend::Sqlite).then(|| handle(message));
    found.chain(handle).collect::<Vec<_>>().join(" ")
}

/// The messages of `user` in which each of these words begins one, in the language of the database.
pub fn query(backend: DbBackend, user: Uuid, words: &[Word]) -> String {
    let key = key(user);
    let each = words.iter().map(|word| match backend {
        DbBackend::Sqlite => format!("\"{key}{}\" *", word.folded),
        _ => format!("'{key}{}':*", word.folded),
    });
    each.collect::<Vec<_>>().join(if backend == DbBackend::Sqlite { " AND " } else { " & " })
}

/// The word that only the entry of this message has, on SQLite.
pub fn handle(message: Uuid) -> String {
    format!("m{}", message.simple())
}

/// Words of one user stand together in the index, whatever others write. The half of an id that is random.
fn key(user: Uuid) -> String {
    let (_, random) = user.as_u64_pair();
    format!("{random:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn case_accents_and_width_do_not_count() {
        assert_eq!(
            folded("Naïve RÉSUMÉ, e\u{301}t Straße – ΟΔΌΣ οδός ﬁne Ａ１"),
            ["naive", "resume", "et", "strasse", "οδοσ", "οδοσ", "fine", "a1"]
        );
    }

    #[test]
    fn what_is_no_letter_or_number_parts_words() {
        assert_eq!(folded("don't_stop: C++/v2.0 👩🏽‍🚀\n(ok)"), ["don", "t", "stop", "c", "v2", "0", "ok"]);
        assert_eq!(folded("\" * AND 'x':* %"), ["and", "x"]);
        assert!(folded("👍 … !").is_empty());
    }

    #[test]
    fn scripts_without_spaces_are_found_by_each_letter() {
        assert_eq!(folded("東京でRust"), ["東", "京", "て", "rust"]);
        assert_eq!(folded("हिन्दी"), ["हिनदी"]);
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "Ça va, e\u{301}té?";
        let found: Vec<_> = words(text).into_iter().map(|word| &text[word.at]).collect();
        assert_eq!(found, ["Ça", "va", "e\u{301}té"]);
    }

    #[test]
    fn of_a_long_word_the_beginning_counts() {
        let found = words(&"é".repeat(70)).remove(0);
        assert_eq!((found.folded, found.at), ("e".repeat(64), 0..140));
    }

    #[test]
    fn each_of_the_two_has_an_entry() {
        let (a, b) = (Uuid::from_u128(10), Uuid::from_u128(11));
        let entry = entry(DbBackend::Postgres, Uuid::from_u128(1), [a, b], "b a, B");
        assert_eq!(entry, "000000000000000aa 000000000000000ab 000000000000000ba 000000000000000bb");
        assert_eq!(query(DbBackend::Postgres, a, &words("B a")), "'000000000000000ab':* & '000000000000000aa':*");
        assert_eq!(query(DbBackend::Sqlite, a, &words("b")), "\"000000000000000ab\" *");
    }
}
