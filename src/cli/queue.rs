use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::json;

use super::output::{Document, OutputArgs};
use super::{Common, Failure, stored};
use crate::render::json as shapes;
use crate::report::{DraftRow, QueueRow, Queues};
use crate::sampling::Assignment;
use crate::store::{Begun, CallRole, SampleInfo, Store, StoredCall};

/// Tell what is left to score, and for whom
///
/// Per sample and analyst: calls drawn and left, picked calls, what is begun or open just now, the oldest call that
/// waits, and the minutes it will take by the analyst's median time.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Only what this analyst can score
    #[arg(long, env = "EVENHAND_ANALYST", value_name = "NAME")]
    analyst: Option<String>,
    /// One sample (default: all that are not withdrawn)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let store = common.open_store()?;
        if let Some(name) = &self.analyst {
            stored::known_analyst(&store, name)?;
        }
        let mut samples = store.samples().map_err(Failure::from)?;
        match &self.sample {
            Some(name) => samples = vec![stored::pick(common, &store, Some(name))?],
            None => samples.retain(|sample| sample.withdrawn.is_none()),
        }
        let pace = Pace::of(&store, &samples)?;
        let mut queues = Queues::default();
        for sample in &samples {
            self.add(&store, sample, &pace, &mut queues)?;
        }
        self.output.print(Document {
            lead: Vec::new(),
            tables: Box::new(|| queues.tables()),
            page: None,
            json: Box::new(|| {
                json!({
                    "schema": "evenhand.queue/1",
                    "queue": queues.rows.iter().map(row).collect::<Vec<_>>(),
                    "drafts": shapes::rows(&queues.begun()),
                })
            }),
            tail: Vec::new(),
        })
    }

    fn add(
        &self,
        store: &impl Store,
        sample: &SampleInfo,
        pace: &Pace,
        queues: &mut Queues,
    ) -> Result<(), Failure> {
        let wanted = |analyst: &Option<String>| match (&self.analyst, analyst) {
            (Some(only), Some(analyst)) => only == analyst,
            _ => true,
        };
        let work = Work::of(store, &sample.name)?;
        let mut rows: BTreeMap<Option<String>, QueueRow> = BTreeMap::new();
        for call in work.calls.iter().filter(|call| call.unscorable.is_none()) {
            for analyst in work.analysts(call) {
                let row = rows.entry(analyst.clone()).or_default();
                work.count(call, analyst.as_deref(), row);
            }
        }
        for (analyst, mut row) in rows {
            if !wanted(&analyst) || (row.drawn == 0 && row.picked_left == 0) {
                continue;
            }
            let each = pace.minutes(analyst.as_deref());
            let left = row.left + row.picked_left;
            row.minutes_left = match left {
                0 => Some(0.0),
                left => each.map(|each| each * left as f64),
            };
            row.sample.clone_from(&sample.name);
            row.analyst = analyst;
            queues.rows.push(row);
        }
        let drafts = work.drafts(&sample.name);
        queues
            .drafts
            .extend(drafts.filter(|draft| wanted(&Some(draft.analyst.clone()))));
        Ok(())
    }
}

fn row(row: &QueueRow) -> serde_json::Value {
    json!({
        "sample": row.sample,
        "analyst": row.analyst,
        "drawn": row.drawn,
        "left": row.left,
        "picked_left": row.picked_left,
        "drafts": row.drafts,
        "claims": row.claims,
        "oldest": row.oldest,
        "minutes_left": row.minutes_left,
    })
}

/// One sample with all that decides what is left.
struct Work {
    calls: Vec<StoredCall>,
    assigned: HashMap<String, Vec<String>>,
    complete: HashSet<String>,
    /// Who has completed which call.
    done: HashSet<(String, String)>,
    drafts: Vec<Begun>,
    claims: HashSet<(String, String)>,
    /// Calls that analysts were given and still have to score.
    given: HashSet<(String, String)>,
}

impl Work {
    fn of(store: &impl Store, sample: &str) -> Result<Self, Failure> {
        let mut assigned: HashMap<String, Vec<String>> = HashMap::new();
        for Assignment {
            call_id, analyst, ..
        } in store.assignments(sample)?
        {
            assigned.entry(call_id).or_default().push(analyst);
        }
        let (mut complete, mut done) = (HashSet::new(), HashSet::new());
        for found in store.evaluations(sample, false)? {
            let call_id = found.evaluation.call_id;
            if found.counts {
                complete.insert(call_id.clone());
            }
            done.insert((call_id, found.evaluation.analyst));
        }
        let open = store.open_work(sample)?;
        let claims = open.claims.into_iter();
        Ok(Self {
            calls: store.calls(sample, false)?,
            assigned,
            complete,
            done,
            drafts: open.drafts,
            given: open.given.into_iter().collect(),
            claims: claims.map(|claim| (claim.call_id, claim.analyst)).collect(),
        })
    }

    /// Whose call it is: that of its analysts, or nobody's.
    fn analysts(&self, call: &StoredCall) -> Vec<Option<String>> {
        if !call.is_scorable() {
            return Vec::new();
        }
        match self.assigned.get(&call.drawn.call.call_id) {
            Some(analysts) => analysts.iter().cloned().map(Some).collect(),
            None => vec![None],
        }
    }

    fn count(&self, call: &StoredCall, analyst: Option<&str>, row: &mut QueueRow) {
        let id = &call.drawn.call.call_id;
        let done = match analyst {
            Some(analyst) => !self.given.contains(&(id.clone(), analyst.to_owned())),
            None => self.complete.contains(id),
        };
        let drawn = call.role == CallRole::Drawn;
        row.drawn += u64::from(drawn);
        if done {
            return;
        }
        row.left += u64::from(drawn);
        row.picked_left += u64::from(!drawn);
        let theirs = |who: &str| analyst.is_none_or(|analyst| analyst == who);
        let mut drafts = self.drafts.iter();
        row.drafts += u64::from(drafts.any(|draft| draft.call_id == *id && theirs(&draft.analyst)));
        let mut claims = self.claims.iter();
        row.claims += u64::from(claims.any(|(call, who)| call == id && theirs(who)));
        if let Some(started) = &call.drawn.call.started_text {
            let at = call.drawn.call.started_at;
            let oldest = row
                .oldest_at
                .is_none_or(|oldest| at.is_some_and(|at| at < oldest));
            if oldest && at.is_some() {
                row.oldest_at = at;
                row.oldest = Some(started.clone());
            }
        }
    }

    /// What is begun, but for what nobody will go on with.
    fn drafts<'a>(&'a self, sample: &'a str) -> impl Iterator<Item = DraftRow> + 'a {
        let unscorable: HashSet<&str> = (self.calls.iter())
            .filter(|call| call.unscorable.is_some())
            .map(|call| call.drawn.call.call_id.as_str())
            .collect();
        let lives = move |draft: &&Begun| !unscorable.contains(draft.call_id.as_str());
        let state = |draft: &Begun| {
            let done = (draft.call_id.clone(), draft.analyst.clone());
            let given = self.assigned.get(&draft.call_id);
            let elsewhere = given.is_some_and(|given| !given.contains(&draft.analyst));
            match (self.done.contains(&done), elsewhere) {
                (true, _) => Some("amends an evaluation"),
                (false, false) => Some("goes on"),
                (false, true) if self.complete.contains(&draft.call_id) => None,
                (false, true) => Some("kept; the call was given to somebody else"),
            }
        };
        let row = move |draft: &Begun| {
            Some(DraftRow {
                sample: sample.to_owned(),
                call_id: draft.call_id.clone(),
                analyst: draft.analyst.clone(),
                saved_at: draft.at,
                state: state(draft)?,
            })
        };
        self.drafts.iter().filter(lives).filter_map(row)
    }
}

/// How long calls take.
struct Pace {
    /// Minutes, by analyst.
    medians: HashMap<String, f64>,
    all: Option<f64>,
}

impl Pace {
    fn of(store: &impl Store, samples: &[SampleInfo]) -> Result<Self, Failure> {
        let mut seconds: HashMap<String, Vec<f64>> = HashMap::new();
        for sample in samples {
            for found in store.evaluations(&sample.name, false)? {
                if let Some(took) = found.evaluation.seconds {
                    let analyst = found.evaluation.analyst;
                    seconds.entry(analyst).or_default().push(took);
                }
            }
        }
        let all = seconds.values().flatten().copied().collect();
        let medians = seconds
            .into_iter()
            .filter_map(|(analyst, took)| Some((analyst, median(took)? / 60.0)));
        Ok(Self {
            medians: medians.collect(),
            all: median(all).map(|seconds| seconds / 60.0),
        })
    }

    fn minutes(&self, analyst: Option<&str>) -> Option<f64> {
        match analyst {
            Some(analyst) => self.medians.get(analyst).copied(),
            None => self.all,
        }
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(middle.checked_sub(1)?)?;
    Some(f64::midpoint(lower, upper))
}
