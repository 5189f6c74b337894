mod into;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::call_log::{Drawing, LogArgs, OpenLog};
use super::input::{self, DesignArgs};
use super::output::{Document, OutputArgs};
use super::redact::RedactArgs;
use super::who::login;
use super::{Common, Failure, spread};
use crate::calls::Refusal;
use crate::read::LoadedRubric;
use crate::render::json;
use crate::report::{DrawReport, Redact, refused_sentence};
use crate::sampling::{
    Assignment, Dealing, Design, Double, Frame, Quota, Quotas, Shares, Spread, Spreading,
    StratumDraw, Unit,
};
use crate::store::{Added, NewSample, RubricText, SampleInfo, Store, StoredStratum};

/// Draw calls from a call log
///
/// By default three calls per CSR and caller type; --total draws so many in all, spread over them. The draw depends on
/// the seed and the ids alone: anybody can repeat it with `sha256sum`, and a larger number later contains the calls
/// drawn now.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    log: LogArgs,
    /// The rubric the calls will be scored under
    #[arg(long, value_name = "FILE", required_unless_present_any = ["into", "top_up"])]
    rubric: Option<PathBuf>,
    #[command(flatten)]
    design: DesignArgs,
    /// Add this log to a sample that is there: calls of its earlier logs are left out, the others drawn alike
    ///
    /// Seed, rubric and numbers are the sample's, and the profile too unless another is named.
    #[arg(long, value_name = "SAMPLE")]
    into: Option<String>,
    /// Draw more reserves from a log of the sample (--into, default: the newest)
    ///
    /// For when more calls of a stratum can't be scored than it had reserves: those that lack a replacement get one.
    #[arg(long)]
    top_up: bool,
    /// Keep the SHA-256 of the log's file, of several one behind the other: `verify` then takes no other for it
    #[arg(long)]
    seal: bool,
    /// Deal the calls to these analysts, alike or by shares: `anna,ben` or `anna:40,ben:20`
    ///
    /// Each gets their share of internal and of external calls and, as far as the numbers allow, nobody all calls of a
    /// CSR: of few calls and uneven shares some CSRs still go to one analyst whole. `score` gives each their own. Calls
    /// added later are dealt to the same analysts. Without it anybody scores any call.
    #[arg(long, value_name = "NAMES")]
    analysts: Option<Shares>,
    /// The part of the calls that a second analyst scores as well: `10%`
    ///
    /// Neither sees the other's answers. Only the first one's evaluation counts, and until it is there the call is open;
    /// both serve `calibrate`.
    #[arg(long, value_name = "PART", requires = "analysts")]
    double: Option<Double>,
    /// Take analysts the store has not seen before
    #[arg(long)]
    new_analyst: bool,
    #[command(flatten)]
    redact: RedactArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// A draw that has been made and not yet been kept.
pub(super) struct Draw {
    pub(super) sample: NewSample,
    /// The seed was made just now.
    pub(super) made_seed: bool,
    /// Which deviations a total was spread by.
    pub(super) deviations: Option<String>,
}

/// Draws from a log for a new sample, without keeping anything.
pub(super) fn draw(
    common: &Common,
    log: &OpenLog,
    rubric: &LoadedRubric,
    args: &DesignArgs,
    bad_rows: bool,
) -> Result<Draw, Failure> {
    let design = args.design()?;
    let (seed, made_seed) = args.seed();
    let name = args.name(&seed)?;
    let earlier = Arc::default();
    let drawing = Drawing {
        design: &design,
        seed: &seed,
        earlier: &earlier,
        keep_ids: args.keep_ids,
    };
    let usable = |frame: &Frame| {
        refuse_bad_rows(frame, log, bad_rows)?;
        refuse_none(frame, &log.name)
    };
    let (quotas, deviations) = match &design.quota {
        Quota::Each(_) => (None, None),
        Quota::Spread(spread) => {
            let counted = log.count(common, &drawing)?;
            usable(&counted)?;
            let (quotas, deviations) = spread_quotas(common, spread, &design, &name, &counted)?;
            (Some(quotas), deviations)
        }
    };
    let frame = log.draw(common, &drawing, quotas.as_ref())?;
    usable(&frame)?;
    let sample = NewSample {
        name,
        seed,
        design,
        rubric: RubricText::new(&rubric.rubric, &rubric.source),
        log: log.files(),
        profile: log.profile.clone(),
        sealed: None,
        drawn_at: Timestamp::now(),
        who: login(),
        frame,
        dealing: None,
        new_analyst: false,
    };
    Ok(Draw {
        sample,
        made_seed,
        deviations,
    })
}

/// What each stratum gives of a total; where that goes by earlier scores, also whose.
fn spread_quotas(
    common: &Common,
    spread: &Spread,
    design: &Design,
    name: &str,
    counted: &Frame,
) -> Result<(Quotas, Option<String>), Failure> {
    let Spreading::Neyman { from } = &spread.how else {
        let quotas = spread::quotas(spread, &counted.strata, &Quotas::new(), None)?;
        return Ok((quotas, None));
    };
    if !common.store.exists() {
        return Err(Failure::usage(
            format!(
                "there is no store at `{}` to take the scores of `{from}` from",
                common.store.display()
            ),
            "name the store that holds it with --store, or spread in proportion",
        ));
    }
    let store = common.open_store_to_write()?;
    // More may have been scored since. What is drawn stays as it was drawn.
    let before = drawn_before(&store, spread, design, name, counted)?;
    if before.values().sum::<u64>() == spread.total {
        return Ok((before, None));
    }
    let strata = counted.strata.iter().map(|stratum| &stratum.stratum);
    let (deviations, whose) = spread::deviations(common, &store, from, strata)?;
    let quotas = spread::quotas(spread, &counted.strata, &before, Some(&deviations))?;
    Ok((quotas, Some(whose)))
}

/// What the strata gave to the sample of this name, if it differs in nothing but a smaller total. Of another log a
/// larger total can't be drawn: then nothing, and the store says so.
fn drawn_before(
    store: &impl Store,
    spread: &Spread,
    design: &Design,
    name: &str,
    counted: &Frame,
) -> Result<Quotas, Failure> {
    let total = |kept: SampleInfo| {
        let Quota::Spread(had) = &kept.design.quota else {
            return None;
        };
        let total = had.total;
        let quota = Quota::Spread(Spread {
            total,
            ..spread.clone()
        });
        let but_total = Design {
            quota,
            ..design.clone()
        };
        (kept.name == name && kept.design == but_total).then_some(total)
    };
    let had = store.samples()?.into_iter().find_map(total);
    let Some(had) = had.filter(|had| *had <= spread.total) else {
        return Ok(Quotas::new());
    };
    let kept = store.strata(name)?;
    let same = |(now, kept): (&StratumDraw, &StoredStratum)| {
        now.stratum == kept.stratum && now.eligible == kept.eligible
    };
    let same = counted.strata.len() == kept.len() && counted.strata.iter().zip(&kept).all(same);
    if had < spread.total && !same {
        return Ok(Quotas::new());
    }
    let quotas = kept.into_iter().map(|kept| (kept.stratum, kept.quota));
    Ok(quotas.collect())
}

fn refuse_none(frame: &Frame, log: &str) -> Result<(), Failure> {
    if frame.eligible > 0 {
        return Ok(());
    }
    let hint = refused_sentence(&frame.refused)
        .unwrap_or_else(|| "the filters leave nothing over".to_owned());
    Err(Failure::data(
        format!("`{log}` has no call that can be drawn"),
        hint,
    ))
}

/// Above this share of unreadable or contradicting rows something is wrong with the export.
const MOST_BAD_ROWS: f64 = 0.01;

fn refuse_bad_rows(frame: &Frame, log: &OpenLog, allowed: bool) -> Result<(), Failure> {
    if allowed || frame.bad_share() <= MOST_BAD_ROWS {
        return Ok(());
    }
    let (unreadable, conflicting) = (
        frame.refused.count(Refusal::Unreadable),
        frame.refused.count(Refusal::ConflictingId),
    );
    let places = log.lines();
    let lines = |reason| {
        let first = frame.refused.lines(reason).iter().take(5);
        let told: Vec<String> = first.map(|line| places.told(*line)).collect();
        told.join(", ")
    };
    let mut parts = Vec::new();
    if unreadable > 0 {
        parts.push(format!(
            "{unreadable} can't be read (lines {})",
            lines(Refusal::Unreadable)
        ));
    }
    if conflicting > 0 {
        let lines = lines(Refusal::ConflictingId);
        parts.push(format!(
            "{conflicting} share an id with a different call (lines {lines})"
        ));
    }
    Err(Failure::data(
        format!(
            "of {} rows {}: more than 1 %",
            frame.rows,
            parts.join(" and ")
        ),
        if !log.log.columns().profile().complete.is_empty() {
            "perhaps the export is incomplete, which its rows say (`evenhand log` tells): make it again; --allow-bad-rows goes on without these rows"
        } else if conflicting > unreadable {
            "if each leg of a call has a row, name the column with the leg's id in a profile; --allow-bad-rows goes on without these rows"
        } else {
            "`evenhand log` tells more; --allow-bad-rows goes on without these rows"
        },
    ))
}

/// What became of a draw, in a sentence.
pub(super) fn sentence(sample: &NewSample, added: Added) -> String {
    let frame = &sample.frame;
    let journeys = sample.design.unit == Unit::Interaction;
    let drawn_units: u64 = frame.strata.iter().map(StratumDraw::drawn_units).sum();
    match added {
        Added::Created if journeys => format!(
            "Drew {} of {} journeys that count, with {} (of {} rows), as sample {}, seed {}: {}.",
            drawn_units,
            frame.units(),
            Unit::Call.counted(frame.drawn()),
            frame.rows,
            sample.name,
            sample.seed,
            sample.design.to_text()
        ),
        Added::Created => format!(
            "Drew {} of {} calls that count (of {} rows) as sample {}, seed {}: {}.",
            frame.drawn(),
            frame.eligible,
            frame.rows,
            sample.name,
            sample.seed,
            sample.design.to_text()
        ),
        Added::ToppedUp { calls } => {
            format!(
                "Added {calls} calls to the sample {}: {}. Those already drawn stay.",
                sample.name,
                sample.design.to_text()
            )
        }
        Added::Unchanged => {
            format!(
                "The sample {} was drawn before, with the same {} calls: nothing changed.",
                sample.name,
                frame.drawn()
            )
        }
    }
}

/// Who scores which calls of one log: those of the sample's other logs are not what was drawn just now.
fn assignments(
    store: &impl Store,
    sample: &str,
    frame: &Frame,
) -> Result<Vec<Assignment>, Failure> {
    let kept = (frame.strata.iter())
        .flat_map(|stratum| stratum.calls.iter().chain(&stratum.reserves))
        .map(|kept| kept.call.call_id.as_str());
    let kept: HashSet<&str> = kept.collect();
    let mut assignments = store.assignments(sample)?;
    assignments.retain(|one| kept.contains(one.call_id.as_str()));
    Ok(assignments)
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        if self.into.is_some() || self.top_up {
            return self.go_on(common);
        }
        let rubric = input::rubric(self.rubric.as_deref().unwrap_or(Path::new("")))?;
        let log = self.log.open()?;
        let dealing = self.dealing()?;
        let mut draw = draw(common, &log, &rubric, &self.design, self.log.allow_bad_rows)?;
        draw.sample.dealing = dealing;
        draw.sample.new_analyst = self.new_analyst;
        draw.sample.sealed = self.sealed(&log)?;
        let mut store = common.create_store()?;
        let added = store.add_sample(&draw.sample).map_err(Failure::from)?;
        let assignments = assignments(&store, &draw.sample.name, &draw.sample.frame)?;
        let mut lead = vec![sentence(&draw.sample, added)];
        if draw.made_seed {
            lead.push(format!("The seed was made just now: {}.", draw.sample.seed));
        }
        lead.extend(draw.deviations);
        let report = DrawReport {
            name: draw.sample.name,
            seed: draw.sample.seed.to_string(),
            rubric: draw.sample.rubric.id,
            unit: draw.sample.design.unit,
            design: draw.sample.design.to_text(),
            batch: 1,
            trust_ids: draw.sample.design.eligibility.trust_ids,
            frame: draw.sample.frame,
            lines: log.lines(),
            assignments,
        };
        self.print(lead, report)
    }

    fn print(&self, lead: Vec<String>, mut report: DrawReport) -> anyhow::Result<()> {
        if self.redact.redact {
            report.redact();
        }
        let report = &report;
        let mut tail: Vec<String> = report.notes().into_iter().map(|note| note.text).collect();
        tail.push("Next: evenhand score --analyst NAME".to_owned());
        self.output.print(Document {
            lead,
            tables: Box::new(|| report.tables()),
            tail,
            page: None,
            json: Box::new(|| json::draw(report)),
        })
    }

    /// The SHA-256 of the log's files, if it is to be kept.
    fn sealed(&self, log: &OpenLog) -> Result<Option<[u8; 32]>, Failure> {
        if !self.seal {
            return Ok(None);
        }
        Ok(Some(log.log.sha256()?))
    }

    fn dealing(&self) -> Result<Option<Dealing>, Failure> {
        let Some(shares) = self.analysts.clone() else {
            return Ok(None);
        };
        let dealing = Dealing::new(shares, self.double).map_err(|bad| {
            Failure::usage(
                bad.to_string(),
                "name another with --analysts, or leave --double out",
            )
        })?;
        Ok(Some(dealing))
    }
}
