use entity::component::Component;
use matching::{Fault as Wrong, Policy, Terms};

use crate::error::{Error, Fault, Result};
use crate::matching_policies::wire::weight_name;

/// The policy of `terms`, which a body has under `/terms`.
///
/// # Errors
/// Everything that is wrong with them, where it stands in the body.
pub fn check(terms: Terms) -> Result<Policy> {
    Policy::new(terms).map_err(|wrong| Error::Invalid(wrong.iter().map(fault).collect()))
}

fn fault(wrong: &Wrong) -> Fault {
    let (place, code) = match wrong {
        Wrong::Sum(_) => ("/weights".to_owned(), "wrong_sum"),
        Wrong::Most(component) => (weight(*component), "too_large"),
        Wrong::Percent(_) | Wrong::Rarity => (String::new(), "invalid_value"),
        Wrong::Levels => ("/levelFactors".to_owned(), "wrong_order"),
        Wrong::EnoughMinutes(_) => ("/enoughMinutes".to_owned(), "invalid_value"),
        Wrong::Languages => ("/languages".to_owned(), "wrong_order"),
        Wrong::Ratio => (String::new(), "invalid_value"),
        Wrong::Lambda => ("/lambda".to_owned(), "too_large"),
        Wrong::ListLength(_) => ("/listLength".to_owned(), "invalid_value"),
    };
    Fault::new(format!("/terms{place}"), code, wrong.to_string())
}

fn weight(component: Component) -> String {
    format!("/weights/{}", weight_name(component))
}
