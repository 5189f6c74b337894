//! Samples that make no report together.

use crate::cli::Failure;
use crate::report::{Costs, Overlap, SampleFacts};
use crate::rubric::Rubric;
use crate::sampling::Unit;
use crate::store::SampleInfo;

/// Calls and whole journeys are drawn with other chances, so they make no estimate together.
pub(super) fn check_units(samples: &[SampleFacts]) -> Result<(), Failure> {
    let (journeys, calls): (Vec<_>, Vec<_>) =
        (samples.iter()).partition(|sample| sample.unit == Unit::Interaction);
    let (Some(one), Some(other)) = (journeys.first(), calls.first()) else {
        return Ok(());
    };
    let (one, other) = (&one.name, &other.name);
    Err(Failure::data(
        format!(
            "`{one}` is a sample of whole journeys, `{other}` one of calls: they make no estimate together"
        ),
        format!("report on one of them: --sample {one}, or --sample {other}"),
    ))
}

/// Of single calls nobody knows how their customers fared before and after.
pub(super) fn check_journeys(samples: &[SampleFacts]) -> Result<(), Failure> {
    match samples.iter().find(|sample| sample.unit == Unit::Call) {
        None => Ok(()),
        Some(sample) => Err(Failure::usage(
            format!(
                "`{}` is a sample of single calls, not of whole journeys",
                sample.name
            ),
            "`evenhand draw LOG --unit interaction` draws journeys; name such a sample with --sample",
        )),
    }
}

/// A call that two samples share would count twice in an estimate.
pub(super) fn check_overlap(samples: &[&SampleFacts]) -> Result<(), Failure> {
    let Some(overlap) = Overlap::among(samples) else {
        return Ok(());
    };
    let [one, other] = &overlap.samples;
    let hint = format!("report on one of them: --sample {one}, or --sample {other}");
    Err(Failure::data(overlap.to_string(), hint))
}

pub(super) fn other_rubrics(infos: &[SampleInfo]) -> Failure {
    let named = |info: &SampleInfo| {
        let (rubric, sample) = (&info.rubric, &info.name);
        let revision = rubric.revision.as_deref().unwrap_or_default();
        let mut others = infos.iter().map(|info| &info.rubric);
        // Two that go by one name are told apart by what counts.
        let namesake = others.any(|other| {
            (&other.id, &other.revision) == (&rubric.id, &rubric.revision)
                && other.scoring_hash != rubric.scoring_hash
        });
        let hash = match namesake {
            true => format!(" (scoring hash {}...)", hex(&rubric.scoring_hash[..4])),
            false => String::new(),
        };
        let name = format!("`{sample}` under `{}` {revision}", rubric.id);
        format!("{}{hash}", name.trim_end())
    };
    let names: Vec<String> = infos.iter().map(named).collect();
    let options = infos.iter().map(|info| format!(" --sample {}", info.name));
    Failure::data(
        format!(
            "these samples are scored under rubrics that score differently, so their scores have no common mean: {}",
            names.join(", ")
        ),
        format!(
            "`evenhand report behaviors{}` compares them behavior by behavior, `calls` and `answers` list them; or name \
             samples of one rubric",
            options.collect::<String>()
        ),
    )
}

/// Without bands there is nothing to fall into.
pub(super) fn check_bands(rubric: &Rubric) -> Result<(), Failure> {
    if !rubric.bands().is_empty() {
        return Ok(());
    }
    Err(Failure::data(
        format!("the rubric `{}` has no bands", rubric.id()),
        "name some: bands = [ { from = 85, name = \"Meets\" }, { from = 0, name = \"Below\" } ]; they change no score, so \
         `evenhand samples adopt SAMPLE --rubric FILE` gives them to a sample that is drawn",
    ))
}

/// Costs take minutes.
pub(super) fn check_costs(rubric: &Rubric) -> Result<(), Failure> {
    if Costs::are_told_by(rubric) {
        return Ok(());
    }
    Err(Failure::data(
        format!(
            "the rubric `{}` doesn't say what an avoidable call takes",
            rubric.id()
        ),
        "give its avoidable drivers minutes: `minutes = 4`; and, for money, `cost_per_minute = 0.95` and `currency = \"EUR\"` \
         under [rubric]. They change no score, so `evenhand samples adopt SAMPLE --rubric FILE` gives them to a sample that is \
         drawn",
    ))
}

/// A sum over calls that nobody has counted.
pub(super) fn uncounted() -> Failure {
    Failure::usage(
        "the log doesn't tell how many calls these are, so there is no sum over them",
        "leave --queue, --analyst, --from and --to out; `evenhand report drivers` has their shares",
    )
}

/// A hash as people see it.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
