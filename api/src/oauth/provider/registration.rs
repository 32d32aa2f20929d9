//! What a provider knows this application by, and the two steps of OAuth 2 that all providers share (RFC 6749, RFC 7636).

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, ExtraTokenFields,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Failure, Http};
use crate::oauth::flow::Flow;

pub struct Registration {
    pub client_id: String,
    secret: ClientSecret,
    redirect: RedirectUrl,
}

/// What an OpenID provider adds to its answer; none is kept.
#[derive(Debug, Deserialize, Serialize)]
pub struct IdToken {
    pub id_token: Option<String>,
}

impl ExtraTokenFields for IdToken {}

pub type Granted = StandardTokenResponse<IdToken, BasicTokenType>;

type OAuth = Client<
    BasicErrorResponse,
    Granted,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

impl Registration {
    pub fn new(client_id: &str, secret: &SecretString, redirect: String) -> Result<Self, url::ParseError> {
        Ok(Self {
            client_id: client_id.to_owned(),
            secret: ClientSecret::new(secret.expose_secret().to_owned()),
            redirect: RedirectUrl::new(redirect)?,
        })
    }

    fn client(&self) -> OAuth {
        OAuth::new(ClientId::new(self.client_id.clone()))
            .set_client_secret(self.secret.clone())
            .set_redirect_uri(self.redirect.clone())
    }

    /// Where the browser goes to sign in.
    pub fn authorize(&self, endpoint: AuthUrl, scopes: &[&str], flow: &Flow) -> Url {
        let verifier = PkceCodeVerifier::new(flow.verifier.clone());
        let client = self.client().set_auth_uri(endpoint);
        let request = client
            .authorize_url(|| CsrfToken::new(flow.state.clone()))
            .add_scopes(scopes.iter().map(|scope| Scope::new((*scope).to_owned())))
            .add_extra_param("nonce", &flow.nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        request.url().0
    }

    /// Redeems the code that the browser brought back.
    pub async fn redeem(
        &self,
        http: &Http,
        endpoint: TokenUrl,
        auth: AuthType,
        code: &str,
        flow: &Flow,
    ) -> Result<Granted, Failure> {
        let client = self.client().set_auth_type(auth).set_token_uri(endpoint);
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(flow.verifier.clone()));
        request.request_async(&|request| http.send(request)).await.map_err(|error| match error {
            RequestTokenError::Request(failure) => failure,
            RequestTokenError::ServerResponse(_) => Failure::Invalid("the provider refused the code"),
            _ => Failure::Invalid("the answer to the code is not what it should be"),
        })
    }
}
