//! Plans: against an oracle that shares no rule with the planner, on cases from the field, and as others read their files.

mod plan;
mod plan_again;
mod plan_cases;
mod plan_outputs;
mod plan_stated;
mod plan_tenants;
mod planning;
mod teams;
