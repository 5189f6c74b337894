use super::output::{Document, OutputArgs};
use super::{Common, Failure, stored};
use crate::render::json;
use crate::report::Calibration;

/// Compare analysts on the calls that several of them scored
///
/// Per behavior the share of same answers, Gwet's AC1 and Krippendorff's alpha with their margins; for scores the
/// intraclass correlation ICC(2,1) and how far each analyst lies from all. Record the same calls for two analysts first.
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
        let facts = [stored::facts(&store, &sample, false)?];
        let found = Calibration::new(&rubric, &facts).map_err(|error| {
            Failure::data(
                format!("analysts can't be compared yet: {error}"),
                "let two analysts score the same calls, then record both",
            )
        })?;
        let mut lead = vec![format!(
            "Sample {}: {} calls scored by two analysts or more ({}).",
            sample.name,
            found.calls,
            found.analysts.join(", ")
        )];
        if let Some((icc, limits)) = &found.icc {
            let margin = limits
                .map(|l| format!(" (95 % margin {:.2} to {:.2})", l.low, l.high))
                .unwrap_or_default();
            lead.push(format!("Agreement of scores, ICC(2,1): {icc:.2}{margin}."));
        }
        self.output.print(&Document {
            lead,
            tables: found.tables(),
            tail: found.notes.iter().map(|note| note.text.clone()).collect(),
            json: json::calibration(&sample.name, &found),
        })
    }
}
