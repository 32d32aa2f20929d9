//! There is always an active owner, whoever acts at the same time (promise G2).

use entity::user;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use sea_orm::{DatabaseTransaction, TransactionTrait};
use serde_json::{Value, json};
use support::{Answer, App, Client, is_postgres};
use tokio::task::JoinSet;

fn role(whom: &Client) -> String {
    format!("/owner/users/{}/role", whom.id)
}

fn suspend(whom: &Client) -> String {
    format!("/admin/users/{}/suspend", whom.id)
}

fn demoted() -> Value {
    json!({ "role": "REGULAR" })
}

async fn active_owners(app: &App) -> u64 {
    let owners = user::Entity::find().filter(user::Column::Role.eq(user::Role::Owner));
    owners.filter(user::Column::Status.eq(user::Status::Active)).count(app.db()).await.unwrap()
}

#[tokio::test]
async fn the_last_owner_is_neither_demoted_nor_suspended() {
    let app = App::start().await;
    let (owner, admin) = (app.owner().await, app.admin().await);
    let former = app.owner().await;
    owner.post(suspend(&former), json!({ "note": "left" })).await.ok();
    former.put(role(&owner), demoted()).await.refused(403, "account_suspended");
    owner.put(role(&former), demoted()).await.ok();

    owner.put(role(&owner), demoted()).await.refused(403, "own_account");
    owner.post(suspend(&owner), json!({ "note": "left" })).await.refused(403, "own_account");
    admin.put(role(&owner), demoted()).await.refused(403, "forbidden");
    admin.post(suspend(&owner), json!({ "note": "left" })).await.refused(403, "staff_account");
    assert_eq!(active_owners(&app).await, 1);
}

/// Both have passed the guard when either takes its turn: on PostgreSQL the test holds their rows until both wait for
/// them, and so the code is certain. SQLite shows nobody waiting; there the guard may have seen the one demoted, but it
/// does not every time.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_act_on_each_other_one_wins() {
    let app = App::start().await;
    let mut told_why = 0;
    for round in 0..50 {
        let owners = [app.owner().await, app.owner().await];
        let held = hold(&app).await;
        let mut acts = JoinSet::new();
        for (at, whom) in [(0, &owners[1]), (1, &owners[0])] {
            let (who, demotes) = (owners[at].clone(), round % 2 == 0 || at == 0);
            let (role, suspend) = (role(whom), suspend(whom));
            acts.spawn(async move {
                let act = if demotes {
                    who.put(role, demoted()).await
                } else {
                    who.post(suspend, json!({ "note": "x" })).await
                };
                (at, act)
            });
        }
        until_both_wait(&app).await;
        held.rollback().await.unwrap();
        let answers = acts.join_all().await;
        assert_eq!(active_owners(&app).await, 1);
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(_, answer)| answer.status == 200);
        assert!(won.len() == 1 && lost.len() == 1, "{won:?} {lost:?}");
        told_why += usize::from(is_last_owner(&lost[0].1));
        app.change_user(&owners[won[0].0], |row| row.role = Set(user::Role::Regular)).await;
    }
    assert!(told_why > 0, "the rule was never what refused");
}

fn is_last_owner(refusal: &Answer) -> bool {
    if is_postgres() || refusal.status == 409 {
        refusal.refused(409, "last_owner");
        return true;
    }
    // Suspended: the session is gone with it.
    assert!([401, 403].contains(&refusal.status), "{refusal}");
    false
}

/// Keeps whoever acts on an owner waiting: the owners' rows on PostgreSQL, all that writes on SQLite.
async fn hold(app: &App) -> DatabaseTransaction {
    let other = support::connect(&support::config(&app.url())).await;
    let held = other.writer().begin().await.unwrap();
    held.execute_unprepared("UPDATE users SET updated_at = updated_at WHERE role = 'OWNER'").await.unwrap();
    held
}

async fn until_both_wait(app: &App) {
    if !is_postgres() {
        while app.state.lifecycle.requests_under_way() < 2 {
            tokio::task::yield_now().await;
        }
        return;
    }
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let waiting = Statement::from_string(app.db().get_database_backend(), waiting);
    loop {
        let row = app.db().query_one_raw(waiting.clone()).await.unwrap().unwrap();
        if row.try_get_by_index::<i64>(0).unwrap() == 2 {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_owners_demoting_at_once_one_remains() {
    let app = App::start().await;
    for _ in 0..10 {
        let mut owners = Vec::new();
        for _ in 0..6 {
            owners.push(app.owner().await);
        }
        let mut acts = JoinSet::new();
        for (number, who) in owners.iter().enumerate() {
            let (who, whom) = (who.clone(), owners[(number + 1) % owners.len()].clone());
            acts.spawn(async move { who.put(role(&whom), json!({ "role": "ADMIN" })).await });
        }
        for answer in acts.join_all().await {
            match answer.status {
                200 => {}
                409 => drop(answer.refused(409, "last_owner")),
                _ => drop(answer.refused(403, "forbidden")),
            }
        }
        assert!(active_owners(&app).await >= 1);
        for owner in &owners {
            app.change_user(owner, |row| row.role = Set(user::Role::Regular)).await;
        }
    }
}
