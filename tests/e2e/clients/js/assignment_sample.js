// The agent for graded work of docs/api.md, as printed, with AG-UI's client: a slip, and then all questions.
// Reads {agent, functions, token, session_id, slip, answers} from stdin, prints what happened as JSON.
import { text } from 'node:stream/consumers';
import { HttpAgent } from '@ag-ui/client';

const { agent: module, functions, token, session_id, slip, answers } = JSON.parse(await text(process.stdin));
const { assignmentAgent } = await import(module);

const problems = [];
let done = 0;
const options = {
  HttpAgent,
  url: (name) => `${functions}/${name}`,
  getToken: async () => token,
  session_id,
  onProblem: (problem) => problem && problems.push(problem),
};
const agent = assignmentAgent({ ...options, onDone: () => void done++ });
const other = assignmentAgent({ ...options, onDone: () => {} });

async function run(by = agent) {
  const { newMessages } = await by.runAgent();
  const calls = newMessages.flatMap((message) => message.toolCalls ?? []);
  return calls.map(({ id, function: { name, arguments: args } }) => ({ id, name, args: JSON.parse(args) }));
}

const settle = (by, { id }, answer) =>
  by.addMessage({ id: crypto.randomUUID(), role: 'tool', toolCallId: id, content: JSON.stringify({ answer }) });

const turns = [await run()];
const [onOther] = (await run(other)).slice(-1);
settle(agent, turns[0].at(-1), slip);
turns.push(await run());
while (!agent.state.done) {
  const asked = turns.at(-1).at(-1);
  settle(agent, asked, answers[asked.args.question.question_id]);
  turns.push(await run());
}
settle(other, onOther, 'Something else');
await other.runAgent().catch(() => {});
console.log(JSON.stringify({ turns, problems, done, state: agent.state, other: other.state }));
