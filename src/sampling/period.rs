use jiff::civil::Date;

use crate::calls::{Filter, RowView};

/// First and last day of a log's calls, as far as it has been read.
#[derive(Default)]
pub(super) struct Period {
    days: Option<(Date, Date)>,
    /// The same as text.
    texts: (String, String),
    /// How the last time began that was known to lie inside: the next one is mostly of the same day.
    inside: Option<[u8; DAY]>,
}

/// Bytes of a day as text.
const DAY: usize = 10;

impl Period {
    pub(super) fn days(&self) -> Option<(Date, Date)> {
        self.days
    }

    /// Whether a row may lie outside. To read every time would take longer than all the rest.
    pub(super) fn may_grow(&mut self, filter: &Filter, row: &RowView<'_>) -> bool {
        let Some(text) = filter.started_text(row) else {
            return false;
        };
        let day = text.as_bytes().first_chunk();
        if day.is_some() && day == self.inside.as_ref() {
            return false;
        }
        let (from, to) = &self.texts;
        let within = self.days.is_some() && filter.time().is_surely_within(&text, from, to);
        if within {
            self.inside = day.copied();
        }
        !within
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
