import ClusterModel
import Infrastructure

/// What can happen in a hybrid cloud: one case per component, at most eight bytes in all.
enum CloudEvent: BitwiseCopyable, Sendable {
  /// A control loop is woken.
  case wake(Client)
  /// A write reaches the store.
  case write(UInt32)
  /// A node learns that a Pod is bound to it.
  case seen(PodID)
  /// A node learns that a Pod shall stop.
  case stopSeen(PodID)
  /// A timer of the start pipeline comes up.
  case pipeline(PodID, PipelineStep)
  /// The next image transfer ends, unless the transfers have changed since.
  case transfer(UInt32)
  /// A load's next change is due.
  case load(UInt16)
  /// A line goes down or comes back.
  case line(UInt16)
  /// A provider announces that it takes spot Pods back.
  case reclaim(place: UInt16, number: UInt16)
  /// A provider takes a spot Pod back.
  case takeBack(PodID)
  /// The end of a bucket of the time series.
  case sample
}
