//! Bytes become rows, rubrics, profiles and answers, with positions.
