import type { S3 } from '../../../s3/client/S3';
import { listObjects } from '../../../s3/list/listObjects';
import type { ListRequest } from '../../../s3/list/listObjects';
import type { Fault } from '../../servers/embedded';
import { withServer } from '../../servers/withServer';

const bucket = 'listings';
const keys = Array.from({ length: 12_345 }, (_, i) => `data/${String(i).padStart(6, '0')}.json`);
/** Responses of a parallel listing: the first one, some in flight at the same time, and one of the last. */
const SKIPS = [0, 1, 5, 11];

const server = withServer({ buckets: [bucket] });

beforeAll(() => {
	server.store.putMany(bucket, keys);
});

async function list(
	request: Partial<ListRequest> = {},
	signal?: AbortSignal,
	s3?: S3,
): Promise<string[]> {
	const names: string[] = [];
	const over = s3 ?? (await server.connect());
	for await (const { entries } of listObjects(
		over,
		{ bucket, ...request },
		{ signal, retryFor: 1000 },
	)) {
		names.push(...entries.map((entry) => ('key' in entry ? entry.key : entry.prefix)));
	}
	return names;
}

const effects: [string, Fault['effect']][] = [
	['no response', { kind: 'resetRequest', afterBytes: 0 }],
	['a lost response', { kind: 'loseAnswer' }],
	['a reset before the first byte', { kind: 'resetAnswer', afterBytes: 0 }],
	['a reset after the first byte', { kind: 'resetAnswer', afterBytes: 1 }],
	['a reset in the middle of a key', { kind: 'resetAnswer', afterBytes: 100_003 }],
	['a response that ends short', { kind: 'truncate', afterBytes: 50_000 }],
	['an empty response', { kind: 'truncate', afterBytes: 0 }],
	['SlowDown', { kind: 'answer', status: 503, code: 'SlowDown' }],
	['an internal error', { kind: 'answer', status: 500, code: 'InternalError' }],
	['a bad gateway without XML', { kind: 'answer', status: 502, body: '<html>oops</html>' }],
	['an error with status 200', { kind: 'errorIn200', code: 'InternalError' }],
];

describe('a listing with a server that fails now and then', () => {
	it.each(effects)(
		'a listing is whole and in order after %s, wherever it comes',
		async (_, effect) => {
			for (const skip of SKIPS) {
				server.faults.clear();
				server.faults.add({ operation: 'ListObjectsV2', skip, times: 1, effect });
				expect(await list()).toEqual(keys);
			}
		},
	);

	it.each(effects)(
		'a listing is whole and in order after %s instead of every other response',
		async (_, effect) => {
			let responses = 0;
			const when = () => responses++ % 2 === 0;
			server.faults.add({ operation: 'ListObjectsV2', when, times: 6, effect });
			expect(await list()).toEqual(keys);
		},
	);

	it('a listing is whole and in order from a server that is slow', async () => {
		const slow = { kind: 'slow', bytesPerSecond: 4_000_000 } as const;
		server.faults.add({ operation: 'ListObjectsV2', effect: slow });
		expect(await list()).toEqual(keys);
	});
});

describe('a listing with a server that fails from some response on', () => {
	it.each<[string, Fault['effect'], object]>([
		['is reset', { kind: 'resetAnswer', afterBytes: 1000 }, { kind: 'unreachable' }],
		['ends short', { kind: 'truncate', afterBytes: 100_000 }, { kind: 'unreachable' }],
		['is half an XML', { kind: 'answer', status: 200, body: half() }, { kind: 'corrupt' }],
		['is no listing', { kind: 'answer', status: 200, body: '<html>hello</html>' }, {}],
		['is empty', { kind: 'answer', status: 200, body: '' }, {}],
		[
			'has a key that means nothing',
			{ kind: 'answer', status: 200, body: odd() },
			{ kind: 'corrupt' },
		],
		['names no next page', { kind: 'answer', status: 200, body: endless() }, { kind: 'corrupt' }],
		['says that the session expired', refusal(400, 'ExpiredToken'), { kind: 'credentials' }],
		['is refused', refusal(403, 'AccessDenied'), { kind: 'denied' }],
		['is no bucket any more', refusal(404, 'NoSuchBucket'), { kind: 'notFound' }],
	])(
		'a listing is an error, not a part of one, when each response from some on %s',
		async (_, effect, failure) => {
			for (const skip of [0, 6]) {
				server.faults.clear();
				server.faults.add({ operation: 'ListObjectsV2', skip, effect });
				await expect(list()).rejects.toMatchObject({
					operation: 'ListObjectsV2',
					bucket,
					...failure,
				});
			}
		},
		60_000,
	);
});

function refusal(status: number, code: string): Fault['effect'] {
	return { kind: 'answer', status, code };
}

/** A listing that breaks off in the middle of an object. */
function half(): string {
	return '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>1</Size></Contents><Contents><Key>b';
}

/** A listing with a key that is not encoded as the listing says. */
function odd(): string {
	return '<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents><Key>z%zz</Key><Size>1</Size></Contents></ListBucketResult>';
}

/** A listing that says there is more and not how to get it. */
function endless(): string {
	return '<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>zzz</Key><Size>1</Size></Contents></ListBucketResult>';
}

/** The connection to a server that does not know `start-after`. */
async function withoutStartAfter(): Promise<S3> {
	const s3 = await server.connect();
	const send: S3['send'] = s3.send.bind(s3);
	s3.send = (name, input, options) => send(name, { ...input, StartAfter: undefined }, options);
	return s3;
}

it.each<[string, Partial<ListRequest>, string[]]>([
	['all keys', {}, keys],
	['keys after one', { startAfter: keys[2345] }, keys.slice(2346)],
	['keys after one that a filter keeps', { startAfter: keys[9876], minSize: 0 }, keys.slice(9877)],
	['the folder', { delimiter: '/', startAfter: 'data/' }, ['data/']],
	['the folder after a key in it', { delimiter: '/', startAfter: 'data/5' }, ['data/']],
])(
	'a server that does not know start-after gives each of %s once',
	async (_, request, expected) => {
		expect(await list(request, undefined, await withoutStartAfter())).toEqual(expected);
	},
);

describe('a listing that is cancelled', () => {
	it.each(SKIPS)(
		'a listing that is cancelled before response %i ends at once, and sends nothing more',
		async (skip) => {
			const controller = new AbortController();
			server.faults.add({
				operation: 'ListObjectsV2',
				skip,
				when: () => {
					if (server.requests.length > skip) controller.abort();
					return true;
				},
				effect: { kind: 'stall' },
			});
			const s3 = await server.connect();
			const send = jest.spyOn(s3, 'send');
			const begun = performance.now();
			const listing = list({}, controller.signal, s3);
			await expect(listing).rejects.toMatchObject({ kind: 'cancelled' });
			expect(performance.now() - begun).toBeLessThan(5000);
			const sent = send.mock.calls.length;
			for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
			expect(send).toHaveBeenCalledTimes(sent);
		},
	);

	it('a listing that is cancelled before it began sends nothing', async () => {
		await expect(list({}, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
		expect(server.requests).toEqual([]);
	});
});
