use std::fmt;

/// What differs between two rubrics, those changes first that weigh most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes(pub(super) Vec<Change>);

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub kind: ChangeKind,
    pub place: Place,
    /// To be read after the place: "is new", "weight: 1 becomes 2".
    pub what: String,
}

/// What a change does to a sample that is being scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It decides scores or outcomes: part of the scoring hash.
    Scoring,
    /// Scores stay, but ticks of drivers already made would be lost or mean something else.
    Ticks,
    /// What people read and how they are asked: a sample goes on with it.
    Wording,
}

/// The part of a rubric that a change is about; ids as the files have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Rubric,
    Scale(String),
    Section(String),
    Behavior(String),
    Driver(String),
}

impl Changes {
    /// All of them; none where the rubrics have the same hash.
    pub fn list(&self) -> &[Change] {
        &self.0
    }

    /// Whether a sample drawn for the first rubric may go on with the second.
    pub fn may_continue(&self) -> bool {
        self.0
            .iter()
            .all(|change| change.kind == ChangeKind::Wording)
    }

    /// Those of one kind.
    pub fn of(&self, kind: ChangeKind) -> impl Iterator<Item = &Change> {
        self.0.iter().filter(move |change| change.kind == kind)
    }
}

impl ChangeKind {
    /// The word used in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scoring => "scoring",
            Self::Ticks => "ticks",
            Self::Wording => "wording",
        }
    }
}

impl Place {
    /// What kind of part it is.
    pub fn part(&self) -> &'static str {
        match self {
            Self::Rubric => "rubric",
            Self::Scale(_) => "scale",
            Self::Section(_) => "section",
            Self::Behavior(_) => "behavior",
            Self::Driver(_) => "driver",
        }
    }

    /// Which one; there is only one rubric.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Rubric => None,
            Self::Scale(id) | Self::Section(id) | Self::Behavior(id) | Self::Driver(id) => Some(id),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id() {
            Some(id) => write!(f, "{} `{id}`", self.part()),
            None => f.write_str("the rubric itself"),
        }
    }
}
