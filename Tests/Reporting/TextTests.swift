import Foundation
import Testing

@testable import Reporting

@Suite struct TextTests {
  @Test(
    "Numbers for machines have six significant digits, whole numbers all of theirs",
    arguments: [
      (0.0, "0"), (-0.0, "0"), (1000, "1000"), (1_234_567, "1234567"), (1234.5678, "1234.57"),
      (0.1, "0.1"), (1.0 / 3, "0.333333"), (2.0 / 3, "0.666667"), (999_999.5, "1000000"),
      (999_998.5, "999998"), (-0.000012345678, "-0.0000123457"), (1.5e-9, "1.5e-9"),
      (1e22, "1e22"), (9.9999995, "10"), (123_456_789.25, "123457000"), (0.1234565, "0.123456"),
      (-17.25, "-17.25"), (Double.leastNonzeroMagnitude, "5e-324"),
    ] as [(Double, String)])
  func machine(value: Double, text: String) throws {
    #expect(NumberText.machine(value) == text)
    let back = try #require(Double(text))
    #expect(abs(back - value) <= abs(value) * 5e-6)
  }

  @Test func numbersThatAreNotFiniteHaveNoText() {
    #expect(NumberText.machine(.infinity) == nil)
    #expect(NumberText.machine(.nan) == nil)
    #expect(NumberText.readable(nil) == "–")
    #expect(NumberText.fixed(.nan, decimals: 2) == "–")
  }

  @Test func peopleReadThousandsMarkedAndSmallNumbersShort() {
    #expect(NumberText.readable(1187.6) == "1,188")
    #expect(NumberText.readable(1_234_567.8) == "1,234,568")
    #expect(NumberText.readable(186.6644) == "186.7")
    #expect(NumberText.readable(14.0) == "14")
    #expect(NumberText.readable(-0.5) == "−0.5")
    #expect(NumberText.readable(0.61237, digits: 3) == "0.612")
    #expect(NumberText.count(-12_345) == "−12,345")
    #expect(NumberText.percent(0.04951) == "5 %")
    #expect(NumberText.percent(0.951) == "95.1 %")
  }

  @Test func aNumberJustBelowAThresholdNeverReadsAsTheThreshold() {
    #expect(NumberText.readable(999.97, apartFrom: 1000) == "999.97")
    #expect(NumberText.readable(1000.2, apartFrom: 1000) == "1,000.2")
    #expect(NumberText.readable(1000, apartFrom: 1000) == "1,000")
    #expect(NumberText.readable(996.2, apartFrom: 1000) == "996.2")
  }

  @Test func moneyShowsItsCurrency() {
    #expect(NumberText.money(1320.5, currency: "CNY") == "¥1,320.50")
    #expect(NumberText.money(0.073344, currency: "CNY") == "¥0.07334")
    #expect(NumberText.money(-2, currency: "USD") == "−$2.00")
    #expect(NumberText.money(3, currency: "CHF") == "3.00 CHF")
  }

  @Test func pathsAreShortenedAsFarAsTheyStayDistinct() {
    let quota = "ServerlessPool/cloud:spec.quota.podsPerCluster"
    let other = "ServerlessPool/edge:spec.quota.podsPerCluster"
    #expect(PathText.field(quota) == "quota.podsPerCluster")
    #expect(PathText.label(quota, among: [quota, "Link/a:spec.bandwidth"]) == "podsPerCluster")
    #expect(PathText.label(quota, among: [quota, other]) == quota)
    #expect(PathText.leaf("Site/a:spec.stock[ap-1.large]") == "stock[ap-1.large]")
    #expect(PathText.leaf("no path at all") == "no path at all")
    #expect(PathText.leaf("Scenario/a:spec.controlPlane.admission.qps") == "admission.qps")
    #expect(
      PathText.limit("\(quota) 100, Link/a:spec.subnets [x, y]")
        == "quota.podsPerCluster 100 and a subnets [x, y]")
  }

  @Test func hostileNamesCannotLeaveTheirPlace() {
    let name = "a|b`c`<script>&*x*\n# y\u{1B}[31m @me"
    let shown = MarkupText.markdown(name)
    #expect(!shown.contains("<") && !shown.contains("\n") && !shown.contains("\u{1B}"))
    #expect(shown == "a\\|b\\`c\\`&lt;script&gt;&amp;\\*x\\* \\# y\u{FFFD}\\[31m &#64;me")
    #expect(MarkupText.code("a``b|c") == "```a``b\\|c```")
    #expect(MarkupText.code("`x") == "`` `x ``")
    #expect(MarkupText.xml("<a b='c'>\u{0}&\"") == "&lt;a b=&#39;c&#39;&gt;\u{FFFD}&amp;&quot;")
    #expect(MarkupText.terminal("\u{1B}[2Jx\u{202E}y") == "\u{FFFD}[2Jx\u{FFFD}y")
  }

  @Test func jsonStringsReadBackAsTheyWere() throws {
    let text = "quote \" slash \\ line\nreturn\r tab\t nul\u{0} bell\u{7} ü 漢 😀 del\u{7F} \u{2028}"
    let document: JSONValue = ["text": .string(text), "none": .null, "nan": .number(.nan), "e": []]
    for rendering in [document.rendered(), document.compact()] {
      let read = try JSONSerialization.jsonObject(with: Data(rendering.utf8))
      let object = try #require(read as? [String: Any])
      #expect(object["text"] as? String == text)
      #expect(object["none"] is NSNull)
      #expect(object["nan"] is NSNull)
    }
  }

  @Test func jsonKeepsTheOrderOfKeysAndIndentsByTwo() {
    let document: JSONValue = [
      "b": 1, "a": [true, .number(0.5)], "empty": .object([]), "seed": .unsigned(.max),
    ]
    #expect(
      document.rendered() == """
        {
          "b": 1,
          "a": [
            true,
            0.5
          ],
          "empty": {},
          "seed": 18446744073709551615
        }

        """)
  }
}
