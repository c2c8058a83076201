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
			const delta = isCall ? call(`call-${asked.length}`, answer) : said(answer.words);
			const choices = [{ index: 0, delta, finish_reason: isCall ? 'tool_calls' : 'stop' }];
			const chunk = { id: 'completion', object: 'chat.completion.chunk', model: 'script', choices };
			response.setHeader('content-type', 'text/event-stream');
			response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
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
