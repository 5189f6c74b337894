use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::json;

use super::output::{Document, OutputArgs, print};
use super::{Common, Failure};
use crate::read;
use crate::report::roster_table;
use crate::store::Store;

/// Keep who is who in the logs, and who was in which team when
///
/// A CSV file with the column `csr` and, where wanted, `alias` (another spelling in the logs), `team`, `from`, `to`.
/// Reports fold spellings and count teams by it; stored calls stay as logged. `report --roster FILE` takes another one.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Keep a roster in the store; it takes the place of the one before
    Import {
        /// The roster (CSV)
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Show the roster that is kept
    Show {
        #[command(flatten)]
        output: OutputArgs,
    },
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Import { file } => {
                let loaded = read::roster(&file).map_err(Failure::from)?;
                let mut store = common.open_store_to_write()?;
                let name = file.display().to_string();
                store
                    .keep_roster(&name, &loaded.source, Timestamp::now())
                    .map_err(Failure::from)?;
                let csrs = loaded.roster.members().count();
                let text = format!("The roster `{name}` is kept: {csrs} CSRs.");
                print(&format!("{}\n", crate::calls::escape(&text)))
            }
            What::Show { output } => {
                let kept = common.open_store()?.roster().map_err(Failure::from)?;
                let Some(kept) = kept else {
                    return Err(Failure::usage(
                        "the store keeps no roster",
                        "`evenhand roster import FILE` keeps one",
                    )
                    .into());
                };
                let roster = read::roster_text(&kept.file, &kept.source).map_err(Failure::from)?;
                let imported_at = kept.imported_at.to_string();
                output.print(Document {
                    lead: vec![format!("From `{}`, kept at {imported_at}.", kept.file)],
                    tables: Box::new(|| vec![roster_table(&roster)]),
                    page: None,
                    json: Box::new(|| {
                        json!({
                            "schema": "evenhand.roster/1",
                            "file": kept.file,
                            "imported_at": imported_at,
                            "rows": crate::render::json::rows(&roster_table(&roster)),
                        })
                    }),
                    tail: Vec::new(),
                })
            }
        }
    }
}
