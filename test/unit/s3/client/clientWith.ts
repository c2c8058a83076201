import { Readable } from 'node:stream';
import { HttpResponse, S3Client } from '../../../../s3/sdk';

export interface SentRequest {
	headers: Record<string, string>;
	query: Record<string, unknown>;
}

interface Reply {
	status?: number;
	headers?: Record<string, string>;
	body?: string;
}

/** A client that sends nothing: its requests are kept, and each gets the same response or one of its own. */
export function clientWith(
	middleware: (client: S3Client) => void,
	reply: Reply | ((request: SentRequest) => Reply) = {},
	region = 'us-east-1',
) {
	const requests: SentRequest[] = [];
	const client = new S3Client({
		region,
		credentials: { accessKeyId: 'a', secretAccessKey: 's' },
		requestChecksumCalculation: 'WHEN_REQUIRED',
		responseChecksumValidation: 'WHEN_REQUIRED',
		maxAttempts: 1,
		requestHandler: {
			handle: (request: SentRequest) => {
				requests.push({ ...request, headers: { ...request.headers } });
				const chosen = typeof reply === 'function' ? reply(request) : reply;
				const { status = 200, headers = {}, body = '' } = chosen;
				const response = new HttpResponse({
					statusCode: status,
					headers,
					body: Readable.from([Buffer.from(body)]),
				});
				return Promise.resolve({ response });
			},
		},
	});
	middleware(client);
	return { client, requests };
}
