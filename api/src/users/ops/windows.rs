use entity::availability_window::{ActiveModel, Column, Entity, Model};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::error::{Fault, Result};
use crate::users::wire::{Window, to_minutes};

/// The windows as rows; those that end too early or overlap are faults.
pub fn parse(user: Uuid, windows: &[Window], faults: &mut Vec<Fault>) -> Vec<Model> {
    let mut rows: Vec<Model> = Vec::new();
    for (at, window) in windows.iter().enumerate() {
        let (Some(start_minute), Some(end_minute)) = (to_minutes(&window.start), to_minutes(&window.end)) else {
            continue;
        };
        if end_minute <= start_minute {
            faults.push(Fault::new(format!("/windows/{at}/end"), "too_early", "must be after the start"));
        }
        let row = Model { user_id: user, weekday: window.weekday, start_minute, end_minute };
        if rows.iter().any(|other| overlap(other, &row)) {
            faults.push(Fault::new(format!("/windows/{at}"), "overlap", "overlaps a window before it"));
        }
        rows.push(row);
    }
    rows
}

fn overlap(a: &Model, b: &Model) -> bool {
    a.weekday == b.weekday && a.start_minute < b.end_minute && b.start_minute < a.end_minute
}

pub async fn replace(txn: &DatabaseTransaction, user: Uuid, rows: Vec<Model>) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user)).exec(txn).await?;
    if !rows.is_empty() {
        let rows: Vec<ActiveModel> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
        Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(windows: &[(i16, &str, &str)]) -> Vec<String> {
        let window = |(weekday, start, end): &(i16, &str, &str)| Window {
            weekday: *weekday,
            start: (*start).to_owned(),
            end: (*end).to_owned(),
        };
        let windows: Vec<_> = windows.iter().map(window).collect();
        let mut faults = Vec::new();
        parse(Uuid::nil(), &windows, &mut faults);
        faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn windows_may_touch_and_not_overlap() {
        assert_eq!(codes(&[(1, "09:00", "12:00"), (1, "12:00", "24:00"), (2, "11:00", "13:00")]), [""; 0]);
        assert_eq!(codes(&[(1, "09:00", "12:00"), (1, "11:59", "13:00")]), ["/windows/1 overlap"]);
        assert_eq!(codes(&[(1, "09:00", "12:00"), (1, "10:00", "11:00")]), ["/windows/1 overlap"]);
    }

    #[test]
    fn a_window_ends_after_its_start() {
        assert_eq!(codes(&[(1, "09:00", "09:00")]), ["/windows/0/end too_early"]);
        assert_eq!(codes(&[(1, "23:00", "01:00")]), ["/windows/0/end too_early"]);
    }
}
