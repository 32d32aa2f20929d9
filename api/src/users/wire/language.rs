use serde::Deserialize;
use utoipa::ToSchema;

/// A language as a BCP 47 tag, returned in canonical case: `de`, `pt-BR`, `zh-Hant`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(from = "String")]
#[schema(min_length = 2, max_length = 35, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", example = "en")]
pub struct Language(String);

impl Language {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Language {
    /// In the usual case (RFC 5646, section 2.1.1): region in capitals, script with one, the rest small.
    fn from(tag: String) -> Self {
        let mut usual = String::with_capacity(tag.len());
        for (at, part) in tag.split('-').enumerate() {
            if at > 0 {
                usual.push('-');
            }
            let is_word = part.bytes().all(|byte| byte.is_ascii_alphabetic());
            match part.len() {
                2 if at > 0 && is_word => usual.push_str(&part.to_ascii_uppercase()),
                4 if at > 0 && is_word => {
                    let (first, rest) = part.split_at(1);
                    usual.push_str(&first.to_ascii_uppercase());
                    usual.push_str(&rest.to_ascii_lowercase());
                }
                _ => usual.push_str(&part.to_ascii_lowercase()),
            }
        }
        Self(usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_written_in_its_usual_case() {
        for (tag, usual) in [("EN", "en"), ("pt-br", "pt-BR"), ("ZH-hANT-tw", "zh-Hant-TW"), ("sl-ROZAJ", "sl-rozaj")] {
            assert_eq!(Language::from(tag.to_owned()).as_str(), usual);
        }
    }
}
