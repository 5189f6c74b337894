use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::output::{Document, Format, OutputArgs, print};
use super::{Common, Failure, input};
use crate::render::json::to_text;
use crate::report::{RubricChanges, RubricFile, RubricReport};
use crate::rubric::STARTER;

/// Check, show, compare or begin a rubric
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Check a rubric and score its worked examples again
    Check {
        #[arg(value_name = "RUBRIC", required = true)]
        files: Vec<PathBuf>,
        /// Print the result as JSON
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: CheckFormat,
    },
    /// Show a rubric's sections, behaviors, answers and weights
    Show {
        #[arg(value_name = "RUBRIC")]
        file: PathBuf,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Tell what changes from one rubric to another, and whether a sample may go on with the second
    ///
    /// Each change is of a kind. `scoring`: it decides scores, so calls scored before and after it can't be compared.
    /// `ticks`: drivers already ticked would be lost or mean something else. `wording`: a sample may go on with it.
    Diff {
        /// The rubric that a sample was drawn for
        #[arg(value_name = "A")]
        from: PathBuf,
        /// The rubric that is to take its place
        #[arg(value_name = "B")]
        to: PathBuf,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Write a commented rubric to start from
    New {
        /// The file to make; without it the rubric is printed
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum CheckFormat {
    Text,
    Json,
}

impl Args {
    pub(super) fn run(self, _common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Check { files, format } => check(&files, format),
            What::Show { file, output } => show(&file, &output),
            What::Diff { from, to, output } => diff(&from, &to, &output),
            What::New { file } => new(file),
        }
    }
}

fn check(files: &[PathBuf], format: CheckFormat) -> anyhow::Result<()> {
    let mut faulty = false;
    for file in files {
        match input::rubric(file) {
            Ok(loaded) if format == CheckFormat::Text => {
                let rubric = &loaded.rubric;
                print(&format!(
                    "{}: good. {} in {}; {} out as stated.\n",
                    file.display(),
                    counted(rubric.behaviors().len(), "behavior"),
                    counted(rubric.sections().len(), "section"),
                    match rubric.examples().len() {
                        1 => "1 worked example comes".to_owned(),
                        many => format!("{many} worked examples come"),
                    }
                ))?;
            }
            Ok(_) => print(&to_text(
                &json!({"schema": "evenhand.check/1", "file": file, "good": true, "faults": []}),
            ))?,
            // A file that can't be read is no answer to the question.
            Err(failure) if failure.exit_code() == 5 => return Err(failure.into()),
            Err(failure) => {
                faulty = true;
                match (&failure, format) {
                    (Failure::Input(problems), CheckFormat::Json) => {
                        let faults = problems.list().iter().map(|problem| {
                            json!({
                                "line": problem.place.as_ref().map(|place| place.line),
                                "column": problem.place.as_ref().map(|place| place.column),
                                "message": problem.message,
                                "hint": problem.hint,
                            })
                        });
                        let faults = faults.collect::<Vec<_>>();
                        print(&to_text(
                            &json!({"schema": "evenhand.check/1", "file": file, "good": false, "faults": faults}),
                        ))?;
                    }
                    _ => anstream::eprintln!("{}", failure.to_text(super::failure::colored())),
                }
            }
        }
    }
    if faulty {
        Err(Failure::No.into())
    } else {
        Ok(())
    }
}

/// `1 section`, `2 sections`.
fn counted(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

fn show(file: &Path, output: &OutputArgs) -> anyhow::Result<()> {
    let rubric = input::rubric(file)?.rubric;
    let report = RubricReport::new(&rubric);
    output.print(Document {
        lead: report.lead(),
        tables: Box::new(|| report.tables()),
        tail: Vec::new(),
        page: None,
        json: Box::new(|| crate::render::json::rubric(&report)),
    })
}

fn diff(from: &Path, to: &Path, output: &OutputArgs) -> anyhow::Result<()> {
    let read = |file: &Path| -> Result<RubricFile, Failure> {
        Ok(RubricFile {
            file: file.display().to_string(),
            rubric: input::rubric(file)?.rubric,
        })
    };
    let report = RubricChanges::new(read(from)?, read(to)?);
    let mut tables = vec![report.table()];
    // A file for scripts has its heads even where nothing follows; people need no empty table.
    if output.format != Format::Csv {
        tables.retain(|table| !table.rows.is_empty());
    }
    output.print(Document {
        lead: vec![report.lead()],
        tables: Box::new(|| tables),
        tail: Vec::new(),
        page: None,
        json: Box::new(|| crate::render::json::rubric_changes(&report)),
    })
}

fn new(file: Option<PathBuf>) -> anyhow::Result<()> {
    let Some(file) = file else {
        return print(STARTER);
    };
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file);
    let written = made.and_then(|mut made| made.write_all(STARTER.as_bytes()));
    written.map_err(|why| match why.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::usage(
            format!("`{}` exists already", file.display()),
            "name another file",
        ),
        _ => Failure::Io {
            what: format!("can't write `{}`", file.display()),
            why,
        },
    })?;
    print(&format!(
        "Wrote {}. Next: change it, then `evenhand rubric check {}`.\n",
        file.display(),
        file.display()
    ))
}
