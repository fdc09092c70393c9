extension CPU {
  /// Reads an amount of CPU as manifests write it, `2` or `500m`, rounded up to whole millicores.
  ///
  /// - Throws: a ``QuantityError`` if it is no quantity, or one beyond 2⁶³ − 1 millicores.
  public static func parse(_ text: String) throws(QuantityError) -> CPU {
    CPU(millicores: try Quantity.parse(text).milliValue)
  }

  /// The amount as kubectl prints it, such as `1500m` or `2`.
  public var formatted: String { Quantity(milli: millicores).description }
}

extension Bytes {
  /// Reads an amount of memory or storage as manifests write it, `512Mi` or `1G`, rounded up to
  /// whole bytes.
  ///
  /// - Throws: a ``QuantityError`` if it is no quantity.
  public static func parse(_ text: String) throws(QuantityError) -> Bytes {
    Bytes(try Quantity.parse(text).value)
  }

  /// The amount as kubectl prints it, such as `512Mi`.
  public var formatted: String { Quantity(count, format: .binarySI).description }
}
