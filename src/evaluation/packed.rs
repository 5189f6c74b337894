//! Answers as one character per behavior, in the rubric's order: `.` not asked, `-` N/A, `_` unanswered, else the
//! option's place as `0-9A-Za-z`. Short to keep, fast to read, and plain enough to be taken apart in SQL.

use crate::rubric::Answer;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const NOT_ASKED: u8 = b'.';
const NA: u8 = b'-';
const UNANSWERED: u8 = b'_';

/// The text isn't packed answers.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` are not packed answers")]
pub struct BadPack(pub String);

/// One character per behavior; `asked` tells a blank that has no place in this call from one that is missing.
pub fn pack(answers: &[Option<Answer>], asked: &[bool]) -> String {
    let one = |(answer, asked): (&Option<Answer>, &bool)| match answer {
        _ if !asked => NOT_ASKED,
        None => UNANSWERED,
        Some(Answer::Na) => NA,
        Some(Answer::Given(at)) => DIGITS.get(usize::from(*at)).copied().unwrap_or(UNANSWERED),
    };
    let bytes = answers.iter().zip(asked).map(one);
    bytes.map(char::from).collect()
}

/// The answers again; those not asked are `None`.
///
/// # Errors
/// A character that stands for no answer.
pub fn unpack(text: &str) -> Result<Vec<Option<Answer>>, BadPack> {
    let mut answers = Vec::with_capacity(text.len());
    unpack_onto(text, &mut answers)?;
    Ok(answers)
}

/// The same, behind what is in a list.
///
/// # Errors
/// As for [`unpack`].
pub fn unpack_onto(text: &str, answers: &mut Vec<Option<Answer>>) -> Result<(), BadPack> {
    for byte in text.bytes() {
        match MEANINGS[usize::from(byte)] {
            Some(answer) => answers.push(answer),
            None => return Err(BadPack(text.to_owned())),
        }
    }
    Ok(())
}

/// What a character stands for, if it stands for anything.
static MEANINGS: [Option<Option<Answer>>; 256] = meanings();

const fn meanings() -> [Option<Option<Answer>>; 256] {
    let mut meanings = [None; 256];
    let mut at = 0;
    while at < DIGITS.len() {
        meanings[DIGITS[at] as usize] = Some(Some(Answer::Given(at as u8)));
        at += 1;
    }
    meanings[NA as usize] = Some(Some(Answer::Na));
    meanings[NOT_ASKED as usize] = Some(None);
    meanings[UNANSWERED as usize] = Some(None);
    meanings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_back_as_they_were() {
        let answers = [
            Some(Answer::Given(0)),
            Some(Answer::Given(61)),
            Some(Answer::Na),
            None,
            None,
        ];
        let packed = pack(&answers, &[true, true, true, true, false]);
        assert_eq!(packed, "0z-_.");
        assert_eq!(unpack(&packed), Ok(answers.to_vec()));
        assert_eq!(unpack("0?"), Err(BadPack("0?".to_owned())));
    }

    #[test]
    fn every_option_has_a_character_of_its_own() {
        let all: Vec<Option<Answer>> = (0..62).map(|at| Some(Answer::Given(at))).collect();
        let packed = pack(&all, &[true; 62]);
        assert_eq!(
            packed,
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        );
        assert_eq!(unpack(&packed), Ok(all));
    }

    #[test]
    fn an_answer_that_is_not_asked_is_not_kept() {
        assert_eq!(pack(&[Some(Answer::Given(1))], &[false]), ".");
        assert_eq!(unpack(""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_pack_is_told_whole() {
        for text in ["0 1", "ä", "01\n", "+"] {
            let told = unpack(text).map_err(|bad| bad.to_string());
            assert_eq!(told, Err(format!("`{text}` are not packed answers")));
        }
    }
}
