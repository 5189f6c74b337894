//! Which column of a log plays which role, and how that was found.

mod find;

use std::borrow::Cow;

use super::{CallerRule, CallerType, Cells, ColumnValues, Profile, TimeReader};

/// What a column can mean to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    CallId,
    Csr,
    CallerType,
    StartedAt,
    DurationS,
    Queue,
    Direction,
    Caller,
    Recording,
    Transcript,
    InteractionId,
}

impl Role {
    /// In the order in which `log` lists them.
    pub const ALL: [Self; 11] = [
        Self::CallId,
        Self::Csr,
        Self::CallerType,
        Self::StartedAt,
        Self::DurationS,
        Self::Queue,
        Self::Direction,
        Self::Caller,
        Self::Recording,
        Self::Transcript,
        Self::InteractionId,
    ];

    /// The plain column name, also the key in a profile's `[columns]`.
    pub fn as_str(self) -> &'static str {
        self.names()[0]
    }

    /// The plain name, then the synonyms in the order in which they are tried. Names that mean different things in
    /// different systems (`user_id`, `call_type`, `contact`, `operation`) are left to profiles.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::CallId => &[
                "call_id",
                "unique id",
                "contact id",
                "conversation id",
                "call record id",
                "call number",
                "call uuid",
                "id",
            ],
            Self::Csr => &[
                "csr",
                "csr name",
                "agent",
                "agent name",
                "agent id",
                "representative",
                "rep",
                "rep id",
                "operator",
                "operator id",
                "employee",
                "employee name",
                "advisor",
                "associate",
            ],
            Self::CallerType => &[
                "caller_type",
                "type of caller",
                "caller kind",
                "customer type",
                "internal external",
                "from type",
                "caller phone type",
            ],
            Self::StartedAt => &[
                "started_at",
                "start time",
                "start",
                "started",
                "start date",
                "call date",
                "call start",
                "call start time",
                "call timestamp",
                "timestamp",
                "date time",
                "created at",
                "date",
            ],
            Self::DurationS => &[
                "duration_s",
                "duration",
                "duration sec",
                "duration seconds",
                "duration in seconds",
                "call duration",
                "billsec",
                "talk time",
                "talk sec",
                "call length",
                "length",
            ],
            Self::Queue => &[
                "queue",
                "queue name",
                "call queue name",
                "skill",
                "department",
                "campaign",
            ],
            Self::Direction => &["direction", "call direction"],
            Self::Caller => &["caller", "caller number", "caller id", "from", "ani", "src"],
            Self::Recording => &[
                "recording",
                "recording file",
                "recording url",
                "recording path",
            ],
            Self::Transcript => &["transcript", "transcript file", "transcription"],
            Self::InteractionId => &["interaction_id", "linked id", "session id", "interaction"],
        }
    }

    /// The role with this plain name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// How a column was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// The header says the plain name.
    Name,
    /// A common other name.
    Synonym,
    /// The profile names it.
    Profile,
}

/// One column found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub role: Role,
    /// 0-based.
    pub column: usize,
    pub by: FoundBy,
}

/// The columns of one log.
#[derive(Clone, Debug)]
pub struct Columns {
    names: Vec<String>,
    found: Vec<Found>,
    /// For each rule the columns it asks; `None` where one isn't in the log.
    rules: Vec<Option<Vec<usize>>>,
    /// Of which a call's id is made.
    ids: Vec<usize>,
    /// Tells the latest of several records of one call.
    latest: Option<usize>,
    /// Of which the first that isn't blank names the CSR.
    csr: Vec<usize>,
    /// Of which a start is made.
    started: Vec<usize>,
    /// That of a call's end, by which durations are told.
    end: Option<usize>,
    /// Those of the profile's `only` and `complete`.
    only: Vec<usize>,
    complete: Vec<usize>,
    profile: Profile,
}

/// Why the columns can't be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnFault {
    /// A needed column isn't there.
    #[error("no column for `{}`", .role.as_str())]
    Missing { role: Role },
    /// The profile (or an option) names a column that isn't there.
    #[error("no column `{name}`")]
    NotThere { name: String },
    /// Two columns have the name.
    #[error("columns {} and {} are both called `{name}`", .first + 1, .second + 1)]
    Twice {
        name: String,
        first: usize,
        second: usize,
    },
}

impl Columns {
    /// The same columns in the same places, with further ones behind them.
    #[must_use]
    pub fn with_names(mut self, names: Vec<String>) -> Self {
        self.names = names;
        self
    }

    /// The same columns of a log in which this stands between fields.
    #[must_use]
    pub fn with_delimiter(mut self, delimiter: u8) -> Self {
        self.profile.delimiter = Some(delimiter);
        self
    }

    /// The same columns with times read so.
    #[must_use]
    pub fn with_time(mut self, time: TimeReader) -> Self {
        self.profile.time = time;
        self
    }

    /// All column names, as in the header.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What was found, in the order of [`Role::ALL`].
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// The 0-based column that plays a role.
    pub fn of(&self, role: Role) -> Option<usize> {
        self.found.iter().find(|f| f.role == role).map(|f| f.column)
    }

    /// The 0-based columns whose texts make a role's: several for a start that is joined, and for a CSR who stands in the
    /// first of several.
    pub fn all_of(&self, role: Role) -> &[usize] {
        match role {
            Role::CallId => &self.ids,
            Role::Csr => &self.csr,
            Role::StartedAt => &self.started,
            _ => {
                let found = self.found.iter().find(|found| found.role == role);
                found.map_or(&[], |found| std::slice::from_ref(&found.column))
            }
        }
    }

    /// The 0-based column with this header or role name.
    ///
    /// # Errors
    /// There is none, or two.
    pub fn named(&self, name: &str) -> Result<usize, ColumnFault> {
        if let Some(column) = position(&self.names, name)? {
            return Ok(column);
        }
        Role::named(name)
            .and_then(|role| self.of(role))
            .ok_or_else(|| ColumnFault::NotThere {
                name: name.to_owned(),
            })
    }

    /// The profile's rules, in their order.
    pub fn rules(&self) -> impl Iterator<Item = &CallerRule> {
        self.profile.rules.iter()
    }

    /// The profile the columns were found with.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The caller type of a row, and which rule (0-based) decided, if one did.
    pub fn caller_type(&self, cells: &dyn Cells) -> (CallerType, Option<usize>) {
        let rules = self.rules.iter().zip(&self.profile.rules);
        for (at, (columns, rule)) in rules.enumerate() {
            let Some(columns) = columns else { continue };
            let mut asks = columns.iter().zip(&rule.asks);
            if asks.all(|(column, ask)| ask.test.matches(cells.cell(*column))) {
                return (rule.gives, Some(at));
            }
        }
        match self.of(Role::CallerType) {
            Some(column) => (self.profile.caller_type_of(cells.cell(column)), None),
            None => (CallerType::Unknown, None),
        }
    }

    /// Whether a call's id is put together, of several columns or of the line.
    pub fn makes_ids(&self) -> bool {
        self.ids.len() > 1 || self.profile.id_line
    }

    /// A call's id that is put together; empty where a column of it is blank.
    pub fn made_id(&self, cells: &dyn Cells, line: u64) -> String {
        let texts: Vec<&str> = (self.ids.iter()).map(|at| cells.cell(*at).trim()).collect();
        if texts.iter().any(|text| text.is_empty()) {
            return String::new();
        }
        let id = texts.join("-");
        match self.profile.id_line {
            true => format!("{id}-{line}"),
            false => id,
        }
    }

    /// The column that tells the latest of several records of one call, if the log has it.
    pub fn latest(&self) -> Option<usize> {
        self.latest
    }

    /// The column by which alone the caller type is told, if there is one.
    pub fn caller_type_column(&self) -> Option<usize> {
        let asked = self.rules.iter().flatten().flatten().copied();
        let mut columns = asked.chain(self.of(Role::CallerType));
        let first = columns.next()?;
        columns.all(|column| column == first).then_some(first)
    }

    /// The CSR of a row, without blanks around; empty where it names nobody.
    pub fn csr<'c>(&'c self, cells: &'c dyn Cells) -> &'c str {
        self.profile.csr.csr(&self.csr, cells)
    }

    /// The start of a row as logged, where the log has one.
    pub fn started_text<'c>(&self, cells: &'c dyn Cells) -> Option<Cow<'c, str>> {
        match self.started.as_slice() {
            [] => None,
            [column] => Some(Cow::Borrowed(cells.cell(*column))),
            several => {
                let texts = several.iter().map(|column| cells.cell(*column).trim());
                let filled: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
                Some(Cow::Owned(filled.join(" ")))
            }
        }
    }

    /// The column of a call's end, where durations are what lies between start and end.
    pub fn end(&self) -> Option<usize> {
        self.end
    }

    /// Whether a row is a call by what the profile says; other rows are left out before anything else is asked of them.
    pub fn is_call(&self, cells: &dyn Cells) -> bool {
        let mut only = self.only.iter().zip(&self.profile.only);
        only.all(|(column, wanted)| wanted.has(cells.cell(*column)))
    }

    /// What a row lacks that every row of a whole export has; `None` where it lacks nothing.
    pub fn incomplete(&self, cells: &dyn Cells) -> Option<&ColumnValues> {
        let mut complete = self.complete.iter().zip(&self.profile.complete);
        let lacks = complete.find(|(column, wanted)| !wanted.has(cells.cell(**column)));
        lacks.map(|(_, wanted)| wanted)
    }
}

/// Same column name for a person: without case, blanks, `_` and `-`.
pub fn same_name(a: &str, b: &str) -> bool {
    // Asked for every column and every name it may have: nothing is written down for it.
    plain(a).eq(plain(b))
}

fn plain(name: &str) -> impl Iterator<Item = char> {
    let plain = name
        .chars()
        .filter(|c| !matches!(c, ' ' | '_' | '-' | '\u{feff}' | '\u{a0}'));
    plain.flat_map(char::to_lowercase)
}

fn position(names: &[String], wanted: &str) -> Result<Option<usize>, ColumnFault> {
    let mut hits = names
        .iter()
        .enumerate()
        .filter(|(_, name)| same_name(name, wanted))
        .map(|(at, _)| at);
    match (hits.next(), hits.next()) {
        (Some(first), Some(second)) => Err(ColumnFault::Twice {
            name: wanted.to_owned(),
            first,
            second,
        }),
        (first, _) => Ok(first),
    }
}

#[cfg(test)]
mod tests;
