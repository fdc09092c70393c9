extension TraceFormat {
  /// Every format, in the order of a list: one line each.
  public static let all: [TraceFormat] = [
    kubernetes, openSimulator, kubernetesSimulators, simKube, openb, dlrm, tiresias, workloadFormat,
    worldCup, functions, functionTrace, languageModel, generative, prometheus, anomalies, bitbrains,
    planetLab, spot,
  ]
}
