import ClusterModel
import Infrastructure

/// What can happen in a hybrid cloud: one case per component, at most eight bytes in all.
enum CloudEvent: BitwiseCopyable, Sendable {
  /// A control loop is woken.
  case wake(Client)
  /// A write reaches the store.
  case write(UInt32)
  /// A write's author has waited long enough for the answer.
  case giveUp(UInt32)
  /// A node learns that a Pod is bound to it.
  case seen(PodID)
  /// A node learns that a Pod shall stop.
  case stopSeen(PodID)
  /// A timer of the start pipeline comes up.
  case pipeline(PodID, PipelineStep)
  /// The next transfer ends, unless the transfers have changed since.
  case transfer(UInt32)
  /// A machine that a cloud was asked for registers: its number in its group, and the group.
  case machineRegisters(UInt32, UInt16)
  /// A node that has registered is ready.
  case machineReady(NodeID)
  /// A load's next change is due.
  case load(UInt16)
  /// Something fails or works again.
  case fault
  /// A node's kubelet, cut off or stopped before, reaches the API server again.
  case nodeBack(NodeID)
  /// A serverless Pod's agent has been silent for as long as its provider waits.
  case lost(PodID)
  /// The virtual nodes of a place say anew what they have left.
  case labels(UInt16)
  /// Something scripted about a link happens.
  case line(UInt16)
  /// Machines begin to pull images ahead.
  case preheat(UInt16)
  /// A burst of loss on a link begins or ends.
  case loss(UInt16)
  /// A provider announces that it takes spot Pods back.
  case reclaim(place: UInt16, number: UInt16)
  /// A provider announces that it takes a single spot Pod back.
  case announce(PodID)
  /// A provider takes a spot Pod back.
  case takeBack(PodID)
  /// A period of what crosses links as streams is over.
  case streams
  /// The end of a bucket of the time series.
  case sample
  /// What the endpoints say of a Pod has reached those who send requests.
  case endpoint(PodID)
  /// The kubelets of a group look at what their Pods use.
  case kubelet(UInt8)
  /// The metrics server asks the kubelets.
  case scrape
  /// What it was told is served.
  case serve
}
