//! Steps that a node of the release before can live with while nodes are replaced one by one (promise N3): they add, and take nothing
//! away from what was there.
//!
//! Of what a step does with rows, and of triggers, this sees nothing.

use std::collections::BTreeMap;

use migration::{Migrator, MigratorTrait};
use sea_orm_migration::sea_orm::{
    self, ConnectionTrait, DatabaseConnection, DbBackend, FromQueryResult, Statement, TransactionTrait,
};

use crate::database::each;

/// Steps that nodes of a release before could not live with: they let notifications be of kinds that those cannot read. No release had
/// come before them. A list of allowed words that grows needs two releases: the first reads them, the second writes them.
const HARD: [&str; 2] = [BASELINE, "m20261128_000121_add_issue_notifications"];
/// The first of them; all steps after it are looked at.
const BASELINE: &str = "m20261128_000101_create_deliveries";

/// A column as writers and readers depend on it.
#[derive(Debug, FromQueryResult)]
struct Column {
    relation: String,
    name: String,
    kind: String,
    not_null: bool,
    /// Whether a writer who does not know it can leave it out.
    optional: bool,
}

/// What refuses rows, or is named where a row is written that may be there.
#[derive(Debug, FromQueryResult)]
struct Rule {
    relation: String,
    name: String,
    definition: String,
    /// The columns, each followed by a space.
    columns: String,
    is_unique: bool,
    /// Whether it is a whole table, to which columns may be added.
    grows: bool,
}

impl Rule {
    fn is_kept_by(&self, later: &Self) -> bool {
        later.definition == self.definition || (self.grows && is_longer_list(&self.definition, &later.definition))
    }
}

/// Whether `later` is `old` with one more entry, which a comma parts from the others.
fn is_longer_list(old: &str, later: &str) -> bool {
    let same = |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(one, other)| one == other).count();
    let start = same(&mut old.bytes().zip(later.bytes()));
    let end = same(&mut old.bytes().rev().zip(later.bytes().rev())).min(old.len() - start);
    let added = later.get(start..later.len() - end).unwrap_or_default().trim();
    start + end == old.len() && (added.starts_with(',') || added.ends_with(','))
}

/// Tables and views, by what names a column or a rule in them.
struct Schema {
    columns: BTreeMap<(String, String), Column>,
    rules: BTreeMap<(String, String), Rule>,
}

impl Schema {
    async fn read(db: &impl ConnectionTrait) -> Self {
        let backend = db.get_database_backend();
        let (columns, rules) = match backend {
            DbBackend::Postgres => (POSTGRES_COLUMNS, POSTGRES_RULES),
            _ => (SQLITE_COLUMNS, SQLITE_RULES),
        };
        let columns = Column::find_by_statement(Statement::from_string(backend, columns)).all(db).await.unwrap();
        let rules = Rule::find_by_statement(Statement::from_string(backend, rules)).all(db).await.unwrap();
        Self {
            columns: columns.into_iter().map(|one| ((one.relation.clone(), one.name.clone()), one)).collect(),
            rules: rules.into_iter().map(|one| ((one.relation.clone(), one.name.clone()), one)).collect(),
        }
    }

    fn has_relation(&self, name: &str) -> bool {
        self.columns.keys().any(|(relation, _)| relation == name)
    }

    /// What somebody who knows this schema misses in a later one, or is hindered by there.
    fn hindrances(&self, later: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (key, old) in &self.columns {
            match later.columns.get(key) {
                None => found.push(format!("{old:?} is gone")),
                Some(new) if new.kind != old.kind || (new.not_null && !old.not_null) => {
                    found.push(format!("{old:?} became {new:?}"));
                }
                Some(_) => {}
            }
        }
        let added = later.columns.iter().filter(|(key, _)| !self.columns.contains_key(*key));
        let needed = added.filter(|((relation, _), new)| self.has_relation(relation) && !new.optional);
        found.extend(needed.map(|(_, new)| format!("{new:?} must be written, and was not known")));
        found.extend(self.rules_lost(later));
        found.extend(self.rules_added(later));
        found
    }

    /// A conflict is named by what is unique, so that must stay.
    fn rules_lost(&self, later: &Self) -> impl Iterator<Item = String> {
        let lost = self.rules.iter().filter(|(key, old)| old.is_unique && !later.rules.contains_key(*key));
        lost.map(|(_, old)| format!("{old:?} is gone"))
    }

    /// A rule may be about new columns only: about others it is not as it was.
    fn rules_added(&self, later: &Self) -> impl Iterator<Item = String> {
        let is_known =
            |rule: &Rule, column: &str| self.columns.contains_key(&(rule.relation.clone(), column.to_owned()));
        let binds_old = move |rule: &&Rule| {
            self.has_relation(&rule.relation)
                && (rule.columns.trim().is_empty() || rule.columns.split_whitespace().any(|one| is_known(rule, one)))
        };
        let changed =
            later.rules.iter().filter(|(key, new)| !self.rules.get(*key).is_some_and(|old| old.is_kept_by(new)));
        changed.map(|(_, new)| new).filter(binds_old).map(|new| format!("{new:?} is not as it was"))
    }
}

const POSTGRES_COLUMNS: &str = "
SELECT table_name::text AS relation, column_name::text AS name, data_type::text AS kind, is_nullable = 'NO' AS not_null,
    is_nullable = 'YES' OR column_default IS NOT NULL OR is_generated = 'ALWAYS' AS optional
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'";

const POSTGRES_RULES: &str = "
SELECT c.conrelid::regclass::text AS relation, c.conname::text AS name, pg_get_constraintdef(c.oid) AS definition,
    coalesce((SELECT string_agg(a.attname, ' ') FROM pg_attribute a
        WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)), '') AS columns,
    c.contype IN ('p', 'u') AS is_unique, FALSE AS grows
FROM pg_constraint c WHERE c.connamespace = 'public'::regnamespace AND c.conrelid <> 0 AND c.contype <> 'n'
UNION ALL
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid),
    coalesce((SELECT string_agg(a.attname, ' ') FROM pg_attribute a
        WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)), ''), TRUE, FALSE
FROM pg_index i JOIN pg_class t ON t.oid = i.indexrelid
WHERE i.indisunique AND t.relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)";

const SQLITE_COLUMNS: &str = "
SELECT s.name AS relation, c.name AS name, c.type AS kind, c.\"notnull\" AS not_null,
    c.\"notnull\" = 0 OR c.dflt_value IS NOT NULL OR c.hidden <> 0 AS optional
FROM sqlite_schema s JOIN pragma_table_xinfo(s.name) c
WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite%' AND s.name <> 'seaql_migrations'";

/// A table is one rule: a column is added to its definition after the other columns, and the rest stays.
const SQLITE_RULES: &str = "
SELECT tbl_name AS relation, name, sql AS definition, '' AS columns, type = 'index' AS is_unique, type = 'table' AS grows
FROM sqlite_schema
WHERE (type = 'table' OR sql LIKE 'CREATE UNIQUE INDEX%') AND sql IS NOT NULL AND name NOT LIKE 'sqlite%' AND name <> 'seaql_migrations'";

async fn migrate_to(db: &DatabaseConnection, steps: usize) {
    let steps = u32::try_from(steps).unwrap();
    Migrator::up(db, Some(steps)).await.unwrap();
}

#[tokio::test]
async fn each_step_since_the_baseline_leaves_the_release_before_what_it_needs() {
    let names: Vec<_> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let first = names.iter().position(|name| name == BASELINE).unwrap() + 1;
    for fresh in each().await {
        let db = fresh.connect().await;
        migrate_to(&db, first).await;
        let mut before = Schema::read(&db).await;
        for name in &names[first..] {
            migrate_to(&db, 1).await;
            let after = Schema::read(&db).await;
            let is_hard = HARD.contains(&name.as_str());
            assert_eq!(before.hindrances(&after).is_empty(), !is_hard, "{name}: {:#?}", before.hindrances(&after));
            before = after;
        }
    }
}

/// Each hinders somebody who does not know of it.
const HINDERING: &[&str] = &[
    "ALTER TABLE users DROP COLUMN title",
    "ALTER TABLE users RENAME COLUMN title TO headline",
    "ALTER TABLE stream_tickets RENAME TO tickets",
    "DROP TABLE stream_tickets",
    "CREATE UNIQUE INDEX uq_users_name ON users (name)",
    "DROP INDEX uq_mentorships_open_pair",
];

const HINDERING_ON_POSTGRES: &[&str] = &[
    "ALTER TABLE users ADD COLUMN nickname text NOT NULL",
    "ALTER TABLE users ALTER COLUMN title SET NOT NULL",
    "ALTER TABLE users ALTER COLUMN title TYPE varchar(20)",
    "ALTER TABLE users ADD CONSTRAINT ck_users_title CHECK (length(title) < 20)",
    "ALTER TABLE settings DROP CONSTRAINT ck_settings_id, ADD CONSTRAINT ck_settings_id CHECK (id = 1 AND id < 9)",
];

/// These do not.
const HARMLESS: &[&str] = &[
    "ALTER TABLE users ADD COLUMN nickname text",
    "ALTER TABLE users ADD COLUMN rank integer NOT NULL DEFAULT 1 CONSTRAINT ck_users_rank CHECK (rank > 0)",
    "CREATE TABLE badges (id integer NOT NULL PRIMARY KEY)",
    "CREATE INDEX ix_users_location ON users (location)",
];

#[tokio::test]
async fn what_hinders_is_found_and_what_does_not_is_let_be() {
    for fresh in each().await {
        let db = fresh.connect().await;
        migrate_to(&db, Migrator::migrations().len()).await;
        let before = Schema::read(&db).await;
        let on_postgres = if fresh.is_sqlite() { &[] } else { HINDERING_ON_POSTGRES };
        for (statements, hinders) in [(HINDERING, true), (on_postgres, true), (HARMLESS, false)] {
            for statement in statements {
                let txn = db.begin().await.unwrap();
                txn.execute_unprepared(statement).await.unwrap();
                let found = before.hindrances(&Schema::read(&txn).await);
                txn.rollback().await.unwrap();
                assert_eq!(!found.is_empty(), hinders, "{statement}\n{found:#?}");
            }
        }
    }
}
