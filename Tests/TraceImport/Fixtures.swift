import Testing

/// A small trace of each format, made up, and ways in which it can be wrong.
struct Fixture: Sendable, CustomTestStringConvertible {
  var format: String
  /// The file's name; for formats of folders, the name of the file in it.
  var file: String
  var text: String
  /// Files beside it.
  var beside: [(name: String, text: String)] = []
  /// Rows read, and rows kept.
  var read: Int
  var kept: Int
  /// What is wrong, the text, and the line where it is found.
  var wrong: [(what: String, text: String, line: Int)]
  /// Whether a cut last line without an end is dropped; of other formats it is an error.
  var toleratesCut = false

  var testDescription: String { format }
}

extension Fixture {
  static let all: [Fixture] =
    tables + [
      Fixture(
        format: "k8s", file: "dump.json", text: dump, read: 4, kept: 3,
        wrong: [
          ("time and units", dump.replacing("\"500m\"", with: "\"500 millicores\""), 12),
          ("truncated", String(dump.prefix(420)), 9),
        ]),
      Fixture(
        format: "open-simulator", file: "cluster.yaml", text: manifests, read: 3, kept: 3,
        wrong: [
          ("units", manifests.replacing("cpu: \"4\"", with: "cpu: four"), 6),
          ("truncated", manifests + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: \"a", 25),
        ]),
      Fixture(
        format: "k8s-sims", file: "pods-1.yaml",
        text:
          "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: a}\n",
        beside: [("nodes-1.yaml", manifests)], read: 4, kept: 4,
        wrong: [("wrong format", "just text\n", 1)]),
      Fixture(
        format: "sktrace", file: "trace.json", text: simKube, read: 3, kept: 3,
        wrong: [
          ("time going back", simKube.replacing("\"ts\": 160", with: "\"ts\": 90"), 4),
          ("mixed units", simKube.replacing("\"ts\": 160", with: "\"ts\": 1600000000000"), 4),
          ("truncated", String(simKube.prefix(700)), 5),
        ]),
      Fixture(
        format: "prometheus", file: "range.json", text: answer, read: 4, kept: 3,
        wrong: [
          ("time going back", answer.replacing("[1700000030,", with: "[1700000000,"), 4),
          ("mixed units", answer.replacing("[1700000030,", with: "[1700000030000,"), 4),
          ("truncated", String(answer.prefix(200)), 4),
          ("another type", answer.replacing("matrix", with: "vector"), 1),
        ]),
      Fixture(
        format: "swf", file: "log.swf",
        text: "; MaxProcs: 8\n" + swf(1, 0) + swf(2, 30) + swf(3, 30, run: "-1") + swf(4, 90),
        read: 4, kept: 3,
        wrong: [
          ("time going back", swf(1, 60) + swf(2, 30), 2),
          ("units", swf(1, 0) + swf(2, 30, run: "45s"), 2),
          ("wrong format", "job,submit\n1,2\n", 1),
        ], toleratesCut: true),
      Fixture(
        format: "spot", file: "prices.csv",
        text: "timestamp,price_usd_per_hour\n2016-02-25T08:00:00Z,0.01\n2016-02-25T10:00:00Z,0.02\n"
          + "2016-02-25T12:30:00Z,0.005\n2016-02-25T12:30:00Z,0.005\n",
        read: 4, kept: 3,
        wrong: [
          (
            "time going back",
            "timestamp,price_usd_per_hour\n2016-02-25T08:00:00Z,1\n2016-02-25T10:00:00Z,2\n"
              + "2016-02-25T09:00:00Z,2\n", 4
          ),
          ("mixed units", "timestamp,price_usd_per_hour\n2016-02-25T08:00:00Z,1 ct\n", 2),
          ("wrong format", "a,b\n1,2\n", 1),
          ("an empty file", "", 1),
        ], toleratesCut: true),
    ]

  private static let tables: [Fixture] = [
    Fixture(
      format: "openb", file: "pods.csv",
      text: openbHead
        + "p0,2000,4096,1,500,T4,LS,Running,0,600,0\np1,1000,1024,0,0,,BE,Pending,9,,\n"
        + "p2,4000,8192,2,1000,,LS,Running,60,90,61\n",
      beside: [
        (
          "openb_node_list_gpu_node.csv",
          "sn,cpu_milli,memory_mib,gpu,model\nn0,32000,65536,2,T4\nn1,32000,65536,2,T4\n"
        )
      ], read: 3, kept: 2,
      wrong: [
        ("time going back", openbHead + "p0,2000,4096,0,0,,LS,Running,600,10,0\n", 2),
        ("mixed units", openbHead + "p0,2000,4Gi,0,0,,LS,Running,0,600,0\n", 2),
        ("milliseconds", openbHead + "p0,2000,4096,0,0,,LS,Running,0,1700000000000,0\n", 2),
      ], toleratesCut: true),
    Fixture(
      format: "alibaba-dlrm", file: "dlrm.csv",
      text: dlrmHead + "HN,8,1,40.0,,300\nCN,64,0,320.0,100,\nCN,4,0,16.5,20,400\n", read: 3,
      kept: 2,
      wrong: [
        ("time going back", dlrmHead + "HN,8,1,40.0,300,200\n", 2),
        ("mixed units", dlrmHead + "HN,8,1,42949672960,300,400\n", 2),
      ], toleratesCut: true),
    Fixture(
      format: "tiresias", file: "jobs.csv",
      text: tiresiasHead + "0,1,0,606,m,164,30\n1,8,30,133,m,147,23\n", read: 2, kept: 2,
      wrong: [
        ("time going back", tiresiasHead + "0,1,60,606,m,164,30\n1,8,30,133,m,147,23\n", 3),
        ("mixed units", tiresiasHead + "0,1,0,606,m,2m44s,30\n", 2),
      ], toleratesCut: true),
    Fixture(
      format: "worldcup98", file: "counts.csv",
      text:
        "period,count\n1998-06-10 00:00:00,120\n1998-06-10 00:01:00,60\n1998-06-10 00:02:00,0\n",
      read: 3, kept: 3,
      wrong: [
        ("time going back", "period,count\n1998-06-10 00:01:00,1\n1998-06-10 00:00:00,2\n", 3),
        ("mixed units", "period,count\n1998-06-10 00:01:00,1\n897436920,2\n", 3),
        ("too many cells", "period,count\n1998-06-10 00:01:00,1,2\n", 2),
      ], toleratesCut: true),
    Fixture(
      format: "nab", file: "series.csv",
      text: "timestamp,value\n2014-04-10 00:04:00,94.0\n2014-04-10 00:09:00,56.5\n", read: 2,
      kept: 2,
      wrong: [
        ("time going back", "timestamp,value\n2014-04-10 00:04:00,1\n2014-04-10 00:03:00,2\n", 3),
        ("mixed units", "timestamp,value\n2014-04-10 00:04:00,91 %\n", 2),
        ("below zero", "timestamp,value\n2014-04-10 00:04:00,-1\n", 2),
      ], toleratesCut: true),
    Fixture(
      format: "azure-functions", file: "invocations.csv",
      text: "HashFunction,Trigger,1,2,3\nf0,http,3,0,12\nf1,queue,0,0,0\n",
      beside: [("durations.csv", "HashFunction,Average\nf0,250\n")], read: 2, kept: 1,
      wrong: [
        ("time going back", "HashFunction,Trigger,1,3,2\nf0,http,3,0,12\n", 1),
        ("mixed units", "HashFunction,Trigger,1,2\nf0,http,3,4k\n", 2),
      ], toleratesCut: true),
    Fixture(
      format: "azure-functions-2021", file: "calls.csv",
      text: "app,func,end_timestamp,duration\na,f,0.5,0.25\na,g,60.5,45\n", read: 2, kept: 2,
      wrong: [
        ("time going back", "app,func,end_timestamp,duration\na,f,5,25\n", 2),
        ("mixed units", "app,func,end_timestamp,duration\na,f,500,250ms\n", 2),
      ], toleratesCut: true),
    Fixture(
      format: "azure-llm", file: "requests.csv",
      text: "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n"
        + "2023-11-16 18:17:44.03,3180,8\n", read: 2, kept: 2,
      wrong: [
        (
          "time going back",
          "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,1\n2023-11-16 18:17:02,1,1\n",
          3
        ),
        (
          "mixed units",
          "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,1\n1700158624000,1,1\n", 3
        ),
      ], toleratesCut: true),
    Fixture(
      format: "alibaba-genai", file: "qps.csv",
      text: genaiHead + "1000.0,0.5,c1,Generative Requests\n1000.0,0.9,,API Requests\n"
        + "1057.0,0.25,c1,Generative Requests\n", read: 3, kept: 2,
      wrong: [
        (
          "time going back",
          genaiHead + "1057.0,1,c,Generative Requests\n1000.0,1,c,Generative Requests\n", 3
        ),
        (
          "mixed units",
          genaiHead + "1057,1,c,Generative Requests\n1662859233000,1,c,Generative Requests\n", 3
        ),
      ], toleratesCut: true),
    Fixture(
      format: "bitbrains", file: "trace.csv",
      text: bitbrainsHead + "7,2013-08-12 13:40:46+00:00,300000,1,1300\n"
        + "7,2013-08-12 13:45:46+00:00,300000,1,2600\n9,2013-08-12 13:40:46+00:00,300000,2,0\n",
      read: 3, kept: 3,
      wrong: [
        (
          "time going back",
          bitbrainsHead
            + "7,2013-08-12 13:45:46+00:00,300000,1,1\n7,2013-08-12 13:40:46+00:00,300000,1,1\n",
          3
        ),
        ("mixed units", bitbrainsHead + "7,2013-08-12 13:45:46+00:00,300,1,1\n", 2),
      ], toleratesCut: true),
    Fixture(
      format: "planetlab", file: "use.csv", text: "host-a,host-b\n24,76\n100,0\n", read: 2, kept: 2,
      wrong: [
        ("mixed units", "host-a,host-b\n24,760\n", 2), ("wrong format", "24,23\n1,2\n", 1),
      ], toleratesCut: true),
  ]

  private static let openbHead =
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,"
    + "scheduled_time\n"
  private static let dlrmHead =
    "role,cpu_request,gpu_request,memory_request,creation_time,deletion_time\n"
  private static let tiresiasHead =
    "job_id,num_gpu,submit_time,iterations,model_name,duration,interval\n"
  private static let genaiHead = "timestamp_anon,value,container_ip,request_type\n"
  private static let bitbrainsHead = "id,timestamp,duration,cpu_count,cpu_usage\n"

  private static func swf(_ job: Int, _ submit: Int, run: String = "45") -> String {
    "\(job) \(submit) 0 \(run) 2 -1 -1 2 60 -1 1 1 1 -1 1 -1 -1 -1\n"
  }

  private static let dump = """
    {
      "apiVersion": "v1",
      "items": [
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n",
          "managedFields": [{"manager": "kubelet", "fieldsV1": {"f:status": {}}}]},
         "status": {"allocatable": {"cpu": "4", "memory": "8Gi", "pods": "110"}}},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
         "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}},
          "template": {"metadata": {"labels": {"app": "web"}},
           "spec": {"containers": [
            {"name": "c", "image": "a", "resources":
              {"requests": {"cpu": "500m", "memory": "1Gi"}}}]}}}},
        {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
         "spec": {"containers": [{"name": "c", "image": "a"}]}}
      ],
      "kind": "List"
    }
    """

  private static let manifests = """
    apiVersion: v1
    kind: Node
    metadata: {name: n}
    status:
      allocatable:
        cpu: "4"
        memory: 8Gi
        pods: "110"
    ---
    apiVersion: v1
    kind: List
    items:
    - apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec: {containers: [{name: c, image: a}]}
    - apiVersion: v1
      kind: Pod
      metadata: {name: b}
      spec: {containers: [{name: c, image: a}]}

    """

  private static func deployment(_ replicas: Int) -> String {
    #"{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": "#
      + #"{"replicas": \#(replicas), "selector": {"matchLabels": {"app": "web"}}, "template": "#
      + #"{"metadata": {"labels": {"app": "web"}}, "spec": {"containers": "#
      + #"[{"name": "c", "image": "a"}]}}}}"#
  }

  static let simKube = """
    {"version": 2, "config": {}, "events": [
      {"ts": 100, "applied_objs": [\(deployment(1))],
       "deleted_objs": []},
      {"ts": 160, "applied_objs": [\(deployment(4))], "deleted_objs": []},
      {"ts": 400, "applied_objs": [], "deleted_objs": [\(deployment(4))]}
    ], "index": {}, "pod_lifecycles": {}}
    """

  private static let answer = """
    {"status": "success", "data": {"resultType": "matrix", "result": [
      {"metric": {"job": "Web Shop"}, "values": [
        [1700000000, "1.5"],
        [1700000030, "2"], [1700000060, "NaN"], [1700000090, "0.5"]]}
    ]}}
    """
}
