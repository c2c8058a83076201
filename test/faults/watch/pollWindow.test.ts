import type { S3 } from '../../../s3/client/S3';
import type { PageBuffer } from '../../../s3/memory/PageBuffer';
import { idOf } from '../../../s3/watch/marks';
import { firstWindow, pollWindow } from '../../../s3/watch/pollWindow';
import type { WindowState } from '../../../s3/watch/WindowState';
import { withConnection } from '../../servers/withServer';
import { asAws } from '../asAws';
import { watching } from './watching';

/** Small, so that a few hundred objects are more than can be remembered. */
jest.mock('../../../s3/watch/limits', () => ({
	MAX_SEEN: 190,
	KEPT: 150,
	MAX_UPLOADS: 3,
	MARGIN: 120,
	MAX_UPLOAD_PAGES: 2,
}));

const bucket = 'window';
const server = withConnection({ bucketsOfEachTest: [bucket], leavesUploads: true });

const names = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, n) => `n/${String(from + n).padStart(5, '0')}`);
/** Puts objects that were modified an hour ago. */
function put(keys: string[], secondsAgo = 3600): void {
	server.store.putMany(bucket, keys);
	const date = new Date(1000 * (Math.floor(Date.now() / 1000) - secondsAgo));
	for (const key of keys) server.store.bucket(bucket).get(key)!.lastModified = date;
}
const poll = async (state: WindowState, more = {}, isTimeOver = () => false) => {
	const request = { ...watching(bucket), ...more };
	const call = { signal: undefined, retryFor: 0 };
	const found = await pollWindow(server.s3, request, state, new Set(), isTimeOver, call);
	return { ...found, keys: found.objects.map(({ key }) => key) };
};
/** Begins uploads, each a second after the one before. */
function beginUploads(count: number): void {
	for (let n = 0; n < count; n++) {
		server.store.bucket(bucket).uploads.set(`u${n}`, {
			uploadId: `u${n}`,
			key: `u${n}`,
			initiated: new Date(1000 * (n + 1)),
			headers: {},
			tags: {},
			algorithm: undefined,
			fullObject: false,
			customerKey: undefined,
			parts: new Map(),
		});
	}
}
const operations = () => server.requests.map(({ operation }) => operation);

it('few objects are watched with one request a poll, and by listing alone', async () => {
	put(['a']);
	const { state } = await poll(firstWindow(false));
	server.requests.length = 0;
	put(['b']);
	expect((await poll(state)).keys).toEqual(['b']);
	expect(operations()).toEqual(['ListObjectsV2']);
});

it('the next poll goes on where there were enough objects, and then with the keys before', async () => {
	put(names(0, 5));
	const first = await poll(firstWindow(true), { maxObjects: 3 });
	expect(first.keys).toEqual(names(0, 3));
	put(['a']);
	const second = await poll(first.state, { maxObjects: 3 });
	expect(second.keys).toEqual([...names(3, 5), 'a']);
	expect((await poll(second.state)).keys).toEqual([]);
});

it('a listing that takes longer than a poll is gone on with by the next one', async () => {
	put(names(0, 1500));
	const first = await poll(firstWindow(false), {}, () => true);
	expect(first.state.scan?.after).toBe('n/00999');
	const second = await poll(first.state);
	expect(second.state.scan).toBeUndefined();
	put(['n/00000a'], 0);
	expect((await poll(second.state)).keys).toEqual(['n/00000a']);
});

it('of many objects also those are found whose upload began before what is remembered', async () => {
	server.store.bucket(bucket).uploads.set('u', {
		uploadId: 'u',
		key: 'slow',
		initiated: new Date(1000 * (Math.floor(Date.now() / 1000) - 7200)),
		headers: {},
		tags: {},
		algorithm: undefined,
		fullObject: false,
		customerKey: undefined,
		parts: new Map(),
	});
	put(names(0, 300));
	const first = await poll(firstWindow(false));
	expect(first.state.floor).toBeGreaterThan(0);
	server.store.bucket(bucket).uploads.clear();
	put(['late', 'slow'], 7200);
	const second = await poll(first.state);
	expect(second.keys).toEqual(['slow']);
	expect((await poll(second.state)).keys).toEqual([]);
});

it('people are warned if too much is written to remember, and told what to permit', async () => {
	put(names(0, 300));
	server.faults.add({
		operation: 'ListMultipartUploads',
		effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
	});
	const { state, warnings } = await poll(firstWindow(false));
	expect(state.uploads).toBeNull();
	expect(warnings).toEqual([expect.stringContaining('Permit s3:ListBucketMultipartUploads')]);
});

it('people are warned of more open uploads than can be remembered, by the oldest', async () => {
	beginUploads(4);
	const { warnings } = await poll(firstWindow(false));
	expect(warnings).toEqual([
		expect.stringMatching(/^4 multipart uploads .* the oldest to “u0”.*Clean Up Uploads/),
	]);
});

it('of very many open uploads no more than some pages are listed, and people are warned', async () => {
	beginUploads(2500);
	const { warnings } = await poll(firstWindow(false));
	expect(operations()).toEqual(['ListMultipartUploads', 'ListMultipartUploads', 'ListObjectsV2']);
	expect(warnings).toEqual([expect.stringMatching(/^At least 2000 multipart uploads are open/)]);
});

it.each<[number, object]>([
	[501, { code: 'NotImplemented' }],
	[405, { body: '' }],
	[404, { body: '' }],
	[404, { code: 'NoSuchKey' }],
])(
	'a server that has no call for open uploads, and says so with %d, is watched without them',
	async (status, more) => {
		const effect = { kind: 'answer', status, ...more } as const;
		server.faults.add({ operation: 'ListMultipartUploads', effect });
		put(['a']);
		const { state } = await poll(firstWindow(false));
		put(['b']);
		expect((await poll(state)).keys).toEqual(['b']);
	},
);

it('a poll whose uploads cannot be listed for now fails, and the next one finds all', async () => {
	put(names(0, 100));
	const { state } = await poll(firstWindow(false));
	put(['a']);
	server.faults.add({
		operation: 'ListMultipartUploads',
		times: 1,
		effect: { kind: 'answer', status: 503, code: 'SlowDown' },
	});
	await expect(poll(state)).rejects.toMatchObject({ kind: 'throttled' });
	expect((await poll(state)).keys).toEqual(['a']);
});

it('all of a batch is emitted again by one poll, also behind more new objects than one may have', async () => {
	put(['z']);
	const { state } = await poll(firstWindow(true));
	put(['a', 'b', 'c']);
	const request = { ...watching(bucket), maxObjects: 1 };
	const call = { signal: undefined };
	const again = new Set([idOf('z')]);
	const found = await pollWindow(server.s3, request, state, again, () => false, call);
	expect(found.objects.map(({ key }) => key)).toEqual(['a', 'z']);
	expect((await poll(found.state)).keys).toEqual(['b', 'c']);
});

it('an object that is known from elsewhere is not found, and does not count', async () => {
	const { state } = await poll(firstWindow(true));
	put(['a', 'b', 'c']);
	const isKnown = ({ key }: { key: string }) => key !== 'c';
	const found = await poll(state, { isKnown, maxObjects: 1 });
	expect(found.keys).toEqual(['c']);
	expect((await poll(found.state)).keys).toEqual([]);
});

it('a poll says whether it has left new objects to the next one', async () => {
	put(names(0, 100));
	const few = await poll(firstWindow(true));
	expect(few.hasLeft).toBe(false);
	// It does not know yet which uploads are open, so that it forgets nothing.
	put(names(0, 300), 1800);
	const many = await poll(firstWindow(true), { isKnown: () => true });
	expect([many.keys, many.hasLeft]).toEqual([[], true]);
});

it('people are warned if the clock of the server goes back behind what is remembered', async () => {
	put(names(0, 300), 200);
	const { state } = await poll(firstWindow(false));
	// A clock that is further off is refused at once.
	server.setClock(-600);
	const { warnings } = await poll(state);
	server.setClock(0);
	expect(warnings).toEqual([
		expect.stringMatching(/^The clock of the server went back behind \d{4}-/),
	]);
});

it('the listing of an access point of a directory bucket, which has no order, is not gone on with at a key', async () => {
	put(names(0, 5));
	// The server of the tests has no such buckets.
	const send: S3['send'] = async (name, input, call) =>
		await server.s3.send(name, { ...input, Bucket: bucket }, call);
	const request = { ...watching('point--use1-az4--xa-s3'), maxObjects: 2 };
	const s3 = { ...asAws(server.s3), send };
	const call = { signal: undefined };
	const found = await pollWindow(s3, request, firstWindow(true), new Set(), () => false, call);
	expect(found.objects).toHaveLength(2);
	expect(found.state.scan).toBeUndefined();
});

it('people are warned of objects without a date if there are more than can be remembered', async () => {
	put(names(0, 300));
	const send: S3['send'] = async (name, input, call) => {
		const output = await server.s3.send(name, input, call);
		if (!('listing' in output)) return output;
		const { listing } = output as unknown as { listing: PageBuffer };
		const page = listing.bytes();
		const xml = page.toString().replace(/(n\/00007.*?)<LastModified>.*?<\/LastModified>/s, '$1');
		listing.bytes = () => {
			// The page is read once, and its buffer is used again.
			Reflect.deleteProperty(listing, 'bytes');
			return Buffer.from(xml);
		};
		return output;
	};
	const poll = [watching(bucket), firstWindow(false), new Set<number>(), () => false] as const;
	const { warnings } = await pollWindow({ ...server.s3, send }, ...poll, { signal: undefined });
	expect(warnings).toEqual([expect.stringContaining('when “n/00007” was modified')]);
});
