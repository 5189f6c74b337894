mod check;
mod merge;

use std::path::{Path, PathBuf};

use super::output::print;
use super::{Common, Failure};
use crate::calls::escape;
use crate::store::{Holdings, StoreError};

/// Back up or check the store, or join it with a copy that others worked on
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Copy the store to a file, while others go on scoring
    ///
    /// The copy holds what was complete when it began, is read through before it gets its name, and is a store of its
    /// own: `--store FILE` reads it. FILE may be on another disk; nothing is overwritten, and a copy that fails leaves no
    /// file. To go on from a backup, copy it to where the store was. Don't copy a store that is in use by other means:
    /// its newest part is in a second file beside it.
    ///
    /// Example: `evenhand store backup /mnt/usb/evenhand-2026-07-31.db`
    Backup {
        /// The file to make; only its owner may read it
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    Check(check::Args),
    Merge(merge::Args),
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Backup { file } => backup(common, &file),
            What::Check(args) => args.run(common),
            What::Merge(args) => args.run(common),
        }
    }
}

fn backup(common: &Common, file: &Path) -> anyhow::Result<()> {
    let store = common.open_store()?;
    let made = store
        .back_up(file)
        .map_err(|error| of_the_copy(error, file))?;
    let name = escape(&file.display().to_string()).into_owned();
    print(&format!(
        "Wrote {name}: {}; {}.\n`--store {name}` reads it.\n",
        counts(&made.holdings).join(", "),
        size(made.bytes)
    ))
}

/// A file that can't be made is the disk's fault, not the store's.
fn of_the_copy(error: StoreError, file: &Path) -> Failure {
    let name = file.display().to_string();
    let why = match &error {
        StoreError::Full { path } if *path == name => {
            std::io::Error::from(std::io::ErrorKind::StorageFull)
        }
        StoreError::Io { path, detail } | StoreError::ReadOnly { path, detail }
            if *path == name =>
        {
            std::io::Error::other(detail.clone())
        }
        _ => return error.into(),
    };
    Failure::Io {
        what: format!("can't write `{name}`"),
        why,
    }
}

/// What a store holds, in words.
fn counts(holdings: &Holdings) -> Vec<String> {
    let number = |count: u64, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let mut counts = vec![number(holdings.samples, "sample", "samples")];
    if holdings.withdrawn > 0 {
        counts[0].push_str(&format!(" ({} withdrawn)", holdings.withdrawn));
    }
    counts.push(number(holdings.drawn, "drawn call", "drawn calls"));
    if holdings.picked > 0 {
        counts.push(number(holdings.picked, "picked call", "picked calls"));
    }
    counts.push(number(holdings.evaluations, "evaluation", "evaluations"));
    counts.push(number(holdings.drafts, "draft", "drafts"));
    counts
}

/// A size for people, in units of a thousand as disks are sold.
fn size(bytes: u64) -> String {
    let tenths = |unit: u64| (bytes * 10 + unit / 2) / unit;
    let told = |tenths: u64, unit: &str| format!("{}.{} {unit}", tenths / 10, tenths % 10);
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => told(tenths(1_000_000), "MB"),
        _ => told(tenths(1_000_000_000), "GB"),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_told_in_units_that_fit() {
        for (bytes, told) in [
            (1, "1 kB"),
            (999_999, "1000 kB"),
            (1_249_999, "1.2 MB"),
            (1_250_000, "1.3 MB"),
            (2_000_000_000, "2.0 GB"),
        ] {
            assert_eq!(size(bytes), told);
        }
    }
}
