// The agent of docs/api.md, as printed, with AG-UI's client: a session that is started, a slip, and an answer.
// Reads {agent, functions, token, source, slip, answer} from stdin, prints what happened as JSON.
import { text } from 'node:stream/consumers';
import { HttpAgent } from '@ag-ui/client';

const { agent: module, functions, token, source, slip, answer } = JSON.parse(await text(process.stdin));
const { practiceAgent } = await import(module);

const problems = [];
const agent = practiceAgent({
  HttpAgent,
  url: (name) => `${functions}/${name}`,
  getToken: async () => token,
  source,
  onProblem: (problem) => problem && problems.push(problem),
});

async function run() {
  const { newMessages } = await agent.runAgent();
  return newMessages.flatMap((message) => message.toolCalls ?? []);
}

function settle(calls, result) {
  const { id } = calls.at(-1);
  agent.addMessage({ id: crypto.randomUUID(), role: 'tool', toolCallId: id, content: JSON.stringify(result) });
}

const turns = [await run()];
for (const given of [slip, answer]) {
  settle(turns.at(-1), { answer: given });
  turns.push(await run());
}
const shown = turns.map((calls) => calls.map(({ function: { name, arguments: args } }) => ({ name, args: JSON.parse(args) })));
console.log(JSON.stringify({ turns: shown, problems, state: agent.state }));
