use super::{
    CallerRule, CallerType, ColumnChoice, ColumnName, CsrRule, DurationUnit, NamedColumn,
    TimeReader,
};

/// How one telephone system's export differs from a plain log. Everything has a default: an empty profile reads a CSV
/// file with a header whose columns go by their common names.
#[derive(Clone, Debug)]
pub struct Profile {
    /// For people; empty where no profile was given.
    pub name: String,
    /// What it is for and what a centre must adapt, for people.
    pub about: String,
    /// One byte between fields; told from the log itself where it isn't stated.
    pub delimiter: Option<u8>,
    /// Rows that break the rules of CSV are mended where that is possible.
    pub lenient: bool,
    /// The sheet of a workbook; else the first that has the columns.
    pub sheet: Option<String>,
    /// `false`: the first line is a call, and columns are named by position.
    pub header: bool,
    /// WHATWG label of the file's encoding; told from the log itself where it isn't stated.
    pub encoding: Option<String>,
    /// Records behind the header that are no calls, such as a line of SQL types.
    pub skip_after_header: usize,
    /// Whether numbers have a decimal comma, where the profile says so.
    pub decimal_comma: Option<bool>,
    /// Columns named by the profile; the others are found by synonyms.
    pub columns: Vec<NamedColumn>,
    /// Columns that make a start together, joined by blanks; empty where one column has it.
    pub started: Vec<ColumnName>,
    /// Columns that make a call's id together, joined by `-`; empty where one column has it.
    pub ids: Vec<ColumnName>,
    /// The line is a part of such an id too.
    pub id_line: bool,
    /// The column that tells the latest of several records of one call, by the order of its texts.
    pub latest: Option<ColumnChoice>,
    /// How the CSR is taken from a row.
    pub csr: CsrRule,
    /// A row is a call only where each of these columns has one of the values.
    pub only: Vec<ColumnValues>,
    /// The export is whole only where each of these columns has one of the values in every row.
    pub complete: Vec<ColumnValues>,
    /// Logged values that mean a caller type, compared without case and outer blanks.
    pub values: Vec<(String, CallerType)>,
    /// Tried in order before the values; the first that matches decides.
    pub rules: Vec<CallerRule>,
    /// How times are read.
    pub time: TimeReader,
    /// The column of a call's end, where its duration is what lies between start and end.
    pub end: Option<ColumnName>,
    /// What the duration column counts.
    pub duration: DurationUnit,
    /// A duration such as `1:05` has hours and minutes, not minutes and seconds.
    pub hours_first: bool,
}

/// A column and the values wanted in it, compared without case and outer blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnValues {
    pub column: ColumnChoice,
    pub values: Vec<String>,
}

impl ColumnValues {
    /// Whether a cell has one of the values.
    pub fn has(&self, cell: &str) -> bool {
        let cell = cell.trim();
        let same = |value: &String| {
            let value = value.trim();
            cell == value || cell.to_lowercase() == value.to_lowercase()
        };
        self.values.iter().any(same)
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            name: String::new(),
            about: String::new(),
            delimiter: None,
            lenient: false,
            sheet: None,
            header: true,
            encoding: None,
            skip_after_header: 0,
            decimal_comma: None,
            columns: Vec::new(),
            started: Vec::new(),
            ids: Vec::new(),
            id_line: false,
            latest: None,
            csr: CsrRule::default(),
            only: Vec::new(),
            complete: Vec::new(),
            values: Vec::new(),
            rules: Vec::new(),
            time: TimeReader::default(),
            end: None,
            duration: DurationUnit::default(),
            hours_first: false,
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

    /// A duration as logged, in seconds. `1,5` is read where the profile says that numbers have a comma, and without that
    /// where it can't be anything else: commas don't part columns, and it isn't three digits that follow, as in `1,500`.
    pub fn seconds(&self, text: &str) -> Option<f64> {
        let seconds = |text: &str| self.duration.seconds(text, self.hours_first);
        let dot = before_digit(text, '.').is_some();
        let Some(comma) = before_digit(text, ',') else {
            return match self.decimal_comma {
                // A dot would part thousands.
                Some(true) if dot => None,
                _ => seconds(text),
            };
        };
        let fraction = text[comma + 1..].bytes().take_while(u8::is_ascii_digit);
        let is_decimal = self
            .decimal_comma
            .unwrap_or(self.delimiter.is_some_and(|one| one != b',') && fraction.count() != 3);
        let plain = is_decimal && !dot;
        plain.then(|| seconds(&text.replace(',', "."))).flatten()
    }
}

/// Where a mark stands that may be part of a number.
fn before_digit(text: &str, mark: char) -> Option<usize> {
    let mut places = text.match_indices(mark).map(|(at, _)| at);
    places.find(|at| text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit))
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

    #[test]
    fn a_comma_is_read_where_it_can_only_be_a_decimal_one() {
        let read = |delimiter, decimal_comma, text| {
            Profile {
                delimiter: Some(delimiter),
                decimal_comma,
                ..Profile::default()
            }
            .seconds(text)
        };
        assert_eq!(read(b';', None, "1,5"), Some(1.5));
        assert_eq!(read(b';', None, " 90,25 "), Some(90.25));
        assert_eq!(read(b';', None, "0:05,5"), Some(5.5));
        assert_eq!(read(b';', None, "1,500"), None);
        assert_eq!(read(b';', None, "1.500,5"), None);
        assert_eq!(read(b';', None, "1,5,5"), None);
        assert_eq!(read(b',', None, "1,5"), None);
        assert_eq!(read(b';', Some(false), "1,5"), None);
        assert_eq!(read(b',', Some(true), "1,500"), Some(1.5));
        assert_eq!(read(b';', Some(true), "1.500"), None);
        assert_eq!(read(b';', Some(true), "12"), Some(12.0));
        assert_eq!(read(b';', None, "1.500"), Some(1.5));
        assert_eq!(read(b',', None, "1 h, 5 min, 3 s."), Some(3903.0));
        assert_eq!(read(b';', None, "1,5 min"), Some(90.0));
        assert_eq!(read(b',', Some(true), "54 sn."), Some(54.0));
    }

    #[test]
    fn values_of_a_column_are_alternatives_in_any_case() {
        let voice = ColumnValues {
            column: ColumnChoice::header("Media Type"),
            values: vec!["voice".to_owned(), "Callback".to_owned()],
        };
        assert!(voice.has(" VOICE ") && voice.has("callback"));
        assert!(!voice.has("") && !voice.has("voice2"));
    }
}
