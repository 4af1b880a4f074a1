import { Data } from "@a2ui/lit/0.8";
import type { Types } from "@a2ui/lit/0.8";
import { Context } from "@a2ui/lit/ui";
import { ContextProvider } from "@lit/context";
import { html, LitElement } from "lit";
import MarkdownIt from "markdown-it";
import { theme } from "./theme.ts";

/** What the page offers to whoever shows it, and what it may find there. */
declare global {
  interface Window {
    /** A2UI 0.8, server to client. */
    openclawA2UI?: { applyMessages(messages: readonly object[]): void; reset(): void };
    openclawCanvasA2UIAction?: { postMessage(text: string): void };
    /** The socket of the page, put there by the gateway. */
    openclawCanvas?: { send(message: object): unknown };
    webkit?: { messageHandlers?: Record<string, { postMessage(message: unknown): void } | undefined> };
  }
}

interface ActionDetail {
  readonly action: { readonly name: string; readonly context?: readonly ContextEntry[] };
  readonly sourceComponentId: string;
  readonly sourceComponent: Types.AnyComponentNode | null;
}

interface ContextEntry {
  readonly key: string;
  readonly value: { path?: string; literalString?: string; literalNumber?: number; literalBoolean?: boolean };
}

/** Texts are drawn where no style sheet of the page reaches. */
const TEXT_STYLES: Readonly<Record<string, string>> = {
  h1: "margin:0;font-size:1.75rem;font-weight:700",
  h2: "margin:0;font-size:1.4rem;font-weight:700",
  h3: "margin:0;font-size:1.2rem;font-weight:600",
  h4: "margin:0;font-size:1.05rem;font-weight:600",
  h5: "margin:0;font-size:1rem;font-weight:600",
  p: "margin:0",
};

/** HTML in a text is text; links go to web addresses only. */
const markdown = new MarkdownIt({ html: false, linkify: false });
markdown.core.ruler.push("styles", ({ tokens }) => {
  for (const token of tokens) {
    const style = token.nesting === 1 ? TEXT_STYLES[token.tag] : undefined;
    if (style !== undefined) token.attrSet("style", style);
  }
});

const wholeHeight = new CSSStyleSheet();
wholeHeight.replaceSync("a2ui-root { max-height: none }");

/** All surfaces that the agent has drawn, in the order in which they came. */
class Page extends LitElement {
  readonly #processor = Data.createSignalA2uiMessageProcessor();

  constructor() {
    super();
    new ContextProvider(this, { context: Context.themeContext, initialValue: theme });
    new ContextProvider(this, {
      context: Context.markdown,
      initialValue: (text: string) => Promise.resolve(markdown.render(text)),
    });
    this.addEventListener("a2uiaction", (event) => this.#act(event as CustomEvent<ActionDetail>));
    window.openclawA2UI = {
      applyMessages: (messages) => {
        this.#processor.processMessages([...messages] as Types.ServerToClientMessage[]);
        this.requestUpdate();
      },
      reset: () => {
        this.#processor.clearSurfaces();
        this.requestUpdate();
      },
    };
  }

  // The styles of the page are for what is drawn here.
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    const surfaces = [...this.#processor.getSurfaces()];
    if (surfaces.length === 0) return html`<p class="empty">Nothing is drawn yet.</p>`;
    return surfaces.map(
      ([id, surface]) =>
        html`<a2ui-surface .surfaceId=${id} .surface=${{ ...surface }} .processor=${this.#processor}></a2ui-surface>`,
    );
  }

  // The library shows four fifths of what is drawn and scrolls the rest; a page of its own has room for all.
  protected override updated(): void {
    for (const { shadowRoot } of this.querySelectorAll("a2ui-surface"))
      if (shadowRoot && !shadowRoot.adoptedStyleSheets.includes(wholeHeight))
        shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets, wholeHeight];
  }

  #act({ detail, target }: CustomEvent<ActionDetail>): void {
    const { action, sourceComponentId, sourceComponent } = detail;
    const surfaceId = (target as { surfaceId?: string } | null)?.surfaceId ?? "main";
    const valueOf = ({ value }: ContextEntry) =>
      value.path !== undefined && sourceComponent
        ? this.#processor.getData(sourceComponent, value.path, surfaceId)
        : (value.literalString ?? value.literalNumber ?? value.literalBoolean ?? null);
    tell({
      name: action.name,
      surfaceId,
      sourceComponentId,
      timestamp: new Date().toISOString(),
      context: Object.fromEntries((action.context ?? []).map((entry) => [entry.key, valueOf(entry)])),
    });
  }
}

/** To the app that shows this page; in a browser, to the gateway. */
function tell(userAction: object): void {
  const native = window.webkit?.messageHandlers?.["openclawCanvasA2UIAction"];
  if (native) native.postMessage({ userAction });
  else if (window.openclawCanvasA2UIAction) window.openclawCanvasA2UIAction.postMessage(JSON.stringify({ userAction }));
  else window.openclawCanvas?.send({ type: "a2ui.action", userAction });
}

customElements.define("openclaw-a2ui", Page);
