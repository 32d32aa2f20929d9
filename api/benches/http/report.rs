//! The table that the programme prints.

use crate::load::Measured;

pub struct Figures {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    statements: f64,
}

impl Figures {
    pub fn new(measured: Measured, statements: u64) -> Self {
        let answers = measured.latency.len() as f64;
        let millis = |quantile| measured.latency.value_at_quantile(quantile) as f64 / 1000.0;
        Self {
            per_second: answers / measured.elapsed.as_secs_f64(),
            p50_ms: millis(0.5),
            p99_ms: millis(0.99),
            statements: statements as f64 / answers,
        }
    }
}

pub struct Row {
    pub name: &'static str,
    pub ceiling: Figures,
    pub api: Figures,
}

pub fn head(users: u64, connections: usize) {
    println!(
        "\n{users} users, {connections} connections; statements counted by the server, BEGIN and COMMIT included\n"
    );
    println!(
        "{:<12} {:<8} {:>9} {:>9} {:>9} {:>11} {:>7}",
        "case", "", "req/s", "p50 ms", "p99 ms", "statements", "ratio"
    );
}

pub fn print(row: &Row) {
    let line = |name: &str, who: &str, figures: &Figures, ratio: &str| {
        println!(
            "{name:<12} {who:<8} {:>9.0} {:>9.2} {:>9.2} {:>11.2} {ratio:>7}",
            figures.per_second, figures.p50_ms, figures.p99_ms, figures.statements
        );
    };
    line(row.name, "ceiling", &row.ceiling, "1.00");
    line("", "api", &row.api, &format!("{:.2}", row.api.per_second / row.ceiling.per_second));
}
