use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use jiff::Timestamp;

use super::Failure;
use super::writing::{keep_page, write};
use crate::render::{self, Letters, Page, Width, json};
use crate::report::{PageParts, Table};

/// How results are printed.
#[derive(clap::Args)]
pub(crate) struct OutputArgs {
    /// How results are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: Format,
    /// Write results to a file (for csv with several tables: to a folder)
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Show the page in the browser (with `--format html`; without --output, from a file in the folder for temporary ones)
    #[arg(long)]
    open: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
    Csv,
    Md,
    Html,
    Xlsx,
}

/// What a command has to say, in the parts that formats need. Tables and JSON are made only where the format asks for
/// them: a draw lists thousands of calls in each.
pub(crate) struct Document<'a> {
    /// Sentences above the tables, for people.
    pub(crate) lead: Vec<String>,
    pub(crate) tables: Made<'a, Vec<Table>>,
    /// Sentences below the tables, for people.
    pub(crate) tail: Vec<String>,
    pub(crate) json: Made<'a, serde_json::Value>,
    /// What a page has besides; without it, its title is the first table's.
    pub(crate) page: Option<Made<'a, PageParts>>,
}

/// How a part is made.
pub(crate) type Made<'a, T> = Box<dyn FnOnce() -> T + 'a>;

impl OutputArgs {
    /// Prints a document, or writes it.
    ///
    /// # Errors
    /// What writing gives; csv of several tables without a folder.
    pub(crate) fn print(&self, document: Document<'_>) -> anyhow::Result<()> {
        let on_terminal = self.output.is_none() && std::io::stdout().is_terminal();
        let width = match on_terminal {
            true => terminal_size::terminal_size()
                .map_or(Width::Columns(100), |(w, _)| Width::Columns(w.0)),
            false => Width::Free,
        };
        if self.open && self.format != Format::Html {
            return Err(Failure::usage(
                "--open shows a page, and no page was asked for",
                "add --format html",
            )
            .into());
        }
        if self.format == Format::Xlsx && on_terminal {
            return Err(Failure::usage(
                "a workbook can't be shown in a terminal",
                "name a file: --output report.xlsx",
            )
            .into());
        }
        let Document { lead, tail, .. } = document;
        let tables = || with_names_of_their_own((document.tables)());
        let text = match self.format {
            Format::Json => json::to_text(&(document.json)()),
            Format::Csv => match tables().as_slice() {
                [one] => render::csv(one)?,
                several => return self.folder(several),
            },
            Format::Table => {
                let mut parts: Vec<String> = Vec::new();
                parts.extend(paragraph(&lead, width));
                parts.extend(
                    tables()
                        .iter()
                        .map(|table| render::terminal(table, width, letters())),
                );
                parts.extend(paragraph(&tail, width));
                parts.join("\n")
            }
            Format::Md => {
                let mut parts: Vec<String> = Vec::new();
                parts.extend(paragraph(&lead, Width::Free));
                parts.extend(tables().iter().map(render::markdown));
                parts.extend(paragraph(&tail, Width::Free));
                parts.join("\n")
            }
            Format::Html => page(document.page, &lead, &tables(), &tail)?,
            Format::Xlsx => {
                let book = render::xlsx(&lead, &tables(), &tail)?;
                return self.put(&book);
            }
        };
        self.put(text.as_bytes())
    }

    fn put(&self, bytes: &[u8]) -> anyhow::Result<()> {
        match &self.output {
            _ if self.open => self.show(bytes),
            None => print_bytes(bytes),
            Some(path) => Ok(write(path, bytes)?),
        }
    }

    /// Writes a page and has the browser open it, without waiting for it.
    fn show(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let path = match &self.output {
            Some(path) => {
                write(path, bytes)?;
                std::path::absolute(path)?
            }
            None => keep_page(bytes)?,
        };
        let shown = path.display().to_string();
        open::that_detached(&path).map_err(|why| Failure::Io {
            what: format!("can't open a browser; the page is `{shown}`"),
            why,
        })?;
        print(&format!("The page is {}\n", crate::calls::escape(&shown)))
    }

    fn folder(&self, tables: &[Table]) -> anyhow::Result<()> {
        let Some(folder) = &self.output else {
            let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
            if names.is_empty() {
                return Err(Failure::usage(
                    "there is no table here for csv to hold",
                    "leave --format out to read what there is to say",
                )
                .into());
            }
            return Err(Failure::usage(
                format!(
                    "csv holds one table, and there are {}: {}",
                    names.len(),
                    names.join(", ")
                ),
                "name one table, or a folder with --output",
            )
            .into());
        };
        let failed = |why| Failure::Io {
            what: format!("can't make the folder `{}`", folder.display()),
            why,
        };
        std::fs::create_dir_all(folder).map_err(failed)?;
        for table in tables {
            write(
                &folder.join(format!("{}.csv", table.name)),
                render::csv(table)?.as_bytes(),
            )?;
        }
        Ok(())
    }
}

/// What the terminal can show, by the locale.
fn letters() -> Letters {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    let locale = locale.unwrap_or_default().to_lowercase();
    match locale.contains("utf-8") || locale.contains("utf8") {
        true => Letters::Unicode,
        false => Letters::Ascii,
    }
}

/// Tables of one name are told apart by numbers, for files, sheets and links.
fn with_names_of_their_own(mut tables: Vec<Table>) -> Vec<Table> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for table in &mut tables {
        let times = seen.entry(table.name.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            table.name = format!("{}-{times}", table.name);
        }
    }
    tables
}

fn page(
    parts: Option<Made<'_, PageParts>>,
    lead: &[String],
    tables: &[Table],
    notes: &[String],
) -> anyhow::Result<String> {
    let mut parts = parts.map(|parts| parts()).unwrap_or_default();
    if parts.title.is_empty() {
        let caption = tables.first().map(|table| table.caption.clone());
        parts.title = caption.unwrap_or_else(|| "evenhand".to_owned());
    }
    let made = format!(
        "Made by evenhand {} on {}.",
        env!("CARGO_PKG_VERSION"),
        Timestamp::now().strftime("%Y-%m-%d %H:%M UTC")
    );
    Ok(render::html(&Page {
        parts: &parts,
        lead,
        tables,
        notes,
        made,
    })?)
}

fn paragraph(sentences: &[String], width: Width) -> Option<String> {
    let lines: Vec<String> = (sentences.iter())
        .map(|line| render::sentence(line, width))
        .collect();
    (!lines.is_empty()).then(|| lines.concat())
}

/// Prints results.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    print_bytes(text.as_bytes())
}

fn print_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}
