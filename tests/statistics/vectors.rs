//! The published vectors: expected values by entry id, and their data files.
use serde_json::Value;

/// The expected values of one entry.
pub struct Entry {
    id: &'static str,
    value: Value,
}

pub fn entry(id: &'static str) -> Entry {
    let all: Value = serde_json::from_str(include_str!("../golden/public_vectors.json")).unwrap();
    let entries = all.as_array().unwrap();
    assert_eq!(entries.len(), 31);
    let value = entries.iter().find(|entry| entry["id"] == id).unwrap();
    Entry {
        id,
        value: value["expected"].clone(),
    }
}

impl Entry {
    /// A number by its path, as in "strata/mean/0".
    pub fn number(&self, path: &str) -> f64 {
        let value = self.at(path).as_f64();
        value.unwrap_or_else(|| panic!("{} {path} is no number", self.id))
    }

    pub fn numbers(&self, path: &str) -> Vec<f64> {
        let list = self
            .at(path)
            .as_array()
            .unwrap_or_else(|| panic!("{} {path}", self.id));
        list.iter().map(|value| value.as_f64().unwrap()).collect()
    }

    pub fn text(&self, path: &str) -> String {
        self.at(path).as_str().unwrap().to_owned()
    }

    pub fn at(&self, path: &str) -> &Value {
        let found =
            path.split('|')
                .try_fold(&self.value, |value, key| match key.parse::<usize>() {
                    Ok(index) if value.is_array() => value.get(index),
                    _ => value.get(key),
                });
        found.unwrap_or_else(|| panic!("{} has no {path}", self.id))
    }

    /// Relative error; absolute where 0 is expected.
    pub fn meets(&self, path: &str, got: impl Into<Option<f64>>, tolerance: f64) {
        let want = self.number(path);
        self.close(
            path,
            got.into(),
            want,
            if want == 0.0 {
                tolerance
            } else {
                tolerance * want.abs()
            },
        );
    }

    pub fn meets_abs(&self, path: &str, got: impl Into<Option<f64>>, tolerance: f64) {
        self.close(path, got.into(), self.number(path), tolerance);
    }

    pub fn meets_all(&self, path: &str, got: &[f64], tolerance: f64) {
        assert_eq!(self.numbers(path).len(), got.len(), "{} {path}", self.id);
        for (i, &value) in got.iter().enumerate() {
            self.meets(&format!("{path}|{i}"), value, tolerance);
        }
    }

    pub fn meets_all_abs(&self, path: &str, got: &[f64], tolerance: f64) {
        assert_eq!(self.numbers(path).len(), got.len(), "{} {path}", self.id);
        for (i, &value) in got.iter().enumerate() {
            self.meets_abs(&format!("{path}|{i}"), value, tolerance);
        }
    }

    fn close(&self, path: &str, got: Option<f64>, want: f64, tolerance: f64) {
        let got = got.unwrap_or_else(|| panic!("{} {path}: nothing for {want}", self.id));
        assert!(
            (got - want).abs() <= tolerance,
            "{} {path}: {got} for {want}, off by {:e}, allowed {tolerance:e}",
            self.id,
            (got - want).abs()
        );
    }
}

/// The rows of a data file without its header.
pub fn table(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect());
    rows.collect()
}
