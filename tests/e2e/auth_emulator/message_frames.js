// In place of Google's script api.js, which the tests can't load: the part of `gapi.iframes` by which
// Firebase's SDK and the frame of the Auth emulator send each other messages. A message waits for its handler.
(() => {
  const connect = (peer) => {
    const handlers = new Map();
    const replies = new Map();
    let waiting = [];
    const deliver = async (message) => {
      const handler = handlers.get(message.name);
      if (!handler) return void waiting.push(message);
      peer().postMessage({ replyTo: message.id, reply: await handler(message.body) }, "*");
    };
    addEventListener("message", ({ source, data }) => {
      if (source !== peer()) return;
      if (data?.replyTo) replies.get(data.replyTo)?.([data.reply]);
      else if (data?.name) void deliver(data);
    });
    return {
      register(name, handler) {
        handlers.set(name, handler);
        const messages = waiting;
        waiting = [];
        messages.forEach((message) => void deliver(message));
      },
      send(name, body, onReply) {
        const id = crypto.randomUUID();
        // The SDK throws in one of these after all went well, which Google's script does not let through.
        replies.set(id, (answers) => void (async () => onReply(answers))().catch(() => {}));
        peer().postMessage({ id, name, body }, "*");
      },
    };
  };
  const open = ({ where, url }, onOpen) =>
    new Promise((resolve, reject) => {
      const frame = document.createElement("iframe");
      frame.src = url;
      frame.style.display = "none";
      const connection = connect(() => frame.contentWindow);
      const opened = { ...connection, restyle: async () => {}, ping: async (done) => done() };
      frame.addEventListener("load", () => onOpen(opened).then(resolve, reject));
      where.append(frame);
    });
  const context = { open, getParentIframe: () => connect(() => parent) };
  window.gapi = {
    load: (_name, { callback }) => callback(),
    iframes: { Iframe: open, CROSS_ORIGIN_IFRAMES_FILTER: null, getContext: () => context },
  };
  const onload = new URL(document.currentScript.src).searchParams.get("onload") ?? "gapi_onload";
  window[onload]();
})();
