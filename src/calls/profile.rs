use super::{CallerRule, CallerType, DurationUnit, Role, TimeReader};

/// How one telephone system's export differs from a plain log. Everything has a default: an empty profile reads a CSV
/// file with a header whose columns go by their common names.
#[derive(Clone, Debug)]
pub struct Profile {
    /// For people; empty where no profile was given.
    pub name: String,
    /// One byte between fields; told from the log itself where it isn't stated.
    pub delimiter: Option<u8>,
    /// The sheet of a workbook; else the first that has the columns.
    pub sheet: Option<String>,
    /// `false`: the first line is a call, and columns are named by position.
    pub header: bool,
    /// WHATWG label of the file's encoding; told from the log itself where it isn't stated.
    pub encoding: Option<String>,
    /// Columns named by the profile; the others are found by synonyms.
    pub columns: Vec<(Role, ColumnName)>,
    /// Logged values that mean a caller type, compared without case and outer blanks.
    pub values: Vec<(String, CallerType)>,
    /// Tried in order before the values; the first that matches decides.
    pub rules: Vec<CallerRule>,
    /// How times are read.
    pub time: TimeReader,
    /// What the duration column counts.
    pub duration: DurationUnit,
}

/// A column as a profile names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnName {
    /// The header's text; case, spaces, `_` and `-` don't matter.
    Header(String),
    /// 1-based position.
    Position(usize),
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            name: String::new(),
            delimiter: None,
            sheet: None,
            header: true,
            encoding: None,
            columns: Vec::new(),
            values: Vec::new(),
            rules: Vec::new(),
            time: TimeReader::default(),
            duration: DurationUnit::default(),
        }
    }
}

impl Profile {
    /// What a logged caller-type value means: the profile's own values, else the plain words.
    pub fn caller_type_of(&self, logged: &str) -> CallerType {
        let logged = logged.trim();
        let same = |word: &str| {
            logged.eq_ignore_ascii_case(word) || logged.to_lowercase() == word.to_lowercase()
        };
        if let Some((_, known)) = self.values.iter().find(|(value, _)| same(value)) {
            return *known;
        }
        if !self.values.is_empty() {
            return CallerType::Unknown;
        }
        if same("internal") || same("int") {
            CallerType::Internal
        } else if same("external") || same("ext") {
            CallerType::External
        } else {
            CallerType::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_understood_in_any_case() {
        let profile = Profile::default();
        for (logged, caller_type) in [
            ("internal", CallerType::Internal),
            (" INT ", CallerType::Internal),
            ("External", CallerType::External),
            ("ext", CallerType::External),
            ("unknown", CallerType::Unknown),
            ("", CallerType::Unknown),
            ("intern", CallerType::Unknown),
            ("internal?", CallerType::Unknown),
        ] {
            assert_eq!(profile.caller_type_of(logged), caller_type, "{logged}");
        }
    }

    #[test]
    fn values_of_a_profile_replace_the_plain_words() {
        let values = [
            ("Mitarbeiter", CallerType::Internal),
            ("KÜNDIGER", CallerType::External),
            ("", CallerType::External),
        ];
        let profile = Profile {
            values: values.map(|(value, t)| (value.to_owned(), t)).to_vec(),
            ..Profile::default()
        };
        assert_eq!(profile.caller_type_of("mitarbeiter "), CallerType::Internal);
        assert_eq!(profile.caller_type_of("kündiger"), CallerType::External);
        assert_eq!(profile.caller_type_of("  "), CallerType::External);
        assert_eq!(profile.caller_type_of("internal"), CallerType::Unknown);
    }
}
