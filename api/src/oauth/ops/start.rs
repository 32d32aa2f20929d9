use url::Url;

use crate::config::Config;
use crate::error::{Error, Result};
use crate::oauth::flow::Flow;
use crate::oauth::outcome::{Outcome, Redirect};
use crate::oauth::provider::Provider;
use crate::oauth::wire::StartParams;
use crate::state::AppState;

/// Sends the browser to the provider, or straight back where that cannot be reached. Nothing is written.
pub async fn start(state: &AppState, provider: &Provider, asked: StartParams) -> Result<Redirect> {
    let return_to = allowed(&state.config, &asked.return_to)?;
    let now = state.clock.now();
    let flow = Flow::new(&provider.id, return_to, asked.code_challenge, now);
    match state.providers.authorize(provider, &flow, now).await {
        Ok(address) => Ok(Redirect::to_provider(address, flow.seal(&state.auth)?)),
        Err(failure) => Redirect::back(&flow, &Outcome::of_failure(provider, failure)),
    }
}

/// An address of an application that may call; what is kept is the text that was checked.
fn allowed(config: &Config, text: &str) -> Result<String> {
    let refuse = |code, detail| Err(Error::invalid("/returnTo", code, detail));
    let Ok(url) = Url::parse(text) else { return refuse("wrong_format", "not a valid uri") };
    let origin = url.origin().ascii_serialization();
    if !config.cors_origins.contains(&origin) || !url.username().is_empty() || url.password().is_some() {
        return refuse("origin_not_allowed", "not on an origin that may call this API");
    }
    if url.fragment().is_some() {
        return refuse("fragment_not_allowed", "the outcome takes the place of the fragment");
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_allowed_origins_are_returned_to() {
        let origins = ("MENTORSHIP_CORS_ORIGINS".to_owned(), "https://app.example,http://localhost:5173".to_owned());
        let config = Config::from_variables([origins]).unwrap();
        for good in ["https://app.example", "https://APP.example:443/in?x=1", "http://localhost:5173/signed-in"] {
            assert!(allowed(&config, good).is_ok(), "{good}");
        }
        let bad = [
            "",
            "/signed-in",
            "//app.example",
            "http://app.example",
            "https://app.example:8443",
            "https://app.example.evil.test",
            "https://evil-app.example",
            "https://app.example@evil.test",
            "https://evil.test\\@app.example",
            "https://user@app.example",
            "https://app.example/#/in",
            "javascript:alert(1)//app.example",
            "null",
            "data:text/html,x",
        ];
        for bad in bad {
            assert!(allowed(&config, bad).is_err(), "{bad}");
        }
    }
}
