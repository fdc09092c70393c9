import CloudSimulation
import Infrastructure
import Quantities

extension Image: ScenarioKind {
  static let kind = "Image"
  static let shortForm: String? = "images"
  static func blank(_ name: String) -> Image { Image(name: name) }
  static func add(_ object: Image, to scenario: inout Scenario) { scenario.images.append(object) }

  static let fields = FieldTable<Image> { table in
    table.field(
      "image", \.reference, Codec<String>.text.optional(written: nil),
      Note("What containers call it; otherwise the object's name."))
    table.field(
      "layers", \.layers, Codec<Image.Layer>.layer.list,
      Note("Its layers; images that share one share its bytes on a machine.").required)
  }
}

extension Codec where Value == Image.Layer {
  /// `digest` and `size`.
  static let layer = Codec.object(
    FieldTable<Image.Layer> { table in
      table.field("digest", \.digest, .text, Note("What tells it from other layers.").required)
      table.field("size", \.size, .byteCount, Note("Its compressed size.").required)
    }
  ) { Image.Layer() }
}

extension Codec where Value == Int64 {
  /// A number of bytes, as Kubernetes writes it.
  static let byteCount = Codec.scalar(
    "bytes", json: ["number", "string"], unit: "bytes",
    expected: "bytes, such as 120M or 2Gi",
    parse: { text throws(ScalarError) in
      let bytes = try ScalarError.translating { () throws(QuantityError) in
        try Bytes.parse(text)
      }
      guard bytes.count >= 0 else {
        throw ScalarError(code: "negative", message: "\"\(text)\" is negative")
      }
      return bytes.count
    },
    encode: { "\($0)" },
    between: { Int64((Double($0) + Double($1 - $0) * $2).rounded()) })
}

extension PeerSharing {
  static let fields = FieldTable<PeerSharing> { table in
    table.field(
      "up", \.up, .bandwidth,
      Note("What a peer sends at most.").graded("E", "peers' links of 1 to 10 Gbit/s")
        .limits(.rate, .image).used(.sharing))
    table.field(
      "seed", \.seed, .bandwidth,
      Note("What the seed receives and sends at most.").graded("E", "a server's port")
        .limits(.rate, .image).used(.sharing))
    table.field(
      "efficiency", \.efficiency, .share,
      Note("The share of its bandwidth for which a peer has pieces that others lack.")
        .graded("A", "chosen").range("0.5", "1").used(.sharing))
  }
}

extension ImageDisk {
  static let fields = FieldTable<ImageDisk> { table in
    table.field(
      "size", \.size, Codec<Int64>.byteCount.optional(written: "unlimited"),
      Note("Bytes for images; unlimited: none is ever deleted."))
    table.field(
      "highThreshold", \.highThreshold, .share,
      Note("The share of it from which on unused images are deleted: imageGCHighThresholdPercent.")
        .graded("D", "TKE's kubelets; 85 % elsewhere").used(.machine))
    table.field(
      "lowThreshold", \.lowThreshold, .share,
      Note("The share down to which they are: imageGCLowThresholdPercent.")
        .graded("D", "TKE's kubelets; 80 % elsewhere").used(.machine))
  }
}

extension Codec where Value == Preheating {
  /// `at` and `images`.
  static let preheating = Codec.object(
    FieldTable<Preheating> { table in
      table.field("at", \.at, .duration, Note("When they begin."))
      table.field(
        "images", \.images, Codec<String>.text.list,
        Note("The images, as containers call them.").required)
    }
  ) { Preheating() }
}
