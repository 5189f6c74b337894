//! A page that holds everything it needs: styles, pictures, a little script, and not one address to load from.

use std::borrow::Cow;

use askama::Template;

use super::cell::{legend, marked};
use super::{drawing, shade};
use crate::report::{Align, Cell, Headline, PageParts, Picture, Table, escape};

/// Looks of the shades, the least first.
const SHADES: [&str; 5] = ["h h0", "h h1", "h h2", "h h3", "h h4"];

/// A longer text is a sentence.
const LONG: usize = 28;

/// A table of more rows is cut, and says so.
const MOST_ROWS: usize = 500;

/// What a page is made of.
pub struct Page<'a> {
    pub parts: &'a PageParts,
    /// Sentences above everything else.
    pub lead: &'a [String],
    pub tables: &'a [Table],
    /// Sentences below everything else.
    pub notes: &'a [String],
    /// When and by what it was made.
    pub made: String,
}

/// A page as text.
///
/// # Errors
/// Only what writing to memory can give.
pub fn html(page: &Page<'_>) -> Result<String, std::io::Error> {
    let parts = page.parts;
    let text = |text: &String| escape(text).into_owned();
    let template = PageTemplate {
        style: include_str!("html/page.css"),
        script: include_str!("html/page.js"),
        title: escape(&parts.title).into_owned(),
        made: page.made.clone(),
        lead: page.lead.iter().map(text).collect(),
        headlines: &parts.headlines,
        advice: (parts.advice.iter())
            .map(|advice| (advice.heading, advice.items.iter().map(text).collect()))
            .collect(),
        tables: page.tables.iter().map(TableView::new).collect(),
        notes_title: parts.notes_title,
        notes: page.notes.iter().map(text).collect(),
        drawn: (parts.drawn.iter())
            .map(|drawn| Drawn {
                name: text(&drawn.name),
                sentences: drawn.sentences.iter().map(text).collect(),
                commands: drawn.commands.iter().map(text).collect(),
            })
            .collect(),
        sheets: (parts.sheets.iter())
            .map(|sheet| Sheet {
                summary: text(&sheet.summary),
                table: TableView::new(&sheet.table),
                sentences: sheet.sentences.iter().map(text).collect(),
            })
            .collect(),
        sheets_left_out: parts.sheets_left_out.as_ref().map(text),
    };
    template.render().map_err(std::io::Error::other)
}

#[derive(Template)]
#[template(path = "page.html", config = "src/render/html/askama.toml")]
struct PageTemplate<'a> {
    style: &'static str,
    script: &'static str,
    title: String,
    made: String,
    lead: Vec<String>,
    headlines: &'a [Headline],
    advice: Vec<(&'static str, Vec<String>)>,
    tables: Vec<TableView>,
    notes_title: Option<&'static str>,
    notes: Vec<String>,
    drawn: Vec<Drawn>,
    sheets: Vec<Sheet>,
    sheets_left_out: Option<String>,
}

struct Drawn {
    name: String,
    sentences: Vec<String>,
    commands: Vec<String>,
}

struct Sheet {
    summary: String,
    table: TableView,
    sentences: Vec<String>,
}

/// A table, cell by cell.
#[derive(Template)]
#[template(path = "table.html", config = "src/render/html/askama.toml")]
struct TableView {
    name: String,
    caption: String,
    warning: Option<String>,
    shaded: bool,
    columns: Vec<ColumnView>,
    rows: Vec<Vec<CellView>>,
    total: Option<Vec<CellView>>,
    legend: Vec<String>,
    left_out: Option<String>,
    pictures: Vec<PictureView>,
}

struct ColumnView {
    head: String,
    right: bool,
}

struct CellView {
    text: String,
    /// A margin in brackets, kept on one line, and what follows it.
    bracket: Option<(String, String)>,
    /// What stands small below it.
    margin: Option<String>,
    /// A sign and what it means.
    mark: Option<(String, String)>,
    /// By what a column is sorted where the text won't do.
    sort: Option<String>,
    class: &'static str,
}

/// A picture with its caption and key.
struct PictureView {
    caption: String,
    /// The mark of each series and its name.
    key: Vec<(String, String)>,
    line: Option<String>,
    /// Labels and drawings; one without a label takes the whole width.
    rows: Vec<(Option<String>, String)>,
    axis: Option<String>,
    left_out: Option<String>,
}

impl TableView {
    fn new(table: &Table) -> Self {
        let right = |at: usize| table.columns[at].align == Align::Right;
        let cells = |row: &Vec<Cell>| {
            let cells = row.iter().enumerate();
            let cells = cells.map(|(at, cell)| CellView::new(cell, right(at), table.shaded));
            cells.collect::<Vec<_>>()
        };
        let (body, total) = match table.rows.split_last() {
            Some((last, body)) if table.has_total => (body, Some(cells(last))),
            _ => (table.rows.as_slice(), None),
        };
        let shown = &body[..body.len().min(MOST_ROWS)];
        let all: Vec<Cell> = table.rows.iter().flatten().cloned().collect();
        let legend = legend(&all).unwrap_or_default();
        Self {
            name: table.name.clone(),
            caption: escape(&table.caption).into_owned(),
            warning: table.warning.clone(),
            shaded: table.shaded,
            columns: (table.columns.iter())
                .map(|column| ColumnView {
                    head: escape(&column.head).into_owned(),
                    right: column.align == Align::Right,
                })
                .collect(),
            rows: shown.iter().map(cells).collect(),
            total,
            legend: legend_lines(&legend, table.shaded),
            left_out: cut(shown.len(), body.len(), "rows"),
            pictures: table.pictures.iter().map(PictureView::new).collect(),
        }
    }
}

/// The key to marks and colours.
fn legend_lines(legend: &str, shaded: bool) -> Vec<String> {
    let lines = legend.lines().map(|line| match shaded {
        true => line.replacen("In brackets:", "Below each figure:", 1),
        false => line.to_owned(),
    });
    lines.chain(shaded.then(|| shade::KEY.to_owned())).collect()
}

/// What is said of a list that is too long for a page.
fn cut(shown: usize, all: usize, what: &str) -> Option<String> {
    (shown < all).then(|| {
        format!("The first {shown} of {all} {what}; `--format csv` and `--format xlsx` have all.")
    })
}

impl CellView {
    fn new(cell: &Cell, right: bool, shaded: bool) -> Self {
        let found = marked(cell);
        let sort = match cell {
            Cell::Missing => Some(String::new()),
            Cell::Instant(_) | Cell::Day(_) => None,
            // A part of a hundred sorts as a number.
            Cell::Text(text) => (text.strip_suffix(" %"))
                .and_then(|number| number.parse::<f64>().ok())
                .map(|number| number.to_string()),
            Cell::Count(count) => Some(count.to_string()),
            Cell::Number(value) | Cell::Change(value) => Some(value.to_string()),
            Cell::Score(figure) | Cell::Share(figure) => Some(figure.value.to_string()),
            Cell::Amount(amount) => Some(amount.value.to_string()),
            Cell::Gap(gap) | Cell::ShareGap(gap) => Some(gap.value.to_string()),
        };
        let class = match cell {
            Cell::Share(figure) if shaded => SHADES[shade::of(figure.value)],
            Cell::Gap(gap) | Cell::ShareGap(gap) if gap.verdict == Some("shown") => "n b",
            Cell::Day(_) | Cell::Instant(_) => "n",
            Cell::Gap(_) | Cell::ShareGap(_) if right => "n r",
            // A sentence in a narrow column is a tower of words.
            Cell::Text(text) if text.len() > LONG => "t",
            Cell::Text(_) | Cell::Missing if !right => "",
            Cell::Gap(_) | Cell::ShareGap(_) => "n",
            Cell::Score(_) | Cell::Share(_) | Cell::Amount(_) => "n",
            _ => "n r",
        };
        // A number in a table of many is read sooner where its margin stands below it.
        let figure = !matches!(cell, Cell::Text(_));
        let split = found.text.split_once(" (").filter(|_| figure);
        let split = split.and_then(|(value, rest)| Some((value, rest.split_once(')')?)));
        let (text, bracket, margin) = match split {
            Some((value, (margin, _))) if shaded => {
                (value.to_owned(), None, Some(margin.to_owned()))
            }
            Some((value, (margin, rest))) => {
                let bracket = (format!("({margin})"), rest.to_owned());
                (value.to_owned(), Some(bracket), None)
            }
            None => (found.text, None, None),
        };
        Self {
            text: escape(&text).into_owned(),
            bracket,
            margin,
            mark: found.mark,
            sort,
            class,
        }
    }
}

impl PictureView {
    fn new(picture: &Picture) -> Self {
        match picture {
            Picture::Whiskers(picture) => {
                let shown = picture.rows.len().min(drawing::MOST_ROWS);
                let key = match picture.series.as_slice() {
                    [_] => Vec::new(),
                    several => (several.iter().enumerate())
                        .map(|(at, name)| {
                            let name = escape(name).into_owned();
                            (drawing::key(at).to_string(), name)
                        })
                        .collect(),
                };
                let rows = picture.rows[..shown].iter().map(|row| {
                    let label = escape(&row.label).into_owned();
                    (Some(label), drawing::whiskers(picture, row).to_string())
                });
                Self {
                    caption: escape(&picture.caption).into_owned(),
                    key,
                    line: picture.line.as_ref().map(|(_, name)| name.clone()),
                    rows: rows.collect(),
                    axis: Some(drawing::axis(&picture.axis).to_string()),
                    left_out: cut(shown, picture.rows.len(), "rows"),
                }
            }
            Picture::Course(picture) => Self {
                caption: picture.caption.clone(),
                key: Vec::new(),
                line: (picture.center.as_ref()).map(|_| {
                    "mean of all; the band about it is where luck alone leaves a point".to_owned()
                }),
                rows: vec![(None, drawing::course(picture).to_string())],
                axis: None,
                left_out: None,
            },
        }
    }
}

/// Words in backticks as code.
fn coded(text: &str) -> Vec<(bool, Cow<'_, str>)> {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| (at % 2 == 1, Cow::Borrowed(part)))
        .collect()
}
