//! Which behaviors each CSR shows: one figure per CSR and behavior.

use std::collections::BTreeSet;

use super::rates::{RateSums, earned_note};
use super::strata::Domain;
use super::{Align, Cell, Column, FOOTER, Figure, Note, RatesOf, Rules, SampleFacts, Table};
use crate::estimate::error::EstimateError;
use crate::rubric::Rubric;

/// The share of its points that each behavior earned in the calls of each CSR.
#[derive(Clone, Debug)]
pub struct CsrBehaviors {
    /// In the order of the rubric.
    pub behaviors: Vec<BehaviorColumn>,
    /// By CSR as heard; a figure per behavior, `None` without a call that it applies to.
    pub rows: Vec<(String, Vec<Option<Figure>>)>,
}

/// A behavior that the figures are about.
#[derive(Clone, Debug)]
pub struct BehaviorColumn {
    pub id: String,
    pub text: String,
}

impl CsrBehaviors {
    /// Estimates the table.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn new(
        rubric: &Rubric,
        samples: &[SampleFacts],
        rules: Rules,
    ) -> Result<Self, EstimateError> {
        let mut sums = RateSums::new(RatesOf::Behaviors, rubric);
        for sample in samples {
            sums.begin(sample);
            (sample.calls.iter()).for_each(|call| sums.call(&call.scored()));
        }
        let estimates = sums.estimates(rules)?;
        let csrs: BTreeSet<&str> = estimates.csrs().collect();
        let mut rows = Vec::with_capacity(csrs.len());
        for csr in csrs {
            let domain = Domain {
                csr: Some(csr),
                caller_type: None,
            };
            let figures = (0..rubric.behaviors().len()).map(|at| estimates.rate(at, domain));
            rows.push((csr.to_owned(), figures.collect::<Result<_, _>>()?));
        }
        let behaviors = rubric.behaviors().iter().map(|behavior| BehaviorColumn {
            id: behavior.id.clone(),
            text: behavior.text.clone(),
        });
        Ok(Self {
            behaviors: behaviors.collect(),
            rows,
        })
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let text = "A behavior of one CSR rests on few calls: read the colours as what to listen for, not as a verdict.";
        vec![
            Note::new("few-calls-each", text),
            earned_note(),
            Note::new("margins", FOOTER),
        ]
    }

    /// As a neutral table, a column per behavior.
    pub fn table(&self) -> Table {
        let mut columns = vec![Column::new("csr", "CSR", Align::Left)];
        let behaviors = self.behaviors.iter();
        columns.extend(
            behaviors.map(|behavior| Column::new(&behavior.id, &behavior.text, Align::Left)),
        );
        let mut table = Table::new("csr_behaviors", "Behaviors per CSR", columns);
        table.shaded = true;
        for (csr, figures) in &self.rows {
            let cells = figures.iter().map(|figure| Cell::share(figure.as_ref()));
            table.push(std::iter::once(Cell::text(csr)).chain(cells).collect());
        }
        table
    }
}
