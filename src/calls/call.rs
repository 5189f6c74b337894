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
