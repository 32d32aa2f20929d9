//! For which hosts this server answers. What comes for another one was sent astray, or by a page that had a name of its own
//! point here.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HOST;
use actix_web::http::uri::Authority;
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::error::{Code, Error};

/// The hosts; none: any.
pub struct Hosts(pub Vec<String>);

pub async fn refuse_foreign(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if is_ours(&request) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    Ok(request.into_response(HttpResponse::from_error(Error::from(Code::MisdirectedRequest))))
}

/// Probes of health come from the platform, by whatever address.
fn is_ours(request: &ServiceRequest) -> bool {
    let Some(hosts) = request.app_data::<Data<Hosts>>().map(|hosts| &hosts.0) else { return true };
    hosts.is_empty()
        || request.match_info().as_str().starts_with("/health/")
        || asked_for(request).is_some_and(|asked| hosts.iter().any(|host| is_same(host, &asked)))
}

/// The one host that the request names, be it twice.
fn asked_for(request: &ServiceRequest) -> Option<Authority> {
    let mut named = request.headers().get_all(HOST);
    let host = Authority::try_from(named.next()?.as_bytes()).ok()?;
    let in_uri = request.uri().authority().is_none_or(|authority| *authority == host);
    (named.next().is_none() && in_uri && !host.as_str().contains('@')).then_some(host)
}

fn is_same(host: &str, asked: &Authority) -> bool {
    host.eq_ignore_ascii_case(asked.as_str()) || host.eq_ignore_ascii_case(asked.host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_meant_exactly_and_a_port_where_it_is_named() {
        let same = |host: &str, asked: &str| is_same(host, &asked.parse().unwrap());
        for asked in ["api.example.org", "API.example.org", "api.example.org:443", "api.example.org:8080"] {
            assert!(same("api.example.org", asked), "{asked}");
        }
        for asked in ["api.example.org.", "api.example.org.evil.test", "xapi.example.org", "example.org", "api"] {
            assert!(!same("api.example.org", asked), "{asked}");
        }
        assert!(same("api.example.org:8443", "api.example.org:8443"));
        assert!(!same("api.example.org:8443", "api.example.org"));
        assert!(same("[::1]", "[::1]:8080"));
    }
}
