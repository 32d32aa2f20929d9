use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig;

/// Where the resources list their operations: a worker that serves them, or the document.
///
/// Both have the same list, and there is no other way in, so nothing is served undocumented. A worker that made the document
/// along with its routes, as utoipa's own application does, would keep the ten megabytes which that takes for a moment.
pub enum Routes<'a, 's> {
    Served(&'a mut web::ServiceConfig),
    Documented(&'a mut ServiceConfig<'s>),
}

impl Routes<'_, '_> {
    pub fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self {
        match self {
            Self::Served(worker) => {
                worker.service(operation);
            }
            Self::Documented(document) => {
                document.service(operation);
            }
        }
        self
    }
}
