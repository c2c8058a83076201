import { checksumMode } from '../../../../s3/client/middleware';
import { otherServers } from '../../../../s3/client/otherServers';
import { commands } from '../../../../s3/sdk';
import { clientWith } from './clientWith';

const object = { Bucket: 'data', Key: 'a' };
const MODE = 'x-amz-checksum-mode';
const get = new commands.GetObject(object);

/** A client whose server refuses one header so. */
const refusing = (status: number, header = MODE) =>
	clientWith(
		(client) => {
			checksumMode(client);
			otherServers(client, 'us-east-1');
		},
		({ headers }) => (headers[header] === undefined ? {} : { status }),
	);

it('no request has the name of its call in its query', async () => {
	const { client, requests } = refusing(400);
	await client.send(get);
	await client.send(new commands.ListBuckets());
	expect(requests.every(({ query }) => !('x-id' in query))).toBe(true);
});

it.each([400, 501])(
	'an object is read without the header for checksums if that is refused with %i, and later ones at once',
	async (status) => {
		const { client, requests } = refusing(status);
		await client.send(get);
		expect(requests.map(({ headers }) => headers[MODE])).toEqual(['ENABLED', undefined]);
		await client.send(get);
		await client.send(new commands.HeadObject({ ...object, ChecksumMode: 'ENABLED' }));
		expect(requests.slice(2).map(({ headers }) => headers[MODE])).toEqual([undefined, undefined]);
		const [first, second] = requests.map(({ headers }) => headers.authorization);
		expect(first).not.toBe(second);
	},
);

it('the header for checksums is sent again after a refusal for another reason', async () => {
	const { client, requests } = refusing(400, 'host');
	for (let i = 0; i < 2; i++) await expect(client.send(get)).rejects.toThrow();
	expect(requests.map(({ headers }) => headers[MODE])).toEqual([
		'ENABLED',
		undefined,
		'ENABLED',
		undefined,
	]);
});

it.each([403, 404, 500])('a failure with status %i is not taken for a refusal', async (status) => {
	const { client, requests } = refusing(status);
	await expect(client.send(get)).rejects.toThrow();
	expect(requests).toHaveLength(1);
});

/** A client whose server refuses the header for checksums with a code. */
const refusingWith = (code: string) =>
	clientWith(
		(client) => {
			checksumMode(client);
			otherServers(client, 'us-east-1');
		},
		({ headers }) =>
			headers[MODE] === undefined
				? {}
				: { status: 400, body: `<Error><Code>${code}</Code></Error>` },
	);

it.each(['InvalidArgument', 'NotImplemented', 'UnsupportedHeader', 'MalformedRequest'])(
	'an object is read without the header for checksums if that is refused with %s',
	async (code) => {
		const { client, requests } = refusingWith(code);
		await client.send(get);
		expect(requests.map(({ headers }) => headers[MODE])).toEqual(['ENABLED', undefined]);
	},
);

it.each(['ExpiredToken', 'InvalidToken', 'RequestTimeout', 'RequestTimeTooSkewed'])(
	'a request that is refused with %s is not sent without the header for checksums',
	async (code) => {
		const { client, requests } = refusingWith(code);
		await expect(client.send(get)).rejects.toMatchObject({ Code: code });
		expect(requests.map(({ headers }) => headers[MODE])).toEqual(['ENABLED']);
	},
);
