//! What is said outside the app: what happened, and nothing of what was written or by whom.

use entity::notification::Kind;

pub fn line(kind: Kind) -> &'static str {
    match kind {
        Kind::SuggestionNew => "There is a new suggestion for you",
        Kind::SuggestionMatched => "You both said yes to a suggestion",
        Kind::MentorshipRequested => "You are asked for a mentorship",
        Kind::MentorshipStarted => "A mentorship of yours has begun",
        Kind::MentorshipDeclined => "A request for a mentorship was declined",
        Kind::MentorshipCompleted => "A mentorship of yours was completed",
        Kind::MentorshipCanceled => "A mentorship of yours was canceled",
        Kind::GoalAdded => "A goal was added to a mentorship of yours",
        Kind::GoalAchieved => "A goal of a mentorship of yours was achieved",
        Kind::NoteShared => "A note was shared with you",
        Kind::MeetingProposed => "A meeting is proposed to you",
        Kind::MeetingConfirmed => "A meeting was confirmed",
        Kind::MeetingMoved => "Another time is proposed for a meeting",
        Kind::MeetingCanceled => "A meeting was canceled",
        Kind::MessageNew => "You have a new message",
        Kind::AccountApproved => "Your account was approved",
        Kind::RoleChanged => "Your role was changed",
        Kind::RequestWaiting => "A request for a mentorship waits for your answer",
        Kind::MeetingReminder => "A meeting of yours is coming up",
        Kind::MentorshipSilent => "A mentorship has been quiet for weeks",
        Kind::IssueAnswered => "An issue of yours was answered",
        Kind::IssueClosed => "An issue of yours was closed",
    }
}

/// A line for each kind, and how many there are of it.
pub fn lines(kinds: &[Kind]) -> Vec<String> {
    let mut counts: Vec<(Kind, usize)> = Vec::new();
    for kind in kinds {
        match counts.iter_mut().find(|(known, _)| known == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((*kind, 1)),
        }
    }
    let told = |(kind, count)| match count {
        1 => format!("{}.", line(kind)),
        count => format!("{} ({count}).", line(kind)),
    };
    counts.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_more_than_once_is_counted() {
        let told = lines(&[Kind::MessageNew, Kind::GoalAdded, Kind::MessageNew]);
        assert_eq!(told, ["You have a new message (2).", "A goal was added to a mentorship of yours."]);
    }
}
