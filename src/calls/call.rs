use jiff::Timestamp;

use super::CallerType;

/// A call kept with all the log says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Exactly as logged.
    pub call_id: String,
    pub csr: String,
    /// As logged; an analyst may hear otherwise.
    pub caller_type: CallerType,
    /// 1-based line of the log.
    pub line: u64,
    /// The instant the call began.
    pub started_at: Option<Timestamp>,
    /// The start as logged.
    pub started_text: Option<String>,
    /// Seconds.
    pub duration_s: Option<f64>,
    /// Every column of the log: name and text as logged, in the log's order.
    pub fields: Vec<(String, String)>,
}

impl Call {
    /// The logged text of a column.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, text)| text.as_str())
    }
}

/// Whether an id is what a spreadsheet makes of a long number: `9.95543E+11`, `1044221789171087.0`. Digits of it are lost,
/// so it may stand for several calls.
pub fn is_rounded_id(id: &str) -> bool {
    let bytes = id.as_bytes();
    let end = bytes.get(bytes.len().saturating_sub(4)..);
    // Asked of every row: most have none of these there.
    let marked = |one: &u8| matches!(one, b'.' | b',' | b'+' | b'e' | b'E');
    if !end.is_some_and(|end| end.iter().any(marked)) {
        return false;
    }
    let id = id.trim();
    let digits = |text: &str| text.bytes().all(|one| one.is_ascii_digit());
    if let Some((mantissa, exponent)) = id.split_once(['e', 'E']) {
        let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
        let plus = exponent.strip_prefix('+');
        // `12E5` may be an id that has a letter.
        let number = plus.is_some() || !fraction.is_empty();
        let exponent = plus.unwrap_or(exponent);
        let lost = |by: usize| by > fraction.len();
        return number
            && whole.len() == 1
            && digits(whole)
            && digits(fraction)
            && !exponent.is_empty()
            && digits(exponent)
            && exponent.parse().is_ok_and(lost);
    }
    let whole = id.strip_suffix(".0").or(id.strip_suffix(",0"));
    whole.is_some_and(|whole| whole.len() > SAFE_DIGITS && digits(whole))
}

/// So many digits a spreadsheet keeps.
pub const SAFE_DIGITS: usize = 15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_have_lost_digits_are_known() {
        for id in [
            "9.95543E+11",
            "9,95543E+11",
            " 9.95543e+11 ",
            "1E+15",
            "1.2345678901234568e20",
            "1044221789171087.0",
        ] {
            assert!(is_rounded_id(id), "{id}");
        }
        for id in [
            "",
            "0",
            "1.0",
            "104422178917108.0",
            "1044221789171087123",
            "1784018601.1",
            "12E5",
            "1E5",
            "1.5E+1",
            "C-00E+1",
            "4be+12",
            "a1e",
            "E+11",
            "1.E+",
            "é+11",
            "550e8400-e29b-41d4-a716-44665544e+00",
        ] {
            assert!(!is_rounded_id(id), "{id}");
        }
    }
}
