//! What a server becomes, and whether that lasts: a target below a baseline that is known is detected again.

use brownout_exchange::builds::Naming;
use brownout_kernel::catalog::{Build, ProductId};
use brownout_kernel::policy::Policy;
use brownout_planner::project::Raise;

/// Product and build that a target stands for: a build, the newest build of a product, or an update, of the server's product
/// if it names no other.
/// `None` if it is none of these.
pub(super) fn reached(product: ProductId, target: &str) -> Option<(ProductId, Build)> {
    let catalog = brownout_exchange::builds::catalog();
    if let Ok(product) = catalog.product(target) {
        return catalog.releases(product).max_by_key(|release| release.build).map(|r| (product, r.build));
    }
    let found = catalog.identify_of(target, Some(product)).ok()?;
    let build = found.build.lowest();
    catalog.product_of(build).map(|product| (product, build))
}

/// The first baseline of a policy that a build does not meet; `None` if it meets all.
pub(super) fn raise(policy: &Policy, product: ProductId, build: Build) -> Option<Raise> {
    let breached = policy.baselines().entries().iter().find(|entry| !entry.met_by(product, build))?;
    Some(Raise { at: breached.effective(), baseline: breached.name().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_named_as_the_build_of_a_server_is() {
        let catalog = brownout_exchange::builds::catalog();
        let [old, new] = ["2016", "2019"].map(|name| catalog.product(name).unwrap());
        let update = reached(new, "CU15 Oct25SU");
        assert!(update.is_some_and(|(product, _)| product == new));
        for label in
            ["2019 CU15 Oct25SU", "Exchange 2019 CU15 Oct25SU", "Exchange Server 2019 CU15 Oct25SU", "15.2.1748.39"]
        {
            assert_eq!(reached(old, label), update, "{label}");
        }
        let newest = catalog.releases(new).map(|release| release.build).max().unwrap();
        assert_eq!(reached(old, "2019"), Some((new, newest)));
        assert_eq!([reached(old, "soon"), reached(old, "15.9.1.1"), reached(old, "2019 CU99")], [None; 3]);
    }
}
