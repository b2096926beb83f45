import OpenAI from "openai";
import { expect, onTestFinished, test } from "vitest";
import { METRICS } from "../../../components/metrics.ts";
import type { ModelOptions } from "../../../rehearsal/servers/model/options.ts";
import { serveModel } from "../../../rehearsal/servers/model/server.ts";

const usual: ModelOptions = {
  names: ["phi"],
  maxModelLength: 4096,
  hasToolParser: true,
  callsTools: true,
};

async function serving(options: Partial<ModelOptions> = {}) {
  const { url, close } = await serveModel({ ...usual, ...options }, 0);
  onTestFinished(close);
  return { url, client: new OpenAI({ baseURL: new URL("/v1", url).href, apiKey: "none", maxRetries: 0 }) };
}

const search: OpenAI.ChatCompletionTool = {
  type: "function",
  function: {
    name: "web_search",
    parameters: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
  },
};
const latest = { role: "user", content: "What is the latest release?" } as const;

test("it says how it is, and what it serves", async () => {
  const { url, client } = await serving();
  expect((await fetch(new URL("/health", url))).status).toBe(200);
  expect((await client.models.list()).data).toMatchObject([
    { id: "phi", owned_by: "vllm", max_model_len: 4096 },
  ]);
});

test("a question that needs the web is looked up with the tool, and answered with what it found", async () => {
  const { client } = await serving();
  const first = await client.chat.completions.create({ model: "phi", messages: [latest], tools: [search] });
  const [choice] = first.choices;
  expect(choice?.finish_reason).toBe("tool_calls");
  const [call] = choice?.message.tool_calls ?? [];
  expect(call).toMatchObject({
    function: { name: "web_search", arguments: JSON.stringify({ query: latest.content }) },
  });
  const found = { results: [{ title: "Notes", url: "https://example.com/notes", description: "It is 2." }] };
  const second = await client.chat.completions.create({
    model: "phi",
    messages: [
      latest,
      { role: "assistant", content: "", tool_calls: choice?.message.tool_calls ?? [] },
      { role: "tool", tool_call_id: call?.id ?? "", content: JSON.stringify(found) },
    ],
    tools: [search],
  });
  expect(second.choices[0]).toMatchObject({
    finish_reason: "stop",
    message: { content: expect.stringContaining("It is 2. ([Notes](https://example.com/notes))") },
  });
});

test.each([
  [JSON.stringify({ error: "Too many calls" }), /couldn't search the web.*Too many calls/],
  ["Error: Tool not found.", /couldn't search the web.*Tool not found/],
  [JSON.stringify({ results: [] }), /found nothing about it/],
])("what a tool couldn't do is said: %s", async (content, words) => {
  const { client } = await serving();
  const { choices } = await client.chat.completions.create({
    model: "phi",
    messages: [latest, { role: "tool", tool_call_id: "1", content }],
    tools: [search],
  });
  expect(choices[0]?.message.content).toMatch(words);
});

test("streamed it is the same, in parts, with the usage at the end when it is asked for", async () => {
  const { client } = await serving();
  const stream = await client.chat.completions.create({
    ...{ model: "phi", messages: [latest], tools: [search] },
    stream: true,
    stream_options: { include_usage: true },
  });
  let given = "";
  let names = 0;
  let reason: string | null = null;
  let usage: unknown;
  for await (const chunk of stream) {
    const [choice] = chunk.choices;
    const [call] = choice?.delta.tool_calls ?? [];
    if (call?.function?.name) names += 1;
    given += call?.function?.arguments ?? "";
    reason = choice?.finish_reason ?? reason;
    usage = chunk.usage ?? usage;
  }
  expect([names, JSON.parse(given), reason]).toEqual([1, { query: latest.content }, "tool_calls"]);
  expect(usage).toMatchObject({ completion_tokens: expect.any(Number) });
});

test("without a tool, or when it may call none, it says what it can't know, and makes nothing up", async () => {
  const { client } = await serving();
  for (const more of [{}, { tools: [search], tool_choice: "none" as const }]) {
    const { choices } = await client.chat.completions.create({ model: "phi", messages: [latest], ...more });
    expect(choices[0]?.message.content).toMatch(/no tool to search it with/);
  }
});

test.each<[string, Partial<ModelOptions>, object, number, RegExp]>([
  ["a model that it doesn't serve", {}, { model: "other" }, 404, /The model `other` does not exist/],
  [
    "tools without the switch",
    { callsTools: false },
    { tools: [search] },
    400,
    /"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set/,
  ],
  [
    "a tool that must be called, without a parser",
    { callsTools: false, hasToolParser: false },
    { tools: [search], tool_choice: "required" },
    400,
    /requires --tool-call-parser/,
  ],
  ["a choice without tools", {}, { tool_choice: "auto" }, 400, /`tools` must be set/],
  ["a prompt that is too long", { maxModelLength: 8 }, {}, 400, /context length is only 8 tokens/],
  ["a prompt with an answer that is too long", {}, { max_tokens: 4090 }, 400, /requested 4090 output tokens/],
  ["no messages", {}, { messages: [] }, 400, /messages/],
])("%s: refused as vLLM does", async (_what, options, body, status, message) => {
  const { client } = await serving(options);
  const request = { model: "phi", messages: [latest], ...body };
  const refused = client.chat.completions.create(request as OpenAI.ChatCompletionCreateParamsNonStreaming);
  await expect(refused).rejects.toMatchObject({ status, message: expect.stringMatching(message) });
});

test("what it counts has vLLM's names, all of those that the catalogue of metrics has", async () => {
  const { url, client } = await serving();
  await client.chat.completions.create({ model: "phi", messages: [{ role: "user", content: "Hello" }] });
  await client.chat.completions
    .create({ model: "other", messages: [latest] })
    .catch((error: unknown) => expect(error).toMatchObject({ status: 404 }));
  const text = await (await fetch(new URL("/metrics", url))).text();
  const value = (series: string) =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length),
    );
  const of = 'model_name="phi",engine="0"';
  expect(value(`vllm:request_success_total{finished_reason="stop",${of}}`)).toBe(1);
  expect(value(`vllm:num_requests_running{${of}}`)).toBe(0);
  expect(value(`vllm:prompt_tokens_total{${of}}`)).toBeGreaterThan(0);
  expect(value(`vllm:time_to_first_token_seconds_count{${of}}`)).toBe(1);
  const requests = (status: string) =>
    `http_requests_total{handler="/v1/chat/completions",method="POST",status="${status}"}`;
  expect([value(requests("2xx")), value(requests("4xx"))]).toEqual([1, 1]);
  const said = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
  // `up` is Prometheus' own.
  const wanted = METRICS.filter(({ jobs, name }) => jobs.includes("vllm") && name !== "up").map(
    ({ name, type }) => `${name} ${type}`,
  );
  expect(said).toEqual(expect.arrayContaining(wanted));
});
