import CloudSimulation
import ClusterModel
import Foundation
import Quantities
import Testing

@testable import ScenarioFiles

@Suite("Texts of manifests")
struct ParsingTests {
  static func values(_ text: String, json: Bool = false) throws -> [ManifestValue] {
    var values: [ManifestValue] = []
    let source = SourceText(name: "text", bytes: Array(text.utf8), countsBytes: json)
    try source.documents(number: 0) { values.append($0) }
    return values
  }

  @Test("keep every scalar as it was written")
  func keepsScalars() throws {
    let text = """
      {on: on, octal: 010, sexagesimal: 1:30, grouped: 1_000, float: 1e3, big: 1E, none: ~, empty: "",
       quoted: "null", date: 2026-01-01, yes: no}
      """
    let value = try #require(Self.values(text).first)
    #expect(value["on"]?.text == "on")
    #expect(value["octal"]?.text == "010")
    #expect(value["sexagesimal"]?.text == "1:30")
    #expect(value["grouped"]?.text == "1_000")
    #expect(value["float"]?.text == "1e3")
    #expect(value["big"]?.text == "1E")
    #expect(value["none"]?.isNull == true)
    #expect(value["empty"]?.text == "")
    #expect(value["quoted"]?.text == "null")
    #expect(value["date"]?.text == "2026-01-01")
    #expect(value["yes"]?.text == "no")
  }

  @Test("give the same values in YAML and JSON, with places")
  func agreeInBothForms() throws {
    let json = #"{"a": [1, {"b": "x\u00e9\n😀", "c": null}], "d": true}"#
    let one = try #require(Self.values(json, json: true).first)
    let other = try #require(Self.values(json).first)
    let escaped = try #require(Self.values(#"["\ud83d\ude00"]"#, json: true).first)
    #expect(escaped.value(along: ["[0]"])?.text == "😀")
    #expect(one.flowText == other.flowText)
    #expect(one.value(along: ["a", "[1]", "b"])?.text == "xé\n😀")
    #expect(one.value(along: ["a", "[1]", "b"])?.place == Place(text: 0, line: 1, column: 17))
    #expect(other.value(along: ["a", "[1]", "b"])?.place == Place(text: 0, line: 1, column: 17))
  }

  @Test("may merge mappings and repeat anchors")
  func mergesMappings() throws {
    let text = "base: &b {cpu: 1, memory: 2Gi}\nuse: {<<: *b, cpu: 4}\n"
    let use = try #require(Self.values(text).first?["use"])
    #expect(use["cpu"]?.text == "4")
    #expect(use["memory"]?.text == "2Gi")
  }

  @Test("leave out managed fields, and see documents one by one")
  func leavesOutManagedFields() throws {
    let json = #"{"managedFields": [{"f:a": {}}, "]"], "x": 1} {"y": 2}"#
    let values = try Self.values(json, json: true)
    #expect(values.count == 2)
    #expect(values[0]["managedFields"]?.isNull == true)
    #expect(try Self.values("a: 1\n---\n---\nb: 2\n...\n").count == 2)
  }

  @Test(
    "are refused with a place if they aren't JSON",
    arguments: [
      ("{\"a\": }", 7), ("{\"a\" 1}", 6), ("[1, 2", 6), ("[1 2]", 4), ("{a: 1}", 2), ("nope", 1),
      ("\"open", 6), ("[01x]", 2), ("{\"a\": 1,}", 9),
    ])
  func refusesBadJSON(text: String, column: Int) throws {
    let error = #expect(throws: ParsingError.self) { try Self.values(text, json: true) }
    #expect(error?.code == "syntax")
    #expect(Int(error?.place.column ?? 0) == column, "\(text)")
  }

  @Test("stay small however deep they pretend to be")
  func limitsDepth() {
    let deep = String(repeating: "[", count: 100_000)
    for json in [true, false] {
      let error = #expect(throws: ParsingError.self) { try Self.values(deep, json: json) }
      #expect(error?.code == "too-deep")
    }
  }

  @Test("are written in flow style so that they read back the same")
  func writesFlowText() throws {
    let text = #"{a: [x, "y, z", "", {k: "1: 2"}], b: 10.8.0.0/22, c: lognormal(5s)}"#
    let value = try #require(Self.values(text).first)
    let again = try #require(Self.values(value.flowText).first)
    #expect(again.flowText == value.flowText)
    #expect(again.value(along: ["a", "[1]"])?.text == "y, z")
  }

  @Test(
    "hash by FIPS 180-4",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func hashes(text: String, digest: String) {
    var hash = SHA256()
    hash.update(text.utf8)
    #expect(hash.hexadecimal() == digest)
  }

  @Test(
    "tell time by RFC 3339",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-11-10T23:58:00+08:00", 1_794_326_280),
      ("2000-02-29T12:00:00.5Z", 951_825_600), ("1969-12-31T23:59:59Z", -1),
    ])
  func readsTimestamps(text: String, seconds: Int) throws {
    let nanoseconds = try #require(timestamp(text))
    #expect(Int(nanoseconds) / 1_000_000_000 == seconds)
    for bad in ["2026-13-01T00:00:00Z", "2026-11-10", "2026-11-10T23:58:00", "soon"] {
      #expect(timestamp(bad) == nil)
    }
  }

  @Test(
    "find what was meant within a third of a word and three letters",
    arguments: [
      ("exponetial", "exponential"), ("createrate", "createRate"), ("qouta", "quota"), ("x", nil),
      ("completely", nil),
    ])
  func suggests(word: String, meant: String?) {
    let words = ["exponential", "createRate", "quota", "boot"]
    #expect(nearest(to: word, among: words) == meant)
  }
}
