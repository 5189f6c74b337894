use jiff::civil::Date;

use super::corrections::CorrectionRow;
use super::{
    CallerTypes, Corrections, Filter, Note, Progress, SampleFacts, Samples, Scores, StratumFacts,
};
use crate::calls::CallerType;
use crate::estimate::precision::many_unscorable;
use crate::sampling::Unit;

/// What stands above and below the tables: the samples, one plain sentence, and the notes.
#[derive(Clone, Debug)]
pub struct Overview {
    pub samples: Vec<SampleLine>,
    /// First and last day of the calls that the report is about.
    pub period: Option<(Date, Date)>,
    /// Calls that the report is about, where these aren't all.
    pub filter: Option<Filter>,
    /// For instance "Sample july-2026: 40 of 72 calls scored."
    pub progress: String,
    /// Internal against external, in one sentence; empty without scores.
    pub sentence: String,
    pub notes: Vec<Note>,
}

/// One sample's numbers.
#[derive(Clone, Debug)]
pub struct SampleLine {
    pub name: String,
    /// What was drawn.
    pub unit: Unit,
    pub seed: String,
    pub calls_in_log: u64,
    pub eligible: u64,
    pub drawn: u64,
    pub scored: u64,
    pub unscorable: u64,
    /// Of the scored calls, those that the report is about.
    pub inside: u64,
    /// First and last day of the eligible calls.
    pub period: Option<(Date, Date)>,
    /// Logs it was drawn from.
    pub logs: u64,
}

/// What the margins cover, and what they don't.
pub const FOOTER: &str = "Margins cover the luck of which calls were drawn. They do not cover differences between analysts.";

impl Overview {
    /// Sums samples up; `progress` has what their calls say, in the same order.
    pub fn new(samples: &[SampleFacts], progress: &[Progress]) -> Self {
        let period = (samples.iter().filter_map(|sample| sample.period))
            .reduce(|(from, to), (a, b)| (from.min(a), to.max(b)));
        let filter = samples.first().map(|sample| sample.filter.clone());
        let filter = filter.filter(|filter| !filter.is_all());
        let days = filter.as_ref().map(Filter::days);
        let period = match (period, days) {
            (Some((first, last)), Some((from, to))) => Some((first.max(from), last.min(to))),
            (period, _) => period,
        };
        let both = || samples.iter().zip(progress);
        let lines: Vec<SampleLine> = both()
            .map(|(sample, calls)| SampleLine {
                name: sample.name.clone(),
                unit: sample.unit,
                seed: sample.seed.clone(),
                calls_in_log: sample.calls_in_log,
                eligible: sample.eligible,
                drawn: calls.drawn,
                scored: calls.scored(),
                unscorable: calls.unscorable,
                inside: calls.inside[2],
                period: sample.period,
                logs: sample.batches,
            })
            .collect();
        let mut sentences: Vec<String> = Vec::new();
        for (sample, calls) in both() {
            let when = sample
                .period
                .map(|(from, to)| format!(", calls of {from} to {to}"))
                .unwrap_or_default();
            sentences.push(format!(
                "Sample {}{when}: {} of {} drawn calls scored.",
                sample.name,
                calls.scored(),
                calls.to_score()
            ));
        }
        if let Some(filter) = &filter {
            sentences.push(about(filter, progress));
        }
        Self {
            samples: lines,
            period,
            filter,
            progress: sentences.join("\n"),
            sentence: String::new(),
            notes: notes(samples, progress),
        }
    }

    /// The samples as a table of their own.
    pub fn table(&self) -> Samples {
        Samples {
            rows: self.samples.clone(),
            is_filtered: self.filter.is_some(),
        }
    }

    /// Adds what scores say: the sentence, and what calls that could not be scored might have changed.
    pub fn add_scores(&mut self, scores: &Scores, caller_types: &CallerTypes) {
        self.sentence = sentence(caller_types);
        if self.notes.iter().any(|note| note.code == "unscorable")
            && let Some((low, high)) = scores.worst_case()
        {
            let text = format!(
                "Had every call that could not be scored been worth 0, the score of all calls would be {low:.1}; had each \
                 been worth 100, {high:.1}."
            );
            self.notes.push(Note::new("unscorable-bounds", text));
        }
    }

    /// Adds what readers of the tables must know, each thing once; what margins cover comes last.
    pub fn add_notes(&mut self, tables: impl IntoIterator<Item = Note>) {
        for note in tables {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        let footer = Note::new("margins", FOOTER);
        if self.notes.contains(&footer) {
            self.notes.retain(|note| *note != footer);
            self.notes.push(footer);
        }
    }
}

/// Which of the samples' calls the report is about.
fn about(filter: &Filter, progress: &[Progress]) -> String {
    let sum = |of: usize| progress.iter().map(|calls| calls.inside[of]).sum::<u64>();
    let (drawn, unscorable, scored) = (sum(0), sum(1), sum(2));
    format!(
        "Of these, {}: {scored} of {} drawn calls scored.",
        filter.words(),
        drawn - unscorable
    )
}

fn sentence(table: &CallerTypes) -> String {
    let score = |wanted| {
        let row = table.rows.iter().find(|row| row.caller_type == wanted)?;
        row.score.as_ref().map(|figure| figure.value)
    };
    let (internal, external) = (score(CallerType::Internal), score(CallerType::External));
    let Some((internal, external)) = internal.zip(external) else {
        // Whoever asks for one caller type alone misses nothing.
        let has = |wanted| table.rows.iter().any(|row| row.caller_type == wanted);
        return match (internal, external) {
            (Some(score), _) => match has(CallerType::External) {
                true => {
                    format!("Internal callers: {score:.1} of 100. No external call is scored yet.")
                }
                false => format!("Internal callers: {score:.1} of 100."),
            },
            (_, Some(score)) => match has(CallerType::Internal) {
                true => {
                    format!("External callers: {score:.1} of 100. No internal call is scored yet.")
                }
                false => format!("External callers: {score:.1} of 100."),
            },
            _ => String::new(),
        };
    };
    let scores =
        format!("Internal callers: {internal:.1} of 100. External callers: {external:.1}.");
    let Some(gap) = &table.gap else { return scores };
    let Some((low, high)) = gap.low.zip(gap.high) else {
        return scores;
    };
    let size = format!(
        "{:.1} points {}",
        gap.value.abs(),
        if gap.value < 0.0 { "lower" } else { "higher" }
    );
    let range = format!("95 % margin {} to {}", signed(low), signed(high));
    let told = match gap.verdict {
        Some("shown") => format!(
            "internal callers score {size} than external ones ({range}). That is more than luck."
        ),
        Some("practically equal") => {
            format!("internal and external callers score practically alike ({range}).")
        }
        _ => format!(
            "internal callers score {size} than external ones, but so few calls can't tell that from luck ({range})."
        ),
    };
    format!("On the behaviors asked of both, and before criticals, {told}\n{scores}")
}

/// With its sign; a real minus.
pub(super) fn signed(value: f64) -> String {
    let text = format!("{:.1}", value.abs());
    match text.as_str() {
        "0.0" => text,
        _ if value < 0.0 => format!("\u{2212}{text}"),
        _ => format!("+{text}"),
    }
}

fn notes(samples: &[SampleFacts], progress: &[Progress]) -> Vec<Note> {
    let mut notes = Vec::new();
    let filter = samples.first().map(|sample| &sample.filter);
    let drawn: u64 = progress.iter().map(|calls| calls.inside[0]).sum();
    if let Some(filter) = filter.filter(|filter| !filter.is_all())
        && drawn == 0
    {
        let text = format!(
            "No drawn call is among these ({}), so the report has no figures.",
            filter.words()
        );
        notes.push(Note::new("no-call", text));
    }
    let mut corrections = CorrectionRow::default();
    for (sample, calls) in samples.iter().zip(progress) {
        let (scored, of) = (calls.scored(), calls.to_score());
        if scored < of {
            let text = format!(
                "{}: {scored} of {of} drawn calls are scored; the figures will still move.",
                sample.name
            );
            notes.push(Note::new("unfinished", text));
        }
        if sample.unit == Unit::Interaction {
            let text = format!(
                "{}: whole journeys were drawn. Figures are about single calls all the same, and their margins allow for what the \
                 calls of one journey have in common; `report journeys` follows each customer.",
                sample.name
            );
            notes.push(Note::detail("journeys", text));
        }
        notes.extend(unseen(sample, calls));
        let ahead = calls.ahead;
        if ahead > 0 {
            let text = format!(
                "{}: {ahead} calls were scored ahead of others in the draw order. Until the sample is complete the \
                 figures lean towards the calls that were chosen.",
                sample.name
            );
            notes.push(Note::new("out-of-order", text));
        }
        notes.extend(further_logs(sample));
        if sample.unknown_caller_type > 0 {
            let text = format!(
                "{}: {} rows of the {} have an unknown caller type and were left out of the draw.",
                sample.name,
                sample.unknown_caller_type,
                if sample.batches == 1 { "log" } else { "logs" }
            );
            notes.push(Note::new("unknown-caller-type", text));
        }
        let [drawn, unscorable, _] = calls.inside;
        if many_unscorable(drawn, unscorable) {
            let which = match sample.filter.is_all() {
                true => "drawn calls",
                false => "drawn calls that this report is about",
            };
            let text = format!(
                "{}: {unscorable} of {drawn} {which} could not be scored.",
                sample.name
            );
            notes.push(Note::new("unscorable", text));
        }
        corrections.add(&calls.corrections);
    }
    notes.extend(Corrections::notes(&corrections));
    notes
}

/// What a reader must know of a sample that grew log by log.
fn further_logs(sample: &SampleFacts) -> Vec<Note> {
    let (name, mut notes) = (&sample.name, Vec::new());
    if sample.batches > 1 {
        let left_out = match sample.seen_before {
            0 => String::new(),
            1 => "; 1 call of a later log was in an earlier one and was left out".to_owned(),
            calls => {
                format!("; {calls} calls of later logs were in earlier ones and were left out")
            }
        };
        let text = format!("{name}: drawn from {} logs{left_out}.", sample.batches);
        notes.push(Note::new("further-logs", text));
    }
    let retagged = match sample.retagged {
        0 => return notes,
        1 => "1 kept call has other tags in a later log than when it was drawn; it stays in its stratum"
            .to_owned(),
        calls => format!(
            "{calls} kept calls have other tags in a later log than when they were drawn; they stay in their strata"
        ),
    };
    notes.push(Note::new("retagged", format!("{name}: {retagged}.")));
    notes
}

/// Strata of the log of which nothing is scored: what the figures don't cover.
fn unseen(sample: &SampleFacts, calls: &Progress) -> Option<Note> {
    const MOST_NAMED: usize = 3;
    let strata = sample.strata.iter().enumerate();
    let unseen: Vec<&StratumFacts> = strata
        .filter(|(at, one)| one.inside && one.eligible > 0 && !calls.has_begun(*at))
        .map(|(_, stratum)| stratum)
        .collect();
    if unseen.is_empty() || calls.scored() == 0 {
        return None;
    }
    let calls: u64 = unseen.iter().map(|stratum| stratum.eligible).sum();
    let name = |one: &&StratumFacts| match sample.batches {
        1 => one.stratum.to_string(),
        _ => format!("{} in log {}", one.stratum, one.batch),
    };
    let named = unseen.iter().take(MOST_NAMED).map(name);
    let mut names = named.collect::<Vec<_>>().join("; ");
    if unseen.len() > MOST_NAMED {
        names.push_str(&format!("; and {} more", unseen.len() - MOST_NAMED));
    }
    let text = match sample.unit {
        Unit::Call => format!(
            "{}: no call is scored of {names}. The figures leave these {calls} of {} calls out.",
            sample.name, sample.eligible
        ),
        Unit::Interaction => format!(
            "{}: no call is scored of the journeys that began with these callers: {names}. The figures leave these {calls} \
             journeys out.",
            sample.name
        ),
    };
    Some(Note::new("unseen", text))
}
