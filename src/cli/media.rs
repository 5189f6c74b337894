//! Recordings and transcripts that a log names: opened only where the log lies or where `--media` says, and only files.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where files may be opened.
pub(super) struct Media {
    folder: PathBuf,
    /// The program that plays recordings; the system's own otherwise.
    player: Option<String>,
}

/// What a log's text names.
enum Named {
    File(PathBuf),
    Address(String),
}

/// A longer transcript is cut.
const MOST_BYTES: u64 = 4 << 20;

impl Media {
    /// The folder given, else that of the log.
    pub(super) fn new(media: Option<&Path>, log: &str) -> Self {
        let beside = || Path::new(log).parent().unwrap_or(Path::new("")).to_owned();
        let folder = media.map_or_else(beside, Path::to_owned);
        let here = folder.as_os_str().is_empty();
        Self {
            folder: if here { PathBuf::from(".") } else { folder },
            player: std::env::var("EVENHAND_PLAYER")
                .ok()
                .filter(|player| !player.is_empty()),
        }
    }

    /// Opens a recording and doesn't wait for it; says what was opened, or why it can't be.
    pub(super) fn play(&self, text: &str) -> Result<String, String> {
        let (what, shown) = match self.named(text)? {
            Named::File(path) => (path.clone().into_os_string(), path.display().to_string()),
            Named::Address(address) => (address.clone().into(), address),
        };
        let started = match &self.player {
            Some(player) => Command::new(player)
                .arg(&what)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .map(|mut child| {
                    // Somebody must take note of its end; nobody waits for it.
                    std::thread::spawn(move || child.wait());
                }),
            None => open::that_detached(&what),
        };
        match started {
            Ok(()) => Ok(format!("Playing {shown}")),
            Err(why) => {
                let hint = match self.player {
                    Some(_) => "check EVENHAND_PLAYER",
                    None => "EVENHAND_PLAYER can name a program",
                };
                Err(format!("Can't play {shown}: {why} ({hint})"))
            }
        }
    }

    /// The text of a transcript: that of the file which a log names, or what the log says itself.
    pub(super) fn transcript(&self, text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        // A file's name is short and has a dot; speech has blanks or is long.
        let is_name = text.len() < 256 && text.contains('.') && !text.contains('\n');
        let speaks = text.contains(char::is_whitespace) || !is_name;
        if speaks && !text.contains("://") && !self.folder.join(text).is_file() {
            return Some(text.to_owned());
        }
        match self.named(text) {
            Ok(Named::File(path)) => Some(read(&path)),
            Ok(Named::Address(address)) => Some(format!("The transcript is at {address}")),
            Err(why) => Some(why),
        }
    }

    fn named(&self, text: &str) -> Result<Named, String> {
        let text = text.trim();
        if let Some((scheme, _)) = text.split_once("://") {
            let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
            return match web {
                true => Ok(Named::Address(text.to_owned())),
                false => Err(format!(
                    "Not opened, for its address is none of the web: {text}"
                )),
            };
        }
        let missing = |_| {
            format!(
                "There is no file {text} in {} (--media names another folder)",
                self.folder.display()
            )
        };
        let folder = self.folder.canonicalize().map_err(missing)?;
        let path = folder.join(text).canonicalize().map_err(missing)?;
        if !path.starts_with(&folder) {
            return Err(format!(
                "Not opened, for it lies outside of {}: {text} (--media names another folder)",
                folder.display()
            ));
        }
        if !path.is_file() {
            return Err(format!("Not opened, for it is no file: {text}"));
        }
        Ok(Named::File(path))
    }
}

fn read(path: &Path) -> String {
    let mut bytes = Vec::new();
    let read =
        std::fs::File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
    match read {
        Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(why) => format!("The transcript {} can't be read: {why}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media() -> (tempfile::TempDir, Media) {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::create_dir(folder.path().join("logs")).expect("folder");
        std::fs::write(folder.path().join("secret.txt"), "secret").expect("file");
        std::fs::write(folder.path().join("logs/1.txt"), "Good morning").expect("file");
        let log = folder.path().join("logs/calls.csv").display().to_string();
        let media = Media {
            player: Some("no-such-player".to_owned()),
            ..Media::new(None, &log)
        };
        (folder, media)
    }

    #[test]
    fn files_are_opened_only_where_the_log_lies() {
        let (folder, media) = media();
        assert_eq!(media.transcript("1.txt").as_deref(), Some("Good morning"));
        let outside = folder.path().join("secret.txt").display().to_string();
        std::os::unix::fs::symlink(
            folder.path().join("secret.txt"),
            folder.path().join("logs/link.txt"),
        )
        .expect("link");
        for text in ["../secret.txt", &outside, "link.txt"] {
            let told = media.transcript(text).expect("something");
            assert!(told.contains("outside"), "{told}");
            assert!(media.play(text).expect_err("refused").contains("outside"));
        }
        assert!(
            media
                .play("gone.wav")
                .expect_err("refused")
                .contains("--media")
        );
        assert!(media.play(".").expect_err("refused").contains("no file"));
    }

    #[test]
    fn only_addresses_of_the_web_are_opened() {
        let (_folder, media) = media();
        for text in ["file:///etc/passwd", "javascript://x", "smb://host/share"] {
            assert!(media.play(text).expect_err("refused").contains("web"));
        }
        let told = media
            .play("https://example.org/1.mp3")
            .expect_err("no player");
        assert!(told.contains("EVENHAND_PLAYER"), "{told}");
    }

    #[test]
    fn a_transcript_may_stand_in_the_log_itself() {
        let (_folder, media) = media();
        let text = "CSR: Good morning\nCaller: Hello";
        assert_eq!(media.transcript(text).as_deref(), Some(text));
        assert_eq!(media.transcript("  "), None);
    }
}
