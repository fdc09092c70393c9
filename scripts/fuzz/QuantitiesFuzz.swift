/// What the fuzzer calls with each text: every reader must answer, and what it prints must be the
/// same amount again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzQuantities(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  if let amount = try? Quantity.parse(text) {
    precondition(try! Quantity.parse(amount.description) == amount)
    precondition(amount.value.magnitude >= (amount.nanos / 1_000_000_000).magnitude)
    _ = try? amount.milliValue
  }
  if let span = try? TimeSpan.parse(text) {
    precondition(try! TimeSpan.parse(span.formatted) == span)
  }
  if let rate = try? Rate.parse(text) { precondition(try! Rate.parse(rate.text) == rate) }
  if let bandwidth = try? Bandwidth.parse(text) {
    precondition(try! Bandwidth.parse(bandwidth.description) == bandwidth)
  }
  if let money = try? Money.parse(text) { precondition(try! Money.parse(money.decimal) == money) }
  if let price = try? Price.parse(text) {
    precondition(try! Price.parse(price.description) == price)
  }
  if let share = try? Share.parse(text) { precondition((0...1).contains(share.fraction)) }
  return 0
}
