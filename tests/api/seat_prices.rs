//! What a mentor's next seat is worth to others, and what that does to lists.

use api::seat_prices::work;
use chrono::TimeDelta;
use entity::{job_turn, seat_price};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use support::{App, Client};
use uuid::Uuid;

use crate::matching::{offers, seeks, skill};
use crate::suggestions::listed;

/// Ann and Cy offer what all seek, each with one seat; Ann fits everybody a little better.
struct Scene {
    app: App,
    ann: Client,
    cy: Client,
    skill: Uuid,
}

impl Scene {
    async fn new() -> Self {
        Self::of(App::start().await).await
    }

    async fn of(app: App) -> Self {
        let skill = skill(&app, "Rust").await;
        let (ann, cy) = (app.mentor("Ann").await, app.mentor("Cy").await);
        for mentor in [&ann, &cy] {
            offers(&app, mentor, skill).await;
            app.change_user(mentor, |row| row.mentor_capacity = Set(1)).await;
        }
        app.change_user(&cy, |row| row.in_person = Set(true)).await;
        Self { app, ann, cy, skill }
    }

    async fn mentee(&self, name: &str) -> Client {
        let mentee = self.app.mentee(name).await;
        seeks(&self.app, &mentee, self.skill).await;
        mentee
    }

    async fn price(&self, mentor: &Client) -> Option<i16> {
        let row = seat_price::Entity::find().filter(seat_price::Column::MentorId.eq(mentor.id));
        row.one(self.app.db()).await.unwrap().map(|row| row.price)
    }

    async fn turn(&self) -> job_turn::Model {
        job_turn::Entity::find().one(self.app.db()).await.unwrap().unwrap()
    }
}

/// The first of the mentors that the index proposes to somebody who seeks the skill.
async fn first_proposed(scene: &Scene, mentee: &Client) -> Uuid {
    use api::candidates::profiles::{Who, load};
    use entity::side::Side;

    scene.app.state.candidates.catch_up(scene.app.db(), scene.app.clock.now()).await.unwrap();
    let who = Who::These(&[mentee.id]);
    let profile = load(scene.app.db(), Side::Mentee, who, scene.app.clock.now()).await.unwrap().remove(&mentee.id);
    let query = ::matching::Query { profile: &profile.unwrap(), side: Side::Mentee };
    scene.app.state.candidates.best(&query, 1, &Default::default()).unwrap()[0].id
}

#[tokio::test]
async fn a_seat_that_others_want_more_ranks_lower() {
    let scene = Scene::new().await;
    let (bo, _dee) = (scene.mentee("Bo").await, scene.mentee("Dee").await);
    assert_eq!(first_proposed(&scene, &bo).await, scene.ann.id);
    assert!(work(&scene.app.state).await.unwrap());
    let (ann, cy) = (scene.price(&scene.ann).await, scene.price(&scene.cy).await);
    assert!(ann > cy, "{ann:?} {cy:?}");
    assert_eq!(scene.app.state.candidates.check().await.differed, 0, "the log told of the prices");
}

#[tokio::test]
async fn where_there_are_seats_for_all_they_cost_nothing() {
    let scene = Scene::new().await;
    scene.mentee("Bo").await;
    assert!(work(&scene.app.state).await.unwrap());
    assert_eq!((scene.price(&scene.ann).await, scene.price(&scene.cy).await), (None, None));
}

#[tokio::test]
async fn a_price_shows_to_no_member() {
    let scene = Scene::new().await;
    let (bo, _dee) = (scene.mentee("Bo").await, scene.mentee("Dee").await);
    let before = listed(&bo, "").await;
    work(&scene.app.state).await.unwrap();
    assert_eq!(listed(&bo, "").await, before, "the score is as it was");
    let why = bo.get(format!("/me/suggestions/{}/why", before[0]["id"].as_str().unwrap())).await.ok();
    assert!(!why.to_string().to_lowercase().contains("price"), "{why}");
}

/// Of more than a round takes everybody has their turn: no price is from before the last rounds.
#[tokio::test]
async fn where_there_are_many_each_round_prices_a_part() {
    let scene = Scene::of(App::start_with(|config| config.seat_price_people = 2).await).await;
    for number in 0..6 {
        scene.mentee(&format!("Mentee {number}")).await;
    }
    let old = |mentor: &Client| seat_price::ActiveModel {
        mentor_id: Set(mentor.id),
        price: Set(999),
        round_id: Set(scene.app.state.new_id()),
        computed_at: Set(scene.app.clock.now()),
    };
    let rows = [old(&scene.ann), old(&scene.cy)];
    seat_price::Entity::insert_many(rows).exec_without_returning(scene.app.db()).await.unwrap();
    for _ in 0..3 {
        assert!(work(&scene.app.state).await.unwrap());
        scene.app.clock.advance(TimeDelta::minutes(60));
    }
    for mentor in [&scene.ann, &scene.cy] {
        assert_ne!(scene.price(mentor).await, Some(999));
    }
}

#[tokio::test]
async fn the_work_is_done_once_when_it_is_due() {
    let scene = Scene::new().await;
    let other = scene.app.another_node().await;
    assert!(work(&scene.app.state).await.unwrap());
    assert!(!work(&other.state).await.unwrap(), "it was done");
    scene.app.clock.advance(TimeDelta::minutes(60));
    assert!(work(&other.state).await.unwrap());
    assert!(!work(&scene.app.state).await.unwrap());
}

#[tokio::test]
async fn of_two_nodes_at_once_one_does_it() {
    let scene = Scene::new().await;
    let other = scene.app.another_node().await;
    let (one, two) = tokio::join!(work(&scene.app.state), work(&other.state));
    assert_eq!([one.unwrap(), two.unwrap()].iter().filter(|did| **did).count(), 1);
}

#[tokio::test]
async fn the_turn_of_a_node_that_died_is_taken_over_and_comes_to_nothing_there() {
    let scene = Scene::new().await;
    let lost = api::jobs::turns::take(&scene.app.state, "seat_prices", TimeDelta::minutes(10)).await.unwrap().unwrap();
    assert!(!work(&scene.app.state).await.unwrap(), "somebody is at it");
    scene.app.clock.advance(TimeDelta::minutes(10));
    assert!(work(&scene.app.state).await.unwrap());
    let due = scene.turn().await.due_at;
    let txn = scene.app.state.begin_write().await.unwrap();
    assert!(!lost.finish(&txn, scene.app.clock.now()).await.unwrap());
    txn.commit().await.unwrap();
    assert_eq!(scene.turn().await.due_at, due);
}
