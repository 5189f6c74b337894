//! Calls as a call log tells of them: caller types, columns and their roles, the rules by which a row is refused,
//! which rows are eligible, and the interface through which rows arrive; rosters, which say who is who and in which team.
//!
//! Knows nothing of files: bytes become rows in `read`.

mod call;
mod caller_rule;
mod caller_type;
mod columns;
mod eligibility;
mod escape;
mod lines;
mod profile;
mod refusal;
mod roster;
mod row;
mod when;

pub use call::Call;
pub use caller_rule::{CallerRule, CellTest};
pub use caller_type::{CallerType, NotACallerType};
pub use columns::{ColumnFault, Columns, Found, FoundBy, Role, same_name};
pub use eligibility::{Eligibility, Filter, Verdict};
pub use escape::escape;
pub use lines::LogLines;
pub use profile::{ColumnName, Profile};
pub use refusal::{LINES_KEPT, Refusal, Refused};
pub use roster::{Member, Membership, Roster, RosterEntry, RosterFault, RosterFaultKind};
pub use row::{Cells, RowSink, RowView};
pub use when::{DurationUnit, TimeReader, When};
