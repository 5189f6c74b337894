use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Common;

/// A bar on stderr for reading `bytes`; nothing is drawn for quick work or where nobody looks.
pub(super) fn reading(common: &Common, bytes: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::hidden());
    // Half a second of reading; below that a bar only flickers.
    if !common.quiet && std::io::stderr().is_terminal() && bytes > 100_000_000 {
        bar.set_draw_target(ProgressDrawTarget::stderr());
        if let Ok(style) =
            ProgressStyle::with_template("reading {bar:30} {bytes} of {total_bytes}, {eta} left")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    bar
}
