use super::super::*;
use super::people::*;

fn two() -> (Profile, Profile) {
    let skills = [(id(7), Skill::default())];
    let mentor = Profile { user_id: id(1), skills: skills.into(), ..Profile::default() };
    (mentor, Profile { user_id: id(2), skills: skills.into(), ..Profile::default() })
}

fn rule(change: impl FnOnce(&mut Profile, &mut Profile, &mut PairBlocks)) -> Option<Rule> {
    let (mut mentor, mut mentee) = two();
    let mut blocks = PairBlocks::default();
    change(&mut mentor, &mut mentee, &mut blocks);
    match judge(&policy(), &mentor, &mentee, &blocks, &Horizon::new(at("2026-03-01T00:00:00Z"))) {
        Ok(_) => None,
        Err(Refused::Rule(rule)) => Some(rule),
        Err(Refused::Faulty(fault)) => panic!("{fault}"),
    }
}

#[test]
fn two_who_break_no_rule_are_scored() {
    assert_eq!(rule(|_, _, _| {}), None);
}

#[test]
fn nobody_is_matched_with_themselves() {
    assert_eq!(rule(|mentor, mentee, _| mentee.user_id = mentor.user_id), Some(Rule::Oneself));
}

#[test]
fn what_forbids_a_pair_is_told_and_the_gravest_first() {
    let forbidding =
        |rule| move |_: &mut Profile, _: &mut Profile, blocks: &mut PairBlocks| blocks.forbid(id(1), id(2), rule);
    for each in [Rule::OpenMentorship, Rule::Blocked, Rule::Banned, Rule::CoolingOff, Rule::Suggested] {
        assert_eq!(rule(forbidding(each)), Some(each));
    }
    let twice = |_: &mut Profile, _: &mut Profile, blocks: &mut PairBlocks| {
        blocks.forbid(id(1), id(2), Rule::CoolingOff);
        blocks.forbid_either_way(id(2), id(1), Rule::Blocked);
    };
    assert_eq!(rule(twice), Some(Rule::Blocked));
    assert_eq!(rule(|_, _, blocks| blocks.forbid(id(2), id(1), Rule::CoolingOff)), None);
}

#[test]
fn only_active_onboarded_and_unpaused_people_are_matched() {
    assert_eq!(rule(|mentor, _, _| mentor.standing.active = false), Some(Rule::Inactive));
    assert_eq!(rule(|_, mentee, _| mentee.standing.active = false), Some(Rule::Inactive));
    assert_eq!(rule(|mentor, _, _| mentor.standing.onboarded = false), Some(Rule::NotOnboarded));
    assert_eq!(rule(|_, mentee, _| mentee.standing.onboarded = false), Some(Rule::NotOnboarded));
    assert_eq!(rule(|mentor, _, _| mentor.standing.paused = true), Some(Rule::Paused));
    assert_eq!(rule(|_, mentee, _| mentee.standing.paused = true), Some(Rule::Paused));
}

#[test]
fn a_mentor_without_a_seat_or_with_enough_suggestions_is_not_proposed() {
    assert_eq!(rule(|mentor, _, _| mentor.seats.free = 0), Some(Rule::AtCapacity));
    assert_eq!(rule(|mentor, _, _| mentor.seats.open_suggestions = 14), None);
    assert_eq!(rule(|mentor, _, _| mentor.seats.open_suggestions = 15), Some(Rule::Crowded));
    assert_eq!(rule(|_, mentee, _| mentee.seats.free = 0), None);
}

#[test]
fn the_gender_that_a_mentee_wants_is_honoured_and_silence_does_not_satisfy_it() {
    let one = Gender::numbered(1).unwrap();
    let other = Gender::numbered(2).unwrap();
    assert_eq!(rule(|_, mentee, _| mentee.preferred_gender = one), Some(Rule::GenderPreference));
    assert_eq!(
        rule(|mentor, mentee, _| (mentor.gender, mentee.preferred_gender) = (other, one)),
        Some(Rule::GenderPreference)
    );
    assert_eq!(rule(|mentor, mentee, _| (mentor.gender, mentee.preferred_gender) = (one, one)), None);
    assert_eq!(rule(|mentor, _, _| mentor.gender = one), None);
    assert_eq!(rule(|mentor, mentee, _| (mentor.preferred_gender, mentee.gender) = (one, other)), None);
}

#[test]
fn time_and_seniority_alone_are_no_reason() {
    let strangers = |mentor: &mut Profile, mentee: &mut Profile, _: &mut PairBlocks| {
        mentor.skills = [(id(8), Skill::default())].into();
        (mentor.topics, mentee.topics) = ([id(1)].into(), [id(2)].into());
        let hours = Hours::new(chrono_tz::Tz::UTC, [window(1, 600, 1200)]);
        (mentor.hours, mentee.hours) = (hours.clone(), hours);
        (mentor.seniority, mentee.seniority) = (Some(3), Some(2));
    };
    assert_eq!(rule(strangers), Some(Rule::NothingShared));
    let topic = |mentor: &mut Profile, mentee: &mut Profile, blocks: &mut PairBlocks| {
        strangers(mentor, mentee, blocks);
        mentor.topics.insert(id(2));
    };
    assert_eq!(rule(topic), None);
    assert_eq!(
        rule(|mentor, mentee, _| (mentor.skills, mentee.skills) = Default::default()),
        Some(Rule::NothingShared)
    );
}

/// Skills, industries and soft skills of which nothing is shared, and one topic of four, leave the mentee's view at 0 + 25 + 75 +
/// 50 + 0 + 0 + 10 + 10 = 170 of 850.
#[test]
fn a_pair_in_which_one_gains_too_little_is_no_fit() {
    let strangers = |mentor: &mut Profile, mentee: &mut Profile, _: &mut PairBlocks| {
        mentor.skills = [(id(8), Skill::default())].into();
        (mentor.topics, mentee.topics) = ([id(1)].into(), [1, 2, 3, 4].map(id).into());
        (mentor.industries, mentee.industries) = ([id(1)].into(), [id(2)].into());
        (mentor.soft_skills, mentee.soft_skills) = ([id(1)].into(), [id(2)].into());
    };
    assert_eq!(rule(strangers), Some(Rule::Floor));
    assert_eq!(policy().floor(entity::side::Side::Mentee), 213);
    assert_eq!(policy().floor(entity::side::Side::Mentor), 110);
}

#[test]
fn a_private_answer_is_not_printed() {
    let mentor = Profile { gender: Gender::numbered(3).unwrap(), ..two().0 };
    assert_eq!(format!("{mentor:?}"), format!("{:?}", Profile { gender: Gender::NONE, ..mentor }));
}
