import ClusterModel
import Quantities

struct StatefulSetController: Controller {
  mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? { nil }
}
struct DaemonSetController: Controller {
  mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? { nil }
}
struct JobController: Controller {
  mutating func reconcile(
    _ cluster: borrowing ClusterState, in pass: ControllerPass, into out: inout CommandBuffer
  ) -> Instant? { nil }
}
