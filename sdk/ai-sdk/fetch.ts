/** Requests to a model go to the address that was configured and nowhere else: they carry a key and people's words. */
export const modelFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: "manual" });
  if (response.status < 300 || response.status >= 400) return response;
  await response.body?.cancel();
  const target = response.headers.get("location") ?? "somewhere else";
  throw new Error(`the server redirects to ${target}; set that as baseUrl if it is right`);
};
