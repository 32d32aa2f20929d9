//! What can happen, in one list: the name of the event and the stream (a kind of row) that it belongs to.

macro_rules! kinds {
    ($($name:ident $stream:literal $word:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($name,)* }

        impl Kind {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stream that counts this event: the kind of row it happened to.
            pub fn stream(self) -> &'static str {
                match self { $(Self::$name => $stream,)* }
            }

            pub fn word(self) -> &'static str {
                match self { $(Self::$name => concat!($stream, ".", $word),)* }
            }

            /// The one with this word; none where it is of another version.
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.word() == word)
            }
        }
    };
}

kinds! {
    UserSignedUp "user" "signed_up";
    UserChanged "user" "changed";
    UserOnboarded "user" "onboarded";
    UserApproved "user" "approved";
    UserSuspended "user" "suspended";
    UserReactivated "user" "reactivated";
    UserRoleChanged "user" "role_changed";
    UserErased "user" "erased";
    UserEmailVerified "user" "email_verified";
    UserEmailChanged "user" "email_changed";
    UserPasswordChanged "user" "password_changed";
    UserSecondFactorEnabled "user" "second_factor_enabled";
    UserSecondFactorDisabled "user" "second_factor_disabled";
    UserRecoveryCodesMade "user" "recovery_codes_made";
    UserRecoveryCodeUsed "user" "recovery_code_used";
    UserResetStarted "user" "reset_started";
    InvitationSent "invitation" "sent";
    InvitationRevoked "invitation" "revoked";
    InvitationAccepted "invitation" "accepted";
    AccountLinked "user" "account_linked";
    AccountUnlinked "user" "account_unlinked";
    SessionStarted "session" "started";
    SessionRefreshed "session" "refreshed";
    SessionEnded "session" "ended";
    TermAdded "term" "added";
    TermChanged "term" "changed";
    SeatPricesChanged "seat_prices" "changed";
    SuggestionMade "suggestion" "made";
    SuggestionAnswered "suggestion" "answered";
    SuggestionPutOff "suggestion" "put_off";
    SuggestionMatched "suggestion" "matched";
    SuggestionLapsed "suggestion" "lapsed";
    PairBanned "pair_ban" "added";
    PairBanLifted "pair_ban" "lifted";
    MentorshipRequested "mentorship" "requested";
    RequestReminded "mentorship" "request_reminded";
    MentorshipAccepted "mentorship" "accepted";
    MentorshipStarted "mentorship" "started";
    MentorshipChanged "mentorship" "changed";
    MentorshipDeclined "mentorship" "declined";
    MentorshipCompleted "mentorship" "completed";
    MentorshipCanceled "mentorship" "canceled";
    MentorshipSilent "mentorship" "silent";
    GoalAdded "goal" "added";
    GoalChanged "goal" "changed";
    GoalAchieved "goal" "achieved";
    GoalDeleted "goal" "deleted";
    MilestoneAdded "goal" "milestone_added";
    MilestoneChanged "goal" "milestone_changed";
    MilestoneDeleted "goal" "milestone_deleted";
    NoteAdded "note" "added";
    NoteShared "note" "shared";
    NoteChanged "note" "changed";
    NoteDeleted "note" "deleted";
    MeetingProposed "meeting" "proposed";
    MeetingConfirmed "meeting" "confirmed";
    MeetingMoved "meeting" "moved";
    MeetingChanged "meeting" "changed";
    MeetingCanceled "meeting" "canceled";
    MeetingReminded "meeting" "reminded";
    MeetingHeld "meeting" "held";
    MeetingMissed "meeting" "missed";
    MentorshipMessageSent "mentorship" "message_sent";
    MentorshipMessageEdited "mentorship" "message_edited";
    MentorshipMessageDeleted "mentorship" "message_deleted";
    MentorshipRead "mentorship" "read";
    MatchRunRequested "match_run" "requested";
    MatchRunChanged "match_run" "changed";
    MatchRunEdited "match_run" "edited";
    MatchRunPublished "match_run" "published";
    ConversationOpened "conversation" "opened";
    ConversationMessageSent "conversation" "message_sent";
    ConversationMessageEdited "conversation" "message_edited";
    ConversationMessageDeleted "conversation" "message_deleted";
    ConversationRead "conversation" "read";
    BlockAdded "block" "added";
    BlockLifted "block" "lifted";
    IssueOpened "issue" "opened";
    IssueAssigned "issue" "assigned";
    IssueAnswered "issue" "answered";
    IssueClosed "issue" "closed";
    IssueMessagesRead "issue" "messages_read";
    NotificationsRead "inbox" "read";
    SettingsChanged "settings" "changed";
    MatchingIndexChecked "matching_index" "checked";
    MatchingPolicyChanged "matching_policy" "changed";
}
