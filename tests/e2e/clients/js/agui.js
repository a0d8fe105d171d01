// A whole session with AG-UI's client: every kind of question, a hint, a slip, a lost connection, a fork,
// and a second device.
// Reads {client, url, functions, documents, token, source_data, free_text, answers} from stdin, prints what happened as JSON.
import { text } from 'node:stream/consumers';

const { client, url, functions, documents, token, source_data, free_text, answers } = JSON.parse(await text(process.stdin));
const { HttpAgent } = await import(client);
const authorized = { Authorization: `Bearer ${token}` };

const problems = [];
console.error = (...words) => problems.push(words.map(String).join(' ')); // where the client reports a refusal
const warnings = [];
console.warn = (...words) => warnings.push(words.map(String).join(' '));

const events = [];
const watch = { onEvent: ({ event }) => void events.push(event) };
const newAgent = (initialState) => new HttpAgent({ url: `${url}/agui`, headers: authorized, initialState });

async function call(name, body) {
  const headers = { ...authorized, 'Content-Type': 'application/json' };
  const response = await fetch(`${functions}/${name}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, reply: await response.json() };
}

const sessionOf = (agent) => agent.state.session_context.stored_session;

// Stores the session and goes on with the one of the reply.
async function save(agent) {
  const stored_session = sessionOf(agent);
  const { status, reply } = await call('update_progress', { session_id: stored_session.session_id, stored_session });
  if (status === 200) agent.setState({ ...agent.state, session_context: { stored_session: reply.session.stored_session } });
  return reply.reason ?? status;
}

// Runs the agent. Returns the calls of the run, with their arguments parsed.
async function run(agent, parameters) {
  const { newMessages } = await agent.runAgent(parameters, watch);
  const calls = newMessages.flatMap((message) => message.toolCalls ?? []);
  return calls.map(({ id, function: { name, arguments: args } }) => ({ id, name, args: JSON.parse(args) }));
}

// The call that has no result: the question.
function pending(agent) {
  const calls = agent.messages.flatMap((message) => message.toolCalls ?? []);
  const settled = new Set(agent.messages.map((message) => message.toolCallId));
  const { id, function: asked } = calls.filter((made) => !settled.has(made.id)).at(-1);
  return { id, question: JSON.parse(asked.arguments).question };
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
  const { id, question } = pending(agent);
  settle(agent, id, { answer: rightAnswer(question) });
  return question;
}

const agent = newAgent({ session_context: { source_data }, theme: 'dark' });
const begun = await run(agent);
const started = await call('start_session', { stored_session: sessionOf(agent) });
agent.setState({ ...agent.state, session_context: { stored_session: started.reply.session.stored_session } });

const hinted = pending(agent);
settle(agent, hinted.id, { type: 'hint' });
const hint = await run(agent);

// A slip is refused, and a second result for the same call counts.
const before = JSON.stringify(agent.state);
const slipped = pending(agent);
settle(agent, slipped.id, { answer: null });
const refusal = await run(agent).catch(({ status, payload }) => ({ status, ...JSON.parse(payload) }));
const keptAfterSlip = JSON.stringify(agent.state) === before;

settle(agent, slipped.id, { answer: rightAnswer(slipped.question) });

const graded = [];
const saves = [];
for (let asked = slipped.question; ; asked = answerRightly(agent)) {
  const [feedback] = await run(agent);
  graded.push({ ...asked, feedback: feedback.args.question_id, correct: feedback.args.correct });
  saves.push(await save(agent));
  const kinds = new Set(graded.map(({ kind }) => kind));
  if (kinds.size === Object.keys(answers).length || graded.length === 40) break;
}

// What the student writes in the chat is the answer.
const writer = newAgent({ session_context: { source_data: free_text } });
await run(writer);
writer.addMessage({ id: crypto.randomUUID(), role: 'user', content: 'In my own words.' });
const written = await run(writer);

// A connection that ends after the feedback leaves the state; the same messages take the turn again.
const asked = answerRightly(agent);
const untouched = JSON.stringify(agent.state);
const { fetch: connected } = agent;
agent.fetch = async (...request) => {
  const sent = (await (await connected(...request)).text()).split('\n\n');
  const arrived = sent.slice(0, 1 + sent.findIndex((event) => event.includes('TOOL_CALL_RESULT')));
  return new Response(`${arrived.join('\n\n')}\n\n`, { headers: { 'Content-Type': 'text/event-stream' } });
};
const lost = await run(agent);
const keptAfterLoss = JSON.stringify(agent.state) === untouched;
agent.fetch = connected;
const again = await run(agent);
saves.push(await save(agent));

// As an interrupt would be resumed, and as a native input.
const interrupt = pending(agent);
const payload = { answer: rightAnswer(interrupt.question) };
const resumed = await run(agent, { resume: [{ interruptId: interrupt.id, status: 'resolved', payload }] });
const { question } = resumed.at(-1).args;
const input = { type: 'answer', question_id: question.question_id, answer: rightAnswer(question) };
const native = await run(agent, { forwardedProps: { input } });
saves.push(await save(agent));

// Two pages answer the same question. The second is told when it stores its turn.
const other = agent.clone();
answerRightly(agent);
await run(agent);
settle(other, pending(other).id, { type: 'hint' });
await run(other);
const forks = [await save(agent), await save(other)];

// Another device goes on from the state in Firestore, as REST has it.
const { session_id } = sessionOf(agent);
const path = `${documents}/practice_sessions/${session_id}/state/current`;
const document = await (await fetch(path, { headers: authorized })).json();
const device = newAgent({ session_context: { stored_session: document.fields.stored_session } });
const shown = await run(device);
answerRightly(device);
const [onDevice] = await run(device);
saves.push(await save(device));
const completed = await call('complete_session', { session_id });

console.log(
  JSON.stringify({
    events, problems, warnings, begun, started: started.status, hint, refusal, keptAfterSlip, graded, written, saves,
    lost: { asked: asked.question_id, kept: keptAfterLoss, calls: lost }, again,
    resumed, native, forks, shown, pending: pending(agent).question, device: onDevice.args,
    summary: completed.reply.summary, theme: agent.state.theme, messages: agent.messages,
  }),
);
