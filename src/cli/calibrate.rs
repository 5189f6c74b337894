use super::output::{Document, OutputArgs};
use super::{Common, Failure, facts, stored};
use crate::render::json;
use crate::report::Calibration;

/// Compare analysts, and CSRs adjusted for who scored them
///
/// Per behavior the share of same answers, Gwet's AC1, Krippendorff's alpha and the answers that are confused; how far
/// each analyst lies from the others; ICC(2,1) of scores where calls were scored by all; and per CSR the mean beside the
/// one that analysts of equal strictness would have given. Agreement needs calls that two analysts scored
/// (`evenhand draw --double`); adjusted means need CSRs that several analysts scored.
///
/// Alpha's metric follows the answers: nominal for two, ordinal for more in an order, interval for five or more whose
/// points are evenly spaced.
///
/// Example: `evenhand calibrate --sample july-2026 --format json`
#[derive(clap::Args)]
pub(super) struct Args {
    /// The sample (default: the newest)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let store = common.open_store()?;
        let sample = stored::pick(common, &store, self.sample.as_deref())?;
        let rubric = stored::rubric(&store, &sample)?;
        let facts = [facts::of(&store, &sample, false)?];
        let found = Calibration::new(&rubric, &facts).map_err(|error| {
            Failure::data(error.to_string(), "`evenhand rubric check` tells more")
        })?;
        if found.is_empty() {
            let why: Vec<&str> = found.notes.iter().map(|note| note.text.as_str()).collect();
            return Err(Failure::data(
                format!("analysts can't be compared yet. {}", why.join(" ")),
                "let two analysts score the same calls, then record both",
            )
            .into());
        }
        let mut lead = vec![match found.calls {
            0 => format!(
                "Sample {}: no call was scored by two analysts.",
                sample.name
            ),
            1 => format!(
                "Sample {}: 1 call was scored by two analysts or more.",
                sample.name
            ),
            calls => format!(
                "Sample {}: {calls} calls scored by two analysts or more ({}).",
                sample.name,
                found.analysts.join(", ")
            ),
        }];
        if let Some((icc, limits)) = &found.icc {
            let margin = limits
                .map(|l| format!(" (95 % margin {:.2} to {:.2})", l.low, l.high))
                .unwrap_or_default();
            lead.push(format!("Agreement of scores, ICC(2,1): {icc:.2}{margin}."));
        }
        self.output.print(Document {
            lead,
            tables: Box::new(|| found.tables()),
            tail: found.notes.iter().map(|note| note.text.clone()).collect(),
            page: None,
            json: Box::new(|| json::calibration(&sample.name, &found)),
        })
    }
}
