// Keeps a number of clients busy, which start one after the other: see send_steadily() in load.py.
import { sleep } from "k6";
import http from "k6/http";
import exec from "k6/execution";
import { Counter, Trend } from "k6/metrics";
import { SharedArray } from "k6/data";

const requests = new SharedArray("requests", () => JSON.parse(open(__ENV.REQUESTS)));
const clients = Number(__ENV.CLIENTS);
const begin = Number(__ENV.BEGIN_SECONDS);
const window = Number(__ENV.WINDOW_SECONDS);
const spread = Number(__ENV.SPREAD_SECONDS);
const answered = new Counter("answered");
const wrong = new Counter("wrong");
const took = new Trend("took", true);

export const options = {
  scenarios: {
    steady: {
      executor: "constant-vus",
      vus: clients,
      duration: `${(begin + window) * 1000}ms`,
      gracefulStop: __ENV.TIMEOUT,
    },
  },
  noUsageReport: true,
  summaryTrendStats: ["med", "p(95)", "max"],
};

http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }));

export default function () {
  const turn = exec.vu.iterationInScenario;
  if (turn === 0) sleep(((exec.vu.idInTest - 1) / clients) * spread);
  const { method, url, headers, body } = requests[(exec.vu.idInTest + turn) % requests.length];
  const response = http.request(method, url, body, { headers, timeout: __ENV.TIMEOUT });
  // A stream may fail after its status 200 was sent: only the end of its body shows that.
  if (!response.body?.includes(__ENV.EXPECTED)) wrong.add(1);
  const at = exec.instance.currentTestRunDuration / 1000;
  if (at < begin || at >= begin + window) return;
  answered.add(1);
  took.add(response.timings.duration);
}

export function handleSummary({ metrics }) {
  return {
    [__ENV.SUMMARY]: JSON.stringify({
      all: metrics.http_reqs.values.count,
      failed: metrics.http_req_failed.values.passes + (metrics.wrong?.values.count ?? 0),
      sent: metrics.answered?.values.count ?? 0,
      seconds: window,
      median_ms: metrics.took?.values.med ?? 0,
      p95_ms: metrics.took?.values["p(95)"] ?? 0,
      max_ms: metrics.took?.values.max ?? 0,
    }),
  };
}
