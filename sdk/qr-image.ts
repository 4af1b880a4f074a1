const PIXELS_PER_MODULE = 6;
/** Only a picture needs it, and everything that imports the SDK would load it. */
const zlib = () => process.getBuiltinModule("node:zlib");
const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** A QR code as the address of a PNG that browsers show. The matrix has its quiet border already. */
export function qrDataUrl(matrix: readonly (readonly boolean[])[]): string {
  return `data:image/png;base64,${png(matrix).toString("base64")}`;
}

/** One bit per pixel, black on white: the smallest picture that every viewer reads. */
function png(matrix: readonly (readonly boolean[])[]): Buffer {
  const size = matrix.length * PIXELS_PER_MODULE;
  const rowBytes = Math.ceil(size / 8);
  const rows = matrix.flatMap((modules) => {
    const row = Buffer.alloc(rowBytes + 1, 0xff);
    // the first byte names the filter: none
    row[0] = 0;
    for (let x = 0; x < size; x++) {
      if (!modules[Math.floor(x / PIXELS_PER_MODULE)]) continue;
      const byte = 1 + (x >> 3);
      row[byte] = (row[byte] ?? 0) & ~(0x80 >> (x & 7));
    }
    return Array.from({ length: PIXELS_PER_MODULE }, () => row);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", zlib().deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(zlib().crc32(body));
  return Buffer.concat([length, body, check]);
}
