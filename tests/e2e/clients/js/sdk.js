// Two turns with each method of the SDK. The second answers the pending question of the first.
// Reads {url, token, source_data, answers} from stdin, prints the results as JSON.
import { text } from 'node:stream/consumers';
import { Client } from '@langchain/langgraph-sdk';

const { url, token, source_data, answers } = JSON.parse(await text(process.stdin));
const client = new Client({ apiUrl: url, defaultHeaders: { Authorization: `Bearer ${token}` } });

const callsOf = (messages) => messages.flatMap((message) => message.tool_calls ?? []);

function answerTo(messages) {
  const pending = callsOf(messages).at(-1);
  const answer = answers[pending.args.question.question_id];
  return { type: 'tool', tool_call_id: pending.id, content: JSON.stringify({ answer }) };
}

async function waited(threadId) {
  const first = await client.runs.wait(threadId, 'practice_turn', {
    input: { session_context: { source_data } },
  });
  const second = await client.runs.wait(threadId, 'practice_turn', {
    input: { session_context: first.session_context, messages: [answerTo(first.messages)] },
  });
  return [first, second];
}

async function streamedTurn(threadId, input) {
  const turn = { events: [], messages: [] };
  const streamMode = ['updates', 'custom'];
  for await (const { event, data } of client.runs.stream(threadId, 'practice_turn', { input, streamMode })) {
    turn.events.push(event);
    if (event === 'updates') Object.values(data).forEach((update) => turn.messages.push(...update.messages));
    if (event === 'values') Object.assign(turn, data);
  }
  return turn;
}

async function streamed(threadId) {
  const first = await streamedTurn(threadId, { session_context: { source_data } });
  const second = await streamedTurn(threadId, {
    session_context: first.session_context,
    messages: [answerTo(first.messages)],
  });
  return [first, second];
}

const thread = await client.threads.create();
console.log(
  JSON.stringify({
    waited: await waited(null),
    'waited in a thread': await waited(thread.thread_id),
    streamed: await streamed(null),
    'streamed in a thread': await streamed(thread.thread_id),
  }),
);
