import { readAttributes } from '../../../../s3/objects/objectAttributes';
import { rejectionOf } from '../../failureOf';
import { AWS, refusal, scriptedS3 } from './scriptedS3';
import type { SentCall } from './scriptedS3';

const input = { Bucket: 'b', Key: 'k', VersionId: 'v', RequestPayer: 'requester' as const };
const call = { signal: undefined };
const found = { ETag: 'etag', ObjectSize: 5 };

/** Reads the attributes on a server that responds like this. */
function read(respond: (call: SentCall) => unknown, settings = {}, etag = 'etag') {
	const { s3, sent } = scriptedS3(respond, settings);
	return { s3, sent, reading: readAttributes(s3, input, etag, call) };
}

/** The parts of an object of so many, a page from the marker on. */
function page({ input: { PartNumberMarker: marker } }: SentCall, count: number): unknown {
	const start = Number(marker ?? 0);
	const end = Math.min(count, start + 1000);
	const Parts = Array.from({ length: end - start }, (_, index) => ({
		PartNumber: start + index + 1,
		Size: 1,
		ChecksumCRC32: 'AAAAAA==',
	}));
	const ObjectParts = {
		TotalPartsCount: count,
		IsTruncated: end < count,
		NextPartNumberMarker: String(end),
		Parts,
	};
	return { ...found, ObjectParts };
}

describe('the attributes of an object', () => {
	it('the attributes of an object are asked for with what the request says', async () => {
		const { sent, reading } = read(() => found);
		expect(await reading).toEqual({ checksum: undefined, partsCount: undefined, parts: [] });
		expect(sent).toEqual([
			{
				name: 'GetObjectAttributes',
				input: {
					...input,
					ObjectAttributes: ['Checksum', 'ETag', 'ObjectParts', 'ObjectSize'],
					PartNumberMarker: undefined,
				},
			},
		]);
	});

	it('the attributes of an object name the checksum with its type', async () => {
		const Checksum = { ChecksumCRC32C: 'AAAAAA==', ChecksumType: 'COMPOSITE' };
		expect(await read(() => ({ ...found, Checksum })).reading).toMatchObject({
			checksum: { algorithm: 'CRC32C', value: 'AAAAAA==', type: 'COMPOSITE' },
		});
	});

	it.each([
		[1, 1],
		[1000, 1],
		[1001, 2],
		[10_000, 10],
	])(
		'the attributes of an object have all of %i parts, read by %i requests',
		async (count, requests) => {
			const { sent, reading } = read((one) => page(one, count));
			const attributes = await reading;
			expect(attributes?.partsCount).toBe(count);
			expect(attributes?.parts.map(({ partNumber }) => partNumber)).toEqual(
				Array.from({ length: count }, (_, index) => index + 1),
			);
			expect(attributes?.parts[0]).toEqual({
				partNumber: 1,
				size: 1,
				checksum: { algorithm: 'CRC32', value: 'AAAAAA==', type: 'FULL_OBJECT' },
			});
			expect(sent).toHaveLength(requests);
		},
	);

	it.each([['0'], ['1000'], [undefined], [''], ['nonsense']])(
		'the attributes of an object are not read for ever if the next page is said to begin after %j again',
		async (NextPartNumberMarker) => {
			const ObjectParts = { IsTruncated: true, NextPartNumberMarker, Parts: [] };
			const respond = ({ input: { PartNumberMarker: marker } }: SentCall) =>
				marker === undefined
					? { ...found, ObjectParts: { ...ObjectParts, NextPartNumberMarker: '1000' } }
					: { ...found, ObjectParts };
			const { sent, reading } = read(respond, AWS);
			expect(await rejectionOf(reading)).toMatchObject({
				kind: 'corrupt',
				message:
					'Could not get the attributes of “k” in bucket “b”: the response is not as S3 makes it, it does not say where the list of parts goes on',
			});
			expect(sent).toHaveLength(2);
		},
	);

	it.each([
		['without a part', 0, 100],
		['of a thousand parts', 1000, 11],
	])(
		'the attributes of an object are not read for ever if there is always another page %s',
		async (_, count, requests) => {
			const Parts = Array.from({ length: count }, () => ({ PartNumber: 1 }));
			const respond = ({ input: { PartNumberMarker: marker } }: SentCall) => {
				const NextPartNumberMarker = String(Number(marker ?? 0) + 0.5);
				return { ...found, ObjectParts: { IsTruncated: true, NextPartNumberMarker, Parts } };
			};
			const { sent, reading } = read(respond, AWS);
			expect((await rejectionOf(reading)).message).toMatch(/its list of parts never ends$/);
			expect(sent).toHaveLength(requests);
		},
	);

	it.each(['etag', '"etag"', undefined])(
		'the attributes of an object are of the same object with the ETag %j',
		async (ETag) => {
			expect(await read(() => ({ ...found, ETag })).reading).toMatchObject({ parts: [] });
		},
	);

	it('the attributes of an object are not taken from an object that has replaced it', async () => {
		for (const settings of [AWS, {}]) {
			const { s3, reading } = read(() => ({ ...found, ETag: 'other' }), settings);
			expect(await rejectionOf(reading)).toMatchObject({ kind: 'precondition', retryable: true });
			expect(await rejectionOf(readAttributes(s3, input, 'etag', call))).toBeDefined();
		}
	});
});

describe('a server without the call', () => {
	it.each([
		[
			'refuses it',
			() => {
				throw refusal({ status: 501, code: 'NotImplemented' });
			},
		],
		[
			'sends no XML',
			() => {
				throw refusal({ kind: 'corrupt', status: 200 });
			},
		],
		['sends an object that is XML', () => ({ ETag: 'etag' })],
	])(
		'a server without the call gives none if it %s, and is not asked again',
		async (_, respond) => {
			const { s3, sent, reading } = read(respond);
			expect(await reading).toBeUndefined();
			expect(await readAttributes(s3, input, 'etag', call)).toBeUndefined();
			expect(sent).toHaveLength(1);
		},
	);

	it('a server without the call gives none if it refuses the request in words of its own, and is asked again', async () => {
		const respond = () => {
			throw refusal({ status: 400, code: 'InvalidRequest' });
		};
		const { s3, sent, reading } = read(respond);
		expect(await reading).toBeUndefined();
		expect(await readAttributes(s3, input, 'etag', call)).toBeUndefined();
		expect(sent).toHaveLength(2);
	});

	it.each([
		{ status: 501, code: 'NotImplemented' },
		{ kind: 'corrupt', status: 200 } as const,
		{ status: 400, code: 'InvalidRequest' },
	])('a failure on AWS stays one: %j', async (details) => {
		const failure = refusal(details);
		const respond = () => {
			throw failure;
		};
		expect(await rejectionOf(read(respond, AWS).reading)).toBe(failure);
	});

	it.each(['denied', 'notFound', 'unreachable', 'throttled', 'cancelled'] as const)(
		'a call that is %s says nothing about what the server has',
		async (kind) => {
			const failure = refusal({ kind });
			const respond = () => {
				throw failure;
			};
			expect(await rejectionOf(read(respond).reading)).toBe(failure);
		},
	);
});
