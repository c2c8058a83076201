import { beforeReading, beforeSigning } from '../../../../s3/client/steps';
import { commands } from '../../../../s3/sdk';
import { clientWith } from './clientWith';

const object = { Bucket: 'data', Key: 'a' };

it('headers are changed before they are signed, in the order in which that was added', async () => {
	const { client, requests } = clientWith((made) => {
		beforeSigning(made, 'first', (headers, commandName) => (headers['x-amz-a'] = commandName));
		beforeSigning(made, 'second', (headers) => {
			headers['x-amz-a'] = `${headers['x-amz-a'] ?? ''}, again`;
		});
	});
	await client.send(new commands.HeadObject(object));
	const { 'x-amz-a': value, authorization } = requests[0]?.headers ?? {};
	expect(value).toBe('HeadObjectCommand, again');
	expect(authorization).toContain('x-amz-a');
});

it('a response is changed before the SDK reads it, by what was added last first', async () => {
	const { client } = clientWith((made) => {
		beforeReading(made, 'last', (response) => {
			response.headers.etag = `"${response.headers.etag ?? ''}b"`;
		});
		beforeReading(made, 'first', async (response, commandName, request) => {
			const { method } = request as { method: string };
			response.headers.etag = await Promise.resolve(`${commandName} ${method} `);
		});
	});
	const { ETag } = await client.send(new commands.HeadObject(object));
	expect(ETag).toBe('"HeadObjectCommand HEAD b"');
});

it('what is thrown at a response is the error of the call', async () => {
	const { client } = clientWith((made) => {
		beforeReading(made, 'refusing', () => {
			throw new Error('not like this');
		});
	});
	await expect(client.send(new commands.HeadObject(object))).rejects.toThrow('not like this');
});
