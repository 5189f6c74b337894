//! What a page of a whole report has besides its tables.

use super::made::Wanted;
use super::sums::are_alike;
use super::tables::Samples;

use crate::report::{
    AnyTable, DrawWords, DrawnSample, Evidence, Explanation, Headline, PageParts, Progress,
    RatesOf, SampleFacts, Sheet,
};
use crate::sampling::{DrawNumber, Unit};
use crate::store::{BatchInfo, SampleInfo};

/// So many scores are told line by line; the command for the others is.
const MOST_SHEETS: usize = 200;

/// Makes them from the tables of the report.
pub(super) fn parts(
    infos: &[SampleInfo],
    samples: &Samples<'_>,
    progress: &[Progress],
    tables: &[AnyTable],
    wanted: &Wanted,
) -> PageParts {
    let mut evidence = Evidence {
        is_filtered: !wanted.filter.is_all(),
        sample: infos.last().map(|info| info.name.as_str()),
        ..Evidence::default()
    };
    let mut caller_types = None;
    for table in tables {
        match table {
            AnyTable::CallerTypes(table) => caller_types = Some(table),
            AnyTable::Csrs(table) => evidence.csrs = Some(table),
            AnyTable::Recognition(table) => evidence.recognition = Some(table),
            AnyTable::Costs(table) => evidence.costs = Some(table),
            AnyTable::CsrBehaviors(table) => evidence.csr_behaviors = Some(table),
            AnyTable::Rates(table) => match table.what {
                RatesOf::Behaviors => evidence.behaviors = Some(table),
                RatesOf::Drivers => evidence.drivers = Some(table),
                RatesOf::Critical => {}
            },
            _ => {}
        }
    }
    let (sheets, all) = sheets(samples);
    let rubric = samples.rubrics.last().filter(|_| are_alike(infos));
    let rubric = rubric.map(|rubric| rubric.title());
    PageParts {
        title: match rubric {
            Some(title) => format!("{title}: {}", names(infos)),
            None => names(infos),
        },
        notes_title: None,
        headlines: caller_types.map_or_else(Vec::new, |table| Headline::of(table, progress)),
        advice: evidence.advice(),
        drawn: (infos.iter().zip(&samples.facts))
            .map(|(info, facts)| drawn(info, facts, wanted.redact))
            .collect(),
        sheets_left_out: (sheets.len() < all).then(|| {
            format!(
                "The first {} of {all} scores, in the order of the draw. `evenhand explain CALL_ID` tells any of them.",
                sheets.len()
            )
        }),
        sheets,
    }
}

fn names(infos: &[SampleInfo]) -> String {
    match infos {
        [first, _, .., last] => format!("{} to {}", first.name, last.name),
        [one, other] => format!("{} and {}", one.name, other.name),
        _ => infos.iter().map(|info| info.name.as_str()).collect(),
    }
}

fn drawn(info: &SampleInfo, facts: &SampleFacts, redacted: bool) -> DrawnSample {
    let several = info.batches.len() > 1;
    // A masked id can't be hashed.
    let is_masked = redacted && info.design.unit == Unit::Interaction;
    let first = facts.calls.first().filter(|_| !is_masked).map(|call| {
        let drawn = call.journey.as_ref().unwrap_or(&call.call_id).clone();
        let number = DrawNumber::new(&info.seed, &drawn).to_string();
        (drawn, number)
    });
    let words = DrawWords {
        name: &info.name,
        seed: &info.seed.to_string(),
        unit: info.design.unit,
        design: match several {
            true => format!("{} from each log", info.design.to_text()),
            false => info.design.to_text(),
        },
        calls_in_log: info.calls_in_log(),
        eligible: info.eligible(),
        drawn: info.counts.drawn,
        logs: (info.batches.iter())
            .flat_map(BatchInfo::files)
            .map(str::to_owned)
            .collect(),
        digest: match info.batches.as_slice() {
            [one] => Some(one.frame_digest.to_string()),
            _ => None,
        },
        first,
    };
    words.told()
}

/// Scores that count, and how many there are.
fn sheets(samples: &Samples<'_>) -> (Vec<Sheet>, usize) {
    let both = samples.rubrics.iter().zip(&samples.facts);
    let scored = both.flat_map(|(rubric, sample)| {
        let calls = sample.inside();
        calls.filter_map(move |call| Some((rubric, call, call.counting()?)))
    });
    let (mut sheets, mut all) = (Vec::new(), 0);
    for (rubric, call, evaluation) in scored {
        all += 1;
        if sheets.len() < MOST_SHEETS {
            let explained = Explanation::new(rubric, &call.csr, evaluation, true);
            sheets.push(Sheet::of(&explained));
        }
    }
    (sheets, all)
}
