use super::*;

fn me() -> Uuid {
    Uuid::from_u128(3)
}

fn hello() -> Model {
    Model {
        id: Uuid::from_u128(1),
        mentorship_id: Some(Uuid::from_u128(2)),
        conversation_id: None,
        sender_id: me(),
        seq: 1,
        content: "Hello".to_owned(),
        client_id: Uuid::from_u128(4),
        sent_at: chrono::Utc::now(),
        edited_at: None,
        deleted_at: None,
        is_searchable: true,
    }
}

fn policy(message_edit_minutes: i32, message_deletion: MessageDeletion) -> setting::Model {
    setting::Model {
        id: setting::ID,
        name: String::new(),
        tagline: None,
        logo_url: None,
        brand_color: None,
        member_approval: false,
        mentorship_approval: false,
        cooling_off_days: 0,
        suggestion_days: 1,
        not_now_days: 1,
        request_days: 1,
        max_open_requests: 1,
        staff_second_factor: false,
        message_edit_minutes,
        message_deletion,
        first_messages_per_day: 1,
        version: 1,
        updated_at: chrono::Utc::now(),
    }
}

#[test]
fn the_same_words_repeat_a_message_and_so_does_anything_once_they_changed() {
    let (row, now) = (hello(), chrono::Utc::now());
    assert!(row.is_repeated_by("Hello"));
    assert!(!row.is_repeated_by("hello"));
    assert!(Model { edited_at: Some(now), ..row.clone() }.is_repeated_by("hello"));
    assert!(Model { deleted_at: Some(now), ..row }.is_repeated_by("hello"));
}

#[test]
fn a_message_is_edited_by_its_author_for_as_long_as_the_policy_says() {
    let (row, policy) = (hello(), policy(15, MessageDeletion::Never));
    let edit = |by, content: &str, minutes| {
        let edited = row.clone().edit(by, content.to_owned(), &policy, row.sent_at + TimeDelta::minutes(minutes));
        edited.map(|edited| edited.map(|edited| edited.content.unwrap()))
    };
    assert_eq!(edit(me(), "Bye", 14), Ok(Some("Bye".to_owned())));
    assert_eq!(edit(me(), "Bye", 15), Err(ChangeError::Fixed));
    assert_eq!(edit(me(), "Hello", 99), Ok(None));
    assert_eq!(edit(Uuid::from_u128(9), "Bye", 0), Err(ChangeError::NotAuthor));
    let gone = Model { deleted_at: Some(row.sent_at), ..row.clone() };
    assert_eq!(gone.edit(me(), "Bye".to_owned(), &policy, row.sent_at), Err(ChangeError::Deleted));
}

#[test]
fn a_message_is_deleted_where_the_policy_lets_its_author() {
    let row = hello();
    let delete = |policy: setting::Model, minutes| {
        let deleted = row.clone().delete(me(), &policy, row.sent_at + TimeDelta::minutes(minutes));
        deleted.map(|deleted| deleted.map(|deleted| deleted.content.unwrap()))
    };
    assert_eq!(delete(policy(15, MessageDeletion::Never), 0), Err(ChangeError::Fixed));
    assert_eq!(delete(policy(15, MessageDeletion::WhileEditable), 14), Ok(Some(String::new())));
    assert_eq!(delete(policy(15, MessageDeletion::WhileEditable), 15), Err(ChangeError::Fixed));
    assert_eq!(delete(policy(0, MessageDeletion::Always), 9999), Ok(Some(String::new())));
    let (policy, now) = (policy(0, MessageDeletion::Always), row.sent_at);
    assert_eq!(row.clone().delete(Uuid::from_u128(9), &policy, now), Err(ChangeError::NotAuthor));
    assert_eq!(Model { deleted_at: Some(now), ..row.clone() }.delete(me(), &policy, now), Ok(None));
}
