use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Style;
use ratatui_textarea::{CursorMove, TextArea, WrapMode};

/// A text that is being written.
#[derive(Clone, Debug)]
pub(super) struct Editor(TextArea<'static>);

impl Editor {
    /// With the cursor at the end of a text.
    pub(super) fn new(text: &str) -> Self {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.set_cursor_line_style(Style::new());
        Self(area)
    }

    /// The text without blanks at its end.
    pub(super) fn text(&self) -> String {
        self.0.lines().join("\n").trim_end().to_owned()
    }

    /// What a key makes of it.
    pub(super) fn pressed(&self, key: KeyEvent) -> Self {
        let mut after = self.clone();
        // A line end that was pasted without brackets comes as Ctrl-J.
        let line_end = matches!(key.code, KeyCode::Char('j' | 'm'));
        if key.modifiers.contains(KeyModifiers::CONTROL) && line_end {
            after.0.insert_newline();
        } else {
            after.0.input(key);
        }
        after
    }

    /// Text from the clipboard.
    pub(super) fn paste(&mut self, text: &str) {
        self.0
            .insert_str(text.replace("\r\n", "\n").replace('\r', "\n"));
    }

    pub(super) fn area(&self) -> &TextArea<'static> {
        &self.0
    }
}
