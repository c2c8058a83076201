import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a model answers: calls of a tool, or its last words. */
export type Answer = { tool: string; input: object } | { words: string };

/** A server that speaks as OpenAI's does, and whose model follows a script. */
export interface ScriptedModel {
	/** For n8n's credential of the type openAiApi. */
	url: string;
	/** The requests so far, in which the results of the tools stand. */
	asked: string[];
	stop(): Promise<void>;
}

/** @param script what the model answers to each request in turn */
export async function startModel(script: readonly Answer[]): Promise<ScriptedModel> {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		void text(request).then((body) => {
			const answer = script[asked.length] ?? { words: 'The script is at its end.' };
			asked.push(body);
			const isCall = 'tool' in answer;
			const message = isCall ? call(`call-${asked.length}`, answer) : said(answer.words);
			const finish_reason = isCall ? 'tool_calls' : 'stop';
			const choice = { index: 0, message, delta: message, finish_reason };
			const isStream = (JSON.parse(body) as { stream?: boolean }).stream === true;
			const object = isStream ? 'chat.completion.chunk' : 'chat.completion';
			const completion = { id: 'completion', object, model: 'script', choices: [choice] };
			const json = JSON.stringify(completion);
			response.setHeader('content-type', isStream ? 'text/event-stream' : 'application/json');
			response.end(isStream ? `data: ${json}\n\ndata: [DONE]\n\n` : json);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${String(port)}/v1`,
		asked,
		stop: async () => {
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

const said = (content: string) => ({ role: 'assistant', content });

const call = (id: string, { tool, input }: { tool: string; input: object }) => ({
	role: 'assistant',
	content: null,
	tool_calls: [
		{ index: 0, id, type: 'function', function: { name: tool, arguments: JSON.stringify(input) } },
	],
});
