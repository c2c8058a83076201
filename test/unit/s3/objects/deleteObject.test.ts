import { deleteObject } from '../../../../s3/objects/deleteObject';
import type { DeleteRequest } from '../../../../s3/objects/deleteObject';
import { rejectionOf } from '../../failureOf';
import { AWS, names, refusal, scriptedS3 } from './scriptedS3';

const object = { bucket: 'b', key: 'a/b c' };
const call = { signal: undefined };

/** Deletes on a server that gives these responses by call, and says what was sent. */
async function del(
	request: Partial<DeleteRequest>,
	responses: Record<string, unknown>,
	settings = {},
) {
	const { s3, sent } = scriptedS3(({ name }) => {
		const response = responses[name] ?? {};
		if (response instanceof Error) throw response;
		return response;
	}, settings);
	const deleting = deleteObject(s3, { ...object, ...request }, call);
	return { sent, result: await deleting.catch((error: unknown) => error) };
}

describe('a deletion', () => {
	it('a deletion asks for what the request says', async () => {
		const { sent } = await del(
			{
				versionId: 'v1',
				bypassGovernance: true,
				mfa: 'serial 123456',
				requestPayer: true,
				expectedBucketOwner: '111122223333',
			},
			{},
		);
		expect(sent).toEqual([
			{
				name: 'DeleteObject',
				input: {
					Bucket: 'b',
					Key: 'a/b c',
					VersionId: 'v1',
					IfMatch: undefined,
					BypassGovernanceRetention: true,
					MFA: 'serial 123456',
					RequestPayer: 'requester',
					ExpectedBucketOwner: '111122223333',
				},
			},
		]);
	});

	it.each([
		['no version', {}, {}, undefined, false],
		['a new delete marker', {}, { VersionId: 'm', DeleteMarker: true }, 'm', true],
		['a version', { versionId: 'v' }, { VersionId: 'v' }, 'v', false],
		['a version whose ID the server leaves out', { versionId: 'v' }, {}, 'v', false],
		['a delete marker', { versionId: 'm' }, { VersionId: 'm', DeleteMarker: true }, 'm', true],
	])(
		'a deletion says of %s what became of it',
		async (_, request, response, versionId, deleteMarker) => {
			const { result } = await del(request, { DeleteObject: response });
			expect(result).toEqual({ ...object, versionId, deleteMarker, deleted: true });
		},
	);

	it.each(['NoSuchKey', 'NoSuchVersion'])(
		'a deletion of which the server says %s counts as done',
		async (code) => {
			const { result } = await del({}, { DeleteObject: refusal({ kind: 'notFound', code }) });
			expect(result).toMatchObject({ ...object, deleted: true, deleteMarker: false });
		},
	);

	it('a deletion fails in a bucket that does not exist', async () => {
		const failure = refusal({ kind: 'notFound', code: 'NoSuchBucket', status: 404 });
		const { result } = await del({}, { DeleteObject: failure });
		expect(result).toBe(failure);
	});
});

describe('a conditional deletion', () => {
	it('a conditional deletion leaves the comparison to AWS, with the ETag without quotes', async () => {
		const { sent } = await del({ ifMatch: '"e"' }, {}, AWS);
		expect(names(sent)).toEqual(['DeleteObject']);
		expect(sent[0]?.input.IfMatch).toBe('e');
	});

	it('a conditional deletion compares the ETag of the newest version itself on other servers, and sends it all the same', async () => {
		const { sent, result } = await del(
			{ ifMatch: 'e', versionId: 'v' },
			{ HeadObject: { ETag: '"e"' } },
		);
		expect(result).toMatchObject({ deleted: true });
		expect(names(sent)).toEqual(['HeadObject', 'DeleteObject']);
		expect(sent[0]?.input).toHaveProperty('VersionId', undefined);
		expect(sent[1]?.input).toMatchObject({ IfMatch: 'e', VersionId: 'v' });
	});

	it('a conditional deletion deletes nothing on other servers if the ETag is another one', async () => {
		const { sent, result } = await del({ ifMatch: 'e' }, { HeadObject: { ETag: '"other"' } });
		expect(names(sent)).toEqual(['HeadObject']);
		expect(result).toMatchObject({
			kind: 'precondition',
			message: 'Could not delete “a/b c” in bucket “b”: the object is not the one with ETag e',
		});
	});

	it('a conditional deletion takes any object for *', async () => {
		const { sent } = await del({ ifMatch: '*' }, { HeadObject: { ETag: '"any"' } });
		expect(names(sent)).toEqual(['HeadObject', 'DeleteObject']);
	});

	it.each([
		['there is no such object', { kind: 'notFound', status: 404 } as const],
		['its ETag is not known', { kind: 'denied', status: 403 } as const],
		['its ETag is not known', { kind: 'rejected', status: 400 } as const],
	])('a conditional deletion says “%s” if the HEAD fails with %j', async (words, details) => {
		const { sent, result } = await del({ ifMatch: 'e' }, { HeadObject: refusal(details) });
		expect(names(sent)).toEqual(['HeadObject']);
		expect(result).toMatchObject({
			...details,
			message: `Could not delete “a/b c” in bucket “b”: ${words}`,
			advice: 'Look.',
		});
	});

	it.each(['', '""'])('a conditional deletion without an ETag is refused: %j', async (ifMatch) => {
		for (const settings of [AWS, {}]) {
			const { sent, result } = await del({ ifMatch }, {}, settings);
			expect(result).toMatchObject({ kind: 'invalid', ...object });
			expect(sent).toEqual([]);
		}
	});

	it('a conditional deletion stays cancelled if it is cancelled before', async () => {
		const cancelled = refusal({ kind: 'cancelled' });
		const { result } = await del({ ifMatch: 'e' }, { HeadObject: cancelled });
		expect(result).toBe(cancelled);
	});

	it('a conditional deletion fails on AWS if there is no object, without a further request', async () => {
		const details = { kind: 'notFound', code: 'NoSuchKey', status: 404, attempts: 1 } as const;
		const failure = refusal({ ...details, operation: 'DeleteObject' });
		const { sent, result } = await del({ ifMatch: 'e' }, { DeleteObject: failure }, AWS);
		expect(result).toBe(failure);
		expect(names(sent)).toEqual(['DeleteObject']);
	});

	it('a conditional deletion says what a 412 means', async () => {
		const details = { kind: 'precondition', status: 412, attempts: 1 } as const;
		const failure = refusal({ ...details, operation: 'DeleteObject' });
		const ofEtag = await del({ ifMatch: 'e' }, { DeleteObject: failure }, AWS);
		expect(ofEtag.result).toMatchObject({
			message: 'Could not delete “a/b c” in bucket “b”: the object is not the one with ETag e',
			advice: expect.stringContaining('nothing was deleted') as string,
		});
		const ofAny = await del({ ifMatch: '*' }, { DeleteObject: failure }, AWS);
		expect(ofAny.result).toMatchObject({
			message: 'Could not delete “a/b c” in bucket “b”: there is no such object',
		});
	});

	it('a conditional deletion says so if a server refuses the right ETag', async () => {
		const details = { kind: 'precondition', status: 412, attempts: 1 } as const;
		const failure = refusal({ ...details, operation: 'DeleteObject' });
		const responses = { HeadObject: { ETag: '"e"' }, DeleteObject: failure };
		const { sent, result } = await del({ ifMatch: 'e' }, responses);
		expect(names(sent)).toEqual(['HeadObject', 'DeleteObject', 'HeadObject']);
		expect(result).toMatchObject({
			...details,
			message:
				'Could not delete “a/b c” in bucket “b”: the server refuses the condition on its ETag, although it is met',
			advice: expect.stringContaining('Delete This Version') as string,
		});
	});

	it('a conditional deletion that meets a write in between says so on other servers, too', async () => {
		const details = { kind: 'precondition', status: 412, attempts: 1 } as const;
		const failure = refusal({ ...details, operation: 'DeleteObject' });
		for (const second of [{ ETag: '"other"' }, refusal({ kind: 'notFound', status: 404 })]) {
			let heads = 0;
			const { s3 } = scriptedS3(({ name }) => {
				if (name === 'DeleteObject') throw failure;
				heads += 1;
				if (heads === 2 && second instanceof Error) throw second;
				return heads === 2 ? second : { ETag: '"e"' };
			});
			expect((await rejectionOf(deleteObject(s3, { ...object, ifMatch: 'e' }, call))).message).toBe(
				'Could not delete “a/b c” in bucket “b”: the object is not the one with ETag e',
			);
		}
	});

	it('a conditional deletion throws what is no failure of S3 as it is', async () => {
		const { s3 } = scriptedS3(() => {
			throw new TypeError('a mistake');
		}, AWS);
		const deleting = deleteObject(s3, { ...object, ifMatch: 'e' }, call);
		await expect(deleting).rejects.toThrow(TypeError);
	});
});

describe('a conditional deletion whose response may be lost', () => {
	const lost = { kind: 'unreachable', operation: 'DeleteObject', attempts: 5 } as const;
	const repeated = (status: number) =>
		({ kind: 'precondition', operation: 'DeleteObject', status, attempts: 2 }) as const;
	const notFound = refusal({ kind: 'notFound', status: 404 });

	it.each([
		['all responses were lost', lost],
		['a repetition meets 412', repeated(412)],
		['a repetition meets 409', repeated(409)],
		['a repetition meets 404', repeated(404)],
	])(
		'a conditional deletion whose response may be lost counts as done if %s and there is no object',
		async (_, details) => {
			const responses = { DeleteObject: refusal(details), HeadObject: notFound };
			const { result } = await del({ ifMatch: 'e' }, responses, AWS);
			expect(result).toEqual({
				...object,
				versionId: undefined,
				deleteMarker: undefined,
				deleted: true,
			});
		},
	);

	it('a conditional deletion whose repetition is denied is not taken for done by what is not there', async () => {
		const denied = refusal({ ...repeated(403), kind: 'denied' });
		const responses = { DeleteObject: denied, HeadObject: notFound };
		expect((await del({ ifMatch: 'e' }, responses, AWS)).result).toBe(denied);
	});

	it.each([lost, repeated(412)])(
		'a conditional deletion whose response may be lost is not done if the object is still there: %j',
		async (details) => {
			const responses = { DeleteObject: refusal(details), HeadObject: { ETag: '"e"' } };
			const { result } = await del({ ifMatch: 'e' }, responses, AWS);
			expect(result).toMatchObject({ kind: details.kind });
			expect((result as { advice: string }).advice).not.toContain('may be deleted');
		},
	);

	it.each([
		['another object is there', { ETag: '"other"' }],
		['the object may not be read', refusal({ kind: 'denied', status: 403 })],
	])(
		'a conditional deletion whose response may be lost is uncertain if %s',
		async (_, HeadObject) => {
			for (const details of [lost, repeated(412)]) {
				const responses = { DeleteObject: refusal(details), HeadObject };
				const { result } = await del({ ifMatch: 'e' }, responses, AWS);
				expect(result).toMatchObject({
					kind: details.kind,
					advice: expect.stringContaining('may be deleted all the same') as string,
				});
			}
		},
	);

	it('a conditional deletion of a version is not done if that version is there, whatever its ETag', async () => {
		const responses = { DeleteObject: refusal(lost), HeadObject: { ETag: '"other"' } };
		const { sent, result } = await del({ ifMatch: 'e', versionId: 'v' }, responses, AWS);
		expect(sent.at(-1)).toMatchObject({ name: 'HeadObject', input: { VersionId: 'v' } });
		expect((result as { advice: string }).advice).not.toContain('may be deleted');
	});

	it('a conditional deletion fails in a bucket that does not exist, without a further request', async () => {
		const failure = refusal({ ...repeated(404), kind: 'notFound', code: 'NoSuchBucket' });
		const { sent, result } = await del({ ifMatch: 'e' }, { DeleteObject: failure }, AWS);
		expect(result).toBe(failure);
		expect(names(sent)).toEqual(['DeleteObject']);
	});

	it('a conditional deletion whose response was lost is cancelled if the request for the object is', async () => {
		const cancelled = refusal({ kind: 'cancelled' });
		const { s3 } = scriptedS3(({ name }) => {
			throw name === 'HeadObject' ? cancelled : refusal(lost);
		}, AWS);
		expect(await rejectionOf(deleteObject(s3, { ...object, ifMatch: 'e' }, call))).toBe(cancelled);
	});
});
