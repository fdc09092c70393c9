import Autoscaling
import Scheduling

/// The node autoscaler asks the scheduler's filters; neither module knows the other.
extension Supposition: PlacementOracle {}
