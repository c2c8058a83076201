import { deleteObjects } from '../../../../s3/objects/deleteObjects';
import type { DeleteRequest } from '../../../../s3/objects/deleteObject';
import type { DeleteOutcome } from '../../../../s3/objects/deleteBatch';
import type { S3 } from '../../../../s3/client/S3';
import type { S3Failure } from '../../../../s3/S3Failure';
import { AWS, names, refusal, scriptedS3 } from './scriptedS3';
import type { SentCall } from './scriptedS3';

const call = { signal: undefined };
const requestsFor = (keys: readonly string[], more: Partial<DeleteRequest> = {}): DeleteRequest[] =>
	keys.map((key) => ({ bucket: 'b', key, ...more }));

interface Asked {
	Key: string;
	VersionId?: string;
}

const objectsOf = ({ input }: SentCall): Asked[] =>
	(input.Delete as { Objects: Asked[] } | undefined)?.Objects ?? [input as unknown as Asked];
const keysOf = (sent: SentCall): string =>
	objectsOf(sent)
		.map(({ Key }) => Key)
		.join(' ');

/** A server that deletes everything; `refuse` may give the failure of a call. */
const willing =
	(refuse: (call: SentCall) => S3Failure | undefined = () => undefined) =>
	(sent: SentCall) => {
		const failure = refuse(sent);
		if (failure !== undefined) throw failure;
		if (sent.name !== 'DeleteObjects') return {};
		return { Deleted: objectsOf(sent).map(({ Key, VersionId }) => ({ Key, VersionId })) };
	};

/** What became of each request, by its index. */
async function outcomesOf(s3: S3, requests: DeleteRequest[]): Promise<DeleteOutcome[]> {
	const outcomes: DeleteOutcome[] = [];
	for await (const { index, outcome } of deleteObjects(s3, requests, call)) {
		expect(outcomes[index]).toBeUndefined();
		outcomes[index] = outcome;
	}
	expect(Object.keys(outcomes)).toHaveLength(requests.length);
	return outcomes;
}

async function del(
	requests: DeleteRequest[],
	{
		refuse,
		...settings
	}: Parameters<typeof scriptedS3>[1] & {
		refuse?: Parameters<typeof willing>[0];
	} = {},
) {
	const { s3, sent } = scriptedS3(willing(refuse), settings);
	const outcomes = await outcomesOf(s3, requests);
	return { s3, sent, outcomes, failed: outcomes.map((outcome) => outcome instanceof Error) };
}

describe('what goes in one request', () => {
	it.each<[number, string[]]>([
		[1, ['DeleteObject']],
		[2, ['DeleteObjects']],
		[1000, ['DeleteObjects']],
		[1001, ['DeleteObjects', 'DeleteObject']],
		[2500, ['DeleteObjects', 'DeleteObjects', 'DeleteObjects']],
		[0, []],
	])('one request deletes a thousand keys at most: %i keys need %j', async (count, expected) => {
		const keys = Array.from({ length: count }, (_, index) => `key ${index}`);
		const { sent, outcomes } = await del(requestsFor(keys));
		expect(names(sent)).toEqual(expected);
		expect(outcomes.map((outcome) => outcome.key)).toEqual(keys);
		expect(sent.every((one) => objectsOf(one).length <= 1000)).toBe(true);
	});

	it.each<[string, Partial<DeleteRequest>]>([
		['bucket', { bucket: 'c' }],
		['MFA', { mfa: 'm 1' }],
		['bypass of retention', { bypassGovernance: true }],
		['payer', { requestPayer: true }],
		['owner', { expectedBucketOwner: '111122223333' }],
		['kind, object or version', { versionId: 'v' }],
	])('objects go in one request if they have the same %s', async (_, difference) => {
		const { sent } = await del([
			...requestsFor(['a', 'b']),
			...requestsFor(['c', 'd'], difference),
			...requestsFor(['e']),
		]);
		expect(sent.map(keysOf).sort()).toEqual(['a b e', 'c d']);
	});

	it('objects with a condition go by themselves', async () => {
		const { sent } = await del(
			[...requestsFor(['a', 'b']), ...requestsFor(['c', 'd'], { ifMatch: 'e' })],
			AWS,
		);
		expect(sent.map(keysOf).sort()).toEqual(['a b', 'c', 'd']);
	});

	it.each(['\0', '\u0001', '\n', '\r', '\t', '\u007f', '\u0085', '\ufffe', '\uffff'])(
		'a key with %j goes by itself',
		async (character) => {
			const { sent, failed } = await del(requestsFor(['a', 'b', `c${character}`]));
			expect(sent.map(({ name, input }) => [name, input.Key])).toEqual([
				['DeleteObjects', undefined],
				['DeleteObject', `c${character}`],
			]);
			expect(failed).toEqual([false, false, false]);
		},
	);

	it.each([' ', '&<>"\'', '\u00a0', '\u2028', '\ufffd', '\u{10ffff}', '😀', 'e\u0301'])(
		'a key with %j goes with others',
		async (text) => {
			expect(names((await del(requestsFor(['a', text]))).sent)).toEqual(['DeleteObjects']);
		},
	);

	it('each object is named once, and each request for it gets the outcome', async () => {
		const { sent, outcomes } = await del([
			{ bucket: 'b', key: 'a' },
			{ bucket: 'b', key: 'b' },
			{ key: 'a', bucket: 'b' },
			{ bucket: 'b', key: 'a', versionId: 'v' },
		]);
		expect(sent.map(keysOf).sort()).toEqual(['a', 'a b']);
		expect(outcomes.map(({ key }) => key)).toEqual(['a', 'b', 'a', 'a']);
		expect(outcomes[2]).toBe(outcomes[0]);
	});
});

describe('a key that is refused before any request', () => {
	it.each([
		['an empty one', '', {}, 'invalid'],
		['half of a character', 'a\ud800', {}, 'invalid'],
		['one of more than 1,024 bytes', 'ü'.repeat(513), {}, 'invalid'],
		[
			'one that leads out of the only bucket',
			'../other/key',
			{ bucketOnly: true, bucket: 'b' },
			'refused',
		],
	])(
		'a key that is refused before any request stops no other: %s',
		async (_, key, settings, kind) => {
			const { sent, outcomes } = await del(requestsFor(['a', key, 'b']), settings);
			expect(outcomes[1]).toMatchObject({ kind, key });
			expect(sent.map(keysOf)).toEqual(['a b']);
			expect(outcomes[2]).toMatchObject({ key: 'b', deleted: true });
		},
	);

	it('a key in another bucket than the only one stops no other', async () => {
		const requests = [...requestsFor(['a', 'b']), ...requestsFor(['c'], { bucket: 'other' })];
		const { sent, failed } = await del(requests, { bucketOnly: true, bucket: 'b' });
		expect(failed).toEqual([false, false, true]);
		expect(sent.map(keysOf)).toEqual(['a b']);
	});
});

describe('a server that does not name versions', () => {
	/** As OpenStack Swift: it says of each version only its key. */
	const nameless = () =>
		scriptedS3((sent) =>
			sent.name === 'DeleteObjects'
				? { Deleted: objectsOf(sent).map(({ Key }) => ({ Key })) }
				: { VersionId: sent.input.VersionId },
		);
	const versionsOf = (key: string) =>
		['v', 'w'].map((versionId) => ({ bucket: 'b', key, versionId }));

	it('versions that are not named are deleted once more by themselves, and alone from then on', async () => {
		const { s3, sent } = nameless();
		expect(await outcomesOf(s3, versionsOf('k'))).toMatchObject([
			{ key: 'k', versionId: 'v', deleted: true },
			{ key: 'k', versionId: 'w', deleted: true },
		]);
		expect(names(sent)).toEqual(['DeleteObjects', 'DeleteObject', 'DeleteObject']);
		expect(sent.slice(1).map(({ input }) => input.VersionId)).toEqual(['v', 'w']);
		sent.length = 0;
		await outcomesOf(s3, versionsOf('other'));
		expect(names(sent)).toEqual(['DeleteObject', 'DeleteObject']);
	});

	it('objects still go together where versions are not named', async () => {
		const { s3, sent } = nameless();
		await outcomesOf(s3, versionsOf('k'));
		sent.length = 0;
		const outcomes = await outcomesOf(s3, requestsFor(['a', 'b']));
		expect(outcomes).toMatchObject([{ deleted: true }, { deleted: true }]);
		expect(names(sent)).toEqual(['DeleteObjects']);
	});

	it('an object of which a server says nothing is not deleted twice', async () => {
		const { s3, sent } = scriptedS3(() => ({}));
		const outcomes = await outcomesOf(s3, requestsFor(['a', 'b']));
		expect(outcomes).toMatchObject([{ kind: 'corrupt' }, { kind: 'corrupt' }]);
		expect(names(sent)).toEqual(['DeleteObjects']);
	});
});

describe('a server that refuses the whole request', () => {
	const keys = ['a', 'b', 'c'];
	const refuseWith = (details: Parameters<typeof refusal>[0]) => ({
		refuse: ({ name }: SentCall) => (name === 'DeleteObjects' ? refusal(details) : undefined),
	});

	it.each([
		{ status: 405 },
		{ status: 501 },
		{ status: 400, code: 'NotImplemented' },
		{ status: 400, code: 'InvalidArgument' },
	])('a server without the call deletes one by one and is not asked again: %j', async (details) => {
		const { s3, sent, failed } = await del(requestsFor(keys), refuseWith(details));
		expect(names(sent)).toEqual(['DeleteObjects', ...keys.map(() => 'DeleteObject')]);
		expect(failed).toEqual([false, false, false]);
		sent.length = 0;
		await outcomesOf(s3, requestsFor(keys));
		expect(names(sent)).toEqual(keys.map(() => 'DeleteObject'));
	});

	it.each<[string, string | undefined, Parameters<typeof refusal>[0]]>([
		['MalformedXML', undefined, {}],
		['InvalidArgument', 'b', { status: 400, code: 'InvalidArgument' }],
		['InvalidArgument', 'b', { kind: 'cancelled' }],
	])(
		'a server that cannot read a request for a key in it deletes one by one, and is asked again the next time: %s, where %s fails with %j',
		async (code, wrongKey, failure) => {
			const { s3, sent, failed } = await del(requestsFor(keys), {
				refuse: ({ name, input }) => {
					if (name === 'DeleteObjects') return refusal({ status: 400, code });
					return input.Key === wrongKey ? refusal(failure) : undefined;
				},
			});
			expect(names(sent)).toEqual(['DeleteObjects', ...keys.map(() => 'DeleteObject')]);
			expect(failed).toEqual(keys.map((key) => key === wrongKey));
			sent.length = 0;
			await outcomesOf(s3, requestsFor(keys));
			expect(names(sent)).toContain('DeleteObjects');
		},
	);

	it.each([{ status: 405 }, { status: 501 }, { status: 400, code: 'InvalidArgument' }])(
		'a refusal of AWS fails every key: %j',
		async (details) => {
			const { sent, failed } = await del(requestsFor(keys), { ...refuseWith(details), ...AWS });
			expect(names(sent)).toEqual(['DeleteObjects']);
			expect(failed).toEqual([true, true, true]);
		},
	);

	it.each([
		{ kind: 'denied', status: 403 } as const,
		{ kind: 'unreachable' } as const,
		{ kind: 'notFound', code: 'NoSuchBucket', status: 404 } as const,
	])('a refusal for another reason fails every key: %j', async (details) => {
		const { sent, outcomes } = await del(requestsFor(keys), refuseWith(details));
		expect(names(sent)).toEqual(['DeleteObjects']);
		expect(outcomes).toMatchObject(keys.map(() => details));
	});

	it('batches that are not sent yet go one by one when the server does not have the call', async () => {
		const many = Array.from({ length: 9500 }, (_, index) => `key ${index}`);
		const { sent, failed } = await del(requestsFor(many), refuseWith({ status: 501 }));
		const count = (name: string) => names(sent).filter((one) => one === name).length;
		expect(count('DeleteObjects')).toBe(4);
		expect(count('DeleteObject')).toBe(9500);
		expect(failed).not.toContain(true);
	});
});

describe('deleteObjects', () => {
	it('deleteObjects tells the outcomes of a batch when that has ended, and sends no other if nobody asks', async () => {
		const keys = Array.from({ length: 20_000 }, (_, index) => `key ${index}`);
		const { s3, sent } = scriptedS3(willing());
		for await (const { index } of deleteObjects(s3, requestsFor(keys), call)) {
			expect(index).toBe(0);
			break;
		}
		expect(sent).toHaveLength(4);
	});

	it('deleteObjects has no more than 4 batches or 32 single requests in flight', async () => {
		let inFlight = 0;
		let most = 0;
		const respond = willing();
		const { s3 } = scriptedS3(async (one) => {
			most = Math.max(most, ++inFlight);
			await new Promise(setImmediate);
			inFlight -= 1;
			return respond(one);
		});
		await outcomesOf(s3, requestsFor(Array.from({ length: 9000 }, (_, index) => `${index}`)));
		expect(most).toBe(4);
		most = 0;
		await outcomesOf(s3, requestsFor(Array.from({ length: 100 }, (_, index) => `${index}\n`)));
		expect(most).toBe(32);
	});

	it('deleteObjects throws what is no failure of S3 as it is', async () => {
		const { s3 } = scriptedS3(() => {
			throw new TypeError('a mistake');
		});
		await expect(outcomesOf(s3, requestsFor(['a', 'b']))).rejects.toThrow(TypeError);
		await expect(outcomesOf(s3, requestsFor(['a']))).rejects.toThrow(TypeError);
	});
});
