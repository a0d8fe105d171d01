// A run that is aborted while the back end works, and the same run again, with AG-UI's client.
// Reads {url, token, source_data} from stdin, prints what happened as JSON.
import { text } from 'node:stream/consumers';
import { HttpAgent } from '@ag-ui/client';

const { url, token, source_data } = JSON.parse(await text(process.stdin));
const agent = new HttpAgent({
  url: `${url}/agui`,
  headers: { Authorization: `Bearer ${token}` },
  initialState: { session_context: { source_data }, theme: 'dark' },
});

async function run(subscriber) {
  const types = [];
  await agent.runAgent({}, { ...subscriber, onEvent: ({ event }) => void types.push(event.code ?? event.type) });
  return { types, state: structuredClone(agent.state) };
}

const aborted = await run({ onStepStartedEvent: () => agent.abortRun() });
console.log(JSON.stringify({ aborted, again: await run() }));
