//! Text search that answers alike on both databases: any part of a text, the case of ASCII letters aside.

use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{ColumnTrait, Condition, DbBackend};
/// That one of `columns` contains `text`, in which nothing is a wildcard.
pub fn contains<C: ColumnTrait>(backend: DbBackend, columns: impl IntoIterator<Item = C>, text: &str) -> Condition {
    let pattern = format!("%{}%", escape(&text.to_ascii_lowercase()));
    let matches = |column: C| folded(backend, column).like(LikeExpr::new(&*pattern).escape('\\'));
    columns.into_iter().fold(Condition::any(), |any, column| any.add(matches(column)))
}

/// SQLite folds ASCII letters only; PostgreSQL does so by this collation.
fn folded<C: ColumnTrait>(backend: DbBackend, column: C) -> Expr {
    let lower = if backend == DbBackend::Postgres { r#"lower($1 COLLATE "C")"# } else { "lower(?)" };
    Expr::cust_with_expr(lower, Expr::col(column.as_column_ref()))
}

pub fn escape(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}

#[cfg(test)]
mod tests {
    #[test]
    fn wildcards_are_letters_like_any_other() {
        assert_eq!(super::escape(r"50%_\o/"), r"50\%\_\\o/");
    }
}
