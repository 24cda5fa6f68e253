//! `run.json`: what may differ between runs, and so stays out of `plan.json`.

use serde_json::{Value, json};

use super::console::Console;

/// Times, threads, memory and machine.
pub(super) fn run_record(console: &Console, faults: usize) -> Vec<u8> {
    let stages: Vec<Value> =
        console.stages().iter().map(|(name, s)| json!({"stage": name, "seconds": s})).collect();
    let cpu = cpu_time::ProcessTime::try_now().map(|t| t.as_duration().as_secs_f64()).ok();
    let record = json!({
        "wangge": env!("CARGO_PKG_VERSION"),
        "threads": console.threads,
        "stages": stages,
        "cpu_seconds": cpu,
        "peak_mib": peak_mib(),
        "machine": {"os": std::env::consts::OS, "arch": std::env::consts::ARCH},
        "verify_faults": faults,
    });
    format!("{record:#}\n").into_bytes()
}

/// The most memory this process has held, where the system tells.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some((kib / 102.4).round() / 10.0)
}
