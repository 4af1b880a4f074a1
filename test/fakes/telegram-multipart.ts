/** A file that came with a call. */
export interface UploadedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Form {
  readonly fields: Record<string, string>;
  /** By the name under which the fields speak of it, as in `attach://<name>`. */
  readonly files: Record<string, UploadedFile>;
}

/** The parts of a `multipart/form-data` body. */
export function parseMultipart(body: Buffer, contentType: string): Form {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/.exec(contentType)?.slice(1).find(Boolean) ?? "";
  const form: Form = { fields: {}, files: {} };
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); at !== -1;) {
    const start = at + mark.length;
    const end = body.indexOf(mark, start);
    if (end === -1) break;
    addPart(body.subarray(start, end), form);
    at = end;
  }
  return form;
}

function addPart(part: Buffer, form: Form): void {
  const split = part.indexOf("\r\n\r\n");
  if (split === -1) return;
  const head = part.subarray(0, split).toString("utf8");
  const content = part.subarray(split + 4, part.length - 2);
  const name = /name="([^"]*)"/.exec(head)?.[1] ?? "";
  const fileName = /filename=(?:"([^"]*)"|([^\r\n;]*))/.exec(head)?.slice(1).find(Boolean);
  if (fileName === undefined) form.fields[name] = content.toString("utf8");
  else form.files[name] = { name: fileName, bytes: Buffer.from(content) };
}
