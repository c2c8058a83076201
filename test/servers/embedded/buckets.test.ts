import { withServer } from '../withServer';
import { outcome, texts } from './client';
import type { Sent } from './client';

const server = withServer();
const send = (method: string, sent: Sent, path: string) => server.send(method, path, sent);

describe('buckets', () => {
	it.each(['ab', 'A-B', 'a..b', '1.2.3.4', 'xn--a', 'a_b', 'a'.repeat(64), '-ab'])(
		'buckets cannot be called %s',
		async (name) => {
			expect(outcome(await send('PUT', {}, `/${name}`))).toEqual([400, 'InvalidBucketName']);
		},
	);

	it('buckets are made once, listed, and deleted when they are empty', async () => {
		expect((await send('PUT', {}, '/new.bucket')).status).toBe(200);
		await send('PUT', { body: 'x' }, '/new.bucket/key');
		expect(outcome(await send('DELETE', {}, '/new.bucket'))).toEqual([409, 'BucketNotEmpty']);
		await send('DELETE', {}, '/new.bucket/key');
		const names = async () => texts((await send('GET', {}, '/')).text, 'Name');
		expect(await names()).toContain('new.bucket');
		expect((await send('DELETE', {}, '/new.bucket')).status).toBe(204);
		expect(await names()).not.toContain('new.bucket');
		expect((await send('HEAD', {}, '/new.bucket')).status).toBe(404);
	});

	it('buckets of us-east-1 are said to be made again, and keep what is in them', async () => {
		await send('PUT', {}, '/mine');
		await send('PUT', { body: 'x' }, '/mine/key');
		expect((await send('PUT', {}, '/mine')).status).toBe(200);
		expect((await send('GET', {}, '/mine/key')).text).toBe('x');
	});

	it('buckets are made in the region that is asked for', async () => {
		const body =
			'<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>';
		expect((await send('PUT', { body }, '/far')).status).toBe(200);
		const again = await send('PUT', { body, region: 'eu-west-1' }, '/far');
		expect(outcome(again)).toEqual([409, 'BucketAlreadyOwnedByYou']);
		const location = await send('GET', { query: { location: '' }, region: 'eu-west-1' }, '/far');
		expect(location.text).toContain('>eu-west-1</LocationConstraint>');
		const wrong = await send('PUT', { body, region: 'eu-north-1' }, '/other');
		expect(outcome(wrong)).toEqual([400, 'IllegalLocationConstraintException']);
		const first = body.replace('eu-west-1', 'us-east-1');
		const named = await send('PUT', { body: first }, '/other');
		expect(outcome(named)).toEqual([400, 'InvalidLocationConstraint']);
	});

	it.each([
		'encryption',
		'object-lock',
		'ownershipControls',
		'tagging',
		'versioning',
		'uploads',
		'versions',
	])('buckets that do not exist have no %s', async (subresource) => {
		const asked = await send('GET', { query: { [subresource]: '' } }, '/no-such-bucket');
		expect(outcome(asked)).toEqual([404, 'NoSuchBucket']);
	});

	it('buckets have the tags that they are made with, at most 50', async () => {
		const made = async (name: string, count: number) => {
			const tags = Array.from(
				{ length: count },
				(_, i) => `<Tag><Key>k${i}</Key><Value>v</Value></Tag>`,
			);
			const body = `<CreateBucketConfiguration><Tags>${tags.join('')}</Tags></CreateBucketConfiguration>`;
			return await send('PUT', { body }, `/${name}`);
		};
		expect((await made('tagged', 50)).status).toBe(200);
		const { text } = await send('GET', { query: { tagging: '' } }, '/tagged');
		expect(texts(text, 'Key')).toHaveLength(50);
		expect(outcome(await made('more', 51))).toEqual([400, 'BadRequest']);
		await send('PUT', {}, '/untagged');
		const none = await send('GET', { query: { tagging: '' } }, '/untagged');
		expect(outcome(none)).toEqual([404, 'NoSuchTagSet']);
	});

	it('buckets are listed page by page', async () => {
		for (const name of ['page-1', 'page-2', 'page-3']) server.store.makeBucket(name);
		const query = { prefix: 'page-', 'max-buckets': '2' };
		const first = await send('GET', { query }, '/');
		expect(texts(first.text, 'Name')).toEqual(['page-1', 'page-2']);
		const [token = ''] = texts(first.text, 'ContinuationToken');
		const rest = await send('GET', { query: { ...query, 'continuation-token': token } }, '/');
		expect([texts(rest.text, 'Name'), texts(rest.text, 'ContinuationToken')]).toEqual([
			['page-3'],
			[],
		]);
	});
});
