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

/// Name and text of each policy, in the order in which help shows them. `none` is another name of `no-enforcement`.
const POLICIES: [(&str, &str); 8] = [
    ("microsoft", include_str!("../../../scenarios/policies/microsoft.ron")),
    ("microsoft-2023", include_str!("../../../scenarios/policies/microsoft-2023.ron")),
    ("microsoft-2023-throttle-kept", include_str!("../../../scenarios/policies/microsoft-2023-throttle-kept.ron")),
    ("rollout-2023", include_str!("../../../scenarios/policies/rollout-2023.ron")),
    ("rollout-2026", include_str!("../../../scenarios/policies/rollout-2026.ron")),
    ("all-at-once", include_str!("../../../scenarios/policies/all-at-once.ron")),
    ("no-enforcement", include_str!("../../../scenarios/policies/no-enforcement.ron")),
    ("none", include_str!("../../../scenarios/policies/no-enforcement.ron")),
];

/// Every name, in the order in which help shows them.
pub const NAMES: [&str; 8] = {
    let mut names = [""; 8];
    let mut i = 0;
    while i < names.len() {
        names[i] = POLICIES[i].0;
        i += 1;
    }
    names
};

/// The text behind a name as a file, `None` if there is no policy of that name.
pub fn source(name: &str) -> Option<Arc<SourceFile>> {
    let (name, text) = POLICIES.iter().find(|entry| entry.0 == name)?;
    Some(Arc::new(SourceFile { path: format!("policy {name}"), text: (*text).to_owned() }))
}

/// The policy of a name, `None` if there is none of that name.
///
/// ```
/// let policy = brownout_reading::named::policy("microsoft").unwrap();
/// assert_eq!(policy.baselines.entries().len(), 8);
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
            assert_eq!(policy.unwrap().name, called);
        }
    }

    #[test]
    fn the_default_policy_speaks_of_every_product_sold_since_2007() {
        let policy = policy(DEFAULT).unwrap();
        for product in brownout_exchange::builds::catalog().products() {
            let name = brownout_exchange::builds::catalog().product_name(product);
            assert!(!policy.baselines.of(product).is_empty(), "no baseline speaks of {name}");
        }
    }
}
