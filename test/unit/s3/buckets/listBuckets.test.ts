import { listBuckets } from '../../../../s3/buckets/listBuckets';
import type { S3 } from '../../../../s3/client/S3';
import type { Calls } from '../../../../s3/sdk';
import { rejectionOf } from '../../failureOf';

type Output = Partial<Calls['ListBuckets']['output']>;
const call = { signal: new AbortController().signal };

/** A connection that gives these pages one after the other, and keeps what it was asked. */
function s3With(...pages: Output[]) {
	const asked: unknown[] = [];
	const send = (name: string, input: object, options: object) => {
		asked.push({ name, ...input, options });
		return Promise.resolve(pages[asked.length - 1]);
	};
	return { asked, s3: { connection: { endpoint: undefined }, send } as unknown as S3 };
}

const page = (names: string[], next?: string): Output => ({
	Buckets: names.map((Name) => ({ Name })),
	...(next === undefined ? {} : { ContinuationToken: next }),
});

async function namesOf(pages: AsyncIterable<{ bucket: string }[]>): Promise<string[][]> {
	const names: string[][] = [];
	for await (const buckets of pages) names.push(buckets.map(({ bucket }) => bucket));
	return names;
}

it('buckets come with their date and region', async () => {
	const { s3, asked } = s3With({
		Buckets: [
			{ Name: 'a', CreationDate: new Date('2026-01-31T08:00:00Z'), BucketRegion: 'eu-west-1' },
			{ Name: 'b' },
		],
	});
	const { value } = await listBuckets(s3, {}, call).next();
	expect(value).toEqual([
		{ bucket: 'a', creationDate: '2026-01-31T08:00:00.000Z', region: 'eu-west-1' },
		{ bucket: 'b', creationDate: undefined, region: undefined },
	]);
	expect(asked).toEqual([
		{
			name: 'ListBuckets',
			MaxBuckets: 1000,
			Prefix: undefined,
			ContinuationToken: undefined,
			options: call,
		},
	]);
});

it('buckets are listed page by page until there is none left', async () => {
	const { s3, asked } = s3With(page(['a'], 'next'), page(['b'], ''));
	expect(await namesOf(listBuckets(s3, {}, call))).toEqual([['a'], ['b']]);
	expect(asked).toMatchObject([{}, { ContinuationToken: 'next' }]);
});

it('no more buckets are listed than are asked for', async () => {
	const { s3, asked } = s3With(page(['a', 'b'], 'next'), page(['c', 'd'], 'more'));
	expect(await namesOf(listBuckets(s3, { limit: 3 }, call))).toEqual([['a', 'b'], ['c']]);
	expect(asked).toHaveLength(2);
});

it('only buckets with the prefix are listed, also if the server ignores it', async () => {
	const { s3, asked } = s3With(page(['logs-1', 'data', 'logs-2']));
	expect(await namesOf(listBuckets(s3, { prefix: 'logs' }, call))).toEqual([['logs-1', 'logs-2']]);
	expect(asked).toMatchObject([{ Prefix: 'logs' }]);
	const empty = s3With(page([]));
	await namesOf(listBuckets(empty.s3, { prefix: '' }, call));
	expect(empty.asked).toMatchObject([{ Prefix: undefined }]);
});

it('an account without buckets has an empty list, which names its owner', async () => {
	const { s3 } = s3With({ Owner: { ID: 'me' } });
	expect(await namesOf(listBuckets(s3, {}, call))).toEqual([[]]);
});

it('a response that is no list is not taken for an account without buckets', async () => {
	const failure = await rejectionOf(listBuckets(s3With({}).s3, {}, call).next());
	expect(failure).toMatchObject({ kind: 'corrupt', operation: 'ListBuckets' });
	expect(failure.message).toContain('Could not list the buckets');
	expect(failure.message).toContain('Amazon S3');
});

it('a server that is not AWS is asked for all buckets without a parameter', async () => {
	const { s3, asked } = s3With(page(['logs-1', 'data']));
	Object.assign(s3.connection, { endpoint: 'https://storage.example.com' });
	expect(await namesOf(listBuckets(s3, { prefix: 'logs' }, call))).toEqual([['logs-1']]);
	expect(asked).toEqual([{ name: 'ListBuckets', options: call }]);
});

it.each<[string, (asked: number) => Output]>([
	['the same token', (asked) => page([`bucket-${asked}`], 'next')],
	['the same buckets', (asked) => page(['a', 'b'], `token-${asked}`)],
	['the same circle of pages', (asked) => page([`bucket-${asked % 10}`], `token-${asked}`)],
	['pages without buckets', (asked) => ({ ...page([], `token-${asked}`), Owner: { ID: 'me' } })],
])(
	'a server that gives %s for ever becomes an error after at most 100 pages',
	async (_, pageOf) => {
		let asked = 0;
		const send = () => Promise.resolve(pageOf(++asked));
		const s3 = { connection: { endpoint: undefined }, send } as unknown as S3;
		const failure = await rejectionOf(namesOf(listBuckets(s3, {}, call)));
		expect(failure).toMatchObject({ kind: 'corrupt', operation: 'ListBuckets' });
		expect(failure.message).toContain('Could not list the buckets to their end');
		expect(asked).toBeLessThanOrEqual(100);
	},
);
