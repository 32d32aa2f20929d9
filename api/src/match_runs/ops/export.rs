use entity::component::shown;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::read;
use crate::error::Result;
use crate::sql::Sql;
use crate::state::AppState;

#[derive(FromQueryResult)]
struct Row {
    mentor_id: Uuid,
    mentor_name: String,
    mentee_id: Uuid,
    mentee_name: String,
    points: i16,
}

/// The pairs of a plan as CSV (RFC 4180), by mentor, then mentee, in UTF-8.
pub async fn csv(state: &AppState, id: Uuid) -> Result<Vec<u8>> {
    let _place = state.exports.begin()?;
    read::with_plan(state, id).await?;
    let mut sql = Sql::default();
    sql.text = format!(
        "SELECT p.mentor_id, o.name AS mentor_name, p.mentee_id, e.name AS mentee_name, p.points
        FROM match_run_pairs p JOIN users o ON o.id = p.mentor_id JOIN users e ON e.id = p.mentee_id
        WHERE p.run_id = {} ORDER BY p.mentor_id, p.mentee_id",
        sql.bind(id)
    );
    let rows: Vec<Row> = sql.all(state.read()).await?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let head = ["mentorId", "mentorName", "menteeId", "menteeName", "score"];
    writer.write_record(head).map_err(anyhow::Error::from)?;
    for row in rows {
        let (mentor, mentee) = (row.mentor_id.to_string(), row.mentee_id.to_string());
        let score = shown(row.points).to_string();
        let cells = [mentor, harmless(&row.mentor_name), mentee, harmless(&row.mentee_name), score];
        writer.write_record(&cells).map_err(anyhow::Error::from)?;
    }
    Ok(writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?)
}

/// A cell that no spreadsheet takes for a formula (CWE-1236).
fn harmless(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\0=1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["Ada", "O'Hara", "a=b", "", "'=1"] {
            assert_eq!(harmless(text), text);
        }
    }
}
