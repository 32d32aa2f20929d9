use utoipa::ToSchema;

/// What mail programs send (RFC 8058, section 3.1).
#[derive(ToSchema)]
#[schema(example = json!({ "List-Unsubscribe": "One-Click" }))]
pub struct OneClick {
    #[schema(rename = "List-Unsubscribe", max_length = 9, pattern = "^One-Click$")]
    #[expect(dead_code, reason = "it stands for the form in the document")]
    list_unsubscribe: String,
}

/// A page for a browser.
#[derive(ToSchema)]
#[schema(value_type = String, max_length = 10_000)]
pub struct Html(#[expect(dead_code, reason = "it stands for the text in the document")] String);
