//! Policies known by name: the files of `scenarios/policies/`, compiled in.
//!
//! A name means the same wherever a policy is asked for (`--policy`, a plan, a study) and the same as the file of that name. A
//! ladder by name (`ladder: (preset: …)`) is only the stages, without baselines; those stand in the policy.

use std::sync::Arc;

use super::compose::compose_policy;
use super::text::SourceFile;
use brownout_kernel::policy::Policy;

/// The policy that is asked where none is named: all raises since 2023.
pub const DEFAULT: &str = "microsoft";

/// Every name, in the order in which help shows them. `none` is another name of `no-enforcement`.
pub const NAMES: [&str; 8] = [
    "microsoft",
    "microsoft-2023",
    "microsoft-2023-throttle-kept",
    "rollout-2023",
    "rollout-2026",
    "all-at-once",
    "no-enforcement",
    "none",
];

/// The text behind a name as a file, `None` if there is no policy of that name.
pub fn source(name: &str) -> Option<Arc<SourceFile>> {
    let called = if name == "none" { "no-enforcement" } else { name };
    let text = brownout_scenarios::text(&format!("policies/{called}.ron"))?;
    Some(Arc::new(SourceFile { path: format!("policy {name}"), text: text.to_owned() }))
}

/// The policy of a name, `None` if there is none of that name.
///
/// ```
/// let policy = brownout_reading::named::policy("microsoft").unwrap();
/// assert_eq!(policy.baselines().entries().len(), 8);
/// assert!(brownout_reading::named::policy("microsft").is_none());
/// ```
pub fn policy(name: &str) -> Option<Policy> {
    compose_policy(&source(name)?).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Severity;

    #[test]
    fn every_name_is_a_whole_policy_called_like_it() {
        for name in NAMES {
            let (policy, problems) = compose_policy(&source(name).unwrap());
            assert!(problems.iter().all(|problem| problem.severity == Severity::Warning), "{name}: {problems:?}");
            let called = if name == "none" { "no-enforcement" } else { name };
            assert_eq!(policy.unwrap().name(), called);
        }
    }

    #[test]
    fn every_shipped_policy_is_named() {
        let files = brownout_scenarios::FILES.map(|file| file.0);
        let policies = files.iter().filter_map(|path| path.strip_prefix("policies/")?.strip_suffix(".ron"));
        let mut named: Vec<&str> = NAMES.into_iter().filter(|name| *name != "none").collect();
        named.sort_unstable();
        let mut policies: Vec<&str> = policies.collect();
        policies.sort_unstable();
        assert_eq!(policies, named);
        assert!(source("../worlds/exchange-2026").is_none() && source("").is_none());
    }

    #[test]
    fn the_default_policy_speaks_of_every_product_sold_since_2007() {
        let policy = policy(DEFAULT).unwrap();
        for product in brownout_exchange::builds::catalog().products() {
            let name = brownout_exchange::builds::catalog().product_name(product);
            assert!(!policy.baselines().of(product).is_empty(), "no baseline speaks of {name}");
        }
    }
}
