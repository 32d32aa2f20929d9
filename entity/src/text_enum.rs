//! Enumerations stored as text, and spelled alike in columns and in JSON.

/// `as` gives the name in the API's document, where that of the type is too general.
macro_rules! text_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($body:tt)* }) => {
        $crate::text_enum::text_enum! { $(#[$meta])* $vis enum $name as $name { $($body)* } }
    };
    ($(#[$meta:meta])* $vis:vis enum $name:ident as $schema:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum)]
        #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[schema(as = $schema)]
        $vis enum $name { $($body)* }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&sea_orm::ActiveEnum::to_value(self))
            }
        }
    };
}

pub(crate) use text_enum;
