use jiff::civil::Date;

use crate::calls::{Filter, RowView};

/// First and last day of a log's calls, as far as it has been read.
#[derive(Default)]
pub(super) struct Period {
    days: Option<(Date, Date)>,
    /// The same as text.
    texts: (String, String),
}

impl Period {
    pub(super) fn days(&self) -> Option<(Date, Date)> {
        self.days
    }

    /// Whether a row may lie outside. To read every time would take longer than all the rest.
    pub(super) fn may_grow(&self, filter: &Filter, row: &RowView<'_>) -> bool {
        let (from, to) = &self.texts;
        self.days.is_none() || filter.may_lie_beyond(row, from, to)
    }

    pub(super) fn widen(&mut self, from: Date, to: Date) {
        let days = self
            .days
            .map_or((from, to), |(first, last)| (first.min(from), last.max(to)));
        if self.days != Some(days) {
            self.days = Some(days);
            self.texts = (days.0.to_string(), days.1.to_string());
        }
    }
}
