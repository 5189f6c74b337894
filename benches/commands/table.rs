//! The times as a Markdown table.

use std::fmt::Write as _;

use crate::job::{Act, Job};
use crate::peers::YARDSTICK;

pub(crate) fn markdown(jobs: &[Job], rounds: usize) -> String {
    let acts = || jobs.iter().flat_map(|job| &job.acts);
    let yardstick = acts().find(|act| act.name == YARDSTICK).map(median);
    let mut text = format!(
        "Medians of {rounds} rounds, warm page cache, whole processes. *ours / it*: the time of our first command for the job, \
         divided by this one's.\n\n\
         | job | command | median | least–most | × `wc -l` | ours / it | memory |\n|---|---|--:|--:|--:|--:|--:|\n"
    );
    for job in jobs {
        let ours = job.acts.iter().find(|act| act.ours).map(median);
        let mut name = job.name.as_str();
        for act in &job.acts {
            let (median, least, most) = act.spread();
            let whole = yardstick.map_or_else(String::new, |it| format!("{:.2}", median / it));
            let ratio = match ours {
                Some(ours) if !act.ours => format!("{:.2}", ours / median),
                _ => String::new(),
            };
            let _ = writeln!(
                text,
                "| {name} | `{}` | {} | {} | {whole} | {ratio} | {:.0} MB |",
                act.name,
                seconds(&[median]),
                seconds(&[least, most]),
                act.peak as f64 / 1e6
            );
            name = "";
        }
    }
    text
}

fn median(act: &Act) -> f64 {
    act.spread().0
}

/// `1.83 s`, or of several `1.80–1.92 s`.
fn seconds(times: &[f64]) -> String {
    let short = times.iter().all(|&time| time < 0.1);
    let number = |time: &f64| match short {
        true => format!("{:.1}", time * 1e3),
        false => format!("{time:.2}"),
    };
    let numbers: Vec<String> = times.iter().map(number).collect();
    format!("{} {}", numbers.join("–"), if short { "ms" } else { "s" })
}
