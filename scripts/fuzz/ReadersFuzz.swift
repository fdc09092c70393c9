import Foundation

/// The reader that the fuzzer feeds.
private let reader: FuzzedReader = {
  let name = ProcessInfo.processInfo.environment["FUZZ_READER"] ?? "manifests"
  guard let reader = FuzzedReader(rawValue: name) else {
    fatalError("FUZZ_READER is one of \(FuzzedReader.allCases.map(\.rawValue))")
  }
  return reader
}()

/// Where readers that take a path find what they are fed: in memory, if the system has such a folder.
private let folder: String = {
  let memory = "/dev/shm"
  let isThere = FileManager.default.fileExists(atPath: memory)
  let root = isThere ? memory : FileManager.default.temporaryDirectory.path(percentEncoded: false)
  let folder = "\(root)/fuzz-\(ProcessInfo.processInfo.processIdentifier)"
  try! FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  return folder
}()

/// What the fuzzer calls with each file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReaders(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if let complaint = reader.complaint(about: bytes, folder: folder) { fatalError(complaint) }
  return 0
}
