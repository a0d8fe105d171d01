// Sends the requests of a file in a cycle: see send_requests() in load.py.
import http from "k6/http";
import { SharedArray } from "k6/data";
import { scenario } from "k6/execution";

const requests = new SharedArray("requests", () => JSON.parse(open(__ENV.REQUESTS)));

export const options = {
  scenarios: {
    load: {
      executor: "shared-iterations",
      vus: Number(__ENV.CLIENTS),
      iterations: Number(__ENV.COUNT),
      maxDuration: __ENV.MAX_DURATION,
    },
  },
  noUsageReport: true,
  summaryTrendStats: ["med", "p(95)", "max"],
};

http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }));

export default function () {
  const { method, url, headers, body } = requests[scenario.iterationInTest % requests.length];
  http.request(method, url, body, { headers, timeout: __ENV.TIMEOUT });
}

export function handleSummary({ metrics, state }) {
  return {
    [__ENV.SUMMARY]: JSON.stringify({
      sent: metrics.http_reqs.values.count,
      failed: metrics.http_req_failed.values.passes,
      seconds: state.testRunDurationMs / 1000,
      median_ms: metrics.http_req_duration.values.med,
      p95_ms: metrics.http_req_duration.values["p(95)"],
      max_ms: metrics.http_req_duration.values.max,
    }),
  };
}
