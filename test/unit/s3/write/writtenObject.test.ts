import { createHash } from 'node:crypto';
import { resolveCompletion, resolveWrite } from '../../../../s3/write/writtenObject';
import { rejectionOf } from '../../failureOf';
import { refusal, scriptedS3 } from '../objects/scriptedS3';

const call = { signal: undefined, retryFor: 1000 };
const request = { bucket: 'b', key: 'k' };
const lost = (operation: string) => refusal({ kind: 'unreachable', operation });
const md5 = (bytes: Buffer | string) => createHash('md5').update(bytes).digest('hex');
const parts = [{ PartNumber: 1, ETag: `"${md5('a')}"` }];

const resolve = (isOurs: boolean | undefined) => {
	const failed = { operation: 'CopyObject', failure: lost('CopyObject'), sentBefore: false };
	const { s3 } = scriptedS3(() => ({ ETag: 'e' }));
	return resolveWrite(s3, request, failed, () => isOurs, call);
};

it('resolveWrite gives the object that is there if it is ours', async () => {
	expect(await resolve(true)).toEqual({ ETag: 'e' });
});

it('resolveWrite fails as the write did if the object is another one, and says so if nobody knows', async () => {
	expect((await rejectionOf(resolve(false))).advice).toBe('Look.');
	expect((await rejectionOf(resolve(undefined))).advice).toContain('may be there');
});

it('resolveCompletion knows an object of its parts by its ETag', async () => {
	const ETag = `"${md5(Buffer.from(md5('a'), 'hex'))}-1"`;
	const { s3 } = scriptedS3(() => ({ ETag }));
	const failure = lost('CompleteMultipartUpload');
	expect(await resolveCompletion(s3, request, parts, failure, call)).toEqual({ ETag });
	const other = scriptedS3(() => ({ ETag: `"${md5('b')}"` }));
	const refused = rejectionOf(resolveCompletion(other.s3, request, parts, failure, call));
	expect((await refused).advice).toBe('Look.');
});
