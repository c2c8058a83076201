import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { objectResponse } from '../../../../s3/client/objectResponse';
import { commands, HttpResponse, S3Client } from '../../../../s3/sdk';

it('what comes in drops and may be an object or an error is given up in time', async () => {
	async function* drops() {
		for (;;) {
			await sleep(5);
			yield Buffer.from('<');
		}
	}
	const body = Readable.from(drops());
	const client = new S3Client({
		region: 'us-east-1',
		credentials: { accessKeyId: 'a', secretAccessKey: 's' },
		maxAttempts: 1,
		requestHandler: {
			handle: () =>
				Promise.resolve({ response: new HttpResponse({ statusCode: 200, headers: {}, body }) }),
		},
	});
	objectResponse(client, 50);
	const sent = client.send(new commands.GetObject({ Bucket: 'b', Key: 'k' }));
	await expect(sent).rejects.toMatchObject({ name: 'SlowResponse', code: 'ETIMEDOUT' });
	expect(body.destroyed).toBe(true);
});
