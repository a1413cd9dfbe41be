//! What a server becomes, and whether that lasts: a target below a baseline that is known is detected again.

use brownout_exchange::builds::Naming;
use brownout_kernel::catalog::{Build, ProductId};
use brownout_kernel::policy::Policy;
use brownout_kernel::world::Route;
use brownout_planner::project::Raise;

/// Product and build that a target stands for: a build, the newest build of a product, or an update, of the server's product
/// if it names no other.
/// `None` if it is none of these.
pub(super) fn reached(product: ProductId, target: &str) -> Option<(ProductId, Build)> {
    let catalog = brownout_exchange::builds::catalog();
    if let Ok(product) = catalog.product(target) {
        return catalog.releases(product).max_by_key(|release| release.build).map(|r| (product, r.build));
    }
    let found = catalog.identify(target, Some(catalog.product_name(product))).ok()?;
    let build = found.build.lowest();
    catalog.product_of(build).map(|product| (product, build))
}

/// The first baseline of a policy that a target does not meet; `None` if it meets all, or if there is no target to judge.
pub(super) fn raise(policy: &Policy, product: ProductId, route: Route, target: &str) -> Option<Raise> {
    if route == Route::Leave || target.is_empty() {
        return None;
    }
    let (product, build) = reached(product, target)?;
    let breached = policy.baselines.entries().iter().find(|entry| !entry.met_by(product, build))?;
    Some(Raise { at: breached.effective(), baseline: breached.name().to_owned() })
}
