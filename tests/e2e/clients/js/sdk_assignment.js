// Graded work with each method of LangGraph's SDK: an answer, the same again, and another one.
// Reads {url, token, session_ids, answers} from stdin, prints the results as JSON.
import { text } from 'node:stream/consumers';
import { Client } from '@langchain/langgraph-sdk';

const { url, token, session_ids, answers } = JSON.parse(await text(process.stdin));
const client = new Client({
  apiUrl: url,
  defaultHeaders: { Authorization: `Bearer ${token}` },
  callerOptions: { maxRetries: 0 },
});
const ASSISTANT = 'assignment_turn';

const callsOf = (messages) => messages.flatMap((message) => message.tool_calls ?? []);

function resultFor(messages, result) {
  const { id } = callsOf(messages).at(-1);
  return { type: 'tool', tool_call_id: id, content: JSON.stringify(result) };
}

function rightResult(messages) {
  const { question } = callsOf(messages).at(-1).args;
  return resultFor(messages, { answer: answers[question.question_id] });
}

async function waited(threadId, input) {
  try {
    return await client.runs.wait(threadId, ASSISTANT, { input });
  } catch ({ status, text: body }) {
    const { reason, committed } = JSON.parse(body);
    return { refused: reason, status, ...committed };
  }
}

async function streamed(threadId, input) {
  const turn = { events: [], messages: [] };
  const streamMode = ['updates', 'custom'];
  for await (const { event, data } of client.runs.stream(threadId, ASSISTANT, { input, streamMode })) {
    turn.events.push(event);
    if (event === 'updates') Object.values(data).forEach((update) => turn.messages.push(...update.messages));
    if (event === 'values') Object.assign(turn, data);
    if (event === 'error') turn.refused = data.error;
  }
  return turn;
}

// The whole work. A client sends back what it got, and its messages.
async function work(take, threadId, session_id) {
  const turns = [await take(threadId, { session_id })];
  while (!turns.at(-1).done) {
    const { events, messages, refused, status, ...state } = turns.at(-1);
    const answer = { ...state, messages: [...messages, rightResult(messages)] };
    turns.push(await take(threadId, answer));
    if (turns.length === 2) {
      turns.again = await take(threadId, answer);
      turns.other = await take(threadId, { ...state, messages: [...messages, resultFor(messages, { type: 'hint' })] });
    }
  }
  return { turns, again: turns.again, other: turns.other };
}

const thread = await client.threads.create();
const [first, second, third, fourth] = session_ids;
console.log(
  JSON.stringify({
    waited: await work(waited, null, first),
    'waited in a thread': await work(waited, thread.thread_id, second),
    streamed: await work(streamed, null, third),
    'streamed in a thread': await work(streamed, thread.thread_id, fourth),
  }),
);
