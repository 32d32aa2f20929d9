use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use totp_rs::{Builder, Totp};

/// 160 bit, as RFC 4226 advises (section 4).
pub type Secret = [u8; 20];

const STEP_SECONDS: u64 = 30;

/// The clock of the one who types may be a step off either way.
const SKEW: u16 = 1;

pub fn secret() -> Secret {
    rand::random()
}

fn of(secret: &[u8]) -> Builder {
    Builder::new().with_secret(secret.to_vec()).with_skew(SKEW).with_step_duration(STEP_SECONDS)
}

/// The step of time that `code` is of, where it is one of now.
pub fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    let totp = of(secret).build().context("the secret of a second factor is unusable")?;
    Ok(totp.check(code, seconds(now)).map(|step| step as i64))
}

pub fn step_at(now: DateTime<Utc>) -> i64 {
    (seconds(now) / STEP_SECONDS) as i64
}

fn seconds(now: DateTime<Utc>) -> u64 {
    now.timestamp().try_into().unwrap_or_default()
}

/// The secret as an app takes it, typed and as a link.
pub fn shown(secret: &[u8], programme: &str, email: &str) -> Result<(String, String)> {
    // A colon is what parts the two in the link.
    let plain = |text: &str| text.replace(':', " ");
    let totp: Totp = of(secret)
        .with_issuer(Some(plain(programme)))
        .with_account_name(plain(email))
        .build()
        .context("the secret of a second factor is unusable")?;
    Ok((totp.secret().to_base32(), totp.to_url().context("there is no link for an app")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of its eight digits, of SHA-1.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, code) in vectors {
            let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
            let step = |at| step_of(b"12345678901234567890", code, at).unwrap();
            let expected = Some(seconds / 30);
            assert_eq!([step(at(seconds - 30)), step(at(seconds)), step(at(seconds + 30))], [expected; 3], "{code}");
            assert_eq!(step(at(seconds + 60)), None, "{code}");
            assert!(seconds < 60 || step(at(seconds - 60)).is_none(), "{code}");
        }
    }

    #[test]
    fn the_link_says_whose_it_is_and_for_what() {
        let (text, link) = shown(b"12345678901234567890", "Women: in Code", "a+b@example.org").unwrap();
        assert_eq!(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let link = url::Url::parse(&link).unwrap();
        assert_eq!((link.scheme(), link.host_str()), ("otpauth", Some("totp")));
        let pairs: Vec<_> = link.query_pairs().into_owned().collect();
        assert!(pairs.contains(&("secret".to_owned(), text)), "{link}");
        assert!(pairs.contains(&("issuer".to_owned(), "Women  in Code".to_owned())), "{link}");
    }
}
