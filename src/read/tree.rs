//! A TOML text as a tree that is asked for what is expected. Everything wrong is gathered, each with its place; a
//! value that is missing or of the wrong type gets a stand-in, so that the rest can be looked at as well.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::excerpt::Source;
use super::problem::{Problem, Problems};
use crate::calls::escape;
use crate::rubric::{KeyPath, Step, Word, nearest};

/// A parsed text and what was found wrong with it so far.
pub(super) struct Tree<'a> {
    pub(super) source: &'a Source<'a>,
    root: DeTable<'a>,
    problems: RefCell<Vec<Problem>>,
    broken: RefCell<Vec<KeyPath>>,
}

impl<'a> Tree<'a> {
    /// # Errors
    /// All syntax errors that the parser can tell apart.
    pub(super) fn parse(source: &'a Source<'a>) -> Result<Self, Problems> {
        let (root, errors) = DeTable::parse_recoverable(source.text);
        if !errors.is_empty() {
            let list = errors.iter().map(|error| {
                let end = source.text.len()..source.text.len();
                Problem::in_source(
                    source,
                    &error.span().unwrap_or(end),
                    format!("this is not TOML: {}", error.message()),
                )
            });
            return Err(Problems::new(list.collect()));
        }
        Ok(Self {
            source,
            root: root.into_inner(),
            problems: RefCell::default(),
            broken: RefCell::default(),
        })
    }

    /// The top of the file.
    pub(super) fn top(&self) -> Table<'_> {
        Table {
            tree: self,
            values: &self.root,
            span: 0..0,
            path: KeyPath::default(),
            asked: RefCell::default(),
        }
    }

    /// Tells of a problem that leaves the rest of its table usable.
    pub(super) fn problem(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    fn broken(&self, path: &KeyPath, problem: Problem) {
        self.broken.borrow_mut().push(path.clone());
        self.problem(problem);
    }

    /// Tables with a missing, misspelt or mistyped value: later checks of these would mislead.
    pub(super) fn broken_tables(&self) -> Vec<KeyPath> {
        self.broken.borrow().clone()
    }

    /// What was gathered.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// The bytes of a value, or of the nearest thing around it that is in the file.
    pub(super) fn span(&self, path: &KeyPath) -> Range<usize> {
        let mut found = 0..0;
        let mut table = Some(&self.root);
        let mut value: Option<&DeValue<'_>> = None;
        for step in &path.0 {
            let next = match step {
                Step::Key(key) => table.and_then(|table| table.get(key.as_str())),
                Step::At(place) => value
                    .and_then(DeValue::as_array)
                    .and_then(|list| list.get(*place)),
            };
            let Some(next) = next else { break };
            found = next.span();
            value = Some(next.get_ref());
            table = next.get_ref().as_table();
        }
        found
    }
}

/// One table of the tree.
pub(super) struct Table<'t> {
    tree: &'t Tree<'t>,
    values: &'t DeTable<'t>,
    span: Range<usize>,
    path: KeyPath,
    asked: RefCell<Vec<&'static str>>,
}

/// A value with its key, for lists and tables of free keys.
pub(super) struct Item<'t> {
    tree: &'t Tree<'t>,
    pub(super) key: String,
    pub(super) value: &'t Spanned<DeValue<'t>>,
    /// The bytes of the key.
    pub(super) key_span: Range<usize>,
    path: KeyPath,
    /// The table to mark when the value is of the wrong type.
    table: KeyPath,
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

impl<'t> Item<'t> {
    fn wrong(&self, wanted: &str) {
        let (key, found) = (escape(&self.key), kind(self.value.get_ref()));
        self.fault(format!("`{key}` must be {wanted}, found {found}"), None);
    }

    /// Tells that the value can't be used.
    pub(super) fn fault(&self, message: String, hint: Option<String>) {
        let problem = Problem::in_source(self.tree.source, &self.value.span(), message);
        self.tree.broken(&self.table, problem.maybe_hint(hint));
    }

    pub(super) fn text(&self) -> Option<String> {
        let text = self.value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong("text");
        }
        text
    }

    pub(super) fn number(&self) -> Option<f64> {
        let number = match self.value.get_ref() {
            DeValue::Integer(whole) => i64::from_str_radix(whole.as_str(), whole.radix())
                .ok()
                .map(|whole| whole as f64),
            DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
            _ => {
                self.wrong("a number");
                return None;
            }
        };
        let number = number.filter(|number| number.is_finite());
        if number.is_none() {
            let key = escape(&self.key);
            self.fault(format!("`{key}` must be a finite number"), None);
        }
        number
    }

    pub(super) fn integer(&self) -> Option<i64> {
        let whole = self.value.get_ref().as_integer();
        let whole = whole.and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        if whole.is_none() {
            self.wrong("a whole number");
        }
        whole
    }

    pub(super) fn flag(&self) -> Option<bool> {
        let flag = self.value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong("true or false");
        }
        flag
    }

    pub(super) fn word<W: Word>(&self) -> Option<W> {
        let text = self.text()?;
        let word = W::from_word(&text);
        if word.is_none() {
            self.no_choice(&text, W::words());
        }
        word
    }

    /// Tells that the text is none of a few words.
    pub(super) fn no_choice<'w>(&self, text: &str, words: impl Iterator<Item = &'w str>) {
        let words: Vec<&str> = words.collect();
        let hint = match nearest(text, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("choose one of {}", ticked(&words)),
        };
        let (text, key) = (escape(text), escape(&self.key));
        self.fault(format!("`{text}` is no choice for `{key}`"), Some(hint));
    }

    pub(super) fn list(&self) -> Option<Vec<Item<'t>>> {
        let Some(list) = self.value.get_ref().as_array() else {
            self.wrong("a list");
            return None;
        };
        let item = |(at, value)| Item {
            tree: self.tree,
            key: self.key.clone(),
            value,
            key_span: self.key_span.clone(),
            path: self.path.at(at),
            table: self.table.clone(),
        };
        Some(list.iter().enumerate().map(item).collect())
    }

    /// A text, or a list of texts.
    pub(super) fn texts(&self) -> Option<Vec<String>> {
        if self.value.get_ref().as_str().is_some() {
            return self.text().map(|text| vec![text]);
        }
        let Some(_) = self.value.get_ref().as_array() else {
            self.wrong("text or a list of texts");
            return None;
        };
        self.list()?.iter().map(Self::text).collect()
    }

    pub(super) fn table(&self) -> Option<Table<'t>> {
        let Some(values) = self.value.get_ref().as_table() else {
            self.wrong("a table");
            return None;
        };
        Some(Table {
            tree: self.tree,
            values,
            span: self.value.span(),
            path: self.path.clone(),
            asked: RefCell::default(),
        })
    }
}

impl<'t> Table<'t> {
    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &'static str) -> Option<Item<'t>> {
        self.asked.borrow_mut().push(key);
        let (key, value) = self.values.get_key_value(key)?;
        Some(self.item(key, value))
    }

    fn item(
        &self,
        key: &'t Spanned<std::borrow::Cow<'t, str>>,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Item<'t> {
        let key_span = key.span();
        let key: &str = key.get_ref();
        Item {
            tree: self.tree,
            key: key.to_owned(),
            value,
            key_span,
            path: self.path.key(key),
            table: self.path.clone(),
        }
    }

    /// The value of a key that must be there.
    pub(super) fn need(&self, key: &'static str) -> Option<Item<'t>> {
        let item = self.get(key);
        if item.is_none() {
            self.fault(format!("the key `{key}` is missing here"), None);
        }
        item
    }

    /// Tells of something wrong with the table as a whole.
    pub(super) fn fault(&self, message: String, hint: Option<String>) {
        let problem = Problem::in_source(self.tree.source, &self.span, message);
        self.tree.broken(&self.path, problem.maybe_hint(hint));
    }

    /// The text of a key that must be there; empty where it isn't.
    pub(super) fn need_text(&self, key: &'static str) -> String {
        let text = self.need(key).and_then(|item| item.text());
        text.unwrap_or_default()
    }

    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        self.get(key)?.text()
    }

    pub(super) fn number(&self, key: &'static str) -> Option<f64> {
        self.get(key)?.number()
    }

    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        self.get(key)?.flag()
    }

    pub(super) fn word<W: Word>(&self, key: &'static str) -> Option<W> {
        self.get(key)?.word()
    }

    /// The items of a list; none where the key is missing.
    pub(super) fn list(&self, key: &'static str) -> Vec<Item<'t>> {
        let list = self.get(key).and_then(|item| item.list());
        list.unwrap_or_default()
    }

    /// The tables of a list; none where the key is missing.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Table<'t>> {
        let list = self.list(key);
        list.iter().filter_map(Item::table).collect()
    }

    pub(super) fn table(&self, key: &'static str) -> Option<Table<'t>> {
        self.get(key)?.table()
    }

    /// Every entry of a table with free keys, in the file's order.
    pub(super) fn entries(&self) -> Vec<Item<'t>> {
        let mut entries: Vec<_> = self.values.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .into_iter()
            .map(|(key, value)| self.item(key, value))
            .collect()
    }

    /// Tells of every key that was not asked for. To be called once everything was.
    pub(super) fn done(self) {
        let asked = self.asked.into_inner();
        for (key, _) in self.values {
            let name: &str = key.get_ref();
            if asked.contains(&name) {
                continue;
            }
            let message = format!("unknown key `{}`", escape(name));
            let problem = Problem::in_source(self.tree.source, &key.span(), message);
            let missing = asked.iter().filter(|key| !self.values.contains_key(**key));
            match nearest(name, missing.copied()).or_else(|| nearest(name, asked.iter().copied())) {
                // Its value is missing under the right name, so the table is not what was meant.
                Some(near) => self
                    .tree
                    .broken(&self.path, problem.hint(format!("did you mean `{near}`?"))),
                None => self
                    .tree
                    .problem(problem.hint(format!("known here: {}", ticked(&asked)))),
            }
        }
    }
}

/// Words in backticks with commas.
pub(super) fn ticked<T: AsRef<str>>(words: &[T]) -> String {
    let ticked: Vec<String> = words
        .iter()
        .map(|word| format!("`{}`", escape(word.as_ref())))
        .collect();
    ticked.join(", ")
}

/// Reads `format`, which every file of ours begins with.
pub(super) fn format_is_known(top: &Table<'_>, what: &str) -> bool {
    let Some(item) = top.get("format") else {
        top.fault(
            "the key `format` is missing".to_owned(),
            Some("begin the file with `format = 1`".to_owned()),
        );
        return true;
    };
    match item.integer() {
        Some(1) | None => true,
        Some(newer) if newer > 1 => {
            item.fault(
                format!("{what} format {newer} is newer than this program, which knows format 1"),
                Some("update evenhand to read this file".to_owned()),
            );
            false
        }
        Some(_) => {
            item.fault("`format` must be 1".to_owned(), None);
            true
        }
    }
}
