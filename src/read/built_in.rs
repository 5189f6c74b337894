//! Profiles that are in the program: one for each telephone system whose exports are known.

use std::path::Path;
use std::sync::LazyLock;

use super::problem::{Problem, ProblemKind, Problems};
use super::profile::{LoadedProfile, profile_file, signed_profile};
use super::recognise::Signs;
use crate::rubric::nearest;

/// A profile in the program.
#[derive(Debug)]
pub struct BuiltIn {
    /// As `--profile` takes it.
    pub name: &'static str,
    /// Which export of which system.
    pub title: String,
    /// What decides who is internal, and what a centre must adapt.
    pub about: String,
    /// A profile file to start from.
    pub text: &'static str,
    pub(super) signs: Signs,
}

macro_rules! texts {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("profiles/", $name, ".toml")))),*]
    };
}

const TEXTS: [(&str, &str); 14] = texts![
    "3cx",
    "aircall",
    "amazon-connect",
    "asterisk",
    "asterisk-custom",
    "bright-pattern",
    "cucm",
    "five9",
    "freepbx",
    "freeswitch",
    "genesys-cloud",
    "ringcentral",
    "talkdesk",
    "twilio"
];

static BUILT_IN: LazyLock<Vec<BuiltIn>> = LazyLock::new(|| {
    // A test holds that each can be read.
    let read = |(name, text)| {
        let (profile, signs) = signed_profile(name, text).ok()?;
        Some(BuiltIn {
            name,
            title: profile.name,
            about: profile.about,
            text,
            signs,
        })
    };
    TEXTS.into_iter().filter_map(read).collect()
});

/// All profiles in the program, by name.
pub fn built_in() -> &'static [BuiltIn] {
    &BUILT_IN
}

/// Reads the profile in the program that has this name, else the profile file.
///
/// # Errors
/// There is neither, or everything that is wrong with the file.
pub fn profile(named: &Path) -> Result<LoadedProfile, Problems> {
    let name = named.to_str().filter(|name| is_name(name));
    let Some(name) = name else {
        return profile_file(named);
    };
    if let Some((_, text)) = TEXTS.iter().find(|(own, _)| *own == name) {
        let (profile, _) = signed_profile(name, text)?;
        return Ok(LoadedProfile {
            profile,
            source: (*text).to_owned(),
        });
    }
    profile_file(named).map_err(|problems| match named.exists() {
        true => problems,
        false => Problems::from(unknown(name)),
    })
}

/// A file would have a folder or an ending.
fn is_name(text: &str) -> bool {
    !text.contains(['/', '\\', '.'])
}

fn unknown(name: &str) -> Problem {
    let near = nearest(name, TEXTS.iter().map(|(own, _)| *own));
    let message = "there is no profile of this name in the program, and no such file";
    Problem::new(ProblemKind::NotFound, name, message).hint(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`evenhand log --profiles` lists those in the program".to_owned(),
    })
}

#[cfg(test)]
mod tests;
