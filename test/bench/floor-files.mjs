// A bare file server: the floor of the canvas.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

const root = process.argv[2];
const server = createServer(async (request, response) => {
  const path = join(root, request.url);
  const { size } = await stat(path);
  response.writeHead(200, { "content-type": "text/css; charset=utf-8", "content-length": size });
  createReadStream(path).pipe(response);
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
