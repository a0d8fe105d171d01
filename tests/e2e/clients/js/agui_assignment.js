// Graded work with AG-UI's client: a hint, a slip, an answer that is sent again, another answer, a lost connection,
// an abort and another device.
// Reads {client, url, token, session_id, later_session_id, answers} from stdin, prints what happened as JSON.
import { text } from 'node:stream/consumers';

const { client, url, token, session_id, later_session_id, answers } = JSON.parse(await text(process.stdin));
const { HttpAgent } = await import(client);

const problems = [];
console.error = (...words) => problems.push(words.map(String).join(' ')); // where the client reports a refusal
const warnings = [];
console.warn = (...words) => warnings.push(words.map(String).join(' '));

const events = [];
const watch = { onEvent: ({ event }) => void events.push(event) };
const newAgent = (initialState) =>
  new HttpAgent({ url: `${url}/agui`, headers: { Authorization: `Bearer ${token}` }, initialState });

// Runs the agent. Returns the calls of the run, with their arguments parsed.
async function run(agent, parameters) {
  const { newMessages } = await agent.runAgent(parameters, watch);
  return callsOf(newMessages);
}

const callsOf = (messages) =>
  messages
    .flatMap((message) => message.toolCalls ?? [])
    .filter(({ function: { arguments: args } }) => args) // of an aborted run a call may have just begun
    .map(({ id, function: { name, arguments: args } }) => ({ id, name, args: JSON.parse(args) }));

// The call that has no result: the question.
function pending(agent) {
  const settled = new Set(agent.messages.map((message) => message.toolCallId));
  return callsOf(agent.messages).filter(({ id }) => !settled.has(id)).at(-1);
}

const settle = (agent, id, result) =>
  agent.addMessage({ id: crypto.randomUUID(), role: 'tool', toolCallId: id, content: JSON.stringify(result) });

// A choice is known by its text.
function rightAnswer({ question_id, choices = [] }) {
  const idOf = (text) => choices.find((choice) => choice.text === text)?.id ?? text;
  const answer = answers[question_id];
  return Array.isArray(answer) ? answer.map(idOf) : idOf(answer);
}

function answerRightly(agent) {
  const { id, args } = pending(agent);
  settle(agent, id, { answer: rightAnswer(args.question) });
  return args.question;
}

// Another page that has the same state and messages.
function copyOf(agent) {
  const copy = newAgent(structuredClone(agent.state));
  copy.setMessages(structuredClone(agent.messages));
  return copy;
}

const agent = newAgent({ session_id, theme: 'dark' });
const begun = await run(agent);
settle(agent, pending(agent).id, { type: 'hint' });
const hint = await run(agent);

// A slip is refused, and a second result for the same call counts.
const slipped = pending(agent);
const before = JSON.stringify(agent.state);
settle(agent, slipped.id, { answer: null });
const refusal = await run(agent).catch(({ status, payload }) => ({ status, ...JSON.parse(payload) }));
const keptAfterSlip = JSON.stringify(agent.state) === before;
const graded = [{ ...slipped.args.question }];
settle(agent, slipped.id, { answer: rightAnswer(slipped.args.question) });

// The same answer from another page has the same reply; another answer is told it, and refused.
const [again, other] = [copyOf(agent), copyOf(agent)];
other.setMessages(other.messages.slice(0, -1));
settle(other, slipped.id, { type: 'hint' });
const replies = [await run(agent), await run(again)];
let told;
await other.runAgent({}, { onRunErrorEvent: ({ event }) => void (told = event) }).catch(() => {});
const refused = { code: told.code, calls: callsOf(other.messages).slice(-2), state: other.state };
const state = agent.state;

// It goes on from there, and the connection ends after the feedback: the next run asks the next question.
const asked = answerRightly(other);
const { fetch: connected } = other;
other.fetch = async (...request) => {
  const sent = (await (await connected(...request)).text()).split('\n\n');
  const arrived = sent.slice(0, 1 + sent.findIndex((event) => event.includes('TOOL_CALL_RESULT')));
  return new Response(`${arrived.join('\n\n')}\n\n`, { headers: { 'Content-Type': 'text/event-stream' } });
};
const lost = await run(other);
other.fetch = connected;
const after = await run(other);

// A run that is aborted as it begins is committed or not; the same messages find out.
const aborting = answerRightly(other);
const abortedEvents = [];
await other.runAgent({}, {
  onRunStartedEvent: () => other.abortRun(),
  onEvent: ({ event }) => void abortedEvents.push(event.code ?? event.type),
});
const found = await run(other);

// Another device has nothing but the id.
const device = newAgent({ session_id });
const onDevice = await run(device);
const shown = pending(other).args.question;

// As an interrupt would be resumed, and as a native input.
const interrupt = pending(device);
const payload = { answer: rightAnswer(interrupt.args.question) };
const resumed = await run(device, { resume: [{ interruptId: interrupt.id, status: 'resolved', payload }] });
const { question } = resumed.at(-1).args;
const input = { type: 'answer', question_id: question.question_id, answer: rightAnswer(question) };
const native = await run(device, { forwardedProps: { input } });

const rest = [];
while (!device.state.done) {
  answerRightly(device);
  rest.push(...(await run(device)).filter(({ name }) => name === 'feedback_presentation'));
}

// Feedback that comes later.
const heard = [];
const later = newAgent({ session_id: later_session_id });
const watchLater = { onEvent: ({ event }) => void heard.push(event) };
await later.runAgent({}, watchLater);
while (!later.state.done) {
  answerRightly(later);
  await later.runAgent({}, watchLater);
}

console.log(
  JSON.stringify({
    events: [...events, ...heard], problems, warnings, begun, hint, refusal, keptAfterSlip, replies, refused, state,
    graded, lost: { asked: asked.question_id, calls: lost }, after, aborted: { asked: aborting.question_id, events: abortedEvents },
    found, onDevice, shown, resumed, native, rest, device: device.state, theme: agent.state.theme,
    later: { heard, state: later.state },
  }),
);
