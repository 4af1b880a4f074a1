import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { renderMarkdown, renderStyled, tableMode } from "./render.ts";
import type { MarkdownDialect } from "./dialect.ts";

type Column = Readonly<Partial<Record<MarkdownDialect, string>>>;

/** The table of channels.md §1.13, and what is easily got wrong in it. */
const CASES: Readonly<Record<string, readonly [markdown: string, forms: Column]>> = {
  bold: [
    "a **x** b",
    {
      telegram: "a <b>x</b> b",
      slack: "a *x* b",
      discord: "a **x** b",
      whatsapp: "a *x* b",
      signal: "a x b",
      matrix: "a <strong>x</strong> b",
      msteams: "a **x** b",
      plain: "a x b",
    },
  ],
  italic: [
    "_x_",
    {
      telegram: "<i>x</i>",
      slack: "_x_",
      discord: "*x*",
      whatsapp: "_x_",
      signal: "x",
      matrix: "<em>x</em>",
      msteams: "*x*",
      plain: "x",
    },
  ],
  strike: [
    "~~x~~",
    { telegram: "<s>x</s>", slack: "~x~", discord: "~~x~~", whatsapp: "~x~", signal: "x", matrix: "<del>x</del>" },
  ],
  code: [
    "`x`",
    { telegram: "<code>x</code>", slack: "`x`", discord: "`x`", whatsapp: "```x```", signal: "x", plain: "x" },
  ],
  "a block of code": [
    "```js\na < *b*\n```",
    {
      telegram: '<pre><code class="language-js">a &lt; *b*</code></pre>',
      slack: "```\na &lt; *b*\n```",
      discord: "```js\na < *b*\n```",
      whatsapp: "```\na < *b*\n```",
      signal: "a < *b*",
      plain: "a < *b*",
    },
  ],
  link: [
    "[l](https://u.example/a_b)",
    {
      telegram: '<a href="https://u.example/a_b">l</a>',
      slack: "<https://u.example/a_b|l>",
      discord: "[l](https://u.example/a_b)",
      whatsapp: "l (https://u.example/a_b)",
      signal: "l (https://u.example/a_b)",
      msteams: "[l](https://u.example/a_b)",
      plain: "l (https://u.example/a_b)",
    },
  ],
  "an address alone": [
    "<https://u.example> me@u.example",
    {
      telegram: '<a href="https://u.example">https://u.example</a> me@u.example',
      slack: "<https://u.example> me@u.example",
      discord: "https://u.example me@u.example",
      plain: "https://u.example me@u.example",
    },
  ],
  "schemes that are no links": [
    "[x](javascript:alert) [y](data:text/html,z) [t](tel:+15551) [m](mailto:a@b.example) [f](src/a.ts)",
    {
      telegram: 'x y <a href="tel:+15551">t</a> <a href="mailto:a@b.example">m</a> f (src/a.ts)',
      plain: "x y t (tel:+15551) m (mailto:a@b.example) f (src/a.ts)",
    },
  ],
  "a label that lies": [
    "[https://good.example](https://evil.example)",
    {
      discord: "https://good.example (https://evil.example)",
      plain: "https://good.example (https://evil.example)",
    },
  ],
  spoiler: [
    "||x *y*|| a | b || c",
    {
      telegram: "x <i>y</i> a | b || c",
      slack: "x _y_ a | b || c",
      discord: "||x *y*|| a | b \\|\\| c",
      signal: "x y a | b || c",
      plain: "x y a | b || c",
    },
  ],
  "styles in styles": [
    "***a*** **b *c* ~~d~~**",
    {
      telegram: "<i><b>a</b></i> <b>b <i>c</i> <s>d</s></b>",
      slack: "_*a*_ *b _c_ ~d~*",
      discord: "***a*** **b *c* ~~d~~**",
    },
  ],
  "a style over two lines": [
    "**a\nb**",
    { telegram: "<b>a</b>\n<b>b</b>", slack: "*a*\n*b*", whatsapp: "*a*\n*b*", discord: "**a**\n**b**" },
  ],
  "a style inside a word": [
    "un**believ**able",
    { whatsapp: "unbelievable", slack: "unbelievable", discord: "un**believ**able" },
  ],
  "code that holds markup": [
    "`**a** <b> ||c|| <@U1>`",
    {
      telegram: "<code>**a** &lt;b&gt; ||c|| &lt;@U1&gt;</code>",
      slack: "`**a** &lt;b&gt; ||c|| &lt;@U1&gt;`",
      discord: "`**a** <b> ||c|| <@U1>`",
    },
  ],
  "code that holds backticks": ["`` a`b ``", { slack: "`a'b`", discord: "`` a`b ``", whatsapp: "```a`b```" }],
  "a fence inside of code": [
    "````\n```\n````",
    { discord: "```\n`\u200b`\u200b`\n```", slack: "```\n`\u200b`\u200b`\n```" },
  ],
  "markers without a partner": [
    "**a and `b and ||c and [d](",
    {
      telegram: "**a and `b and ||c and [d](",
      slack: "**a and `b and ||c and [d](",
      discord: "\\*\\*a and \\`b and \\|\\|c and [d](",
    },
  ],
  "escaped markers": ["\\*a\\* \\|\\|b\\|\\|", { telegram: "*a* ||b||", discord: "\\*a\\* \\|\\|b\\|\\|" }],
  "text that looks like markup of the network": [
    "a & <b> </blockquote> <!channel> &lt;",
    {
      telegram: "a &amp; &lt;b&gt; &lt;/blockquote&gt; &lt;!channel&gt; &lt;",
      slack: "a &amp; &lt;b&gt; &lt;/blockquote&gt; &lt;!channel&gt; &lt;",
    },
  ],
  "mentions of a network": [
    "<@U012AB> <#C1|general> <@123> <:smile:45>",
    {
      slack: "<@U012AB> <#C1|general> &lt;@123&gt; &lt;:smile:45&gt;",
      discord: "<@U012AB> <#C1|general> <@123> <:smile:45>",
    },
  ],
  "names and sums": [
    "snake_case_name 2 * 3 * 4 https://u.example/_a_/b_c_",
    { discord: "snake_case_name 2 * 3 * 4 https://u.example/_a_/b_c_" },
  ],
  headings: [
    "## a **b**\ntext",
    { telegram: "<b>a b</b>\ntext", slack: "*a b*\ntext", discord: "## a **b**\ntext", plain: "a b\ntext" },
  ],
  "a line": ["a\n---\nb", { telegram: "a\n———\nb", discord: "a\n———\nb" }],
  lists: [
    "a\n- b\n- c\n\n  d\n  1. e\n  2. f\n\ng",
    {
      telegram: "a\n• b\n• c\n\n  d\n  1. e\n  2. f\n\ng",
      discord: "a\n- b\n- c\n\n  d\n  1. e\n  2. f\n\ng",
    },
  ],
  quotes: [
    "a\n\n> b\n>\n> c\n\nd",
    {
      telegram: "a\n\n<blockquote>b\n\nc</blockquote>\n\nd",
      slack: "a\n\n> b\n>\n> c\n\nd",
      discord: "a\n\n> b\n>\n> c\n\nd",
    },
  ],
  "quotes in quotes": ["> a\n> > b", { telegram: "<blockquote>a\nb</blockquote>", slack: "> a\n> > b" }],
  images: [
    "![a cat](https://u.example/c.png)",
    { telegram: '<a href="https://u.example/c.png">a cat</a>', plain: "a cat (https://u.example/c.png)" },
  ],
  nothing: ["", { telegram: "", signal: "" }],
};

for (const [name, [markdown, forms]] of Object.entries(CASES)) {
  describe(name, () => {
    for (const [dialect, expected] of Object.entries(forms)) {
      test(dialect, () => assert.equal(renderMarkdown(markdown, dialect as MarkdownDialect), expected));
    }
  });
}

test("tables are columns of code, lists or bars", () => {
  const markdown = "| a | b |\n|---|---|\n| 1 | **2** |\n| 世界 | |";

  assert.equal(
    renderMarkdown(markdown, "telegram"),
    "<pre><code>| a    | b   |\n| ---- | --- |\n| 1    | 2   |\n| 世界 |     |</code></pre>",
  );
  assert.equal(renderMarkdown(markdown, "whatsapp"), "- *1*\n  b: *2*\n- *世界*");
  assert.equal(renderMarkdown(markdown, "telegram", { tables: "off" }), "| a | b |\n| 1 | <b>2</b> |\n| 世界 |  |");
  assert.equal(renderMarkdown(markdown, "signal", { tables: "code" }).split("\n").length, 4);
  assert.equal(tableMode({ markdown: { tables: "off" } }), "off");
  assert.equal(tableMode({ markdown: { tables: "wide" } }), undefined);
});

test("signal has ranges over its text", () => {
  const { text, styles } = renderStyled("# T\n**b *c*** `d` ||e||\n> ~~f~~ 😀 **g**");
  const told = styles.map(({ start, length, style }) => [style, text.slice(start, start + length)]);

  assert.equal(text, "T\nb c d e\n> f 😀 g");
  assert.deepEqual(told, [
    ["BOLD", "T"],
    ["BOLD", "b c"],
    ["ITALIC", "c"],
    ["MONOSPACE", "d"],
    ["SPOILER", "e"],
    ["STRIKETHROUGH", "f"],
    ["BOLD", "g"],
  ]);
  assert.equal(renderMarkdown("# T\n**b *c*** `d` ||e||\n> ~~f~~ 😀 **g**", "signal"), text);
});

test("whatever a text holds, telegram's markup is whole", () => {
  const pieces = [
    "**",
    "_",
    "~~",
    "`",
    "||",
    "[",
    "](",
    "https://u.example",
    ")",
    ">",
    "<b>",
    "&",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "a ",
    "```",
    "|",
    "\\",
    "> ",
  ];
  let seed = 7;
  const next = () => (seed = (seed * 48_271) % 2_147_483_647);
  for (let round = 0; round < 2_000; round++) {
    const markdown = Array.from({ length: 1 + (next() % 24) }, () => pieces[next() % pieces.length]).join("");
    const open: string[] = [];
    for (const [, end, tag] of renderMarkdown(markdown, "telegram").matchAll(/<(\/?)([a-z]+)[^>]*>/g)) {
      if (end === "") open.push(String(tag));
      else assert.equal(open.pop(), tag, JSON.stringify(markdown));
    }
    assert.deepEqual(open, [], JSON.stringify(markdown));
  }
});
