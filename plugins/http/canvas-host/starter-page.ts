/** What an empty canvas shows. */
export const STARTER_PAGE: string = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Canvas</title>
    <style>
      :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
      body { display: grid; place-content: center; min-height: 100vh; margin: 0; text-align: center; }
      p { opacity: 0.7; }
    </style>
  </head>
  <body>
    <h1>Canvas</h1>
    <p>Your assistant draws here. Ask it for a page.</p>
  </body>
</html>
`;
