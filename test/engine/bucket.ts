/** What tests prepare and look at in the S3 server, past the node that is tested. */
import { signRequest } from '../../credentials/httpRequest/signRequest';
import type { Credential } from './n8n';

/** Sends a signed request for a path of a server, e.g. `/bucket/a%20key`, and gives the answer. */
export async function send(
	credential: Credential,
	method: 'GET' | 'PUT' | 'HEAD' | 'POST' | 'DELETE',
	path: string,
	{ body, headers = {} }: { body?: Buffer | string; headers?: Record<string, string> } = {},
): Promise<Response> {
	const request = { method, url: `${credential.endpoint}${path}`, body, headers };
	const signed = (await signRequest('amazonS3AccessKeysApi', credential, request)) as unknown as {
		url: string;
		headers: Record<string, string>;
		body?: Buffer;
	};
	const answer = await fetch(signed.url, {
		method,
		// radosgw sends more than a response here and there, which would be the beginning of the next one.
		headers: { ...signed.headers, connection: 'close' },
		...(signed.body === undefined ? {} : { body: new Uint8Array(signed.body) }),
	});
	if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
	return answer;
}

let made = 0;

/** Makes a bucket that no other test uses. */
export async function newBucket(credential: Credential): Promise<string> {
	const bucket = `engine-${process.pid}-${Date.now()}-${made++}`;
	await send(credential, 'PUT', `/${bucket}`);
	return bucket;
}

/** Puts objects, by key. */
export async function putAll(
	credential: Credential,
	bucket: string,
	objects: Record<string, string | Buffer>,
): Promise<void> {
	const left = Object.entries(objects);
	const work = async () => {
		for (let next = left.pop(); next !== undefined; next = left.pop()) {
			const [key, body] = next;
			await send(credential, 'PUT', `/${bucket}/${encodeURIComponent(key)}`, { body });
		}
	};
	await Promise.all(Array.from({ length: 16 }, work));
}
