use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"password": "another walk by the river"}))]
pub struct NewPassword {
    #[schema(format = "password", min_length = 8, max_length = 256)]
    pub password: String,
}
