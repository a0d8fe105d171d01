// assistant-ui under jsdom: a chat whose tool UI shows the pending question and answers it.
// Reads {url, token, source_data, answers} from stdin, prints the contents of the screen as JSON.
import { text } from 'node:stream/consumers';
import { JSDOM } from 'jsdom';

const { url, token, source_data, answers } = JSON.parse(await text(process.stdin));

const { window } = new JSDOM('<div id="root"></div>', { url: 'http://localhost/' });
class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Object.assign(globalThis, {
  window,
  document: window.document,
  HTMLElement: window.HTMLElement,
  Element: window.Element,
  Node: window.Node,
  MutationObserver: window.MutationObserver,
  ResizeObserver: Observer,
  IntersectionObserver: Observer,
  requestAnimationFrame: (callback) => setTimeout(callback, 0),
  cancelAnimationFrame: clearTimeout,
});
// Newer versions of Node define a read-only navigator.
Object.defineProperty(globalThis, 'navigator', { value: window.navigator, configurable: true });

const { createElement: h, useRef } = await import('react');
const { createRoot } = await import('react-dom/client');
const { AssistantRuntimeProvider, MessagePrimitive, ThreadPrimitive, makeAssistantToolUI } = await import(
  '@assistant-ui/react'
);
const { unstable_createLangGraphStream, useLangGraphRuntime } = await import('@assistant-ui/react-langgraph');
const { Client } = await import('@langchain/langgraph-sdk');

const client = new Client({ apiUrl: url, defaultHeaders: { Authorization: `Bearer ${token}` } });
const send = unstable_createLangGraphStream({ client, assistantId: 'practice_turn' });
const custom = [];
const problems = [];
let thread;

let given = (question) => answers[question.question_id];

const Question = makeAssistantToolUI({
  toolName: 'question_presentation',
  render: ({ args: { question }, result, addResult }) =>
    h(
      'form',
      { 'data-question': question.question_id, 'data-answered': result !== undefined },
      h('p', null, question.prompt),
      result === undefined && h('button', { type: 'button', onClick: () => addResult({ answer: given(question) }) }, 'Answer'),
    ),
});
const Feedback = makeAssistantToolUI({
  toolName: 'feedback_presentation',
  render: ({ args }) => h('p', { 'data-feedback': args.question_id, 'data-correct': String(args.correct) }, args.feedback),
});
const Concept = makeAssistantToolUI({
  toolName: 'concept_presentation',
  render: ({ args }) => h('h1', null, args.concept.title),
});
const Message = () => h(MessagePrimitive.Root, null, h(MessagePrimitive.Parts));

function App() {
  const context = useRef({ source_data });
  const runtime = useLangGraphRuntime({
    stream: (messages, config) => send(messages, { ...config, state: { session_context: context.current } }),
    create: async () => ({ externalId: (await client.threads.create()).thread_id }),
    eventHandlers: {
      onValues: (values) => {
        context.current = values.session_context;
      },
      onCustomEvent: (type, data) => custom.push([type, data]),
      onError: (error) => problems.push(error),
    },
  });
  thread = runtime.thread;
  return h(
    AssistantRuntimeProvider,
    { runtime },
    h(Question),
    h(Feedback),
    h(Concept),
    h(ThreadPrimitive.Root, null, h(ThreadPrimitive.Messages, { components: { Message } })),
  );
}

const DEADLINE_MS = 30_000;
const $$ = (selector) => [...document.querySelectorAll(selector)];

async function until(condition, description) {
  for (const deadline = Date.now() + DEADLINE_MS; !condition(); ) {
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${description}: ${document.body.innerHTML}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const screens = [];

// Waits until one question is pending after a turn, and records the screen.
async function turnTaken(feedbacks) {
  await until(
    () =>
      $$('[data-feedback]').length === feedbacks &&
      $$('[data-answered=false]').length === 1 &&
      !thread.getState().isRunning,
    `the question after ${feedbacks} answers`,
  );
  screens.push({
    concepts: $$('h1').map((node) => node.textContent),
    questions: $$('[data-question]').map((node) => ({ ...node.dataset })),
    feedback: $$('[data-feedback]').map((node) => ({ ...node.dataset })),
  });
}

createRoot(document.getElementById('root')).render(h(App));
await until(() => thread !== undefined, 'the chat');
thread.append('Let us start');
await turnTaken(0);
$$('button')[0].click();
await turnTaken(1);
// The student writes instead of using the form. The runtime then cancels the tool call.
thread.append(String(answers[$$('[data-answered=false]')[0].dataset.question]));
await turnTaken(2);

// An invalid answer is refused. The runtime has settled the call anyway, so the student must write.
console.error = (...words) => problems.push(words.join(' ')); // where the runtime reports it
given = () => null;
$$('button')[0].click();
await until(() => problems.length > 0 && !thread.getState().isRunning, 'the refusal');
thread.append('What was the question?');
await turnTaken(2);
given = (question) => answers[question.question_id];
$$('button')[0].click();
await turnTaken(3);

console.log(JSON.stringify({ screens, custom, problems }));
process.exit(0);
