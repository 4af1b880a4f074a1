/** The text of the first pages. The library is large and not everybody needs it, so it may not be there. */
export async function pdfText(bytes: Buffer, maxPages: number): Promise<string> {
  const { getDocumentProxy } = await library();
  const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  try {
    const pages: string[] = [];
    for (let number = 1; number <= Math.min(document.numPages, maxPages); number++) {
      const { items } = await (await document.getPage(number)).getTextContent();
      pages.push(items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join(""));
    }
    const left = document.numPages - pages.length;
    return left > 0 ? `${pages.join("\n\n")}\n\n[${left} more pages were left out]` : pages.join("\n\n");
  } finally {
    await document.loadingTask.destroy();
  }
}

async function library() {
  try {
    return await import("unpdf");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error("this needs the package unpdf; run npm install unpdf@1.8.1 beside the gateway", { cause: error });
  }
}
