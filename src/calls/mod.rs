//! Calls as a call log tells of them: caller types, columns and their roles, the rules by which a row is refused,
//! which rows are eligible, and the interface through which rows arrive; rosters, which say who is who and in which team.
//!
//! Knows nothing of files: bytes become rows in `read`.

mod call;
mod caller_rule;
mod caller_type;
mod cell_test;
mod column_name;
mod columns;
mod csr_rule;
mod duration_unit;
mod eligibility;
mod escape;
mod extensions;
mod lines;
mod number;
mod profile;
mod refusal;
mod roster;
mod row;
mod when;

pub use call::{Call, SAFE_DIGITS, is_rounded_id};
pub use caller_rule::{CallerRule, CellRule};
pub use caller_type::{CallerType, NotACallerType};
pub use cell_test::CellTest;
pub use column_name::{ColumnChoice, ColumnName, NamedColumn};
pub use columns::{ColumnFault, Columns, Found, FoundBy, Role, same_name};
pub use csr_rule::{CsrList, CsrRule, Take};
pub use duration_unit::DurationUnit;
pub use eligibility::{Eligibility, Filter, Verdict};
pub use escape::escape;
pub use extensions::{ExtensionRange, Extensions, NotAnExtension};
pub use lines::LogLines;
pub use profile::{ColumnValues, Profile};
pub use refusal::{LINES_KEPT, Refusal, Refused};
pub use roster::{Member, Membership, Roster, RosterEntry, RosterFault, RosterFaultKind};
pub use row::{Cells, RowSink, RowView};
pub use when::{TimeCount, TimeReader, When};
