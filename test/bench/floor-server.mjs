// The least a WebSocket server of this kind can do: parse JSON, stringify JSON. Every figure stands beside it.
import { WebSocketServer } from "ws";

let reply = {};
const server = new WebSocketServer({ port: 0, host: "127.0.0.1" }, () =>
  process.send?.({ port: server.address().port }),
);
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const { id, method, params } = JSON.parse(String(data));
    if (method === "floor.reply") reply = params;
    if (method === "floor.broadcast") broadcast(params);
    socket.send(
      JSON.stringify({ type: "res", id, ok: true, payload: method === "connect" ? { type: "hello-ok" } : reply }),
    );
  });
});

function broadcast({ count, payload }) {
  for (let seq = 1; seq <= count; seq++) {
    const frame = Buffer.from(JSON.stringify({ type: "event", event: "bench", payload, seq }));
    for (const client of server.clients) client.send(frame, { binary: false });
  }
}
