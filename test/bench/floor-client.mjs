// The least a command line client can do: connect, ask once, print.
import { WebSocket } from "ws";

const socket = new WebSocket(process.argv[2]);
const send = (id, method, params) => socket.send(JSON.stringify({ type: "req", id, method, params }));
socket.on("open", () =>
  send("1", "connect", {
    minProtocol: 3,
    maxProtocol: 3,
    client: { id: "cli", version: "1", platform: "x", mode: "cli" },
    auth: { token: process.argv[3] },
  }),
);
socket.on("message", (data) => {
  const frame = JSON.parse(String(data));
  if (frame.id === "1") send("2", "health", {});
  if (frame.id === "2") {
    console.log(JSON.stringify(frame.payload));
    socket.close();
  }
});
